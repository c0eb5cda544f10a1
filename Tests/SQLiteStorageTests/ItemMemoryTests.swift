import Foundation
import GRDB
import Model
import SQLiteStorage
import TestSupport
import Testing

/// What is forgotten of a feed's items, and what never is.
@Suite struct ItemMemoryTests {
    private static let start = Date(timeIntervalSince1970: 1_543_240_800)
    private static let day = 86_400.0
    private let path: String
    private let store: SQLiteStore

    init() throws {
        path = try Fixture.temporaryFolder().appendingPathComponent("state.db").path
        store = try SQLiteStore(path: path, access: .owner)
    }

    private func feed(_ url: String = "https://a.example/feed") async throws -> FeedState {
        try await store.register([FeedSpec(url: url)], at: Self.start)
        return try #require(try await store.feeds().first { $0.url == url })
    }

    private static func fingerprint(_ number: Int) -> ItemFingerprint {
        let number = UInt64(number)
        return ItemFingerprint(
            guid: number, link: number + 1_000_000, title: number + 2_000_000, text: number, revision: number,
            article: Digest128(high: number, low: 7))
    }

    /// A poll whose document has these, the newest first.
    private func poll(_ feed: FeedState, _ numbers: [Int], at date: Date) async throws {
        let fingerprints = numbers.map(Self.fingerprint)
        let novelties = try await store.novelties(among: fingerprints, of: feed.id)
        var state = feed
        state.history.lastPoll = date
        state.history.lastSuccess = date
        var new: [ItemRecord] = []
        for (fingerprint, novelty) in zip(fingerprints, novelties) where novelty == .new {
            let shown = AlertFeed(url: feed.url, name: nil, tags: [])
            new.append(ItemRecord(fingerprint: fingerprint, item: nil, feed: shown, hits: [], raisesAlert: false))
        }
        var record = PollRecord(feed: state, items: new, at: date)
        for case .known(let item) in novelties { record.known.append(item) }
        _ = try await store.record(record)
    }

    /// The items that the state has, by their numbers.
    private func kept(_ feed: FeedState) async throws -> [Int] {
        try await DatabaseQueue(path: path).read { [id = feed.id.rawValue] db in
            try Int.fetchAll(db, sql: "SELECT guid FROM items WHERE feed = ? ORDER BY guid", arguments: [id])
        }
    }

    private func forget(at date: Date, bound: Int = 500_000) async throws {
        #expect(try await store.forgetItems(after: nil, at: date, bound: bound) == nil)
    }

    @Test func `a feed that publishes daily forgets what is older than 400 days, and nothing that its document has`()
        async throws
    {
        let feed = try await feed()
        // Ten items, five of them new each day, and one that stands among them for ever.
        for day in 0..<420 {
            let newest = 5 * day + 10
            let rest = Array((newest - 8...newest - 2).reversed())
            try await poll(
                feed, [newest, newest - 1, 1] + rest,
                at: Self.start + Double(day) * Self.day)
        }
        try await forget(at: Self.start + 419 * Self.day)
        let kept = try await kept(feed)
        #expect(kept.first == 1)
        #expect(kept.dropFirst().first.map { (80...110).contains($0) } == true)
        #expect(kept.last == 5 * 419 + 10)
        #expect(kept.count > 1990 && kept.count < 2020)
    }

    @Test func `a document that has stayed as it is for years keeps its items`() async throws {
        let feed = try await feed()
        try await poll(feed, [1, 2, 3], at: Self.start)
        try await poll(feed, [4, 2, 3], at: Self.start + 10 * Self.day)
        let years = Self.start + 3000 * Self.day
        try await forget(at: years)
        #expect(try await kept(feed) == [2, 3, 4])
        // Also of a feed that is listed no longer.
        try await store.register([FeedSpec(url: "https://b.example/")], at: years)
        try await forget(at: years)
        #expect(try await kept(feed) == [2, 3, 4])
        let other = try #require(try await store.feeds().first)
        try await poll(other, [1], at: years)
        try await poll(other, [2], at: years + 500 * Self.day)
        try await forget(at: years + 500 * Self.day)
        #expect(try await kept(other) == [2])
    }

    @Test func `a feed whose items are new each time has an end, and its last document stays`() async throws {
        let feed = try await feed()
        for poll in 0..<20 {
            let document = Array(poll * 100 + 2...poll * 100 + 101)
            try await self.poll(feed, [1] + document, at: Self.start + Double(poll) * 900)
        }
        // Of today's documents nothing goes, though it is more than the bound.
        try await forget(at: Self.start + 20 * 900, bound: 1500)
        #expect(try await kept(feed) == Array(1...2001))
        // What no document has had for a day goes beyond the bound.
        try await poll(feed, [1] + Array(2002...2101), at: Self.start + 5 * Self.day)
        try await forget(at: Self.start + 5 * Self.day, bound: 1500)
        #expect(try await kept(feed) == [1] + Array(602...2101))
        // Beyond twice the bound, it goes on the same day.
        for poll in 1...9 {
            let document = Array(2002 + poll * 100...2101 + poll * 100)
            try await self.poll(feed, document, at: Self.start + 5 * Self.day + Double(poll) * 900)
        }
        try await forget(at: Self.start + 5 * Self.day + 9000, bound: 500)
        #expect(try await kept(feed) == Array(2002...3001))
    }

    @Test func `the round goes over all feeds, some at a time`() async throws {
        let specs = (0..<700).map { FeedSpec(url: "https://h\($0).example/") }
        try await store.register(specs, at: Self.start)
        let last = try #require(try await store.feeds().last)
        try await poll(last, [1], at: Self.start)
        try await poll(last, [2], at: Self.start + 500 * Self.day)
        let place = try #require(
            try await store.forgetItems(after: nil, at: Self.start + 500 * Self.day, bound: 1000))
        #expect(try await kept(last) == [1, 2])
        #expect(try await store.forgetItems(after: place, at: Self.start + 500 * Self.day, bound: 1000) == nil)
        #expect(try await kept(last) == [2])
    }
}
