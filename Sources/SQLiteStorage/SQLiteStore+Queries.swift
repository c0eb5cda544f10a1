import Foundation
import GRDB
package import Model

// What was kept.
extension SQLiteStore {
    package func alerts(_ filter: AlertFilter) async throws(StoreError) -> [AlertReport] {
        try await read { db in
            var conditions = ["1"]
            var arguments: StatementArguments = []
            if let since = filter.since {
                conditions.append("created >= ?")
                arguments += [since.seconds]
            }
            if let watch = filter.watch {
                conditions.append("EXISTS (SELECT 1 FROM json_each(body, '$.data.watches') WHERE value = ?)")
                arguments += [watch]
            }
            if let id = filter.id {
                // Not LIKE: an underscore, which every id has, would stand for any character.
                conditions.append("substr(id, 1, length(?)) = ?")
                arguments += [id, id]
            }
            let limit = filter.limit.map { " LIMIT \($0)" } ?? ""
            var rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, body FROM alerts WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY created DESC, rowid DESC\(limit)
                    """,
                arguments: arguments)
            if rows.isEmpty, let id = filter.id, !id.isEmpty {
                // What a receiver was told, where it is not told the watch.
                rows = try OutsideKey.alerts(called: id, limit: filter.limit ?? .max, db).compactMap { alert in
                    try Row.fetchOne(db, sql: "SELECT id, body FROM alerts WHERE id = ?", arguments: [alert])
                }
            }
            return try rows.map { row in
                let id: String = row["id"]
                return AlertReport(
                    id: AlertID(id), body: Array((row["body"] as String).utf8),
                    deliveries: try Self.deliveries(of: id, withHistory: filter.withHistory, db))
            }
        }
    }

    static func deliveries(
        of alert: String, withHistory: Bool, _ db: Database
    ) throws -> [DeliveryReport] {
        let history = withHistory ? try attempts(of: alert, db) : [:]
        return try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT sink, state, attempts, last_error, next_try FROM deliveries WHERE alert = ? ORDER BY sink
                    """),
            arguments: [alert]
        ).map { row in
            let sink: String = row["sink"]
            var report = DeliveryReport(
                sink: SinkName(sink), state: Delivery.State(rawValue: row["state"]) ?? .pending,
                attempts: row["attempts"], lastError: row["last_error"],
                nextTry: Date(seconds: row["next_try"] as Double?))
            report.history = history[sink] ?? []
            return report
        }
    }
}
