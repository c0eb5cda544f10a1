import Foundation
import Model

/// Whether what a poll brings may be old news under new ids.
enum StormWatch {
    /// A document that was read may miss what its server's caches still had.
    private static let slack = 2 * 86_400.0

    /// Nil where nothing is to be held: the feed is read for the first time, or few items match.
    ///
    /// - Parameter feed: the feed's state before the poll.
    static func rule(for record: PollRecord, before feed: FeedState, _ spec: FeedSpec, at now: Date) -> StormRule? {
        guard let last = feed.history.lastSuccess,
            record.items.count(where: { $0.raisesAlert && !$0.hits.isEmpty }) > StormRule.fewest
        else { return nil }
        let pause = max(0, now.timeIntervalSince(last))
        let usual = feed.history.cadence.map { pause / max(1, $0 / .seconds(1)) } ?? 0
        let shown = AlertFeed(
            url: FeedAddress.shown(spec.url), name: spec.name ?? feed.title?.cut(to: 300), tags: spec.tags)
        return StormRule(usual: usual, oldBefore: last - slack) { held, raised in
            HealthAlert.alert(of: shown, held: held, raised: raised, url: spec.url, at: now)
        }
    }
}

extension HealthAlert {
    /// Alerts wait for a person, since they are of items that the feed has had.
    static func alert(of feed: AlertFeed, held: Int, raised: Int, url: String, at date: Date) -> Alert {
        let id = AlertID(
            "al_"
                + Digest128(sha256: Array("health storm \(url) \(Int64(date.timeIntervalSince1970))".utf8)).hexadecimal)
        let name = feed.name ?? feed.url
        return Alert(
            id: id, kind: .health, timestamp: date, watches: [], severity: .high, matches: [],
            item: AlertItem(
                id: id.rawValue, url: nil, title: "\(name): old items come again; \(held) alerts are held",
                summary:
                    "\(held) of the \(raised) alerts of one poll are of items that are old, or that were there before "
                    + "under other ids. 'tocsin alerts held' shows them, 'tocsin alerts release' sends them, 'tocsin alerts discard' "
                    + "drops them",
                published: nil, language: nil, authors: []),
            feed: feed, firstSeen: date)
    }
}
