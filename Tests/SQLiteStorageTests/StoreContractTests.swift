import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing

/// What every store promises. A store that joins later runs these too.
@Suite struct StoreContractTests {
    enum Kind: CaseIterable, CustomTestStringConvertible {
        case memory, disk

        var testDescription: String { "\(self)" }

        func make() throws -> SQLiteStore {
            switch self {
            case .memory: return try SQLiteStore.inMemory()
            case .disk:
                let folder = try Fixture.temporaryFolder()
                return try SQLiteStore(path: folder.appendingPathComponent("state.db").path, access: .owner)
            }
        }
    }

    static let now = Date(timeIntervalSince1970: 1_543_240_800)
    private let routes = [SinkRoute(sink: SinkName("a")), SinkRoute(sink: SinkName("b"), only: ["critical"])]

    private func feed(_ store: SQLiteStore, _ url: String = "https://a.example/feed") async throws -> FeedState {
        try await store.register([FeedSpec(url: url)], at: Self.now)
        let feeds = try await store.claimDueFeeds(at: Self.now, limit: 10, lease: .seconds(60))
        return try #require(feeds.first { $0.url == url })
    }

    private func record(
        _ number: UInt64, article: UInt64? = nil, watches: [String] = ["w"], feed: String = "https://a.example/feed",
        raises: Bool = true, revision: UInt64? = nil
    ) -> ItemRecord {
        let article = Digest128(high: article ?? number, low: 7)
        return ItemRecord(
            fingerprint: ItemFingerprint(
                guid: number, link: number + 1000, title: number + 2000, text: number + 3000,
                revision: revision ?? number, article: article),
            item: AlertItem(
                id: "\(number)", url: "https://a.example/\(number)", title: "T\(number)", summary: nil, published: nil,
                language: nil, authors: []),
            feed: AlertFeed(url: feed, name: nil, tags: []),
            hits: watches.map { watch in
                let key = UInt64(watch.utf8.reduce(0) { $0 * 31 + Int($1) })
                return WatchHit(
                    watch: watch, key: Digest128(high: article.high ^ key, low: article.low &+ key), severity: .normal,
                    matches: [])
            }, raisesAlert: raises)
    }

    private func poll(_ feed: FeedState, _ items: [ItemRecord], at date: Date = now) -> PollRecord {
        var feed = feed
        feed.nextPoll = date.addingTimeInterval(900)
        feed.history.lastPoll = date
        feed.history.lastSuccess = date
        return PollRecord(feed: feed, items: items, at: date, routes: routes)
    }

    /// Not a plan of a clock that was wrong.
    @Test(arguments: Kind.allCases)
    func `a feed that is wanted once a year is not due before`(_ kind: Kind) async throws {
        let store = try kind.make()
        var record = poll(try await feed(store), [])
        record.feed.nextPoll = Self.now + 400 * 86_400
        _ = try await store.record(record)
        let later = Self.now + 30 * 86_400
        #expect(try await store.claimDueFeeds(at: later, limit: 9, lease: .seconds(60)).isEmpty)
    }

    @Test(arguments: Kind.allCases)
    func `the health of a feed is kept, and news of it is delivered with the rest`(_ kind: Kind) async throws {
        let store = try kind.make()
        var record = poll(try await feed(store), [])
        record.feed.health = FeedHealth(.blocked, since: Self.now - 60, evidence: "403", isTold: true)
        record.feed.history.cadence = .seconds(3600)
        var news = Alert(
            id: AlertID("al_1"), kind: .health, timestamp: Self.now, watches: [], severity: .high, matches: [],
            item: AlertItem(
                id: "al_1", url: nil, title: "T", summary: nil, published: nil, language: nil, authors: []),
            feed: AlertFeed(url: record.feed.url, name: nil, tags: []), firstSeen: Self.now)
        record.healthAlert = news
        #expect(try await store.record(record).map(\.id) == [news.id])
        #expect(try await store.feeds().map(\.health) == [record.feed.health])
        #expect(try await store.feeds().map(\.history.cadence) == [.seconds(3600)])
        let lease = Duration.seconds(60)
        #expect(try await store.claimDeliveries(to: SinkName("a"), at: Self.now, limit: 9, lease: lease).count == 1)
        #expect(try await store.claimDeliveries(to: SinkName("b"), at: Self.now, limit: 9, lease: lease).isEmpty)
        // The same news again is the same alert.
        news.timestamp = Self.now + 1
        record.healthAlert = news
        _ = try await store.record(record)
        #expect(try await store.alerts(AlertFilter()).count == 1)
    }

