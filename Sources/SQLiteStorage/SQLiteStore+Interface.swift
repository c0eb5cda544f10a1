import Foundation
import GRDB
package import Model

// What other programs read.
extension SQLiteStore: InterfaceStore {
    package func alertReports(_ query: AlertQuery) async throws(StoreError) -> AlertReportPage {
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
            let reports = try rows.prefix(limit).map { row in
                var report = AlertReport(
                    id: AlertID(row["id"]), body: Array((row["body"] as String).utf8),
                    deliveries: try Self.deliveries(of: row["id"], withHistory: false, db))
                report.acknowledged = Date(seconds: row["acknowledged"] as Double?)
                return report
            }
            return AlertReportPage(reports: reports, next: rows.count > limit ? rows[limit - 1]["place"] : nil)
        }
    }

    package func feeds(_ filter: FeedFilter) async throws(StoreError) -> [FeedEntry] {
        try await read { db in
            var conditions = ["position > ?"]
            var arguments: StatementArguments = [filter.after ?? -1]
            if let condition = filter.condition {
                conditions.append("coalesce(health, 'new') = ?")
                arguments += [condition.rawValue]
            }
            if let wanted = filter.needsSomebody {
                conditions.append("(\(Self.needsSomebody)) = ?")
                arguments += [wanted.at.seconds, wanted.is]
            }
            // Their places first: the rows are wide, and only a page of them is read.
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, position FROM feeds WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY position LIMIT \(max(0, filter.limit))
                    """,
                arguments: arguments)
            let positions = Dictionary(rows.map { (FeedID($0[0]), $0[1] as Int) }) { first, _ in first }
            let ids = "[" + positions.keys.map { "\($0.rawValue)" }.joined(separator: ",") + "]"
            var statement = try BoundStatement(
                db,
                """
                SELECT \(FeedRow.columns) FROM feeds WHERE id IN (SELECT value FROM json_each(?))
                ORDER BY position
                """)
            statement.bind(ids)
            let states = try FeedRow.states(statement)
            let hubs = states.contains { $0.hub != nil }
            let pushes = Dictionary(
                grouping: hubs ? try Self.subscriptions(of: states.map(\.id), db) : [], by: \.feed)
            return states.map { state in
                FeedEntry(
                    position: positions[state.id] ?? 0, state: state,
                    push: pushes[state.id]?.first { $0.phase != .ending })
            }
        }
    }
}
