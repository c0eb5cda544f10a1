import Foundation
import GRDB
import Model

/// A delivery of the queue as it is read to be sent, with its alert: one list of columns, read in its order.
struct QueuedDelivery {
    private(set) var delivery: Delivery
    /// Its place in the queue.
    let serial: Int64
    /// The alert that this one says again.
    private let first: String?
    /// The one that is not meant, and that this one is much like.
    private let dismissed: String?

    /// Of deliveries and their alerts.
    static let columns = """
        alert, serial, attempts, first_try, memo, copy_of, body, part, codenames, created, heard, resembles
        """

    /// - Parameter statement: bound, and of a `SELECT` of `columns`. Read to its end first: what is done with the deliveries changes
    ///   the rows that it goes through.
    static func all(_ statement: consuming BoundStatement, to sink: SinkName, _ db: Database) throws -> [Self] {
        var queued: [Self] = []
        while try statement.step() { queued.append(Self(&statement, sink)) }
        if queued.isEmpty { return [] }
        let key = try OutsideKey(db)
        for index in queued.indices { try queued[index].complete(key, db) }
        return queued
    }

    private init(_ row: inout BoundStatement, _ sink: SinkName) {
        let alert: String = row.next()
        serial = row.next()
        let attempts: Int = row.next()
        let firstTry: Date? = row.next()
        let memo: String? = row.next()
        first = row.next()
        // A text, and its bytes are what is sent.
        delivery = Delivery(
            id: .init(alert: AlertID(alert), sink: sink), body: row.next() ?? [], attempts: attempts, firstTry: firstTry
        )
        delivery.memo = memo
        delivery.part = (row.next() as String?).flatMap { MessagePart(text: $0) }
        if let names: String = row.next() {
            delivery.codenames =
                (try? JSONDecoder().decode([String: String].self, from: Data(names.utf8)))
                ?? Self.unreadable(delivery.body)
        }
        delivery.raised = row.next()
        let hearing = Hearing(text: row.next())
        dismissed = row.next()
        if let hearing { leaveOut(hearing) }
    }

    /// The state keeps the alert whole; what goes out is of the watches that are heard.
    private mutating func leaveOut(_ hearing: Hearing) {
        guard let alert = Alert(json: delivery.body), let part = hearing.part(of: alert) else { return }
        delivery.untold = alert.watches.filter { !part.watches.contains($0) }
        delivery.body = part.json
    }

    private mutating func complete(_ key: OutsideKey, _ db: Database) throws {
        delivery.outside = .init(alert: key.id(of: delivery.id.alert.rawValue))
        delivery.outside?.dismissed = dismissed.map(key.id)
        guard let first else { return }
        let body = delivery.body
        delivery.original = try SQLiteStore.original(
            first, at: delivery.id.sink, before: serial, watches: { Alert(json: body)?.watches ?? [] }, db)
        delivery.outside?.first = key.id(of: first)
        delivery.outside?.isFirstRenamed =
            try Bool.fetchOne(
                db.cachedStatement(sql: "SELECT codenames IS NOT NULL FROM alerts WHERE id = ?"), arguments: [first])
            ?? false
    }

    /// That there were code names is known, and not which: then no watch is told.
    private static func unreadable(_ body: [UInt8]) -> [String: String] {
        let alert = Alert(json: body)
        let watches = (alert?.watches ?? []) + (alert?.matches.map(\.watch) ?? [])
        return Dictionary(watches.map { ($0, "•••") }) { first, _ in first }
    }
}
