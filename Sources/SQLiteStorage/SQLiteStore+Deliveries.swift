package import Foundation
import GRDB
package import Model

// The outbox.
extension SQLiteStore {
    /// No pause of ours or of a receiver's is longer; one that is was made by a clock that was wrong.
    static let longestPause = 2 * 86_400.0
    /// The same of a pause that a receiver has asked for: an hour of those is kept.
    static let longestSinkPause = 7200.0

    package func claimDeliveries(
        to sink: SinkName, at now: Date, limit: Int, order: DeliveryOrder, lease: Duration
    ) async throws(StoreError) -> [Delivery] {
        // Most claims find nothing; those need no writer.
        guard try await read({ db in try Self.hasDue(sink, now, db) }) else { return [] }
        return try await write(isDurable: false) { db in
            try Self.due(sink, now, limit: limit, order, db).map { queued in
                var claim = try BoundStatement(
                    db, "UPDATE deliveries SET claimed_at = ?, lease_until = ? WHERE alert = ? AND sink = ?")
                claim.bind(now)
                claim.bind(now + lease.inSeconds)
                claim.bind(queued.delivery.id)
                try claim.run()
                return queued.delivery
            }
        }
    }

    /// Of the sink `?1`, at the time `?2`, `?3` being the longest pause behind it.
    private static let isDue = """
        sink = ?1 AND state = 'pending' AND (next_try <= ?2 OR next_try > ?3)
            AND (lease_until IS NULL OR lease_until <= ?2 OR claimed_at > ?2 + 300)
        """

    private static func bindDue(_ statement: inout BoundStatement, _ sink: SinkName, _ now: Date) {
        statement.bind(sink.rawValue)
        statement.bind(now)
        statement.bind(now + longestPause)
    }

    private static func isPaused(_ sink: SinkName, _ now: Date, _ db: Database) throws -> Bool {
        var pause = try BoundStatement(db, "SELECT stopped IS NOT NULL, not_before FROM sinks WHERE name = ?")
        pause.bind(sink.rawValue)
        guard try pause.step() else { return false }
        if pause.next() { return true }
        let notBefore: Date? = pause.next()
        return notBefore.map { $0 > now && $0 < now + longestSinkPause } ?? false
    }

    private static func hasDue(_ sink: SinkName, _ now: Date, _ db: Database) throws -> Bool {
        if try isPaused(sink, now, db) { return false }
        var statement = try BoundStatement(db, "SELECT 1 FROM deliveries WHERE \(isDue) LIMIT 1")
        bindDue(&statement, sink, now)
        return try statement.step()
    }

    private static func due(
        _ sink: SinkName, _ now: Date, limit: Int, _ order: DeliveryOrder, _ db: Database
    ) throws -> [QueuedDelivery] {
        if try isPaused(sink, now, db) { return [] }
        let rows = "SELECT \(QueuedDelivery.columns) FROM deliveries JOIN alerts ON alerts.id = alert WHERE"
        guard case .leastTried(let newestFirst) = order else {
            var statement = try BoundStatement(db, "\(rows) \(isDue) ORDER BY bulk, serial LIMIT ?4")
            bindDue(&statement, sink, now)
            statement.bind(limit)
            return try QueuedDelivery.all(statement, to: sink, db)
        }
        // Without their bodies: all that wait are put in order for it.
        let direction = newestFirst ? "DESC" : "ASC"
        var statement = try BoundStatement(
            db,
            "SELECT alert FROM deliveries WHERE \(isDue) ORDER BY attempts, urgent DESC, bulk, serial \(direction) LIMIT ?4"
        )
        bindDue(&statement, sink, now)
        statement.bind(limit)
        var chosen: [String] = []
        while try statement.step() { chosen.append(statement.next()) }
        return try chosen.flatMap { alert in
            var one = try BoundStatement(db, "\(rows) alert = ? AND sink = ?")
            one.bind(alert)
            one.bind(sink.rawValue)
            return try QueuedDelivery.all(one, to: sink, db)
        }
    }

