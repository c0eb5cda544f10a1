package import Foundation
package import Model

/// Which new items of a poll wake somebody.
package enum BacklogRule: Sendable, Hashable {
    /// Every one: the feed is known.
    case all
    case none
    /// Those no older, and those without a date.
    case since(Date)

    /// Dates are of the day only, of another zone, or of when an item was begun.
    private static let slack = 86_400.0

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
        switch backlog {
        case .all: self = .all
        case .none: self = reads.map { .since($0) } ?? .none
        case .newerThan(let age):
            let start = now - max(age, .zero) / .seconds(1)
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
        case .since(let start): date.map { $0 >= start } ?? true
        }
    }
}
