/// Collects text with its white space collapsed.
struct PlainTextWriter {
    private var bytes: [UInt8] = []
    private var pending: UInt8?
    /// Whether a comment was found that never ends, so that no other is looked for.
    var lacksCommentEnd = false

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if byte <= 0x20 {
            if pending == nil { pending = 0x20 }
            return
        }
        flush()
        bytes.append(byte)
    }

    /// Text that came out of a reference: a no-break space is a space to a reader.
    mutating func append(contentsOf utf8: [UInt8]) {
        if utf8 == [0xC2, 0xA0] { return append(0x20) }
        for byte in utf8 { append(byte) }
    }

    mutating func breakLine() {
        pending = 0x0A
    }

    @inline(__always)
    private mutating func flush() {
        guard let space = pending else { return }
        if !bytes.isEmpty { bytes.append(space) }
        pending = nil
    }
}
