import CLibXML2
import Model

/// What reads the elements of a format. They come in the order of the document; the text of an element comes with its end,
/// markup inside it as HTML.
protocol Dialect: ~Copyable {
    mutating func start(_ tag: borrowing XMLStartTag, _ scope: XMLScope)
    mutating func end(_ name: XMLName, _ text: XMLText, _ scope: XMLScope)
    consuming func finish() -> ParsedFeed
    /// Whether it has as many items as a feed may have (`ItemLimit`), so that the rest need not be read.
    var isFull: Bool { get }
    /// Whether the content of this element is wanted as one text, with the markup that is in it.
    func capturesMarkup(of name: XMLName) -> Bool
}

/// As many items as are read of one feed: the largest archives have a tenth of it, and memory is bounded by it.
enum ItemLimit {
    static let most = 200_000
}

/// What `xml:base` and `xml:lang` say.
struct XMLPlace {
    /// What links are resolved against here (RFC 3986 §5.1.1).
    var base: String?
    var language: String?
}

/// Where an element stands, until the call with it ends.
struct XMLScope {
    let place: UnsafePointer<XMLPlace>
    /// Elements above it.
    let depth: Int

    var base: String? { place.pointee.base }
    var language: String? { place.pointee.language }
}

/// libxml2's SAX parser, recovering, with bounds of our own (ARCHITECTURE.md, *Decisions*).
enum XMLFeedReader {
    /// - Parameter bytes: valid UTF-8.
    static func parse(_ bytes: [UInt8], base: String?) throws(ParseError) -> ParsedFeed {
        if let feed = bytes.withUnsafeBufferPointer({ read($0, base: base) }) { return feed }
        throw .notAFeed(looksLike: ForeignDocument.kind(of: bytes))
    }

    private static func read(_ document: UnsafeBufferPointer<UInt8>, base: String?) -> ParsedFeed? {
        start
        guard let space = XMLWorkspaces.take(callbacks, options: options) else { return nil }
        // The names that the handler has are the workspace's.
        defer { XMLWorkspaces.giveBack(space) }
        let handler = UnsafeMutablePointer<XMLHandler>.allocate(capacity: 1)
        handler.initialize(to: XMLHandler(document, base: base, space))
        defer { handler.deallocate() }
        space.pointee.begin(documentBytes: document.count, handler)
        XMLNormalizer(document, handler, space).run()
        let warnings = handler.pointee.faults.warnings(in: document)
        let rootTag = handler.pointee.rootTag
        let hasAllItems = handler.pointee.hasAllItems
        let isOpen = handler.pointee.hasOpenElements
        let isInside = handler.pointee.isInside
        // A page or a document of another kind in which something is named like a feed is none.
        guard var feed = handler.move().finish() else { return nil }
        if isInside, feed.items.isEmpty { return nil }
        // What the dialect warns of (a date that cannot be read) leaves the document well-formed.
        var unread = feed.warnings
        if hasAllItems { unread.append("only the first \(feed.items.count) items were read") }
        feed.warnings = warnings
        feed.isTruncated = !hasAllItems && isOpen && !isClosed(document, root: rootTag)
        if feed.isTruncated { feed.warnings.append("the document ends before its end tag") }
        feed.bozo = !feed.warnings.isEmpty
        feed.warnings += unread
        return feed
    }

    private static var callbacks: xmlSAXHandler {
        var sax = xmlSAXHandler()
        sax.initialized = XML_SAX2_MAGIC
        sax.startElementNs = { context, local, prefix, uri, namespaceCount, namespaces, attributeCount, _, attributes in
            guard let local else { return }
            XMLFeedReader.handler(context).pointee.start(
                local, prefix, uri, UnsafePointer(attributes), Int(attributeCount), UnsafePointer(namespaces),
                Int(namespaceCount))
        }
        sax.endElementNs = { context, _, _, _ in XMLFeedReader.handler(context).pointee.end() }
        sax.characters = { context, marks, count in
            XMLFeedReader.handler(context).pointee.characters(UnsafeBufferPointer(start: marks, count: Int(count)))
        }
        sax.ignorableWhitespace = sax.characters
        sax.serror = { context, error in
            if let error { XMLFeedReader.handler(context).pointee.fault(error.pointee) }
        }
        sax.getEntity = { _, name in xmlGetPredefinedEntity(name) }
        return sax
    }

    /// NOENT decodes references in attributes; without it `&amp;` arrives as `&#38;`. There is nothing else that it could
    /// expand: no DOCTYPE comes here, and `getEntity` knows the five names only.
    private static let options =
        Int32(XML_PARSE_NOENT.rawValue) | Int32(XML_PARSE_RECOVER.rawValue) | Int32(XML_PARSE_NONET.rawValue)
        | Int32(XML_PARSE_HUGE.rawValue) | Int32(XML_PARSE_IGNORE_ENC.rawValue)

    private static let start: Void = xmlInitParser()

    /// - Parameter context: what the parser was made with.
    private static func handler(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<XMLHandler> {
        context.unsafelyUnwrapped.assumingMemoryBound(to: XMLHandler.self)
    }

    /// Whether the end tag of the root is there, wherever it is: one in the wrong place is left out, but a document that
    /// was cut off has none.
    private static func isClosed(_ text: UnsafeBufferPointer<UInt8>, root: String) -> Bool {
        let needle = Array("</\(root)".utf8)
        guard text.count >= needle.count, !root.isEmpty else { return false }
        var index = text.count - needle.count
        let floor = max(0, text.count - 65_536)
        while index >= floor {
            if text[index] == needle[0], text[index..<index + needle.count].elementsEqual(needle) { return true }
            index -= 1
        }
        return false
    }
}
