import Foundation
import GRDB
package import Model

// Feeds that have moved.
extension SQLiteStore {
    package func sites(movedTo host: String) async throws(StoreError) -> Int {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT url, site, move_target FROM feeds WHERE move_target IS NOT NULL AND position IS NOT NULL
                    """)
            let sites = rows.compactMap { row -> String? in
                let own = FeedSpec.host(of: row["url"])
                guard own != host, FeedSpec.host(of: row["move_target"]) == host else { return nil }
                return row["site"] ?? own
            }
            return Set(sites).count
        }
    }

    /// How the list of feeds would change, were these registered.
    package func changes(with feeds: [FeedSpec]) async throws(StoreError) -> FeedListChange {
        try await read { db in
            var change = FeedListChange(lost: [], new: Set(feeds.map(\.url)))
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT url, title, site, move_target, last_success IS NOT NULL AS was_read FROM feeds
                    WHERE position IS NOT NULL ORDER BY position
                    """)
            while let row = try rows.next() {
                let url: String = row["url"]
                if change.new.remove(url) != nil || !row["was_read"] { continue }
                change.lost.append(
                    KnownFeed(url: url, title: row["title"], site: row["site"], movesTo: row["move_target"]))
            }
            return change
        }
    }

    // MARK: another address

    /// Gives feeds what the state has of the addresses that they had before.
    ///
    /// - Parameter isListed: whether the list is the state's already, so that none can have come but by `was`.
    static func succeed(
        _ feeds: [FeedSpec], isListed: Bool, at now: Date, _ db: Database
    ) throws -> [FeedSuccession] {
        var successions: [FeedSuccession] = []
        let renamed = feeds.filter { !$0.was.isEmpty }
        if isListed, renamed.isEmpty { return [] }
        let listed = Set(feeds.map(\.url))
        for feed in renamed {
            let statement = try db.cachedStatement(
                sql: """
                    SELECT url FROM feeds WHERE last_success IS NOT NULL AND url IN (SELECT value FROM json_each(?))
                    ORDER BY last_success DESC
                    """)
            let former = feed.was.filter { !listed.contains($0) }
            guard !former.isEmpty, let list = String(bytes: try JSONEncoder().encode(former), encoding: .utf8),
                let url = try String.fetchOne(statement, arguments: [list])
            else { continue }
            successions.append(FeedSuccession(from: url, to: feed.url))
        }
        if !isListed { successions += try moved(to: listed, besides: successions, db) }
        if successions.isEmpty { return [] }
        let sites = Dictionary(feeds.map { ($0.url, $0.site) }) { first, _ in first }
        for succession in successions {
            try hand(succession, site: sites[succession.to] ?? nil, at: now, db)
        }
        return successions
    }

    /// Feeds that are not listed any more, and said that they are now at an address that is: of one that has not been read.
    private static func moved(
        to listed: Set<String>, besides known: [FeedSuccession], _ db: Database
    ) throws -> [FeedSuccession] {
        var taken = Set(known.flatMap { [$0.from, $0.to] })
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT url, move_target FROM feeds f
                WHERE move_target IS NOT NULL AND last_success IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM feeds n WHERE n.url = f.move_target AND n.last_success IS NOT NULL)
                ORDER BY last_success DESC
                """)
        return rows.compactMap { row in
            let move = FeedSuccession(from: row["url"], to: row["move_target"])
            guard listed.contains(move.to), !listed.contains(move.from), !taken.contains(move.from),
                taken.insert(move.to).inserted
            else { return nil }
            return move
        }
    }

    /// The row of the old address becomes that of the new one. What was learnt of the old server goes, and what was seen stays.
    private static func hand(
        _ succession: FeedSuccession, site: String?, at now: Date, _ db: Database
    ) throws {
        guard
            let old = try Row.fetchOne(
                db, sql: "SELECT id, site, not_before FROM feeds WHERE url = ?", arguments: [succession.from])
        else { return }
        let id: Int64 = old["id"]
        // A server's wish to be left alone holds for its site.
        var notBefore: Double? = (old["site"] as String?) == site && site != nil ? old["not_before"] : nil
        var next = now.seconds
        // When the new server was asked last, from which its pause is counted.
        var lastPoll: Double?
        if let new = try Row.fetchOne(
            db, sql: "SELECT id, next_poll, not_before, last_poll FROM feeds WHERE url = ?",
            arguments: [succession.to])
        {
            lastPoll = new["last_poll"]
            if lastPoll != nil { next = new["next_poll"] }
            notBefore = [notBefore, new["not_before"] as Double?].compactMap(\.self).max()
            try forget(new["id"], for: id, calledNow: succession.from, at: now, db)
        }
        try db.execute(
            sql: """
                UPDATE feeds SET url = :url, next_poll = max(:next, coalesce(:notBefore, 0)), not_before = :notBefore,
                    last_poll = coalesce(:lastPoll, last_poll), site = :site, gone = 0, failures = min(failures, 1), claimed_at = NULL, lease_until = NULL,
                    etag = NULL, last_modified = NULL, validators_url = NULL, body_hash = NULL, representation = NULL,
                    fresh_for = NULL, document_wish = NULL, quiet_times = 0,
                    not_modified = 0, last_unconditional = NULL, last_probe = NULL, validators_unreliable = NULL,
                    move_target = NULL, move_since = NULL, move_answers = 0, move_adopted = NULL,
                    misses = 0, open_gap = NULL,
                    hub = NULL, hub_topic = NULL, push_until = NULL, push_level = 0, unslowed_poll = NULL
                WHERE id = :id
                """,
            arguments: [
                "url": succession.to, "next": next, "notBefore": notBefore, "lastPoll": lastPoll, "site": site,
                "id": id,
            ])
        // Older pages of an address that is not asked any more.
        try db.execute(sql: "UPDATE gaps SET page = NULL WHERE feed = ? AND page IS NOT NULL", arguments: [id])
    }

    /// A feed that was read at its new address before somebody said what it was: what was seeded in silence may be news.
    ///
    /// - Parameter successor: the row that takes its place. It gets the successor's old address, so that no poll that is under way
    ///   writes into a row that is another feed's.
    private static func forget(
        _ id: Int64, for successor: Int64, calledNow url: String, at now: Date, _ db: Database
    ) throws {
        let ids: StatementArguments = ["id": id, "successor": successor]
        try db.execute(
            sql: """
                DELETE FROM article_watches WHERE alert IS NULL
                  AND article IN (SELECT article FROM items WHERE feed = :id)
                  AND article NOT IN (SELECT article FROM items WHERE feed = :successor)
                """, arguments: ids)
        try db.execute(sql: "UPDATE held SET feed = :successor WHERE feed = :id", arguments: ids)
        try db.execute(sql: "DELETE FROM items WHERE feed = ?", arguments: [id])
        try db.execute(sql: "DELETE FROM gaps WHERE feed = ?", arguments: [id])
        try db.execute(sql: "DELETE FROM released_feeds WHERE feed = ?", arguments: [id])
        try db.execute(sql: "DELETE FROM feeds WHERE id = ?", arguments: [id])
        // The address is free once the successor has its own.
        try db.execute(
            sql: "UPDATE feeds SET url = ? WHERE id = ?", arguments: ["(moving) \(successor)", successor])
        try db.execute(
            sql: "INSERT INTO feeds (id, url, next_poll) VALUES (?, ?, ?)", arguments: [id, url, now.seconds])
    }
}
