package import Foundation
import GRDB
package import Model
import Synchronization

// The schedule, and what polls bring.
extension SQLiteStore {
    /// A poll that lies farther in the future was planned by a clock that was wrong: `every` is 366 days at most.
    private static let latestPlan = 410 * 86_400.0
    /// Items that no document has had for so long are forgotten.
    private static let itemMemory = 400 * 86_400.0

    package func register(_ feeds: [FeedSpec], at now: Date) async throws(StoreError) {
        try await write { db in
            if try !Self.lists(feeds, db) { try Self.list(feeds, at: now, db) }
            // Who starts or reloads may have written another password.
            try db.execute(
                sql: """
                    UPDATE feeds SET next_poll = max(?1, coalesce(not_before, 0))
                    WHERE last_status = 401 AND failures > 0 AND next_poll > ?1
                    """,
                arguments: [now.seconds])
        }
    }

    /// Whether the state's list is this one already, as it mostly is.
    private static func lists(_ feeds: [FeedSpec], _ db: Database) throws -> Bool {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT url, site FROM feeds WHERE position IS NOT NULL ORDER BY position"))
        var place = 0
        while let row = try rows.next() {
            guard place < feeds.count, feeds[place].url == row[0] as String, feeds[place].site == row[1] as String?
            else { return false }
            place += 1
        }
        return place == feeds.count
    }

