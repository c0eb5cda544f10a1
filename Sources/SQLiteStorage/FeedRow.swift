import Foundation
import GRDB
import Model

/// A row of `feeds` as a feed's state, and back: one list of columns, read and written in its order. Columns are not looked up
/// by their names, which would cost more than all the rest of a claim.
enum FeedRow {
    /// What only `register` writes.
    private static let fixed = ["id", "url"]
    private static let changing = [
        "next_poll", "title", "validators_url", "etag", "last_modified", "body_hash", "not_before", "gone",
        "last_poll", "last_success", "last_new_item", "failures", "last_error", "last_status", "fresh_for", "is_empty",
        "cadence", "quiet_times", "health", "health_since", "health_evidence", "health_told",
        "not_modified", "last_unconditional", "last_probe", "validators_unreliable", "representation",
        "move_target", "move_since", "move_answers", "move_adopted",
        "covered_since", "covered_until", "anchor_first", "anchor_last", "document_items", "misses", "last_miss",
        "open_gap", "document_wish",
    ]

    /// What is written apart (`SQLiteStore+Hubs`).
    private static let apart = ["hub", "hub_topic", "push_until", "push_level"]

    /// For a `SELECT` whose rows `state` reads.
    static let columns = (fixed + changing + apart).joined(separator: ", ")

    /// Writes what a poll changes, and ends the feed's lease. The last argument is the feed's id.
    private static let update =
        "UPDATE feeds SET " + changing.map(setting).joined(separator: ", ")
        + ", claimed_at = NULL, lease_until = NULL WHERE id = ?"

    /// A site that asked for a pause while this poll was under way (`SQLiteStore.hold`) is not forgotten over it.
    private static func setting(_ column: String) -> String {
        switch column {
        case "next_poll": "next_poll = max(?, iif(not_before > ?, not_before, 0))"
        case "not_before": "not_before = nullif(max(coalesce(?, 0), iif(not_before > ?, not_before, 0)), 0)"
        default: "\(column) = ?"
        }
    }

    static func states(_ statement: Statement, _ arguments: StatementArguments = []) throws -> [FeedState] {
        var states: [FeedState] = []
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try rows.next() { states.append(state(row)) }
        return states
    }

    private static func state(_ row: Row) -> FeedState {
        var columns = Columns(row: row)
        var state = FeedState(
            id: FeedID(columns.next()), url: columns.next(), nextPoll: Date(timeIntervalSince1970: columns.next()))
        state.title = columns.nextIfAny()
        let validatorsURL: String? = columns.nextIfAny()
        let entityTag: Data? = columns.nextIfAny()
        let lastModified: Data? = columns.nextIfAny()
        if let validatorsURL {
            state.validators = Validators(
                entityTag: entityTag.map(Array.init), lastModified: lastModified.map(Array.init), url: validatorsURL)
        }
        state.bodyHash = (columns.nextIfAny() as Data?).map { Digest128($0) }
        state.notBefore = Date(seconds: columns.nextIfAny())
        state.gone = columns.next()
        state.history.lastPoll = Date(seconds: columns.nextIfAny())
        state.history.lastSuccess = Date(seconds: columns.nextIfAny())
        state.history.lastNewItem = Date(seconds: columns.nextIfAny())
        state.history.failures = columns.next()
        state.history.lastError = columns.nextIfAny()
        state.history.lastStatus = columns.nextIfAny()
        state.history.freshFor = (columns.nextIfAny() as Double?).map { .seconds($0) }
        state.history.isEmpty = columns.next()
        state.history.cadence = (columns.nextIfAny() as Double?).map { .seconds($0) }
        state.history.quietTimes = QuietTimes(rawValue: UInt32(truncatingIfNeeded: columns.next() as Int64))
        let condition = (columns.nextIfAny() as String?).flatMap(FeedHealth.Condition.init)
        let since = Date(seconds: columns.nextIfAny())
        let evidence: String? = columns.nextIfAny()
        let isTold: Bool = columns.next()
        if let condition { state.health = FeedHealth(condition, since: since, evidence: evidence, isTold: isTold) }
        state.history.trust.notModified = columns.next()
        state.history.trust.lastUnconditional = Date(seconds: columns.nextIfAny())
        state.history.trust.lastProbe = Date(seconds: columns.nextIfAny())
        state.history.trust.unreliable = Date(seconds: columns.nextIfAny())
        state.history.trust.representation = (columns.nextIfAny() as Data?).map { Digest128($0) }
        let target: String? = columns.nextIfAny()
        let movedSince = Date(seconds: columns.nextIfAny())
        let answers: Int = columns.next()
        let adopted = Date(seconds: columns.nextIfAny())
        if let target, let movedSince {
            state.move = FeedMove(target: target, since: movedSince, answers: answers, adopted: adopted)
        }
        state.coverage.since = Date(seconds: columns.nextIfAny())
        state.coverage.until = Date(seconds: columns.nextIfAny())
        let first: Int64? = columns.nextIfAny()
        let last: Int64? = columns.nextIfAny()
        if let first, let last, first <= last { state.coverage.anchor = first...last }
        state.coverage.documentItems = columns.next()
        state.coverage.misses = columns.next()
        state.coverage.lastMiss = Date(seconds: columns.nextIfAny())
        state.coverage.openGap = Date(seconds: columns.nextIfAny())
        state.history.documentWish = (columns.nextIfAny() as Double?).map { .seconds($0) }
        let hub: String? = columns.nextIfAny()
        let topic: String? = columns.nextIfAny()
        if let hub, let topic { state.hub = HubOffer(hub: hub, topic: topic) }
        let until = Date(seconds: columns.nextIfAny())
        let level: Int = columns.next()
        if let until { state.pushes = PushTrust(until: until, level: level) }
        return state
    }

