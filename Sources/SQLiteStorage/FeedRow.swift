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

    /// What is written apart (`SQLiteStore+Hubs`, `SQLiteStore.register`).
    private static let apart = ["hub", "hub_topic", "push_until", "push_level", "registered"]

    /// For a `SELECT` whose rows `state` reads.
    static let columns = (fixed + changing + apart).joined(separator: ", ")

    /// Writes what a poll changes, and ends the feed's lease. The last arguments are the feed's id and its address: what an address
    /// answers that the feed had when it was claimed, and has no more, says nothing of the feed.
    private static let update =
        "UPDATE feeds SET " + changing.map(setting).joined(separator: ", ")
        + ", claimed_at = NULL, lease_until = NULL WHERE id = ? AND url = ?"

    /// A site that asked for a pause while this poll was under way (`SQLiteStore.hold`) is not forgotten over it.
    private static func setting(_ column: String) -> String {
        switch column {
        case "next_poll": "next_poll = max(?, iif(not_before > ?, not_before, 0))"
        case "not_before": "not_before = nullif(max(coalesce(?, 0), iif(not_before > ?, not_before, 0)), 0)"
        default: "\(column) = ?"
        }
    }

    /// - Parameter statement: bound, and of a `SELECT` of `columns`.
    static func states(_ statement: consuming BoundStatement) throws -> [FeedState] {
        var states: [FeedState] = []
        while try statement.step() { states.append(state(&statement)) }
        return states
    }

    private static func state(_ row: inout BoundStatement) -> FeedState {
        var state = FeedState(
            id: FeedID(row.next()), url: row.next(), nextPoll: Date(timeIntervalSince1970: row.next()))
        state.title = row.next()
        let validatorsURL: String? = row.next()
        let entityTag: [UInt8]? = row.next()
        let lastModified: [UInt8]? = row.next()
        if let validatorsURL {
            state.validators = Validators(entityTag: entityTag, lastModified: lastModified, url: validatorsURL)
        }
        state.bodyHash = row.next()
        state.notBefore = row.next()
        state.gone = row.next()
        state.history.lastPoll = row.next()
        state.history.lastSuccess = row.next()
        state.history.lastNewItem = row.next()
        state.history.failures = row.next()
        state.history.lastError = row.next()
        state.history.lastStatus = row.next()
        state.history.freshFor = row.next()
        state.history.isEmpty = row.next()
        state.history.cadence = row.next()
        state.history.quietTimes = QuietTimes(rawValue: UInt32(truncatingIfNeeded: row.next() as Int64))
        let condition = (row.next() as String?).flatMap(FeedHealth.Condition.init)
        let since: Date? = row.next()
        let evidence: String? = row.next()
        let isTold: Bool = row.next()
        if let condition { state.health = FeedHealth(condition, since: since, evidence: evidence, isTold: isTold) }
        state.history.trust.notModified = row.next()
        state.history.trust.lastUnconditional = row.next()
        state.history.trust.lastProbe = row.next()
        state.history.trust.unreliable = row.next()
        state.history.trust.representation = row.next()
        let target: String? = row.next()
        let movedSince: Date? = row.next()
        let answers: Int = row.next()
        let adopted: Date? = row.next()
        if let target, let movedSince {
            state.move = FeedMove(target: target, since: movedSince, answers: answers, adopted: adopted)
        }
        state.coverage.since = row.next()
        state.coverage.until = row.next()
        let first: Int64? = row.next()
        let last: Int64? = row.next()
        if let first, let last, first <= last { state.coverage.anchor = first...last }
        state.coverage.documentItems = row.next()
        state.coverage.misses = row.next()
        state.coverage.lastMiss = row.next()
        state.coverage.openGap = row.next()
        state.history.documentWish = row.next()
        let hub: String? = row.next()
        let topic: String? = row.next()
        if let hub, let topic { state.hub = HubOffer(hub: hub, topic: topic) }
        let until: Date? = row.next()
        let level: Int = row.next()
        if let until { state.pushes = PushTrust(until: until, level: level) }
        state.registered = row.next()
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
        var statement = try BoundStatement(
            db,
            """
            UPDATE feeds SET next_poll = max(?, coalesce(not_before, 0)), last_poll = ?, last_success = ?, not_modified = ?,
                last_unconditional = ?, covered_until = ?, claimed_at = NULL, lease_until = NULL
            WHERE id = ? AND url = ?
            """)
        statement.bind(feed.nextPoll)
        statement.bind(feed.history.lastPoll)
        statement.bind(feed.history.lastSuccess)
        statement.bind(feed.history.trust.notModified)
        statement.bind(feed.history.trust.lastUnconditional)
        statement.bind(feed.coverage.until)
        statement.bind(feed.id.rawValue)
        statement.bind(feed.url)
        try statement.run()
    }

    private static func writeAll(_ feed: FeedState, after before: FeedState?, _ db: Database) throws {
        // What was there when the feed was claimed is this poll's to end. Not known: all of it is.
        let held = before.map { $0.notBefore?.seconds ?? 0 } ?? .greatestFiniteMagnitude
        var statement = try BoundStatement(db, update)
        statement.bind(feed.nextPoll)
        statement.bind(held)
        statement.bind(feed.title)
        statement.bind(feed.validators?.url)
        statement.bind(feed.validators?.entityTag)
        statement.bind(feed.validators?.lastModified)
        statement.bind(feed.bodyHash)
        statement.bind(feed.notBefore)
        statement.bind(held)
        statement.bind(feed.gone)
        bind(feed.history, of: feed, to: &statement)
        statement.bind(feed.move?.target)
        statement.bind(feed.move?.since)
        statement.bind(feed.move?.answers ?? 0)
        statement.bind(feed.move?.adopted)
        let coverage = feed.coverage
        statement.bind(coverage.since)
        statement.bind(coverage.until)
        statement.bind(coverage.anchor?.lowerBound)
        statement.bind(coverage.anchor?.upperBound)
        statement.bind(coverage.documentItems)
        statement.bind(coverage.misses)
        statement.bind(coverage.lastMiss)
        statement.bind(coverage.openGap)
        statement.bind(feed.history.documentWish)
        statement.bind(feed.id.rawValue)
        statement.bind(feed.url)
        try statement.run()
    }

    /// From `last_poll` to `representation`.
    private static func bind(_ history: FeedHistory, of feed: FeedState, to statement: inout BoundStatement) {
        statement.bind(history.lastPoll)
        statement.bind(history.lastSuccess)
        statement.bind(history.lastNewItem)
        statement.bind(history.failures)
        statement.bind(history.lastError)
        statement.bind(history.lastStatus)
        statement.bind(history.freshFor)
        statement.bind(history.isEmpty)
        statement.bind(history.cadence)
        statement.bind(Int64(history.quietTimes.rawValue))
        statement.bind(feed.health.condition.rawValue)
        statement.bind(feed.health.since)
        statement.bind(feed.health.evidence)
        statement.bind(feed.health.isTold)
        statement.bind(history.trust.notModified)
        statement.bind(history.trust.lastUnconditional)
        statement.bind(history.trust.lastProbe)
        statement.bind(history.trust.unreliable)
        statement.bind(history.trust.representation)
    }
}
