package import Foundation
import GRDB
package import Model

// Alerts that are held until a person has looked at them: old news under new ids.
extension SQLiteStore {
    /// An alert that a poll has raised.
    struct Raised {
        var alert: Alert
        /// What its item is recognised by.
        var fingerprint: ItemFingerprint
        /// The item was published long before.
        var isOld: Bool
        var known: KnownWords
    }

    /// What the feed has had of an item's words.
    enum KnownWords {
        case none
        /// The title; one of the two items has no text.
        case title
        /// The title and the text of one item.
        case all
    }

    /// The words of the items that a feed has had.
    struct FeedWords {
        private var texts: [UInt64: Set<UInt64?>] = [:]

        init(_ items: [ItemFingerprint] = []) {
            for item in items {
                if let title = item.title { texts[title, default: []].insert(item.text) }
            }
        }

        func known(_ item: ItemFingerprint) -> KnownWords {
            guard let title = item.title, let texts = texts[title] else { return .none }
            if item.text != nil, texts.contains(item.text) { return .all }
            return item.text == nil || texts.contains(nil) ? .title : .none
        }
    }

    /// What of the alerts of a poll was seen before.
    ///
    /// What dates itself as new was, if the feed has had it word for word: a site that has moved may date all of its archive anew. A
    /// title that is known, or a text like another, tells nothing of it: a police register calls all arrests the same, in the same
    /// sentences. Without such a date a title is enough where there is no text, and so is a copy of an alert that was there before
    /// the poll. What several alerts of the poll have in common are words of the feed, and no sign of any.
    private struct SeenBefore {
        private let words: [Words: Int]
        private let titles: [UInt64: Int]
        private let copies: [AlertID: Int]
        private let own: Set<AlertID>
        /// A date that all have from the moment of reading is none of theirs.
        private let areDatedByReading: Bool

        private struct Words: Hashable {
            var title: UInt64?
            var text: UInt64?
        }

        init(_ raised: [Raised]) {
            func counts<Key: Hashable>(_ keys: [Key]) -> [Key: Int] {
                Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +)
            }
            words = counts(raised.map { Self.words($0) })
            titles = counts(raised.compactMap(\.fingerprint.title))
            copies = counts(raised.compactMap(\.alert.duplicateOf))
            own = Set(raised.map(\.alert.id))
            areDatedByReading = raised.allSatisfy(\.fingerprint.isDatedNow)
        }

        private static func words(_ one: Raised) -> Words {
            Words(title: one.fingerprint.title, text: one.fingerprint.text)
        }

        /// Dated as what is new (`ItemFingerprint.isFresh`).
        func isFresh(_ one: Raised) -> Bool { one.fingerprint.isFresh && !areDatedByReading }

        func holds(_ one: Raised) -> Bool {
            switch one.known {
            case .all where words[Self.words(one)] == 1: return true
            case .title where titles[one.fingerprint.title ?? 0] == 1 && !isFresh(one): return true
            default: return !isFresh(one) && isCopy(one)
            }
        }

        /// Whether it alone is a copy of what was told before the poll.
        private func isCopy(_ one: Raised) -> Bool {
            one.alert.duplicateOf.map { !own.contains($0) && copies[$0] == 1 } ?? false
        }
    }

    /// Holds the old ones among the alerts of a poll, when they are a storm.
    ///
    /// - Returns: news of it, unless alerts of the feed were held within the last day.
    static func hold(_ raised: [Raised], of poll: PollRecord, _ db: Database) throws -> Alert? {
        guard let storm = poll.storm else { return nil }
        let seen = SeenBefore(raised)
        var old = raised.filter { $0.isOld || seen.holds($0) }
        guard storm.isStorm(old: old.count, of: raised.count) else { return nil }
        let wasReleased = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM released_feeds WHERE feed = ?)", arguments: [poll.feed.id.rawValue])
        if wasReleased == true {
            // A person has said that such dates are news there: a court's register has those of the verdicts.
            old.removeAll { seen.isFresh($0) || !seen.holds($0) }
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
