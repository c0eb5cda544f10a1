import CLibXML2
import Model

/// A dialect in XML. Elements come in the order of the document; the text of an element comes with its end, markup inside
/// it as HTML.
protocol Dialect {
    mutating func start(_ tag: borrowing XMLStartTag, _ scope: XMLScope)
    mutating func end(_ name: XMLName, _ text: XMLText, _ scope: XMLScope)
    consuming func finish() -> ParsedFeed
    /// Whether it has as many items as a feed may have (`ItemLimit`), so that the rest need not be read.
    var isFull: Bool { get }
    /// Whether the content of this element is wanted as one text, with the markup that is in it.
    func capturesMarkup(of tag: borrowing XMLStartTag) -> Bool
}

/// As many items as are read of one feed: the largest archives have a tenth of it, and memory is bounded by it.
enum ItemLimit {
    static let most = 200_000
}

/// Where an element stands.
struct XMLScope {
    /// What links are resolved against here (`xml:base`, RFC 3986 §5.1.1).
    var base: String?
    var language: String?
    /// Elements above it.
    var depth: Int
}

/// The content of an element.
struct XMLText {
    var string: String
    /// Whether elements were in it: then it is markup, with its text escaped.
    var hasMarkup: Bool
    /// What links in it are relative to.
    var base: String?

    var isBlank: Bool { string.utf8.allSatisfy { $0 <= 0x20 } }
}

/// libxml2's SAX parser, recovering, with bounds of our own (ARCHITECTURE.md, *Decisions*).
enum XMLFeedReader {
    static func parse(_ bytes: [UInt8], base: String?) throws(ParseError) -> ParsedFeed {
        let (text, warnings) = XMLRepair.repaired(bytes)
        let handler = XMLHandler(base: base)
        run(text, handler)
        guard var feed = handler.finish() else { throw .notAFeed(looksLike: ForeignDocument.kind(of: bytes)) }
        // What the dialect warns of (a date that cannot be read) leaves the document well-formed.
        var unread = feed.warnings
        if handler.hasAllItems { unread.append("only the first \(feed.items.count) items were read") }
        feed.warnings = warnings + handler.warnings
        feed.isTruncated = !handler.hasAllItems && !isClosed(text, root: handler.rootTag)
        if feed.isTruncated { feed.warnings.append("the document ends before its end tag") }
        feed.bozo = !feed.warnings.isEmpty
        feed.warnings += unread.prefix(20)
        return feed
    }

    private static let start: Void = xmlInitParser()

    private static func run(_ text: [UInt8], _ handler: XMLHandler) {
        start
        var sax = xmlSAXHandler()
        sax.initialized = XML_SAX2_MAGIC
        sax.startElementNs = { context, local, prefix, uri, namespaceCount, namespaces, attributeCount, _, attributes in
            XMLHandler.from(context).start(
                local, prefix, uri, attributes, Int(attributeCount), namespaces, Int(namespaceCount))
        }
        sax.endElementNs = { context, _, _, _ in XMLHandler.from(context).end() }
        sax.characters = { context, text, count in XMLHandler.from(context).characters(text, Int(count)) }
        sax.ignorableWhitespace = sax.characters
        sax.cdataBlock = sax.characters
        sax.serror = { context, error in XMLHandler.from(context).fault(error) }
        // All named references are gone or predefined: whatever is left has no meaning.
        sax.getEntity = { _, name in xmlGetPredefinedEntity(name) }
        withExtendedLifetime(handler) {
            let context = Unmanaged.passUnretained(handler).toOpaque()
            guard let parser = xmlCreatePushParserCtxt(&sax, context, nil, 0, nil) else { return }
            defer { xmlFreeParserCtxt(parser) }
            // NOENT decodes references in attributes; without it `&amp;` arrives as `&#38;`. There is nothing else that it
            // could expand: the DOCTYPE was cut out, and `getEntity` knows the five names only.
            let options =
                Int32(XML_PARSE_NOENT.rawValue) | Int32(XML_PARSE_RECOVER.rawValue) | Int32(XML_PARSE_NONET.rawValue)
                | Int32(XML_PARSE_HUGE.rawValue)
                | Int32(XML_PARSE_NOCDATA.rawValue) | Int32(XML_PARSE_IGNORE_ENC.rawValue)
            xmlCtxtUseOptions(parser, options)
            text.withUnsafeBytes { buffer in
                let start = buffer.bindMemory(to: CChar.self)
                var offset = 0
                while offset < start.count, !handler.isFull, !handler.hasAllItems {
                    let count = min(65_536, start.count - offset)
                    xmlParseChunk(parser, start.baseAddress.map { $0 + offset }, Int32(count), 0)
                    offset += count
                }
                xmlParseChunk(parser, start.baseAddress, 0, 1)
            }
        }
    }

    /// Whether the end tag of the root is there. Tags that cross leave libxml2 with open elements at the end, so it cannot
    /// tell; a document that was cut off has no such tag.
    private static func isClosed(_ text: [UInt8], root: String) -> Bool {
        let needle = Array("</\(root)".utf8)
        guard text.count >= needle.count, !needle.isEmpty else { return false }
        var index = text.count - needle.count
        let floor = max(0, text.count - 65_536)
        while index >= floor {
            if text[index] == needle[0], text[index..<index + needle.count].elementsEqual(needle) { return true }
            index -= 1
        }
        // An empty feed can be one tag.
        return text.count < 4096 && text.contains(UInt8(ascii: "/")) && text.suffix(64).contains(UInt8(ascii: "/"))
            && String(decoding: text.suffix(64), as: UTF8.self).contains("/>")
    }
}
