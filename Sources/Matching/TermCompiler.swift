import Model
import TextAnalysis

/// A term as the user wrote it, to the sequences of words that it is found as.
///
/// Holds one buffer for all terms; not shared.
struct TermCompiler {
    enum Fault: Error {
        case message(String, remedy: String)
    }

    private let tokenizer = Tokenizer()
    private let buffer = TokenBuffer()

    /// First parts that English and its neighbours write joined, hyphened or apart; the longest first.
    static let looseFirstParts: [[UInt16]] = [
        "anti", "auto", "bi", "co", "counter", "de", "ex", "extra", "hyper", "inter", "intra", "macro", "mega", "micro",
        "mid", "mini", "multi", "neo", "non", "out", "over", "para", "post", "pre", "pro", "proto", "pseudo", "re",
        "self", "semi", "sub", "super", "trans", "ultra", "un", "under",
    ].sorted { $0.utf16.count > $1.utf16.count }.map { Array($0.utf16) }

    /// Alphabets of languages whose words have endings.
    private static let inflecting: Script = [.latin, .cyrillic, .arabic]
    private static let foreign: TokenFlags = [.upperInitial, .marked]
    private static let firstLetters = Set(looseFirstParts.map { $0[0] }).reduce(UInt64(0)) { $0 | 1 << UInt64($1 & 63) }

    /// Passes by most words that begin with none of the first parts.
    private static func beginsFirstPart(_ letter: UInt16) -> Bool { firstLetters >> UInt64(letter & 63) & 1 != 0 }

    /// How a term is written: plain, `=as written`.
    private struct Reading {
        var text: String
        var exact: Bool
    }

    /// Adds the ways in which a term can be written to a table.
    ///
    /// - Parameter exact: the term stands after `=` or in a query's exact phrase. Also taken from a `=` at its start.
    /// - Returns: a remark for the user, when the term will find much that is not meant.
    func compile(
        _ written: String, pattern: UInt32, exact: Bool = false, into table: inout TermTable
    ) throws(Fault) -> String? {
        var reading = Reading(text: written, exact: exact)
        if !exact, written.utf8.first == 0x3D { reading = Reading(text: String(written.dropFirst()), exact: true) }
        let words = try read(reading)
        let exactText = reading.exact ? Surface.plain(reading.text) : nil

        var variants: [[Word]] = [words]
        if !reading.exact {
            variants += joinedVariants(words)
            if let split = splitVariant(words) { variants.append(split) }
        }
        for (index, variant) in variants.enumerated() {
            table.add(
                drafts(variant, isExact: reading.exact), pattern: pattern, score: 100,
                exact: index == 0 ? exactText : nil)
        }
        if !reading.exact {
            for variant in spellings(words) {
                table.add(drafts(variant, isExact: false), pattern: pattern, score: 95)
            }
            for variant in TermVariants.all(words) {
                table.add(drafts(variant.words, isExact: false), pattern: pattern, score: variant.score)
            }
        }
        return remark(words)
    }

    /// Folded words of a text, for what compares names and languages: in order, without gaps.
    func fold(_ text: String) -> [String] {
        scan(text).map { String(decoding: $0.units, as: UTF16.self) }
    }

    // MARK: Reading

    struct Word {
        var units: [UInt16]
        var hash: UInt64
        var isIdeograph: Bool
        /// The alphabet that names are compared by sound in; nil for others.
        var script: Script?
        var kind: Element.Kind
        /// Before this word, in the term.
        var gap: Gap
        /// As it was written: for letters that folding equates.
        var source: String
        var flags: TokenFlags
        /// Other words that may stand before it, at most.
        var skip: UInt8 = 0

        /// The word with other letters.
        func spelt(_ units: [UInt16]) -> Word {
            var word = self
            word.units = units
            word.hash = TextHash.word(units) & ~1
            return word
        }
    }

