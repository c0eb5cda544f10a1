package import Foundation
package import Model

/// Whether a server's 304s can be believed.
///
/// Some servers give a document that has changed the tag of the old one, or answer 304 for ever. A reader that asks only
/// with conditions never learns of it, and one that asks without is a burden; so a feed that is silent for much longer
/// than is usual with it is asked once without, once a week at most (`RequestPlan`), and what then comes tells.
package enum TrustRule {
    /// How much older than the last 304 an item has to be, to show that the 304 was wrong: publishers date things back.
    private static let slack = 3600.0

    /// - Parameters:
    ///   - feed: as it was before the poll.
    ///   - news: the dates of the items that were not known, nil for one without.
    package static func trust(
        after reading: FeedReading, _ plan: RequestPlan, before feed: FeedState, news: [Date?], at started: Date
    ) -> ValidatorTrust {
        var trust = feed.history.trust
        guard let status = reading.status else { return trust }
        if plan.validators == nil {
            trust.lastUnconditional = started
            if plan.isProbe { trust.lastProbe = started }
        }
        // Other header fields are another request, whatever comes of it: the validators of the old one end then.
        trust.representation = plan.representation
        guard reading.outcome == .read || reading.outcome == .unchanged else { return trust }
        trust.notModified = status == 304 ? min(trust.notModified, 1_000_000) + 1 : 0
        if trust.unreliable != nil, !trust.isUnreliable(at: started) { trust.unreliable = nil }
        if plan.isProbe, reading.outcome == .read, !news.isEmpty, hasLied(reading, feed, news) {
            trust.unreliable = started
        }
        return trust
    }

    private static func hasLied(_ reading: FeedReading, _ feed: FeedState, _ news: [Date?]) -> Bool {
        if let old = feed.validators, let new = reading.validators, old.url == new.url {
            // A server that knows tags does not look at dates (RFC 9110 §13.1.3).
            if let tag = old.entityTag {
                if new.entityTag == tag { return true }
            } else if let date = old.lastModified, new.lastModified == date {
                return true
            }
        }
        guard feed.history.lastStatus == 304, let denied = feed.history.lastPoll else { return false }
        return news.contains { $0.map { denied.timeIntervalSince($0) > slack } ?? false }
    }
}
