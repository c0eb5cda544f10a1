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
        var former: NameFormers.Kind
        /// Other spellings of a given name that sounds do not lead to.
        var others: [[UInt8]]
        /// Spellings by the sound of other alphabets, and by Latin ones that write down what they hear: in Latin letters
        /// exactly these.
        var heard: [[UInt8]]
        /// What other alphabets alone write: in Latin letters these are other names, Siebert and Sieber.
        var foreign: [[UInt8]] = []
        /// Any word of a hyphened family name will do; of a given name, only the first. And -uly may follow a family
        /// name that a watch has without it, but makes a father's of a given name.
        var isFamily = false

        init(written: String, words: [[UInt8]]) {
            self.written = written
            self.words = words
            let joined = words.reduce([], +)
            let former = NameFormers.find(joined[...])
            self.joined = joined
            self.former = former?.kind ?? .none
            core = former.map { Array(joined.prefix($0.core)) }
            others = NameEquivalents.others(joined)
            heard = NameEquivalents.heard(joined)
            // Abdulfattah without the article, as `ArabicPhones` reads it.
            if joined.count > 6, joined.starts(with: Array("abd".utf8)), joined[4] == 0x6C {
                others.append(Array(joined.prefix(3) + joined.dropFirst(5)))
            }
            // Abdi- in Kazakh, which hears ع as ғ: Әбдіғаппар.
            if joined.count > 6, joined.starts(with: Array("abdu".utf8)) {
                let rest = joined.dropFirst(joined[4] == 0x6C ? 5 : 4)
                let isOpen = rest.first.map(Phone.isVowel) ?? false
                others.append(Array("abdi".utf8) + (isOpen ? [0x47] : []) + rest)
            }
            // Portuguese says a last s as sh, and Russian writes it: Rodrigues, Родригеш.
            if joined.count >= 6, let vowel = joined.dropLast().last, vowel == 0x65 || vowel == 0x6F,
                joined.last == 0x73, words.count == 1, written.utf8.allSatisfy({ $0 < 0xD0 })
            {
                others.append(joined.dropLast() + [0x58])
            }
            // A last e after two consonants is mute in French: Michelle, Мишель.
            if joined.count >= 5, joined.last == 0x65,
                Self.mute.contains(String(written.suffix(4)).lowercased().suffix(3)[...])
            {
                others.append(joined.dropLast())
            }
            // Where an alphabet has a letter for English th, or can only write s: Roth, روث, 罗斯.
            let spelling = written.lowercased()
            if words.count == 1, spelling.utf8.count >= 4, spelling.contains("th") {
                let halves = spelling.split(separator: "th", omittingEmptySubsequences: false)
                others.append(Array(halves.map { Self.phones(String($0)) }.joined(separator: [0x59])))
            }
            // German ch at the end: Bach, Бах.
            if words.count == 1, spelling.hasSuffix("ach") || spelling.hasSuffix("och") || spelling.hasSuffix("uch") {
                foreign.append(Self.phones(spelling.dropLast(2) + "kh"))
            }
            // French does not say the last letters of Callamard and Renaud.
            if words.count == 1, spelling.utf8.count >= 5,
                let row = Self.french.first(where: { spelling.hasSuffix($0.end) })
            {
                foreign.append(Self.phones(String(spelling.dropLast(row.end.count)) + row.sound))
            }
            // Turkish without its marks: Cavusoglu.
            if joined.suffix(4).elementsEqual("oglu".utf8), joined.contains(0x73) {
                others.append(joined.map { $0 == 0x73 ? 0x58 : $0 })
            }
        }

        private static let french: [(end: String, sound: String)] = [
            ("ard", "ar"), ("ault", "o"), ("aud", "o"), ("aut", "o"), ("eaux", "o"), ("eau", "o"), ("aux", "o"),
            ("ois", "ua"), ("oux", "u"), ("ert", "er"), ("ond", "on"),
        ]

        private static func phones(_ spelling: String) -> [UInt8] {
            let reader = PhoneReader()
            var phones: [UInt8] = []
            reader.read(reader.letters(of: spelling), .latin, into: &phones)
            return phones
        }

        private static let mute: Set<Substring> = ["lle", "tte", "nne", "sse", "ffe"]

        /// Every way in which one word of a text can stand for it.
        var shapes: [[UInt8]] {
            [joined] + (words.count > 1 ? words : []) + (core.map { [$0] } ?? []) + others + heard + foreign
        }
    }

    var pattern: UInt32
    var match: PersonSpec.Strictness
    /// A Chinese name: sounds count only where no table has the spellings, in Arabic letters.
    var isChinese = false
    /// Two at least.
    var parts: [Part]
    /// The part by which a family is known, and pairs of it and another that are enough to know the person by.
    private(set) var family: Int
    private(set) var pairs: [(Int, Int)]
    /// The given name and the patronymic, where the name has both beside a family name.
    private(set) var polite: Polite?
    /// The spelling as the user wrote it, where it is not the name itself.
    var alias: String?
    /// Numbers of the parts among all different ones of the table.
    fileprivate(set) var partIDs: [UInt32] = []

    /// Articles and words such as bin, van and de: no parts of their own.
    static let particles: Set<String> = [
        "al", "el", "ul", "ad", "ar", "as", "az", "an", "ash", "at", "bin", "ibn", "ben", "bint", "van", "von", "der",
        "den", "de", "di", "da", "du", "la", "le", "fon", "бин", "ибн", "бен", "аль", "эль", "ас", "аш", "фон", "ван",
        "дер", "ден",
        "де", "ди", "да", "дю", "ла", "ле", "فون", "دير", "دي", "ۋون", "دېر", "بن", "ابن",
        "بنت", "بىن", "bini", "ibni", "ибни",
    ]
    /// Servant of: the first half of a name whose second half may be written apart.
    private static let servants: Set<String> = ["abd", "abdul", "abdel", "abdal", "абд", "абдул", "абдель", "عبد"]

    init(_ name: ChineseName, pattern: UInt32, match: PersonSpec.Strictness) {
        let phones = name.phones
        self.pattern = pattern
        self.match = match
        isChinese = true
        parts = [
            Part(written: name.surname, words: [phones.surname]),
            Part(written: name.given.joined(), words: [phones.given]),
        ]
        let arabic = name.arabicPhones
        parts[0].others += arabic.surname.filter { $0 != phones.surname }
        parts[1].others += arabic.given.filter { $0 != phones.given }
        family = 0
        pairs = [(1, 0)]
    }

    init?(_ name: PersonName, pattern: UInt32, match: PersonSpec.Strictness) {
        let reader = PhoneReader()
        var parts: [Part] = []
        var servant: [[UInt8]] = []
        var written = ""
        for (index, part) in name.parts.enumerated() {
            var words: [[UInt8]] = []
            for (number, word) in part.words.enumerated() {
                guard !word.isIdeograph, let script = word.script else { return nil }
                let spelling = word.source.lowercased()
                let isParticle = Self.particles.contains(spelling)
                if isParticle, part.words.count > 1 ? number == 0 : name.parts.count > 2 { continue }
                var phones: [UInt8] = []
                reader.read(reader.letters(of: word.source), script, into: &phones)
                guard !phones.isEmpty else { return nil }
                words.append(phones)
            }
            guard !words.isEmpty else { continue }
            if words.count == 1, name.parts.count > 2, index + 1 < name.parts.count,
                Self.servants.contains(part.words[0].source.lowercased())
            {
                servant = words
                written = part.words[0].source + " "
                continue
            }
            if !servant.isEmpty { words = [(servant + words).flatMap(\.self)] }
            servant = []
            // `Serik qyzy` in two words is one patronymic.
            if words.count == 1, NameFormers.isFormer(words[0][...]), let last = parts.last, parts.count > 1 {
                parts[parts.count - 1] = Part(
                    written: last.written + " " + part.words.map(\.source).joined(), words: [last.joined + words[0]])
                continue
            }
            parts.append(Part(written: written + part.words.map(\.source).joined(separator: "-"), words: words))
            written = ""
        }
        guard parts.count >= 2 else { return nil }
        self.pattern = pattern
        self.match = match
        self.parts = parts
        // A patronymic beside a family name tells thousands apart from no one.
        let fathers = parts.count > 2 ? parts.indices.dropFirst().filter { parts[$0].former != .none } : []
        let family = fathers.last == parts.count - 1 ? 0 : parts.count - 1
        self.family = family
        self.parts[family].isFamily = true
        self.parts[family].others += Self.withFormer(self.parts[family].joined)
        let given = parts.indices.filter { $0 != family && !fathers.contains($0) }
        pairs = given.isEmpty ? [(0, parts.count - 1)] : given.map { ($0, family) }
        if given.count == 1, fathers == [given[0] + 1] { polite = Polite(parts, given: given[0]) }
    }
}

