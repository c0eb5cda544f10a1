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

public struct TokenFlags: OptionSet, Sendable {
    public let rawValue: UInt16

    @inlinable public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    @inlinable public static var upperInitial: TokenFlags { TokenFlags(rawValue: 1) }
    /// Two letters or more, all of them capitals.
    @inlinable public static var allUpper: TokenFlags { TokenFlags(rawValue: 2) }
    @inlinable public static var hasLower: TokenFlags { TokenFlags(rawValue: 4) }
    /// Folding took a mark off, or a Han character was not the simplified one.
    @inlinable public static var marked: TokenFlags { TokenFlags(rawValue: 8) }
    @inlinable public static var digits: TokenFlags { TokenFlags(rawValue: 16) }
    /// Has full-width or other compatibility characters.
    @inlinable public static var compatible: TokenFlags { TokenFlags(rawValue: 32) }
    /// Letters of another alphabet that look the same were put right.
    @inlinable public static var homoglyph: TokenFlags { TokenFlags(rawValue: 64) }
    /// Stands after an apostrophe and a word, as the endings of Turkish names do: never found by itself.
    @inlinable public static var suffix: TokenFlags { TokenFlags(rawValue: 128) }
    /// The next token is joined to this one, or this one to the one before, by a hyphen, an apostrophe or a dot.
    @inlinable public static var joint: TokenFlags { TokenFlags(rawValue: 256) }
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
public struct Gap: OptionSet, Sendable {
    public let rawValue: UInt8

    @inlinable public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Spaces and line breaks.
    @inlinable public static var space: Gap { Gap(rawValue: 1) }
    /// ! ? 。 and a full stop before a space, unless after a short word: that is an abbreviation or an initial.
    @inlinable public static var sentence: Gap { Gap(rawValue: 2) }
    @inlinable public static var hyphen: Gap { Gap(rawValue: 4) }
    @inlinable public static var apostrophe: Gap { Gap(rawValue: 8) }
    @inlinable public static var dot: Gap { Gap(rawValue: 16) }
    @inlinable public static var comma: Gap { Gap(rawValue: 32) }
    @inlinable public static var stop: Gap { Gap(rawValue: 64) }
    @inlinable public static var other: Gap { Gap(rawValue: 128) }
    @inlinable public static var anything: Gap { Gap(rawValue: 255) }

    /// One hyphen, apostrophe or middle dot, and nothing else: `re-education`, `Mas'ud`.
    @inlinable public var isJoint: Bool {
        rawValue & 28 != 0 && rawValue & (rawValue &- 1) == 0
    }
}
