import Model

/// What may be a feed of a page, before anybody has looked.
package struct FeedCandidate: Sendable, Hashable {
    /// Absolute where the page's address is known.
    package var url: String
    /// What the page calls it.
    package var title: String?

    package init(url: String, title: String? = nil) {
        self.url = url
        self.title = title
    }
}

/// The feeds that a web page names, in the order in which it names them.
package struct PageFeeds: Sendable, Hashable {
    /// By `<link rel="alternate">` (RSS Advisory Board, *RSS Autodiscovery*; HTML, section 4.6.7.1) or a `Link` field
    /// (RFC 8288).
    package var declared: [FeedCandidate] = []
    /// Links of the text whose addresses look like those of feeds.
    package var linked: [FeedCandidate] = []

    /// How many the page names, of which the first are kept.
    package var declaredCount: Int { declaredURLs.count }
    package var linkedCount: Int { linkedURLs.count }

    /// A page that names more is a list of feeds.
    private static let most = 64
    private static let mostCounted = 10_000

    private var declaredURLs: Set<String> = []
    private var linkedURLs: Set<String> = []

    /// - Parameter link: the value of the HTTP field `Link`.
    package init(_ document: FeedDocument, link: String? = nil) {
        for candidate in LinkField.feeds(link, base: document.url) { declare(candidate) }
        let bytes = Encodings.decode(document).bytes
        bytes.withUnsafeBufferPointer { read($0, base: document.url) }
    }

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, base: String?) {
        var tags = MarkupTags(bytes, wanted: ["base", "link", "a"])
        var base = base
        var hasBase = false
        while let tag = tags.next() {
            guard let href = tag["href"], let url = URLReference.resolve(href, against: base) else { continue }
            switch tag.name {
            case "base" where !hasBase:
                hasBase = true
                base = url
            case "link":
                if FeedMediaType.isFeed(rel: tag["rel"], type: tag["type"], url: url) {
                    declare(FeedCandidate(url: url, title: tag["title"].map { PlainText.line($0) }?.nonEmpty))
                }
            case "a":
                if FeedMediaType.isFeed(tag["type"]) || Self.looksLikeFeed(url) {
                    Self.add(FeedCandidate(url: url, title: tag["title"]?.nonEmpty), to: &linked, &linkedURLs)
                }
            default: break
            }
        }
    }

    private mutating func declare(_ candidate: FeedCandidate) { Self.add(candidate, to: &declared, &declaredURLs) }

    private static func add(_ candidate: FeedCandidate, to list: inout [FeedCandidate], _ seen: inout Set<String>) {
        let isWeb = candidate.url.hasPrefix("http://") || candidate.url.hasPrefix("https://")
        guard isWeb, seen.count < mostCounted, seen.insert(candidate.url).inserted, list.count < most else { return }
        list.append(candidate)
    }

    /// By the last part of its path.
    static func looksLikeFeed(_ url: String) -> Bool {
        let address = url.lowercased().prefix { $0 != "#" }
        let path = address.prefix { $0 != "?" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).dropFirst(2)
        guard let last = parts.last else { return address.contains("?feed=") }
        let names: Set<Substring> = ["feed", "feeds", "rss", "rss2", "atom", "rdf"]
        if names.contains(last) || [".rss", ".atom", ".rdf"].contains(where: { last.hasSuffix($0) }) { return true }
        if last.hasSuffix(".xml") || last.hasSuffix(".json") {
            return ["rss", "atom", "feed", "index.xml", "index.rdf"].contains { last.contains($0) }
                || parts.dropLast().contains { names.contains($0) }
        }
        return address.contains("?feed=") || address.contains("format=rss") || address.contains("format=atom")
    }
}

/// Media types that feeds are served as.
enum FeedMediaType {
    static func isFeed(_ type: String?) -> Bool {
        let type = (type ?? "").prefix { $0 != ";" }.trimmed.lowercased()
        return ["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"]
            .contains(type)
    }

    /// Whether a link of that relation leads to one.
    static func isFeed(rel: String?, type: String?, url: String) -> Bool {
        let relations = (rel ?? "").lowercased().split(whereSeparator: \.isWhitespace)
        if relations.contains("stylesheet") { return false }
        if relations.contains("feed") { return true }
        guard relations.contains("alternate") else { return false }
        if isFeed(type) { return true }
        let type = (type ?? "").prefix { $0 != ";" }.trimmed.lowercased()
        // The types of all XML and all JSON: WordPress has its interface so.
        return ["application/xml", "text/xml", "application/json"].contains(type) && PageFeeds.looksLikeFeed(url)
    }
}