extension NameForm {
    /// Of a family name that ends in a title, Sauytbay or Qasymbek, some of the family write -ev or -ov, others do not.
    private static let formers: [(title: [UInt8], formers: [[UInt8]])] = [
        ("bay", ["ev", "eva"]), ("bai", ["ev", "eva"]), ("bek", ["ov", "ova"]),
    ].map { (Array($0.0.utf8), $0.1.map { Array($0.utf8) }) }

    /// Sauytbay as Sauytbayeva. Not the other way round: Nazarbay is as far from Nazarbayev as Nazarov.
    private static func withFormer(_ name: [UInt8]) -> [[UInt8]] {
        let row = formers.first { name.count >= $0.title.count + 3 && name.suffix($0.title.count) == $0.title[...] }
        return row?.formers.map { name + $0 } ?? []
    }
}

/// All watched names, by their parts, and the parts by their sounds.
struct NameTable: Sendable {
    private(set) var forms: [NameForm] = []
    /// By part number.
    private(set) var parts: [NamePart] = []
    private(set) var partShapes: [NameForm.Part] = []
    private(set) var needs: [PartNeeds] = []
    /// Parts by their phones; those of Chinese names by themselves: sounds find them only in Arabic letters.
    private(set) var soundParts = PartIndex()
    private(set) var chineseParts = PartIndex()
    /// Names by the numbers of two parts.
    private(set) var partners = PartnerIndex()
    /// Parts that may begin after a name dot in Chinese, and those that may end before it.
    private(set) var hanStarts = HanTrie()
    private(set) var hanEnds = HanTrie()
    /// By the number of the family's part, where the others are initials.
    private(set) var families = WordIndex()

