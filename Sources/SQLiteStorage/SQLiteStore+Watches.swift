package import Foundation
import GRDB
package import Model

// Since when watches look for what they look for.
extension SQLiteStore {
    package func register(watches: [WatchAim], at now: Date) async throws(StoreError) {
        try await write { db in
            let before = try Self.watchRecords(db)
            let aims = Dictionary(watches.map { ($0.name, $0) }) { first, _ in first }
            for aim in aims.values {
                let record = before.record(of: aim, at: now)
                if before.known[aim.name] != record { try Self.write(record, of: aim, db) }
            }
            let gone = before.known.keys.filter { aims[$0] == nil } + (before.isOld ? [""] : [])
            for name in gone { try db.execute(sql: "DELETE FROM watches WHERE name = ?", arguments: [name]) }
        }
    }

    package func watchRecords() async throws(StoreError) -> WatchRecords {
        try await read { db in try Self.watchRecords(db) }
    }

    private static func watchRecords(_ db: Database) throws -> WatchRecords {
        var records = WatchRecords()
        var rows = try BoundStatement(db, "SELECT name, since, start, core, parts FROM watches")
        while try rows.step() {
            let name: String = rows.next()
            let since = Date(timeIntervalSince1970: rows.next())
            let start = WatchRecord.Start(rawValue: rows.next()) ?? .unknown
            let core: Digest128? = rows.next()
            let parts: [UInt8]? = rows.next()
            if name.isEmpty {
                records.isOld = true
                continue
            }
            let aim = core.map { WatchAim(name: name, core: $0, parts: Self.words(parts ?? [])) }
            records.known[name] = WatchRecord(since: since, start: start, aim: aim)
        }
        return records
    }

    private static func write(_ record: WatchRecord, of aim: WatchAim, _ db: Database) throws {
        var statement = try BoundStatement(
            db, "INSERT OR REPLACE INTO watches (name, since, start, core, parts) VALUES (?, ?, ?, ?, ?)")
        statement.bind(aim.name)
        statement.bind(record.since)
        statement.bind(record.start.rawValue)
        statement.bind(aim.core)
        statement.bind(
            aim.parts.sorted().flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } })
        try statement.run()
    }

    /// Eight bytes each, the lowest first.
    private static func words(_ bytes: [UInt8]) -> Set<UInt64> {
        Set(
            stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map { start in
                (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
            })
    }
}
