package import Foundation
import GRDB
package import Model

// The outbox.
extension SQLiteStore {
    /// No pause of ours or of a receiver's is longer; one that is was made by a clock that was wrong.
    static let longestPause = 2 * 86_400.0

    package func claimDeliveries(
        to sink: SinkName, at now: Date, limit: Int, order: DeliveryOrder, lease: Duration
    ) async throws(StoreError) -> [Delivery] {
        // Most claims find nothing; those need no writer.
        let isWorthIt = try await read { db in
            let due = try Self.due(sink, now, limit: 1, .oldest, db)
            return !due.isEmpty
        }
        guard isWorthIt else { return [] }
        return try await write(isDurable: false) { db in
            let claim = try db.cachedStatement(
                sql: "UPDATE deliveries SET claimed_at = ?, lease_until = ? WHERE alert = ? AND sink = ?")
            let key = try OutsideKey(db)
            return try Self.due(sink, now, limit: limit, order, db).map { row in
                let delivery = try Self.delivery(row, to: sink, key, db)
                try claim.execute(
                    arguments: [
                        now.seconds, now.seconds + lease.inSeconds, delivery.id.alert.rawValue, sink.rawValue,
                    ])
                return delivery
            }
        }
    }

    /// What `delivery` reads of deliveries and their alerts. By their places: a look for the name of each column costs as much
    /// as to read it.
    static let columns = "alert, serial, attempts, first_try, memo, copy_of, body, part, codenames, created"

    static func delivery(_ row: Row, to sink: SinkName, _ key: OutsideKey, _ db: Database) throws -> Delivery {
        var delivery = Delivery(
            id: .init(alert: AlertID(row[0]), sink: sink),
            body: try row.withUnsafeData(atIndex: 6) { $0.map { Array($0) } ?? [] },
            attempts: row[2], firstTry: Date(seconds: row[3]))
        delivery.memo = row[4]
        delivery.raised = Date(seconds: row[9])
        if let names = row[8] as String? {
            delivery.codenames =
                (try? JSONDecoder().decode([String: String].self, from: Data(names.utf8))) ?? unreadable(delivery.body)
        }
        delivery.outside = .init(alert: key.id(of: delivery.id.alert.rawValue))
        delivery.part = (row[7] as String?).flatMap { MessagePart(text: $0) }
        if let first = row[5] as String? {
            delivery.original = try original(first, at: sink, before: row[1], db)
            delivery.outside?.first = key.id(of: first)
            delivery.outside?.isFirstRenamed =
                try Bool.fetchOne(
                    db.cachedStatement(sql: "SELECT codenames IS NOT NULL FROM alerts WHERE id = ?"),
                    arguments: [first]) ?? false
        }
        return delivery
    }

    /// That there were code names is known, and not which: then no watch is told.
    private static func unreadable(_ body: [UInt8]) -> [String: String] {
        let alert = Alert(json: body)
        let watches = (alert?.watches ?? []) + (alert?.matches.map(\.watch) ?? [])
        return Dictionary(watches.map { ($0, "•••") }) { first, _ in first }
    }

    private static func due(
        _ sink: SinkName, _ now: Date, limit: Int, _ order: DeliveryOrder, _ db: Database
    ) throws -> [Row] {
        let time = now.seconds
        let pause = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT not_before, stopped FROM sinks WHERE name = ?"), arguments: [sink.rawValue])
        if let pause {
            if (pause["stopped"] as String?) != nil { return [] }
            if let notBefore: Double = pause["not_before"], notBefore > time, notBefore < time + longestPause {
                return []
            }
        }
        let fitting = """
            sink = :sink AND state = 'pending' AND (next_try <= :now OR next_try > :far)
                AND (lease_until IS NULL OR lease_until <= :now OR claimed_at > :now + 300)
            """
        let arguments: StatementArguments = [
            "sink": sink.rawValue, "now": time, "far": time + longestPause, "limit": limit,
        ]
        let rows = "SELECT \(columns) FROM deliveries JOIN alerts ON alerts.id = alert WHERE"
        guard case .leastTried(let newestFirst) = order else {
            return try Row.fetchAll(
                db.cachedStatement(sql: "\(rows) \(fitting) ORDER BY serial LIMIT :limit"), arguments: arguments)
        }
        // Without their bodies: all that wait are put in order for it.
        let direction = newestFirst ? "DESC" : "ASC"
        let chosen = try String.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT alert FROM deliveries WHERE \(fitting)
                    ORDER BY attempts, urgent DESC, serial \(direction) LIMIT :limit
                    """),
            arguments: arguments)
        return try chosen.compactMap { alert in
            try Row.fetchOne(
                db.cachedStatement(sql: "\(rows) alert = ? AND sink = ?"), arguments: [alert, sink.rawValue])
        }
    }

    package func settle(_ settlements: [Settlement]) async throws(StoreError) {
        if settlements.isEmpty { return }
        // A power cut can take it back: then the alerts go out once more, with the same ids.
        try await write(isDurable: false) { db in
            for one in settlements {
                try Self.settle(one.delivery, one.verdict, after: one.attempt, at: one.at, db)
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
            ).execute(arguments: [delivery.sink.rawValue, notBefore, stopped, time + longestPause, time + 300])
        }
        switch verdict {
        case .delivered:
            // Nearly all are, and so it is one statement without conditions.
            try db.cachedStatement(
                sql: """
                    UPDATE deliveries SET state = 'sent', attempts = attempts + 1, first_try = coalesce(first_try, ?),
                        next_try = NULL, last_error = NULL, claimed_at = NULL, lease_until = NULL, message = NULL,
                        memo = ?, refused = 0
                    WHERE alert = ? AND sink = ?
                    """
            ).execute(arguments: [time, attempt?.memo, delivery.alert.rawValue, delivery.sink.rawValue])
            try noteSuccess(of: delivery.sink, at: now, db)
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
