package import Foundation
import GRDB
package import Model
import Synchronization

// What polls bring.
extension SQLiteStore {
    package func novelties(
        among items: [ItemFingerprint], of feed: FeedID
    ) async throws(StoreError) -> [Novelty] {
        try await read { db in
            let highest = try Self.highestItem(of: feed, db)
            let known = try Self.items(of: feed, like: items, upTo: highest, db)
            return ItemIdentity.classify(items, against: known.map(\.stored), knownBefore: Int(highest))
        }
    }

    package func keys(
        links: [UInt64], ids: [UInt64], seenIn feed: FeedID
    ) async throws(StoreError) -> (links: Set<UInt64>, ids: Set<UInt64>) {
        try await read { db in
            func seen(_ column: String, _ hashes: [UInt64]) throws -> Set<UInt64> {
                if hashes.isEmpty { return [] }
                let statement = try db.cachedStatement(
                    sql:
                        "SELECT DISTINCT \(column) FROM items WHERE feed = ? AND \(column) IN (SELECT value FROM json_each(?))"
                )
                let arguments: StatementArguments = [feed.rawValue, Self.list(hashes)]
                return Set(try Int64.fetchAll(statement, arguments: arguments).map { UInt64(bitPattern: $0) })
            }
            return (try seen("link", links), try seen("guid", ids))
        }
    }

    /// For `json_each`.
    private static func list(_ hashes: [UInt64]) -> String {
        "[" + hashes.map { "\(Int64(bitPattern: $0))" }.joined(separator: ",") + "]"
    }

    package func record(_ poll: PollRecord) async throws(StoreError) -> [Alert] {
        // A poll that a wrong clock began is planned by it, whenever it ends.
        clock.withLock { $0.note(max(poll.at, poll.feed.history.lastPoll ?? poll.at)) }
        let mayAlert = poll.healthAlert != nil || poll.items.contains { !$0.hits.isEmpty }
        return try await write(isDurable: mayAlert, canWait: true) { db in
            #if DEBUG
                Failpoint.recordBegun.pass()
            #endif
            let highest =
                poll.anchor == nil && poll.items.isEmpty ? 0 : try Self.highestItem(of: poll.feed.id, db)
            var alerts = poll.items.isEmpty ? [] : try Self.record(poll, above: highest, self.stories, db)
            if let closing = poll.closing {
                try Self.advance(closing, db)
            } else if let token = poll.hub.pushedBy {
                try Self.notePush(token, poll, db)
            } else {
                try FeedRow.write(try Self.anchored(poll, above: highest, db), after: poll.before, db)
                try Self.note(poll.hub, of: poll.feed, db)
            }
            if let gap = poll.gap { try Self.insert(gap, db) }
            try Self.touch(poll.known, of: poll.feed.id, at: poll.at, db)
            if let hold = poll.siteHold {
                // An older page that was refused holds its own feed as well.
                try Self.hold(hold.site, until: hold.until, by: poll.feed.id, isHeld: poll.closing != nil, db)
            }
            if let news = poll.healthAlert {
                // It is of no article, and every article's key is shorter.
                try Self.insert(news, article: Data(news.id.rawValue.utf8), at: poll.at, to: poll.routes, db)
                alerts.append(news)
            }
            #if DEBUG
                Failpoint.recordWritten.pass()
            #endif
            return alerts
        }
    }

