package import Foundation
import GRDB
package import Model

// What a person wants to hear nothing of for a while. Looked up for each alert, in the transaction that raises it, so that a
// running monitor obeys at once and polls without alerts pay nothing.
extension SQLiteStore {
    /// From now on; another silence of the same watch is replaced.
    package func silence(_ silence: Silence) async throws(StoreError) {
        try await write { db in
            // Nothing else takes away those that are over.
            try db.cachedStatement(sql: "DELETE FROM silences WHERE until <= ?").execute(
                arguments: [silence.since.seconds])
            try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO silences (watch, since, until, reason) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [silence.watch, silence.since.seconds, silence.until.seconds, silence.reason])
        }
    }

    /// Ends a silence before its time. False when there is none.
    package func endSilence(of watch: String, at now: Date) async throws(StoreError) -> Bool {
        try await write { db in
            try db.cachedStatement(sql: "DELETE FROM silences WHERE watch = ? AND until > ?")
                .execute(arguments: [watch, now.seconds])
            return db.changesCount > 0
        }
    }

    /// Those that hold, the first to end first.
    package func silences(at now: Date) async throws(StoreError) -> [Silence] {
        try await read { db in try Self.silences(at: now, db) }
    }

    static func silences(at now: Date, _ db: Database) throws -> [Silence] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT watch, since, until, reason FROM silences WHERE until > ? ORDER BY until, watch"),
            arguments: [now.seconds]
        ).map { row in
            Silence(
                watch: row["watch"], since: Date(timeIntervalSince1970: row["since"]),
                until: Date(timeIntervalSince1970: row["until"]), reason: row["reason"])
        }
    }

    /// What stands beside a delivery that a silence holds back.
    private static func words(_ silences: [Silence]) -> String {
        let watches = silences.map(\.watch).joined(separator: ", ")
        let until = silences.map(\.until).max().map(Timestamp.text) ?? ""
        let reasons = silences.compactMap(\.reason).joined(separator: "; ")
        return "silenced until \(until): \(watches)" + (reasons.isEmpty ? "" : " (\(reasons))")
    }

    /// Which deliveries of an alert are made, and which of them only to be kept.
    struct Deliveries {
        fileprivate let alert: Alert
        /// The alert as far as it is of watches that are not silenced. Nil where there is no such watch.
        fileprivate let heard: Alert?
        /// Why the rest is not sent. Nil: nothing is silenced.
        let reason: String?

        /// Whether any watch of the alert is not silenced.
        var isHeard: Bool { heard != nil }
        var isUrgent: Bool { heard?.severity == .critical }

        /// Nil: the sink does not want it.
        func state(for route: SinkRoute) -> Delivery.State? {
            if let heard, route.wants(heard) { return .pending }
            return reason != nil && route.wants(alert) ? .suppressed : nil
        }
    }

    static func deliveries(
        of alert: Alert, article: Data, _ severities: [String: Severity] = [:], at now: Date, _ db: Database
    ) throws -> Deliveries {
        if alert.watches.isEmpty { return Deliveries(alert: alert, heard: alert, reason: nil) }
        let silenced = try silences(at: now, db).filter { alert.watches.contains($0.watch) }
        let dismissed = try dismissedWatches(article, copyOf: alert.duplicateOf, db).filter(alert.watches.contains)
        guard !silenced.isEmpty || !dismissed.isEmpty else {
            return Deliveries(alert: alert, heard: alert, reason: nil)
        }
        var heard = alert
        heard.watches.removeAll { watch in dismissed.contains(watch) || silenced.contains { $0.watch == watch } }
        heard.severity = heard.watches.compactMap { severities[$0] }.max() ?? heard.severity
        let reasons = [
            silenced.isEmpty ? nil : words(silenced),
            dismissed.isEmpty ? nil : "marked as not meant: \(dismissed.sorted().joined(separator: ", "))",
        ]
        return Deliveries(
            alert: alert, heard: heard.watches.isEmpty ? nil : heard,
            reason: reasons.compactMap(\.self).joined(separator: "; "))
    }
}
