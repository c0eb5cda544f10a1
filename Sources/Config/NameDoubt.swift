/// What in the text of a name shows that it is no name of one person as others write it: two people on one line, a remark, or
/// a word of everyday. Such a name is never found, or in every text.
package struct NameDoubt: Sendable, Hashable {
    /// What follows the name in quotes: "has a slash in it".
    package var fault: String
    package var remedy: String

    /// Nil for most.
    package init?(_ name: String) {
        guard let found = Self.severalPeople(name) ?? Self.remark(name) else { return nil }
        self = found
    }

    private init(fault: String, remedy: String) {
        self.fault = fault
        self.remedy = remedy
    }

    /// A name without capitals, in letters that have them, of one word or two: an answer that became a name, or what anybody's
    /// grandfather is called. Whoever means it can have it.
    package static func smallLetters(_ name: String) -> NameDoubt? {
        let words = name.split(whereSeparator: \.isWhitespace)
        guard words.count <= 2, name.contains(where: { $0.isLowercase && !isGeorgian($0) }),
            name.allSatisfy({ !$0.isLetter || $0.isLowercase })
        else { return nil }
        return NameDoubt(
            fault: "is in small letters, as words are and names are not, and every text that has it is found",
            remedy: "write the name with its capital letters, or take it out")
    }

    // MARK: what gives it away

    private static let others = "write each person for himself, and other spellings of one under 'aliases'"

    private static func severalPeople(_ name: String) -> NameDoubt? {
        if let sign = name.first(where: { "/\\|;；؛、&+".contains($0) }) {
            return NameDoubt(fault: "has '\(sign)' in it, as if it were several names", remedy: others)
        }
        // One comma parts the family name from the rest: "Казбекулы, Раеш".
        let parts = name.split(omittingEmptySubsequences: false) { ",，،".contains($0) }
        if parts.count > 2 || parts.count == 2 && parts.allSatisfy({ words($0).count > 1 }) {
            return NameDoubt(fault: "has commas in it, as if it were several names", remedy: others)
        }
        let between = words(name[...]).dropFirst().dropLast()
        if let word = between.first(where: isBetweenNames) {
            return NameDoubt(fault: "has '\(word)' in it, as if it were several names", remedy: others)
        }
        // 和 is a syllable of names too, but not between two names of several parts.
        let sides = name.split(omittingEmptySubsequences: false) { "和与與跟".contains($0) }
        if sides.count == 2, sides.allSatisfy({ $0.contains { "·•・".contains($0) } }) {
            return NameDoubt(fault: "has a word for 'and' in it, as if it were several names", remedy: others)
        }
        return nil
    }

    private static func remark(_ name: String) -> NameDoubt? {
        if name.contains(where: { "()[]{}<>（）［］【】《》".contains($0) }) {
            return NameDoubt(
                fault: "has brackets in it, which texts do not have",
                remedy: "write the name alone: another spelling goes under 'aliases', a year under 'born', a remark "
                    + "under 'note'")
        }
        let hasDigits = words(name[...]).contains { word in
            // In Chechen and Circassian, a 1 is a letter: "Г1алг1ай".
            word.contains(where: isDigit) && (!word.contains(where: \.isLetter) || hasNumber(word))
        }
        guard hasDigits else { return nil }
        return NameDoubt(
            fault: "has digits in it, which names do not have",
            remedy: "write the name alone: a year goes under 'born', a remark under 'note'")
    }

    private static func words(_ text: Substring) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }

    private static func isDigit(_ character: Character) -> Bool {
        // 一 and 万 are numbers too, and family names.
        character.unicodeScalars.first?.properties.numericType == .decimal
    }

    /// Two digits in a row.
    private static func hasNumber(_ word: Substring) -> Bool {
        zip(word, word.dropFirst()).contains { isDigit($0) && isDigit($1) }
    }

    /// Words that stand between two names, as they are written: with a capital they are names too ("Ким И Сон", "Пак Мен Су", "Max
    /// Born").
    private static func isBetweenNames(_ word: Substring) -> Bool {
        conjunctions.contains(String(word)) || ["AND", "OR", "AKA", "UND", "ODER", "VEYA"].contains(word)
    }

    private static let conjunctions: Set<String> = [
        "and", "or", "aka", "a.k.a.", "alias", "born", "и", "или", "же", "та", "або", "және", "мен", "немесе", "менен",
        "жана",
        "ҳәм", "ve", "veya", "va", "ва", "ҳам", "oder", "und", "et", "ou", "ۋە", "ياكى", "و", "أو", "یا", "和", "与", "與",
        "跟", "或",
    ]

    private static func isGeorgian(_ character: Character) -> Bool {
        character.unicodeScalars.first.map { (0x10A0...0x10FF).contains($0.value) } ?? false
    }
}