    package func settle(_ settlements: [Settlement]) async throws(StoreError) {
        if settlements.isEmpty { return }
        // A power cut can take it back: then the alerts go out once more, with the same ids.
        try await write(isDurable: false) { db in
            var last: Settlement?
            for one in settlements {
                // Of several successes in a row, the first says it all of the sink.
                let saysMore = last?.verdict != .delivered || last?.delivery.sink != one.delivery.sink
                try Self.settle(
                    one.delivery, one.verdict, after: one.attempt, isOfSink: saysMore || one.verdict != .delivered,
                    at: one.at, db)
                last = one
            }
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
        let bearing = attempt?.bearing ?? .fault
        // Of what some have, the fallback is given nothing: it would be a repeat for them.
        // One that somebody has given up meanwhile stays so: it has not arrived.
        func update(_ state: Delivery.State, error: String?, nextTry: Double?) throws {
            try db.cachedStatement(
                sql: """
                    UPDATE deliveries SET
                        state = iif(state = 'dead', 'dead', :state),
                        attempts = attempts + 1, first_try = coalesce(first_try, :now),
                        next_try = iif(state = 'dead', NULL, :next), last_error = :error,
                        claimed_at = NULL, lease_until = NULL,
                        message = iif(:state = 'pending' AND state <> 'dead', message, NULL),
                        memo = coalesce(:memo, memo), refused = :refused,
                        diverted = iif(:shared, 1, diverted)
                    WHERE alert = :alert AND sink = :sink
                    """
            ).execute(arguments: [
                "state": state.rawValue, "now": time, "next": nextTry, "error": error, "memo": attempt?.memo,
                "refused": bearing == .refusal, "shared": bearing == .taken,
                "alert": delivery.alert.rawValue, "sink": delivery.sink.rawValue,
            ])
        }
        func setSink(notBefore: Double?, stopped: String?) throws {
            try db.cachedStatement(
                sql: """
                    INSERT INTO sinks (name, not_before, stopped) VALUES (?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET
                        -- With many under way, what is heard later does not undo a stop, nor shorten a pause, unless that
                        -- was noted by a clock that has been set back since.
                        not_before = max(coalesce(excluded.not_before, not_before),
                            coalesce(iif(not_before < ? AND coalesce(last_failure, 0) <= ?, not_before, NULL), excluded.not_before)),
                        stopped = coalesce(stopped, excluded.stopped)
                    """
            ).execute(arguments: [delivery.sink.rawValue, notBefore, stopped, time + longestSinkPause, time + 300])
        }
        switch verdict {
        case .delivered:
            // Nearly all are, and so it is one statement without conditions.
            var sent = try BoundStatement(
                db,
                """
                UPDATE deliveries SET state = 'sent', attempts = attempts + 1, first_try = coalesce(first_try, ?),
                    next_try = NULL, last_error = NULL, claimed_at = NULL, lease_until = NULL, message = NULL,
                    memo = ?, refused = 0
                WHERE alert = ? AND sink = ?
                """)
            sent.bind(now)
            sent.bind(attempt?.memo)
            sent.bind(delivery)
            try sent.run()
            if isOfSink { try noteSuccess(of: delivery.sink, at: now, db) }
        case .retry(let date, let reason, let wholeSink):
            try update(.pending, error: reason, nextTry: date.seconds)
            if wholeSink { try setSink(notBefore: date.seconds, stopped: nil) }
            guard isOfSink else { break }
            switch bearing {
            case .fault: try noteFailure(of: delivery, reason, isDeferred: true, isRefusal: false, at: now, db)
            case .refusal: try noteFailure(of: delivery, reason, isDeferred: true, isRefusal: true, at: now, db)
            case .taken: try noteSuccess(of: delivery.sink, at: now, db)
            case .nothing: break
            }
        case .failed(let reason):
            try update(.failed, error: reason, nextTry: nil)
            try noteFailure(of: delivery, reason, isDeferred: false, isRefusal: true, at: now, db)
        case .sinkGone(let reason):
            try update(.failed, error: reason, nextTry: nil)
            try setSink(notBefore: nil, stopped: reason)
            try noteFailure(of: delivery, reason, isDeferred: true, isRefusal: true, isGone: true, at: now, db)
        }
        if let attempt { try keep(attempt, of: delivery, db) }
    }

    package func release(_ deliveries: [Delivery.ID]) async throws(StoreError) {
        if deliveries.isEmpty { return }
        try await write(isDurable: false) { db in
            let release = try db.cachedStatement(
                sql: "UPDATE deliveries SET claimed_at = NULL, lease_until = NULL WHERE alert = ? AND sink = ?")
            for delivery in deliveries {
                try release.execute(arguments: [delivery.alert.rawValue, delivery.sink.rawValue])
            }
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
