package import Foundation
import GRDB
package import Model

// The outbox of sinks that have a pace.
extension SQLiteStore {
    package func claimMessage(
        to sink: SinkName, at now: Date, rule: MessageRule, lease: Duration
    ) async throws(StoreError) -> MessageClaim {
        // Most looks find nothing to send; those need no writer.
        let look = try await read { db in try Self.step(sink, rule, now, db) }
        if case .wait(let until, let isGap) = look { return .wait(until: until, isGap: isGap) }
        // On the disk before it is sent: a power cut must not make another message of it.
        return try await write(isDurable: rule.joins) { db in
            let rows: [QueuedDelivery]
            switch try Self.step(sink, rule, now, db) {
            case .wait(let until, let isGap): return .wait(until: until, isGap: isGap)
            case .begun(let number):
                rows = try Self.select("message = :number", order: "+serial", "-1", sink, now, number, db)
            case .urgent(let count):
                let urgent = "urgent = 1 AND message IS NULL AND \(Self.due)"
                rows = try Self.select(urgent, order: "serial", ":number", sink, now, Int64(count), db)
            case .fresh(let count):
                let fresh = "urgent = 0 AND message IS NULL AND \(Self.due)"
                rows = try Self.select(fresh, order: "next_try, serial", ":number", sink, now, Int64(count), db)
            }
            guard let number = rows.map(\.serial).min() else { return .wait(until: nil, isGap: false) }
            try Self.begin(number, of: rows, sink, rule, now, lease, db)
            #if DEBUG
                Failpoint.messageWritten.pass()
            #endif
            return .message(rows.map(\.delivery))
        }
    }

    package func settle(
        message deliveries: [Delivery.ID], _ verdict: DeliveryVerdict, after attempt: DeliveryAttempt?, at now: Date
    ) async throws(StoreError) {
        try await write(isDurable: false) { db in
            if verdict != .delivered { try Self.forgetSending(deliveries, db) }
            for delivery in deliveries { try Self.settle(delivery, verdict, after: attempt, at: now, db) }
            #if DEBUG
                Failpoint.messageSettleWritten.pass()
            #endif
        }
    }

    package func hasTaken(_ sink: SinkName, since date: Date) async throws(StoreError) -> Bool {
        try await read { db in
            try Bool.fetchOne(
                db, sql: "SELECT last_success > ? FROM sinks WHERE name = ?", arguments: [date.seconds, sink.rawValue])
                ?? false
        }
    }

    package func part(
        message deliveries: [Delivery.ID], into messages: [[Delivery.ID]], at now: Date
    ) async throws(StoreError) {
        try await write { db in
            let planned = Set(messages.flatMap(\.self))
            let rest = deliveries.filter { !planned.contains($0) }
            let serial = try db.cachedStatement(
                sql: "SELECT serial, message FROM deliveries WHERE alert = ? AND sink = ?")
            let assign = try db.cachedStatement(
                sql: """
                    UPDATE deliveries SET message = ?, part = ?, claimed_at = iif(?, claimed_at, NULL),
                        lease_until = iif(?, lease_until, NULL)
                    WHERE alert = ? AND sink = ? AND state = 'pending'
                    """)
            for (index, message) in messages.enumerated() {
                let rows = try message.compactMap {
                    try Row.fetchOne(serial, arguments: [$0.alert.rawValue, $0.sink.rawValue])
                }
                guard let number = rows.map({ $0[0] as Int64 }).min() else { continue }
                if index == 0, let old = rows[0][1] as Int64?, let sink = message.first?.sink {
                    // What was noted for the rate is this one now.
                    try db.cachedStatement(sql: "UPDATE sink_messages SET message = ? WHERE sink = ? AND message = ?")
                        .execute(arguments: [number, sink.rawValue, old])
                }
                let isLast = index == messages.count - 1
                let part = MessagePart(number: index + 1, of: messages.count, rest: isLast ? rest.count : 0)
                for delivery in message {
                    try assign.execute(arguments: [
                        number, part.text, index == 0, index == 0, delivery.alert.rawValue, delivery.sink.rawValue,
                    ])
                }
            }
            let free = try db.cachedStatement(
                sql: """
                    UPDATE deliveries SET message = NULL, part = NULL, claimed_at = NULL, lease_until = NULL, next_try = ?
                    WHERE alert = ? AND sink = ? AND state = 'pending'
                    """)
            for delivery in rest {
                try free.execute(arguments: [now.seconds, delivery.alert.rawValue, delivery.sink.rawValue])
            }
            #if DEBUG
                Failpoint.messageParted.pass()
            #endif
        }
    }

    package func split(
        message deliveries: [Delivery.ID], reason: String, after attempt: DeliveryAttempt?, at now: Date
    ) async throws(StoreError) {
        try await write { db in
            try Self.forgetSending(deliveries, db)
            let middle = (deliveries.count + 1) / 2
            for half in [deliveries[..<middle], deliveries[middle...]] {
                let serials = try half.map { delivery in
                    try Int64.fetchOne(
                        db.cachedStatement(sql: "SELECT serial FROM deliveries WHERE alert = ? AND sink = ?"),
                        arguments: [delivery.alert.rawValue, delivery.sink.rawValue]) ?? 0
                }
                for delivery in half {
                    try Self.settle(
                        delivery, .retry(at: now, reason: reason, wholeSink: false), after: attempt,
                        isOfSink: false, at: now, db)
                    try db.cachedStatement(
                        sql: """
                            UPDATE deliveries SET message = ?, part = NULL
                            WHERE alert = ? AND sink = ? AND state = 'pending'
                            """
                    )
                    .execute(arguments: [serials.min(), delivery.alert.rawValue, delivery.sink.rawValue])
                }
            }
            #if DEBUG
                Failpoint.messageSplit.pass()
            #endif
        }
    }

