import Foundation
import GRDB
import GRDBSQLite
import Model

/// A prepared statement whose values go to SQLite one by one, in their order, and come from it so.
///
/// For the few statements that every poll and every item runs: GRDB boxes each argument and each column, which costs more than SQLite
/// itself takes for them. For one use: its bindings and its rows end with it.
@safe struct BoundStatement: ~Copyable {
    private let statement: Statement
    private let raw: OpaquePointer
    private let db: Database
    private var place: Int32 = 0

    /// - Parameter sql: prepared once a connection.
    init(_ db: Database, _ sql: String) throws {
        self.init(try db.cachedStatement(sql: sql), db)
    }

    /// - Parameter statement: of this database, and not under way.
    init(_ statement: Statement, _ db: Database) {
        self.statement = statement
        self.db = db
        unsafe raw = statement.sqliteStatement
        // What a use before this one has left, also GRDB's.
        unsafe sqlite3_reset(raw)
        unsafe sqlite3_clear_bindings(raw)
    }

    /// - Parameter arguments: by their names, for a statement that few run.
    init(_ statement: Statement, _ arguments: StatementArguments, _ db: Database) throws {
        self.init(statement, db)
        try statement.setArguments(arguments)
    }

    deinit {
        unsafe sqlite3_reset(raw)
        unsafe sqlite3_clear_bindings(raw)
    }

    // MARK: arguments

    mutating func bind(_ value: Int64?) {
        place += 1
        if let value { unsafe sqlite3_bind_int64(raw, place, value) }
    }

    mutating func bind(_ value: Int?) { bind(value.map(Int64.init)) }

    mutating func bind(_ value: Bool) { bind(value ? 1 as Int64 : 0) }

    /// Of a hash, as SQLite has integers.
    mutating func bind(_ value: UInt64?) { bind(value.map { Int64(bitPattern: $0) }) }

    mutating func bind(_ value: Double?) {
        place += 1
        if let value { unsafe sqlite3_bind_double(raw, place, value) }
    }

    mutating func bind(_ value: Date?) { bind(value?.seconds) }

    mutating func bind(_ value: Duration?) { bind(value?.inSeconds) }

    mutating func bind(_ value: String?) {
        place += 1
        guard var value else { return }
        value.withUTF8 { bytes in
            // An empty text has no address, and without one it would be null.
            let start = unsafe UnsafeRawPointer(bytes.baseAddress ?? Self.nothing.utf8Start)
            _ = unsafe sqlite3_bind_text(
                raw, place, start.assumingMemoryBound(to: CChar.self), Int32(bytes.count), Self.copied)
        }
    }

    mutating func bind(_ value: [UInt8]?) {
        place += 1
        guard let value else { return }
        unsafe value.withUnsafeBytes { bytes in
            _ = unsafe sqlite3_bind_blob(
                raw, place, bytes.baseAddress ?? UnsafeRawPointer(Self.nothing.utf8Start), Int32(bytes.count),
                Self.copied)
        }
    }

    mutating func bind(_ value: Digest128?) {
        place += 1
        guard let value else { return }
        unsafe withUnsafeBytes(of: (value.high.bigEndian, value.low.bigEndian)) { bytes in
            _ = unsafe sqlite3_bind_blob(raw, place, bytes.baseAddress, 16, Self.copied)
        }
    }

    /// SQLITE_TRANSIENT: SQLite takes a copy. C's macro is a cast of -1, which Swift does not import (sqlite.org/c3ref/c_static.html).
    private static var copied: sqlite3_destructor_type { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    private static let nothing: StaticString = ""

    /// Two places: the alert, the sink.
    mutating func bind(_ delivery: Delivery.ID) {
        bind(delivery.alert.rawValue)
        bind(delivery.sink.rawValue)
    }

    // MARK: steps

    /// Runs a statement that brings no rows.
    consuming func run() throws {
        while try step() {}
    }

    /// False after the last row.
    mutating func step() throws -> Bool {
        place = -1
        switch unsafe sqlite3_step(raw) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage, sql: statement.sql)
        }
    }

    // MARK: columns, from the first

    private mutating func isNull() -> Bool {
        place += 1
        return unsafe sqlite3_column_type(raw, place) == SQLITE_NULL
    }

    mutating func next() -> Int64? { isNull() ? nil : unsafe sqlite3_column_int64(raw, place) }

    mutating func next() -> Int64 {
        place += 1
        return unsafe sqlite3_column_int64(raw, place)
    }

    mutating func next() -> Int { Int(next() as Int64) }

    mutating func next() -> Int? { (next() as Int64?).map(Int.init) }

    mutating func next() -> Bool { next() as Int64 != 0 }

    mutating func next() -> UInt64? { (next() as Int64?).map { UInt64(bitPattern: $0) } }

    mutating func next() -> Double { next() as Double? ?? 0 }

    mutating func next() -> Double? { isNull() ? nil : unsafe sqlite3_column_double(raw, place) }

    mutating func next() -> Date? { Date(seconds: next()) }

    mutating func next() -> Duration? { (next() as Double?).map { .seconds($0) } }

    mutating func next() -> String { next() ?? "" }

    mutating func next() -> String? {
        guard !isNull() else { return nil }
        // First the text, then its length: the order in which SQLite converts.
        let text = unsafe sqlite3_column_text(raw, place)
        return unsafe String(
            decoding: UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(raw, place))), as: UTF8.self)
    }

    mutating func next() -> [UInt8]? {
        guard !isNull() else { return nil }
        let bytes = unsafe sqlite3_column_blob(raw, place)
        return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(raw, place))))
    }

    mutating func next() -> Digest128? {
        guard !isNull() else { return nil }
        let bytes = unsafe sqlite3_column_blob(raw, place)
        return unsafe Digest128(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(raw, place))))
    }
}
