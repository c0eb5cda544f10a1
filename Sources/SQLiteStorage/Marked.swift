import Foundation
import GRDB
import Model

/// An alert that a mark ("not my person") makes quiet for one of its watches, and what becomes of its deliveries that have not been
/// sent.
struct Marked {
    let alert: Alert
    let article: Data
    /// The alert that it says again.
    let first: String?
    private let severities: Hearing.Severities

    /// - Parameter condition: of `alerts`.
    static func fetch(_ condition: String, _ arguments: StatementArguments, _ db: Database) throws -> [Self] {
        try Row.fetchAll(
            db, sql: "SELECT article, body, copy_of, severities FROM alerts WHERE \(condition) ORDER BY rowid",
            arguments: arguments
        ).compactMap { row in
            guard let alert = Alert(json: Array((row["body"] as String).utf8)) else { return nil }
            return Self(
                alert: alert, article: row["article"], first: row["copy_of"],
                severities: Hearing.Severities(text: row["severities"], of: alert))
        }
    }

    /// A delivery of it that has not been sent.
    private struct Waiting {
        let sink: String
        let serial: Int64
        let state: Delivery.State
        let withheld: String?
        let hearing: Hearing
        /// A person decides whether it goes out.
        let isHeld: Bool
    }

    private func waiting(_ db: Database) throws -> [Waiting] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT sink, serial, state, withheld, heard, EXISTS (
                    SELECT 1 FROM held WHERE held.alert = deliveries.alert AND held.sink = deliveries.sink) AS is_held
                FROM deliveries WHERE alert = ? AND state <> 'sent'
                """,
            arguments: [alert.id.rawValue]
        ).compactMap { row in
            guard let state = Delivery.State(rawValue: row["state"]) else { return nil }
            return Waiting(
                sink: row["sink"], serial: row["serial"], state: state, withheld: row["withheld"],
                hearing: Hearing(text: row["heard"]) ?? Hearing(watches: alert.watches, severity: alert.severity),
                isHeld: row["is_held"])
        }
    }

    /// What a sink would not take of it by its own `only`, it was given for another reason: for the tags of another feed, or in place of a
    /// sink that failed. Then all that is left is for it.
    private func isWanted(_ hearing: Hearing, by route: SinkRoute?) -> Bool {
        guard let rest = hearing.part(of: alert) else { return false }
        return route.map { $0.wants(rest) || !$0.wants(alert) } ?? true
    }

    /// Of what waits or has failed, the watch is left out; what nobody wants without it is given up.
    func giveUp(_ watch: String, _ routes: [SinkRoute], _ db: Database) throws {
        for one in try waiting(db) where one.hearing.watches.contains(watch) {
            // What a person has given up stays so, and what is silenced is sent whole to whoever asks for it.
            guard one.state == .pending || one.state == .failed || one.isHeld || one.withheld != nil else { continue }
            var hearing = one.hearing
            hearing.watches.removeAll { $0 == watch }
            hearing.marked.append(watch)
            hearing.severity = severities.most(hearing.watches)
            let isWanted = isWanted(hearing, by: routes.first { $0.sink.rawValue == one.sink })
            // One that is under way may still arrive: then it is sent after all. A try of one that is suppressed would make it
            // pending again.
            let state: Delivery.State = isWanted || one.state == .suppressed ? one.state : .dead
            let withheld = isWanted ? one.withheld : one.withheld ?? (one.isHeld ? "pending" : one.state.rawValue)
            try write(hearing, state, withheld, to: one, db)
            guard !isWanted, one.withheld == nil, !one.isHeld else { continue }
            try db.execute(
                sql: "UPDATE deliveries SET next_try = NULL, last_error = ? WHERE alert = ? AND sink = ?",
                arguments: [SQLiteStore.notMeant(hearing.marked), alert.id.rawValue, one.sink])
        }
    }

    /// The watch is told of again, and what was given up for it goes out.
    func bringBack(_ watch: String, _ routes: [SinkRoute], at now: Date, _ db: Database) throws {
        for one in try waiting(db) where one.hearing.marked.contains(watch) {
            var hearing = one.hearing
            hearing.marked.removeAll { $0 == watch }
            hearing.watches = alert.watches.filter { hearing.watches.contains($0) || $0 == watch }
            hearing.severity = severities.most(hearing.watches)
            let isWanted = isWanted(hearing, by: routes.first { $0.sink.rawValue == one.sink })
            guard isWanted, let withheld = one.withheld else {
                try write(hearing, one.state, one.withheld, to: one, db)
                continue
            }
            let state = one.isHeld ? one.state : Delivery.State(rawValue: withheld) ?? .pending
            try write(hearing, state, nil, to: one, db)
            guard !one.isHeld else { continue }
            try db.execute(
                sql: """
                    UPDATE deliveries SET next_try = iif(state = 'pending', ?, NULL), first_try = NULL,
                        last_error = NULL, message = NULL, part = NULL, refused = 0
                    WHERE alert = ? AND sink = ?
                    """,
                arguments: [now.seconds, alert.id.rawValue, one.sink])
        }
    }

    private func write(
        _ hearing: Hearing, _ state: Delivery.State, _ withheld: String?, to one: Waiting, _ db: Database
    ) throws {
        let isAll = hearing.watches == alert.watches
        var isUrgent = hearing.severity == .critical && !hearing.watches.isEmpty
        if isUrgent, let first {
            // A copy is urgent for who never had the first.
            isUrgent =
                try SQLiteStore.original(
                    first, at: SinkName(one.sink), before: one.serial, watches: { hearing.watches }, db) == nil
        }
        try db.execute(
            sql: "UPDATE deliveries SET heard = ?, state = ?, withheld = ?, urgent = ? WHERE alert = ? AND sink = ?",
            arguments: [isAll ? nil : hearing.text, state.rawValue, withheld, isUrgent, alert.id.rawValue, one.sink])
    }
}
