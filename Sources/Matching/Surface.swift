import Model

/// Text cut out of an item for people: one line, whole words, whole characters.
enum Surface {
    /// Without invisible characters, each run of spaces as one.
    static func plain(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var space = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                space = !result.isEmpty
                continue
            }
            if scalar.properties.isDefaultIgnorableCodePoint || scalar.value == 0x640 { continue }
            if space {
                result.append(" ")
                space = false
            }
            result.append(scalar)
        }
        return String(result)
    }

    static let contextCharacters = 60

    /// Some 60 characters before and after a place, on one line, cut between words with `…`.
    static func context(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> String {
        // Sixty characters have at most 240 bytes; a little more, to find a border of words.
        let budget = 4 * contextCharacters + 64
        var low = max(0, start - budget)
        while low < start, bytes[low] & 0xC0 == 0x80 { low += 1 }
        var high = min(bytes.count, end + budget)
        while high > end, high < bytes.count, bytes[high] & 0xC0 == 0x80 { high -= 1 }

        let before = String(decoding: bytes[low..<start], as: UTF8.self)
        let after = String(decoding: bytes[end..<high], as: UTF8.self)
        let surface = String(decoding: bytes[start..<end], as: UTF8.self)
        var result = tail(before, cut: low > 0) + surface + head(after, cut: high < bytes.count)
        result = WhiteSpace.oneLine(result)
        return result
    }

    private static func tail(_ text: String, cut: Bool) -> String {
        let border = text.index(text.endIndex, offsetBy: -contextCharacters, limitedBy: text.startIndex)
        var start = border ?? text.startIndex
        guard start > text.startIndex || cut else { return text }
        // On to the first space, unless the script has none.
        if border != nil, let space = text[start...].firstIndex(where: \.isWhitespace) {
            start = text.index(after: space)
        }
        return "…" + text[start...]
    }

    private static func head(_ text: String, cut: Bool) -> String {
        let border = text.index(text.startIndex, offsetBy: contextCharacters, limitedBy: text.endIndex)
        var end = border ?? text.endIndex
        guard end < text.endIndex || cut else { return text }
        if border != nil, let space = text[..<end].lastIndex(where: \.isWhitespace) { end = space }
        return text[..<end] + "…"
    }
}