    func scan(_ text: String) -> [Word] {
        buffer.removeAll()
        tokenizer.scan(text, into: buffer)
        let bytes = Array(text.utf8)
        return (0..<buffer.count).map { index in
            let token = buffer.tokens[index]
            return Word(
                units: buffer.units(of: token), hash: buffer.hashes[index],
                isIdeograph: token.script == .ideographic,
                script: token.script.isDisjoint(with: Self.inflecting) ? nil : token.script,
                kind: Int(token.end) < bytes.count && bytes[Int(token.end)] == 0x2A ? .prefix : .word, gap: token.gap,
                source: String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self), flags: token.flags)
        }
    }

    private func read(_ reading: Reading) throws(Fault) -> [Word] {
        let words = scan(reading.text)
        guard !words.isEmpty else {
            throw .message(
                "'\(reading.text)' has no letters or digits to look for",
                remedy: "write a word, or a /regular expression/")
        }
        guard words.count <= 60 else {
            throw .message(
                "this term has \(words.count) words", remedy: "look for a shorter part of it (60 words at most)")
        }
        if words.count == 1, words[0].isIdeograph, !reading.exact, words[0].kind == .word {
            throw .message(
                "'\(reading.text)' is one character, which stands in many words",
                remedy: "look for a longer word, or write '=\(reading.text)' if every such character is meant")
        }
        let stars = reading.text.utf8.count { $0 == 0x2A }
        let prefixes = words.count { $0.kind == .prefix }
        guard stars == prefixes else {
            throw .message(
                "'*' in '\(reading.text)' does not stand at the end of a word",
                remedy: "write the beginning of the word before it, as in camp*")
        }
        if reading.exact, prefixes > 0 {
            throw .message(
                "'\(reading.text)' cannot be matched as written and by its beginning at once",
                remedy: "take out '=' or '*'")
        }
        for word in words where word.kind == .prefix {
            if word.isIdeograph { continue }
            if word.units.count < 2 {
                throw .message(
                    "'\(word.source)*' is the beginning of too many words",
                    remedy: "give at least two letters before '*'")
            }
        }
        // A character is a word by itself where words are not spaced: any ending is what it has anyway.
        return words.map { word in
            var word = word
            if word.isIdeograph { word.kind = .word }
            return word
        }
    }

    // MARK: Variants

    private func drafts(_ words: [Word], isExact: Bool) -> [ElementDraft] {
        let isName =
            words.count > 1
            && words.allSatisfy { $0.flags.contains(.upperInitial) || $0.units.count <= 3 || $0.script == .arabic }
        return words.enumerated().map { index, word in
            ElementDraft(
                hash: word.hash, units: word.units, kind: word.kind,
                forbidden: index == 0
                    ? [] : word.skip > 0 ? [.sentence, .other] : forbidden(before: word, after: words[index - 1]),
                skip: word.skip,
                use: isExact ? nil : use(word, isName, isLast: index == words.count - 1, of: words.count),
                script: word.script ?? [])
        }
    }

    /// How a term has a word whose other forms will do as well; nil where it is meant as it is.
    private func use(_ word: Word, _ isName: Bool, isLast: Bool, of count: Int) -> WordUse? {
        guard word.kind == .word, word.script != nil, word.units.count >= 3, !word.flags.contains(.digits) else {
            return nil
        }
        var use = WordUse()
        if isLast, count > 1 { use.insert(.phraseEnd) }
        if isName, word.flags.contains(.upperInitial) { use.insert(.name) }
        if count == 1, word.script == .latin, word.flags.contains(.upperInitial) { use.insert(.noun) }
        if word.script == .latin, !word.flags.isDisjoint(with: Self.foreign) { use.insert(.foreign) }
        if word.flags.contains(.allUpper), word.units.count <= 6 { use = .acronym }
        return use
    }

    /// Between words anything may stand but the end of a sentence; between the characters of a word that is written
    /// without spaces, only spaces.
    private func forbidden(before word: Word, after last: Word) -> Gap {
        if word.gap.contains(.sentence) { return [] }
        guard word.isIdeograph || last.isIdeograph else { return .sentence }
        if word.gap.isEmpty { return Gap.anything.subtracting([.space]) }
        if word.gap.contains(.dot) || word.gap.contains(.hyphen) || word.gap.contains(.stop) {
            return Gap.anything.subtracting([.space, .dot, .hyphen, .stop])
        }
        return .sentence
    }

    /// `re-education camp` as `reeducation camp`; `Mas'ud` as `Masud`.
    private func joinedVariants(_ words: [Word]) -> [[Word]] {
        var joined: [Word] = []
        for (index, word) in words.enumerated() {
            let isLoose =
                index > 0 && word.gap == .space && !word.isIdeograph
                && Self.looseFirstParts.contains(words[index - 1].units)
            if index > 0, word.gap.isJoint || isLoose, !word.isIdeograph, !words[index - 1].isIdeograph,
                joined[joined.count - 1].kind == .word, joined[joined.count - 1].units.count + word.units.count <= 64
            {
                joined[joined.count - 1] = glue(joined[joined.count - 1], word)
            } else {
                joined.append(word)
            }
        }
        return joined.count < words.count ? [joined] : []
    }

    private func glue(_ left: Word, _ right: Word) -> Word {
        var word = left
        word.units += right.units
        word.hash = TextHash.word(word.units) & ~1
        word.kind = right.kind
        word.source += right.source
        return word
    }

    /// `reeducation` as `re education` and `re-education`.
    private func splitVariant(_ words: [Word]) -> [Word]? {
        var result: [Word] = []
        for word in words {
            if !word.isIdeograph, word.units.count >= 6, Self.beginsFirstPart(word.units[0]),
                let part = Self.looseFirstParts.first(where: {
                    word.units.count >= $0.count + 4 && word.units.starts(with: $0)
                })
            {
                var first = word
                first.units = part
                first.hash = TextHash.word(first.units) & ~1
                first.kind = .word
                var second = word
                second.units = Array(word.units.dropFirst(first.units.count))
                second.hash = TextHash.word(second.units) & ~1
                second.gap = .hyphen
                result += [first, second]
            } else {
                result.append(word)
            }
        }
        return result.count > words.count ? result : nil
    }

    /// Spellings that people fall back on where their keyboard lacks a letter.
    private func spellings(_ words: [Word]) -> [[Word]] {
        guard words.contains(where: { !$0.isIdeograph && $0.source.utf8.count > $0.units.count }) else { return [] }
        return [Respelling.germanDigraphs, Respelling.russianKeyboard].compactMap { rule in
            var changed = false
            let result = words.map { word -> Word in
                guard !word.isIdeograph, let text = rule.apply(word.source) else { return word }
                let scanned = scan(text)
                guard scanned.count == 1 else { return word }
                changed = true
                var other = word
                other.units = scanned[0].units
                other.hash = scanned[0].hash
                return other
            }
            return changed ? result : nil
        }
    }

    private func remark(_ words: [Word]) -> String? {
        if words.count == 1, words[0].kind == .prefix, !words[0].isIdeograph, words[0].units.count == 2 {
            return "'\(words[0].source)*' begins very many words"
        }
        return nil
    }
}

/// Letters written by others, where a keyboard or a code page had not the right ones.
struct Respelling: Sendable {
    private let letters: [Unicode.Scalar: String]
    /// Whether `letters` has a scalar, below U+0500.
    private let has: [Bool]

    init(letters: [Unicode.Scalar: String]) {
        self.letters = letters
        has = (0..<0x500).map { number in letters.keys.contains { $0.value == number } }
    }

    /// Nil when the word has none of the letters.
    func apply(_ word: String) -> String? {
        guard word.unicodeScalars.contains(where: { $0.value < 0x500 && has[Int($0.value)] }) else { return nil }
        var result = String.UnicodeScalarView()
        for scalar in word.unicodeScalars {
            if let other = letters[scalar] {
                result.append(contentsOf: other.unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Müller as Mueller. (Muller is the fold's.)
    static let germanDigraphs = Respelling(letters: [
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
    ])
    /// Kazakh and Kyrgyz on a Russian keyboard: Қазақстан as Казакстан.
    static let russianKeyboard = Respelling(letters: [
        "ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х", "і": "и", "Ә": "А", "Ғ": "Г",
        "Қ": "К", "Ң": "Н", "Ө": "О", "Ұ": "У", "Ү": "У", "Һ": "Х", "І": "И",
    ])
}
