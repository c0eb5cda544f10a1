extension StringProtocol {
    /// This text without anything that a terminal obeys or that reorders what a person reads: C0 and C1 controls, DEL,
    /// bidirectional overrides and isolates, line and paragraph separators. Line breaks and tabs become spaces.
    ///
    /// For every word of a feed, a server or a user that reaches stdout, stderr or a log. Marks that scripts need
    /// (U+200C, U+200D, U+200E, U+200F, U+061C) stay.
    package var legible: String {
        // Most words are plain, and come back as they are.
        if utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return String(self) }
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
}
