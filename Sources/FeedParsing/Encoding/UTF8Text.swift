import Glibc

/// Valid UTF-8 or not (RFC 3629), over bytes.
enum UTF8Text {
    /// Nil when it is not valid; else whether it is nothing but ASCII.
    ///
    /// Every document goes through here, so runs have loops of their own: eight bytes of ASCII at a time, four letters of
    /// two bytes (Cyrillic, Arabic), and those of three with one load each.
    static func validity(of bytes: [UInt8]) -> Bool? {
        bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return true }
            let count = buffer.count
            var index = 0
            var isASCII = true
            while true {
                while index + 8 <= count {
                    let ones = start.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080
                    if ones != 0 {
                        index += ones.littleEndian.trailingZeroBitCount / 8
                        break
                    }
                    index += 8
                }
                while index < count, buffer[index] < 0x80 { index += 1 }
                if index == count { return isASCII }
                isASCII = false
                let next = endOfRun(start, count, from: index)
                if next < 0 { return nil }
                index = next
            }
        }
    }

    /// Where the run of sequences of several bytes ends that begins at `index`, or -1 when one is not valid.
    @inline(__always)
    private static func endOfRun(_ start: UnsafeRawPointer, _ count: Int, from first: Int) -> Int {
        var index = first
        while index + 8 <= count {
            let word = start.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            if word & 0xC0E0_C0E0_C0E0_C0E0 == 0x80C0_80C0_80C0_80C0 {
                // Four of two bytes. 0xC0 and 0xC1 would be overlong.
                let leads = word & 0x001E_001E_001E_001E
                if (leads &+ 0x00FE_00FE_00FE_00FE) & 0x0100_0100_0100_0100 != 0x0100_0100_0100_0100 { return -1 }
                index += 8
                continue
            }
            if word & 0xC0C0F0 == 0x8080E0 {
                let head = word & 0x200F
                if head == 0 || head == 0x200D { return -1 }
                index += 3
                continue
            }
            if word & 0x80 == 0 { return index }
            if word & 0xC0E0 == 0x80C0 {
                if word & 0x1E == 0 { return -1 }
                index += 2
                continue
            }
            let length = sequenceLength(UnsafeRawBufferPointer(start: start, count: count), at: index)
            if length == 0 { return -1 }
            index += length
        }
        let buffer = UnsafeRawBufferPointer(start: start, count: count)
        while index < count, buffer[index] >= 0x80 {
            let length = sequenceLength(buffer, at: index)
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