    /// A time of more than two days ahead was written by a clock that was wrong.
    private static var due: String { "(next_try <= :now OR next_try > :far)" }
    private static var mine: String {
        """
        sink = :sink AND state = 'pending'
            AND (lease_until IS NULL OR lease_until <= :now OR claimed_at > :now + 300)
        """
    }

    private static func select(
        _ condition: String, order: String, _ limit: String, _ sink: SinkName, _ now: Date, _ number: Int64,
        _ db: Database
    ) throws -> [QueuedDelivery] {
        var arguments: StatementArguments = ["sink": sink.rawValue, "now": now.seconds, "number": number]
        if condition.contains(":far") { arguments = arguments + ["far": now.seconds + longestPause] }
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(QueuedDelivery.columns) FROM deliveries JOIN alerts ON alerts.id = alert
                WHERE \(mine) AND \(condition) ORDER BY \(order) LIMIT \(limit)
                """)
        return try QueuedDelivery.all(BoundStatement(statement, arguments, db), to: sink, db)
    }

    private static func step(_ sink: SinkName, _ rule: MessageRule, _ now: Date, _ db: Database) throws -> MessageStep {
        let time = now.seconds
        var waiting = WaitingMessages()
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT not_before, stopped, last_message FROM sinks WHERE name = ?"),
            arguments: [sink.rawValue])
        if let row {
            if (row["stopped"] as String?) != nil { return .wait(until: nil, isGap: false) }
            if let notBefore: Double = row["not_before"], notBefore > time, notBefore < time + longestSinkPause {
                return .wait(until: Date(timeIntervalSince1970: notBefore), isGap: false)
            }
            waiting.lastStart = Date(seconds: row["last_message"])
        }
        let arguments: StatementArguments = ["sink": sink.rawValue, "now": time, "far": time + longestPause]
        let begun = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT message, urgent FROM deliveries WHERE \(mine) AND message IS NOT NULL AND \(due)
                    ORDER BY urgent DESC, message LIMIT 1
                    """),
            arguments: arguments)
        if let begun { waiting.begun = [.init(number: begun["message"], isUrgent: begun["urgent"])] }
        waiting.urgent =
            try Int.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT count(*) FROM (
                            SELECT 1 FROM deliveries WHERE \(mine) AND urgent = 1 AND message IS NULL AND \(due)
                            LIMIT :most)
                        """),
                arguments: arguments + ["most": rule.mostTogether]) ?? 0
        waiting.arrivals = try Double.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT next_try FROM deliveries WHERE \(mine) AND urgent = 0 AND message IS NULL AND \(due)
                    ORDER BY next_try, serial LIMIT :most
                    """),
            arguments: arguments + ["most": rule.mostTogether + 1]
        ).map { Date(timeIntervalSince1970: min($0, time)) }
        if let rate = rule.pace.rate {
            waiting.sent = try Double.fetchAll(
                db.cachedStatement(
                    sql: "SELECT time FROM sink_messages WHERE sink = ? AND time <= ? ORDER BY time DESC LIMIT ?"),
                arguments: [sink.rawValue, time, rate.count]
            ).map { Date(timeIntervalSince1970: $0) }
        }
        waiting.nextDue = Date(
            seconds: try Double.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT min(next_try) FROM deliveries
                        WHERE sink = :sink AND state = 'pending' AND next_try > :now AND next_try <= :far
                        """),
                arguments: arguments))
        return rule.step(waiting, at: now)
    }

    /// Marks the alerts as one message that is under way, and notes it for gap and rate.
    private static func begin(
        _ number: Int64, of rows: [QueuedDelivery], _ sink: SinkName, _ rule: MessageRule, _ now: Date,
        _ lease: Duration,
        _ db: Database
    ) throws {
        let claim = try db.cachedStatement(
            sql: "UPDATE deliveries SET claimed_at = ?, lease_until = ?, message = ? WHERE alert = ? AND sink = ?")
        for row in rows {
            try claim.execute(
                arguments: [
                    now.seconds, now.seconds + lease.inSeconds, number, row.delivery.id.alert.rawValue, sink.rawValue,
                ])
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO sinks (name, last_message) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET last_message = excluded.last_message
                """
        ).execute(arguments: [sink.rawValue, now.seconds])
        guard let rate = rule.pace.rate else { return }
        try db.cachedStatement(sql: "DELETE FROM sink_messages WHERE sink = ? AND time <= ?")
            .execute(arguments: [sink.rawValue, now.seconds - rate.window.inSeconds])
        try db.cachedStatement(sql: "INSERT INTO sink_messages (sink, time, message) VALUES (?, ?, ?)")
            .execute(arguments: [sink.rawValue, now.seconds, number])
    }

    /// A message that did not arrive counts for no rate.
    private static func forgetSending(_ deliveries: [Delivery.ID], _ db: Database) throws {
        guard let first = deliveries.first else { return }
        try db.cachedStatement(
            sql: """
                DELETE FROM sink_messages WHERE rowid = (
                    SELECT max(sent.rowid) FROM sink_messages AS sent JOIN deliveries
                        ON deliveries.alert = ? AND deliveries.sink = ?
                    WHERE sent.sink = deliveries.sink AND sent.message = deliveries.message)
                """
        ).execute(arguments: [first.alert.rawValue, first.sink.rawValue])
    }
}
