package import struct Foundation.Date

/// An item that at least one watch matched, or news of Tocsin's own health.
package struct Alert: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case alert, health
    }

    package var id: AlertID
    package var kind: Kind
    /// When it was raised.
    package var timestamp: Date
    /// The watches that newly matched, by name.
    package var watches: [String]
    package var severity: Severity
    package var matches: [Match]
    package var item: AlertItem
    package var feed: AlertFeed
    /// When the article was first seen in any feed.
    package var firstSeen: Date
    /// The alert of another article that had said the same: this one is a copy of its text, and found nothing more.
    package var duplicateOf: AlertID?
    /// An alert that somebody has marked as not meant, for a watch of this one, and that this one is much like: it may be the same
    /// story, or the next entry of a list.
    package var resemblesDismissed: AlertID?
    /// Other feeds that carry the same article.
    package var alsoIn: [AlertFeed] = []
    package var retroactive = false

    package init(
        id: AlertID, kind: Kind = .alert, timestamp: Date, watches: [String], severity: Severity, matches: [Match],
        item: AlertItem, feed: AlertFeed, firstSeen: Date
    ) {
        self.id = id
        self.kind = kind
        self.timestamp = timestamp
        self.watches = watches
        self.severity = severity
        self.matches = matches
        self.item = item
        self.feed = feed
        self.firstSeen = firstSeen
    }
}

/// The item, as an alert tells of it.
package struct AlertItem: Sendable, Hashable {
    package var id: String
    package var url: String?
    package var title: String?
    package var summary: String?
    package var published: Date?
    package var language: String?
    package var authors: [String]

    package init(
        id: String, url: String?, title: String?, summary: String?, published: Date?, language: String?,
        authors: [String]
    ) {
        self.id = id
        self.url = url
        self.title = title
        self.summary = summary
        self.published = published
        self.language = language
        self.authors = authors
    }
}

/// The feed, as an alert tells of it.
package struct AlertFeed: Sendable, Hashable {
    /// Without credentials.
    package var url: String
    package var name: String?
    package var tags: [String]

    package init(url: String, name: String?, tags: [String]) {
        self.url = url
        self.name = name
        self.tags = tags
    }
}
