import Model

/// Reads lists as readers export them: with attributes in any case, raw `&` in addresses, elements that never close.
package enum OPMLReader {
    /// The longest lists have some tens of thousands.
    private static let mostFeeds = 200_000
    private static let deepest = 100

    /// - Throws: `ParseError` when the document is no OPML. One without a feed is a list too.
    package static func parse(_ document: FeedDocument) throws(ParseError) -> OPMLDocument {
        let bytes = Encodings.decode(document).bytes
        guard bytes.contains(where: { $0 > 0x20 }) else { throw .empty }
        let list = bytes.withUnsafeBufferPointer { read($0) }
        guard let list else { throw .notAFeed(looksLike: ForeignDocument.kind(of: bytes)) }
        return list
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> OPMLDocument? {
        var tags = MarkupTags(bytes, wanted: ["opml", "body", "outline"])
        var list = OPMLDocument()
        var isList = false
        var isClosed = false
        /// The outlines that are open; those of feeds have no name for a tag.
        var open: [String?] = []
        while let tag = tags.next() {
            if tag.name != "outline" {
                if tag.name == "opml" { isList = true }
                isClosed = tag.isEnd
                continue
            }
            isClosed = false
            // Half an address is another one.
            if tag.isCut { break }
            if tag.isEnd {
                _ = open.popLast()
                continue
            }
            let name = (tag["title"]?.nonBlank ?? tag["text"]?.nonBlank).map { PlainText.line($0) }?.nonEmpty
            let url = tag["xmlurl"]?.nonBlank ?? (isFeed(tag["type"]) ? tag["url"]?.nonBlank : nil)
            if let url, list.feeds.count < mostFeeds {
                var feed = Subscription(url: url, name: name, language: tag["language"]?.nonBlank)
                feed.tags = unique(open.compactMap(\.self) + categories(tag["category"]))
                // Some write the address where the title belongs.
                if feed.name == url { feed.name = nil }
                list.feeds.append(feed)
            }
            if !tag.isEmpty, open.count < deepest { open.append(url == nil ? name : nil) }
        }
        list.title = title(bytes)
        list.isTruncated = isList && !isClosed
        return isList || !list.feeds.isEmpty ? list : nil
    }

    private static func isFeed(_ type: String?) -> Bool {
        ["rss", "atom", "feed"].contains(type?.lowercased() ?? "")
    }

    /// Comma-separated; with slashes it is a place in a hierarchy, without them a tag (OPML 2.0, *Subscription lists*).
    private static func categories(_ text: String?) -> [String] {
        (text ?? "").split(whereSeparator: { $0 == "," || $0 == "/" }).compactMap { $0.trimmed.nonEmpty }
    }

    private static func unique(_ tags: [String]) -> [String] {
        var seen: Set<String> = []
        return tags.filter { seen.insert($0).inserted }
    }

    /// What stands in the first `title`, which is in the head.
    private static func title(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        let head = UnsafeBufferPointer(rebasing: bytes.prefix(65_536))
        guard let start = ByteSearch.end(of: "<title>", in: head, from: 0),
            let end = ByteSearch.end(of: "</title>", in: head, from: start)
        else { return nil }
        return PlainText.line(String(decoding: head[start..<(end - 8)], as: UTF8.self)).nonEmpty
    }
}

extension String {
    fileprivate var nonBlank: String? { trimmed.nonEmpty }
}
