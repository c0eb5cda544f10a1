import CLibXML2
package import Model

/// A feed document as it came.
package struct FeedDocument: Sendable {
    package var bytes: [UInt8]
    /// Where it came from, after redirects: the base of relative links.
    package var url: String?
    /// The value of the HTTP field `Content-Type`.
    package var contentType: String?
    /// The value of the HTTP field `Content-Location`.
    package var contentLocation: String?
    /// The user's word on the encoding. It is stronger than the document's.
    package var encoding: String?

    package init(
        bytes: [UInt8], url: String? = nil, contentType: String? = nil, contentLocation: String? = nil,
        encoding: String? = nil
    ) {
        self.bytes = bytes
        self.url = url
        self.contentType = contentType
        self.contentLocation = contentLocation
        self.encoding = encoding
    }

    /// What relative links are resolved against, before any `xml:base` (RFC 3986 §5.1.2, §5.1.3).
    var base: String? {
        guard let contentLocation else { return url }
        return URLReference.resolve(contentLocation, against: url)
    }
}

/// Why a document is no feed. For people.
package enum ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Nothing, or nothing but white space.
    case empty
    /// Something else.
    case notAFeed(looksLike: String)

    /// Whether it is a page that wants to see a browser, as sites put in front of themselves.
    package var isChallenge: Bool {
        guard case .notAFeed(let kind) = self else { return false }
        return kind.hasPrefix(ForeignPage.robots)
    }

    /// The same of its description.
    package static func isChallenge(_ description: String) -> Bool {
        description.hasPrefix("\(ParseError.notAFeed(looksLike: ForeignPage.robots))")
    }

    /// Whether it is the page of an authority or a provider that keeps its people from the site.
    package var isBlock: Bool {
        guard case .notAFeed(let kind) = self else { return false }
        return kind.hasPrefix(ForeignPage.block)
    }

    package var description: String {
        switch self {
        case .empty: "the answer is empty, so it is no feed"
        case .notAFeed(let kind): "this is no feed but \(kind)"
        }
    }
}

/// Bytes to a feed.
///
/// Reads what can be read: a fault of one item hides no other. Never reaches the network or a file, expands no entity but
/// characters, and takes time and memory in proportion to the document, whatever it holds.
package enum FeedParser {
    /// libxml2's name and version.
    package static var libraryVersion: String {
        let number = Int(LIBXML_VERSION)
        return "libxml2 \(number / 10_000).\(number / 100 % 100).\(number % 100)"
    }

    /// Whether it is a page that wants to see a browser. Of the body of an error, which may be anything.
    package static func isChallenge(_ body: [UInt8]) -> Bool {
        !body.isEmpty && ForeignDocument.kind(of: body).hasPrefix(ForeignPage.robots)
    }

    /// - Throws: `ParseError` when there is no feed in the document. A feed that is empty, broken or cut off is no error:
    ///   `bozo`, `warnings` and `isTruncated` tell of it.
    package static func parse(_ document: FeedDocument) throws(ParseError) -> ParsedFeed {
        var text = Encodings.decode(document)
        let start = text.bytes.firstIndex { !($0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D) }
        guard let start else { throw .empty }
        var feed: ParsedFeed
        if text.bytes[start] == UInt8(ascii: "{") || text.bytes[start] == UInt8(ascii: "[") {
            feed = try JSONFeedDialect.parse(text.bytes, base: document.base)
        } else {
            // In front of anything but a declaration it is well-formed (XML 1.0 §2.8).
            if start > 0, text.bytes[start...].starts(with: "<?xml ".utf8) {
                text.warnings.append("white space in front of the document")
            }
            feed = try XMLFeedReader.parse(text.bytes, base: document.base)
        }
        feed.dropBlankItems()
        if !text.warnings.isEmpty {
            feed.warnings.insert(contentsOf: text.warnings, at: 0)
            feed.bozo = true
        }
        return feed
    }
}

extension ParsedFeed {
    /// An item that has nothing in it is none: thousands of them would be new with every poll.
    fileprivate mutating func dropBlankItems() {
        let count = items.count
        guard items.contains(where: \.isBlank) else { return }
        items.removeAll(where: \.isBlank)
        let blank = count - items.count
        warn("\(blank == 1 ? "1 item has" : "\(blank) items have") nothing in \(blank == 1 ? "it" : "them")")
    }

    /// Adds what is wrong with a part of it. More than twenty tell a reader nothing.
    mutating func warn(_ fault: String) {
        if warnings.count < 20 { warnings.append(fault) }
    }
}

extension ParsedItem {
    fileprivate var isBlank: Bool {
        id == nil && url == nil && title == nil && summary == nil && published == nil && modified == nil
            && authors.isEmpty && tags.isEmpty && content == nil
            && contentText == nil && externalURL == nil && image == nil && attachments.isEmpty && otherTexts.isEmpty
    }
}
