package import Foundation
import GRDB
package import Model

// Who pushes what.
extension SQLiteStore: HubStore {
    /// A hub that does not verify the end of a subscription is asked so often. Its lease ends anyway.
    private static let mostGoodbyes = 4

    package func arrangeHubs(callback: String?, at now: Date) async throws(StoreError) -> Bool {
        // Most looks change nothing; those need no writer.
        let isWorthIt = try await read { db in
            guard let callback else {
                return try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM hub_subscriptions)") ?? false
            }
            let arguments: StatementArguments = ["callback": callback, "now": now.seconds]
            let sql = "SELECT EXISTS (\(Self.superfluous)) OR EXISTS (\(Self.lapsed)) OR EXISTS (\(Self.missing))"
            return try Bool.fetchOne(db, sql: sql, arguments: arguments) ?? false
        }
        guard isWorthIt else { return false }
        return try await write { db in
            guard let callback else {
                let tokens = try String.fetchAll(db, sql: "SELECT token FROM hub_subscriptions")
                for token in tokens { try Self.loseTrust(in: token, at: now, db) }
                try db.execute(sql: "DELETE FROM hub_subscriptions")
                return true
            }
            let arguments: StatementArguments = ["callback": callback, "now": now.seconds]
            for token in try String.fetchAll(db, sql: Self.superfluous, arguments: arguments) {
                try Self.end(token, at: now, db)
            }
            for token in try String.fetchAll(db, sql: Self.lapsed, arguments: arguments) {
                try Self.loseTrust(in: token, at: now, db)
                try db.execute(
                    sql: "UPDATE hub_subscriptions SET phase = 'pending', lease_end = NULL WHERE token = ?",
                    arguments: [token])
            }
            for row in try Row.fetchAll(db, sql: Self.missing, arguments: arguments) {
                let token = HubToken.random().rawValue
                try db.execute(
                    sql: """
                        INSERT INTO hub_subscriptions (token, feed, hub, topic, callback, secret, phase, next_try)
                        VALUES (?, ?, ?, ?, ?, ?, 'pending', ?)
                        """,
                    arguments: [
                        token, row["id"] as Int64, row["hub"] as String, row["hub_topic"] as String,
                        callback + "/" + token, RandomDigits.hexadecimal(bytes: 32), now.seconds,
                    ])
            }
            return true
        }
    }

    /// Whose feed is not polled any more, or names another hub or topic; and those that were made for another callback.
    private static let superfluous = """
        SELECT token FROM hub_subscriptions s LEFT JOIN feeds f ON f.id = s.feed
        WHERE s.phase <> 'ending' AND (f.position IS NULL OR f.gone = 1 OR f.hub IS NOT s.hub
            OR f.hub_topic IS NOT s.topic OR s.callback <> :callback || '/' || s.token)
        """
    private static let lapsed = "SELECT token FROM hub_subscriptions WHERE phase = 'active' AND lease_end <= :now"
    private static let missing = """
        SELECT id, hub, hub_topic FROM feeds f
        WHERE hub IS NOT NULL AND position IS NOT NULL AND gone = 0 AND NOT EXISTS (
            SELECT 1 FROM hub_subscriptions s WHERE s.feed = f.id AND s.phase <> 'ending'
                AND s.hub = f.hub AND s.topic = f.hub_topic AND s.callback = :callback || '/' || s.token)
        """

    /// One that the hub may know is unsubscribed; another is forgotten.
    private static func end(_ token: String, at now: Date, _ db: Database) throws {
        try loseTrust(in: token, at: now, db)
        try db.execute(
            sql: """
                DELETE FROM hub_subscriptions
                WHERE token = ? AND (phase = 'denied' OR phase = 'pending' AND asked_at IS NULL)
                """,
            arguments: [token])
        try db.execute(
            sql: """
                UPDATE hub_subscriptions SET phase = 'ending', asked_at = NULL, next_try = ?, failures = 0, last_error = NULL
                WHERE token = ?
                """,
            arguments: [now.seconds, token])
    }

    /// When a feed is polled that no hub pushes any more: never before its server wishes.
    private static let soonest = "max(coalesce(unslowed_poll, next_poll), :now, coalesce(not_before, 0))"

    /// The feed is polled at its own pace again.
    private static func loseTrust(in token: String, at now: Date, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE feeds SET next_poll = min(next_poll, \(soonest)),
                    unslowed_poll = NULL, push_until = NULL, push_level = 0
                WHERE id = (SELECT feed FROM hub_subscriptions WHERE token = :token AND phase = 'active')
                    AND push_until IS NOT NULL
                """,
            arguments: ["now": now.seconds, "token": token])
    }

    package func distrustPushes(at now: Date) async throws(StoreError) {
        try await write { db in
            try db.execute(
                sql: """
                    UPDATE feeds SET next_poll = min(next_poll, \(Self.soonest)), unslowed_poll = NULL,
                        push_level = min(push_level, 1)
                    WHERE unslowed_poll IS NOT NULL
                    """,
                arguments: ["now": now.seconds])
        }
    }

    package func claimHubRequests(
        at now: Date, limit: Int, patience: @escaping @Sendable (Int) -> Double
    ) async throws(StoreError) -> [HubSubscription] {
        try await write { db in
            // What was planned by a clock that was wrong is due as well.
            let rows = try Row.fetchAll(
                db,
                sql: """
                    \(Self.selection) WHERE s.next_try <= :now OR s.next_try > :now + 8640000
                    ORDER BY s.next_try LIMIT :limit
                    """,
                arguments: ["now": now.seconds, "limit": limit])
            return try rows.compactMap { row in
                var subscription = Self.subscription(row)
                if subscription.askedAt != nil {
                    subscription.failures += 1
                    subscription.lastError = HubSubscription.unverified
                }
                let token = subscription.token.rawValue
                if subscription.phase == .ending, subscription.failures >= Self.mostGoodbyes {
                    try db.execute(sql: "DELETE FROM hub_subscriptions WHERE token = ?", arguments: [token])
                    return nil
                }
                if subscription.phase == .denied { subscription.phase = .pending }
                subscription.askedAt = now
                subscription.nextTry = now + patience(subscription.failures)
                try db.execute(
                    sql: """
                        UPDATE hub_subscriptions SET phase = ?, asked_at = ?, next_try = ?, failures = ?, last_error = ?
                        WHERE token = ?
                        """,
                    arguments: [
                        subscription.phase.rawValue, now.seconds, subscription.nextTry.seconds, subscription.failures,
                        subscription.lastError, token,
                    ])
                return subscription
            }
        }
    }

    package func nextHubDue() async throws(StoreError) -> Date? {
        try await read { db in
            Date(
                seconds: try Double.fetchOne(
                    db,
                    sql: """
                        SELECT min(min(next_try, iif(phase = 'active', coalesce(lease_end, next_try), next_try)))
                        FROM hub_subscriptions
                        """))
        }
    }

    package func failHubRequest(_ token: HubToken, _ failure: HubFailure) async throws(StoreError) {
        try await write { db in
            // One that was verified meanwhile has not failed.
            try db.execute(
                sql: """
                    UPDATE hub_subscriptions SET failures = failures + :refused, last_error = :reason, next_try = :next,
                        asked_at = iif(:refused, NULL, asked_at)
                    WHERE token = :token AND asked_at IS NOT NULL
                    """,
                arguments: [
                    "refused": failure.isRefusal, "reason": failure.reason, "next": failure.nextTry.seconds,
                    "token": token.rawValue,
                ])
            guard failure.isForWholeHub else { return }
            try db.execute(
                sql: """
                    UPDATE hub_subscriptions SET next_try = max(next_try, :next)
                    WHERE hub = (SELECT hub FROM hub_subscriptions WHERE token = :token)
                    """,
                arguments: ["next": failure.nextTry.seconds, "token": token.rawValue])
        }
    }

    package func confirmHub(
        _ token: HubToken, topic: String, lease: Double?, renewal: Date, at now: Date
    ) async throws(StoreError) -> Bool {
        try await write { db in
            guard let lease else {
                try db.execute(
                    sql: """
                        DELETE FROM hub_subscriptions
                        WHERE token = ? AND topic = ? AND phase = 'ending' AND asked_at IS NOT NULL
                        """,
                    arguments: [token.rawValue, topic])
                return db.changesCount > 0
            }
            let end = now.seconds + lease
            try db.execute(
                sql: """
                    UPDATE hub_subscriptions SET phase = 'active', asked_at = NULL, lease_end = :end, next_try = :renewal,
                        failures = 0, last_error = NULL
                    WHERE token = :token AND topic = :topic AND phase IN ('pending', 'active') AND asked_at IS NOT NULL
                    """,
                arguments: ["end": end, "renewal": renewal.seconds, "token": token.rawValue, "topic": topic])
            guard db.changesCount > 0 else { return false }
            try db.execute(
                sql: "UPDATE feeds SET push_until = ? WHERE id = (SELECT feed FROM hub_subscriptions WHERE token = ?)",
                arguments: [end, token.rawValue])
            return true
        }
    }

    package func denyHub(
        _ token: HubToken, topic: String, reason: String?, nextTry: Date, at now: Date
    ) async throws(StoreError) -> Bool {
        try await write { db in
            let isKnown = try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM hub_subscriptions WHERE token = ? AND topic = ? AND phase <> 'ending')
                    """,
                arguments: [token.rawValue, topic])
            guard isKnown == true else { return false }
            try Self.loseTrust(in: token.rawValue, at: now, db)
            try db.execute(
                sql: """
                    UPDATE hub_subscriptions SET phase = 'denied', asked_at = NULL, lease_end = NULL, next_try = ?,
                        failures = failures + 1, last_error = ?
                    WHERE token = ?
                    """,
                arguments: [nextTry.seconds, reason, token.rawValue])
            return true
        }
    }

    package func countIgnoredPush(_ token: HubToken) async throws(StoreError) {
        try await write { db in
            try db.execute(
                sql: "UPDATE hub_subscriptions SET ignored = ignored + 1 WHERE token = ?", arguments: [token.rawValue])
        }
    }

    package func countUnreadPush(_ token: HubToken, at now: Date) async throws(StoreError) {
        try await write { db in
            try db.execute(
                sql: "UPDATE hub_subscriptions SET last_push = ?, pushes = pushes + 1 WHERE token = ?",
                arguments: [now.seconds, token.rawValue])
            try db.execute(
                sql: """
                    UPDATE feeds SET next_poll = min(next_poll, \(Self.soonest)), unslowed_poll = NULL
                    WHERE id = (SELECT feed FROM hub_subscriptions WHERE token = :token) AND unslowed_poll IS NOT NULL
                    """,
                arguments: ["now": now.seconds, "token": token.rawValue])
        }
    }

    package func hubSubscription(_ token: HubToken) async throws(StoreError) -> (HubSubscription, FeedState)? {
        try await read { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "\(Self.selection) WHERE s.token = ?", arguments: [token.rawValue])
            else { return nil }
            let subscription = Self.subscription(row)
            var statement = try BoundStatement(
                db, "SELECT \(FeedRow.columns) FROM feeds WHERE id = ? AND position IS NOT NULL")
            statement.bind(subscription.feed.rawValue)
            return try FeedRow.states(statement).first.map { (subscription, $0) }
        }
    }

    package func hubTopic(of token: HubToken) async throws(StoreError) -> String? {
        try await read { db in
            try String.fetchOne(
                db, sql: "SELECT topic FROM hub_subscriptions WHERE token = ?", arguments: [token.rawValue])
        }
    }

    package func hubSubscriptions() async throws(StoreError) -> [HubSubscription] {
        try await read { db in
            try Row.fetchAll(db, sql: "\(Self.selection) ORDER BY s.feed, s.phase").map(Self.subscription)
        }
    }

    static func subscriptions(of feeds: [FeedID], _ db: Database) throws -> [HubSubscription] {
        let ids = "[" + feeds.map { "\($0.rawValue)" }.joined(separator: ",") + "]"
        return try Row.fetchAll(
            db.cachedStatement(
                sql: "\(selection) WHERE s.feed IN (SELECT value FROM json_each(?)) ORDER BY s.feed, s.phase"),
            arguments: [ids]
        ).map(subscription)
    }

    private static let selection = """
        SELECT s.*, f.url AS feed_url FROM hub_subscriptions s JOIN feeds f ON f.id = s.feed
        """

    private static func subscription(_ row: Row) -> HubSubscription {
        var subscription = HubSubscription(
            token: HubToken(row["token"]), feed: FeedID(row["feed"]), feedURL: row["feed_url"],
            offer: HubOffer(hub: row["hub"], topic: row["topic"]), callback: row["callback"],
            secret: Secret(row["secret"]), phase: HubSubscription.Phase(rawValue: row["phase"]) ?? .pending,
            nextTry: Date(timeIntervalSince1970: row["next_try"]))
        subscription.askedAt = Date(seconds: row["asked_at"])
        subscription.leaseEnd = Date(seconds: row["lease_end"])
        subscription.failures = row["failures"]
        subscription.lastError = row["last_error"]
        subscription.lastPush = Date(seconds: row["last_push"])
        subscription.pushes = row["pushes"]
        subscription.ignored = row["ignored"]
        return subscription
    }
}

