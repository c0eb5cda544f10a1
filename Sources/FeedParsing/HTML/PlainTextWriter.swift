/// Writes text with its white space collapsed, into memory that holds all of it.
///
/// White space is written when it comes, and no second one behind it; so the last byte tells what there is, and a break
/// replaces a space. A byte up to 0x20 is never anything else: those of the text are white space too.
struct PlainTextWriter {
    private let start: UnsafeMutablePointer<UInt8>
    private var end: UnsafeMutablePointer<UInt8>
    /// All bytes written, one upon the other: whether all are ASCII.
    private var bits: UInt64 = 0
    private let lineBreak: UInt8
    /// Whether a comment was found that never ends, so that no other is looked for.
    var lacksCommentEnd = false

    /// What `write` made of a source of `count` bytes.
    ///
    /// - Parameters:
    ///   - lineBreak: what stands between blocks.
    ///   - write: writes nothing but whole characters, in the order of the source.
    static func text(
        ofSourceOf count: Int, lineBreak: UInt8, _ write: (inout PlainTextWriter) -> Void
    ) -> String {
        // `&nGt;` becomes six bytes, and no reference grows more. Words of eight bytes are written, and one in front.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + count / 5 + 24) { memory in
            guard let base = memory.baseAddress else { return "" }
            // As if a block had ended: white space at the start is none.
            base.pointee = lineBreak
            var writer = PlainTextWriter(start: base + 1, end: base + 1, lineBreak: lineBreak)
            write(&writer)
            return writer.text
        }
    }

    private init(start: UnsafeMutablePointer<UInt8>, end: UnsafeMutablePointer<UInt8>, lineBreak: UInt8) {
        self.start = start
        self.end = end
        self.lineBreak = lineBreak
    }

    /// Not validated again: it comes from a string that was cut at ASCII bytes only, and whole characters of references.
    private var text: String {
        let last = end > start && end[-1] <= 0x20 ? end - 1 : end
        let bytes = UnsafeBufferPointer(start: UnsafePointer(start), count: last - start)
        return String(
            copying: UTF8Span(unchecked: Span(_unsafeElements: bytes), isKnownASCII: bits & 0x8080_8080_8080_8080 == 0))
    }

    /// How many bytes at the start are written as they are. What follows is markup, or white space other than one space
    /// between two words.
    static func unchangedPrefix(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var index = 0
        var afterSpace: UInt64 = 0x80
        while index &+ 8 <= bytes.count {
            let (stops, spaces) = Self.stops(EightBytes(base + index), afterSpace)
            if stops != 0 { return index &+ EightBytes.first(stops) }
            afterSpace = spaces &>> 56
            index &+= 8
        }
        var last: UInt8 = afterSpace == 0 ? 0xFF : 0x20
        while index < bytes.count, !Self.isStop(bytes[index], after: last) {
            last = bytes[index]
            index &+= 1
        }
        return index
    }

    /// Copies text as far as it is written as it is. Returns where that ends.
    mutating func copyText(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard let base = bytes.baseAddress else { return start }
        var source = base + start
        let limit = base + bytes.count
        var target = end
        var all = bits
        defer {
            end = target
            bits = all
        }
        var afterSpace: UInt64 = target[-1] <= 0x20 ? 0x80 : 0
        while limit - source >= 8 {
            let eight = EightBytes(source)
            UnsafeMutableRawPointer(target).storeBytes(of: eight.word.littleEndian, as: UInt64.self)
            let (stops, spaces) = Self.stops(eight, afterSpace)
            if stops != 0 {
                let count = EightBytes.first(stops)
                all |= eight.prefix(count)
                target += count
                return source + count - base
            }
            all |= eight.word
            afterSpace = spaces &>> 56
            source += 8
            target += 8
        }
        while source < limit, !Self.isStop(source.pointee, after: target[-1]) {
            target.pointee = source.pointee
            all |= UInt64(source.pointee)
            source += 1
            target += 1
        }
        return source - base
    }

    /// Text that is known to stay as it is.
    mutating func copy(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress else { return }
        end.update(from: base, count: bytes.count)
        end += bytes.count
        for byte in bytes { bits |= UInt64(byte) }
    }

    /// Which of the eight need a look, and which are spaces.
    @inline(__always)
    private static func stops(_ eight: EightBytes, _ afterSpace: UInt64) -> (stops: UInt64, spaces: UInt64) {
        let spaces = eight.equal(to: 0x20)
        let stops =
            eight.below(0x20) | eight.equal(to: UInt8(ascii: "<")) | eight.equal(to: UInt8(ascii: "&"))
            | spaces & (spaces &<< 8 | afterSpace)
        return (stops, spaces)
    }

    @inline(__always)
    private static func isStop(_ byte: UInt8, after last: UInt8) -> Bool {
        byte <= 0x20 ? byte < 0x20 || last <= 0x20 : byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&")
    }

    /// A byte of text that is no white space.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        end.pointee = byte
        end += 1
        bits |= UInt64(byte)
    }

    /// A no-break space is a space to a reader.
    @inline(__always)
    mutating func append(_ reference: Entities.Reference) {
        if reference.utf8 <= 0x20 || reference.utf8 == 0xA0C2 { return appendSpace() }
        UnsafeMutableRawPointer(end).storeBytes(of: reference.utf8.littleEndian, as: UInt64.self)
        end += reference.count
        bits |= reference.utf8
    }

    @inline(__always)
    mutating func appendSpace() {
        if end[-1] > 0x20 { append(0x20) }
    }

    @inline(__always)
    mutating func breakLine() {
        if end[-1] <= 0x20 {
            end[-1] = lineBreak
        } else {
            append(lineBreak)
        }
    }
}
