package import Foundation
package import Model

/// When a permanent redirect (301, 308) is taken at its word: the feed is then asked at its new address.
///
/// A hotel's network once redirected everything to its login page and cost readers all their subscriptions. So the same
/// answer has to come ten times over a week, and what it leads to has to be the same feed. The configured address stays what
/// the feed is known by, and is asked again when the new one fails.
package enum MoveRule {
    package static let fewestAnswers = 10
    package static let shortestTime = 7 * 86_400.0
    /// So many sites that all redirect to one host are no move of any of them.
    package static let crowd = 3
    /// An adopted address that fails is given up after so many polls and so long.
    private static let mostFailures = 3
    private static let longestFailure = 86_400.0

    /// What is known of the feed's move after a poll. Nil when nothing is.
    ///
    /// - Parameters:
    ///   - feed: as it was before the poll.
    ///   - history: as it is after it.
    ///   - isSameFeed: whether the document is of the feed that was read before.
    package static func move(
        after reading: FeedReading, before feed: FeedState, _ history: FeedHistory, isSameFeed: Bool, at now: Date
    ) -> FeedMove? {
        let isAdopted = feed.move?.adopted != nil
        switch reading.outcome {
        case .read, .unchanged:
            // An address that has been adopted and leads elsewhere, or to another feed: begin anew from the configured one.
            if isAdopted { return reading.movedTo == nil && isSameFeed ? feed.move : nil }
            guard isSameFeed, let target = reading.movedTo else { return nil }
            guard var move = feed.move, move.target == target, move.since <= now else {
                return FeedMove(target: target, since: now)
            }
            move.answers = min(move.answers, 1_000_000) + 1
            return move
        case .failed(let failure):
            guard isAdopted else { return feed.move }
            let last = max(history.lastSuccess ?? .distantPast, feed.move?.adopted ?? .distantPast)
            let hasLasted =
                history.failures >= mostFailures && now.timeIntervalSince(last) >= longestFailure
            return failure.kind == .status(410) || hasLasted ? nil : feed.move
        case .gone: return nil
        }
    }

    /// Whether it has been said often and long enough. Whether too many say the same is for the caller to ask (`crowd`).
    package static func mayAdopt(_ move: FeedMove, at now: Date) -> Bool {
        move.adopted == nil && move.answers >= fewestAnswers && now.timeIntervalSince(move.since) >= shortestTime
    }

    /// Whether a document is of the feed that was read before: it has an item that is known, or the feed's title.
    package static func isSameFeed(_ title: String?, _ novelties: [Novelty], before feed: FeedState) -> Bool {
        if !feed.history.wasEverRead || novelties.contains(where: { $0 != .new }) { return true }
        return title != nil && title == feed.title
    }
}
