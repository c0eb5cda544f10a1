package import Foundation
package import Model

/// Which new items of a poll wake somebody. What a feed had when it was listed is its backlog; what is dated after that is news,
/// also when it could not be read until later.
package enum BacklogRule: Sendable, Hashable {
    /// Every one: the feed is known.
    case all
    case none
    /// Those no older, and those without a date.
    case since(Date)
    /// Those no older that say so.
    case datedSince(Date)

    /// Dates are of the day only, of another zone, or of when an item was begun.
    private static let slack = day
    private static let day = 86_400.0
    /// The first polls after a start are spread.
    private static let soon = 3600.0

    /// - Parameters:
    ///   - feed: the feed's state before the poll.
    ///   - now: when the poll was started.
    package init(_ backlog: Backlog, for feed: FeedState, at now: Date) {
        if let last = feed.history.lastSuccess {
            self = feed.isAtNewAddress ? Self.afterMove(backlog, last, now) : .all
            return
        }
        // The feed was never read to its end, but items of it are recorded: it always comes cut off. Then it is not
        // silent for ever: what has appeared since the last poll is news.
        let reads = feed.history.lastNewItem != nil ? feed.history.lastPoll : nil
        // A server that is down when its feed is listed: what comes meanwhile is no backlog. A clock that was wrong then counts
        // for nothing.
        let listed = feed.registered.map { min($0, now) }
        let isFirst = feed.history.lastPoll == nil && now.timeIntervalSince(listed ?? now) < Self.soon
        switch backlog {
        case .all: self = .all
        case .none: self = reads.map { .since($0) } ?? (isFirst ? nil : listed).map { .datedSince($0) } ?? .none
        case .newerThan(let age):
            let start = (listed ?? now) - max(age, .zero) / .seconds(1)
            self = .since(reads.map { min($0, start) } ?? start)
        }
    }

    /// A document of another address may reach back further than those that were read: what came since is news, and so is
    /// what would be of a new feed.
    private static func afterMove(_ backlog: Backlog, _ last: Date, _ now: Date) -> BacklogRule {
        let seen = last - slack
        return switch backlog {
        case .all: .all
        case .none: .since(seen)
        case .newerThan(let age): .since(min(seen, now - max(age, .zero) / .seconds(1)))
        }
    }

    package func alerts(on date: Date?) -> Bool {
        switch self {
        case .all: true
        case .none: false
        case .since(let start): date.map { Self.isNews($0, since: start) } ?? true
        case .datedSince(let start): date.map { Self.isNews($0, since: start) } ?? false
        }
    }

    /// Midnight stands for any time of its day.
    private static func isNews(_ date: Date, since start: Date) -> Bool {
        let isDay = date.timeIntervalSince1970.truncatingRemainder(dividingBy: day) == 0
        return (isDay ? date + (day - 1) : date) >= start
    }
}
