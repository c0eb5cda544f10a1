/// Letters and digits of ASCII at the beginning of eight bytes, told and folded all at once.
///
/// Arithmetic on eight bytes in one number, the first byte the lowest: bytes are cut to seven bits, so that a sum shows in
/// the top bit of each byte whether it reaches a letter, and carries into no other byte.
struct LatinLane {
    static let count = 8

    /// How many of the eight are letters or digits, up to the first other byte.
    let length: Int
    /// OR of the rows that the letters and digits have in the character table.
    let bits: CharacterEntry
    /// The folded letters, a byte each, and zeros.
    private let folded: UInt64

    @inline(__always) init(_ bytes: UInt64) {
        let every: UInt64 = 0x0101_0101_0101_0101
        let top = every << 7
        let plain = bytes & ~top
        let small = plain | every << 5
        let isLetter = (small &+ every &* (0x80 - 0x61)) & ~(small &+ every &* (0x80 - 0x7B))
        let isDigit = (plain &+ every &* (0x80 - 0x30)) & ~(plain &+ every &* (0x80 - 0x3A))
        let ends = (~(isLetter | isDigit) | bytes) & top
        length = ends.trailingZeroBitCount >> 3
        // All bits before the first byte that ends the word.
        let first = ends >> 7
        let before = (first &- 1) & ~first
        let kept = before & top
        let letters = isLetter & kept
        // The bit that small letters have and capitals have not, moved to the top.
        let lower = letters & bytes << 2
        bits =
            Self.flag(letters) << 20 | Self.flag(letters ^ lower) << 26 | Self.flag(lower) << 27
            | Self.flag(letters ^ kept) << 29
        folded = small & before
    }

    @inline(__always) private static func flag(_ bytes: UInt64) -> CharacterEntry { bytes != 0 ? 1 : 0 }

    /// The folded units, four in each, and zeros.
    @inline(__always) var units: (UInt64, UInt64) {
        // Eight bytes, then sixteen, seen as lanes and as words: of the same size, and every pattern is a value.
        let wide = SIMD8<UInt16>(truncatingIfNeeded: unsafeBitCast(folded, to: SIMD8<UInt8>.self))
        let halves = unsafeBitCast(wide, to: SIMD2<UInt64>.self)
        return (halves.x, halves.y)
    }
}

/// Letters of two bytes each at the beginning of eight bytes: Cyrillic, Greek, Arabic, Hebrew, Latin with marks.
struct TwoByteLane {
    static let count = 4

    /// How many letters of two bytes there are, up to the first other character.
    let length: Int
    /// OR of their rows.
    let bits: CharacterEntry
    /// Whether all of them belong to words, and fold to one unit each.
    let isWord: Bool
    /// The folded units, and zeros.
    let units: UInt64

    @inline(__always) init(_ bytes: UInt64, _ table: UnsafePointer<CharacterEntry>) {
        let every: UInt64 = 0x0001_0001_0001_0001
        let top = every << 15
        // A pair is 110xxxxx 10xxxxxx, the first byte in the lower half, and U+0080 at least.
        let wrong = (bytes & (every &* 0xC0E0)) ^ (every &* 0x80C0)
        let scalars = (bytes & (every &* 0x1F)) << 6 | (bytes >> 8) & (every &* 0x3F)
        let isShort = ~(scalars &+ (every &* 0x7F80))
        let ends = ((wrong & ~top) &+ ~top | wrong | isShort) & top
        length = ends.trailingZeroBitCount >> 4
        let first = ends >> 15
        let kept = scalars & (first &- 1) & ~first
        // Row 0 stands for what was not kept.
        let rows = (
            table[Int(truncatingIfNeeded: kept & 0x7FF)], table[Int(truncatingIfNeeded: kept >> 16 & 0x7FF)],
            table[Int(truncatingIfNeeded: kept >> 32 & 0x7FF)], table[Int(truncatingIfNeeded: kept >> 48)]
        )
        bits = rows.0 | rows.1 | rows.2 | rows.3
        isWord = rows.0 & rows.1 & rows.2 & rows.3 & CharacterEntry.letter != 0
        units =
            UInt64(rows.0.unit) | UInt64(rows.1.unit) << 16 | UInt64(rows.2.unit) << 32 | UInt64(rows.3.unit) << 48
    }
}
