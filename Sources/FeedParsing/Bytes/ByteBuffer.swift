import Glibc

/// Bytes that grow. Unlike an array it has no count of references and no bounds to check, since it is where every byte of
/// a document goes.
struct ByteBuffer: ~Copyable {
    private(set) var start: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private(set) var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        start = .allocate(capacity: self.capacity)
    }

    deinit { start.deallocate() }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count == capacity { grow(by: 1) }
        start[count] = byte
        count &+= 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafePointer<UInt8>, count added: Int) {
        if capacity &- count < added { grow(by: added) }
        memcpy(start + count, bytes, added)
        count &+= added
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        if let first = bytes.baseAddress { append(first, count: bytes.count) }
    }

    mutating func append(_ text: StaticString) {
        append(text.utf8Start, count: text.utf8CodeUnitCount)
    }

    mutating func append(_ reference: Entities.Reference) {
        var utf8 = reference.utf8
        for _ in 0..<reference.count {
            append(UInt8(truncatingIfNeeded: utf8))
            utf8 >>= 8
        }
    }

    /// Drops what is behind the first `count` bytes.
    mutating func truncate(to count: Int) { self.count = min(count, self.count) }

    /// The bytes from there on, until the buffer changes.
    func bytes(from index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start + index, count: count - index)
    }

    /// Control characters become spaces, and CR LF and CR become LF (XML 1.0 §2.2, §2.11).
    mutating func replaceControls(from first: Int) {
        var written = first
        var index = first
        while index < count {
            var byte = start[index]
            index &+= 1
            if byte < 0x20, byte != 0x09, byte != 0x0A {
                if byte == 0x0D {
                    byte = 0x0A
                    if index < count, start[index] == 0x0A { index &+= 1 }
                } else {
                    byte = 0x20
                }
            }
            start[written] = byte
            written &+= 1
        }
        count = written
    }

    @inline(never)
    private mutating func grow(by added: Int) {
        let larger = max(capacity * 2, count + added)
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        memcpy(copy, start, count)
        start.deallocate()
        start = copy
        capacity = larger
    }
}

extension String {
    /// Bytes that are known to be UTF-8: nobody looks at them a second time.
    init(validUTF8 bytes: UnsafeBufferPointer<UInt8>) {
        self.init(copying: UTF8Span(unchecked: Span(_unsafeElements: bytes)))
    }
}
