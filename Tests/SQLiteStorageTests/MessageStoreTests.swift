import Foundation
import GRDB
import Model
import SQLiteStorage
import TestSupport
import Testing

/// Messages in a state on the disk. `reopen` is what a crash leaves behind.
@Suite struct MessageStoreTests {
    private static let now = Date(timeIntervalSince1970: 1_543_240_800)
    private static let sink = SinkName("a")
    private static let lease: Duration = .seconds(120)
    private let path: String

    init() throws {
        path = try Fixture.temporaryFolder().appendingPathComponent("state.db").path
    }

    private func open() throws -> SQLiteStore { try SQLiteStore(path: path, access: .owner) }

    private func reopen(_ store: SQLiteStore) async throws -> SQLiteStore {
        await store.close()
        return try open()
    }

    /// One alert a number, raised at `date`, from a feed of its own.
    private func raise(
        _ store: SQLiteStore, _ numbers: ClosedRange<Int>, _ severity: Severity = .normal, at date: Date = now
    ) async throws {
        let url = "https://a.example/\(numbers.lowerBound)"
        try await store.register([FeedSpec(url: url)], at: date)
        let claimed = try await store.claimDueFeeds(at: date, limit: 100, lease: .seconds(1))
        var feed = try #require(claimed.first { $0.url == url })
        feed.nextPoll = date.addingTimeInterval(900)
        let items = numbers.map { number in
            let key = UInt64(number)
            return ItemRecord(
                fingerprint: ItemFingerprint(
                    guid: key, link: key + 1000, title: key + 2000, text: key + 3000, revision: key,
                    article: Digest128(high: key, low: 7)),
                item: AlertItem(
                    id: "\(number)", url: "https://a.example/\(number)", title: "T\(number)", summary: nil,
                    published: nil, language: nil, authors: []),
                feed: AlertFeed(url: url, name: nil, tags: []),
                hits: [WatchHit(watch: "w", key: Digest128(high: key, low: 9), severity: severity, matches: [])],
                raisesAlert: true)
        }
        _ = try await store.record(
            PollRecord(feed: feed, items: items, at: date, routes: [SinkRoute(sink: Self.sink)]))
    }

    private func rule(
        wait: Duration = .seconds(30), max: Int = 20, rate: MessageRate? = nil, gap: Duration = .zero
    ) -> MessageRule {
        MessageRule(SinkPace(group: .init(wait: wait, max: max), rate: rate, gap: gap), joins: true)
    }

    private func claim(_ store: SQLiteStore, _ rule: MessageRule, _ seconds: Double) async throws -> [String] {
        switch try await store.claimMessage(
            to: Self.sink, at: Self.now + seconds, rule: rule, lease: Self.lease)
        {
        case .message(let deliveries): try deliveries.map { try #require(Alert(json: $0.body)?.item.title) }
        case .wait: []
        }
    }

    private func ids(_ store: SQLiteStore, _ rule: MessageRule, _ seconds: Double) async throws -> [Delivery.ID] {
        guard
            case .message(let deliveries) = try await store.claimMessage(
                to: Self.sink, at: Self.now + seconds, rule: rule, lease: Self.lease)
        else { return [] }
        return deliveries.map(\.id)
    }

    @Test func `a group is claimed whole, once, and settled whole`() async throws {
        let store = try open()
        try await raise(store, 1...3)
        #expect(
            try await store.claimMessage(to: Self.sink, at: Self.now, rule: rule(), lease: Self.lease)
                == .wait(until: Self.now + 30, isGap: false))
        try await raise(store, 4...5, at: Self.now + 20)
        let ids = try await ids(store, rule(), 30)
        #expect(ids.count == 5)
        // It is under way.
        #expect(try await claim(store, rule(), 31).isEmpty)
        try await store.settle(message: ids, .delivered, after: nil, at: Self.now + 32)
        #expect(try await store.pendingDeliveries(to: [Self.sink]) == 0)
        #expect(try await claim(store, rule(), 3600).isEmpty)
    }

    @Test func `after a crash between send and settlement the same alerts are the same message`() async throws {
        var store = try open()
        try await raise(store, 1...3)
        #expect(try await claim(store, rule(), 30) == ["T1", "T2", "T3"])
        try await raise(store, 4...6, at: Self.now + 30)
        store = try await reopen(store)
        #expect(try await claim(store, rule(), 60) == ["T1", "T2", "T3"])
        store = try await reopen(store)
        let first = try await ids(store, rule(), 61)
        #expect(first.count == 3)
        try await store.settle(message: first, .delivered, after: nil, at: Self.now + 61)
        #expect(try await claim(store, rule(), 62) == ["T4", "T5", "T6"])
    }

