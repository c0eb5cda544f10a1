package import Foundation
package import Model

/// How much less a feed is polled while its pushes work. Pushes get lost without a trace, so it is always polled.
package enum PushPace {
    private static let shortest = 3600.0
    private static let longest = 86_400.0

    /// A new item that a poll has found is one that no push has brought: then nothing is proven any more.
    package static func level(after outcome: PollOutcome, _ pushes: PushTrust, hasNew: Bool) -> Int {
        if hasNew { return 0 }
        switch outcome {
        case .read, .unchanged: return pushes.level > 0 ? min(pushes.level + 1, 16) : 0
        case .failed, .gone: return pushes.level
        }
    }

    /// An hour after a push has come, and twice as long with every poll that finds nothing new, up to a day; never past the
    /// lease, and never sooner than without pushes. A poll that fails is tried again as always.
    ///
    /// - Parameters:
    ///   - feed: as it is after the poll, planned without regard to pushes.
    ///   - pushes: their level after the poll.
    ///   - now: when the poll was started.
    package static func nextPoll(
        after outcome: PollOutcome, _ feed: FeedState, _ pushes: PushTrust, policy: FetchPolicy, now: Date,
        jitter: Double
    ) -> Date {
        guard pushes.level > 1, pushes.until > now, outcome == .read || outcome == .unchanged else {
            return feed.nextPoll
        }
        var slow = policy
        let pause = min(shortest * Double(1 << min(pushes.level - 2, 8)), longest)
        slow.every = max(policy.every, .seconds(pause))
        let wished = PollPlan.nextPoll(after: outcome, feed.history, policy: slow, now: now, jitter: jitter)
        return max(feed.nextPoll, min(wished, pushes.until))
    }
}
