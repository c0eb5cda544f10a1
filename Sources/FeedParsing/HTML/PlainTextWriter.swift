/// Writes text with its white space collapsed, into memory that holds all of it.
///
/// White space is written when it comes, and no second one behind it; so the last byte tells what there is, and a break
/// replaces a space. A byte up to 0x20 is never anything else: those of the text are white space too.
struct PlainTextWriter {
    private let start: UnsafeMutablePointer<UInt8>
    private var end: UnsafeMutablePointer<UInt8>
    private let lineBreak: UInt8
    /// Whether the source had a tag.
    var hasTags = false
    /// How many `<` came of references.
    private var escapedTags = 0

    /// What `write` made of a source of `count` bytes.
    ///
    /// - Parameters:
    ///   - lineBreak: what stands between blocks.
    ///   - write: writes nothing but whole characters, in the order of the source.
    static func text(
        ofSourceOf count: Int, lineBreak: UInt8, _ write: (inout PlainTextWriter) -> Void
    ) -> String {
        // `&nGt;` becomes six bytes, and no reference grows more. Sixteen are written at once, and one in front.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + count / 5 + 40) { memory in
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

    /// Not validated again: it is what a string had between ASCII bytes, and whole characters of references.
    private var text: String {
        let last = end > start && end[-1] <= 0x20 ? end - 1 : end
        let bytes = UnsafeBufferPointer(start: UnsafePointer(start), count: last - start)
        return String(copying: UTF8Span(unchecked: Span(_unsafeElements: bytes), isKnownASCII: isASCII(bytes.count)))
    }

    /// Whether what was written has two tags of HTML or more, and the source had none.
    var holdsOnlyEscapedTags: Bool {
        guard !hasTags, escapedTags >= 2 else { return false }
        let bytes = UnsafeBufferPointer(start: UnsafePointer(start), count: end - start)
        var tags = TagReader(bytes)
        return tags.hasKnownTags(2)
    }

    private func isASCII(_ count: Int) -> Bool {
        var index = 0
        var all = SixteenBytes(repeating: 0)
        while index &+ 16 <= count {
            all |= SixteenBytes(at: start + index)
            index &+= 16
        }
        all |= SixteenBytes(at: start + index, count: count - index)
        return (all .>= SixteenBytes(repeating: 0x80)).first == 16
    }

    // MARK: text that stays as it is

    /// How many bytes at the start are written as they are. What follows is markup, or white space other than one space
    /// between two words.
    static func unchangedPrefix(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let base = bytes.baseAddress, !bytes.isEmpty, !isStop(base.pointee, after: 0x20) else { return 0 }
        var index = 1
        while index &+ 16 <= bytes.count {
            let stop = stop(in: SixteenBytes(at: base + index), after: SixteenBytes(at: base + index - 1))
            if stop < 16 { return index &+ stop }
            index &+= 16
        }
        let left = bytes.count - index
        let last = SixteenBytes(at: base + index, count: left)
        return index + stop(in: last, after: SixteenBytes(at: base + index - 1, count: left))
    }

    /// Copies text as far as it is written as it is. Returns where that ends.
    mutating func copyText(_ bytes: UnsafeBufferPointer<UInt8>, from index: Int) -> Int {
        guard let base = bytes.baseAddress, index < bytes.count else { return index }
        var source = base + index
        // Of the first alone it is not the source that tells what stands in front of it.
        if Self.isStop(source.pointee, after: end[-1]) { return index }
        let limit = base + bytes.count
        var target = end
        target.pointee = source.pointee
        source += 1
        target += 1
        var stop = 16
        while limit - source >= 16 {
            let text = SixteenBytes(at: source)
            text.write(to: target)
            stop = Self.stop(in: text, after: SixteenBytes(at: source - 1))
            if stop < 16 { break }
            source += 16
            target += 16
        }
        if stop == 16 {
            let text = SixteenBytes(at: source, count: limit - source)
            text.write(to: target)
            stop = Self.stop(in: text, after: SixteenBytes(at: source - 1, count: limit - source))
        }
        end = target + stop
        return source + stop - base
    }

    /// Text that is known to stay as it is.
    mutating func copy(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress else { return }
        end.update(from: base, count: bytes.count)
        end += bytes.count
    }

    /// The first of the sixteen that needs a look, or 16. `previous` are those that stand one in front of each.
    @inline(__always)
    private static func stop(in text: SixteenBytes, after previous: SixteenBytes) -> Int {
        let space = SixteenBytes(repeating: 0x20)
        let isSecondSpace = (text .== space) .& (previous .== space)
        let isMarkup =
            (text .== SixteenBytes(repeating: UInt8(ascii: "<")))
            .| (text .== SixteenBytes(repeating: UInt8(ascii: "&")))
        return ((text .< space) .| isMarkup .| isSecondSpace).first
    }

    @inline(__always)
    private static func isStop(_ byte: UInt8, after last: UInt8) -> Bool {
        byte <= 0x20 ? byte < 0x20 || last <= 0x20 : byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&")
    }

    // MARK: what comes of markup

    /// A byte of text that is no white space.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        end.pointee = byte
        end += 1
    }

    /// A no-break space is a space to a reader.
    @inline(__always)
    mutating func append(_ reference: Entities.Reference) {
        if reference.utf8 <= 0x20 || reference.utf8 == 0xA0C2 { return appendSpace() }
        if reference.utf8 == 0x3C { escapedTags &+= 1 }
        UnsafeMutableRawPointer(end).storeBytes(of: reference.utf8.littleEndian, as: UInt64.self)
        end += reference.count
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
