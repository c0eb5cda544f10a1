package import Foundation
import GRDB
package import Model

// Where sinks send to: one that was stopped there is not stopped elsewhere.
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
                    db.cachedStatement(
                        sql: "SELECT stopped IS NOT NULL AND address <> ? FROM sinks WHERE name = ?"),
                    arguments: [address, name.rawValue])
                if wasElsewhere == true { started[name] = try Self.start(name, at: now, db) }
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

    /// - Returns: how many deliveries are due again: those whose last try has stopped the sink.
    private static func start(_ sink: SinkName, at now: Date, _ db: Database) throws -> Int {
        try db.cachedStatement(sql: "UPDATE sinks SET stopped = NULL, not_before = NULL WHERE name = ?")
            .execute(arguments: [sink.rawValue])
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
        return db.changesCount
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
