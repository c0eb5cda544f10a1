import Foundation
import GRDB
import Model
import SQLiteStorage
import TestSupport
import Testing

/// The tries of deliveries, and what people do with deliveries.
@Suite struct AttemptTests {
    static let now = Date(timeIntervalSince1970: 1_543_240_800)

    private func alert(_ number: Int, at date: Date = now) -> Alert {
        let id = AlertID("al_\(number)")
        return Alert(
            id: id, kind: .health, timestamp: date, watches: [], severity: .normal, matches: [],
            item: AlertItem(
                id: id.rawValue, url: nil, title: "T\(number)", summary: nil, published: nil, language: nil, authors: []
            ),
            feed: AlertFeed(url: "https://a.example/feed", name: nil, tags: []), firstSeen: date)
    }

    /// Alerts, each with a delivery to each sink.
    private func raise(_ alerts: [Alert], to sinks: [String], in store: SQLiteStore) async throws {
        try await store.register([FeedSpec(url: "https://a.example/feed")], at: Self.now)
        let feed = try #require(try await store.feeds().first)
        for alert in alerts {
            var record = PollRecord(
                feed: feed, items: [], at: alert.timestamp, routes: sinks.map { SinkRoute(sink: SinkName($0)) })
            record.healthAlert = alert
            _ = try await store.record(record)
        }
    }

    private func attempt(_ number: Int, _ verdict: DeliveryVerdict, _ reply: DeliveryReply) -> DeliveryAttempt {
        DeliveryAttempt(
            reply, verdict, number: number, at: Self.now + Double(number), duration: .milliseconds(250))
    }

    private func deliveries(_ id: String, _ store: SQLiteStore) async throws -> [DeliveryReport] {
        var filter = AlertFilter(id: id)
        filter.withHistory = true
        return try await store.alerts(filter).first?.deliveries ?? []
    }

    @Test func `what waits for its next try is due when somebody says so, and has its three days again`() async throws {
        let store = try SQLiteStore.inMemory()
        try await raise([alert(1), alert(2), alert(3)], to: ["a"], in: store)
        let sink = SinkName("a")
        let claimed = try await store.claimDeliveries(to: sink, at: Self.now, limit: 2, lease: .seconds(60))
        for delivery in claimed {
            let verdict = DeliveryVerdict.retry(at: Self.now + 7200, reason: "busy", wholeSink: true)
            try await store.settle(delivery.id, verdict, at: Self.now)
        }
        func due() async throws -> [Delivery] {
            let found = try await store.claimDeliveries(to: sink, at: Self.now + 9, limit: 9, lease: .seconds(60))
            try await store.release(found.map(\.id))
            return found
        }
        // It asked for the pause, also for the third.
        #expect(try await due().isEmpty)
        #expect(try await store.retry([AlertID("al_1")], at: Self.now + 5) == 1)
        // With it that ends for all that waited for nothing else.
        #expect(try await due().map(\.id.alert.rawValue) == ["al_1", "al_2", "al_3"])
        #expect(try await due().first?.firstTry == nil)
        // The first is due already.
        #expect(try await store.retry(.sink(sink), at: Self.now + 5) == 1)
        #expect(try await due().count == 3)
    }

    @Test func `a sink that is started again has its three days again`() async throws {
        let store = try SQLiteStore.inMemory()
        try await raise([alert(1), alert(2)], to: ["a"], in: store)
        let sink = SinkName("a")
        _ = try await store.register([sink: "old"], at: Self.now)
        let claimed = try await store.claimDeliveries(to: sink, at: Self.now, limit: 2, lease: .seconds(60))
        try await store.settle(
            claimed[0].id, .retry(at: Self.now + 7200, reason: "busy", wholeSink: false), at: Self.now)
        try await store.settle(claimed[1].id, .sinkGone(reason: "410"), at: Self.now)
        let later = Self.now + 5 * 86_400
        _ = try await store.register([sink: "new"], at: later)
        let found = try await store.claimDeliveries(to: sink, at: later, limit: 9, lease: .seconds(60))
        #expect(found.first?.id == claimed[0].id && found.first?.attempts == 1)
        #expect(found.allSatisfy { $0.firstTry == nil })
    }

