/// Finds where tags, comments and scripts of one text end (HTML, section 13.2.5).
///
/// What was looked for ahead is remembered, so that a million tags that never end take no longer than one.
struct TagReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var double = Found()
    private var single = Found()
    /// Whether a comment was found that never ends.
    private var lacksCommentEnd = false
    /// Elements whose end tags are all behind.
    private var endless: [UInt64] = []

    /// The first of something at or after `from`.
    private struct Found {
        var from = 0
        /// Before `from`: nothing is known.
        var place = -1
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    // MARK: tags

    /// So many values of a tag may have a `<` in them. Each may begin a tag when this is none, and all of them with
    /// their values would be looked at again for each.
    private static let mostHidden = 16

    /// A longer value is one only where the tag goes on or ends behind its quote: else some quote was forgotten, and
    /// what follows is text.
    private static let longValue = 4096

    /// Where the `>` of a tag is, quoted values skipped. A quote that never closes does not count.
    mutating func tagEnd(from start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var index = start
        let limit = bytes.count
        var hidden = 0
        while index < limit {
            let byte = bytes[index]
            if byte == UInt8(ascii: ">") { return index }
            if index > start {
                if byte == UInt8(ascii: "<") { return nil }
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"),
                    bytes[index - 1] == UInt8(ascii: "=") || bytes[index - 1] == 0x20,
                    let close = valueEnd(byte, from: index + 1)
                {
                    if ByteSearch.first(UInt8(ascii: "<"), in: bytes, index..<close) != nil { hidden += 1 }
                    if hidden > Self.mostHidden { return nil }
                    index = close
                }
            }
            index += 1
            // To the next that may be one of these.
            while index + 16 <= limit {
                let stop = Self.mayEndTag(SixteenBytes(at: base + index)).first
                index += stop
                if stop < 16 { break }
            }
        }
        return nil
    }

    /// Where the quote is that closes a value.
    @inline(__always)
    private mutating func valueEnd(_ quote: UInt8, from start: Int) -> Int? {
        let near = min(bytes.count, start + Self.longValue)
        if let close = ByteSearch.first(quote, in: bytes, start..<near) { return close }
        return near == bytes.count ? nil : longValueEnd(quote, from: start, searched: near)
    }

    @inline(never)
    private mutating func longValueEnd(_ quote: UInt8, from start: Int, searched: Int) -> Int? {
        var found = quote == UInt8(ascii: "'") ? single : double
        if found.from > searched || found.place < searched {
            found.from = searched
            found.place = ByteSearch.first(quote, in: bytes, searched..<bytes.count) ?? bytes.count
            if quote == UInt8(ascii: "'") { single = found } else { double = found }
        }
        guard found.place + 1 < bytes.count else { return nil }
        let next = bytes[found.place + 1]
        return next <= 0x20 || next == UInt8(ascii: ">") || next == UInt8(ascii: "/") ? found.place : nil
    }

    @inline(__always)
    private static func mayEndTag(_ text: SixteenBytes) -> SIMDMask<SIMD16<Int8>> {
        (text .== SixteenBytes(repeating: UInt8(ascii: ">"))) .| (text .== SixteenBytes(repeating: UInt8(ascii: "<")))
            .| (text .== SixteenBytes(repeating: UInt8(ascii: "\"")))
            .| (text .== SixteenBytes(repeating: UInt8(ascii: "'")))
    }

    /// Whether there are so many whole tags of elements that HTML has.
    mutating func hasKnownTags(_ count: Int) -> Bool {
        var left = count
        var index = 0
        while left > 0, let open = ByteSearch.first(UInt8(ascii: "<"), in: bytes, index..<bytes.count) {
            index = open + 1
            let isEnd = index < bytes.count && bytes[index] == UInt8(ascii: "/")
            let name = HTMLName(bytes, from: isEnd ? index + 1 : index)
            guard name.count > 0, HTMLElement.isKnown(name), let end = tagEnd(from: index + (isEnd ? 1 : 0)) else {
                continue
            }
            left -= 1
            index = end + 1
        }
        return left == 0
    }

    // MARK: comments and scripts

    /// Past the end of the comment at `start`: `-->`, `--!>`, and `<!-->` is one too. Nil when it never ends.
    mutating func commentEnd(at start: Int) -> Int? {
        if lacksCommentEnd { return nil }
        var index = start + 4
        while index < bytes.count, let found = ByteSearch.first(UInt8(ascii: ">"), in: bytes, index..<bytes.count) {
            let isEnd =
                bytes[found - 1] == UInt8(ascii: "-") && bytes[found - 2] == UInt8(ascii: "-")
                || found >= start + 7 && ByteSearch.holds(bytes, at: found - 3, "--!")
            if isEnd { return found + 1 }
            index = found + 1
        }
        lacksCommentEnd = true
        return nil
    }

    /// Past the end tag of an element whose content is no text for readers. Nil when there is none.
    mutating func rawEnd(_ name: HTMLName, from start: Int) -> Int? {
        if endless.contains(name.head) { return nil }
        var index = start
        while let found = ByteSearch.end(of: "</", in: bytes, from: index) {
            let nameEnd = found + name.count
            if name.begins(bytes, at: found), nameEnd == bytes.count || !Entities.isNameByte(bytes[nameEnd]) {
                return tagEnd(from: nameEnd).map { $0 + 1 } ?? nameEnd
            }
            index = found
        }
        endless.append(name.head)
        return nil
    }
}
