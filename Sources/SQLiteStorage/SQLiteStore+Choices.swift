package import Foundation
import GRDB
package import Model

// What people do with deliveries.
extension SQLiteStore {
    package func retry(_ choice: DeliveryChoice, at now: Date) async throws(StoreError) -> Int {
        try await write { db in
            // What somebody has given up, silenced or not released is sent only when it is named.
            let isNamed = if case .alerts = choice { true } else { false }
            // What waits for its next try need not wait for it; what waits for its first has its time: quiet hours, a digest.
            // But a pause that its sink has asked for is none of its own.
            let paused = Set(
                try String.fetchAll(
                    db, sql: "SELECT name FROM sinks WHERE not_before > ?", arguments: [now.seconds]))
            let pending = try Self.rows(choice, in: [.pending], db)
            let waiting = pending.filter { row in
                // One that somebody has hurried already is due.
                row["attempts"] as Int > 0
                    && (row["first_try"] as Double? != nil || row["next_try"] as Double > now.seconds)
                    || (paused.contains(row["sink"]) && (row["next_try"] as Double) <= now.seconds)
            }
            let rows = try Self.rows(choice, in: isNamed ? [.failed, .dead, .suppressed] : [.failed], db)
            for row in waiting {
                try db.cachedStatement(
                    sql: """
                        UPDATE deliveries SET next_try = min(next_try, ?), first_try = NULL, refused = 0
                        WHERE alert = ? AND sink = ?
                        """
                ).execute(arguments: [now.seconds, row["alert"] as String, row["sink"] as String])
            }
            for row in rows {
                if isNamed {
                    try db.cachedStatement(sql: "DELETE FROM held WHERE alert = ? AND sink = ?")
                        .execute(arguments: [row["alert"] as String, row["sink"] as String])
                }
                try db.cachedStatement(
                    sql: """
                        UPDATE deliveries SET state = 'pending', next_try = ?, first_try = NULL, last_error = NULL,
                            message = NULL, part = NULL, refused = 0,
                            -- What was not to be sent is asked for as it is, whole.
                            heard = iif(state = 'suppressed' OR withheld IS NOT NULL, NULL, heard), withheld = NULL
                        WHERE alert = ? AND sink = ?
                        """
                ).execute(arguments: [now.seconds, row["alert"] as String, row["sink"] as String])
            }
            // A sink that was stopped can have others that wait, and none that failed.
            for sink in Set((rows + waiting).map { $0["sink"] as String }) {
                try db.cachedStatement(sql: "UPDATE sinks SET stopped = NULL, not_before = NULL WHERE name = ?")
                    .execute(arguments: [sink])
            }
            for sink in Set(pending.map { $0["sink"] as String }) {
                try db.cachedStatement(
                    sql: "UPDATE sinks SET stopped = NULL, not_before = NULL WHERE name = ? AND stopped IS NOT NULL"
                ).execute(arguments: [sink])
            }
            if choice == .failed {
                for sink in try String.fetchAll(db, sql: "SELECT name FROM sinks WHERE stopped IS NOT NULL") {
                    try Self.hurry(SinkName(sink), at: now, db)
                }
                try db.execute(sql: "UPDATE sinks SET stopped = NULL, not_before = NULL WHERE stopped IS NOT NULL")
            }
            if case .sink(let sink) = choice {
                try db.execute(
                    sql: "UPDATE sinks SET stopped = NULL, not_before = NULL WHERE name = ?", arguments: [sink.rawValue]
                )
            }
            return rows.count + waiting.count
        }
    }

    package func drop(_ choice: DeliveryChoice) async throws(StoreError) -> Int {
        try await write { db in
            let isFailed = choice == .failed
            let rows = try Self.rows(choice, in: isFailed ? [.failed] : [.pending, .failed], db)
            for row in rows {
                // One that is under way may still arrive: then it is sent after all.
                try db.cachedStatement(
                    sql: "UPDATE deliveries SET state = 'dead', next_try = NULL WHERE alert = ? AND sink = ?"
                ).execute(arguments: [row["alert"] as String, row["sink"] as String])
            }
            return rows.count
        }
    }

    private static func rows(
        _ choice: DeliveryChoice, in states: [Delivery.State], _ db: Database
    ) throws -> [Row] {
        let list = states.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let sql = "SELECT alert, sink, attempts, first_try, next_try FROM deliveries WHERE state IN (\(list)) AND "
        switch choice {
        case .alerts(let ids):
            return try ids.flatMap { id in
                try Row.fetchAll(db, sql: sql + "alert = ?", arguments: [id.rawValue])
            }
        case .failed: return try Row.fetchAll(db, sql: sql + "1")
        case .sink(let name): return try Row.fetchAll(db, sql: sql + "sink = ?", arguments: [name.rawValue])
        case .since(let date):
            return try Row.fetchAll(
                db, sql: sql + "alert IN (SELECT id FROM alerts WHERE created >= ?)", arguments: [date.seconds])
        }
    }
}
