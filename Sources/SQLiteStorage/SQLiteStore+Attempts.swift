import Foundation
import GRDB
import Model

// The tries of deliveries. They are forgotten with their alert.
extension SQLiteStore {
    /// After the delivery's own row: the number is the one that it has counted.
    static func keep(_ attempt: DeliveryAttempt, of delivery: Delivery.ID, _ db: Database) throws {
        var statement = try BoundStatement(
            db,
            """
            INSERT OR REPLACE INTO attempts
                (serial, sink, slot, number, at, duration, verdict, status, reason, answer)
            SELECT serial, sink, attempts % ?, attempts, ?, ?, ?, ?, ?, ? FROM deliveries
            WHERE alert = ? AND sink = ?
            """)
        statement.bind(DeliveryAttempt.mostKept)
        statement.bind(attempt.at)
        statement.bind(attempt.duration)
        statement.bind(attempt.verdict.rawValue)
        statement.bind(attempt.status)
        statement.bind(attempt.reason)
        statement.bind(attempt.answer)
        statement.bind(delivery)
        try statement.run()
    }

    /// By sink, each in order.
    static func attempts(of alert: String, _ db: Database) throws -> [String: [DeliveryAttempt]] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT * FROM attempts WHERE serial = (SELECT rowid FROM alerts WHERE id = ?) ORDER BY sink, number
                    """),
            arguments: [alert])
        return Dictionary(grouping: rows) { $0["sink"] as String }.mapValues { rows in
            rows.map { row in
                DeliveryAttempt(
                    number: row["number"], at: Date(timeIntervalSince1970: row["at"]),
                    duration: .milliseconds(Int64((min(max(row["duration"], 0), 1e9) * 1000).rounded())),
                    verdict: DeliveryAttempt.Verdict(rawValue: row["verdict"]) ?? .deferred, status: row["status"],
                    reason: row["reason"], answer: row["answer"])
            }
        }
    }
}