    @Test(arguments: Kind.allCases)
    func `a feed is claimed once while its lease holds`(_ kind: Kind) async throws {
        let store = try kind.make()
        _ = try await feed(store)
        #expect(try await store.claimDueFeeds(at: Self.now, limit: 10, lease: .seconds(60)).isEmpty)
        let later = Self.now.addingTimeInterval(61)
        #expect(try await store.claimDueFeeds(at: later, limit: 10, lease: .seconds(60)).count == 1)
    }

    @Test(arguments: Kind.allCases, [false, true])
    func `a pause that a site asks for outlasts a poll that was under way`(_ kind: Kind, _ isWhole: Bool) async throws {
        let store = try kind.make()
        let specs = ["https://a.example/1", "https://a.example/2"].map { url in
            var spec = FeedSpec(url: url)
            spec.site = "a.example"
            return spec
        }
        try await store.register(specs, at: Self.now)
        var feeds = try await store.claimDueFeeds(at: Self.now, limit: 10, lease: .seconds(60))
        let before = feeds
        let end = Self.now + 3600
        feeds[0].notBefore = end
        feeds[0].nextPoll = end
        var refusal = PollRecord(feed: feeds[0], before: before[0], at: Self.now)
        refusal.siteHold = ("a.example", end)
        _ = try await store.record(refusal)
        feeds[1].nextPoll = Self.now + 900
        if isWhole { feeds[1].title = "T" }
        _ = try await store.record(PollRecord(feed: feeds[1], before: before[1], at: Self.now))
        #expect(try await store.feeds().map(\.notBefore) == [end, end])
        #expect(try #require(try await store.nextPollDue()) >= end)
        #expect(try await store.claimDueFeeds(at: Self.now + 1000, limit: 10, lease: .seconds(60)).isEmpty)
        // Not both at once.
        #expect(try await store.claimDueFeeds(at: end + 600, limit: 10, lease: .seconds(60)).count == 2)
    }

