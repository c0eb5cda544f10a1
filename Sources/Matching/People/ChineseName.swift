import TextAnalysis

/// A Chinese name taken apart into syllables, from characters or from pinyin.
struct ChineseName {
    var surname: String
    var given: [String]
    /// As written, where it was written in characters.
    var characters: [UInt16]?

    /// Nil when the name is not a Chinese one: a family name of one syllable, a given name of one or two.
    init?(_ name: PersonName) {
        let words = name.parts.map { part in part.words.map { String(decoding: $0.units, as: UTF16.self) } }
        if name.parts.count == 1, name.parts[0].words.allSatisfy(\.isIdeograph) {
            let units = name.parts[0].words.flatMap(\.units)
            guard (2...3).contains(units.count), Pinyin.isSurname(units[0]) else { return nil }
            let syllables = units.compactMap(Pinyin.syllable)
            guard syllables.count == units.count else { return nil }
            (surname, given, characters) = (syllables[0], Array(syllables.dropFirst()), units)
            return
        }
        guard (2...3).contains(words.count), name.parts.allSatisfy({ $0.words.allSatisfy { $0.script == .latin } })
        else {
            return nil
        }
        // Nearly all names stop here: no word at either end is as short as a syllable.
        guard [name.parts[0], name.parts[name.parts.count - 1]].contains(where: Self.mayBeSurname) else { return nil }
        let parts = words.map { part in
            part.count == 1
                ? Pinyin.split(part[0], most: 2) : part.flatMap { Pinyin.split($0, most: 1) ?? ["", "", ""] }
        }
        let syllables = parts.compactMap(\.self)
        guard syllables.count == parts.count, syllables.allSatisfy({ (1...2).contains($0.count) }) else { return nil }
        if syllables[0].count == 1, Pinyin.isSurnameSyllable(syllables[0][0]) {
            (surname, given) = (syllables[0][0], syllables.dropFirst().flatMap(\.self))
        } else if let last = syllables.last, last.count == 1, Pinyin.isSurnameSyllable(last[0]) {
            (surname, given) = (last[0], syllables.dropLast().flatMap(\.self))
        } else {
            return nil
        }
        guard (1...2).contains(given.count), given.allSatisfy({ Pinyin.number($0) != nil }) else { return nil }
    }

    /// A syllable has six letters at most; an ü may be two units.
    private static func mayBeSurname(_ part: PersonName.Part) -> Bool {
        part.words.count == 1 && part.words[0].units.count <= 8
    }

    /// Family name and given name in a spelling.
    func words(_ spelling: Pinyin.Spelling) -> [String] {
        [Pinyin.spell(surname, spelling), Self.join(given.map { Pinyin.spell($0, spelling) }, spelling)]
    }

    /// What it is found as in alphabets: words that follow each other, with what they are worth.
    var renderings: [(words: [String], score: UInt8)] {
        var result: [(words: [String], score: UInt8)] = []
        for spelling in [Pinyin.Spelling.pinyin, .russian, .wadeGiles, .turkish] {
            let family = Pinyin.spell(surname, spelling)
            let syllables = given.map { Pinyin.spell($0, spelling) }
            let score: UInt8 = spelling == .pinyin ? 100 : spelling == .wadeGiles ? 92 : 96
            var names = [Self.join(syllables, spelling)]
            if spelling == .turkish, names[0].contains("ien") {
                names.append(names[0].replacing("ien", with: "ian"))
            }
            if spelling == .wadeGiles {
                names.append(syllables.joined().filter { $0 != "'" })
            }
            for name in names {
                let plain = family.filter { $0 != "'" }
                for first in Set([family, plain]) {
                    for word in Self.inflected(name, spelling) { result.append(([first, word], score)) }
                    result.append(([name, first], score))
                }
            }
            if spelling == .russian {
                for way in Self.simplified(family, names[0]) {
                    result += Self.endings(way[1]).map { ([way[0], $0], score - 2) }
                    result.append((way.reversed(), score - 2))
                }
                let open = family.replacing("э", with: "е")
                for other in Set([open, open.filter { $0 != "ь" }]) where other != family {
                    result += Self.endings(names[0]).map { ([other, $0], score - 2) }
                }
            }
            if syllables.count == 2, spelling != .russian {
                result.append(([family] + syllables, score))
            }
        }
        return result + uzbek.map { ($0, 96) } + kazakh.map { ($0, 92) }
    }

