package import Foundation
import GRDB
package import Model

// Where sinks send to: how one has fared there says nothing of how it fares elsewhere.
extension SQLiteStore {
    package func register(
        _ addresses: [SinkName: String], at now: Date
    ) async throws(StoreError) -> [SinkName: Int] {
        // Mostly nothing has changed, and that needs no writer.
        let changed = try await read { db in
            try addresses.filter { name, address in
                try String.fetchOne(
                    db.cachedStatement(sql: "SELECT address FROM sinks WHERE name = ?"), arguments: [name.rawValue])
                    != address
            }
        }
        if changed.isEmpty { return [:] }
        return try await write { db in
            var started: [SinkName: Int] = [:]
            for (name, address) in changed {
                // What was stopped before addresses were noted was stopped here, as far as is known.
                let wasElsewhere = try Bool.fetchOne(
                    db.cachedStatement(sql: "SELECT address <> ? FROM sinks WHERE name = ?"),
                    arguments: [address, name.rawValue])
                if wasElsewhere == true, try Self.isTroubled(name, at: now, db) {
                    started[name] = try Self.restart(name, at: now, db)
                }
                try db.cachedStatement(
                    sql: """
                        INSERT INTO sinks (name, address) VALUES (?, ?)
                        ON CONFLICT (name) DO UPDATE SET address = excluded.address
                        """
                ).execute(arguments: [name.rawValue, address])
            }
            return started
        }
    }

    package func restart(_ sink: SinkName, at now: Date) async throws(StoreError) {
        _ = try await write { db in
            if try Self.isTroubled(sink, at: now, db) { _ = try Self.restart(sink, at: now, db) }
        }
    }

    private static func isTroubled(_ sink: SinkName, at now: Date, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(
                sql:
                    "SELECT stopped IS NOT NULL OR not_before > ? OR failing_since IS NOT NULL FROM sinks WHERE name = ?"
            ), arguments: [now.seconds, sink.rawValue]) ?? false
    }

    /// - Returns: how many deliveries are due again.
    private static func restart(_ sink: SinkName, at now: Date, _ db: Database) throws -> Int {
        // What was told lasts until it takes something.
        try db.cachedStatement(
            sql: """
                UPDATE sinks SET stopped = NULL, not_before = NULL, last_error = NULL, last_failure = NULL,
                    failing_since = iif(told IS NULL OR told = 'refused', NULL, ?)
                WHERE name = ?
                """
        ).execute(arguments: [now.seconds, sink.rawValue])
        let waiting = try Int.fetchOne(
            db.cachedStatement(
                sql: "SELECT count(*) FROM deliveries WHERE sink = ? AND state = 'pending' AND attempts > 0"),
            arguments: [sink.rawValue])
        try hurry(sink, at: now, db)
        try db.cachedStatement(
            sql: """
                UPDATE deliveries SET state = 'pending', next_try = ?, first_try = NULL, last_error = NULL,
                    message = NULL, part = NULL
                WHERE sink = ? AND state = 'failed' AND EXISTS (
                    SELECT 1 FROM attempts WHERE attempts.serial = deliveries.serial
                        AND attempts.sink = deliveries.sink AND number = deliveries.attempts AND verdict = 'gone')
                """
        ).execute(arguments: [now.seconds, sink.rawValue])
        return (waiting ?? 0) + db.changesCount
    }

    /// What waits begins anew: its time is over for the receiver that it waited for.
    static func hurry(_ sink: SinkName, at now: Date, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE deliveries SET next_try = min(next_try, ?), first_try = NULL, refused = 0
                WHERE sink = ? AND state = 'pending'
                """
        ).execute(arguments: [now.seconds, sink.rawValue])
    }

    /// Sinks that want nothing more, by name.
    package func stoppedSinks() async throws(StoreError) -> [SinkName] {
        try await read { db in
            try String.fetchAll(db, sql: "SELECT name FROM sinks WHERE stopped IS NOT NULL ORDER BY name")
                .map { SinkName($0) }
        }
    }
}