    @Test func `a later word neither starts a sink that was stopped nor shortens its pause`() async throws {
        let store = try SQLiteStore.inMemory()
        try await raise([alert(1), alert(2), alert(3), alert(4)], to: ["a"], in: store)
        let sink = SinkName("a")
        let claimed = try await store.claimDeliveries(to: sink, at: Self.now, limit: 4, lease: .seconds(60))
        func pause(_ index: Int, _ seconds: Double) -> Settlement {
            Settlement(
                claimed[index].id, .retry(at: Self.now + seconds, reason: "429", wholeSink: true), at: Self.now)
        }
        try await store.settle([pause(0, 3600), pause(1, 5)])
        #expect(try await store.nextDeliveryDue(to: sink) == Self.now + 3600)
        try await store.settle([Settlement(claimed[2].id, .sinkGone(reason: "410"), at: Self.now), pause(3, 5)])
        #expect(try await store.stoppedSinks() == [sink])
    }

    @Test func `what has failed is kept when older alerts are forgotten, up to a bound that is told of`() async throws {
        let store = try SQLiteStore.inMemory()
        try await raise((1...9).map { alert($0) }, to: ["a"], in: store)
        let claimed = try await store.claimDeliveries(to: SinkName("a"), at: Self.now, limit: 9, lease: .seconds(60))
        for (index, delivery) in claimed.enumerated() {
            try await store.settle(delivery.id, index < 4 ? .failed(reason: "no") : .delivered, at: Self.now)
        }
        #expect(try await store.prune(keeping: 2, failed: 4).failed == 0)
        func kept() async throws -> [String] { try await store.alerts(AlertFilter()).map(\.id.rawValue).reversed() }
        #expect(try await kept() == ["al_1", "al_2", "al_3", "al_4", "al_8", "al_9"])
        #expect(try await store.prune(keeping: 2, failed: 3).failed == 1)
        #expect(try await kept() == ["al_2", "al_3", "al_4", "al_8", "al_9"])
    }

    @Test func `a success after a moment's failure hurries nothing, and one after an outage all`() async throws {
        let store = try SQLiteStore.inMemory()
        try await raise([alert(1), alert(2), alert(3)], to: ["a"], in: store)
        let sink = SinkName("a")
        let claimed = try await store.claimDeliveries(to: sink, at: Self.now, limit: 3, lease: .seconds(60))
        let late = DeliveryVerdict.retry(at: Self.now + 7200, reason: "busy", wholeSink: false)
        try await store.settle(claimed[0].id, late, at: Self.now)
        try await store.settle(claimed[1].id, .delivered, at: Self.now + 5)
        #expect(try await store.nextDeliveryDue(to: sink) == Self.now + 60)
        try await store.settle(claimed[0].id, late, at: Self.now + 100)
        try await store.settle(claimed[2].id, .delivered, at: Self.now + 300)
        #expect(try await store.nextDeliveryDue(to: sink) == Self.now + 300)
    }

    @Test func `the id outside tells nothing, is the same over a backup, and finds its alert`() async throws {
        let folder = try Fixture.temporaryFolder()
        let path = folder.appendingPathComponent("state.db").path
        var store = try SQLiteStore(path: path, access: .owner)
        try await raise([alert(1), alert(2)], to: ["a"], in: store)
        func claimed(_ store: SQLiteStore) async throws -> [Delivery] {
            let found = try await store.claimDeliveries(
                to: SinkName("a"), at: Self.now, limit: 9, lease: .seconds(60))
            try await store.release(found.map(\.id))
            return found
        }
        let first = try await claimed(store).map { $0.outside?.alert }
        await store.close()
        store = try SQLiteStore(path: path, access: .owner)
        #expect(try await claimed(store).map { $0.outside?.alert } == first)
        let id = try #require(first.last ?? nil).rawValue
        #expect(id.wholeMatch(of: /al_[0-9a-f]{32}/) != nil && Set(first).count == 2)
        let all = try await store.alerts(AlertFilter())
        #expect(!all.contains { $0.id.rawValue == id })
        for beginning in [id, String(id.prefix(12))] {
            #expect(try await store.alerts(AlertFilter(id: beginning)).map(\.id.rawValue) == ["al_2"])
        }
        #expect(try await store.alerts(AlertFilter(id: "al_zz")).isEmpty)
        // Another state has another key.
        let other = try SQLiteStore.inMemory()
        try await raise([alert(1), alert(2)], to: ["a"], in: other)
        #expect(Set(try await claimed(other).map { $0.outside?.alert }).isDisjoint(with: first))
    }

