/// White space at the ends of texts (Unicode, *White_Space*).
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

    @inline(__always)
    fileprivate static func isPlain(_ byte: UInt8?) -> Bool { byte.map { (0x21...0x7E).contains($0) } ?? true }
}

extension String {
    /// Without white space at the ends. The very same string when there is none.
    var trimmed: String {
        if TrimmedText.isPlain(utf8.first), TrimmedText.isPlain(utf8.last) { return self }
        var text = self
        return text.withUTF8 { bytes in
            let range = TrimmedText.range(of: bytes)
            return range.count == bytes.count ? nil : String(decoding: bytes[range], as: UTF8.self)
        } ?? self
    }
}

extension Substring {
    /// Without white space at the ends.
    var trimmed: String {
        var text = self
        return text.withUTF8 { String(decoding: $0[TrimmedText.range(of: $0)], as: UTF8.self) }
    }
}
