package import Foundation
import GRDB
package import Model

// The state in numbers.
extension SQLiteStore: CensusStore {
    package func census(at now: Date) async throws(StoreError) -> Census {
        let bytes = ["", "-wal"].reduce(0) { total, suffix in
            total + ((try? FileManager.default.attributesOfItem(atPath: path + suffix)[.size] as? Int) ?? 0)
        }
        return try await read { db in
            var census = Census()
            census.bytes = bytes
            try Self.count(into: &census, at: now, db)
            let due = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT count(*), min(next_poll) FROM feeds
                        WHERE position IS NOT NULL AND gone = 0 AND next_poll <= :now
                            AND coalesce(not_before, 0) <= :now AND coalesce(lease_until, 0) <= :now
                        """),
                arguments: ["now": now.seconds])
            census.dueFeeds = due?[0] ?? 0
            census.dueSince = Date(seconds: due?[1])
            func number(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
                try Int.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) ?? 0
            }
            census.alerts = try number("SELECT count(*) FROM alerts")
            census.held = try number("SELECT count(DISTINCT alert) FROM held")
            census.silences = try number("SELECT count(*) FROM silences WHERE until > ?", [now.seconds])
            return census
        }
    }

    /// `FeedState.needsSomebody`, of a row of `feeds`. Its one argument is the time.
    static let needsSomebody = """
        health_told = 1 OR coalesce(
            health IN ('\(FeedHealth.Condition.blocked.rawValue)', '\(FeedHealth.Condition.notAFeed.rawValue)')
            AND ? - health_since >= \(FeedState.longestDoubt)
            AND max(next_poll, coalesce(not_before, next_poll)) - coalesce(last_poll, next_poll) >= \(FeedState.longestDoubt), 0)
        """

    private static func count(into census: inout Census, at now: Date, _ db: Database) throws {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT coalesce(health, 'new'), count(*), sum(\(needsSomebody)), max(last_success) FROM feeds
                    WHERE position IS NOT NULL GROUP BY 1
                    """), arguments: [now.seconds])
        for row in rows {
            if let condition = FeedHealth.Condition(rawValue: row[0]) { census.feeds[condition] = row[1] }
            census.toldFeeds += row[2] as Int
            if let last = Date(seconds: row[3]) { census.lastSuccess = max(last, census.lastSuccess ?? last) }
        }
    }
}