    @Test func `the last tries are kept in order, more than there are in three days, each as it was`() async throws {
        let folder = try Fixture.temporaryFolder()
        let path = folder.appendingPathComponent("state.db").path
        var store = try SQLiteStore(path: path, access: .owner)
        try await raise([alert(1), alert(2)], to: ["a", "b"], in: store)
        let id = Delivery.ID(alert: AlertID("al_1"), sink: SinkName("a"))
        for number in 1...67 {
            let verdict = DeliveryVerdict.retry(at: Self.now + 60, reason: "busy \(number)", wholeSink: false)
            let reply = DeliveryReply(
                .deferred(reason: "", retryAfter: nil), status: 500 + number, answer: "words \(number)")
            try await store.settle(id, verdict, after: attempt(number, verdict, reply), at: Self.now)
        }
        let last = attempt(68, .delivered, DeliveryReply(.delivered, status: 204))
        try await store.settle(id, .delivered, after: last, at: Self.now)
        await store.close()
        store = try SQLiteStore(path: path, access: .owner)
        let found = try await deliveries("al_1", store)
        #expect(found[0].attempts == 68)
        #expect(found[0].history.map(\.number) == Array(5...68))
        #expect(found[0].history.last == last)
        #expect(
            found[0].history.first
                == DeliveryAttempt(
                    number: 5, at: Self.now + 5, duration: .milliseconds(250), verdict: .deferred, status: 505,
                    reason: "busy 5", answer: "words 5"))
        #expect(found[1].history.isEmpty)
        #expect(try await deliveries("al_2", store).allSatisfy(\.history.isEmpty))
        // A list of alerts does not read them.
        #expect(try await store.alerts(AlertFilter()).flatMap(\.deliveries).allSatisfy(\.history.isEmpty))
    }

    private func states(_ store: SQLiteStore) async throws -> [String] {
        try await store.alerts(AlertFilter()).reversed().flatMap(\.deliveries).map(\.state.rawValue)
    }

    @Test func `what is dropped is sent no more, and again only when it is named`() async throws {
        let store = try SQLiteStore.inMemory()
        try await raise([alert(1), alert(2), alert(3, at: Self.now + 86_400)], to: ["a"], in: store)
        let first = Delivery.ID(alert: AlertID("al_1"), sink: SinkName("a"))
        try await store.settle(first, .failed(reason: "no"), at: Self.now)
        #expect(try await store.drop(.failed) == 1)
        #expect(try await states(store) == ["dead", "pending", "pending"])
        #expect(try await store.drop(.since(Self.now + 3600)) == 1)
        #expect(try await states(store) == ["dead", "pending", "dead"])
        #expect(try await store.retry(.failed, at: Self.now) == 0)
        #expect(try await store.retry(.since(Self.now - 60), at: Self.now) == 0)
        #expect(try await store.retry(.alerts([first.alert]), at: Self.now) == 1)
        #expect(try await states(store) == ["pending", "pending", "dead"])
        #expect(try await store.drop(.alerts([first.alert, AlertID("al_2")])) == 2)
        #expect(try await store.claimDeliveries(to: SinkName("a"), at: Self.now, limit: 9, lease: .seconds(60)).isEmpty)
        #expect(try await store.nextDeliveryDue(to: SinkName("a")) == nil)
    }

    @Test func `one that is dropped while it is under way is sent or stays dropped`() async throws {
        let store = try SQLiteStore.inMemory()
        try await raise([alert(1), alert(2)], to: ["a"], in: store)
        let claimed = try await store.claimDeliveries(to: SinkName("a"), at: Self.now, limit: 9, lease: .seconds(60))
        #expect(try await store.drop(.since(Self.now)) == 2)
        let retry = DeliveryVerdict.retry(at: Self.now + 5, reason: "down", wholeSink: false)
        try await store.settle(claimed[0].id, retry, at: Self.now)
        try await store.settle(claimed[1].id, .delivered, at: Self.now)
        #expect(try await states(store) == ["dead", "sent"])
        #expect(try await store.nextDeliveryDue(to: SinkName("a")) == nil)
    }

    @Test func `a sink that was stopped is started though nothing of it failed`() async throws {
        let store = try SQLiteStore.inMemory()
        try await raise([alert(1), alert(2)], to: ["a"], in: store)
        let first = Delivery.ID(alert: AlertID("al_1"), sink: SinkName("a"))
        try await store.settle(first, .sinkGone(reason: "410"), at: Self.now)
        #expect(try await store.drop(.alerts([first.alert])) == 1)
        #expect(try await store.claimDeliveries(to: SinkName("a"), at: Self.now, limit: 9, lease: .seconds(9)).isEmpty)
        #expect(try await store.retry(.failed, at: Self.now) == 0)
        #expect(
            try await store.claimDeliveries(to: SinkName("a"), at: Self.now, limit: 9, lease: .seconds(9)).count == 1)
    }

    @Test func `deliveries and tries of a state from before their order was changed are taken over`() async throws {
        let path = try Fixture.temporaryFolder().appendingPathComponent("state.db").path
        let sink = SinkName("a")
        let store = try SQLiteStore(path: path, access: .owner)
        try await raise([alert(1), alert(2), alert(3)], to: ["a", "b"], in: store)
        let claimed = try await store.claimDeliveries(to: sink, at: Self.now, limit: 2, lease: .seconds(60))
        let reply = DeliveryReply(.delivered, status: 204, answer: "thanks")
        try await store.settle([
            Settlement(claimed[0].id, .delivered, after: attempt(1, .delivered, reply), at: Self.now)
        ])
        func whole(_ store: SQLiteStore) async throws -> [[DeliveryReport]] {
            var found: [[DeliveryReport]] = []
            for id in ["al_1", "al_2", "al_3"] { found.append(try await deliveries(id, store)) }
            return found
        }
        let before = try await whole(store)
        #expect(before[0].first?.history.map(\.answer) == ["thanks"])
        await store.close()

        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE old AS SELECT * FROM deliveries;
                    CREATE TABLE old_tries AS SELECT alerts.id AS alert, attempts.* FROM attempts JOIN alerts ON alerts.rowid = serial;
                    ALTER TABLE old_tries DROP COLUMN serial;
                    DROP TABLE deliveries; DROP TABLE attempts;
                    ALTER TABLE old RENAME TO deliveries; ALTER TABLE old_tries RENAME TO attempts;
                    DROP INDEX alerts_copies;
                    ALTER TABLE alerts DROP COLUMN severities; ALTER TABLE alerts DROP COLUMN resembles;
                    ALTER TABLE stories DROP COLUMN hidden;
                    DELETE FROM grdb_migrations WHERE identifier IN (
                        'deliveries in the order of their alerts', 'what deliveries tell of, and what marks hold back');
                    """)
        }
        try queue.close()
        let again = try SQLiteStore(path: path, access: .owner)
        #expect(try await whole(again) == before)
        // In their order, and what was claimed is free: its owner has gone.
        let rest = try await again.claimDeliveries(to: sink, at: Self.now + 1, limit: 9, lease: .seconds(60))
        #expect(rest.map(\.id.alert.rawValue) == ["al_2", "al_3"])
        await again.close()
    }
}
