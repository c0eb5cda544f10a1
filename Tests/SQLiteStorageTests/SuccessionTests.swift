import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing

/// A feed whose address is changed is the same feed: what was seen of it, and when, goes on.
@Suite struct SuccessionTests {
    private static let now = Date(timeIntervalSince1970: 1_543_240_800)
    private static let old = "https://old.example/feed"
    private static let new = "https://new.example/feed"
    let store: SQLiteStore

    init() throws { store = try SQLiteStore.inMemory() }

    private func spec(_ url: String = new, was: [String] = []) -> FeedSpec {
        var spec = FeedSpec(url: url)
        spec.site = url.contains("old") ? "old.example" : "new.example"
        spec.was = was
        return spec
    }

    private func fingerprint(_ number: UInt64) -> ItemFingerprint {
        ItemFingerprint(
            guid: number, link: number + 1000, title: number + 2000, text: number + 3000, revision: number,
            article: Digest128(high: number, low: 7))
    }

    private func record(_ number: UInt64, raises: Bool) -> ItemRecord {
        ItemRecord(
            fingerprint: fingerprint(number),
            item: AlertItem(
                id: "\(number)", url: nil, title: "T\(number)", summary: nil, published: nil, language: nil, authors: []
            ),
            feed: AlertFeed(url: Self.old, name: nil, tags: []),
            hits: [WatchHit(watch: "w", key: Digest128(high: number, low: 9), severity: .normal, matches: [])],
            raisesAlert: raises)
    }

    /// The feed after a poll that brought these items.
    @discardableResult
    private func poll(
        _ spec: FeedSpec, items: [UInt64], raises: Bool = true, at date: Date = now,
        _ change: (inout PollRecord) -> Void = { _ in }
    ) async throws -> [Alert] {
        try await store.register([spec], at: date)
        let claimed = try await store.claimDueFeeds(at: date, limit: 1, lease: .seconds(60))
        return try await poll(try #require(claimed.first), items: items, raises: raises, at: date, change)
    }

    private func poll(
        _ state: FeedState, items: [UInt64], raises: Bool = true, at date: Date = now,
        _ change: (inout PollRecord) -> Void = { _ in }
    ) async throws -> [Alert] {
        var feed = state
        feed.nextPoll = date + 900
        feed.history.lastPoll = date
        feed.history.lastSuccess = date
        feed.validators = Validators(entityTag: Array("\"1\"".utf8), lastModified: nil, url: state.url)
        feed.bodyHash = Digest128(high: 1, low: 1)
        feed.coverage.since = feed.coverage.since ?? date
        feed.coverage.until = date
        var record = PollRecord(
            feed: feed, before: state, items: items.map { self.record($0, raises: raises) }, at: date,
            routes: [SinkRoute(sink: SinkName("a"))])
        change(&record)
        return try await store.record(record)
    }

    private var state: FeedState {
        get async throws { try #require(try await store.feeds().first) }
    }

    @Test func `What was seen, when, and the gaps go on under the new address`() async throws {
        try await poll(spec(Self.old), items: [1, 2]) { record in
            record.feed.history.cadence = .seconds(7200)
            record.feed.history.failures = 9
            record.feed.history.lastError = "no such host"
            record.feed.notBefore = Self.now + 80_000
            record.feed.move = FeedMove(target: "https://elsewhere.example/", since: Self.now)
            record.feed.coverage.openGap = Self.now - 500
            record.gap = CoverageGap(feed: record.feed.id, start: Self.now - 500, end: Self.now, cause: .overflow)
            record.gap?.page = "https://old.example/feed?page=2"
        }
        let later = Self.now + 3600
        let successions = try await store.register([spec(was: ["https://none.example/", Self.old])], at: later)
        #expect(successions == [FeedSuccession(from: Self.old, to: Self.new)])
        let state = try await state
        #expect(state.url == Self.new)
        #expect(state.history.lastSuccess == Self.now)
        #expect(state.history.cadence == .seconds(7200))
        #expect(state.history.failures == 1)
        #expect(state.coverage.since == Self.now)
        #expect(
            try await store.novelties(among: [fingerprint(1), fingerprint(3)], of: state.id).map { $0 == .new } == [
                false, true,
            ])
        #expect(try await store.gaps(since: .distantPast).map(\.feed) == [state.id])
        // What the old server said is not the new one's.
        #expect(state.validators == nil)
        #expect(state.bodyHash == nil)
        #expect(state.isAtNewAddress)
        #expect(state.move == nil)
        #expect(state.notBefore == nil)
        #expect(state.nextPoll == later)
        #expect(try await store.openGap(of: state.id) == nil)
        // Once.
        #expect(try await store.register([spec(was: [Self.old])], at: later).isEmpty)
    }

    @Test func `A feed that was gone is asked at its new address`() async throws {
        try await poll(spec(Self.old), items: [1]) { $0.feed.gone = true }
        try await store.register([spec(was: [Self.old])], at: Self.now + 60)
        #expect(
            try await store.claimDueFeeds(at: Self.now + 60, limit: 9, lease: .seconds(60)).map(\.url) == [Self.new])
    }

