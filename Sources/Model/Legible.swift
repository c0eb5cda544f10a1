extension StringProtocol {
    /// This text without anything that a terminal obeys or that reorders what a person reads: C0 and C1 controls, DEL,
    /// bidirectional overrides and isolates, line and paragraph separators. Line breaks and tabs become spaces.
    ///
    /// For every word of a feed, a server or a user that reaches stdout, stderr or a log. Marks that scripts need
    /// (U+200C, U+200D, U+200E, U+200F, U+061C) stay.
    package var legible: String {
        // Most words are plain, and come back as they are.
        if isLegible { return String(self) }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D, 0x85, 0x2028, 0x2029: result.append(" ")
            case 0x00..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: continue
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Whether `legible` changes nothing. By its bytes: what it leaves out has one of two lead bytes beyond ASCII, and most letters
    /// of the world have others.
    private var isLegible: Bool {
        var (last, before) = (UInt8(0), UInt8(0))
        for byte in utf8 {
            if byte < 0x80 {
                if byte < 0x20 || byte == 0x7F { return false }
            } else if last == 0xC2 {
                // C1: U+0080 to U+009F.
                if byte < 0xA0 { return false }
            } else if before == 0xE2 {
                // U+2028 to U+202E, U+2066 to U+2069.
                if last == 0x80, 0xA8...0xAE ~= byte { return false }
                if last == 0x81, 0xA6...0xA9 ~= byte { return false }
            }
            (before, last) = (last, byte)
        }
        return true
    }
}
