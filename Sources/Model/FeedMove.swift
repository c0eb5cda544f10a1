package import struct Foundation.Date

/// Where a feed's server says that it is for good (301, 308), and how often it has said so.
package struct FeedMove: Sendable, Hashable {
    /// The address that answered in the end, without credentials.
    package var target: String
    /// When it was first said, without a word to the contrary since.
    package var since: Date
    /// How many polls have said so.
    package var answers: Int
    /// Since when the feed is asked there. Nil: the configured address is asked, and redirects.
    package var adopted: Date?

    package init(target: String, since: Date, answers: Int = 1, adopted: Date? = nil) {
        self.target = target
        self.since = since
        self.answers = answers
        self.adopted = adopted
    }
}

extension FeedState {
    /// Where the feed is asked for. What it is known by stays `url`.
    package var address: String {
        guard let move, move.adopted != nil else { return url }
        return move.target
    }
}
