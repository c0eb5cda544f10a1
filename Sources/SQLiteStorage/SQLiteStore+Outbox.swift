package import Foundation
import GRDB
package import Model

// The health of sinks, and what follows from it.
extension SQLiteStore: OutboxStore {
    /// In `alerts.article`, where every article has a digest of 16 bytes: alerts about a sink, and heartbeats for it.
    private static let sinkNews = "news of the sink "
    private static let heartbeat = "heartbeat for the sink "

    // MARK: what settled deliveries tell

    /// - Parameters:
    ///   - isRefusal: it has failed for good, or somebody has to look before it can arrive.
    ///   - isGone: the sink is stopped.
    static func noteFailure(
        of delivery: Delivery.ID, _ reason: String, isDeferred: Bool, isRefusal: Bool, isGone: Bool = false,
        at now: Date, _ db: Database
    ) throws {
        // News of a sink that cannot be told raises no more news; but a stop is one, whatever was sent.
        try db.cachedStatement(
            sql: """
                INSERT INTO sinks (name, failing_since, last_failure, last_refusal, last_error)
                SELECT :sink, iif(:deferred, :now, NULL), iif(:deferred, :now, NULL), iif(:final, :now, NULL), :reason
                FROM alerts WHERE id = :alert AND (:gone OR substr(article, 1, length(:news)) <> :news)
                ON CONFLICT (name) DO UPDATE SET
                    failing_since = coalesce(failing_since, excluded.failing_since),
                    last_failure = coalesce(excluded.last_failure, last_failure),
                    last_refusal = coalesce(excluded.last_refusal, last_refusal),
                    last_error = excluded.last_error
                """
        ).execute(arguments: [
            "sink": delivery.sink.rawValue, "alert": delivery.alert.rawValue, "deferred": isDeferred,
            "final": isRefusal, "gone": isGone, "now": now.seconds, "reason": reason, "news": Data(sinkNews.utf8),
        ])
    }

    /// A failure that was shorter than this is hardly the sink's: what it has put off keeps its pauses, or one alert that a receiver never
    /// takes would be tried after each that it takes.
    private static let leastOutage = 60.0

    /// Writes nothing but for the first success after a failure. When that has lasted, what was put off meanwhile is due now, and not
    /// at the end of a pause that can be of hours.
    static func noteSuccess(of sink: SinkName, at now: Date, _ db: Database) throws {
        let since = try Double.fetchOne(
            db.cachedStatement(sql: "SELECT failing_since FROM sinks WHERE name = ?"), arguments: [sink.rawValue])
        if let since, now.seconds - since >= leastOutage {
            try db.cachedStatement(
                sql: """
                    UPDATE deliveries SET next_try = ?
                    WHERE sink = ? AND state = 'pending' AND next_try > ? AND attempts > 0
                    """
            ).execute(arguments: [now.seconds, sink.rawValue, now.seconds])
        }
        try db.cachedStatement(
            sql: """
                UPDATE sinks SET failing_since = NULL, last_success = ?,
                    not_before = iif(not_before > ?, NULL, not_before)
                WHERE name = ? AND (failing_since IS NOT NULL OR last_refusal > coalesce(last_success, 0))
                """
        ).execute(arguments: [now.seconds, now.seconds + longestSinkPause, sink.rawValue])
    }

    // MARK: what is asked

    package func sinkStates(of sinks: [SinkName]) async throws(StoreError) -> [SinkState] {
        try await read { db in try sinks.map { try Self.state(of: $0, db) } }
    }

