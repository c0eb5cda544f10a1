package import Model

/// A list of subscriptions (OPML 2.0, http://opml.org/spec2.opml), as Tocsin needs it.
package struct OPMLDocument: Sendable, Hashable {
    package var title: String?
    /// The outlines with an `xmlUrl`; the outlines around them, from the outermost, and their categories are tags.
    package var feeds: [Subscription]
    /// Neither its body nor itself is closed: feeds may be missing.
    package var isTruncated = false

    package init(title: String? = nil, feeds: [Subscription] = []) {
        self.title = title
        self.feeds = feeds
    }
}
