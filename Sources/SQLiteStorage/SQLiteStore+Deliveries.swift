package import Foundation
import GRDB
package import Model

// The outbox.
extension SQLiteStore {
    /// No pause of ours or of a receiver's is longer; one that is was made by a clock that was wrong.
    static let longestPause = 2 * 86_400.0

    package func claimDeliveries(
        to sink: SinkName, at now: Date, limit: Int, lease: Duration
    ) async throws(StoreError) -> [Delivery] {
        // Most claims find nothing; those need no writer.
        let isWorthIt = try await read { db in
            let due = try Self.due(sink, now, limit: 1, db)
            return !due.isEmpty
        }
        guard isWorthIt else { return [] }
        return try await write(isDurable: false) { db in
            let claim = try db.cachedStatement(
                sql: "UPDATE deliveries SET claimed_at = ?, lease_until = ? WHERE alert = ? AND sink = ?")
            return try Self.due(sink, now, limit: limit, db).map { row in
                let alert: String = row["alert"]
                try claim.execute(
                    arguments: [now.seconds, now.seconds + lease.inSeconds, alert, sink.rawValue])
                return try Self.delivery(row, to: sink, db)
            }
        }
    }

    static func delivery(_ row: Row, to sink: SinkName, _ db: Database) throws -> Delivery {
        var delivery = Delivery(
            id: .init(alert: AlertID(row["alert"]), sink: sink), body: Array((row["body"] as String).utf8),
            attempts: row["attempts"], firstTry: Date(seconds: row["first_try"]))
        delivery.memo = row["memo"]
        delivery.raised = Date(seconds: row["created"])
        if let first = row["copy_of"] as String? {
            delivery.original = try original(first, at: sink, before: row["serial"], db)
        }
        return delivery
    }

    private static func due(_ sink: SinkName, _ now: Date, limit: Int, _ db: Database) throws -> [Row] {
        let time = now.seconds
        let pause = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT not_before, stopped FROM sinks WHERE name = ?"), arguments: [sink.rawValue])
        if let pause {
            if (pause["stopped"] as String?) != nil { return [] }
            if let notBefore: Double = pause["not_before"], notBefore > time, notBefore < time + longestPause {
                return []
            }
        }
        return try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT alert, attempts, first_try, memo, serial, body, copy_of, created
                    FROM deliveries JOIN alerts ON alerts.id = alert
                    WHERE sink = :sink AND state = 'pending' AND (next_try <= :now OR next_try > :far)
                      AND (lease_until IS NULL OR lease_until <= :now OR claimed_at > :now + 300)
                    ORDER BY serial LIMIT :limit
                    """),
            arguments: ["sink": sink.rawValue, "now": time, "far": time + longestPause, "limit": limit])
    }

    package func settle(
        _ delivery: Delivery.ID, _ verdict: DeliveryVerdict, after attempt: DeliveryAttempt?, at now: Date
    ) async throws(StoreError) {
        // A power cut can take it back: then the alert goes out once more, with the same id.
        try await write(isDurable: false) { db in
            try Self.settle(delivery, verdict, after: attempt, at: now, db)
            #if DEBUG
                Failpoint.settleWritten.pass()
            #endif
        }
    }

    /// - Parameter isOfSink: the verdict says something of the sink, and not of the company that an alert was in.
    static func settle(
        _ delivery: Delivery.ID, _ verdict: DeliveryVerdict, after attempt: DeliveryAttempt?, isOfSink: Bool = true,
        at now: Date, _ db: Database
    ) throws {
        let time = now.seconds
        // One that somebody has given up meanwhile stays so, unless it has arrived.
        func update(_ state: Delivery.State, error: String?, nextTry: Double?) throws {
            try db.cachedStatement(
                sql: """
                    UPDATE deliveries SET
                        state = iif(state = 'dead' AND :state <> 'sent', 'dead', :state),
                        attempts = attempts + 1, first_try = coalesce(first_try, :now),
                        next_try = iif(state = 'dead', NULL, :next), last_error = :error,
                        claimed_at = NULL, lease_until = NULL,
                        message = iif(:state = 'pending' AND state <> 'dead', message, NULL),
                        memo = iif(:state = 'sent', NULL, coalesce(:memo, memo))
                    WHERE alert = :alert AND sink = :sink
                    """
            ).execute(arguments: [
                "state": state.rawValue, "now": time, "next": nextTry, "error": error, "memo": attempt?.memo,
                "alert": delivery.alert.rawValue, "sink": delivery.sink.rawValue,
            ])
        }
        func setSink(notBefore: Double?, stopped: String?) throws {
            try db.cachedStatement(
                sql: """
                    INSERT INTO sinks (name, not_before, stopped) VALUES (?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET not_before = excluded.not_before, stopped = excluded.stopped
                    """
            ).execute(arguments: [delivery.sink.rawValue, notBefore, stopped])
        }
        switch verdict {
        case .delivered:
            try update(.sent, error: nil, nextTry: nil)
            try noteSuccess(of: delivery.sink, at: now, db)
        case .retry(let date, let reason, let wholeSink):
            try update(.pending, error: reason, nextTry: date.seconds)
            if wholeSink { try setSink(notBefore: date.seconds, stopped: nil) }
            guard isOfSink else { break }
            try noteFailure(of: delivery, reason, isDeferred: true, isFinal: false, at: now, db)
        case .failed(let reason):
            try update(.failed, error: reason, nextTry: nil)
            try noteFailure(of: delivery, reason, isDeferred: false, isFinal: true, at: now, db)
        case .sinkGone(let reason):
            try update(.failed, error: reason, nextTry: nil)
            try setSink(notBefore: nil, stopped: reason)
            try noteFailure(of: delivery, reason, isDeferred: true, isFinal: true, isGone: true, at: now, db)
        }
        if let attempt { try keep(attempt, of: delivery, db) }
    }

    package func release(_ delivery: Delivery.ID) async throws(StoreError) {
        try await write { db in
            try db.cachedStatement(
                sql: "UPDATE deliveries SET claimed_at = NULL, lease_until = NULL WHERE alert = ? AND sink = ?"
            ).execute(arguments: [delivery.alert.rawValue, delivery.sink.rawValue])
        }
    }

    package func nextDeliveryDue(to sink: SinkName) async throws(StoreError) -> Date? {
        try await read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT min(max(next_try, coalesce(lease_until, 0))) AS due,
                        (SELECT not_before FROM sinks WHERE name = :sink) AS not_before,
                        (SELECT stopped FROM sinks WHERE name = :sink) AS stopped
                    FROM deliveries WHERE sink = :sink AND state = 'pending'
                    """,
                arguments: ["sink": sink.rawValue])
            guard let row, let due: Double = row["due"], (row["stopped"] as String?) == nil else { return nil }
            return Date(timeIntervalSince1970: max(due, row["not_before"] as Double? ?? 0))
        }
    }

    package func pendingDeliveries(to sinks: [SinkName]) async throws(StoreError) -> Int {
        try await read { db in
            try sinks.reduce(0) { total, sink in
                total
                    + (try Int.fetchOne(
                        db, sql: "SELECT count(*) FROM deliveries WHERE sink = ? AND state = 'pending'",
                        arguments: [sink.rawValue]) ?? 0)
            }
        }
    }
}
