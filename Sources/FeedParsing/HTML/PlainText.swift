package import Model

/// Markup to what a reader sees: one pass over the bytes, in time and memory linear in them, whatever they are.
package enum PlainText {
    /// Tags out, block elements as breaks, entities decoded, `alt` texts kept, scripts and styles dropped. White space
    /// collapses to single spaces, and to one line break where a block begins or ends.
    package static func render(_ text: FeedText) -> String {
        var source = text.source
        return source.withUTF8 { bytes in
            var writer = PlainTextWriter(capacity: bytes.count)
            if text.isHTML {
                render(bytes, into: &writer)
            } else {
                for byte in bytes { writer.append(byte) }
            }
            return writer.text
        }
    }

    /// A title or a name: on one line. Markup in it is read as markup only where there is some.
    static func line(_ text: String) -> String {
        let hasMarkup = text.utf8.contains { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }
        let rendered = render(FeedText(text, isHTML: hasMarkup))
        if !rendered.utf8.contains(0x0A) { return rendered }
        return String(decoding: rendered.utf8.map { $0 == 0x0A ? 0x20 : $0 }, as: UTF8.self)
    }

    private static func render(_ bytes: UnsafeBufferPointer<UInt8>, into writer: inout PlainTextWriter) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "<"): index = tag(bytes, at: index, &writer)
            case UInt8(ascii: "&"):
                if let reference = Entities.reference(bytes, at: index) {
                    writer.append(contentsOf: Array(reference))
                    index = reference.end
                } else {
                    writer.append(byte)
                    index += 1
                }
            default:
                writer.append(byte)
                index += 1
            }
        }
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
        var nameEnd = nameStart
        while nameEnd < bytes.count, Entities.isNameByte(bytes[nameEnd]) { nameEnd += 1 }
        guard let end = tagEnd(bytes, from: nameEnd) else {
            // Never closed: what follows is lost to every reader, unless it is text after all.
            writer.append(bytes[start])
            return start + 1
        }
        switch HTMLElement(bytes[nameStart..<nameEnd]) {
        case .block: writer.breakLine()
        case .cell: writer.append(0x20)
        case .image where !isEnd:
            if let alt = attribute("alt", bytes, nameEnd..<end) {
                writer.append(0x20)
                alt.withContiguousStorageIfAvailable { render($0, into: &writer) }
                writer.append(0x20)
            }
        case .raw(let name) where !isEnd: return rawEnd(name, bytes, from: end + 1)
        default: break
        }
        return end + 1
    }

    private static func declaration(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ writer: inout PlainTextWriter
    ) -> Int {
        func holds(_ text: StaticString) -> Bool {
            start + text.utf8CodeUnitCount <= bytes.count
                && (0..<text.utf8CodeUnitCount).allSatisfy { bytes[start + $0] == text.utf8Start[$0] }
        }
        if holds("<!--") {
            if !writer.lacksCommentEnd, let end = ByteSearch.end(of: "-->", in: bytes, from: start + 4) { return end }
            // It never ends: then it goes to the end of what looks like a tag, and the rest is text.
            writer.lacksCommentEnd = true
            return tagEnd(bytes, from: start + 4).map { $0 + 1 } ?? start + 4
        }
        if holds("<![CDATA[") {
            let end = ByteSearch.end(of: "]]>", in: bytes, from: start + 9)
            for index in (start + 9)..<(end.map { $0 - 3 } ?? bytes.count) { writer.append(bytes[index]) }
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

    /// Where the `>` of a tag is, quoted values skipped. A quote that never closes does not count.
    static func tagEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        // A tag of more than this is none; so the look is bounded, and a million open ones stay linear.
        let limit = min(bytes.count, start + 65_536)
        while index < limit {
            let byte = bytes[index]
            if byte == UInt8(ascii: ">") { return index }
            if byte == UInt8(ascii: "<"), index > start { return nil }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), index > start,
                bytes[index - 1] == UInt8(ascii: "=") || bytes[index - 1] == 0x20
            {
                var close = index + 1
                let reach = min(limit, index + 4096)
                while close < reach, bytes[close] != byte { close += 1 }
                if close < reach { index = close }
            }
            index += 1
        }
        return nil
    }

    private static func attribute(
        _ name: StaticString, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
    ) -> [UInt8]? {
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
            let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
            let valueStart = isQuoted ? index + 1 : index
            index = valueStart
            while index < range.upperBound, isQuoted ? bytes[index] != quote : bytes[index] > 0x20 { index += 1 }
            if isIt { return Array(bytes[valueStart..<index]) }
        }
        return nil
    }

    /// Past the end tag of an element whose content is no text for readers.
    private static func rawEnd(_ name: StaticString, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while let found = ByteSearch.end(of: "</", in: bytes, from: index) {
            let length = name.utf8CodeUnitCount
            if found + length <= bytes.count,
                (0..<length).allSatisfy({ bytes[found + $0] | 0x20 == name.utf8Start[$0] })
            {
                return tagEnd(bytes, from: found + length).map { $0 + 1 } ?? bytes.count
            }
            index = found
        }
        return bytes.count
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20)
    }
}

/// What a tag does to the text.
private enum HTMLElement {
    case inline
    /// Begins and ends a line.
    case block
    case cell
    case image
    /// Its content is dropped.
    case raw(StaticString)

    init(_ name: Slice<UnsafeBufferPointer<UInt8>>) {
        guard name.count <= 10 else {
            self = .inline
            return
        }
        var key: UInt64 = 0
        for byte in name { key = Self.mixed(key, (0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
        self = Self.table[key] ?? .inline
    }

    /// FNV-1a. Two names of the table do not meet: the table would have lost one, and a test would miss its break.
    @inline(__always)
    private static func mixed(_ key: UInt64, _ byte: UInt8) -> UInt64 {
        (key ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 &+ 0x9E37
    }

    private static let table: [UInt64: HTMLElement] = {
        let blocks = """
            p div br li ul ol tr table h1 h2 h3 h4 h5 h6 hr pre dl dt dd section article header footer figure figcaption aside \
            nav main blockquote form fieldset center address details summary caption tbody thead option title
            """
        var table: [UInt64: HTMLElement] = [:]
        func add(_ names: String, _ element: HTMLElement) {
            for name in names.split(separator: " ") { table[name.utf8.reduce(0, mixed)] = element }
        }
        add(blocks, .block)
        add("td th", .cell)
        add("img area", .image)
        add("script", .raw("script"))
        add("style", .raw("style"))
        add("template", .raw("template"))
        return table
    }()
}
