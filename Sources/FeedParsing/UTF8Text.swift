/// Valid UTF-8 or not (RFC 3629), over bytes.
enum UTF8Text {
    /// Nil when it is not valid; else whether it is nothing but ASCII.
    static func validity(of bytes: [UInt8]) -> Bool? {
        bytes.withUnsafeBytes { buffer in
            var index = 0
            var isASCII = true
            let count = buffer.count
            while index < count {
                if index + 8 <= count,
                    buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                {
                    index += 8
                    continue
                }
                if buffer[index] < 0x80 {
                    index += 1
                    continue
                }
                isASCII = false
                let length = sequenceLength(buffer, at: index)
                if length == 0 { return nil }
                index += length
            }
            return isASCII
        }
    }

    /// The length of the valid sequence of two bytes or more at `index`, or 0.
    @inline(__always)
    private static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
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

    /// With U+FFFD for each byte that belongs to no valid sequence.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 64)
        bytes.withUnsafeBytes { buffer in
            var index = 0
            while index < buffer.count {
                let length = buffer[index] < 0x80 ? 1 : sequenceLength(buffer, at: index)
                if length == 0 {
                    result.append(contentsOf: [0xEF, 0xBF, 0xBD])
                    index += 1
                } else {
                    result.append(contentsOf: buffer[index..<index + length])
                    index += length
                }
            }
        }
        return result
    }

    /// How many sequences are good, how many bytes bad, and whether the bad ones look like letters of windows-1251.
    static func faults(in bytes: [UInt8]) -> (good: Int, bad: Int, looksCyrillic: Bool) {
        var good = 0
        var bad = 0
        var letters = 0
        var runs = 0
        bytes.withUnsafeBytes { buffer in
            var index = 0
            var wasBad = false
            while index < buffer.count {
                if buffer[index] < 0x80 {
                    wasBad = false
                    index += 1
                    continue
                }
                let length = sequenceLength(buffer, at: index)
                if length > 0 {
                    good += 1
                    index += length
                    wasBad = false
                } else {
                    bad += 1
                    if buffer[index] >= 0xC0 { letters += 1 }
                    // In Western text an accented letter stands alone; in Cyrillic whole words are above 0xC0.
                    if wasBad { runs += 1 }
                    wasBad = true
                    index += 1
                }
            }
        }
        return (good, bad, letters * 10 > bad * 8 && runs * 2 > bad)
    }
}
