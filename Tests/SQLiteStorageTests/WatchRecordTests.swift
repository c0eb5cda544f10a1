import Foundation
import GRDB
import Model
import SQLiteStorage
import TestSupport
import Testing

/// Since when watches look for what they look for.
@Suite struct WatchRecordTests {
    private static let now = Date(timeIntervalSince1970: 1_543_240_800)
    private let path: String

    init() throws { path = try Fixture.temporaryFolder().appendingPathComponent("state.db").path }

    private func aim(_ name: String = "w", _ core: UInt64 = 1, _ parts: Set<UInt64> = [1, 2]) -> WatchAim {
        WatchAim(name: name, core: Digest128(high: core, low: .max), parts: parts)
    }

    private func known(_ store: SQLiteStore, _ name: String = "w") async throws -> WatchRecord? {
        try await store.watchRecords().known[name]
    }

    @Test func `A watch looks since it was added, and anew when it is changed`() async throws {
        let store = try SQLiteStore(path: path, access: .owner)
        try await store.register(watches: [aim(), aim("other")], at: Self.now)
        try await store.register(watches: [aim(), aim("other")], at: Self.now + 10)
        #expect(try await known(store) == WatchRecord(since: Self.now, start: .added, aim: aim()))
        // With fewer terms it finds nothing else …
        try await store.register(watches: [aim("w", 1, [2])], at: Self.now + 20)
        #expect(try await known(store)?.since == Self.now)
        #expect(try await store.watchRecords().known.keys.sorted() == ["w"])
        // … and with one that it had before it does.
        try await store.register(watches: [aim()], at: Self.now + 30)
        #expect(try await known(store) == WatchRecord(since: Self.now + 30, start: .changed, aim: aim()))
        try await store.register(watches: [aim("w", 2), aim("other")], at: Self.now + 40)
        #expect(try await known(store)?.since == Self.now + 40)
        // What was taken away looked at nothing meanwhile.
        #expect(try await known(store, "other")?.since == Self.now + 40)
        await store.close()
    }

    @Test func `What is not run yet has not looked yet`() async throws {
        let store = try SQLiteStore(path: path, access: .owner)
        try await store.register(watches: [aim()], at: Self.now)
        let records = try await store.watchRecords()
        #expect(records.record(of: aim(), at: Self.now + 50).since == Self.now)
        #expect(records.record(of: aim("w", 7), at: Self.now + 50).since == Self.now + 50)
        #expect(
            records.record(of: aim("new"), at: Self.now + 50)
                == WatchRecord(since: Self.now + 50, start: .added, aim: aim("new")))
        await store.close()
    }

    @Test func `Of the watches of an older state it is not known`() async throws {
        var store = try SQLiteStore(path: path, access: .owner)
        try await store.register([FeedSpec(url: "https://a.example/feed")], at: Self.now)
        await store.close()
        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
            try db.execute(
                sql: """
                    DROP TABLE watches;
                    DELETE FROM grdb_migrations WHERE identifier = 'since when watches look';
                    UPDATE feeds SET last_success = 5;
                    INSERT INTO alert_watches (watch, alert, created) VALUES ('w', 1, 900), ('w', 2, 700);
                    """)
        }
        try queue.close()
        store = try SQLiteStore(path: path, access: .owner)
        try await store.register(watches: [aim(), aim("quiet")], at: Self.now)
        let oldest = Date(timeIntervalSince1970: 700)
        #expect(try await known(store) == WatchRecord(since: oldest, start: .unknown, aim: aim()))
        #expect(try await known(store, "quiet") == WatchRecord(since: Self.now, start: .unknown, aim: aim("quiet")))
        // What comes from then on is known.
        try await store.register(watches: [aim("w", 2), aim("quiet"), aim("new")], at: Self.now + 60)
        #expect(
            try await store.watchRecords().known.mapValues(\.start) == [
                "w": .changed, "quiet": .unknown, "new": .added,
            ])
        await store.close()
    }
}