// What polls and pushes write of it.
extension SQLiteStore {
    static func note(_ news: HubNews, of feed: FeedState, _ db: Database) throws {
        if news.hasChanged {
            try db.cachedStatement(sql: "UPDATE feeds SET hub = ?, hub_topic = ? WHERE id = ?")
                .execute(arguments: [feed.hub?.hub, feed.hub?.topic, feed.id.rawValue])
        }
        if let trust = news.trust {
            // Unless the lease has gone meanwhile: then there is nothing to trust.
            try db.cachedStatement(
                sql: """
                    UPDATE feeds SET push_level = iif(push_until IS NULL, 0, :level),
                        unslowed_poll = iif(push_until IS NULL, NULL, :unslowed),
                        next_poll = iif(push_until IS NULL, max(:unslowed, coalesce(not_before, 0)), next_poll)
                    WHERE id = :id
                    """
            ).execute(arguments: ["level": trust.level, "unslowed": trust.unslowed.seconds, "id": feed.id.rawValue])
        }
    }

    /// The schedule is left alone, and so is a poll that is under way.
    static func notePush(_ token: HubToken, _ poll: PollRecord, _ db: Database) throws {
        let history = poll.feed.history
        try db.cachedStatement(
            sql: """
                UPDATE feeds SET cadence = :cadence, last_new_item = nullif(max(coalesce(last_new_item, 0), :newest), 0),
                    push_level = iif(push_until IS NULL, 0, max(push_level, 1))
                WHERE id = :id
                """
        ).execute(arguments: [
            "cadence": history.cadence?.inSeconds, "newest": history.lastNewItem?.seconds ?? 0,
            "id": poll.feed.id.rawValue,
        ])
        try db.cachedStatement(
            sql: "UPDATE hub_subscriptions SET last_push = ?, pushes = pushes + 1 WHERE token = ?"
        ).execute(arguments: [poll.at.seconds, token.rawValue])
    }
}
