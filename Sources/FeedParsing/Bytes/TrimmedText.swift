/// White space at the ends of texts (Unicode, *White_Space*). A mark that combines with a space is no part of it.
enum TrimmedText {
    /// What stands between it.
    static func range(of text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var start = 0
        var end = text.count
        while start < end {
            let length = spaceLength(text, from: start, to: end)
            if length == 0 { break }
            start += length
        }
        while start < end {
            var last = end - 1
            while last > start, text[last] & 0xC0 == 0x80 { last -= 1 }
            if spaceLength(text, from: last, to: end) != end - last { break }
            end = last
        }
        return start..<end
    }

    /// How many bytes the white space at `start` has, or 0.
    @inline(__always)
    private static func spaceLength(_ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int {
        let first = text[start]
        if first < 0x80 { return first == 0x20 || (0x09...0x0D).contains(first) ? 1 : 0 }
        if first == 0xC2, start + 2 <= end { return text[start + 1] == 0x85 || text[start + 1] == 0xA0 ? 2 : 0 }
        guard start + 3 <= end, (0xE1...0xE3).contains(first) else { return 0 }
        switch (first, text[start + 1], text[start + 2]) {
        case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
            (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
            return 3
        default: return 0
        }
    }

    /// The same, nil when it is all of the text.
    fileprivate static func text(of text: UnsafeBufferPointer<UInt8>) -> String? {
        guard let first = text.first, let last = text.last else { return nil }
        if (0x21...0x7E).contains(first), (0x21...0x7E).contains(last) { return nil }
        let range = range(of: text)
        return range.count == text.count ? nil : String(decoding: text[range], as: UTF8.self)
    }
}

extension String {
    /// Without white space at the ends. The very same string when there is none.
    var trimmed: String {
        var text = self
        return text.withUTF8(TrimmedText.text) ?? self
    }
}

extension Substring {
    /// Without white space at the ends.
    var trimmed: String {
        var text = self
        return text.withUTF8(TrimmedText.text) ?? String(self)
    }
}
