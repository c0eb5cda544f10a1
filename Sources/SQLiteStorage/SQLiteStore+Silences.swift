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

    /// Which deliveries of an alert are made, of how much of it, and which of them only to be kept.
    struct Deliveries {
        struct Entry {
            var state: Delivery.State
            /// What it tells of. Nil: the whole alert.
            var hearing: Hearing?
            /// What it would be but for a mark.
            var withheld: Delivery.State?
        }

        fileprivate let alert: Alert
        /// Nil: all of it.
        fileprivate let hearing: Hearing?
        /// The alert as far as it is of watches that are heard. Nil where there is no such watch.
        fileprivate let heard: Alert?
        /// The same if nothing were marked.
        fileprivate let unmarked: Alert?
        /// Why the rest is not sent. Nil: nothing is silenced.
        let reason: String?

        fileprivate init(all alert: Alert) {
            self.alert = alert
            hearing = nil
            heard = alert
            unmarked = alert
            reason = nil
        }

        fileprivate init(_ alert: Alert, _ hearing: Hearing, unmarked: Hearing, reason: String) {
            self.alert = alert
            self.hearing = hearing
            heard = hearing.part(of: alert)
            self.unmarked = unmarked.part(of: alert)
            self.reason = reason
        }

        /// Whether any watch of the alert is heard.
        var isHeard: Bool { heard != nil }
        /// Those that are.
        var watches: [String] { heard?.watches ?? [] }
        var isUrgent: Bool { heard?.severity == .critical }

        /// Nil: the sink does not want it.
        func entry(for route: SinkRoute) -> Entry? {
            if let heard, route.wants(heard) { return Entry(state: .pending, hearing: hearing) }
            guard reason != nil, route.wants(alert) else { return nil }
            let isMarked = unmarked.map(route.wants) ?? false
            // What somebody asks for by name is sent whole.
            return Entry(
                state: .suppressed, hearing: isMarked ? hearing : nil, withheld: isMarked ? .pending : nil)
        }
    }

    static func deliveries(
        of alert: Alert, article: Data, _ severities: [String: Severity] = [:], at now: Date, _ db: Database
    ) throws -> Deliveries {
        if alert.watches.isEmpty { return Deliveries(all: alert) }
        let silenced = try silences(at: now, db).filter { alert.watches.contains($0.watch) }
        let dismissed = try dismissedWatches(article, db).filter(alert.watches.contains)
        guard !silenced.isEmpty || !dismissed.isEmpty else { return Deliveries(all: alert) }
        let severities = Hearing.Severities(severities, of: alert)
        let audible = alert.watches.filter { watch in !silenced.contains { $0.watch == watch } }
        let heard = audible.filter { !dismissed.contains($0) }
        let reasons = [
            silenced.isEmpty ? nil : words(silenced),
            dismissed.isEmpty ? nil : notMeant(dismissed),
        ]
        return Deliveries(
            alert,
            Hearing(watches: heard, severity: severities.most(heard), marked: audible.filter(dismissed.contains)),
            unmarked: Hearing(watches: audible, severity: severities.most(audible)),
            reason: reasons.compactMap(\.self).joined(separator: "; "))
    }
}
