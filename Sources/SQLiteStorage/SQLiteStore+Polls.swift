package import Foundation
import GRDB
package import Model

// The schedule, and what polls bring.
extension SQLiteStore {
    /// A poll that lies farther in the future was planned by a clock that was wrong: `every` is 366 days at most.
    private static let latestPlan = 410 * 86_400.0
    /// How far clocks may differ before a time in the future is taken for a clock that was set back.
    private static let clockTolerance = 300.0
    /// Items that no document has had for so long are forgotten.
    private static let itemMemory = 400 * 86_400.0

    package func register(_ feeds: [FeedSpec], at now: Date) async throws(StoreError) {
        try await write { db in
            try db.execute(sql: "UPDATE feeds SET position = NULL WHERE position IS NOT NULL")
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO feeds (url, position, next_poll, site) VALUES (?, ?, ?, ?)
                    ON CONFLICT (url) DO UPDATE SET position = excluded.position, site = excluded.site
                    """)
            for (position, feed) in feeds.enumerated() {
                try statement.execute(arguments: [feed.url, position, now.seconds, feed.site])
            }
            // Who starts or reloads may have written another password.
            try db.execute(
                sql: "UPDATE feeds SET next_poll = ? WHERE last_status = 401 AND failures > 0 AND next_poll > ?",
                arguments: [now.seconds, now.seconds])
        }
    }

    package func claimDueFeeds(
        at now: Date, limit: Int, lease: Duration
    ) async throws(StoreError) -> [FeedState] {
        // Most looks find nothing; those need no writer.
        let isWorthIt = try await read { db in
            let due = try Self.due(now, limit: 1, db)
            return !due.isEmpty
        }
        guard isWorthIt else { return [] }
        return try await write { db in
            let claim = try db.cachedStatement(sql: "UPDATE feeds SET claimed_at = ?, lease_until = ? WHERE id = ?")
            return try Self.due(now, limit: limit, db).map { row in
                try claim.execute(arguments: [now.seconds, now.seconds + lease.inSeconds, row["id"] as Int64])
                return Self.feed(row)
            }
        }
    }

    private static func due(_ now: Date, limit: Int, _ db: Database) throws -> [Row] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT * FROM feeds
                    WHERE position IS NOT NULL AND gone = 0
                      AND (next_poll <= :now OR last_poll > :late OR next_poll > :far)
                      AND (not_before IS NULL OR not_before <= :now OR not_before > :now + 90000)
                      AND (lease_until IS NULL OR lease_until <= :now OR claimed_at > :late)
                    ORDER BY next_poll, position LIMIT :limit
                    """),
            arguments: [
                "now": now.seconds, "late": now.seconds + clockTolerance, "far": now.seconds + latestPlan,
                "limit": limit,
            ])
    }

    package func makeAllDue(at now: Date) async throws(StoreError) {
        try await write { db in
            try db.execute(
                sql: """
                    UPDATE feeds SET next_poll = ?, claimed_at = NULL, lease_until = NULL
                    WHERE position IS NOT NULL AND gone = 0
                    """,
                arguments: [now.seconds])
        }
    }

    package func novelties(
        among items: [ItemFingerprint], of feed: FeedID
    ) async throws(StoreError) -> [Novelty] {
        try await read { db in
            ItemIdentity.classify(items, against: try Self.items(of: feed, db).map(\.stored))
        }
    }

    package func record(_ poll: PollRecord) async throws(StoreError) -> [Alert] {
        try await write { db in
            if let token = poll.hub.pushedBy {
                try Self.notePush(token, poll, db)
            } else {
                try Self.update(poll.feed, db)
                try Self.note(poll.hub, of: poll.feed, db)
            }
            try Self.touch(poll.known, of: poll.feed.id, at: poll.at, db)
            if let hold = poll.siteHold { try Self.hold(hold.site, until: hold.until, but: poll.feed.id, db) }
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
        try await write { db in
            try db.execute(
                sql: "UPDATE feeds SET next_poll = ?, claimed_at = NULL, lease_until = NULL WHERE id = ?",
                arguments: [nextPoll.seconds, feed.rawValue])
        }
    }

    package func nextPollDue() async throws(StoreError) -> Date? {
        try await read { db in
            Date(
                seconds: try Double.fetchOne(
                    db,
                    sql: """
                        SELECT min(max(next_poll, coalesce(not_before, 0), coalesce(lease_until, 0))) FROM feeds
                        WHERE position IS NOT NULL AND gone = 0
                        """))
        }
    }

    package func feeds() async throws(StoreError) -> [FeedState] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM feeds WHERE position IS NOT NULL ORDER BY position").map(Self.feed)
        }
    }

    // MARK: feeds

    static func feed(_ row: Row) -> FeedState {
        var state = FeedState(
            id: FeedID(row["id"]), url: row["url"], nextPoll: Date(timeIntervalSince1970: row["next_poll"]))
        state.title = row["title"]
        if let url: String = row["validators_url"] {
            state.validators = Validators(
                entityTag: (row["etag"] as Data?).map(Array.init),
                lastModified: (row["last_modified"] as Data?).map(Array.init), url: url)
        }
        state.bodyHash = (row["body_hash"] as Data?).map { Digest128($0) }
        state.notBefore = Date(seconds: row["not_before"])
        state.gone = row["gone"]
        state.history.lastPoll = Date(seconds: row["last_poll"])
        state.history.lastSuccess = Date(seconds: row["last_success"])
        state.history.lastNewItem = Date(seconds: row["last_new_item"])
        state.history.failures = row["failures"]
        state.history.lastError = row["last_error"]
        state.history.lastStatus = row["last_status"]
        state.history.freshFor = (row["fresh_for"] as Double?).map { .seconds($0) }
        state.history.isEmpty = row["is_empty"]
        state.history.cadence = (row["cadence"] as Double?).map { .seconds($0) }
        if let condition = (row["health"] as String?).flatMap(FeedHealth.Condition.init) {
            state.health = FeedHealth(
                condition, since: Date(seconds: row["health_since"]), evidence: row["health_evidence"],
                isTold: row["health_told"])
        }
        readHub(row, &state)
        state.history.quietTimes = QuietTimes(rawValue: UInt32(truncatingIfNeeded: row["quiet_times"] as Int64))
        return state
    }

    private static func update(_ feed: FeedState, _ db: Database) throws {
        let history = feed.history
        try db.cachedStatement(
            sql: """
                UPDATE feeds SET title = ?, etag = ?, last_modified = ?, validators_url = ?, body_hash = ?,
                    last_poll = ?, last_success = ?, last_new_item = ?, next_poll = ?, not_before = ?, gone = ?,
                    failures = ?, last_error = ?, last_status = ?, fresh_for = ?, cadence = ?, is_empty = ?,
                    health = ?, health_since = ?, health_evidence = ?, health_told = ?, quiet_times = ?, claimed_at = NULL, lease_until = NULL
                WHERE id = ?
                """
        ).execute(arguments: [
            feed.title, feed.validators?.entityTag.map { Data($0) }, feed.validators?.lastModified.map { Data($0) },
            feed.validators?.url, feed.bodyHash.map { Data($0.bytes) }, history.lastPoll?.seconds,
            history.lastSuccess?.seconds, history.lastNewItem?.seconds, feed.nextPoll.seconds,
            feed.notBefore?.seconds, feed.gone, history.failures, history.lastError, history.lastStatus,
            history.freshFor?.inSeconds, history.cadence?.inSeconds, history.isEmpty,
            feed.health.condition.rawValue,
            feed.health.since?.seconds, feed.health.evidence, feed.health.isTold, Int64(history.quietTimes.rawValue),
            feed.id.rawValue,
        ])
    }

    /// The other feeds of a site wait as long as the one that was told to.
    private static func hold(_ site: String, until date: Date, but feed: FeedID, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE feeds SET not_before = :until
                WHERE site = :site AND id <> :id AND (not_before IS NULL OR not_before < :until)
                """
        ).execute(arguments: ["until": date.seconds, "site": site, "id": feed.rawValue])
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