    private static func list(_ feeds: [FeedSpec], at now: Date, _ db: Database) throws {
        // Who puts a feed back that had said that it is gone wants it asked again.
        let gone = Set(try String.fetchAll(db, sql: "SELECT url FROM feeds WHERE position IS NULL AND gone = 1"))
        for feed in feeds where gone.contains(feed.url) {
            try db.execute(
                sql: "UPDATE feeds SET gone = 0, failures = 0, next_poll = ? WHERE url = ?",
                arguments: [now.seconds, feed.url])
        }
        try db.execute(sql: "UPDATE feeds SET position = NULL WHERE position IS NOT NULL")
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO feeds (url, position, next_poll, site) VALUES (?, ?, ?, ?)
                ON CONFLICT (url) DO UPDATE SET position = excluded.position, site = excluded.site
                """)
        for (position, feed) in feeds.enumerated() {
            try statement.execute(arguments: [feed.url, position, now.seconds, feed.site])
        }
    }

    package func claimDueFeeds(
        at now: Date, limit: Int, lease: Duration
    ) async throws(StoreError) -> [FeedState] {
        if clock.withLock({ $0.hasTurnedBack(at: now) }) {
            try await write { db in try Self.mendPlans(at: now, db) }
            clock.withLock { $0.hasMended(at: now) }
        } else {
            clock.withLock { $0.note(now) }
        }
        // Most looks find nothing; those need no writer.
        guard try await read({ db in try Self.hasDue(now, db) }) else { return [] }
        return try await write(isDurable: false) { db in
            let feeds = try Self.due(now, limit: limit, db)
            let ids = "[" + feeds.map { "\($0.id.rawValue)" }.joined(separator: ",") + "]"
            try db.cachedStatement(
                sql: """
                    UPDATE feeds SET claimed_at = ?, lease_until = ?
                    WHERE id IN (SELECT value FROM json_each(?))
                    """
            ).execute(arguments: [now.seconds, now.seconds + lease.inSeconds, ids])
            return feeds
        }
    }

    private static let isDue = """
        position IS NOT NULL AND gone = 0 AND next_poll <= ?1
        AND (not_before IS NULL OR not_before <= ?1) AND (lease_until IS NULL OR lease_until <= ?1)
        """

    private static func hasDue(_ now: Date, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM feeds WHERE \(isDue))"), arguments: [now.seconds])
            ?? false
    }

    private static func due(_ now: Date, limit: Int, _ db: Database) throws -> [FeedState] {
        try FeedRow.states(
            db.cachedStatement(
                sql: "SELECT \(FeedRow.columns) FROM feeds WHERE \(isDue) ORDER BY next_poll, position LIMIT ?2"),
            [now.seconds, limit])
    }

    /// Takes back what a clock that was wrong has planned: it would keep feeds from being polled for as long as it was wrong.
    private static func mendPlans(at now: Date, _ db: Database) throws {
        let late = now.seconds + ClockWatch.tolerance
        try db.execute(
            sql: """
                UPDATE feeds SET
                    next_poll = CASE WHEN not_before > :now AND not_before <= :now + 90000 THEN not_before ELSE :now END
                WHERE position IS NOT NULL AND next_poll > :now
                  AND (last_poll IS NULL OR last_poll > :late OR next_poll > :far OR not_before > :now + 90000);
                UPDATE feeds SET not_before = NULL WHERE not_before > :now + 90000;
                UPDATE feeds SET claimed_at = NULL, lease_until = NULL WHERE claimed_at > :late;
                """,
            arguments: ["now": now.seconds, "late": late, "far": now.seconds + latestPlan])
    }

    package func claimAllFeeds(at now: Date, lease: Duration) async throws(StoreError) -> [FeedState] {
        try await write(isDurable: false) { db in
            try Self.mendPlans(at: now, db)
            try db.execute(
                sql: """
                    UPDATE feeds SET claimed_at = ?1, lease_until = ?2
                    WHERE position IS NOT NULL AND gone = 0 AND (not_before IS NULL OR not_before <= ?1)
                    """,
                arguments: [now.seconds, now.seconds + lease.inSeconds])
            return try Self.listed(db)
        }
    }

    private static func listed(_ db: Database) throws -> [FeedState] {
        try FeedRow.states(
            db.cachedStatement(
                sql: "SELECT \(FeedRow.columns) FROM feeds WHERE position IS NOT NULL ORDER BY position"))
    }

    package func novelties(
        among items: [ItemFingerprint], of feed: FeedID
    ) async throws(StoreError) -> [Novelty] {
        try await read { db in
            ItemIdentity.classify(items, against: try Self.items(of: feed, db).map(\.stored))
        }
    }

    package func links(_ links: [UInt64], seenIn feed: FeedID) async throws(StoreError) -> Set<UInt64> {
        let list = "[" + links.map { "\(Int64(bitPattern: $0))" }.joined(separator: ",") + "]"
        return try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT DISTINCT link FROM items WHERE feed = ? AND link IN (SELECT value FROM json_each(?))")
            return Set(
                try Int64.fetchAll(statement, arguments: [feed.rawValue, list]).map { UInt64(bitPattern: $0) })
        }
    }

    package func record(_ poll: PollRecord) async throws(StoreError) -> [Alert] {
        // A poll that a wrong clock began is planned by it, whenever it ends.
        clock.withLock { $0.note(max(poll.at, poll.feed.history.lastPoll ?? poll.at)) }
        let mayAlert = poll.healthAlert != nil || poll.items.contains { !$0.hits.isEmpty }
        return try await write(isDurable: mayAlert) { db in
            if let closing = poll.closing {
                try Self.advance(closing, db)
            } else if let token = poll.hub.pushedBy {
                try Self.notePush(token, poll, db)
            } else {
                try FeedRow.write(try Self.anchored(poll, db), after: poll.before, db)
                try Self.note(poll.hub, of: poll.feed, db)
            }
            if let gap = poll.gap { try Self.insert(gap, db) }
            try Self.touch(poll.known, of: poll.feed.id, at: poll.at, db)
            if let hold = poll.siteHold {
                // An older page that was refused holds its own feed as well.
                try Self.hold(hold.site, until: hold.until, but: poll.closing == nil ? poll.feed.id : nil, db)
            }
            var alerts = poll.items.isEmpty ? [] : try Self.record(poll, db)
            if let news = poll.healthAlert {
                // It is of no article, and every article's key is shorter.
                try Self.insert(news, article: Data(news.id.rawValue.utf8), poll, db)
                alerts.append(news)
            }
            return alerts
        }
    }

    package func release(_ feed: FeedID, nextPoll: Date) async throws(StoreError) {
        try await release([feed: nextPoll])
    }

    package func release(_ feeds: [FeedID: Date]) async throws(StoreError) {
        if feeds.isEmpty { return }
        try await write { db in
            let statement = try db.cachedStatement(
                sql: """
                    UPDATE feeds SET next_poll = max(?, coalesce(not_before, 0)), claimed_at = NULL, lease_until = NULL
                    WHERE id = ?
                    """)
            for (feed, nextPoll) in feeds { try statement.execute(arguments: [nextPoll.seconds, feed.rawValue]) }
        }
    }

    package func nextPollDue() async throws(StoreError) -> Date? {
        try await read { db in
            // In the order of the index, so that the first that fits ends it. No feed is planned before its server lets it,
            // and one that is leased comes back by itself.
            Date(
                seconds: try Double.fetchOne(
                    db.cachedStatement(
                        sql: """
                            SELECT next_poll FROM feeds
                            WHERE position IS NOT NULL AND gone = 0 AND (lease_until IS NULL OR lease_until <= next_poll)
                            ORDER BY next_poll, position LIMIT 1
                            """)))
        }
    }

    package func feeds() async throws(StoreError) -> [FeedState] {
        try await read { db in try Self.listed(db) }
    }

    // MARK: feeds

    /// The other feeds of a site wait as long as the one that was told to.
    private static func hold(_ site: String, until date: Date, but feed: FeedID?, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE feeds SET not_before = :until, next_poll = max(next_poll, :until)
                WHERE site = :site AND id <> :id AND (not_before IS NULL OR not_before < :until)
                """
        ).execute(arguments: ["until": date.seconds, "site": site, "id": feed?.rawValue ?? -1])
    }

    // MARK: items

    private struct KnownItem {
        var stored: ItemIdentity.Stored
        var firstSeen: Double
    }

    private static func items(of feed: FeedID, _ db: Database) throws -> [KnownItem] {
        let statement = try db.cachedStatement(
            sql: "SELECT id, guid, link, title, text, revision, article, first_seen FROM items WHERE feed = ?")
        var items: [KnownItem] = []
        let rows = try Row.fetchCursor(statement, arguments: [feed.rawValue])
        while let row = try rows.next() {
            func hash(_ index: Int) -> UInt64? { (row[index] as Int64?).map { UInt64(bitPattern: $0) } }
            let fingerprint = ItemFingerprint(
                guid: hash(1), link: hash(2), title: hash(3), text: hash(4), revision: hash(5) ?? 0,
                article: Digest128(row[6] as Data))
            items.append(KnownItem(stored: .init(id: ItemID(row[0]), fingerprint: fingerprint), firstSeen: row[7]))
        }
        return items
    }

    /// Once a day at most: a poll that brought nothing new writes nothing but the feed's row.
    private static func touch(_ known: [ItemID], of feed: FeedID, at now: Date, _ db: Database) throws {
        guard let first = known.first else { return }
        let seen = try Double.fetchOne(
            db.cachedStatement(sql: "SELECT last_seen FROM items WHERE feed = ? AND id = ?"),
            arguments: [feed.rawValue, first.rawValue])
        guard let seen, abs(now.seconds - seen) > 86_400 else { return }
        let statement = try db.cachedStatement(sql: "UPDATE items SET last_seen = ? WHERE feed = ? AND id = ?")
        for item in known { try statement.execute(arguments: [now.seconds, feed.rawValue, item.rawValue]) }
        try db.cachedStatement(sql: "DELETE FROM items WHERE feed = ? AND last_seen < ?")
            .execute(arguments: [feed.rawValue, now.seconds - Self.itemMemory])
    }

    private static func record(_ poll: PollRecord, _ db: Database) throws -> [Alert] {
        let known = try items(of: poll.feed.id, db)
        // Over the whole document: of its new items alone one cannot tell what is repeated, or whether the site has moved.
        let whole = poll.document.isEmpty ? poll.items.map(\.fingerprint) : poll.document
        let judged = ItemIdentity.classify(whole, against: known.map(\.stored))
        let verdicts = poll.items.enumerated().map { index, item in
            let place = poll.document.isEmpty ? index : item.position ?? -1
            return judged.indices.contains(place) ? judged[place] : .new
        }
        let byID = Dictionary(known.map { ($0.stored.id, $0) }) { first, _ in first }
        var nextID = (known.map(\.stored.id.rawValue).max() ?? 0) + 1
        var alerts: [Alert] = []
        for (item, verdict) in zip(poll.items, verdicts) {
            var article = item.fingerprint.article
            var firstSeen = poll.at.seconds
            switch verdict {
            case .known: continue
            case .changed(let id):
                // An article stays what it was when its link or its id changes.
                article = byID[id]?.stored.fingerprint.article ?? article
                firstSeen = byID[id]?.firstSeen ?? firstSeen
                try write(item, article, id: id.rawValue, firstSeen: firstSeen, poll, db)
            case .new:
                try write(item, article, id: nextID, firstSeen: firstSeen, poll, db)
                nextID += 1
            }
            if let alert = try raise(item, article, firstSeen: firstSeen, poll, db) { alerts.append(alert) }
        }
        return alerts
    }

    private static func write(
        _ item: ItemRecord, _ article: Digest128, id: Int64, firstSeen: Double, _ poll: PollRecord, _ db: Database
    ) throws {
        let fingerprint = item.fingerprint
        func signed(_ hash: UInt64?) -> Int64? { hash.map { Int64(bitPattern: $0) } }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO items (feed, id, guid, link, title, text, revision, article, first_seen, last_seen)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            poll.feed.id.rawValue, id, signed(fingerprint.guid), signed(fingerprint.link), signed(fingerprint.title),
            signed(fingerprint.text), signed(fingerprint.revision), Data(article.bytes), firstSeen, poll.at.seconds,
        ])
    }
}