    /// - Parameter before: what the row holds, where that is known.
    static func write(_ feed: FeedState, after before: FeedState?, _ db: Database) throws {
        if var same = before {
            same.nextPoll = feed.nextPoll
            same.coverage.until = feed.coverage.until
            same.history.lastPoll = feed.history.lastPoll
            same.history.lastSuccess = feed.history.lastSuccess
            same.history.trust.notModified = feed.history.trust.notModified
            same.history.trust.lastUnconditional = feed.history.trust.lastUnconditional
            if same == feed { return try writeTimes(feed, db) }
        }
        try writeAll(feed, after: before, db)
    }

    private static func writeTimes(_ feed: FeedState, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                UPDATE feeds SET next_poll = max(?, coalesce(not_before, 0)), last_poll = ?, last_success = ?, not_modified = ?,
                    last_unconditional = ?, covered_until = ?, claimed_at = NULL, lease_until = NULL
                WHERE id = ?
                """)
        statement.setUncheckedArguments([
            feed.nextPoll.seconds, feed.history.lastPoll?.seconds, feed.history.lastSuccess?.seconds,
            feed.history.trust.notModified, feed.history.trust.lastUnconditional?.seconds,
            feed.coverage.until?.seconds, feed.id.rawValue,
        ])
        try statement.execute()
    }

    private static func writeAll(_ feed: FeedState, after before: FeedState?, _ db: Database) throws {
        // What was there when the feed was claimed is this poll's to end. Not known: all of it is.
        let held = before.map { $0.notBefore?.seconds ?? 0 } ?? .greatestFiniteMagnitude
        let history = feed.history
        let coverage = feed.coverage
        let statement = try db.cachedStatement(sql: update)
        // Unchecked: the list above is what the statement was made from.
        statement.setUncheckedArguments([
            feed.nextPoll.seconds, held, feed.title, feed.validators?.url, feed.validators?.entityTag.map { Data($0) },
            feed.validators?.lastModified.map { Data($0) }, feed.bodyHash.map { Data($0.bytes) },
            feed.notBefore?.seconds, held, feed.gone, history.lastPoll?.seconds, history.lastSuccess?.seconds,
            history.lastNewItem?.seconds, history.failures, history.lastError, history.lastStatus,
            history.freshFor?.inSeconds, history.isEmpty, history.cadence?.inSeconds,
            Int64(history.quietTimes.rawValue), feed.health.condition.rawValue, feed.health.since?.seconds,
            feed.health.evidence, feed.health.isTold,
            history.trust.notModified, history.trust.lastUnconditional?.seconds, history.trust.lastProbe?.seconds,
            history.trust.unreliable?.seconds, history.trust.representation.map { Data($0.bytes) },
            feed.move?.target, feed.move?.since.seconds, feed.move?.answers ?? 0, feed.move?.adopted?.seconds,
            coverage.since?.seconds, coverage.until?.seconds, coverage.anchor?.lowerBound,
            coverage.anchor?.upperBound, coverage.documentItems, coverage.misses, coverage.lastMiss?.seconds,
            coverage.openGap?.seconds, history.documentWish?.inSeconds,
            feed.id.rawValue,
        ])
        try statement.execute()
    }

    /// Goes through a row's columns.
    private struct Columns {
        let row: Row
        private var index = 0

        init(row: Row) {
            self.row = row
        }

        mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>() -> Value {
            defer { index += 1 }
            return row[index]
        }

        mutating func nextIfAny<Value: DatabaseValueConvertible & StatementColumnConvertible>() -> Value? {
            defer { index += 1 }
            return row[index]
        }
    }
}
