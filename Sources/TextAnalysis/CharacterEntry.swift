/// What a character is to the tokenizer. Tools/tables/make-folding.py has the same list.
enum CharacterKind {
    /// Ends a word: symbols, quotes, brackets, long dashes.
    static let other: UInt32 = 0
    /// A letter or digit of a script that puts spaces between words.
    static let word: UInt32 = 1
    /// A word by itself: Han, Kana, Hangul, Thai and others that are searched by substring.
    static let ideograph: UInt32 = 2
    /// A mark that carries a vowel or a consonant, as in Thai and Indic scripts: stays with the letter before.
    static let extend: UInt32 = 3
    /// Not seen by a reader: soft hyphen, joiners, controls of direction, tatweel.
    static let drop: UInt32 = 4
    /// A combining mark that folding takes off, or composes with its letter.
    static let mark: UInt32 = 5
    static let apostrophe: UInt32 = 6
    static let hyphen: UInt32 = 7
    /// The middle dots that join the parts of a name in Chinese and Japanese.
    static let dot: UInt32 = 8
    static let stop: UInt32 = 9
    static let comma: UInt32 = 10
    static let space: UInt32 = 11
    static let line: UInt32 = 12
    /// A word character that folds to several: its unit is an index into the expansions.
    static let multiple: UInt32 = 13
    /// Ends a sentence: ! ? 。 and their like.
    static let sentence: UInt32 = 14
}

/// One character's row: the folded unit in bits 0 to 15, the kind in 16 to 19, the script in 20 to 25 (a bit each, so
/// that a word's scripts are the OR of its letters), what folding gave up in 26 to 30, `letter` in 31.
typealias CharacterEntry = UInt32

extension CharacterEntry {
    static let upper: UInt32 = 1 << 26
    static let lower: UInt32 = 1 << 27
    static let marked: UInt32 = 1 << 28
    static let digit: UInt32 = 1 << 29
    static let compatible: UInt32 = 1 << 30
    /// Of the kind `word` and in the basic plane: one bit to ask for what is asked most.
    static let letter: UInt32 = 1 << 31

    @inline(__always) var kind: UInt32 { (self >> 16) & 15 }
    @inline(__always) var unit: UInt16 { UInt16(truncatingIfNeeded: self) }
    @inline(__always) var scripts: UInt32 { (self >> 20) & 63 }
}

/// The alphabets that are told apart, a bit each.
public struct Script: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    @inlinable public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    @inlinable public static var latin: Script { Script(rawValue: 1) }
    @inlinable public static var cyrillic: Script { Script(rawValue: 2) }
    @inlinable public static var greek: Script { Script(rawValue: 4) }
    @inlinable public static var arabic: Script { Script(rawValue: 8) }
    @inlinable public static var hebrew: Script { Script(rawValue: 16) }
    /// Any other script that puts spaces between words: Armenian, Georgian, Devanagari …
    @inlinable public static var otherAlphabet: Script { Script(rawValue: 32) }
    /// Han, Kana, Hangul, Thai …: each character is a token.
    @inlinable public static var ideographic: Script { Script(rawValue: 64) }
}
