import Model
import TextAnalysis

/// One spelling of a watched person's name, as phones.
struct NameForm: Sendable {
    struct Part: Sendable, Hashable {
        /// As the user wrote it.
        var written: String
        /// The words that a hyphen joins: `Kassym-Jomart` has two.
        var words: [[UInt8]]
        /// All of them together.
        var joined: [UInt8]
        /// A patronymic without its -uly, -qyzy, -ovich: the father's name.
        var core: [UInt8]?
    }

    var pattern: UInt32
    var match: PersonSpec.Strictness
    /// Two at least.
    var parts: [Part]
    /// Numbers of the parts among all different ones of the table.
    fileprivate(set) var partIDs: [UInt32] = []
    /// By part, in ascending order: what `keys` gives.
    private(set) var partKeys: [[UInt16]] = []

    /// Endings that make a patronymic of a father's name, as phones; the longest first.
    static let formers: [[UInt8]] = [
        "uulu", "oglu", "ogli", "oGlu", "oGli", "OGlI", "uglI", "ugli", "uly", "ulI", "uli", "ulu", "qIzI", "kIzI",
        "kizi", "qizi", "kIzi", "gIzI",
        "gizi", "qyzy", "ovi?", "oviC", "eviC", "ovna", "evna", "iC", "zoda", "zade", "zodE",
    ].sorted { $0.count > $1.count }.map { Array($0.utf8) }

    init?(_ name: PersonName, pattern: UInt32, match: PersonSpec.Strictness) {
        let reader = PhoneReader()
        var parts: [Part] = []
        for part in name.parts {
            var words: [[UInt8]] = []
            for word in part.words {
                guard !word.isIdeograph, let script = word.script else { return nil }
                var phones: [UInt8] = []
                reader.read(reader.letters(of: word.source), script, into: &phones)
                guard !phones.isEmpty else { return nil }
                words.append(phones)
            }
            // `Serik qyzy` in two words is one patronymic.
            if words.count == 1, Self.formers.contains(words[0]), var last = parts.popLast(), !parts.isEmpty {
                last.core = last.joined
                last.joined += words[0]
                last.words = [last.joined]
                last.written += " " + part.words.map(\.source).joined()
                parts.append(last)
                continue
            }
            let joined = words.reduce([], +)
            parts.append(
                Part(
                    written: part.words.map(\.source).joined(separator: "-"), words: words, joined: joined,
                    core: Self.core(joined)))
        }
        guard parts.count >= 2 else { return nil }
        self.pattern = pattern
        self.match = match
        self.parts = parts
        partKeys = parts.indices.map { keys($0).sorted() }
    }

    /// Whether a word of the text with this key can be a part at all.
    func mayBe(_ part: Int, _ key: UInt16) -> Bool {
        let keys = partKeys[part]
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key
    }

    /// The father's name of a patronymic.
    static func core(_ phones: [UInt8]) -> [UInt8]? {
        for former in formers
        where phones.count >= former.count + 3 && phones.suffix(former.count).elementsEqual(former) {
            return Array(phones.dropLast(former.count))
        }
        return nil
    }

    var family: Int { parts.count - 1 }

    /// Pairs of parts that are enough to know the person by: the last one and any other.
    var pairs: [(Int, Int)] {
        (0..<(parts.count - 1)).map { ($0, parts.count - 1) }
    }

    /// Every key that a word of the text for this part may have.
    private func keys(_ part: Int) -> Set<UInt16> {
        var keys = NameKeys.keys(parts[part].joined, takesEndings: true)
        if parts[part].words.count > 1 {
            for word in parts[part].words { keys.formUnion(NameKeys.keys(word, takesEndings: true)) }
        }
        if let core = parts[part].core { keys.formUnion(NameKeys.keys(core, takesEndings: true)) }
        return keys
    }
}

/// All watched names, by the keys of two of their parts that stand near each other in a text.
struct NameTable: Sendable {
    private(set) var forms: [NameForm] = []
    /// By two keys in any order.
    private(set) var pairs = WordIndex()
    /// By the ends of two parts at a name dot in Chinese.
    private(set) var hanPairs = WordIndex()
    /// By the key of the last part, where the others are initials.
    private(set) var families = WordIndex()

    var isEmpty: Bool { forms.isEmpty }

    private var partIDs: [NameForm.Part: UInt32] = [:]

    mutating func add(_ form: NameForm) {
        var form = form
        for part in form.parts {
            let id = partIDs[part] ?? UInt32(partIDs.count)
            partIDs[part] = id
            form.partIDs.append(id)
        }
        forms.append(form)
    }

    static func pairKey(_ one: UInt16, _ other: UInt16) -> UInt64 {
        TextHash.pair(UInt64(min(one, other)) &+ 1, UInt64(max(one, other)) &+ 1)
    }

    static func familyKey(_ key: UInt16) -> UInt64 {
        TextHash.pair(UInt64(key) &+ 1, 0xFFFF_FFFF)
    }

    mutating func buildIndex() {
        var pairEntries: [(key: UInt64, value: UInt32)] = []
        var hanEntries: [(key: UInt64, value: UInt32)] = []
        var familyEntries: [(key: UInt64, value: UInt32)] = []
        for (number, form) in forms.enumerated() {
            let keys = form.partKeys
            for (one, other) in form.pairs {
                for a in keys[one] {
                    for b in keys[other] { pairEntries.append((Self.pairKey(a, b), UInt32(number))) }
                }
            }
            let han = form.parts.map { part in
                let whole = HanKeys.keys(part.joined)
                guard let core = part.core.map(HanKeys.keys) else { return whole }
                return (starts: whole.starts.union(core.starts), ends: whole.ends.union(core.ends))
            }
            for (one, other) in form.pairs {
                for (left, right) in [(one, other), (other, one)] {
                    for end in han[left].ends {
                        for start in han[right].starts {
                            hanEntries.append((HanKeys.pairKey(end, start), UInt32(number)))
                        }
                    }
                }
            }
            if form.match != .strict {
                for key in keys[form.family] { familyEntries.append((Self.familyKey(key), UInt32(number))) }
            }
        }
        partIDs = [:]
        pairs = WordIndex(pairEntries)
        hanPairs = WordIndex(hanEntries)
        families = WordIndex(familyEntries)
    }
}
