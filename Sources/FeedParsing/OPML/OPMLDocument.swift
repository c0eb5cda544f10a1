/// A list of subscriptions (OPML 2.0, http://opml.org/spec2.opml), as Tocsin needs it.
package struct OPMLDocument: Sendable, Hashable {
    package var title: String?
    package var feeds: [OPMLFeed]

    package init(title: String? = nil, feeds: [OPMLFeed] = []) {
        self.title = title
        self.feeds = feeds
    }
}

/// One outline with an `xmlUrl`.
package struct OPMLFeed: Sendable, Hashable {
    /// As written, without white space around it.
    package var url: String
    package var name: String?
    package var language: String?
    /// The outlines around it, from the outermost, and its categories.
    package var tags: [String]

    package init(url: String, name: String? = nil, language: String? = nil, tags: [String] = []) {
        self.url = url
        self.name = name
        self.language = language
        self.tags = tags
    }
}