    @Test func `a message that is deferred stays the same, and holds up no other`() async throws {
        let store = try open()
        try await raise(store, 1...2)
        let first = try await ids(store, rule(), 30)
        try await store.settle(
            message: first, .retry(at: Self.now + 100, reason: "503", wholeSink: false), after: nil, at: Self.now + 31)
        try await raise(store, 3...4, at: Self.now + 32)
        #expect(try await claim(store, rule(), 62) == ["T3", "T4"])
        #expect(try await claim(store, rule(), 99).isEmpty)
        #expect(try await claim(store, rule(), 100) == ["T1", "T2"])
    }

    @Test func `a pause that the sink asked for, and its end, hold for messages`() async throws {
        let store = try open()
        try await raise(store, 1...2)
        let first = try await ids(store, rule(), 30)
        try await store.settle(
            message: first, .retry(at: Self.now + 500, reason: "429", wholeSink: true), after: nil, at: Self.now + 31)
        try await raise(store, 3...3, at: Self.now + 32)
        #expect(
            try await store.claimMessage(to: Self.sink, at: Self.now + 90, rule: rule(), lease: Self.lease)
                == .wait(until: Self.now + 500, isGap: false))
        let again = try await ids(store, rule(), 500)
        #expect(again == first)
        try await store.settle(message: again, .sinkGone(reason: "410"), after: nil, at: Self.now + 501)
        #expect(
            try await store.claimMessage(to: Self.sink, at: Self.now + 600, rule: rule(), lease: Self.lease)
                == .wait(until: nil, isGap: false))
        // A person starts it again: as alerts that have just come.
        #expect(try await store.retry(nil, at: Self.now + 700) == 2)
        #expect(try await claim(store, rule(), 730) == ["T3", "T1", "T2"])
    }

    @Test func `of a message that was refused the halves are tried, down to the one alert`() async throws {
        var store = try open()
        try await raise(store, 1...5)
        var sent: [[String]] = []
        var refused: [String] = []
        var seconds = 30.0
        while true {
            let claim = try await store.claimMessage(
                to: Self.sink, at: Self.now + seconds, rule: rule(), lease: Self.lease)
            guard case .message(let deliveries) = claim else { break }
            seconds += 1
            let titles = deliveries.compactMap { Alert(json: $0.body)?.item.title }
            let ids = deliveries.map(\.id)
            if !titles.contains("T4") {
                sent.append(titles)
                try await store.settle(message: ids, .delivered, after: nil, at: Self.now + seconds)
            } else if titles.count > 1 {
                try await store.split(message: ids, reason: "554", after: nil, at: Self.now + seconds)
                // Its halves stay halves.
                store = try await reopen(store)
            } else {
                refused += titles
                try await store.settle(message: ids, .failed(reason: "554"), after: nil, at: Self.now + seconds)
            }
        }
        #expect(Set(sent.flatMap(\.self)) == ["T1", "T2", "T3", "T5"] && sent.flatMap(\.self).count == 4)
        #expect(refused == ["T4"])
        #expect(seconds - 30 <= 7)
    }

    @Test func `a message that is too long becomes several, the same after a crash, and the rest comes later`()
        async throws
    {
        var store = try open()
        try await raise(store, 1...9)
        let rate = MessageRate(count: 9, window: .seconds(3600))
        let rule = rule(rate: rate)
        let all = try await ids(store, rule, 30)
        #expect(all.count == 9)
        let plan = [Array(all[0..<3]), Array(all[3..<6]), Array(all[6..<8])]
        try await store.part(message: all, into: plan, at: Self.now + 30)
        // The first is ours, as it was claimed.
        #expect(try await claim(store, rule, 30) == ["T4", "T5", "T6"])
        store = try await reopen(store)
        guard
            case .message(let first) = try await store.claimMessage(
                to: Self.sink, at: Self.now + 31, rule: rule, lease: Self.lease)
        else { throw CancellationError() }
        #expect(first.map(\.id) == plan[0])
        #expect(first.map { $0.part?.text } == ["1/3", "1/3", "1/3"])
        try await store.settle(message: plan[0], .delivered, after: nil, at: Self.now + 31)
        #expect(try await claim(store, rule, 31) == ["T4", "T5", "T6"])
        try await store.settle(message: plan[1], .delivered, after: nil, at: Self.now + 31)
        guard
            case .message(let last) = try await store.claimMessage(
                to: Self.sink, at: Self.now + 31, rule: rule, lease: Self.lease)
        else { throw CancellationError() }
        #expect(last.map { $0.part?.text } == ["3/3+1", "3/3+1"])
        // One that is refused is halved, and is no part any more.
        try await store.split(message: plan[2], reason: "400", after: nil, at: Self.now + 31)
        for title in ["T7", "T8"] {
            guard
                case .message(let half) = try await store.claimMessage(
                    to: Self.sink, at: Self.now + 31, rule: rule, lease: Self.lease)
            else { throw CancellationError() }
            #expect(half.map { Alert(json: $0.body)?.item.title } == [title])
            #expect(half.allSatisfy { $0.part == nil })
            try await store.settle(message: half.map(\.id), .delivered, after: nil, at: Self.now + 31)
        }
        // What had no room has come when they were made.
        #expect(try await claim(store, rule, 59) == [])
        #expect(try await claim(store, rule, 60) == ["T9"])
    }

    @Test func `each of several messages counts for the rate, and one that was not sent for none`() async throws {
        let store = try open()
        try await raise(store, 1...4)
        let rule = rule(rate: MessageRate(count: 2, window: .seconds(3600)))
        let all = try await ids(store, rule, 30)
        let plan = [Array(all[0..<2]), [all[2]], [all[3]]]
        try await store.part(message: all, into: plan, at: Self.now + 30)
        try await store.settle(message: plan[0], .delivered, after: nil, at: Self.now + 30)
        #expect(try await claim(store, rule, 31) == ["T3"])
        try await store.settle(message: plan[1], .delivered, after: nil, at: Self.now + 31)
        #expect(try await claim(store, rule, 3629) == [])
        #expect(try await claim(store, rule, 3630) == ["T4"])
    }

    @Test func `what is critical waits for nothing`() async throws {
        let store = try open()
        try await raise(store, 1...2)
        try await raise(store, 3...4, .critical)
        #expect(try await claim(store, rule(), 1) == ["T3", "T4"])
        #expect(try await claim(store, rule(), 30) == ["T1", "T2"])
    }

    @Test func `a rate is kept over restarts, and what did not arrive does not count`() async throws {
        let rate = try #require(MessageRate(count: 2, window: .seconds(3600)))
        let rule = MessageRule(SinkPace(rate: rate), joins: true)
        var store = try open()
        try await raise(store, 1...1)
        let first = try await ids(store, rule, 0)
        try await store.settle(
            message: first, .retry(at: Self.now + 10, reason: "503", wholeSink: false), after: nil, at: Self.now + 1)
        #expect(try await ids(store, rule, 10) == first)
        try await store.settle(message: first, .delivered, after: nil, at: Self.now + 10)
        try await raise(store, 2...2, at: Self.now + 20)
        let second = try await ids(store, rule, 20)
        try await store.settle(message: second, .delivered, after: nil, at: Self.now + 20)
        try await raise(store, 3...5, at: Self.now + 30)
        store = try await reopen(store)
        #expect(
            try await store.claimMessage(to: Self.sink, at: Self.now + 40, rule: rule, lease: Self.lease)
                == .wait(until: Self.now + 3610, isGap: false))
        #expect(try await claim(store, rule, 3609).isEmpty)
        #expect(try await claim(store, rule, 3610) == ["T3", "T4", "T5"])
        // What is too old to count is not kept.
        let count = try await DatabaseQueue(path: path).read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM sink_messages")
        }
        #expect(count == 2)
    }

    @Test func `a gap is kept over restarts, and after what did not arrive`() async throws {
        let rule = MessageRule(SinkPace(gap: .seconds(10)), joins: false)
        var store = try open()
        try await raise(store, 1...2)
        let first = try await ids(store, rule, 0)
        #expect(first.count == 1)
        try await store.settle(
            message: first, .retry(at: Self.now + 2, reason: "503", wholeSink: false), after: nil, at: Self.now + 1)
        store = try await reopen(store)
        #expect(
            try await store.claimMessage(to: Self.sink, at: Self.now + 3, rule: rule, lease: Self.lease)
                == .wait(until: Self.now + 10, isGap: true))
        #expect(try await claim(store, rule, 10) == ["T1"])
    }

    @Test func `alerts that waited before there were messages are sent`() async throws {
        let store = try open()
        try await raise(store, 1...1, .critical)
        try await raise(store, 2...2)
        await store.close()
        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
            // As the state was before.
            try db.execute(
                sql: """
                    DROP INDEX deliveries_urgent; DROP INDEX deliveries_begun; DROP TABLE sink_messages;
                    ALTER TABLE deliveries DROP COLUMN urgent; ALTER TABLE deliveries DROP COLUMN message;
                    ALTER TABLE sinks DROP COLUMN last_message;
                    DELETE FROM grdb_migrations WHERE identifier LIKE 'messages of several%';
                    INSERT INTO alerts (id, created, article, body) VALUES ('al_x', 1, x'00', 'no JSON');
                    INSERT INTO deliveries (alert, sink, state) VALUES ('al_x', 'z', 'pending');
                    """)
        }
        try queue.close()
        let again = try open()
        #expect(try await claim(again, rule(), 1) == ["T1"])
        #expect(try await claim(again, rule(), 30) == ["T2"])
    }
}
