/// How a term has a word.
package struct WordUse: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The last of several words.
    package static let phraseEnd = WordUse(rawValue: 1)
    /// A term by itself, with a capital: compounds may begin with it.
    package static let noun = WordUse(rawValue: 2)
    /// All capitals.
    package static let acronym = WordUse(rawValue: 4)
    /// With a capital, as German nouns have, or with a mark: English has no say.
    package static let foreign = WordUse(rawValue: 16)
    /// Of several words, each with a capital: World Bank is no world banks.
    package static let name = WordUse(rawValue: 8)
}
