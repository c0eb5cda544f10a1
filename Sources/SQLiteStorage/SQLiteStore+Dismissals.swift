package import Foundation
import GRDB
package import Model

// What people have said of single alerts.
extension SQLiteStore: ConsoleActions {
    package func acknowledge(_ alert: AlertID, at date: Date?) async throws(StoreError) -> Bool {
        try await write { db in
            try db.cachedStatement(
                sql: "UPDATE alert_facts SET acknowledged = ? WHERE alert = (SELECT rowid FROM alerts WHERE id = ?)"
            )
            .execute(arguments: [date?.seconds, alert.rawValue])
            return db.changesCount > 0
        }
    }

    package func dismiss(_ alert: AlertID, watch: String, at now: Date) async throws(StoreError) -> Bool {
        try await write { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT body FROM alerts WHERE id = ?", arguments: [alert.rawValue]),
                let told = Alert(json: Array((row["body"] as String).utf8)), told.watches.contains(watch)
            else { return false }
            let first = try Self.first(of: alert.rawValue, db)
            let story = try Row.fetchAll(
                db, sql: "SELECT id, article, body FROM alerts WHERE id = ?1 OR copy_of = ?1", arguments: [first])
            for one in story {
                try db.execute(
                    sql: """
                        INSERT INTO dismissals (article, watch, alert, title, since) VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT DO UPDATE SET alert = excluded.alert
                        """,
                    arguments: [one["article"] as Data, watch, first, told.item.title, now.seconds])
            }
            for one in story { try Self.giveUp(one, db) }
            return true
        }
    }

    /// Deliveries that wait, of an alert of which no watch is left.
    private static func giveUp(_ row: Row, _ db: Database) throws {
        guard let alert = Alert(json: Array((row["body"] as String).utf8)) else { return }
        let dismissed = try dismissedWatches(row["article"], copyOf: nil, db)
        guard alert.watches.allSatisfy(dismissed.contains) else { return }
        // One that is under way may still arrive: then it is sent after all.
        try db.execute(
            sql: """
                UPDATE deliveries SET state = 'dead', next_try = NULL, last_error = 'marked as not meant'
                WHERE alert = ? AND state = 'pending'
                """,
            arguments: [row["id"] as String])
    }

    package func restore(_ alert: AlertID, watch: String) async throws(StoreError) -> Bool {
        try await write { db in
            try db.execute(
                sql: "DELETE FROM dismissals WHERE alert = ? AND watch = ?",
                arguments: [try Self.first(of: alert.rawValue, db), watch])
            return db.changesCount > 0
        }
    }

    private static func first(of alert: String, _ db: Database) throws -> String {
        try String.fetchOne(db, sql: "SELECT copy_of FROM alerts WHERE id = ?", arguments: [alert]) ?? alert
    }

    package func dismissals(
        of watch: String?, offset: Int, limit: Int
    ) async throws(StoreError) -> DismissalPage {
        try await read { db in
            let condition = "(?1 IS NULL OR watch = ?1)"
            let total = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM (SELECT 1 FROM dismissals WHERE \(condition) GROUP BY alert, watch)",
                arguments: [watch])
            let page = try Self.dismissals(condition, [watch, max(limit, 0), max(offset, 0)], db)
            return DismissalPage(dismissals: page, total: total ?? 0)
        }
    }

    package func dismissals(of alert: AlertID) async throws(StoreError) -> [Dismissal] {
        try await read { db in
            try Self.dismissals("alert = ?1", [try Self.first(of: alert.rawValue, db), 1000, 0], db)
        }
    }

    private static func dismissals(
        _ condition: String, _ arguments: StatementArguments, _ db: Database
    ) throws -> [Dismissal] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT watch, alert, max(title) AS title, min(since) AS since FROM dismissals
                WHERE \(condition) GROUP BY alert, watch ORDER BY since DESC, alert, watch LIMIT ?2 OFFSET ?3
                """,
            arguments: arguments
        ).map { row in
            Dismissal(
                watch: row["watch"], alert: AlertID(row["alert"]), title: row["title"],
                since: Date(timeIntervalSince1970: row["since"]))
        }
    }

    /// For whom an article is none of their business: by itself, or as a copy of such a one. Looked up for each alert, in the
    /// transaction that raises it.
    static func dismissedWatches(_ article: Data, copyOf first: AlertID?, _ db: Database) throws -> Set<String> {
        Set(
            try String.fetchAll(
                db.cachedStatement(sql: "SELECT watch FROM dismissals WHERE article = ? OR alert = ?"),
                arguments: [article, first?.rawValue]))
    }

    // MARK: polls

    package func pollSoon(_ url: String, gap: Duration, at now: Date) async throws(StoreError) -> PollWish {
        try await write { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT id, last_poll, not_before, gone, lease_until FROM feeds
                    WHERE url = ? AND position IS NOT NULL
                    """,
                arguments: [url])
            guard let row else { return .unknown }
            if row["gone"] as Bool { return .gone }
            if let lease: Double = row["lease_until"], lease > now.seconds { return .underWay }
            let notBefore = (row["not_before"] as Double?) ?? 0
            // What lies in the future was written by a clock that has been set back.
            let last = (row["last_poll"] as Double?).flatMap { $0 <= now.seconds ? $0 : nil } ?? 0
            let earliest = max(now.seconds, notBefore, last + gap.inSeconds)
            try db.execute(
                sql: "UPDATE feeds SET next_poll = min(next_poll, ?) WHERE id = ?",
                arguments: [earliest, row["id"] as Int64])
            if earliest <= now.seconds { return .due }
            let date = Date(timeIntervalSince1970: earliest)
            return notBefore >= earliest ? .serverWaits(until: date) : .tooSoon(until: date)
        }
    }
}