    package func raise(_ news: Alert, to routes: [SinkRoute], at now: Date) async throws(StoreError) -> Alert? {
        try await write { db in
            let isThere = try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM alerts WHERE id = ?)", arguments: [news.id.rawValue])
            if isThere == true { return nil }
            try Self.insert(news, article: Data(news.id.rawValue.utf8), at: now, to: routes, db)
            return news
        }
    }

    /// The other feeds of a site wait as long as the one that was told to, and then some minutes, so that they do not all come
    /// back together.
    private static func hold(
        _ site: String, until date: Date, by feed: FeedID, isHeld: Bool, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                UPDATE feeds SET not_before = :until,
                    next_poll = max(next_poll, :until + iif(id = :id, 0, abs(random() % 600)))
                WHERE site = :site AND (id <> :id OR :isHeld) AND (not_before IS NULL OR not_before < :until)
                """
        ).execute(arguments: ["until": date.seconds, "site": site, "id": feed.rawValue, "isHeld": isHeld])
    }

    // MARK: items

    private struct KnownItem {
        var stored: ItemIdentity.Stored
        var firstSeen: Double
    }

    /// A feed with more is not read whole: an agency's has a million a year.
    private static let fewItems = 1000

    /// All items of a feed, or of one that has many, those that share a guid, link or title with one of `fingerprints`.
    private static func items(
        of feed: FeedID, like fingerprints: [ItemFingerprint], upTo highest: Int64, _ db: Database
    ) throws -> [KnownItem] {
        if highest == 0 { return [] }
        var sql = """
            SELECT id, guid, link, title, text, revision, article, published, first_seen FROM items WHERE feed = ?
            """
        let isLarge = highest > fewItems
        if isLarge {
            let member = "IN (SELECT value FROM json_each(?))"
            sql += " AND (guid \(member) OR link \(member) OR title \(member))"
        }
        var rows = try BoundStatement(db, sql)
        rows.bind(feed.rawValue)
        if isLarge {
            rows.bind(list(fingerprints.compactMap(\.guid)))
            rows.bind(list(fingerprints.compactMap(\.link)))
            rows.bind(list(fingerprints.compactMap(\.title)))
        }
        var items: [KnownItem] = []
        while try rows.step() {
            let id = ItemID(rows.next())
            var fingerprint = ItemFingerprint(
                guid: rows.next(), link: rows.next(), title: rows.next(), text: rows.next(),
                revision: rows.next() ?? 0, article: rows.next() ?? Digest128(high: 0, low: 0))
            fingerprint.published = rows.next()
            let firstSeen: Double = rows.next()
            fingerprint.noteReading(at: firstSeen)
            items.append(KnownItem(stored: .init(id: id, fingerprint: fingerprint), firstSeen: firstSeen))
        }
        return items
    }

    /// Once a day at most: a poll that brought nothing new writes nothing but the feed's row.
    ///
    /// Looked at are the one that was seen first, since the newest of a feed that publishes daily was always seen a moment ago, and one
    /// by lot, since that one may be written with every poll. Of more items than are kept for long (`forgetItems`), it is noted each
    /// time which the last document had.
    private static func touch(_ known: [ItemID], of feed: FeedID, at now: Date, _ db: Database) throws {
        guard let first = known.min(by: { $0.rawValue < $1.rawValue }), let any = known.randomElement() else { return }
        let isDue = try [first, any].contains { item in
            try lastSeen(item, of: feed, db).map { abs(now.seconds - $0) > 86_400 } ?? false
        }
        guard try isDue || highestItem(of: feed, db) > manyItems else { return }
        let statement = try db.cachedStatement(sql: "UPDATE items SET last_seen = ? WHERE feed = ? AND id = ?")
        for item in known { try statement.execute(arguments: [now.seconds, feed.rawValue, item.rawValue]) }
    }

    /// Below the bound on what is kept of a feed.
    private static let manyItems = 100_000

    private static func lastSeen(_ item: ItemID, of feed: FeedID, _ db: Database) throws -> Double? {
        var statement = try BoundStatement(db, "SELECT last_seen FROM items WHERE feed = ? AND id = ?")
        statement.bind(feed.rawValue)
        statement.bind(item.rawValue)
        return try statement.step() ? statement.next() : nil
    }

    /// What a poll raises beyond is delivered after all that other polls have raised: one feed's thousands keep no other's news waiting.
    private static let fewAlerts = 200

    /// - Parameter highest: the highest place of an item that the feed has.
    private static func record(
        _ poll: PollRecord, above highest: Int64, _ stories: StoryIndex, _ db: Database
    ) throws -> [Alert] {
        // Over the whole document: of its new items alone one cannot tell what is repeated, or whether the site has moved.
        let whole = poll.document.isEmpty ? poll.items.map(\.fingerprint) : poll.document
        let known = try items(of: poll.feed.id, like: whole, upTo: highest, db)
        let judged = ItemIdentity.classify(whole, against: known.map(\.stored), knownBefore: Int(highest))
        let verdicts = poll.items.enumerated().map { index, item in
            let place = poll.document.isEmpty ? index : item.position ?? -1
            return judged.indices.contains(place) ? judged[place] : .new
        }
        let byID = Dictionary(known.map { ($0.stored.id, $0) }) { first, _ in first }
        var nextID = highest + 1
        // Only looked at where a storm is possible.
        let words = poll.storm == nil ? FeedWords() : FeedWords(known.map(\.stored.fingerprint))
        var raised: [Raised] = []
        for (var item, verdict) in zip(poll.items, verdicts) {
            if verdict == .new { try setApart(&item, db) }
            var article = item.fingerprint.article
            var firstSeen = poll.at.seconds
            switch verdict {
            case .known: continue
            case .changed(let id):
                // An article stays what it was when its link or its id changes.
                article = byID[id]?.stored.fingerprint.article ?? article
                firstSeen = byID[id]?.firstSeen ?? firstSeen
                try write(item, article, id: id.rawValue, firstSeen: firstSeen, poll, db)
                try noteEdit(item.fingerprint, of: article, db)
            case .new:
                try write(item, article, id: nextID, firstSeen: firstSeen, poll, db)
                nextID += 1
            }
            if let alert = try raise(
                item, article, isNew: verdict == .new, isBulk: raised.count >= fewAlerts, firstSeen: firstSeen, poll,
                stories, db)
            {
                let isOld = item.published.map { date in poll.storm.map { date < $0.oldBefore } ?? false } ?? false
                raised.append(
                    Raised(
                        alert: alert, fingerprint: item.fingerprint, isOld: isOld, known: words.known(item.fingerprint))
                )
            }
        }
        guard let news = try hold(raised, of: poll, db) else { return raised.map(\.alert) }
        try insert(news, article: Data(news.id.rawValue.utf8), at: poll.at, to: poll.routes, db)
        return raised.map(\.alert) + [news]
    }

    private static func write(
        _ item: ItemRecord, _ article: Digest128, id: Int64, firstSeen: Double, _ poll: PollRecord, _ db: Database
    ) throws {
        let fingerprint = item.fingerprint
        var statement = try BoundStatement(
            db,
            """
            INSERT OR REPLACE INTO items (
                feed, id, guid, link, title, text, revision, article, first_seen, last_seen, published)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        statement.bind(poll.feed.id.rawValue)
        statement.bind(id)
        statement.bind(fingerprint.guid)
        statement.bind(fingerprint.link)
        statement.bind(fingerprint.title)
        statement.bind(fingerprint.text)
        statement.bind(fingerprint.revision)
        statement.bind(article)
        statement.bind(firstSeen)
        statement.bind(poll.at)
        statement.bind(fingerprint.published)
        try statement.run()
    }
}
