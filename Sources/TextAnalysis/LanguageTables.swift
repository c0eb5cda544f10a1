/// `Language.all` as numbers, made once for the process.
final class LanguageTables: Sendable {
    static let shared = LanguageTables()

    let rules: [Rules]
    private let byScript: [Script: [Int]]

    final class Rules: Sendable {
        let stemmer: String?
        /// Not used where the text's language is unknown.
        let isWeak: Bool
        let isEnglish: Bool
        /// Endings of fewer letters make another word in many languages of this script. Uyghur in Latin letters is not
        /// known from its words.
        let shortest: Int
        let alike: [Alike]
        /// Those of `alike` that are whole stems.
        let wholeStems: [Alike]
        let derived: [(after: [UInt8], end: [UInt8])]
        let feminine: [(after: [UInt8], end: [UInt8])]
        let closedParticiples: [[UInt8]]
        let inseparable: [[UInt16]]
        let everyday: [[UInt8]]
        let doers: [[UInt8]]
        private let different: [(start: [UInt8], end: [UInt8], number: UInt8)]
        let links: [[UInt16]]?
        let foreignEndings: [[UInt16]]
        let endings: EndingTable
        let verbEndings: EndingTable
        let possessives: [[UInt16]]
        let plurals: [[UInt16]]
        let verbalNouns: [[UInt16]]
        let denominals: [[UInt16]]
        let softened: [(UInt16, UInt16)]
        let raised: [(UInt16, UInt16)]
        let narrowed: [(UInt16, UInt16)]
        let narrowing: [UInt16]
        let clitics: [[UInt16]]
        let softensAlways: Bool
        private let vowels: Set<UInt16>
        private let dropped: [UInt16]
        /// Between the last consonants of a word that loses its last vowel.
        let insertsVowels: Bool
        /// Vowels that no vowel follows. Not those that are glides as well; Arabic writes few.
        private let open: Set<UInt16>

        init(_ language: Language) {
            func units(_ list: [String]) -> [[UInt16]] { list.map { Array($0.utf16) }.sorted { $0.count > $1.count } }
            func pairs(_ list: [(String, String)]) -> [(UInt16, UInt16)] {
                list.map { ($0.0.utf16.first ?? 0, $0.1.utf16.first ?? 0) }
            }
            stemmer = language.stemmer
            isWeak = language.code == "es"
            isEnglish = language.code == "en"
            shortest = language.script != .latin ? 1 : language.code == "ug" ? 3 : 2
            alike = language.alike.map { Alike($0.0, $0.1) } + language.loose.map { Alike(loose: $0) }
            derived = language.derived.map { (Array($0.0.utf8), Array($0.1.utf8)) }
            feminine = language.feminine.map { (Array($0.0.utf8), Array($0.1.utf8)) }
            closedParticiples = language.closedParticiples.map { Array($0.utf8) }
            inseparable = units(language.inseparable)
            everyday = language.everyday.map { Array($0.utf8) }
            doers = language.stemmer == nil ? [] : language.doers.map { Array($0.utf8) }
            wholeStems = alike.filter { $0.before == 0...0 }
            var ends = language.same.map { entry in
                let halves = entry.split(separator: "-", omittingEmptySubsequences: false).map { Array($0.utf8) }
                return (start: halves.count > 1 ? halves[0] : [], end: halves[halves.count - 1], number: UInt8(0))
            }
            for (number, entry) in language.different.enumerated() {
                for end in entry.split(separator: " ") { ends.append(([], Array(end.utf8), UInt8(number + 1))) }
            }
            different = ends.sorted { ($0.end.count, $1.number) > ($1.end.count, $0.number) }
            links = language.links.map(units)
            foreignEndings = units(language.foreignEndings)
            endings = EndingTable(language.endings)
            verbEndings = EndingTable(language.verbEndings + language.endings)
            possessives = units(language.possessives)
            plurals = units(language.plurals)
            verbalNouns = units(language.verbalNouns)
            denominals = units(language.denominals)
            softened = pairs(language.softened)
            raised = pairs(language.raised)
            narrowed = pairs(language.narrowed)
            narrowing = Array(language.narrowing.utf16)
            clitics = units(language.clitics)
            softensAlways = language.code == "ar"
            vowels = Set(language.vowels.utf16)
            dropped = Array(language.dropped.utf16)
            insertsVowels = language.code == "ru"
            open = language.code == "ar" ? [] : vowels.subtracting("иуюяui".utf16)
        }

        /// Whether a word has a letter that this language has not: no stemmer of Russian for Kazakh.
        func isForeign(_ word: WordForms.Word) -> Bool {
            guard insertsVowels else { return false }
            return (0..<word.count).contains { word.units[$0] > 0x451 || word.units[$0] < 0x430 }
        }

        func isVowel(_ unit: UInt16) -> Bool { vowels.contains(unit) }
        func isOpen(_ unit: UInt16) -> Bool { open.contains(unit) }
        func isDropped(_ unit: UInt16) -> Bool { dropped.contains(unit) }
        func isSoftened(_ one: UInt16, _ other: UInt16) -> Bool { softened.contains { $0.0 == one && $0.1 == other } }
        func isRaised(_ one: UInt16, _ other: UInt16) -> Bool { raised.contains { $0.0 == one && $0.1 == other } }