    private static func state(of sink: SinkName, _ db: Database) throws -> SinkState {
        var state = SinkState(sink)
        func count(_ delivery: Delivery.State) throws -> Int {
            try Int.fetchOne(
                db.cachedStatement(
                    sql: "SELECT count(*) FROM deliveries WHERE sink = ? AND state = '\(delivery.rawValue)'"),
                arguments: [sink.rawValue]) ?? 0
        }
        state.failed = try count(.failed)
        state.pending = try count(.pending)
        state.refused =
            try Int.fetchOne(
                db.cachedStatement(
                    sql: "SELECT count(*) FROM deliveries WHERE sink = ? AND state = 'pending' AND refused = 1"),
                arguments: [sink.rawValue]) ?? 0
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT * FROM sinks WHERE name = ?"), arguments: [sink.rawValue])
        else { return state }
        state.stopped = row["stopped"]
        state.failingSince = Date(seconds: row["failing_since"])
        state.lastFailure = Date(seconds: row["last_failure"])
        state.lastRefusal = Date(seconds: row["last_refusal"])
        state.lastSuccess = Date(seconds: row["last_success"])
        state.lastError = row["last_error"]
        state.pausedUntil = Date(seconds: row["not_before"])
        state.lastHeartbeat = Date(seconds: row["heartbeat"])
        if let told = (row["told"] as String?).flatMap(SinkState.Trouble.init), let since: Double = row["told_since"] {
            state.told = .init(told, since: Date(timeIntervalSince1970: since))
        }
        if state.pending > 0 {
            func since(_ condition: String) throws -> Date? {
                Date(
                    seconds: try Double.fetchOne(
                        db.cachedStatement(
                            sql: """
                                SELECT min(\(waiting)) FROM deliveries JOIN sinks ON name = sink
                                WHERE sink = ? AND state = 'pending' AND NOT diverted\(condition)
                                """),
                        arguments: [sink.rawValue]))
            }
            state.waitingSince = try since("")
            state.urgentSince = try since(" AND urgent = 1")
        }
        return state
    }

    /// Since when a delivery has waited for its sink. One that was never tried has waited for as long as the sink fails,
    /// since then one is tried at a time.
    private static let waiting = "coalesce(first_try, max(next_try, failing_since))"

    package func sinksWithDeliveries() async throws(StoreError) -> [SinkName] {
        try await read { db in
            try String.fetchAll(db, sql: "SELECT DISTINCT sink FROM deliveries ORDER BY sink").map { SinkName($0) }
        }
    }

