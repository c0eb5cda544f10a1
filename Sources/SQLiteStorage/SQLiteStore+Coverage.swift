package import Foundation
import GRDB
package import Model

// What was looked at without a gap, and the gaps.
extension SQLiteStore {
    /// Gaps that ended longer ago are forgotten.
    private static let gapMemory = 400 * 86_400.0
    /// Of one feed. When there are more, the oldest two become one, which tells of too much and never of too little.
    private static let mostGaps = 200

    package func openGap(of feed: FeedID) async throws(StoreError) -> CoverageGap? {
        try await read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT gaps.* FROM feeds JOIN gaps ON gaps.feed = feeds.id AND gaps.start = feeds.open_gap
                    WHERE feeds.id = ? AND gaps.closed IS NULL AND gaps.page IS NOT NULL
                    """,
                arguments: [feed.rawValue]
            ).map(Self.gap)
        }
    }

    package func gaps(since date: Date) async throws(StoreError) -> [CoverageGap] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM gaps WHERE end > ? ORDER BY start, feed", arguments: [date.seconds]
            )
            .map(Self.gap)
        }
    }

    // MARK: what a poll changes

    static func highestItem(of feed: FeedID, _ db: Database) throws -> Int64 {
        var statement = try BoundStatement(db, "SELECT max(id) FROM items WHERE feed = ?")
        statement.bind(feed.rawValue)
        return try statement.step() ? statement.next() : 0
    }

    /// The feed with the anchor of its document, once its items are written.
    ///
    /// - Parameter highest: the highest place before that. What a hub pushed while the document was read had its place by then,
    ///   so the anchor ends with the items that there are.
    static func anchored(_ poll: PollRecord, above highest: Int64, _ db: Database) throws -> FeedState {
        guard let range = poll.anchor?.range(above: highest) else { return poll.feed }
        let last = poll.items.isEmpty ? highest : try highestItem(of: poll.feed.id, db)
        var feed = poll.feed
        feed.coverage.anchor = min(range.lowerBound, last)...min(range.upperBound, last)
        return feed
    }

    static func insert(_ gap: CoverageGap, _ db: Database) throws {
        // One that goes on, or is of the kind that only says what cannot be told, is no new one.
        let merged = try db.cachedStatement(
            sql: """
                UPDATE gaps SET end = :end, cause = :cause, detail = coalesce(:detail, detail)
                WHERE feed = :feed AND closed IS NULL AND page IS NULL AND start < :end AND :page IS NULL
                  AND (cause = :cause AND (end >= :start OR :doubt) OR end >= :start AND :doubt)
                  AND start = (SELECT max(start) FROM gaps WHERE feed = :feed)
                """)
        try merged.execute(arguments: [
            "feed": gap.feed.rawValue, "start": gap.start.seconds, "end": gap.end.seconds,
            "cause": gap.cause.rawValue, "detail": gap.detail, "page": gap.page, "doubt": gap.cause.isDoubt,
        ])
        guard db.changesCount == 0 else { return }
        // A closing that was not over when the next gap came has lost its way: pages are counted from the newest.
        try db.execute(
            sql: "UPDATE gaps SET page = NULL WHERE feed = ? AND page IS NOT NULL", arguments: [gap.feed.rawValue])
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO gaps (feed, start, end, cause, detail, page, anchor_first, anchor_last)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                gap.feed.rawValue, gap.start.seconds, gap.end.seconds, gap.cause.rawValue, gap.detail, gap.page,
                gap.anchor?.lowerBound, gap.anchor?.upperBound,
            ])
        try prune(gap.feed, now: gap.end, db)
    }

    /// What came of a page: the gap, and the feed that it is one of.
    static func advance(_ gap: CoverageGap, _ db: Database) throws {
        let key: StatementArguments = [gap.feed.rawValue, gap.start.seconds]
        try db.execute(
            sql: """
                UPDATE gaps SET closed = ?, page = ?, pages = ?, found = ?, tries = ? WHERE feed = ? AND start = ?
                """,
            arguments: [gap.closed?.seconds, gap.page, gap.pages, gap.found, gap.tries] + key)
        guard gap.page == nil else { return }
        try db.execute(sql: "UPDATE feeds SET open_gap = NULL WHERE id = ? AND open_gap = ?", arguments: key)
        guard gap.closed != nil else { return }
        try db.execute(
            sql: "UPDATE feeds SET misses = 0, last_miss = NULL WHERE id = ? AND last_miss <= ?",
            arguments: [gap.feed.rawValue, gap.end.seconds])
    }

    private static func prune(_ feed: FeedID, now: Date, _ db: Database) throws {
        try db.execute(
            sql: "DELETE FROM gaps WHERE feed = ? AND end < ?",
            arguments: [feed.rawValue, now.seconds - gapMemory])
        let all = try Row.fetchAll(
            db, sql: "SELECT start, end, closed FROM gaps WHERE feed = ? ORDER BY start", arguments: [feed.rawValue])
        guard all.count > mostGaps else { return }
        let open = all.filter { ($0["closed"] as Double?) == nil }
        guard open.count > 1, open.count == all.count else {
            let closed = all.first { ($0["closed"] as Double?) != nil }
            return try delete(feed, closed?["start"], db)
        }
        try db.execute(
            sql: "UPDATE gaps SET end = max(end, ?) WHERE feed = ? AND start = ?",
            arguments: [open[1]["end"] as Double, feed.rawValue, open[0]["start"] as Double])
        try delete(feed, open[1]["start"], db)
    }

    private static func delete(_ feed: FeedID, _ start: Double?, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM gaps WHERE feed = ? AND start = ?", arguments: [feed.rawValue, start])
    }

    private static func range(_ row: Row) -> ClosedRange<Int64>? {
        guard let first: Int64 = row["anchor_first"], let last: Int64 = row["anchor_last"], first <= last else {
            return nil
        }
        return first...last
    }

    private static func gap(_ row: Row) -> CoverageGap {
        var gap = CoverageGap(
            feed: FeedID(row["feed"]), start: Date(timeIntervalSince1970: row["start"]),
            end: Date(timeIntervalSince1970: row["end"]),
            cause: CoverageGap.Cause(rawValue: row["cause"]) ?? .overflow, detail: row["detail"])
        gap.closed = Date(seconds: row["closed"])
        gap.page = row["page"]
        gap.anchor = range(row)
        gap.pages = row["pages"]
        gap.found = row["found"]
        gap.tries = row["tries"]
        return gap
    }
}
