package import Model

/// Markup to what a reader sees: one pass over the bytes, in time and memory linear in them, whatever they are.
package enum PlainText {
    /// Tags out, block elements as breaks, entities decoded, `alt` texts kept, scripts and styles dropped. White space
    /// collapses to single spaces, and to one line break where a block begins or ends. The very same string when
    /// nothing in it changes. HTML that was escaped twice as a whole is read twice, and never more often: it has no
    /// tag, and two or more come out of its references.
    package static func render(_ text: FeedText) -> String {
        rendered(text.source, isHTML: text.isHTML, lineBreak: 0x0A, mayBeEscapedTwice: true)
    }

    /// A title or a name: on one line. Markup in it is read as markup only where there is some.
    static func line(_ text: String) -> String {
        rendered(text, isHTML: true, lineBreak: 0x20)
    }

    static func line(_ text: FeedText) -> String {
        rendered(text.source, isHTML: text.isHTML, lineBreak: 0x20)
    }

    /// Whether the text is HTML whose tags are all escaped, two or more.
    static func isEscapedTwice(_ text: FeedText) -> Bool {
        guard text.isHTML, text.source.utf8.contains(UInt8(ascii: "&")) else { return false }
        return rendered(text.source, isHTML: true, lineBreak: 0x0A) != render(text)
    }

    private static func rendered(
        _ source: String, isHTML: Bool, lineBreak: UInt8, mayBeEscapedTwice: Bool = false
    ) -> String {
        var text = source
        var isEscapedTwice = false
        let changed = text.withUTF8 { bytes -> String? in
            let prefix = PlainTextWriter.unchangedPrefix(bytes)
            if prefix == bytes.count, bytes.last.map({ $0 > 0x20 }) ?? true { return nil }
            return PlainTextWriter.text(ofSourceOf: bytes.count, lineBreak: lineBreak) { writer in
                writer.copy(UnsafeBufferPointer(rebasing: bytes[..<prefix]))
                if isHTML {
                    render(bytes, from: prefix, into: &writer)
                    isEscapedTwice = mayBeEscapedTwice && writer.holdsOnlyEscapedTags
                } else {
                    copy(bytes, from: prefix, into: &writer)
                }
            }
        }
        guard let changed else { return source }
        return isEscapedTwice ? rendered(changed, isHTML: true, lineBreak: lineBreak) : changed
    }

    private static func render(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, into writer: inout PlainTextWriter
    ) {
        var tags = TagReader(bytes)
        var index = writer.copyText(bytes, from: start)
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "<"): index = tag(bytes, at: index, &tags, &writer)
            case UInt8(ascii: "&"):
                if let reference = Entities.reference(bytes, at: index) {
                    writer.append(reference)
                    index = reference.end
                } else {
                    writer.append(UInt8(ascii: "&"))
                    index += 1
                }
            default: index = space(bytes, at: index, &writer)
            }
            index = writer.copyText(bytes, from: index)
        }
    }

    /// Text that is no markup, whatever it looks like.
    private static func copy(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, into writer: inout PlainTextWriter
    ) {
        var index = writer.copyText(bytes, from: start)
        while index < bytes.count {
            if bytes[index] > 0x20 {
                writer.append(bytes[index])
                index += 1
            } else {
                index = space(bytes, at: index, &writer)
            }
            index = writer.copyText(bytes, from: index)
        }
    }

    @inline(__always)
    private static func space(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ writer: inout PlainTextWriter
    ) -> Int {
        var index = start
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
        writer.appendSpace()
        return index
    }

    /// What stands at a `<`. Returns where the text goes on.
    private static func tag(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ tags: inout TagReader, _ writer: inout PlainTextWriter
    ) -> Int {
        guard start + 1 < bytes.count else {
            writer.append(bytes[start])
            return start + 1
        }
        let next = bytes[start + 1]
        if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") {
            return declaration(bytes, at: start, &tags, &writer)
        }
        let isEnd = next == UInt8(ascii: "/")
        let nameStart = isEnd ? start + 2 : start + 1
        guard nameStart < bytes.count, isLetter(bytes[nameStart]) else {
            // `a < b`
            writer.append(bytes[start])
            return start + 1
        }
        let name = HTMLName(bytes, from: nameStart)
        let nameEnd = nameStart + name.count
        let isBare = nameEnd < bytes.count && bytes[nameEnd] == UInt8(ascii: ">")
        guard let end = isBare ? nameEnd : tags.tagEnd(from: nameEnd) else {
            // Never closed: what follows is lost to every reader, unless it is text after all.
            writer.append(bytes[start])
            return start + 1
        }
        writer.hasTags = true
        switch HTMLElement(name) {
        case .inline: break
        case .block: writer.breakLine()
        case .cell: writer.appendSpace()
        case .image:
            if !isEnd, let alt = attribute("alt", bytes, nameEnd..<end) {
                writer.appendSpace()
                render(UnsafeBufferPointer(rebasing: bytes[alt]), from: 0, into: &writer)
                writer.appendSpace()
            }
        case .raw:
            // A script that closes itself (XHTML), or that never ends, takes no text with it.
            if !isEnd, bytes[end - 1] != UInt8(ascii: "/"), let rawEnd = tags.rawEnd(name, from: end + 1) {
                return rawEnd
            }
        }
        return end + 1
    }

    private static func declaration(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ tags: inout TagReader, _ writer: inout PlainTextWriter
    ) -> Int {
        if ByteSearch.holds(bytes, at: start, "<!--") {
            if let end = tags.commentEnd(at: start) { return end }
            // It never ends: then it goes to the end of what looks like a tag, and the rest is text.
            return tags.tagEnd(from: start + 4).map { $0 + 1 } ?? start + 4
        }
        if ByteSearch.holds(bytes, at: start, "<![CDATA[") {
            let end = ByteSearch.end(of: "]]>", in: bytes, from: start + 9)
            let text = bytes[(start + 9)..<(end.map { $0 - 3 } ?? bytes.count)]
            copy(UnsafeBufferPointer(rebasing: text), from: 0, into: &writer)
            return end ?? bytes.count
        }
        let isDeclaration =
            bytes[start + 1] == UInt8(ascii: "?") || start + 2 < bytes.count && isLetter(bytes[start + 2])
        guard isDeclaration, let end = tags.tagEnd(from: start + 2) else {
            writer.append(bytes[start])
            return start + 1
        }
        return end + 1
    }

    /// Where the value of the attribute is, without its quotes.
    private static func attribute(
        _ name: StaticString, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
    ) -> Range<Int>? {
        var index = range.lowerBound
        while index < range.upperBound {
            while index < range.upperBound, !isLetter(bytes[index]) { index += 1 }
            let start = index
            while index < range.upperBound, isLetter(bytes[index]) || bytes[index] == UInt8(ascii: "-") { index += 1 }
            let isIt =
                index - start == name.utf8CodeUnitCount
                && (0..<name.utf8CodeUnitCount).allSatisfy { bytes[start + $0] | 0x20 == name.utf8Start[$0] }
            while index < range.upperBound, bytes[index] == 0x20 { index += 1 }
            guard index < range.upperBound, bytes[index] == UInt8(ascii: "=") else { continue }
            index += 1
            while index < range.upperBound, bytes[index] == 0x20 { index += 1 }
            guard index < range.upperBound else { return nil }
            let quote = bytes[index]
            let valueStart: Int
            if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                valueStart = index + 1
                index = ByteSearch.first(quote, in: bytes, valueStart..<range.upperBound) ?? range.upperBound
            } else {
                valueStart = index
                while index < range.upperBound, bytes[index] > 0x20 { index += 1 }
            }
            if isIt { return valueStart..<index }
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20)
    }
}