    var isEmpty: Bool { forms.isEmpty }

    private var partIDs: [NameForm.Part: UInt32] = [:]
    /// By part: how unlike it a word may be for some name, in hundredths.
    private var slacks: [(sound: UInt8, chinese: UInt8)] = []

    mutating func add(_ form: NameForm) {
        var form = form
        form.partIDs = []
        let slack = UInt8(102 - (NameFinder.Limits(form.match).part * 100).rounded())
        for index in form.parts.indices {
            let part = form.parts[index]
            let id = partIDs[part] ?? UInt32(partIDs.count)
            if Int(id) == parts.count {
                partIDs[part] = id
                parts.append(NamePart(part))
                partShapes.append(part)
                needs.append(PartNeeds(parts[parts.count - 1]))
                slacks.append((0, 0))
            }
            // One copy for all names that have it.
            form.parts[index] = partShapes[Int(id)]
            form.partIDs.append(id)
            if form.isChinese {
                slacks[Int(id)].chinese = max(slacks[Int(id)].chinese, slack)
            } else {
                slacks[Int(id)].sound = max(slacks[Int(id)].sound, slack)
            }
        }
        forms.append(form)
    }

    @inline(__always) static func key(_ value: some BinaryInteger) -> UInt64 {
        TextHash.pair(UInt64(value) &+ 1, 0xFFFF_FFFF)
    }

    mutating func buildIndex() {
        soundParts = index(\.sound)
        chineseParts = index(\.chinese)
        var pairs: [(one: UInt32, other: UInt32, form: UInt32)] = []
        var familyEntries: [(key: UInt64, value: UInt32)] = []
        for (number, form) in forms.enumerated() {
            for (one, other) in form.pairs {
                pairs.append((form.partIDs[one], form.partIDs[other], UInt32(number)))
            }
            if let polite = form.polite, !polite.isCommon, form.match != .strict {
                pairs.append((form.partIDs[polite.given], form.partIDs[polite.father], UInt32(number)))
            }
            if form.match != .strict {
                familyEntries.append((Self.key(form.partIDs[form.family]), UInt32(number)))
            }
        }
        partners = PartnerIndex(partCount: parts.count, pairs)
        families = WordIndex(familyEntries)
        let shapes = hanShapes()
        hanStarts = HanTrie(shapes, .forward)
        hanEnds = HanTrie(shapes, .backward)
        partIDs = [:]
        slacks = []
    }

    /// Whether one word of a text is compared with a spelling of a part: of a given name's words only with the first.
    private func isFound(_ phones: [UInt8], _ part: NameForm.Part) -> Bool {
        part.isFamily || part.words.count < 2 || phones == part.words[0] || !part.words.contains(phones)
    }

    private func index(_ slack: KeyPath<(sound: UInt8, chinese: UInt8), UInt8>) -> PartIndex {
        var shapes: [PartIndex.Shape] = []
        for (number, part) in partShapes.enumerated() where slacks[number][keyPath: slack] > 0 {
            let all = part.shapes
            let keys = all.reduce(into: Set<UInt16>()) { $0.formUnion(NameKeys.keys($1)) }.sorted()
            for phones in all where isFound(phones, part) {
                shapes.append(
                    PartIndex.Shape(
                        phones: phones, part: UInt32(number), slack: slacks[number][keyPath: slack], keys: keys,
                        needed: parts[number].needed, tolerance: UInt8(parts[number].tolerance)))
            }
        }
        return PartIndex(shapes)
    }

    private func hanShapes() -> [HanTrie.Shape] {
        var shapes: [HanTrie.Shape] = []
        for (number, part) in parts.enumerated() where slacks[number].sound > 0 {
            let limit = Double(102 - Int(slacks[number].sound)) / 100
            for (phones, factor) in part.han {
                // One more, for what is rounded.
                let slack = (100 * (1 - limit / factor)).rounded(.up) + 1
                shapes.append(HanTrie.Shape(phones: phones, part: UInt32(number), slack: UInt8(max(1, slack))))
            }
        }
        return shapes
    }
}
