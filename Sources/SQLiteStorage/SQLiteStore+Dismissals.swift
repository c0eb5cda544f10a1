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

    package func dismiss(
        _ alert: AlertID, watch: String, routes: [SinkRoute], at now: Date
    ) async throws(StoreError) -> Bool {
        try await write { db in
            guard let marked = try Marked.fetch("id = ?", [alert.rawValue], db).first,
                marked.alert.watches.contains(watch)
            else { return false }
            let story = try Self.sketch(of: alert.rawValue, db)
            if let story {
                // A copy is looked up by others only from now on.
                try db.execute(sql: "UPDATE stories SET hidden = 0 WHERE id = ?", arguments: [story.story])
                self.stories.insert(story.story, story.sketch)
            }
            for one in [marked] + (try Self.sameArticles(marked, story?.sketch, for: watch, db)) {
                try db.execute(
                    sql: """
                        INSERT OR IGNORE INTO dismissals (article, watch, alert, title, since) VALUES (?, ?, ?, ?, ?)
                        """,
                    arguments: [one.article, watch, alert.rawValue, marked.alert.item.title, now.seconds])
            }
            for one in try Self.marked(by: [alert.rawValue], watch, db) { try one.giveUp(watch, routes, db) }
            return true
        }
    }

    /// The others of the same story that have its very words (`isSame`).
    private static func sameArticles(
        _ marked: Marked, _ sketch: StorySketch?, for watch: String, _ db: Database
    ) throws -> [Marked] {
        guard let sketch else { return [] }
        let first = marked.first ?? marked.alert.id.rawValue
        let story = try Marked.fetch("id = ?1", [first], db) + Marked.fetch("copy_of = ?1", [first], db)
        return try story.filter { one in
            let apart = one.alert.timestamp.timeIntervalSince(marked.alert.timestamp)
            guard one.alert.id != marked.alert.id,
                isSameArticle(one.alert, marked.alert, for: watch, apart: apart)
            else { return false }
            return try Self.sketch(of: one.alert.id.rawValue, db)?.sketch.isSame(as: sketch) ?? false
        }
    }

    /// The alerts that are quiet for a watch by the marks on these.
    private static func marked(by owners: [String], _ watch: String, _ db: Database) throws -> [Marked] {
        try owners.flatMap { owner in
            try Marked.fetch(
                "article IN (SELECT article FROM dismissals WHERE alert = ? AND watch = ?)", [owner, watch], db)
        }
    }

    package func restore(
        _ alert: AlertID, watch: String, routes: [SinkRoute], at now: Date
    ) async throws(StoreError) -> Bool {
        try await write { db in
            let owners = try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT alert FROM dismissals WHERE watch = ?1 AND (alert = ?2
                        OR article = (SELECT article FROM alerts WHERE id = ?2))
                    """,
                arguments: [watch, alert.rawValue])
            let marked = try Self.marked(by: owners, watch, db)
            for owner in owners {
                try db.execute(
                    sql: "DELETE FROM dismissals WHERE alert = ? AND watch = ?", arguments: [owner, watch])
            }
            for one in marked { try one.bringBack(watch, routes, at: now, db) }
            return !owners.isEmpty
        }
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
            try Self.dismissals(
                "article = (SELECT article FROM alerts WHERE id = ?1)", [alert.rawValue, 1000, 0], db)
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

    /// For whom an article is none of their business. Looked up for each alert, in the transaction that raises it.
    static func dismissedWatches(_ article: Data, _ db: Database) throws -> Set<String> {
        Set(
            try String.fetchAll(
                db.cachedStatement(sql: "SELECT watch FROM dismissals WHERE article = ?"), arguments: [article]))
    }

    /// What stands beside a delivery that a mark holds back.
    static func notMeant(_ watches: some Sequence<String>) -> String {
        "marked as not meant: \(watches.sorted().joined(separator: ", "))"
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
