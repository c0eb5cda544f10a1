package import Foundation
import GRDB
package import Model
import Synchronization

// Which feeds there are, and when they are due.
extension SQLiteStore {
    /// A poll that lies farther in the future was planned by a clock that was wrong: `every` is 366 days at most.
    private static let latestPlan = 410 * 86_400.0

    @discardableResult
    package func register(_ feeds: [FeedSpec], at now: Date) async throws(StoreError) -> [FeedSuccession] {
        try await write { db in
            let isListed = try Self.lists(feeds, db)
            let successions = try Self.succeed(feeds, isListed: isListed, at: now, db)
            if !isListed || !successions.isEmpty { try Self.list(feeds, at: now, db) }
            // Who starts or reloads may have written another password.
            try db.execute(
                sql: """
                    UPDATE feeds SET next_poll = max(?1, coalesce(not_before, 0))
                    WHERE last_status = 401 AND failures > 0 AND next_poll > ?1
                    """,
                arguments: [now.seconds])
            try Self.plan(feeds, at: now, db)
            return successions
        }
    }

    /// What the configuration changes in the plans of feeds.
    private static func plan(_ feeds: [FeedSpec], at now: Date, _ db: Database) throws {
        var plans: [(id: Int64, nextPoll: Double)] = []
        // A poll that was cut off counts as one: a program that fails and starts, again and again, asks nobody oftener.
        var cut = try BoundStatement(
            db,
            "SELECT id, position, next_poll, claimed_at FROM feeds WHERE lease_until = claimed_at AND position IS NOT NULL"
        )
        while try cut.step() {
            let (id, position, nextPoll): (Int64, Int, Double) = (cut.next(), cut.next(), cut.next())
            let claimed: Double = cut.next()
            guard feeds.indices.contains(position), claimed <= now.seconds else { continue }
            let every = feeds[position].policy.every.inSeconds
            plans.append((id, max(nextPoll, claimed + every * .random(in: 1...1.1))))
        }
        _ = consume cut
        try db.execute(sql: "UPDATE feeds SET lease_until = NULL WHERE lease_until = claimed_at")
        // A shorter interval holds from now on. What was put off for another reason stays put off.
        var long = try BoundStatement(
            db,
            """
            SELECT id, position, next_poll, last_poll, fresh_for FROM feeds
            WHERE next_poll > ? AND position IS NOT NULL AND gone = 0 AND failures = 0 AND last_poll IS NOT NULL
                AND not_before IS NULL AND lease_until IS NULL AND push_until IS NULL AND validators_unreliable IS NULL
                AND quiet_times = 0
            """)
        long.bind(now)
        while try long.step() {
            let (id, position, nextPoll): (Int64, Int, Double) = (long.next(), long.next(), long.next())
            let (lastPoll, freshFor): (Double, Double) = (long.next(), long.next())
            guard feeds.indices.contains(position) else { continue }
            let pause = max(feeds[position].policy.every.inSeconds, freshFor)
            if nextPoll > lastPoll + pause * 1.1 + 1 { plans.append((id, lastPoll + pause)) }
        }
        _ = consume long
        // Other header fields are another request.
        var refused = try BoundStatement(
            db,
            """
            SELECT id, position, representation FROM feeds
            WHERE next_poll > ? AND position IS NOT NULL AND gone = 0 AND failures > 0 AND last_status IN (403, 404)
                AND not_before IS NULL AND lease_until IS NULL
            """)
        refused.bind(now)
        while try refused.step() {
            let (id, position): (Int64, Int) = (refused.next(), refused.next())
            let representation: Digest128? = refused.next()
            guard feeds.indices.contains(position), feeds[position].representation != representation else { continue }
            plans.append((id, now.seconds))
        }
        _ = consume refused
        plans += try newWays(feeds, db).map { ($0, now.seconds) }
        let statement = try db.cachedStatement(sql: "UPDATE feeds SET next_poll = ? WHERE id = ?")
        for plan in plans { try statement.execute(arguments: [plan.nextPoll, plan.id]) }
    }

    package func pardon(_ feeds: [FeedState]) async throws(StoreError) {
        if feeds.isEmpty { return }
        try await write(isDurable: false) { db in
            // One that is asked again by now has its own say.
            let statement = try db.cachedStatement(
                sql: """
                    UPDATE feeds SET failures = ?, last_error = ?, last_status = ?, health = ?, health_since = ?,
                        health_evidence = ?, health_told = ?, next_poll = min(next_poll, max(?, coalesce(not_before, 0)))
                    WHERE id = ? AND last_poll = ? AND lease_until IS NULL
                    """)
            for feed in feeds {
                let health = feed.health
                try statement.execute(arguments: [
                    feed.history.failures, feed.history.lastError, feed.history.lastStatus, health.condition.rawValue,
                    health.since?.seconds, health.evidence, health.isTold, feed.nextPoll.seconds, feed.id.rawValue,
                    feed.history.lastPoll?.seconds,
                ])
            }
        }
    }

