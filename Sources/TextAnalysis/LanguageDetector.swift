/// A guess at a text's language, for items and feeds that do not say it.
///
/// By script first, then by letters that few languages have, then by the commonest words. Careful: nil where it is not
/// sure. For scoping watches, nothing finer.
package enum LanguageDetector {
    private static let kyrgyzVowels = Array("аоөүуэ".utf16)

    /// Words read at most: a language shows early.
    private static let longestSample = 400

    /// The primary subtag of the text in a buffer, or nil.
    package static func detect(_ buffer: TokenBuffer) -> String? {
        var scripts = (latin: 0, cyrillic: 0, arabic: 0, greek: 0, hebrew: 0, han: 0, kana: 0, hangul: 0, thai: 0)
        var letters = LetterCounts()
        // By their hashes: no strings are made of a text's words.
        var words: [UInt64: Int] = [:]
        var kyrgyzDoubles = 0
        var innerYa = 0
        let count = min(buffer.count, longestSample)
        for index in 0..<count {
            let token = buffer.tokens[index]
            let units = UnsafeBufferPointer(start: buffer.units + Int(token.unitStart), count: Int(token.unitCount))
            if token.script == .ideographic {
                switch units.first ?? 0 {
                case 0x3040...0x30FF, 0x31F0...0x31FF: scripts.kana += 1
                case 0x1100...0x11FF, 0xAC00...0xD7AF: scripts.hangul += 1
                case 0xE00...0xE7F: scripts.thai += 1
                case 0x3400...0x9FFF: scripts.han += 1
                default: break
                }
                continue
            }
            switch token.script {
            case .latin:
                scripts.latin += 1
                if units.count <= 8 { words[buffer.hashes[index], default: 0] += 1 }
            case .cyrillic, .arabic:
                if token.script == .cyrillic { scripts.cyrillic += 1 } else { scripts.arabic += 1 }
                for unit in units { letters.add(unit) }
                // Arabic has ى at the ends of words only.
                if units.dropLast().contains(0x649) { innerYa += 1 }
                for (one, next) in zip(units, units.dropFirst()) where one == next {
                    if kyrgyzVowels.contains(one) { kyrgyzDoubles += 1 }
                }
                if units.count <= 8 { words[buffer.hashes[index], default: 0] += 1 }
            case .greek: scripts.greek += 1
            case .hebrew: scripts.hebrew += 1
            default: break
            }
        }
        let ideographs = scripts.han + scripts.kana + scripts.hangul + scripts.thai
        // A character is a word here: three of them for each word of an alphabet.
        let alphabets = [
            ("latin", scripts.latin), ("cyrillic", scripts.cyrillic), ("arabic", scripts.arabic), ("el", scripts.greek),
            ("he", scripts.hebrew), ("east", ideographs / 3),
        ]
        guard let (script, most) = alphabets.max(by: { $0.1 < $1.1 }), most > 0 else { return nil }
        switch script {
        case "el", "he": return script
        case "east":
            if scripts.thai > ideographs / 2 { return "th" }
            if scripts.hangul > ideographs / 3 { return "ko" }
            return scripts.kana * 8 > ideographs ? "ja" : "zh"
        case "cyrillic": return cyrillic(letters, words, doubles: kyrgyzDoubles)
        case "arabic": return arabic(letters, innerYa: innerYa)
        default: return latin(words)
        }
    }

    private static func cyrillic(_ letters: LetterCounts, _ words: [UInt64: Int], doubles: Int) -> String? {
        func sum(_ text: String) -> Int { letters.sum(text) }
        if sum("ї") + sum("є") + sum("ґ") > 0 { return "uk" }
        if sum("ӣӯҷ") > 0 { return "tg" }
        if sum("ә") + sum("ұ") + sum("һ") > 0 || (sum("қғ") > 0 && sum("іө") + sum("ү") > 0) { return "kk" }
        if sum("ў") > 0 {
            if sum("қғҳ") > 0 { return "uz" }
            if sum("і") > 0 { return "be" }
        }
        if sum("қғҳ") > 0 { return sum("ҳ") > 0 ? "uz" : "kk" }
        if sum("ңөү") > 0 { return doubles > 0 || sum("і") == 0 ? "ky" : nil }
        if sum("ђћљњџ") > 0 { return "sr" }
        if sum("і") > 0 { return "uk" }
        if sum("ыэъё") > 0 || StopWords.count(words, "ru") > 0 { return "ru" }
        return nil
    }

    private static func arabic(_ letters: LetterCounts, innerYa: Int) -> String? {
        func sum(_ text: String) -> Int { letters.sum(text) }
        let vowels = sum("ې") + sum("ۈ") + sum("ۆ")
        // Folding keeps what tells these apart: ە ې ۇ ۆ ۈ ۋ ئ.
        if sum("ە") + sum("ۇ") + innerYa > 0 {
            if sum("ې") + sum("ئ") > 0 { return "ug" }
            if vowels == 0 || sum("ع") > 0 { return "kk" }
            return "ug"
        }
        if sum("ٹڈڑں") > 0 { return "ur" }
        if sum("پچژگ") > 0 { return "fa" }
        return sum("ا") + sum("ل") > 0 ? "ar" : nil
    }

    private static func latin(_ words: [UInt64: Int]) -> String? {
        let scores = StopWords.latin.map { ($0, StopWords.count(words, $0)) }.sorted { $0.1 > $1.1 }
        guard let first = scores.first, first.1 >= 2, first.1 > (scores.dropFirst().first?.1 ?? 0) else { return nil }
        return first.0
    }
}

