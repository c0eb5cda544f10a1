package import Foundation
import GRDB
package import Model

// What was seen long ago is forgotten, and what would be too much.
extension SQLiteStore {
    /// Items that no document has had for so long are forgotten.
    private static let itemMemory = 400 * day
    private static let day = 86_400.0
    /// Feeds that are looked at in one read.
    private static let feedsAtOnce = 500
    /// Items that go in one transaction, which others wait for.
    private static let itemsAtOnce = 2000

    /// The times of `touch` are a day apart: one that is that much older than the feed's newest was not in the document that
    /// brought it. A document that has stayed as it is for years keeps its items.
    private static let slack = 2 * day

    package func forgetItems(
        after feed: FeedID?, at now: Date, bound: Int
    ) async throws(StoreError) -> FeedID? {
        let latest = now.seconds - Self.itemMemory
        // Mostly there is nothing to do, and that needs no writer.
        let (last, full) = try await read { db in
            // Of feeds that are gone from the list as well.
            let ids = try Int64.fetchAll(
                db.cachedStatement(sql: "SELECT id FROM feeds WHERE id > ? ORDER BY id LIMIT ?"),
                arguments: [feed?.rawValue ?? -1, Self.feedsAtOnce])
            let full = try ids.filter { id in
                try Self.hasOld(id, before: latest, db) || Self.excess(id, over: bound, db) != nil
            }
            return (ids.count < Self.feedsAtOnce ? nil : ids.last, full)
        }
        for id in full {
            var hasMore = true
            while hasMore, !Task.isCancelled {
                hasMore = try await write(isDurable: false, canWait: true) { db in
                    try Self.forget(id, before: latest, bound: bound, db)
                }
            }
        }
        return last.map { FeedID($0) }
    }

    /// Takes the feed and the time.
    private static let isOld = """
        last_seen < ?2 AND last_seen < (SELECT max(last_seen) FROM items WHERE feed = ?1) - \(slack)
        """

    private static func hasOld(_ feed: Int64, before latest: Double, _ db: Database) throws -> Bool {
        var statement = try BoundStatement(db, "SELECT 1 FROM items WHERE feed = ?1 AND \(isOld) LIMIT 1")
        statement.bind(feed)
        statement.bind(latest)
        return try statement.step()
    }

    /// The places of items that are too many: those of the oldest that may go when no document has had them for a while, and of
    /// the oldest that go unless the last document had them. Places are given in order, and none twice while later ones are there.
    private static func excess(_ feed: Int64, over bound: Int, _ db: Database) throws -> (soft: Int64, hard: Int64)? {
        var statement = try BoundStatement(
            db,
            """
            SELECT (SELECT id FROM items WHERE feed = ?1 ORDER BY id LIMIT 1),
                (SELECT id FROM items WHERE feed = ?1 ORDER BY id DESC LIMIT 1)
            """)
        statement.bind(feed)
        guard try statement.step() else { return nil }
        let lowest: Int64? = statement.next()
        let highest: Int64? = statement.next()
        guard let lowest, let highest, highest - lowest >= Int64(bound) else { return nil }
        return (highest - Int64(bound), highest - 2 * Int64(bound))
    }

    /// Forgets some. Returns whether there may be more.
    private static func forget(_ feed: Int64, before latest: Double, bound: Int, _ db: Database) throws -> Bool {
        var count = 0
        func delete(_ condition: String, _ arguments: StatementArguments) throws {
            guard count < itemsAtOnce else { return }
            try db.cachedStatement(
                sql: """
                    DELETE FROM items WHERE feed = ?1 AND id IN (
                        SELECT id FROM items WHERE feed = ?1 AND \(condition) ORDER BY id LIMIT \(itemsAtOnce))
                    """
            ).execute(arguments: [feed] + arguments)
            count += db.changesCount
        }
        try delete(isOld, [latest])
        if let excess = try excess(feed, over: bound, db) {
            let newest =
                try Double.fetchOne(
                    db.cachedStatement(sql: "SELECT max(last_seen) FROM items WHERE feed = ?"), arguments: [feed]) ?? 0
            try delete("id <= ?2 AND last_seen < ?3", [excess.soft, newest - slack])
            try delete("id <= ?2 AND last_seen < ?3", [excess.hard, newest])
        }
        return count >= itemsAtOnce
    }
}