    package func pulse(since date: Date) async throws(StoreError) -> Pulse {
        let fine = FeedHealth.Condition.allCases.filter { !$0.isTrouble }.map { "'\($0.rawValue)'" }
        return try await read { db in
            let feeds = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*) AS feeds, total(coalesce(health, 'new') IN (\(fine.joined(separator: ", "))))
                        AS fine FROM feeds WHERE position IS NOT NULL
                    """)
            let alerts = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM alerts WHERE created >= ? AND length(article) = 16",
                arguments: [date.seconds])
            let fineFeeds: Double = feeds?["fine"] ?? 0
            return Pulse(feeds: feeds?["feeds"] ?? 0, fineFeeds: Int(fineFeeds), alerts: alerts ?? 0)
        }
    }

    // MARK: what is done

    package func note(_ notice: SinkNotice) async throws(StoreError) {
        try await write { db in
            let prefix: String
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO sinks (name) VALUES (?)")
                .execute(arguments: [notice.sink.rawValue])
            switch notice.memory {
            case .heartbeat:
                prefix = Self.heartbeat
                try db.cachedStatement(sql: "UPDATE sinks SET heartbeat = ? WHERE name = ?")
                    .execute(arguments: [notice.at.seconds, notice.sink.rawValue])
            case .told(let told, let forgetsRefusals):
                prefix = Self.sinkNews
                try db.cachedStatement(
                    sql: """
                        UPDATE sinks SET told = ?, told_since = ?, last_refusal = iif(?, NULL, last_refusal)
                        WHERE name = ?
                        """
                ).execute(arguments: [
                    told?.trouble.rawValue, told?.since.seconds, forgetsRefusals, notice.sink.rawValue,
                ])
            }
            guard let alert = notice.alert else { return }
            // A sign of life that waits for the morning is none.
            try Self.insert(
                alert, article: Data((prefix + notice.sink.rawValue).utf8), isUrgent: notice.memory == .heartbeat,
                at: notice.at, to: notice.routes, db)
            #if DEBUG
                (notice.memory == .heartbeat ? Failpoint.heartbeatWritten : .noticeWritten).pass()
            #endif
        }
    }

    /// What has failed longer ago was seen, or is of a time before the fallback was configured.
    private static let oldestFailure = 4 * 86_400.0
    /// In one transaction, which others wait for.
    static let divertedAtOnce = 1000

    package func divert(
        _ sink: SinkName, to fallback: SinkName, waitingSince date: Date, urgentSince urgent: Date, at now: Date
    ) async throws(StoreError) -> Int {
        let fitting = """
            FROM deliveries LEFT JOIN sinks ON name = sink WHERE sink = :sink AND NOT diverted AND (
                state = 'pending' AND (stopped IS NOT NULL OR \(Self.waiting) <= iif(urgent, :urgent, :date))
                OR state = 'failed' AND coalesce(first_try, 0) > :oldest)
            """
        let arguments: StatementArguments = [
            "sink": sink.rawValue, "date": date.seconds, "urgent": urgent.seconds,
            "oldest": now.seconds - Self.oldestFailure,
        ]
        // Mostly all that failed was given away before, and that needs no writer.
        let isWorthIt = try await read { db in
            try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 \(fitting))", arguments: arguments) ?? false
        }
        guard isWorthIt else { return 0 }
        return try await write { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT deliveries.alert, serial, urgent, heard,
                            substr(article, 1, length(:pulse)) <> :pulse AND article <> :own AS is_fit
                        FROM (SELECT alert, serial, urgent, heard \(fitting) ORDER BY serial LIMIT \(Self.divertedAtOnce))
                            AS deliveries JOIN alerts ON alerts.id = deliveries.alert ORDER BY serial
                        """),
                arguments: arguments + [
                    "pulse": Data(Self.heartbeat.utf8), "own": Data((Self.sinkNews + fallback.rawValue).utf8),
                ])
            var count = 0
            for row in rows {
                let alert: String = row["alert"]
                try db.cachedStatement(sql: "UPDATE deliveries SET diverted = 1 WHERE alert = ? AND sink = ?")
                    .execute(arguments: [alert, sink.rawValue])
                guard row["is_fit"] else { continue }
                try db.cachedStatement(
                    sql: """
                        INSERT INTO deliveries (alert, sink, state, next_try, serial, urgent, heard)
                        VALUES (?, ?, 'pending', ?, ?, ?, ?)
                        ON CONFLICT DO UPDATE SET state = 'pending', next_try = excluded.next_try,
                            urgent = excluded.urgent, last_error = NULL, heard = excluded.heard, withheld = NULL
                        WHERE state = 'suppressed' AND NOT EXISTS (
                            SELECT 1 FROM held WHERE held.alert = deliveries.alert AND held.sink = deliveries.sink)
                        """
                ).execute(arguments: [
                    alert, fallback.rawValue, now.seconds, row["serial"] as Int64, row["urgent"] as Bool,
                    row["heard"] as String?,
                ])
                count += db.changesCount
            }
            #if DEBUG
                if count > 0 { Failpoint.fallbackWritten.pass() }
            #endif
            return count
        }
    }

    /// In one transaction, which others wait for.
    private static let prunedAtOnce = 500

    package func prune(keeping limit: Int, failed bound: Int) async throws(StoreError) -> Pruning {
        @Sendable func old(_ db: Database) throws -> [String] {
            // Mostly there are few that failed, and all of them are kept.
            let count =
                try Int.fetchOne(
                    db.cachedStatement(sql: "SELECT count(*) FROM deliveries WHERE state = 'failed'")) ?? 0
            var oldestKept: Int64 = 0
            if count > bound {
                oldestKept =
                    try Int64.fetchOne(
                        db.cachedStatement(
                            sql: """
                                SELECT serial FROM deliveries WHERE state = 'failed' ORDER BY serial DESC
                                LIMIT 1 OFFSET ?
                                """),
                        arguments: [max(0, bound - 1)]) ?? 0
            }
            return try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM alerts WHERE rowid <= (SELECT max(rowid) FROM alerts) - ?
                        AND NOT EXISTS (SELECT 1 FROM deliveries WHERE alert = id AND state = 'pending')
                        AND NOT EXISTS (SELECT 1 FROM deliveries
                            WHERE alert = id AND state = 'failed' AND serial >= ?)
                        AND NOT EXISTS (SELECT 1 FROM held WHERE alert = id)
                    ORDER BY rowid LIMIT \(Self.prunedAtOnce)
                    """,
                arguments: [max(0, limit), oldestKept])
        }
        // Mostly there is nothing, and that needs no writer.
        guard try await read({ db in try !old(db).isEmpty }) else { return Pruning() }
        return try await write { db in
            let ids = try old(db)
            var pruning = Pruning()
            pruning.hasMore = ids.count == Self.prunedAtOnce
            for id in ids {
                pruning.failed +=
                    try Int.fetchOne(
                        db.cachedStatement(
                            sql: "SELECT count(*) FROM deliveries WHERE alert = ? AND state = 'failed'"),
                        arguments: [id]) ?? 0
                for sql in [
                    "DELETE FROM attempts WHERE serial = (SELECT rowid FROM alerts WHERE id = ?)",
                    "DELETE FROM deliveries WHERE alert = ?",
                    "DELETE FROM alerts WHERE id = ?",
                ] {
                    try db.cachedStatement(sql: sql).execute(arguments: [id])
                }
            }
            return pruning
        }
    }
}