/// How often a text has each letter below U+0700, where Cyrillic and Arabic letters are.
private struct LetterCounts {
    private static let end = 0x700
    private var counts = [Int](repeating: 0, count: end)

    mutating func add(_ unit: UInt16) {
        if unit < Self.end { counts[Int(unit)] += 1 }
    }

    func sum(_ letters: String) -> Int {
        letters.utf16.reduce(0) { $0 + ($1 < Self.end ? counts[Int($1)] : 0) }
    }
}

/// The commonest short words of some languages, folded.
enum StopWords {
    static let latin = ["en", "de", "fr", "es", "it", "pt", "nl", "tr", "uz", "az", "id", "pl", "sv"]

    static let words: [String: Set<String>] = [
        "en": [
            "the", "of", "and", "to", "in", "is", "was", "for", "that", "on", "with", "as", "by", "from", "has", "are",
            "it",
        ],
        "de": [
            "der", "die", "das", "und", "ist", "nicht", "ein", "eine", "mit", "von", "den", "im", "auf", "fur", "sich",
            "dem", "des", "zu", "wurde", "er", "sie",
        ],
        "fr": [
            "le", "la", "les", "des", "et", "est", "une", "dans", "du", "pour", "que", "qui", "sur", "au", "par", "pas",
            "il", "elle", "un", "ont", "ete", "aux", "leur", "son",
        ],
        "es": ["el", "la", "los", "las", "de", "y", "que", "en", "una", "por", "con", "del", "para", "su", "se"],
        "it": ["il", "di", "che", "la", "per", "un", "una", "della", "con", "del", "le", "sono", "gli", "nel", "alla"],
        "pt": ["o", "os", "que", "de", "do", "da", "em", "um", "uma", "para", "com", "nao", "dos", "das", "ao"],
        "nl": ["de", "het", "een", "van", "en", "dat", "niet", "op", "voor", "met", "zijn", "aan", "ook", "bij"],
        "tr": [
            "ve", "bir", "bu", "icin", "ile", "olarak", "olan", "daha", "cok", "sonra", "gibi", "kadar", "ancak",
            "dedi",
        ],
        "uz": [
            "va", "bilan", "uchun", "bu", "ham", "edi", "deb", "esa", "bo", "haqida", "kerak", "boshqa", "yil", "oz",
        ],
        "az": ["ve", "bir", "bu", "ucun", "ile", "olan", "edib", "olub", "deyib", "da", "ki", "cox", "sonra"],
        "id": ["yang", "dan", "di", "dengan", "untuk", "ini", "itu", "dari", "pada", "tidak", "akan", "adalah"],
        "pl": ["i", "w", "nie", "na", "sie", "do", "jest", "ze", "to", "przez", "oraz", "od", "po"],
        "sv": ["och", "att", "det", "som", "en", "pa", "av", "for", "med", "den", "till", "inte", "har", "om"],
        "ru": ["и", "в", "на", "не", "что", "с", "по", "из", "для", "от", "как", "это", "его", "был"],
    ]

    private static let hashes = words.mapValues { list in list.map { TextHash.word(Array($0.utf16)) & ~1 } }

    /// - Parameter found: how often a text has a word, by the hash of its token.
    static func count(_ found: [UInt64: Int], _ language: String) -> Int {
        (hashes[language] ?? []).reduce(0) { $0 + (found[$1] ?? 0) }
    }
}
