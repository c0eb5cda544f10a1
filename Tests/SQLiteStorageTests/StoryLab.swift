import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing

/// Polls of feeds into a state on the disk, with alerts made by hand.
struct StoryLab {
    static let now = Date(timeIntervalSince1970: 1_543_240_800)
    static let feedURL = "https://a.example/feed"

    let store: SQLiteStore
    let path: String
    var routes = [SinkRoute(sink: SinkName("a"))]

    init() throws {
        path = try Fixture.temporaryFolder().appendingPathComponent("state.db").path
        store = try SQLiteStore(path: path, access: .owner)
    }

    func feed(_ url: String = feedURL) async throws -> FeedState {
        var known = try await store.feeds().map { FeedSpec(url: $0.url) }
        if !known.contains(where: { $0.url == url }) { known.append(FeedSpec(url: url)) }
        try await store.register(known, at: Self.now)
        return try #require(try await store.feeds().first { $0.url == url })
    }

    static func item(
        _ number: UInt64, article: UInt64? = nil, watches: [String] = ["w"], feed: String = feedURL,
        title: String? = nil, severity: Severity = .normal, published: Date? = nil, matched: [String]? = nil
    ) -> ItemRecord {
        let article = Digest128(high: article ?? number, low: 7)
        return ItemRecord(
            fingerprint: ItemFingerprint(
                guid: number, link: number + 1000, title: number + 2000, text: number + 3000, revision: number,
                article: article),
            published: published,
            item: AlertItem(
                id: "\(number)", url: "https://a.example/\(number)", title: title ?? "T\(number)", summary: nil,
                published: published, language: nil, authors: []),
            feed: AlertFeed(url: feed, name: nil, tags: []),
            hits: watches.map { watch in
                let key = UInt64(watch.utf8.reduce(0) { $0 * 31 + Int($1) })
                return WatchHit(
                    watch: watch, key: Digest128(high: article.high ^ key, low: article.low &+ key),
                    severity: severity,
                    matches: (matched ?? ["camp"]).map { text in
                        Match(
                            watch: watch, kind: .person, pattern: "camp", field: .title, text: text, score: 1,
                            context: "")
                    })
            }, raisesAlert: true)
    }

    func poll(_ feed: FeedState, _ items: [ItemRecord], at date: Date = now) -> PollRecord {
        var after = feed
        after.nextPoll = date + 900
        after.history.lastPoll = date
        after.history.lastSuccess = date
        return PollRecord(feed: after, before: feed, items: items, at: date, routes: routes)
    }

    @discardableResult
    func record(
        _ items: [ItemRecord], of url: String = feedURL, at date: Date = now
    ) async throws -> [Alert] {
        try await store.record(poll(try await feed(url), items, at: date))
    }

    func claim(_ sink: String = "a", at date: Date = now, limit: Int = 100) async throws -> [Delivery] {
        try await store.claimDeliveries(to: SinkName(sink), at: date, limit: limit, lease: .seconds(60))
    }

    /// The states of the deliveries of each alert, the oldest alert first.
    func states() async throws -> [[String]] {
        try await store.alerts(AlertFilter()).reversed().map { $0.deliveries.map(\.state.rawValue) }
    }
}