    /// A feed that has many is not read whole, and knows its items all the same.
    @Test(arguments: Kind.allCases)
    func `of many items each is known by its id, its link or its title`(_ kind: Kind) async throws {
        let store = try kind.make()
        let state = try await feed(store)
        let items = (1...1500).map { number in
            var item = record(UInt64(number) * 10_000, watches: [])
            item.fingerprint.published = Int64(number)
            return item
        }
        _ = try await store.record(PollRecord(feed: state, items: items, at: Self.now))
        var moved = items[0].fingerprint
        (moved.guid, moved.link, moved.revision) = (7, 8, 9)
        var renamed = record(20_000).fingerprint
        (renamed.link, renamed.title, renamed.revision) = (17, 18, 19)
        var relinked = record(30_000).fingerprint
        (relinked.guid, relinked.revision) = (27, 29)
        let asked = [moved, renamed, relinked, record(40_000).fingerprint, record(5).fingerprint]
        #expect(
            try await store.novelties(among: asked, of: state.id) == [
                .changed(ItemID(1)), .changed(ItemID(2)), .changed(ItemID(3)), .known(ItemID(4)), .new,
            ])
        let late = try await store.record(PollRecord(feed: state, items: [record(5)], at: Self.now))
        #expect(late.count == 1)
        #expect(try await store.novelties(among: [record(5).fingerprint], of: state.id) == [.known(ItemID(1501))])
    }

    @Test(arguments: Kind.allCases)
    func `an anchor ends with the items that there are`(_ kind: Kind) async throws {
        let store = try kind.make()
        let state = try await feed(store)
        _ = try await store.record(PollRecord(feed: state, items: [record(1), record(2), record(3)], at: Self.now))
        // Two of them were pushed while the document with them was read, and it took them for new.
        var poll = PollRecord(feed: state, items: [record(2), record(3)], at: Self.now)
        poll.anchor = DocumentAnchor(known: [1], newItems: 2)
        _ = try await store.record(poll)
        #expect(try await store.feeds().first?.coverage.anchor == 3...3)
    }

    @Test(arguments: Kind.allCases)
    func `plans of a clock that was wrong are mended, whenever their polls end`(_ kind: Kind) async throws {
        let store = try kind.make()
        let wrong = Self.now + 40 * 86_400
        try await store.register([FeedSpec(url: "https://a.example/feed")], at: wrong)
        var feed = try #require(try await store.claimDueFeeds(at: wrong, limit: 1, lease: .seconds(60)).first)
        // The clock is set right while the poll is under way, and the schedule is looked at before it ends.
        #expect(try await store.claimDueFeeds(at: Self.now, limit: 1, lease: .seconds(60)).isEmpty == false)
        feed.history.lastPoll = wrong
        feed.nextPoll = wrong + 900
        _ = try await store.record(PollRecord(feed: feed, at: Self.now))
        #expect(try await store.claimDueFeeds(at: Self.now + 1, limit: 1, lease: .seconds(60)).count == 1)
    }

    @Test(arguments: Kind.allCases)
    func `a feed that is gone is asked again when somebody puts it back`(_ kind: Kind) async throws {
        let store = try kind.make()
        let spec = FeedSpec(url: "https://a.example/feed")
        var feed = try await feed(store, spec.url)
        feed.gone = true
        _ = try await store.record(PollRecord(feed: feed, at: Self.now))
        try await store.register([spec], at: Self.now)
        #expect(try await store.claimDueFeeds(at: Self.now + 86_400, limit: 1, lease: .seconds(60)).isEmpty)
        try await store.register([], at: Self.now)
        try await store.register([spec], at: Self.now)
        #expect(try await store.claimDueFeeds(at: Self.now, limit: 1, lease: .seconds(60)).count == 1)
    }

    @Test(arguments: Kind.allCases)
    func `a poll's state comes back as it went in`(_ kind: Kind) async throws {
        let store = try kind.make()
        var state = try await feed(store)
        state.title = "T"
        state.validators = Validators(
            entityTag: Array("W/\"\u{e9}\"".utf8) + [0xFF], lastModified: Array("yesterday".utf8),
            url: "https://a.example/x")
        state.bodyHash = Digest128(high: .max, low: 1)
        state.nextPoll = Self.now.addingTimeInterval(900)
        state.history.lastPoll = Self.now
        state.history.failures = 3
        state.history.lastError = "no"
        state.history.lastStatus = 503
        state.history.freshFor = .seconds(60)
        state.history.quietTimes = QuietTimes(hours: [1, 23], days: ["sunday"])
        state.notBefore = Self.now.addingTimeInterval(60)
        _ = try await store.record(PollRecord(feed: state, at: Self.now))
        #expect(try await store.feeds() == [state])
    }

    @Test(arguments: Kind.allCases)
    func `an item alerts once, to the sinks that want it`(_ kind: Kind) async throws {
        let store = try kind.make()
        let state = try await feed(store)
        let raised = try await store.record(poll(state, [record(1)]))
        #expect(raised.count == 1)
        #expect(try await store.record(poll(state, [record(1)])).isEmpty)
        #expect(try await store.novelties(among: [record(1).fingerprint], of: state.id) == [.known(ItemID(1))])
        let reports = try await store.alerts(AlertFilter())
        #expect(reports.map(\.id) == raised.map(\.id))
        #expect(reports.first?.deliveries.map(\.sink.rawValue) == ["a"])
        #expect(Alert(json: reports.first?.body ?? [])?.watches == ["w"])
    }

    @Test(arguments: Kind.allCases)
    func `an edited item alerts only for watches that had not matched`(_ kind: Kind) async throws {
        let store = try kind.make()
        let state = try await feed(store)
        _ = try await store.record(poll(state, [record(1)]))
        #expect(try await store.record(poll(state, [record(1, revision: 50)])).isEmpty)
        let second = try await store.record(poll(state, [record(1, watches: ["w", "x"], revision: 51)]))
        #expect(second.map(\.watches) == [["x"]])
    }

    @Test(arguments: Kind.allCases)
    func `the same article in another feed is added to the alert`(_ kind: Kind) async throws {
        let store = try kind.make()
        try await store.register(
            [FeedSpec(url: "https://a.example/feed"), FeedSpec(url: "https://b.example/feed")], at: Self.now)
        let feeds = try await store.claimDueFeeds(at: Self.now, limit: 10, lease: .seconds(60))
        _ = try await store.record(poll(feeds[0], [record(1, article: 9)]))
        let other = record(2, article: 9, feed: "https://b.example/feed")
        #expect(try await store.record(poll(feeds[1], [other])).isEmpty)
        let reports = try await store.alerts(AlertFilter())
        #expect(reports.count == 1)
        #expect(Alert(json: reports[0].body)?.alsoIn.map(\.url) == ["https://b.example/feed"])
    }

    @Test(arguments: Kind.allCases)
    func `backlog is remembered and wakes nobody, also when it is edited`(_ kind: Kind) async throws {
        let store = try kind.make()
        let state = try await feed(store)
        #expect(try await store.record(poll(state, [record(1, raises: false)])).isEmpty)
        #expect(try await store.record(poll(state, [record(1, revision: 99)])).isEmpty)
        #expect(try await store.alerts(AlertFilter()).isEmpty)
    }

    @Test(arguments: Kind.allCases)
    func `a restored state makes the same id`(_ kind: Kind) async throws {
        let first = try kind.make()
        let second = try kind.make()
        let one = try await first.record(poll(try await feed(first), [record(1, watches: ["a", "b"])]))
        let two = try await second.record(
            poll(try await feed(second), [record(1, watches: ["a", "b"])], at: Self.now.addingTimeInterval(5000)))
        #expect(one.map(\.id) == two.map(\.id))
    }

    @Test(arguments: Kind.allCases)
    func `the thousands of one poll keep no other's news waiting`(_ kind: Kind) async throws {
        let store = try kind.make()
        let sink = SinkName("a")
        _ = try await store.record(poll(try await feed(store), (1...300).map { record($0) }))
        let other = try await feed(store, "https://b.example/feed")
        _ = try await store.record(poll(other, [record(9000)], at: Self.now + 1))
        let claimed = try await store.claimDeliveries(to: sink, at: Self.now + 2, limit: 300, lease: .seconds(60))
        let titles = claimed.compactMap { Alert(json: $0.body)?.item.title }
        #expect(titles == (1...200).map { "T\($0)" } + ["T9000"] + (201...299).map { "T\($0)" })
    }

    @Test(arguments: Kind.allCases)
    func `a delivery goes through its states`(_ kind: Kind) async throws {
        let store = try kind.make()
        let sink = SinkName("a")
        _ = try await store.record(poll(try await feed(store), [record(1)]))
        let claimed = try await store.claimDeliveries(to: sink, at: Self.now, limit: 5, lease: .seconds(60))
        let delivery = try #require(claimed.first)
        #expect(delivery.attempts == 0)
        #expect(try await store.claimDeliveries(to: sink, at: Self.now, limit: 5, lease: .seconds(60)).isEmpty)
        let later = Self.now.addingTimeInterval(30)
        try await store.settle(delivery.id, .retry(at: later, reason: "down", wholeSink: true), at: Self.now)
        #expect(try await store.nextDeliveryDue(to: sink) == later)
        #expect(try await store.claimDeliveries(to: sink, at: Self.now, limit: 5, lease: .seconds(60)).isEmpty)
        let again = try await store.claimDeliveries(to: sink, at: later, limit: 5, lease: .seconds(60))
        #expect(again.first?.attempts == 1)
        #expect(again.first?.firstTry == Self.now)
        try await store.settle(delivery.id, .failed(reason: "no"), at: later)
        #expect(try await store.pendingDeliveries(to: [sink]) == 0)
        #expect(try await store.retry([delivery.id.alert], at: later) == 1)
        #expect(try await store.pendingDeliveries(to: [sink]) == 1)
        try await store.settle(delivery.id, .delivered, at: later)
        let report = try await store.alerts(AlertFilter(id: delivery.id.alert.rawValue))
        #expect(report.first?.deliveries.first?.state == .sent)
    }

    @Test(arguments: Kind.allCases)
    func `a sink that is gone gets nothing until somebody asks`(_ kind: Kind) async throws {
        let store = try kind.make()
        let sink = SinkName("a")
        _ = try await store.record(poll(try await feed(store), [record(1), record(2)]))
        let claimed = try await store.claimDeliveries(to: sink, at: Self.now, limit: 1, lease: .seconds(60))
        try await store.settle(try #require(claimed.first).id, .sinkGone(reason: "410"), at: Self.now)
        #expect(try await store.claimDeliveries(to: sink, at: Self.now, limit: 5, lease: .seconds(60)).isEmpty)
        #expect(try await store.nextDeliveryDue(to: sink) == nil)
        #expect(try await store.retry(nil, at: Self.now) == 1)
        #expect(try await store.claimDeliveries(to: sink, at: Self.now, limit: 5, lease: .seconds(60)).count == 2)
    }

    @Test(arguments: Kind.allCases)
    func `a clock that was set back holds up neither polls nor deliveries`(_ kind: Kind) async throws {
        let store = try kind.make()
        let state = try await feed(store)
        let future = Self.now.addingTimeInterval(400 * 86_400)
        _ = try await store.record(poll(state, [record(1)], at: future))
        #expect(try await store.claimDueFeeds(at: Self.now, limit: 5, lease: .seconds(60)).count == 1)
        let claimed = try await store.claimDeliveries(to: SinkName("a"), at: Self.now, limit: 5, lease: .seconds(60))
        #expect(claimed.count == 1)
    }

    @Test(arguments: Kind.allCases)
    func `a clock that was set back by hours holds up no delivery and no sink`(_ kind: Kind) async throws {
        let store = try kind.make()
        let sink = SinkName("a")
        let future = Self.now + 20 * 3600
        _ = try await store.record(poll(try await feed(store), [record(1), record(2)], at: future))
        let claimed = try await store.claimDeliveries(to: sink, at: future, limit: 1, lease: .seconds(60))
        let attempt = DeliveryAttempt(
            number: 1, at: future, duration: .seconds(1), verdict: .deferred, status: 503, reason: "503", answer: nil)
        try await store.settle(
            try #require(claimed.first).id, .retry(at: future + 60, reason: "503", wholeSink: true), after: attempt,
            at: future)
        #expect(try await store.claimDueFeeds(at: Self.now, limit: 5, lease: .seconds(60)).count == 1)
        #expect(try await store.claimDeliveries(to: sink, at: Self.now, limit: 5, lease: .seconds(60)).count == 2)
    }

    @Test(arguments: Kind.allCases)
    func `a feed that a wrong clock gave back is not asleep for long`(_ kind: Kind) async throws {
        let store = try kind.make()
        let future = Self.now + 20 * 3600
        var feed = try await feed(store)
        // Its lease seems to be over, while its poll is under way.
        #expect(try await store.claimDueFeeds(at: future, limit: 1, lease: .seconds(60)).count == 1)
        try await store.release(feed.id, nextPoll: future + 30)
        #expect(try await store.claimDueFeeds(at: Self.now + 1, limit: 1, lease: .seconds(60)).count == 1)
        // The same, and the poll ends before it is given back.
        #expect(try await store.claimDueFeeds(at: future, limit: 1, lease: .seconds(60)).count == 1)
        feed.history.lastPoll = Self.now + 1
        feed.nextPoll = Self.now + 900
        _ = try await store.record(PollRecord(feed: feed, at: Self.now + 2))
        try await store.release(feed.id, nextPoll: future + 30)
        #expect(try await store.feeds().first?.nextPoll == Self.now + 900)
    }

    @Test(arguments: Kind.allCases)
    func `two hundred polls at once are all recorded`(_ kind: Kind) async throws {
        let store = try kind.make()
        let specs = (0..<200).map { FeedSpec(url: "https://a.example/\($0)") }
        try await store.register(specs, at: Self.now)
        let feeds = try await store.claimDueFeeds(at: Self.now, limit: 500, lease: .seconds(60))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, feed) in feeds.enumerated() {
                let poll = poll(feed, [record(UInt64(index * 10 + 1)), record(UInt64(index * 10 + 2))])
                group.addTask { _ = try await store.record(poll) }
            }
            try await group.waitForAll()
        }
        #expect(try await store.alerts(AlertFilter()).count == 400)
        #expect(try await store.pendingDeliveries(to: [SinkName("a")]) == 400)
    }

    @Test(arguments: Kind.allCases)
    func `alerts are filtered by time, watch and id`(_ kind: Kind) async throws {
        let store = try kind.make()
        let state = try await feed(store)
        let old = try await store.record(poll(state, [record(1, watches: ["x"])]))
        _ = try await store.record(poll(state, [record(2, watches: ["y"])], at: Self.now.addingTimeInterval(100)))
        #expect(try await store.alerts(AlertFilter(since: Self.now.addingTimeInterval(50))).count == 1)
        #expect(try await store.alerts(AlertFilter(watch: "x")).map(\.id) == old.map(\.id))
        #expect(try await store.alerts(AlertFilter(id: String(old[0].id.rawValue.prefix(34)))).count == 1)
        #expect(try await store.alerts(AlertFilter(id: "al%")).isEmpty)
        #expect(try await store.alerts(AlertFilter(limit: 1)).count == 1)
    }

    @Test(arguments: Kind.allCases)
    func `moves and trust in validators are kept`(_ kind: Kind) async throws {
        let store = try kind.make()
        var state = try await feed(store)
        state.move = FeedMove(target: "https://b.example/x", since: Self.now, answers: 3, adopted: Self.now + 5)
        state.history.trust.notModified = 7
        state.history.trust.lastUnconditional = Self.now + 1
        state.history.trust.lastProbe = Self.now + 2
        state.history.trust.unreliable = Self.now + 3
        state.history.trust.representation = Digest128(high: 1, low: 2)
        _ = try await store.record(poll(state, []))
        let kept = try #require(try await store.feeds().first)
        #expect(kept.move == state.move)
        #expect(kept.history.trust == state.history.trust)
        #expect(kept.address == "https://b.example/x")
    }

    @Test(arguments: Kind.allCases)
    func `sites that have moved to a host are counted`(_ kind: Kind) async throws {
        let store = try kind.make()
        var specs = ["www.a.example/1", "news.a.example/2", "c.example/", "d.example/", "b.example:80/", "e.example/"]
            .map { FeedSpec(url: "https://\($0)") }
        specs[0].site = "a.example"
        specs[1].site = "a.example"
        try await store.register(specs, at: Self.now)
        for var state in try await store.claimDueFeeds(at: Self.now, limit: 10, lease: .seconds(60)) {
            let target = state.url == "https://e.example/" ? "other.example" : "b.example:80"
            state.move = FeedMove(target: "https://\(target)/x", since: Self.now)
            _ = try await store.record(poll(state, []))
        }
        #expect(try await store.sites(movedTo: "b.example:80") == 3)
        #expect(try await store.sites(movedTo: "other.example") == 1)
        #expect(try await store.sites(movedTo: "none.example") == 0)
        try await store.register([], at: Self.now)
        #expect(try await store.sites(movedTo: "b.example:80") == 0)
    }

    @Test(arguments: Kind.allCases)
    func `many feeds are given back at once, each with its time`(_ kind: Kind) async throws {
        let store = try kind.make()
        try await store.register((1...5).map { FeedSpec(url: "https://a.example/\($0)") }, at: Self.now)
        let feeds = try await store.claimDueFeeds(at: Self.now, limit: 5, lease: .seconds(60))
        try await store.release(
            Dictionary(uniqueKeysWithValues: feeds.enumerated().map { ($1.id, Self.now + Double($0) * 10) }))
        try await store.release([:])
        for count in 1...5 {
            let due = try await store.claimDueFeeds(
                at: Self.now + Double(count - 1) * 10, limit: 9, lease: .seconds(600))
            #expect(due.map(\.id) == [feeds[count - 1].id])
        }
    }

    @Test(arguments: Kind.allCases)
    func `feeds that are no longer listed are not polled and keep their state`(_ kind: Kind) async throws {
        let store = try kind.make()
        let state = try await feed(store)
        _ = try await store.record(poll(state, [record(1)]))
        try await store.register([], at: Self.now)
        #expect(try await store.feeds().isEmpty)
        try await store.register([FeedSpec(url: state.url)], at: Self.now)
        #expect(try await store.novelties(among: [record(1).fingerprint], of: state.id) == [.known(ItemID(1))])
    }

    // Coverage

    @Test(arguments: Kind.allCases) func `a gap that goes on is one, and old ones are forgotten`(_ kind: Kind)
        async throws
    {
        let store = try kind.make()
        let feed = try await feed(store)
        func note(_ start: Double, _ end: Double, _ cause: CoverageGap.Cause = .overflow) async throws {
            var poll = poll(feed, [], at: Self.now + end)
            poll.gap = CoverageGap(feed: feed.id, start: Self.now + start, end: Self.now + end, cause: cause)
            _ = try await store.record(poll)
        }
        try await note(0, 10)
        try await note(10, 20)
        try await note(30, 40)
        // Of another cause.
        try await note(40, 50, .failure)
        #expect(try await store.gaps(since: .distantPast).map { $0.end.timeIntervalSince(Self.now) } == [20, 40, 50])
        #expect(try await store.gaps(since: Self.now + 20).count == 2)
        // What cannot be told is told once.
        for round in 10..<20 { try await note(Double(round) * 10, Double(round) * 10 + 1, .single) }
        #expect(try await store.gaps(since: Self.now + 50).map(\.cause) == [.single])
        let year = 401 * 86_400.0
        try await note(year, year + 1000)
        #expect(try await store.gaps(since: .distantPast).count == 1)
        for round in 1...300 { try await note(year + Double(round) * 2000, year + Double(round) * 2000 + 1000) }
        let all = try await store.gaps(since: .distantPast)
        #expect(all.count == 200)
        #expect(all.first?.start == Self.now + year)
        await store.close()
    }

    @Test(arguments: Kind.allCases) func `the newer half of a document is kept by its places`(_ kind: Kind) async throws
    {
        let store = try kind.make()
        let feed = try await feed(store)
        var first = poll(feed, (1...5).map { record($0) })
        first.anchor = DocumentAnchor(known: [], newItems: 5)
        _ = try await store.record(first)
        #expect(try await store.feeds()[0].coverage.anchor == 3...5)
        var second = poll(feed, (6...7).map { record($0) })
        second.anchor = DocumentAnchor(known: [5, 1, 4], newItems: 2)
        _ = try await store.record(second)
        // 1, 4, 5 and the new 6, 7.
        #expect(try await store.feeds()[0].coverage.anchor == 5...7)
        await store.close()
    }

    @Test(arguments: Kind.allCases) func `a page that was read changes nothing of its feed but the gap`(
        _ kind: Kind
    ) async throws {
        let store = try kind.make()
        let feed = try await feed(store)
        var poll = poll(feed, [record(1)])
        poll.feed.coverage.openGap = Self.now - 60
        poll.feed.coverage.misses = 1
        poll.feed.coverage.lastMiss = Self.now
        var gap = CoverageGap(feed: feed.id, start: Self.now - 60, end: Self.now, cause: .overflow)
        gap.page = "https://a.example/2"
        gap.anchor = 4...9
        poll.gap = gap
        _ = try await store.record(poll)
        #expect(try await store.openGap(of: feed.id) == gap)
        let before = try await store.feeds()[0]
        gap.page = nil
        gap.closed = Self.now + 5
        gap.pages = 1
        gap.found = 1
        // With a state of the feed that is older.
        var page = PollRecord(feed: feed, items: [record(2)], at: Self.now + 5, routes: routes)
        page.closing = gap
        #expect(try await store.record(page).count == 1)
        #expect(try await store.openGap(of: feed.id) == nil)
        #expect(try await store.gaps(since: .distantPast) == [gap])
        var after = try await store.feeds()[0]
        #expect(after.coverage.openGap == nil)
        #expect(after.coverage.misses == 0)
        after.coverage = before.coverage
        #expect(after == before)
        await store.close()
    }

    @Test func `what a process that is gone had in hand is due an interval later, what a run had at once`() async throws
    {
        let path = try Fixture.temporaryFolder().appendingPathComponent("state.db").path
        let specs = (0..<3).map { FeedSpec(url: "https://h\($0).example/") }
        var store = try SQLiteStore(path: path, access: .owner)
        try await store.register(specs, at: Self.now)
        #expect(try await store.claimDueFeeds(at: Self.now, limit: 2, lease: .seconds(240)).count == 2)
        await store.close()
        // It fails and starts, again and again.
        for second in [10.0, 20, 899] {
            store = try SQLiteStore(path: path, access: .owner)
            try await store.register(specs, at: Self.now + second)
            let due = try await store.claimDueFeeds(at: Self.now + second, limit: 9, lease: .seconds(240))
            #expect(due.map(\.url) == (second == 10 ? [specs[2].url] : []))
            await store.close()
        }
        // The third was asked ten seconds later.
        store = try SQLiteStore(path: path, access: .owner)
        try await store.register(specs, at: Self.now + 991)
        let plans = try await store.feeds().map { $0.nextPoll.timeIntervalSince(Self.now) }
        #expect(plans[..<2].allSatisfy { (900...990).contains($0) } && (910...1000).contains(plans[2]))
        #expect(try await store.nextPollDue() == Self.now + (plans.min() ?? 0))
        #expect(try await store.claimAllFeeds(at: Self.now + 1001, lease: .seconds(86_400)).count == 3)
        await store.close()
        store = try SQLiteStore(path: path, access: .owner)
        try await store.register(specs, at: Self.now + 1010)
        #expect(try await store.claimDueFeeds(at: Self.now + 1010, limit: 9, lease: .seconds(240)).count == 3)
        await store.close()
    }

    @Test(arguments: Kind.allCases) func `a shorter interval holds at once, as far as the server lets it`(_ kind: Kind)
        async throws
    {
        let store = try kind.make()
        var specs = (0..<4).map { FeedSpec(url: "https://h\($0).example/") }
        for index in specs.indices { specs[index].policy.every = .seconds(86_400) }
        try await store.register(specs, at: Self.now)
        for (place, feed) in try await store.claimDueFeeds(at: Self.now, limit: 9, lease: .seconds(60)).enumerated() {
            var record = poll(feed, [])
            record.feed.nextPoll = Self.now + 90_000
            if place == 1 { record.feed.history.freshFor = .seconds(7200) }
            if place == 2 { record.feed.notBefore = Self.now + 80_000 }
            if place == 3 { record.feed.history.failures = 1 }
            _ = try await store.record(record)
        }
        func plans() async throws -> [Double] {
            try await store.feeds().map { $0.nextPoll.timeIntervalSince(Self.now) }
        }
        try await store.register(specs, at: Self.now + 1)
        #expect(try await plans() == [90_000, 90_000, 90_000, 90_000])
        for index in specs.indices { specs[index].policy.every = .seconds(900) }
        try await store.register(specs, at: Self.now + 1)
        #expect(try await plans() == [900, 7200, 90_000, 90_000])
    }

    @Test(arguments: Kind.allCases) func `other header fields after a refusal bring a poll`(_ kind: Kind) async throws {
        let store = try kind.make()
        var spec = FeedSpec(url: "https://h.example/")
        try await store.register([spec], at: Self.now)
        var record = poll(
            try #require(try await store.claimDueFeeds(at: Self.now, limit: 1, lease: .seconds(60)).first), [])
        record.feed.history.failures = 3
        record.feed.history.lastStatus = 403
        record.feed.nextPoll = Self.now + 3600
        _ = try await store.record(record)
        try await store.register([spec], at: Self.now + 1)
        #expect(try await store.nextPollDue() == Self.now + 3600)
        spec.representation = Digest128(high: 1, low: 2)
        try await store.register([spec], at: Self.now + 2)
        #expect(try await store.nextPollDue() == Self.now + 2)
    }

    @Test(arguments: Kind.allCases) func `another way to a feed that fails brings a poll`(_ kind: Kind) async throws {
        let store = try kind.make()
        var specs = ["a", "b", "c", "d"].map { FeedSpec(url: "https://\($0).example/") }
        for index in specs.indices { specs[index].policy.every = .seconds(7200) }
        try await store.register(specs, at: Self.now)
        for feed in try await store.claimDueFeeds(at: Self.now, limit: 4, lease: .seconds(60)) {
            var record = poll(feed, [])
            // The third is well, and the fourth was asked to wait.
            record.feed.history.failures = feed.url.contains("//c.") ? 0 : 3
            record.feed.notBefore = feed.url.contains("//d.") ? Self.now + 3600 : nil
            record.feed.nextPoll = Self.now + 3600
            _ = try await store.record(record)
        }
        func due(_ seconds: Double) async throws -> [String] {
            try await store.feeds().filter { $0.nextPoll == Self.now + seconds }.map {
                String($0.url.dropFirst(8).prefix(1))
            }
        }
        try await store.register(specs, at: Self.now + 1)
        #expect(try await due(3600) == ["a", "b", "c", "d"])
        // What the failure was not about brings none.
        for index in specs.indices { specs[index].policy.perHost = 1 }
        try await store.register(specs, at: Self.now + 2)
        #expect(try await due(3600) == ["a", "b", "c", "d"])
        for index in specs.indices where index != 1 { specs[index].policy.allowPrivateAddresses = true }
        try await store.register(specs, at: Self.now + 3)
        #expect(try await due(3) == ["a"])
        specs[1].policy.proxy = Secret("socks5h://u:p@127.0.0.1:9050")
        try await store.register(specs, at: Self.now + 4)
        #expect(try await due(4) == ["b"])
        specs[1].policy.proxy = Secret("socks5h://u:q@127.0.0.1:9050")
        specs[0].policy.timeout = .seconds(90)
        try await store.register(specs, at: Self.now + 2)
        #expect(try await due(2) == ["a", "b"])
        specs[0].policy.maxBodyBytes = 1
        try await store.register(specs, at: Self.now + 1)
        #expect(try await due(1) == ["a"])
        // And nothing changes with a mere start.
        try await store.register(specs, at: Self.now)
        #expect(try await due(1) == ["a"])
    }

    @Test(arguments: Kind.allCases) func `a failure is taken back unless the feed was asked since`(_ kind: Kind)
        async throws
    {
        let store = try kind.make()
        var record = poll(try await feed(store), [])
        let before = record.feed
        record.feed.history.failures = 1
        record.feed.history.lastError = "x"
        record.feed.health = FeedHealth(.failing, since: Self.now, evidence: "x")
        record.feed.nextPoll = Self.now + 9000
        _ = try await store.record(record)
        let blamed = try await store.feeds()[0]
        var late = before
        late.history.lastPoll = Self.now - 1
        try await store.pardon([late])
        #expect(try await store.feeds()[0] == blamed)
        try await store.pardon([before])
        #expect(try await store.feeds()[0] == before)
    }
}
