import Glibc

/// Finding short byte strings in long ones.
enum ByteSearch {
    /// Where the first `needle` at or after `start` ends. Nil when there is none.
    static func end(of needle: StaticString, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        let length = needle.utf8CodeUnitCount
        let first = needle.utf8Start[0]
        var index = max(start, 0)
        while index + length <= bytes.count,
            let found = self.first(first, in: bytes, index..<(bytes.count - length + 1))
        {
            if holds(bytes, at: found, needle) { return found + length }
            index = found + 1
        }
        return nil
    }

    static func holds(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, _ needle: StaticString) -> Bool {
        let length = needle.utf8CodeUnitCount
        guard index + length <= bytes.count else { return false }
        for offset in 0..<length where bytes[index + offset] != needle.utf8Start[offset] { return false }
        return true
    }

    /// Where the first such byte of the range is.
    @inline(__always)
    static func first(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
        guard let base = UnsafeRawPointer(bytes.baseAddress),
            let found = memchr(base + range.lowerBound, Int32(byte), range.count)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
