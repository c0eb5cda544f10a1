package import struct Foundation.Date

/// A feed document, read. What `tocsin parse` prints.
package struct ParsedFeed: Sendable, Hashable {
    /// `rss2.0 rss1.0 rss0.91 … atom1.0 atom0.3 jsonfeed1.1 …`
    package var format: String
    package var title: String?
    package var homePageURL: String?
    package var feedURL: String?
    package var description: String?
    package var icon: String?
    /// The small one, where the feed has both (JSON Feed).
    package var favicon: String?
    package var authors: [ParsedAuthor] = []
    package var language: String?
    package var hubs: [ParsedHub] = []
    package var items: [ParsedItem] = []
    /// Whether the document was ill-formed and had to be recovered.
    package var bozo = false
    /// Whether the document ended before its end: what came is here, what did not may come the next time.
    package var isTruncated = false
    /// What was wrong with it, each with its line and column where they are known.
    package var warnings: [String] = []
    package var updated: Date?
    /// RSS `ttl`, or the Syndication module's period divided by its frequency.
    package var timeToLive: Duration?
    /// Hours of the day, 0 to 23, UTC, in which the publisher asks not to be polled.
    package var skipHours: [Int] = []
    /// Lower-case English names of the days on which the publisher asks not to be polled.
    package var skipDays: [String] = []
    /// RFC 5005.
    package var previousArchive: String?
    package var nextArchive: String?
    /// RFC 5005 `next`, or JSON Feed's `next_url`.
    package var nextPage: String?

    package init(format: String) {
        self.format = format
    }
}

package struct ParsedAuthor: Sendable, Hashable {
    package var name: String?
    package var url: String?
    package var avatar: String?

    package init(name: String? = nil, url: String? = nil, avatar: String? = nil) {
        self.name = name
        self.url = url
        self.avatar = avatar
    }
}

package struct ParsedHub: Sendable, Hashable {
    package var type: String
    package var url: String

    package init(type: String, url: String) {
        self.type = type
        self.url = url
    }
}

package struct ParsedAttachment: Sendable, Hashable {
    package var url: String
    package var mimeType: String?
    package var title: String?
    package var sizeInBytes: Int?
    package var durationInSeconds: Int?

    package init(url: String) {
        self.url = url
    }
}

/// Text of an item as the feed gave it. Markup becomes plain text only for items that need it, since that is the
/// dearest step of reading a feed and most items of most polls are known already.
package struct FeedText: Sendable, Hashable {
    package var source: String
    package var isHTML: Bool
    /// What links in the markup are relative to.
    package var base: String?

    package init(_ source: String, isHTML: Bool, base: String? = nil) {
        self.source = source
        self.isHTML = isHTML
        self.base = base
    }
}

package struct ParsedItem: Sendable, Hashable {
    /// The `guid`, `atom:id` or JSON Feed `id`, as written. Nil when the item has none.
    package var id: String?
    /// The page of the item, absolute.
    package var url: String?
    /// Plain text, on one line.
    package var title: String?
    package var summary: FeedText?
    package var published: Date?
    package var modified: Date?
    package var authors: [ParsedAuthor] = []
    package var tags: [String] = []
    /// One element or none. Most items lack all of it, and archives have a hundred thousand items.
    private var more: [More] = []

    private struct More: Sendable, Hashable {
        var content: FeedText?
        var contentText: String?
        var externalURL: String?
        var image: String?
        var language: String?
        var attachments: [ParsedAttachment]?
        var otherTexts: [FeedText]?
    }

    package init() {}

    package var content: FeedText? {
        get { more.first?.content }
        set { setMore(\.content, newValue) }
    }

    /// The plain text that the feed gives beside `content` (JSON Feed may have both).
    package var contentText: String? {
        get { more.first?.contentText }
        set { setMore(\.contentText, newValue) }
    }

    /// What a link blog's item is about.
    package var externalURL: String? {
        get { more.first?.externalURL }
        set { setMore(\.externalURL, newValue) }
    }

    package var image: String? {
        get { more.first?.image }
        set { setMore(\.image, newValue) }
    }

    package var language: String? {
        get { more.first?.language }
        set { setMore(\.language, newValue) }
    }

    package var attachments: [ParsedAttachment] {
        get { more.first?.attachments ?? [] }
        set { setMore(\.attachments, newValue.isEmpty ? nil : newValue) }
    }

    /// Texts that feeds give beside those, by other modules. They are matched, and not shown.
    package var otherTexts: [FeedText] {
        get { more.first?.otherTexts ?? [] }
        set { setMore(\.otherTexts, newValue.isEmpty ? nil : newValue) }
    }

    private mutating func setMore<Value>(_ part: WritableKeyPath<More, Value?>, _ value: Value?) {
        if more.isEmpty {
            if value == nil { return }
            more.append(More())
        }
        more[0][keyPath: part] = value
        if more[0] == More() { more = [] }
    }
}