    @Test func `What the old address answers to a poll that was under way says nothing of the feed`() async throws {
        try await store.register([spec(Self.old)], at: Self.now)
        try await poll(spec(Self.old), items: [1])
        let claimed = try await store.claimDueFeeds(at: Self.now + 1000, limit: 1, lease: .seconds(60))
        let underWay = try #require(claimed.first)
        try await store.register([spec(was: [Self.old])], at: Self.now + 1001)
        _ = try await poll(underWay, items: [2], at: Self.now + 1002) { $0.feed.gone = true }
        // One that changes the times alone is written another way.
        _ = try await poll(underWay, items: [], at: Self.now + 1002)
        let state = try await state
        #expect(!state.gone)
        #expect(state.nextPoll == Self.now + 1001)
        #expect(state.validators == nil)
        #expect(try await store.novelties(among: [fingerprint(2)], of: state.id).map { $0 == .new } == [false])
    }

    @Test func `It can be said later: what the first poll of the new address took for backlog is news again`()
        async throws
    {
        try await poll(spec(Self.old), items: [1])
        let alerted = try await poll(spec(), items: [2], at: Self.now + 100) { $0.items[0].raisesAlert = true }
        #expect(alerted.count == 1)
        try await poll(spec(), items: [1, 2, 3], raises: false, at: Self.now + 2000)
        try await store.register([spec(was: [Self.old])], at: Self.now + 2100)
        let state = try await state
        #expect(state.history.lastSuccess == Self.now)
        // Its server is not asked sooner for that.
        #expect(state.nextPoll == Self.now + 2900)
        let alerts = try await poll(spec(was: [Self.old]), items: [1, 2, 3], at: Self.now + 2900)
        #expect(alerts.map(\.item.id) == ["3"])
        #expect(try await store.register([spec(was: [Self.old])], at: Self.now + 3000).isEmpty)
        // The old address is free for a feed of its own.
        try await store.register([spec(Self.old)], at: Self.now + 3000)
        #expect(try await self.state.history == FeedHistory())
    }

    @Test func `A feed that said it had moved needs no word, unless both are listed`() async throws {
        try await poll(spec(Self.old), items: [1]) { $0.feed.move = FeedMove(target: Self.new, since: Self.now) }
        #expect(try await store.register([spec(Self.old), spec()], at: Self.now).isEmpty)
        #expect(try await store.register([spec(Self.old), spec(was: [Self.old])], at: Self.now).isEmpty)
        #expect(try await store.register([spec()], at: Self.now) == [FeedSuccession(from: Self.old, to: Self.new)])
        #expect(try await state.history.lastSuccess == Self.now)
    }

    @Test func `A feed that was read at that address keeps what it has`() async throws {
        try await poll(spec(Self.old), items: [1]) { $0.feed.move = FeedMove(target: Self.new, since: Self.now) }
        try await poll(spec(), items: [5], at: Self.now + 50)
        #expect(try await store.register([], at: Self.now + 60).isEmpty)
        #expect(try await store.register([spec()], at: Self.now + 60).isEmpty)
    }

    @Test func `What a new list would lose is known before`() async throws {
        try await store.register([spec(Self.old), spec("https://never.example/")], at: Self.now)
        let claimed = try await store.claimDueFeeds(at: Self.now, limit: 1, lease: .seconds(60))
        _ = try await poll(try #require(claimed.first), items: [1]) { $0.feed.title = "Old news" }
        let change = try await store.changes(with: [spec()])
        #expect(change.new == [Self.new])
        #expect(change.lost == [KnownFeed(url: Self.old, title: "Old news", site: "old.example")])
        #expect(try await store.changes(with: [spec(Self.old)]).lost.isEmpty)
    }
}
