package import Model

/// Markup to what a reader sees: one pass over the bytes, in time and memory linear in them, whatever they are.
package enum PlainText {
    /// Tags out, block elements as breaks, entities decoded, `alt` texts kept, scripts and styles dropped. White space
    /// collapses to single spaces, and to one line break where a block begins or ends. The very same string when
    /// nothing in it changes.
    package static func render(_ text: FeedText) -> String {
        rendered(text.source, isHTML: text.isHTML, lineBreak: 0x0A)
    }

    /// A title or a name: on one line. Markup in it is read as markup only where there is some.
    static func line(_ text: String) -> String {
        rendered(text, isHTML: true, lineBreak: 0x20)
    }

    static func line(_ text: FeedText) -> String {
        rendered(text.source, isHTML: text.isHTML, lineBreak: 0x20)
    }

    private static func rendered(_ source: String, isHTML: Bool, lineBreak: UInt8) -> String {
        var text = source
        let changed = text.withUTF8 { bytes -> String? in
            let prefix = PlainTextWriter.unchangedPrefix(bytes)
            if prefix == bytes.count, bytes.last.map({ $0 > 0x20 }) ?? true { return nil }
            return PlainTextWriter.text(ofSourceOf: bytes.count, lineBreak: lineBreak) { writer in
                writer.copy(UnsafeBufferPointer(rebasing: bytes[..<prefix]))
                if isHTML {
                    render(bytes, from: prefix, into: &writer)
                } else {
                    copy(bytes, from: prefix, into: &writer)
                }
            }
        }
        return changed ?? source
    }

    private static func render(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, into writer: inout PlainTextWriter
    ) {
        var index = writer.copyText(bytes, from: start)
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "<"): index = tag(bytes, at: index, &writer)
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
    private static func tag(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ writer: inout PlainTextWriter) -> Int
    {
        guard start + 1 < bytes.count else {
            writer.append(bytes[start])
            return start + 1
        }
        let next = bytes[start + 1]
        if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") { return declaration(bytes, at: start, &writer) }
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
        guard let end = isBare ? nameEnd : tagEnd(bytes, from: nameEnd) else {
            // Never closed: what follows is lost to every reader, unless it is text after all.
            writer.append(bytes[start])
            return start + 1
        }
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
            if !isEnd { return rawEnd(name, bytes, from: end + 1) }
        }
        return end + 1
    }

    private static func declaration(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ writer: inout PlainTextWriter
    ) -> Int {
        if ByteSearch.holds(bytes, at: start, "<!--") {
            if !writer.lacksCommentEnd, let end = ByteSearch.end(of: "-->", in: bytes, from: start + 4) { return end }
            // It never ends: then it goes to the end of what looks like a tag, and the rest is text.
            writer.lacksCommentEnd = true
            return tagEnd(bytes, from: start + 4).map { $0 + 1 } ?? start + 4
        }
        if ByteSearch.holds(bytes, at: start, "<![CDATA[") {
            let end = ByteSearch.end(of: "]]>", in: bytes, from: start + 9)
            let text = bytes[(start + 9)..<(end.map { $0 - 3 } ?? bytes.count)]
            copy(UnsafeBufferPointer(rebasing: text), from: 0, into: &writer)
            return end ?? bytes.count
        }
        let isDeclaration =
            bytes[start + 1] == UInt8(ascii: "?") || start + 2 < bytes.count && isLetter(bytes[start + 2])
        guard isDeclaration, let end = tagEnd(bytes, from: start + 2) else {
            writer.append(bytes[start])
            return start + 1
        }
        return end + 1
    }

    /// So many values of a tag may have a `<` in them. Each may begin a tag when this is none, and all of them with their
    /// values would be looked at again for each.
    private static let mostHidden = 16

    /// Where the `>` of a tag is, quoted values skipped. A quote that never closes does not count.
    static func tagEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var index = start
        // A tag of more than this is none; so the look is bounded, and a million open ones stay linear.
        let limit = min(bytes.count, start + 65_536)
        var hidden = 0
        while index < limit {
            let byte = bytes[index]
            if byte == UInt8(ascii: ">") { return index }
            if index > start {
                if byte == UInt8(ascii: "<") { return nil }
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"),
                    bytes[index - 1] == UInt8(ascii: "=") || bytes[index - 1] == 0x20
                {
                    let reach = min(limit, index + 4096)
                    if let close = ByteSearch.first(byte, in: bytes, (index + 1)..<reach) {
                        if ByteSearch.first(UInt8(ascii: "<"), in: bytes, index..<close) != nil { hidden += 1 }
                        if hidden > mostHidden { return nil }
                        index = close
                    }
                }
            }
            index += 1
            // To the next that may be one of these.
            while index + 16 <= limit {
                let stop = mayEndTag(SixteenBytes(at: base + index)).first
                index += stop
                if stop < 16 { break }
            }
        }
        return nil
    }

    @inline(__always)
    private static func mayEndTag(_ text: SixteenBytes) -> SIMDMask<SIMD16<Int8>> {
        (text .== SixteenBytes(repeating: UInt8(ascii: ">"))) .| (text .== SixteenBytes(repeating: UInt8(ascii: "<")))
            .| (text .== SixteenBytes(repeating: UInt8(ascii: "\"")))
            .| (text .== SixteenBytes(repeating: UInt8(ascii: "'")))
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

    /// Past the end tag of an element whose content is no text for readers.
    private static func rawEnd(_ name: HTMLName, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while let found = ByteSearch.end(of: "</", in: bytes, from: index) {
            if name.begins(bytes, at: found) {
                return tagEnd(bytes, from: found + name.count).map { $0 + 1 } ?? bytes.count
            }
            index = found
        }
        return bytes.count
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20)
    }
}
