import Foundation
import GRDB
package import Model
import Synchronization

/// The state in an SQLite file.
///
/// What must not be lost is on the disk when a function returns: write-ahead log, `synchronous=FULL`, and a commit that
/// several writes can share. A poll that raised nothing, and a claim, are not synced: a power cut takes them back, and the
/// feed is asked again.
package final class SQLiteStore: Store {
    package enum Access: Sendable {
        /// The one process that polls and delivers: `run`, `once`.
        case owner
        /// Looks, and asks for retries, beside an owner.
        case visitor
    }

    let path: String
    private let database: any DatabaseWriter
    private let commits: GroupCommit
    private let lock: Mutex<StateLock?>
    let clock = Mutex(ClockWatch())
    let stories = StoryIndex()

    /// SQLite's version.
    package static var version: String {
        (try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }) ?? "?"
    }

    /// Opens the state, or makes it.
    ///
    /// - Throws: `inUse` when another process owns it; `notADatabase`, `foreign`, `corrupt`, `newerVersion` when it is
    ///   not a state that this version can use, and then nothing is changed; `cannotCreate`, `readOnly`, `full`.
    package convenience init(path: String, access: Access) throws(StoreError) {
        switch access {
        case .owner:
            let lock = try StateLock(path)
            try Self.rollBack(path)
            try self.init(path: path, lock: lock, isNew: try StateFile.isNew(path))
        case .visitor:
            // A state that does not exist yet reads as an empty one.
            if try StateFile.isNew(path) {
                try self.init(database: Self.memory(), path: path, lock: nil)
            } else {
                try self.init(path: path, lock: nil, isNew: false)
            }
        }
    }

    /// A state that ends with the process, for tests.
    package static func inMemory() throws(StoreError) -> SQLiteStore {
        try SQLiteStore(database: memory(), path: ":memory:", lock: nil)
    }

    private static func memory() throws(StoreError) -> any DatabaseWriter {
        do {
            return try DatabaseQueue(configuration: configuration)
        } catch {
            throw Self.mapped(error, path: ":memory:")
        }
    }

    private convenience init(path: String, lock: StateLock?, isNew: Bool) throws(StoreError) {
        do {
            if isNew {
                try StateFile.create(path)
                // Written before the log exists, so that the mark is in the file's own header from the start.
                let queue = try DatabaseQueue(path: path)
                try queue.writeWithoutTransaction { db in
                    try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
                }
                try queue.close()
            } else {
                try Self.inspect(path, isOwner: lock != nil)
            }
            try self.init(
                database: try DatabasePool(path: path, configuration: Self.configuration), path: path, lock: lock)
        } catch let error as StoreError {
            throw error
        } catch {
            throw Self.mapped(error, path: path)
        }
    }

    private init(database: any DatabaseWriter, path: String, lock: StateLock?) throws(StoreError) {
        self.path = path
        self.database = database
        self.lock = Mutex(lock)
        commits = GroupCommit(database)
        do {
            try Schema.migrator.migrate(database)
            // GRDB sets NORMAL when it opens a pool, after any configuration of ours: with that, a power cut loses
            // alerts. So it is set here, and read back.
            let isFull = try database.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
                return try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2
            }
            guard isFull else { throw StoreError.failed(path: path, reason: "SQLite does not keep synchronous=FULL") }
            if lock != nil { try voidLeases() }
        } catch let error as StoreError {
            throw error
        } catch {
            throw Self.mapped(error, path: path)
        }
    }

    /// Tells those beside us that we reload at SIGHUP, and something of ourselves (`StateOwner`). Says whether that could be written;
    /// a visitor tells nothing.
    @discardableResult
    package func announce(_ note: [UInt8]) -> Bool {
        lock.withLock { $0?.announce(note) ?? false }
    }

    /// Closes the file and gives up the lock.
    package func close() async {
        // The log goes into the file, so that a copy of the file alone is a backup. What cannot be closed cleanly is
        // recovered when it is opened again.
        if lock.withLock({ $0 != nil }) {
            _ = try? await database.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
        }
        try? database.close()
        lock.withLock { $0 = nil }
    }

    /// Undoes what an owner had begun that was killed while it made the state: until the log exists SQLite has a journal beside the
    /// file, and who may only read cannot open it then.
    private static func rollBack(_ path: String) throws(StoreError) {
        let journal = (try? FileManager.default.attributesOfItem(atPath: path + "-journal")[.size] as? Int) ?? 0
        // What is not ours is refused, as it lies there.
        guard journal > 0, try !StateFile.isNew(path) else { return }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            _ = try queue.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") }
            try queue.close()
        } catch {
            throw mapped(error, path: path)
        }
    }

    /// As pages and alerts have a feed's address: without what may be secret in it.
    private static let shownAddress = DatabaseFunction("shown_address", argumentCount: 1, pure: true) { values in
        String.fromDatabaseValue(values[0]).map(FeedAddress.shown)
    }

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            db.add(function: shownAddress)
            try db.execute(sql: "PRAGMA cache_size = -6000; PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    /// Looks at a state without being able to change it: a later version's and a damaged one are left as they are.
    private static func inspect(_ path: String, isOwner: Bool) throws {
        var configuration = configuration
        configuration.readonly = true
        // A log that holds something is the mark of an owner that was killed.
        let wasClosed = (try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int) ?? 0 == 0
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read { db in
            if try Schema.migrator.hasBeenSuperseded(db) {
                let found = try Schema.migrator.appliedIdentifiers(db).count
                throw StoreError.newerVersion(path: path, found: found, known: Schema.version)
            }
            if isOwner, let fault = try damage(db, wasClosed: wasClosed) {
                throw StoreError.corrupt(path: path, reason: fault)
            }
        }
        try queue.close()
    }

    /// What SQLite finds wrong with the file's structure. Large files are not looked through, since that takes seconds, and
    /// those of some megabytes only when their last owner did not close them.
    private static func damage(_ db: Database, wasClosed: Bool) throws -> String? {
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        guard pages < (wasClosed ? 1024 : 32_768) else { return nil }
        let finding = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
        return finding == "ok" ? nil : finding?.legible
    }

    /// The owner is the only process, so whoever held a lease is gone. What it had in hand it may have asked, and is marked for
    /// `register` by a lease that ended when it began; but for the claim of a whole run, of which most was not asked yet.
    private func voidLeases() throws {
        try database.write { db in
            try db.execute(
                sql: """
                    UPDATE feeds SET claimed_at = iif(lease_until < claimed_at + 86400, claimed_at, NULL),
                        lease_until = iif(lease_until < claimed_at + 86400, claimed_at, NULL)
                    WHERE lease_until IS NOT NULL
                    """)
            try db.execute(
                sql: """
                    UPDATE deliveries SET claimed_at = NULL, lease_until = NULL
                    WHERE state = 'pending' AND claimed_at IS NOT NULL
                    """)
        }
    }

    // MARK: access for the extensions

    func write<Value: Sendable>(
        isDurable: Bool = true, canWait: Bool = false, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await commits.perform(isDurable: isDurable, canWait: canWait, body)
        } catch {
            throw Self.mapped(error, path: path)
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await database.read(body)
        } catch {
            throw Self.mapped(error, path: path)
        }
    }

    /// SQLite's result codes as errors for people.
    static func mapped(_ error: any Error, path: String) -> StoreError {
        guard let error = error as? DatabaseError else {
            return error as? StoreError ?? .failed(path: path, reason: "\(error)".legible)
        }
        let words = (error.message ?? "\(error.resultCode)").legible
        return switch error.resultCode {
        case .SQLITE_NOTADB: .notADatabase(path: path)
        case .SQLITE_CORRUPT: .corrupt(path: path, reason: words)
        case .SQLITE_FULL: .full(path: path)
        case .SQLITE_IOERR where [ENOSPC, EFBIG, EDQUOT].contains(errno): .full(path: path)
        case .SQLITE_IOERR: .full(path: path)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: .readOnly(path: path)
        case .SQLITE_CANTOPEN: .cannotCreate(path: path, reason: words)
        case .SQLITE_BUSY, .SQLITE_LOCKED: .inUse(path: path)
        default: .failed(path: path, reason: words)
        }
    }
}

extension Date {
    /// As the state keeps times.
    var seconds: Double { timeIntervalSince1970 }

    init?(seconds: Double?) {
        guard let seconds else { return nil }
        self.init(timeIntervalSince1970: seconds)
    }
}

extension Duration {
    var inSeconds: Double { self / .seconds(1) }
}
