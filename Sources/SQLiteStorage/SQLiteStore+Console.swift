package import Foundation
import GRDB
package import Model

// What the web page and the HTTP interface read. `alert_facts` and `alert_watches` are kept by triggers, so that who raises
// alerts knows nothing of pages.
extension SQLiteStore: ConsoleStore {
    /// Beyond, a feed or a language is found by its address or code.
    private static let mostChoices = 200

    package func alertPage(_ query: AlertQuery) async throws(StoreError) -> AlertPage {
        try await read { db in
            let (condition, arguments) = Self.condition(query)
            let limit = min(max(query.limit, 1), 1000)
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT facts.alert AS place, acknowledged, id, body
                    FROM alert_facts AS facts JOIN alerts ON alerts.rowid = facts.alert
                    WHERE \(condition) ORDER BY facts.alert DESC LIMIT \(limit + 1)
                    """,
                arguments: arguments)
            let alerts = try rows.prefix(limit).compactMap { try Self.kept($0, withHistory: false, db) }
            return AlertPage(alerts: alerts, next: rows.count > limit ? rows[limit - 1]["place"] : nil)
        }
    }

    package func keptAlert(_ id: AlertID) async throws(StoreError) -> KeptAlert? {
        try await read { db in
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT facts.alert AS place, acknowledged, id, body
                        FROM alerts JOIN alert_facts AS facts ON facts.alert = alerts.rowid WHERE id = ?
                        """),
                arguments: [id.rawValue])
            return try row.flatMap { try Self.kept($0, withHistory: true, db) }
        }
    }

    private static func kept(_ row: Row, withHistory: Bool, _ db: Database) throws -> KeptAlert? {
        let body = Array((row["body"] as String).utf8)
        guard let alert = Alert(json: body) else { return nil }
        return KeptAlert(
            place: row["place"], alert: alert, body: body,
            deliveries: try deliveries(of: row["id"], withHistory: withHistory, db),
            acknowledged: Date(seconds: row["acknowledged"] as Double?))
    }

    /// `+` keeps SQLite from an index that would have to sort what it finds.
    static func condition(_ query: AlertQuery) -> (String, StatementArguments) {
        var conditions = ["1"]
        var arguments: StatementArguments = []
        func add(_ condition: String, _ value: (some DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        if let watch = query.watch {
            add("facts.alert IN (SELECT alert FROM alert_watches WHERE watch = ?)", watch)
        }
        add("severity = ?", query.severity?.rawValue)
        add("language = ?", query.language)
        add("feed = ?", query.feed)
        add("kind = ?", query.kind?.rawValue)
        add("+facts.created >= ?", query.since?.seconds)
        add("+facts.created < ?", query.until?.seconds)
        add("facts.alert < ?", query.before)
        if query.onlyOpen { conditions.append("acknowledged IS NULL") }
        if query.onlyHeard {
            conditions.append(heard(ofOneWatch: query.watch != nil))
            if let watch = query.watch { arguments += [watch] }
        }
        return (conditions.joined(separator: " AND "), arguments)
    }

    package func newestAlert() async throws(StoreError) -> Int64 {
        try await read { db in
            try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(alert) FROM alert_facts")) ?? 0
        }
    }

    package func alertCount(after place: Int64) async throws(StoreError) -> Int {
        try await read { db in
            try Int.fetchOne(
                db.cachedStatement(sql: "SELECT count(*) FROM alert_facts WHERE alert > ?"), arguments: [place]) ?? 0
        }
    }

    package func alertsByDay(since: Date, watch: String?) async throws(StoreError) -> [DayCount] {
        try await read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT watch, CAST(created / 86400 AS INTEGER) AS day, count(*) AS count FROM alert_watches
                        WHERE created >= ?1 AND (?2 IS NULL OR watch = ?2) GROUP BY day, watch ORDER BY day, watch
                        """),
                arguments: [since.seconds, watch]
            ).map { DayCount(watch: $0["watch"], day: $0["day"], count: $0["count"]) }
        }
    }

    package func watchTotals() async throws(StoreError) -> [WatchTotal] {
        try await read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT watch, count(*) AS count, max(created) AS last FROM alert_watches GROUP BY watch ORDER BY watch
                        """)
            ).map {
                WatchTotal(
                    watch: $0["watch"], alerts: $0["count"], last: Date(timeIntervalSince1970: $0["last"]))
            }
        }
    }

    package func alertChoices() async throws(StoreError) -> AlertChoices {
        try await read { db in
            func values(_ sql: String) throws -> [String] {
                try String.fetchAll(db.cachedStatement(sql: sql + " LIMIT \(Self.mostChoices)"))
            }
            return AlertChoices(
                watches: try values("SELECT DISTINCT watch FROM alert_watches ORDER BY watch"),
                languages: try values(
                    "SELECT DISTINCT language FROM alert_facts WHERE language IS NOT NULL ORDER BY language"),
                feeds: try values(
                    """
                    SELECT feed FROM alert_facts WHERE feed IS NOT NULL AND kind = 'alert'
                    GROUP BY feed ORDER BY count(*) DESC, feed
                    """))
        }
    }

    // MARK: feeds

    package func feedPage(_ query: FeedQuery) async throws(StoreError) -> FeedPage {
        try await read { db in
            var conditions = ["position IS NOT NULL"]
            var arguments: StatementArguments = []
            if !query.conditions.isEmpty {
                let list = query.conditions.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
                conditions.append("coalesce(health, 'new') IN (\(list))")
            }
            if let text = query.text, !text.isEmpty {
                // Not LIKE: what was typed may hold its wildcards. Of addresses what is shown is looked through, or whoever sees the
                // page could read a feed's key in them, letter by letter.
                conditions.append(
                    """
                    (instr(lower(iif(instr(url, '?') OR instr(url, '@'), shown_address(url), url)), lower(?))
                        OR instr(lower(coalesce(title, '')), lower(?))
                        OR url IN (SELECT value FROM json_each(?)))
                    """)
                arguments += [text, text, Self.list(query.named)]
            }
            let condition = conditions.joined(separator: " AND ")
            let (limit, offset) = (min(max(query.limit, 1), 1000), max(query.offset, 0))
            let isSearch = !(query.text ?? "").isEmpty
            let total: Int?
            let ids: [Int64]
            let order = "SELECT id FROM feeds WHERE \(condition) ORDER BY health_told DESC, failures > 0 DESC, position"
            if isSearch {
                // No index serves it: all are looked through, once.
                let all = try Int64.fetchAll(db, sql: order, arguments: arguments)
                total = all.count
                ids = Array(all.dropFirst(offset).prefix(limit))
            } else {
                total = try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM feeds WHERE \(condition)", arguments: arguments)
                ids = try Int64.fetchAll(
                    db, sql: order + " LIMIT ? OFFSET ?", arguments: arguments + [limit, offset])
            }
            let feeds = try Self.feeds(ids, db)
            return FeedPage(feeds: feeds, total: total ?? 0)
        }
    }

    package func feedState(at url: String) async throws(StoreError) -> FeedState? {
        try await read { db in
            let id = try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT id FROM feeds WHERE url = ? AND position IS NOT NULL"),
                arguments: [url])
            return try Self.feeds(id.map { [$0] } ?? [], db).first
        }
    }

    package func feedState(_ id: FeedID) async throws(StoreError) -> FeedState? {
        try await read { db in try Self.feeds([id.rawValue], db).first }
    }

    /// Registered feeds, in this order.
    private static func feeds(_ ids: [Int64], _ db: Database) throws -> [FeedState] {
        var statement = try BoundStatement(
            db,
            """
            SELECT \(FeedRow.columns) FROM feeds
            WHERE id IN (SELECT value FROM json_each(?)) AND position IS NOT NULL
            """)
        statement.bind("[" + ids.map { "\($0)" }.joined(separator: ",") + "]")
        let feeds = Dictionary(try FeedRow.states(statement).map { ($0.id.rawValue, $0) }) { first, _ in first }
        return ids.compactMap { feeds[$0] }
    }

    package func feedConditions() async throws(StoreError) -> [FeedHealth.Condition: Int] {
        try await read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT coalesce(health, 'new') AS health, count(*) AS count FROM feeds
                        WHERE position IS NOT NULL GROUP BY 1
                        """))
            return Dictionary(
                rows.compactMap { row in
                    FeedHealth.Condition(rawValue: row["health"]).map { ($0, row["count"] as Int) }
                }
            ) { first, _ in first }
        }
    }

    /// Rows that are looked at for one feed.
    private static let mostItems = 5000

    package func newItems(
        of feeds: [FeedID], days: Int, at now: Date
    ) async throws(StoreError) -> [FeedID: [Int]] {
        try await read { db in
            let today = Int((now.seconds / 86_400).rounded(.down))
            let first = today - days + 1
            let statement = try db.cachedStatement(
                sql: "SELECT first_seen FROM items WHERE feed = ? ORDER BY id DESC LIMIT \(Self.mostItems)")
            var result: [FeedID: [Int]] = [:]
            for feed in feeds {
                var counts = Array(repeating: 0, count: days)
                let rows = try Double.fetchCursor(statement, arguments: [feed.rawValue])
                // Ids grow with the time, but for those of older pages that closed a gap.
                var older = 0
                while older < 200, let seen = try rows.next() {
                    let day = Int((seen / 86_400).rounded(.down))
                    if day < first { older += 1 } else if day <= today { counts[day - first] += 1 }
                }
                result[feed] = counts
            }
            return result
        }
    }

    /// For `json_each`.
    private static func list(_ texts: [String]) -> String {
        var writer = JSONWriter()
        writer.strings(texts)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
