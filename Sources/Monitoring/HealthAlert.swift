import Crypto
package import Foundation
package import Model

/// News of a feed's health, as an alert (CONTRACT, *Alert*: `type` is `health`).
package enum HealthAlert {
    /// Nil when there is nothing to tell.
    ///
    /// - Parameters:
    ///   - url: the feed's address as the state has it, which tells it from all others.
    ///   - before: how the feed was before the poll.
    ///   - health: how it is now.
    package static func alert(
        _ feed: AlertFeed, of url: String, before: FeedHealth, now health: FeedHealth, at date: Date
    ) -> Alert? {
        let name = feed.name ?? feed.url
        let title: String
        let severity: Severity
        if health.isTold, !before.isTold {
            title = "\(name): \(words(health.condition))"
            severity = .high
        } else if before.isTold, !health.isTold {
            title = "\(name): \(health.condition == .fine ? "fine again" : "it comes again")"
            severity = .normal
        } else {
            return nil
        }
        let since = health.since ?? date
        let id = AlertID(
            "al_"
                + Digest128(
                    sha256: Array("health \(url) \(health.condition) \(Int64(since.timeIntervalSince1970))".utf8)
                )
                .hexadecimal)
        var summary = health.evidence ?? ""
        if health.isTold { summary += (summary.isEmpty ? "" : "; ") + "since \(Timestamp.text(since))" }
        return Alert(
            id: id, kind: .health, timestamp: date, watches: [], severity: severity, matches: [],
            item: AlertItem(
                id: id.rawValue, url: nil, title: title, summary: summary.isEmpty ? nil : summary, published: nil,
                language: nil, authors: []),
            feed: feed, firstSeen: since)
    }

    /// News of our own network, which is of no feed.
    package static func alert(_ news: OutageWatch.News, at date: Date) -> Alert {
        let (title, since, severity): (String, Date, Severity) =
            switch news {
            case .lasts(let since): ("Most feeds cannot be reached: look at this machine's network", since, .high)
            case .ended(let since): ("Most feeds can be reached again", since, .normal)
            }
        let key = "health network \(title) \(Int64(since.timeIntervalSince1970))"
        let id = AlertID("al_" + Digest128(sha256: Array(key.utf8)).hexadecimal)
        return Alert(
            id: id, kind: .health, timestamp: date, watches: [], severity: severity, matches: [],
            item: AlertItem(
                id: id.rawValue, url: nil, title: title,
                summary: "most hosts did not answer since \(Timestamp.text(since)); no feed is blamed for it",
                published: nil, language: nil, authors: []),
            feed: AlertFeed(url: "tocsin:network", name: "Network", tags: []), firstSeen: since)
    }

    private static func words(_ condition: FeedHealth.Condition) -> String {
        switch condition {
        case .new, .fine: "fine"
        case .slow: "slow"
        case .moved: "it has moved"
        case .overrun: "items of it are missed"
        case .stale: "it has gone silent"
        case .empty: "it has no items"
        case .blocked: "the server refuses it"
        case .failing: "it cannot be read"
        case .notAFeed: "what comes is no feed"
        case .gone: "it is gone"
        }
    }
}
