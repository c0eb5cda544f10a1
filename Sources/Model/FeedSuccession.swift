/// A feed that the state knew by another address, and knows by this one now.
package struct FeedSuccession: Sendable, Hashable {
    package var from: String
    package var to: String

    package init(from: String, to: String) {
        self.from = from
        self.to = to
    }
}

/// A feed of the state's list, as far as it tells whether another one is its successor.
package struct KnownFeed: Sendable, Hashable {
    package var url: String
    /// As it calls itself.
    package var title: String?
    package var site: String?
    /// Where its server says that it is for good.
    package var movesTo: String?

    package init(url: String, title: String? = nil, site: String? = nil, movesTo: String? = nil) {
        self.url = url
        self.title = title
        self.site = site
        self.movesTo = movesTo
    }
}

/// What of the state's list of feeds is in a configuration no longer, and what is new in it.
package struct FeedListChange: Sendable, Hashable {
    /// Those that were read.
    package var lost: [KnownFeed]
    /// Addresses.
    package var new: Set<String>

    package init(lost: [KnownFeed], new: Set<String>) {
        self.lost = lost
        self.new = new
    }
}