    /// Whether the state's list is this one already, as it mostly is.
    private static func lists(_ feeds: [FeedSpec], _ db: Database) throws -> Bool {
        var rows = try BoundStatement(
            db, "SELECT url, site FROM feeds WHERE position IS NOT NULL ORDER BY position")
        var place = 0
        while try rows.step() {
            guard place < feeds.count, feeds[place].url == rows.next() as String?,
                feeds[place].site == rows.next() as String?
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
                INSERT INTO feeds (url, position, next_poll, registered, site) VALUES (?1, ?2, ?3, ?3, ?4)
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
        var statement = try BoundStatement(
            db, "SELECT \(FeedRow.columns) FROM feeds WHERE \(isDue) ORDER BY next_poll, position LIMIT ?2")
        statement.bind(now)
        statement.bind(limit)
        return try FeedRow.states(statement)
    }

    /// Takes back what a clock that was wrong has planned: it would keep feeds from being polled for as long as it was wrong.
    private static func mendPlans(at now: Date, _ db: Database) throws {
        let late = now.seconds + ClockWatch.tolerance
        try db.execute(
            sql: """
                UPDATE feeds SET
                    next_poll = CASE WHEN not_before > :now AND not_before <= :now + 90000 THEN not_before ELSE :now END
                WHERE position IS NOT NULL AND next_poll > :now
                  AND (last_poll IS NULL AND claimed_at IS NULL OR last_poll > :late OR claimed_at > :late OR next_poll > :far
                       OR not_before > :now + 90000);
                UPDATE feeds SET not_before = NULL WHERE not_before > :now + 90000;
                UPDATE feeds SET registered = :now WHERE registered > :late;
                UPDATE feeds SET claimed_at = NULL, lease_until = NULL WHERE claimed_at > :late;
                UPDATE deliveries SET next_try = :now
                WHERE state = 'pending' AND next_try > :now AND (
                    (SELECT created FROM alerts WHERE id = alert) > :late
                    OR (SELECT max(at) FROM attempts WHERE attempts.serial = deliveries.serial
                        AND attempts.sink = deliveries.sink) > :late);
                UPDATE deliveries SET first_try = :now WHERE state = 'pending' AND first_try > :late;
                UPDATE sinks SET not_before = NULL WHERE not_before > :now AND last_failure > :late;
                UPDATE sinks SET failing_since = :now WHERE failing_since > :late;
                """,
            arguments: ["now": now.seconds, "late": late, "far": now.seconds + latestPlan])
    }

    package func claimAllFeeds(at now: Date, lease: Duration) async throws(StoreError) -> [FeedID] {
        try await write(isDurable: false) { db in
            try Self.mendPlans(at: now, db)
            try db.execute(
                sql: """
                    UPDATE feeds SET claimed_at = ?1, lease_until = ?2
                    WHERE position IS NOT NULL AND gone = 0 AND (not_before IS NULL OR not_before <= ?1)
                    """,
                arguments: [now.seconds, now.seconds + lease.inSeconds])
            return try Int64.fetchAll(
                db, sql: "SELECT id FROM feeds WHERE position IS NOT NULL AND gone = 0 ORDER BY position"
            ).map(FeedID.init)
        }
    }

    package func feeds(_ ids: [FeedID]) async throws(StoreError) -> [FeedState] {
        try await read { db in
            try ids.flatMap { id in
                var statement = try BoundStatement(db, "SELECT \(FeedRow.columns) FROM feeds WHERE id = ?")
                statement.bind(id.rawValue)
                return try FeedRow.states(statement)
            }
        }
    }

    private static func listed(_ db: Database) throws -> [FeedState] {
        try FeedRow.states(
            BoundStatement(db, "SELECT \(FeedRow.columns) FROM feeds WHERE position IS NOT NULL ORDER BY position"))
    }

    package func release(_ feed: FeedID, nextPoll: Date) async throws(StoreError) {
        try await release([feed: nextPoll])
    }

    package func release(_ feeds: [FeedID: Date]) async throws(StoreError) {
        if feeds.isEmpty { return }
        // When it was claimed stays, since that tells by which clock it was planned. One whose poll has been recorded meanwhile has
        // a plan already.
        try await write { db in
            let statement = try db.cachedStatement(
                sql: """
                    UPDATE feeds SET next_poll = max(?, coalesce(not_before, 0)), lease_until = NULL
                    WHERE id = ? AND lease_until IS NOT NULL
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
}