    /// Uzbek newspapers spell from Russian, by ear or as in pinyin, and not both words alike: Chjao Leji.
    private var uzbek: [[String]] {
        let ways = [Pinyin.Spelling.pinyin, .uzbek, .uzbekWithTs, .uzbekByEar].map { words($0) }
        let mixed = ways.map { [$0[0], ways[0][1]] } + ways.map { [ways[0][0], $0[1]] }
        return Set(ways + mixed).sorted { $0.joined() < $1.joined() }.flatMap { way in
            Self.inflected(way[1], .uzbek).map { [way[0], $0] }
        }
    }

    /// By ear, with н for ң and е for ы where a keyboard has no better letter.
    private var kazakh: [[String]] {
        let words = words(.kazakh)
        var ways: [[String]] = []
        for (nasal, vowel) in [("ң", "ы"), ("н", "ы"), ("н", "е")] {
            let way = words.map { $0.replacing("ң", with: nasal).replacing("ы", with: vowel) }
            if !ways.contains(way) { ways.append(way) }
        }
        let withY = self.words(.kazakhWithY)
        if withY != words { ways.append(withY) }
        // A family name by ear beside a given name from Russian: Жаң Чуньсянь.
        let mixed = Set(ways.map { $0[0] }).sorted().map { [$0, self.words(.russian)[1]] }
        return (ways + mixed).flatMap { way in Self.endings(way[1]).map { [way[0], $0] } }
    }

    /// The name's last word, and with the endings that languages without an apostrophe give it.
    private static func inflected(_ name: String, _ spelling: Pinyin.Spelling) -> [String] {
        switch spelling {
        case .russian: endings(name)
        case .pinyin, .uzbek: [name] + uzbekEndings.map { name + $0 }
        default: [name]
        }
    }

    /// Kazakh and Kyrgyz leave soft signs out, and have е for э: Чен Цюанго.
    private static func simplified(_ family: String, _ name: String) -> [[String]] {
        func plain(_ word: String, _ isSoft: Bool, _ isOpen: Bool) -> String {
            var word = word
            if isSoft { word.removeAll { $0 == "ь" } }
            return isOpen ? word.replacing("э", with: "е") : word
        }
        let ways = [(true, false), (false, true), (true, true)].flatMap { isSoft, isOpen in
            let first = plain(family, isSoft, isOpen)
            let hard = name.hasSuffix("ь") ? String(name.dropLast()) : name
            return [[first, name], [first, plain(name, isSoft, isOpen)], [family, hard]]
        }
        return Array(Set(ways)).filter { $0 != [family, name] }.sorted { $0.joined() < $1.joined() }
    }

    /// The languages in which words are this name: `Jianning` is `Jian` with an ending in Uzbek, elsewhere two syllables.
    func languages(_ words: [String]) -> LanguageSet {
        guard given.count == 1, let last = words.last, Self.uzbekEndings.contains(where: last.hasSuffix),
            Pinyin.split(last, most: 2)?.count == 2
        else { return .any }
        return .uzbekOrKazakh
    }

    private static let uzbekEndings = ["ni", "ning", "ga", "da", "dan"]
    /// Of Kazakh, Kyrgyz and Uzbek: after a vowel, after н, and after both.
    private static let afterVowel = ["ның", "нің", "ны", "ні", "нын", "нин", "нун", "нүн", "ни", "ну", "нү"]
    private static let afterN = [
        "ның", "нің", "дың", "дің", "ды", "ді", "дын", "дин", "дун", "дүн", "ди", "ду", "дү", "нан", "нен", "ни",
    ]
    private static let afterBoth = [
        "нинг", "ға", "ге", "га", "го", "гө", "да", "де", "до", "дө", "дан", "ден", "дон", "дөн", "мен",
    ]

    /// Endings of Russian and its neighbours after the name's last syllable; in Russian a vowel takes none.
    private static func endings(_ name: String) -> [String] {
        if name.hasSuffix("ь") || name.hasSuffix("й") {
            let stem = String(name.dropLast())
            return [name] + ["я", "ю", "ем", "е", "и"].map { stem + $0 } + (afterN + afterBoth).map { name + $0 }
        }
        if name.hasSuffix("н") || name.hasSuffix("ң") || name.hasSuffix("р") {
            return [name] + ["а", "у", "ом", "е"].map { name + $0 } + (afterN + afterBoth).map { name + $0 }
        }
        return [name] + (afterVowel + afterBoth).map { name + $0 }
    }