        /// The least letters before a verbal noun's ending. The long vowel of Kyrgyz is no other ending: камоо.
        func leastVerb(_ ending: [UInt16], _ use: WordUse) -> Int {
            if use.contains(.phraseEnd) { return 2 }
            return ending.count == 2 && ending[0] == ending[1] && isVowel(ending[0]) ? 3 : 4
        }

        /// The entry of `different` whose end the stemmer took off as a whole. A plural's s is no part of it.
        func different(
            _ bytes: UnsafePointer<UInt8>, _ size: Int, stem: UnsafePointer<UInt8>, _ length: Int
        ) -> UInt8 {
            guard !different.isEmpty, size > 0 else { return 0 }
            var word = Array(UnsafeBufferPointer(start: bytes, count: size))
            if word.count > 4, word.last == 0x73, word[word.count - 2] != 0x73 {
                word.removeLast()
                // armies, witnesses
                if isEnglish, word.suffix(2) == [0x69, 0x65] {
                    word.removeLast(2)
                    word.append(0x79)
                } else if isEnglish, word.suffix(3) == [0x73, 0x73, 0x65] {
                    word.removeLast()
                }
            }
            var shared = 0
            while shared < min(length, word.count), stem[shared] == word[shared] { shared += 1 }
            for entry in different
            where word.count - entry.end.count >= (entry.number == 0 ? 2 : max(3, shared))
                && word.suffix(entry.end.count) == entry.end[...] && word.starts(with: entry.start)
            {
                return entry.number
            }
            return 0
        }

        /// Whether a plural in -ات can only be of a word in ـة: مظاهرات is of مظاهرة, and مظاهر is another word. But
        /// معسكرات is of معسكر.
        func isOfFeminine(_ term: WordForms.Word, _ stem: Int) -> Bool {
            guard softensAlways else { return false }
            let start = article(term)
            return stem - start == 5 && term.units[start] == 0x645 && term.units[start + 2] == 0x627
        }

        /// Whether a plural in Latin letters ends as who does it in English and German: -ler after a consonant.
        func isDoerElsewhere(_ term: WordForms.Word, _ stem: Int) -> Bool {
            shortest > 1 && stem > 0 && term.count == stem + 3 && term.units[stem + 1] == 0x65
                && !isVowel(term.units[stem - 1])
        }

        /// Whether a rest has the dative's hard letter after a sound that has the soft one: банка is no form of бан. Not
        /// after б, в, г, д, which words of Russian have and nobody says.
        func isVoicedBefore(_ rest: WordForms.Word, _ last: UInt16) -> Bool {
            rest.count >= 2 && (isVowel(last) || Self.sonorants.contains(last))
                && Self.hardDatives.contains(where: rest.begins)
        }

        private static let sonorants = Set("мнңрлйзжmnrlyzj".utf16)
        private static let hardDatives = ["ка", "ке", "ко", "кө", "қа", "қе", "ka", "qa"].map { Array($0.utf16) }

        func article(_ term: WordForms.Word) -> Int {
            term.count >= 5 && term.units[0] == 0x627 && term.units[1] == 0x644 ? 2 : 0
        }

        func cliticLengths(_ text: WordForms.Word) -> [Int] {
            clitics.filter { text.count >= $0.count + 3 && text.begins($0) }.map(\.count)
        }
    }

    private init() {
        rules = Language.all.map(Rules.init)
        byScript = Dictionary(grouping: Language.all.indices) { Language.all[$0].script }
    }

    func numbers(_ script: Script) -> [Int] { byScript[script] ?? [] }
}

extension LanguageTables {
    /// An end of a stem that stands for another.
    struct Alike: Sendable {
        let end: [UInt8]
        let other: [UInt8]
        /// Bytes that both begin with.
        let kept: Int
        /// How many bytes of a stem must stand before it.
        let before: ClosedRange<Int>
        /// What the word must have.
        let suffix: [UInt16]
        let isLoose: Bool

        init(_ end: String, _ other: String) {
            let isWhole = end.hasPrefix("^")
            let halves = end.split(separator: "|")
            self.end = Array(halves[0].utf8.dropFirst(isWhole ? 1 : 0))
            suffix = halves.count > 1 ? Array(halves[1].utf16) : []
            isLoose = false
            self.other = Array(other.utf8)
            kept = zip(self.end, self.other).prefix { $0 == $1 }.count
            before = isWhole ? 0...0 : 6...Int.max
        }

        init(loose end: String) {
            self.end = Array(end.utf8)
            other = []
            kept = 0
            before = (end.utf8.count >= 8 ? 6 : 10)...Int.max
            suffix = []
            isLoose = true
        }
    }
}

/// Endings in slots, one after the other.
final class EndingTable: Sendable {
    private let slots: [[[UInt16]]]

    init(_ slots: [[String]]) {
        self.slots = slots.map { $0.map { Array($0.utf16) } }
    }

    /// Whether a rest of a word is made of one ending of each slot at most, in their order. Not of none.
    func accept(_ rest: WordForms.Word) -> Bool {
        rest.count > 0 && accept(rest.units, rest.count, from: 0)
    }

    private func accept(_ units: UnsafePointer<UInt16>, _ count: Int, from first: Int) -> Bool {
        if count == 0 { return true }
        for slot in first..<slots.count {
            for ending in slots[slot] where ending.count <= count {
                var index = 0
                while index < ending.count, ending[index] == units[index] { index += 1 }
                if index == ending.count, accept(units + index, count - index, from: slot + 1) { return true }
            }
        }
        return false
    }
}
