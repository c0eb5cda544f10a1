import Foundation
import Model
import SQLiteStorage
import Testing

@Suite struct NeedsSomebodyTests {
    @Test func `the state counts and lists the feeds that somebody should look at`() async throws {
        let store = try SQLiteStore.inMemory()
        let now = Date(timeIntervalSince1970: 1_764_000_000)
        let hour = 3600.0
        let cases: [(condition: FeedHealth.Condition, since: Double, pause: Double, isTold: Bool)] = [
            (.blocked, 7, 24, false), (.notAFeed, 7, 24, false), (.blocked, 5, 24, false), (.blocked, 7, 1, false),
            (.failing, 7, 24, false), (.fine, 7, 24, false), (.failing, 0, 0.25, true), (.gone, 0, 9000, true),
        ]
        let feeds = cases.indices.map { FeedSpec(url: "https://\($0).example/rss") }
        try await store.register(feeds, at: now - 9 * hour)
        for (feed, one) in zip(try await store.claimDueFeeds(at: now, limit: 99, lease: .seconds(60)), cases) {
            var feed = feed
            feed.history.lastPoll = now - one.since * hour
            feed.nextPoll = now + (one.pause - one.since) * hour
            feed.health = FeedHealth(one.condition, since: now - one.since * hour, isTold: one.isTold)
            _ = try await store.record(PollRecord(feed: feed, at: now))
        }
        let expected = try await store.feeds().filter { $0.needsSomebody(at: now) }.map(\.url)
        #expect(expected.count == 4)
        for isWanted in [true, false] {
            var filter = FeedFilter(limit: 99)
            filter.needsSomebody = (isWanted, now)
            let urls = try await store.feeds(filter).map(\.state.url)
            #expect(urls == feeds.map(\.url).filter { expected.contains($0) == isWanted })
        }
        #expect(try await store.census(at: now).toldFeeds == 4)
    }
}