    private static func join(_ syllables: [String], _ spelling: Pinyin.Spelling) -> String {
        guard syllables.count == 2 else { return syllables.joined() }
        // Чуньин: the soft sign before a vowel is heard.
        if spelling == .uzbek || spelling == .uzbekWithTs, syllables[0].hasSuffix("n"), syllables[1].hasPrefix("i") {
            return syllables.joined(separator: "y")
        }
        guard spelling == .russian else { return syllables.joined() }
        // Чанъань: a hard sign parts n from a vowel.
        let needsSign = syllables[0].hasSuffix("н") && "аоуэяеюи".contains(syllables[1].prefix(1))
        return syllables.joined(separator: needsSign ? "ъ" : "")
    }

    /// The parts as sounds, for scripts whose spellings no table gives.
    var phones: (surname: [UInt8], given: [UInt8]) {
        (Pinyin.phones(surname), given.flatMap { Pinyin.phones($0) })
    }

    /// The same in Arabic, where that is something else.
    var arabicPhones: (surname: [[UInt8]], given: [[UInt8]]) {
        let given = given.map { Pinyin.arabicPhones($0) }
        var names = [given.flatMap { $0[0] }]
        if given.contains(where: { $0.count > 1 }) { names.append(given.flatMap { $0[$0.count - 1] }) }
        let family = Pinyin.arabicPhones(surname)
        // Too short for a word of Arabic to be taken apart: بلي, in Li.
        let prefixed = phones.surname.count > 2 ? [] : "oblfk".utf8.map { [$0] + family[0] }
        return (family + prefixed, names)
    }

    var numbers: [UInt16] { ([surname] + given).compactMap { Pinyin.number($0) } }
}

/// All watched Chinese names, by their words and by their characters' readings.
struct ChineseTable: Sendable {
    struct Entry: Sendable {
        var pattern: UInt32
        var score: UInt8
        /// The hash of a third word, 0 for none.
        var third: UInt64
        var languages = LanguageSet.any
    }

    private(set) var entries: [Entry] = []
    private(set) var words = WordIndex()
    /// By the numbers of two or three syllables.
    private(set) var readings = WordIndex()
    private var wordKeys: [(key: UInt64, value: UInt32)] = []
    private var readingKeys: [(key: UInt64, value: UInt32)] = []

    var isEmpty: Bool { entries.isEmpty }

    static func readingKey(_ numbers: some Sequence<UInt16>) -> UInt64 {
        numbers.reduce(0x6E61_6D65) { TextHash.pair($0, UInt64($1)) }
    }

    @inline(__always) static func readingKey(_ first: UInt16, _ second: UInt16) -> UInt64 {
        TextHash.pair(TextHash.pair(0x6E61_6D65, UInt64(first)), UInt64(second))
    }

    mutating func add(_ name: ChineseName, pattern: UInt32, _ compiler: TermCompiler) {
        let renderings = name.renderings
        let known = Self.hashes(Set(renderings.flatMap(\.words)), compiler)
        for rendering in renderings {
            let hashes = rendering.words.map { known[$0] ?? 0 }
            let third = hashes.count > 2 ? hashes[2] : 0
            wordKeys.append((TextHash.pair(hashes[0], hashes[1]), UInt32(entries.count)))
            entries.append(
                Entry(
                    pattern: pattern, score: rendering.score, third: third,
                    languages: name.languages(rendering.words)))
        }
        // A name given in characters is looked for as these characters.
        if name.characters == nil, name.numbers.count == name.given.count + 1 {
            readingKeys.append((Self.readingKey(name.numbers), UInt32(entries.count)))
            entries.append(Entry(pattern: pattern, score: name.given.count == 2 ? 90 : 86, third: 0))
        }
    }

    /// Read in one go: few words in many pairs.
    private static func hashes(_ words: Set<String>, _ compiler: TermCompiler) -> [String: UInt64] {
        let plain = words.filter { !$0.contains("'") }.sorted()
        let scanned = compiler.scan(plain.joined(separator: " "))
        var hashes: [String: UInt64] = [:]
        if scanned.count == plain.count {
            for (word, read) in zip(plain, scanned) { hashes[word] = TextHash.word(read.units) & ~1 }
        }
        for word in words where hashes[word] == nil {
            hashes[word] = PersonName(word, compiler).parts.first?.joined.hash ?? 0
        }
        return hashes
    }

    mutating func buildIndex() {
        words = WordIndex(wordKeys)
        readings = WordIndex(readingKeys)
        (wordKeys, readingKeys) = ([], [])
    }
}
