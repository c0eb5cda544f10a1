package import struct Foundation.Date

/// How far a feed was looked at without a gap, as its polls prove it: each document must share an item with the one before.
package struct FeedCoverage: Sendable, Hashable {
    /// When the first document was asked for. Nil before.
    package var since: Date?
    /// Up to when all items were seen, but for the gaps that are recorded.
    package var until: Date?
    /// The newer half of the last document's items, by their place in the state. One of them must come again: old items
    /// alone may be pinned.
    package var anchor: ClosedRange<Int64>?
    /// How many items the last document had that had any.
    package var documentItems = 0
    /// Documents in a row that shared nothing with the one before.
    package var misses = 0
    /// When the last of them came. Nil also when it is not known that items were lost.
    package var lastMiss: Date?
    /// The start of a gap that the feed's older pages may close.
    package var openGap: Date?

    package init() {}
}

/// A time in which items of a feed may have been missed.
package struct CoverageGap: Sendable, Hashable {
    package enum Cause: String, Sendable, Hashable, CaseIterable {
        /// More came between two polls than the document holds.
        case overflow
        /// The feed could not be read, and then its document did not reach back.
        case failure
        /// Nobody asked: Tocsin did not run, or the feed was not in its list.
        case notAsked = "not asked"
        /// The server said 'not modified' of a document that was, and then it did not reach back.
        case denied = "not modified"
        /// The documents never share an item: it cannot be told.
        case unlinked
        /// The documents hold one item each: it cannot be told.
        case single

        /// Whether it says that nothing can be proven, and not that something was missed.
        package var isDoubt: Bool { self == .unlinked || self == .single }
    }

    package var feed: FeedID
    /// The poll before which everything was seen.
    package var start: Date
    /// The poll that shared nothing with it.
    package var end: Date
    package var cause: Cause
    /// For people: why the feed could not be read.
    package var detail: String?
    /// When older pages brought what was missing. Nil: they did not.
    package var closed: Date?
    /// The page to be read next.
    package var page: String?
    /// The anchor of the document before the gap: a page that has one of these items closes it.
    package var anchor: ClosedRange<Int64>?
    /// Pages that were read, and items that they brought.
    package var pages = 0
    package var found = 0
    /// Times in a row that a page could not be had.
    package var tries = 0

    package init(feed: FeedID, start: Date, end: Date, cause: Cause, detail: String? = nil) {
        self.feed = feed
        self.start = start
        self.end = end
        self.cause = cause
        self.detail = detail
    }
}

/// The newer half of a document whose new items have no place in the state yet.
package struct DocumentAnchor: Sendable, Hashable {
    /// New items of the document. Their places follow the highest that the feed has.
    package var newItems: Int
    /// How many of them, the oldest, lie below the half. Negative: `lowest` is below them all.
    package var skipped: Int
    /// The lowest known place in the half.
    package var lowest: Int64?

    /// - Parameter known: the places of the document's items that were seen before, in any order.
    package init(known: [Int64], newItems: Int) {
        self.newItems = newItems
        let half = (known.count + newItems + 1) / 2
        skipped = newItems - half
        lowest = skipped < 0 ? known.sorted().suffix(-skipped).first : nil
    }

    /// Makes it begin there, if it does not begin before.
    package mutating func extend(to place: Int64) { lowest = min(lowest ?? place, place) }

    /// - Parameter highest: the highest place that the feed has in the state before the new items are written.
    /// - Returns: nil for a document without items.
    package func range(above highest: Int64) -> ClosedRange<Int64>? {
        guard newItems > 0 || lowest != nil else { return nil }
        let last = highest + Int64(newItems)
        return min(lowest ?? highest + 1 + Int64(max(skipped, 0)), last)...last
    }
}
