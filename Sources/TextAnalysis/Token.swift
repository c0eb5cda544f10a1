/// One word of a text, or one character of a script that is written without spaces.
package struct Token: Sendable {
    /// Bytes of the text, from the first letter to the last and its marks. Always on character borders.
    package var start: UInt32
    package var end: UInt32
    /// Where its folded units lie in the buffer.
    package var unitStart: UInt32
    package var unitCount: UInt16
    package var flags: TokenFlags
    /// What stands between the token before and this one.
    package var gap: Gap
    package var script: Script
}

package struct TokenFlags: OptionSet, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let upperInitial = TokenFlags(rawValue: 1)
    /// Two letters or more, all of them capitals.
    package static let allUpper = TokenFlags(rawValue: 2)
    package static let hasLower = TokenFlags(rawValue: 4)
    /// Folding took a mark off, or a Han character was not the simplified one.
    package static let marked = TokenFlags(rawValue: 8)
    package static let digits = TokenFlags(rawValue: 16)
    /// Has full-width or other compatibility characters.
    package static let compatible = TokenFlags(rawValue: 32)
    /// Letters of another alphabet that look the same were put right.
    package static let homoglyph = TokenFlags(rawValue: 64)
    /// Stands after an apostrophe and a word, as the endings of Turkish names do: never found by itself.
    package static let suffix = TokenFlags(rawValue: 128)
    /// The next token is joined to this one, or this one to the one before, by a hyphen, an apostrophe or a dot.
    package static let joint = TokenFlags(rawValue: 256)
}

extension TokenFlags {
    /// What folding gave up of a token's letters. Bits 1 to 5 have the order that they have in the character table.
    @inline(__always) init(_ bits: CharacterEntry, first: CharacterEntry, unitCount: Int) {
        let isFirstUpper = (first & CharacterEntry.upper) >> 26
        let hasNoCapitals = bits & CharacterEntry.lower != 0 || unitCount < 2
        let kept: UInt32 = hasNoCapitals ? 0x3C : 0x3E
        self.init(rawValue: UInt16(truncatingIfNeeded: isFirstUpper | bits >> 25 & kept))
    }
}

/// The classes of characters between two words, a bit each; empty when they touch.
package struct Gap: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Spaces and line breaks.
    package static let space = Gap(rawValue: 1)
    /// ! ? 。 and a full stop before a space, unless after a short word: that is an abbreviation or an initial.
    package static let sentence = Gap(rawValue: 2)
    package static let hyphen = Gap(rawValue: 4)
    package static let apostrophe = Gap(rawValue: 8)
    package static let dot = Gap(rawValue: 16)
    package static let comma = Gap(rawValue: 32)
    package static let stop = Gap(rawValue: 64)
    package static let other = Gap(rawValue: 128)
    package static let anything = Gap(rawValue: 255)

    /// One hyphen, apostrophe or middle dot, and nothing else: `re-education`, `Mas'ud`.
    @inline(__always) package var isJoint: Bool {
        rawValue & 28 != 0 && rawValue & (rawValue &- 1) == 0
    }
}
