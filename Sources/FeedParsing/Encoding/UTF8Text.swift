import Glibc

/// Valid UTF-8 or not (RFC 3629), over bytes.
enum UTF8Text {
    /// Nil when it is not valid; else whether it is nothing but ASCII.
    ///
    /// Every document goes through here, so eight bytes are judged at a time, without a branch on what they are: a word of
    /// ASCII and of sequences of two and three bytes, as all living alphabets and nearly all of Chinese have, is valid where its
    /// continuation bytes stand just where its leading bytes want them. What is left is read byte by byte: sequences of four,
    /// and those of three that begin with E0 or ED, whose second bytes are bounded.
    static func validity(of bytes: [UInt8]) -> Bool? {
        bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return true }
            let count = buffer.count
            var index = 0
            var isASCII = true
            // Where the next word must have continuation bytes.
            var wanted: UInt64 = 0
            while index + 8 <= count {
                let word = start.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
                if word & highBits | wanted == 0 {
                    index = endOfASCII(start, count, from: index + 8)
                    continue
                }
                isASCII = false
                if let next = wantedNext(word, wanted) {
                    wanted = next
                    index += 8
                } else {
                    index = slowly(buffer, from: index, isInside: wanted != 0, past: index + 8)
                    if index < 0 { return nil }
                    wanted = 0
                }
            }
            if index == count, wanted == 0 { return isASCII }
            if isASCII { isASCII = buffer[index...].allSatisfy { $0 < 0x80 } }
            return slowly(buffer, from: index, isInside: wanted != 0, past: count) < 0 ? nil : isASCII
        }
    }

    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Behind the blocks of 32 bytes that are ASCII.
    @inline(__always)
    private static func endOfASCII(_ start: UnsafeRawPointer, _ count: Int, from first: Int) -> Int {
        var index = first
        while index + 32 <= count {
            let words = start.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self)
            let pair = words.lowHalf | words.highHalf
            if (pair.x | pair.y) & highBits != 0 { break }
            index += 32
        }
        return index
    }

    /// Where the word after this one must have continuation bytes, or nil when this one has to be read slowly. Each byte is judged in
    /// its highest bit.
    @inline(__always)
    private static func wantedNext(_ word: UInt64, _ wanted: UInt64) -> UInt64? {
        let high = word & highBits
        let leads = high & word << 1
        let threes = leads & word << 2
        let isContinued = high & ~leads ^ (leads << 8 | threes << 16 | wanted)
        // 0xC0 and 0xC1 would be overlong.
        let overlong = leads & ~threes & ~((word & 0x1E1E_1E1E_1E1E_1E1E) &+ 0x7E7E_7E7E_7E7E_7E7E)
        let low = word & 0x0F0F_0F0F_0F0F_0F0F
        let bounded =
            ~(low &+ 0x7F7F_7F7F_7F7F_7F7F) | ~((low ^ 0x0D0D_0D0D_0D0D_0D0D) &+ 0x7F7F_7F7F_7F7F_7F7F) | word << 3
        guard isContinued | overlong | threes & bounded == 0 else { return nil }
        return leads >> 56 | threes >> 48
    }

    /// Reads whole sequences until the place is reached, and returns where the next one begins, or -1 when one is not valid.
    ///
    /// - Parameter isInside: the first one has begun before `index`.
    private static func slowly(_ buffer: UnsafeRawBufferPointer, from index: Int, isInside: Bool, past end: Int) -> Int
    {
        var index = index
        if isInside {
            repeat { index -= 1 } while buffer[index] & 0xC0 == 0x80
        }
        while index < end {
            let length = buffer[index] < 0x80 ? 1 : sequenceLength(buffer, at: index)
            if length == 0 { return -1 }
            index += length
        }
        return index
    }

    /// The length of the valid sequence of two bytes or more at `index`, or 0.
    @inline(__always)
    static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let first = bytes[index]
        let left = bytes.count - index
        func isTail(_ offset: Int) -> Bool { bytes[index + offset] & 0xC0 == 0x80 }
        switch first {
        case 0xC2...0xDF: return left >= 2 && isTail(1) ? 2 : 0
        case 0xE0...0xEF:
            guard left >= 3, isTail(1), isTail(2) else { return 0 }
            let second = bytes[index + 1]
            return (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ? 0 : 3
        case 0xF0...0xF4:
            guard left >= 4, isTail(1), isTail(2), isTail(3) else { return 0 }
            let second = bytes[index + 1]
            return (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F) ? 0 : 4
        default: return 0
        }
    }

    /// The character beyond U+FFFF that is written at `index` as two surrogates of three bytes, as Java and MySQL do
    /// (CESU-8, Unicode Technical Report 26).
    static func surrogatePair(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Unicode.Scalar? {
        guard index + 6 <= bytes.count, bytes[index] == 0xED, bytes[index + 1] & 0xF0 == 0xA0,
            bytes[index + 2] & 0xC0 == 0x80, bytes[index + 3] == 0xED, bytes[index + 4] & 0xF0 == 0xB0,
            bytes[index + 5] & 0xC0 == 0x80
        else { return nil }
        let high = UInt32(bytes[index + 1] & 0x0F) << 6 | UInt32(bytes[index + 2] & 0x3F)
        let low = UInt32(bytes[index + 4] & 0x0F) << 6 | UInt32(bytes[index + 5] & 0x3F)
        return Unicode.Scalar(0x10000 + high << 10 + low)
    }

    /// With the quotes and dashes of Windows for the control characters U+0080 to U+009F, which no text has: some program
    /// took windows-1252 for ISO 8859-1. The same bytes when there are none.
    static func withoutControls(_ bytes: [UInt8]) -> [UInt8] {
        guard let first = firstControl(bytes, from: 0), let page = CodePage.named("windows-1252") else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 8)
        var copied = 0
        var next: Int? = first
        var none = Replacements()
        while let index = next {
            result += bytes[copied..<index]
            result += page.utf8([bytes[index + 1]], replaced: &none)
            copied = index + 2
            next = firstControl(bytes, from: copied)
        }
        return result + bytes[copied...]
    }

    private static func firstControl(_ bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var index = start
            while index + 1 < buffer.count,
                let found = memchr(base + index, 0xC2, buffer.count - 1 - index)
            {
                index = UnsafeRawPointer(found) - base
                // U+0085 ends lines, on mainframes.
                if buffer[index + 1] < 0xA0, buffer[index + 1] != 0x85 { return index }
                index += 2
            }
            return nil
        }
    }
}
