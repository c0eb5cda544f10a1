package import Foundation
import GRDB
package import Model

// Alerts that are held until a person has looked at them: old news under new ids.
extension SQLiteStore {
    /// An alert that a poll has raised.
    struct Raised {
        var alert: Alert
        /// The item was published long before.
        var isOld: Bool
        /// The feed has had its title.
        var isKnown: Bool
        /// It is dated as what is new (`ItemFingerprint.isFresh`).
        var isFresh: Bool
    }

    /// Holds the old ones among the alerts of a poll, when they are a storm.
    ///
    /// - Returns: news of it, unless alerts of the feed were held within the last day.
    static func hold(_ raised: [Raised], of poll: PollRecord, _ db: Database) throws -> Alert? {
        // A copy of another alert of the same poll is none of what was seen before.
        let own = Set(raised.map(\.alert.id))
        func isOld(_ one: Raised) -> Bool {
            one.isOld || one.isKnown || one.alert.duplicateOf.map { !own.contains($0) } ?? false
        }
        guard let storm = poll.storm else { return nil }
        var old = raised.filter(isOld)
        guard storm.isStorm(old: old.count, of: raised.count) else { return nil }
        let wasReleased = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM released_feeds WHERE feed = ?)", arguments: [poll.feed.id.rawValue])
        if wasReleased == true {
            // A person has said that such dates are news there: a court's register has those of the verdicts.
            old.removeAll { one in
                var one = one
                one.isOld = false
                if one.isFresh { one.isKnown = false }
                return !isOld(one)
            }
            guard storm.isStorm(old: old.count, of: raised.count) else { return nil }
        }
        // More of them the day after is news again.
        let isNews = try Bool.fetchOne(
            db, sql: "SELECT NOT EXISTS (SELECT 1 FROM held WHERE feed = ? AND since > ?)",
            arguments: [poll.feed.id.rawValue, poll.at.seconds - 86_400])
        let note = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO held (alert, sink, feed, since)
                SELECT alert, sink, ?, ? FROM deliveries WHERE alert = ? AND state = 'pending'
                """)
        let hold = try db.cachedStatement(
            sql: """
                UPDATE deliveries SET state = 'suppressed', next_try = NULL,
                    last_error = 'held as old news: see tocsin alerts held'
                WHERE alert = ? AND state = 'pending'
                """)
        var count = 0
        for one in old {
            try note.execute(arguments: [poll.feed.id.rawValue, poll.at.seconds, one.alert.id.rawValue])
            try hold.execute(arguments: [one.alert.id.rawValue])
            if db.changesCount > 0 { count += 1 }
        }
        return isNews == true && count > 0 ? storm.notice(count, raised.count) : nil
    }

    /// What is held, a line a feed, the longest held first.
    package func heldAlerts() async throws(StoreError) -> [HeldAlerts] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT url, feeds.title AS title, count(DISTINCT alert) AS alerts, min(since) AS since,
                        max(alert) AS example
                    FROM held JOIN feeds ON feeds.id = feed GROUP BY feed ORDER BY since, feed
                    """
            ).map { row in
                let body = try String.fetchOne(
                    db.cachedStatement(sql: "SELECT body FROM alerts WHERE id = ?"),
                    arguments: [row["example"] as String])
                let example = body.flatMap { Alert(json: Array($0.utf8)) }
                return HeldAlerts(
                    feedURL: row["url"], feedTitle: row["title"], alerts: row["alerts"],
                    since: Date(timeIntervalSince1970: row["since"]), example: example?.item.title)
            }
        }
    }

    /// Sends what is held of a feed, or of all. Of these feeds nothing is held again for its dates alone.
    ///
    /// - Returns: how many alerts.
    package func releaseHeld(ofFeedAt url: String?, at now: Date) async throws(StoreError) -> Int {
        try await write { db in
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO released_feeds (feed, released)
                    SELECT DISTINCT feed, :now FROM held
                    WHERE :url IS NULL OR feed = (SELECT id FROM feeds WHERE url = :url)
                    """,
                arguments: ["now": now.seconds, "url": url])
            return try Self.settleHeld(
                url,
                """
                UPDATE deliveries SET state = iif(withheld IS NULL, 'pending', 'suppressed'),
                    next_try = iif(withheld IS NULL, :now, NULL), first_try = NULL,
                    last_error = iif(withheld IS NULL, NULL, 'marked as not meant')
                WHERE alert = :alert AND sink = :sink AND state = 'suppressed'
                """, ["now": now.seconds], db)
        }
    }

    /// Holds it no longer, and does not send it: it stays among the alerts.
    ///
    /// - Returns: how many alerts.
    package func discardHeld(ofFeedAt url: String?) async throws(StoreError) -> Int {
        try await write { db in
            try Self.settleHeld(
                url,
                """
                UPDATE deliveries SET last_error = 'discarded as old news', withheld = NULL
                WHERE alert = :alert AND sink = :sink AND state = 'suppressed'
                """, [:], db)
        }
    }

    private static func settleHeld(
        _ url: String?, _ update: String, _ values: [String: (any DatabaseValueConvertible)?], _ db: Database
    ) throws -> Int {
        let feed = "(:url IS NULL OR feed = (SELECT id FROM feeds WHERE url = :url))"
        let rows = try Row.fetchAll(db, sql: "SELECT alert, sink FROM held WHERE \(feed)", arguments: ["url": url])
        let statement = try db.cachedStatement(sql: update)
        for row in rows {
            var values = values
            values["alert"] = row["alert"] as String
            values["sink"] = row["sink"] as String
            try statement.execute(arguments: StatementArguments(values))
        }
        try db.execute(sql: "DELETE FROM held WHERE \(feed)", arguments: ["url": url])
        return Set(rows.map { $0["alert"] as String }).count
    }
}
