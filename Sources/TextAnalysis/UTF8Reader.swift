/// Decoding of the sequences that the tokenizer's inner loop leaves alone.
enum UTF8Reader {
    /// What stands for a byte that is no UTF-8: a character that separates words.
    static let broken: UInt32 = 0xFFFD

    /// The character of three or four bytes at a position, and how many bytes it has. Overlong forms, surrogates and
    /// stray bytes are one broken byte each.
    static func long(_ source: UnsafePointer<UInt8>, _ position: Int, _ end: Int) -> (UInt32, Int) {
        let lead = source[position]
        if lead >= 0xE0, lead < 0xF0, position &+ 2 < end {
            let (a, b) = (source[position &+ 1], source[position &+ 2])
            guard a & 0xC0 == 0x80, b & 0xC0 == 0x80 else { return (broken, 1) }
            let scalar = UInt32(lead & 0x0F) << 12 | UInt32(a & 0x3F) << 6 | UInt32(b & 0x3F)
            guard scalar >= 0x800, !(scalar >= 0xD800 && scalar < 0xE000) else { return (broken, 1) }
            return (scalar, 3)
        }
        if lead >= 0xF0, lead < 0xF5, position &+ 3 < end {
            let (a, b, c) = (source[position &+ 1], source[position &+ 2], source[position &+ 3])
            guard a & 0xC0 == 0x80, b & 0xC0 == 0x80, c & 0xC0 == 0x80 else { return (broken, 1) }
            let scalar =
                UInt32(lead & 0x07) << 18 | UInt32(a & 0x3F) << 12 | UInt32(b & 0x3F) << 6 | UInt32(c & 0x3F)
            guard scalar >= 0x10000, scalar <= 0x10FFFF else { return (broken, 1) }
            return (scalar, 4)
        }
        return (broken, 1)
    }

    /// The character at a position, whatever its length.
    static func any(_ source: UnsafePointer<UInt8>, _ position: Int, _ end: Int) -> (UInt32, Int) {
        let lead = source[position]
        if lead < 0x80 { return (UInt32(lead), 1) }
        if lead >= 0xC2, lead < 0xE0, position &+ 1 < end, source[position &+ 1] & 0xC0 == 0x80 {
            return (UInt32(lead & 0x1F) << 6 | UInt32(source[position &+ 1] & 0x3F), 2)
        }
        return long(source, position, end)
    }
}
