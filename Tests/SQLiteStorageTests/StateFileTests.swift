import Foundation
import GRDB
import Model
import SQLiteStorage
import TestSupport
import Testing

@Suite struct StateFileTests {
    private let folder: URL
    private var path: String { folder.appendingPathComponent("state.db").path }

    init() throws {
        folder = try Fixture.temporaryFolder()
    }

    private func makeState() async throws {
        let store = try SQLiteStore(path: path, access: .owner)
        try await store.register([FeedSpec(url: "https://a.example/feed")], at: Date())
        await store.close()
    }

    @Test func `a second owner is refused, and let in when the first has gone`() async throws {
        let first = try SQLiteStore(path: path, access: .owner)
        #expect(throws: StoreError.inUse(path: path)) { try SQLiteStore(path: path, access: .owner) }
        await first.close()
        await (try SQLiteStore(path: path, access: .owner)).close()
    }

    /// In another process, as commands do: who holds a lock does not see it.
    private func owner() throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            """
            import fcntl, struct, sys
            f = open(sys.argv[1])
            got = fcntl.fcntl(f, fcntl.F_GETLK, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 1, 0))
            print(*(('none',) if struct.unpack('hhqqi4x', got)[0] == fcntl.F_UNLCK else (struct.unpack('hhqqi4x', got)[4], f.read())))
            """, path + ".lock",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    @Test func `an owner that announces itself is seen with its process and its note, and no other`() async throws {
        #expect(StateOwner(of: path) == .none)
        let store = try SQLiteStore(path: path, access: .owner)
        #expect(try owner() == ["none"])
        store.announce(Array("a-long-note".utf8))
        store.announce(Array("note".utf8))
        #expect(try owner() == ["\(getpid())", "note"])
        let visitor = try SQLiteStore(path: path, access: .visitor)
        #expect(!visitor.announce(Array("mine".utf8)))
        await visitor.close()
        #expect(try owner() == ["\(getpid())", "note"])
        await store.close()
        #expect(try owner() == ["none"])
        // The next one is none that reloads until it says so, whatever stands there.
        let next = try SQLiteStore(path: path, access: .owner)
        #expect(try owner() == ["none"])
        await next.close()
    }

    @Test func `a state has one owner, whatever links lead to it`() async throws {
        let files = FileManager.default
        let other = folder.appendingPathComponent("other").path
        try files.createDirectory(atPath: other, withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: other + "/link.db", withDestinationPath: "../state.db")
        try files.createSymbolicLink(atPath: folder.path + "/folder", withDestinationPath: folder.path)
        // The first one makes the file, through the link.
        for (mine, others) in [
            (other + "/link.db", path), (path, other + "/link.db"), (path, folder.path + "/folder/state.db"),
        ] {
            let first = try SQLiteStore(path: mine, access: .owner)
            #expect(throws: StoreError.inUse(path: others)) { try SQLiteStore(path: others, access: .owner) }
            await first.close()
        }
        #expect(files.fileExists(atPath: path))
        await (try SQLiteStore(path: other + "/link.db", access: .owner)).close()
    }

    @Test func `a visitor looks in beside an owner`() async throws {
        let owner = try SQLiteStore(path: path, access: .owner)
        try await owner.register([FeedSpec(url: "https://a.example/feed")], at: Date())
        let visitor = try SQLiteStore(path: path, access: .visitor)
        #expect(try await visitor.feeds().count == 1)
        await visitor.close()
        await owner.close()
    }

    @Test func `a state that is not there yet reads as an empty one and is not made`() async throws {
        let visitor = try SQLiteStore(path: path, access: .visitor)
        #expect(try await visitor.feeds().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `all its files are its owner's only`() async throws {
        let store = try SQLiteStore(path: path, access: .owner)
        try await store.register([FeedSpec(url: "https://a.example/feed")], at: Date())
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)[.posixPermissions]
            #expect(mode as? Int == 0o600, "\(name)")
        }
        await store.close()
    }

    @Test func `a kill while the state is made is made good by the next owner`() async throws {
        // The file has our mark already, and the journal that would take it back is still there (SQLite file format §3).
        let queue = try DatabaseQueue(path: path)
        try await queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA application_id = 0x5443534E") }
        try queue.close()
        var journal: [UInt8] = [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7]
        // No records, a nonce, no pages before, sectors of 512 bytes, pages of 4096.
        for number: UInt32 in [0, 7, 0, 512, 4096] {
            for shift in stride(from: UInt32(24), through: 0, by: -8) {
                journal.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        journal += [UInt8](repeating: 0, count: 512 - journal.count)
        try Data(journal).write(to: URL(fileURLWithPath: path + "-journal"))
        for _ in 0..<2 {
            let store = try SQLiteStore(path: path, access: .owner)
            try await store.register([FeedSpec(url: "https://a.example/feed")], at: Date())
            #expect(try await store.feeds().count == 1)
            await store.close()
        }
        #expect(!FileManager.default.fileExists(atPath: path + "-journal"))
    }

    @Test func `a state of the first version is taken over`() async throws {
        try await makeState()
        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
            let first = [
                "id", "url", "position", "title", "etag", "last_modified", "validators_url", "body_hash", "last_poll",
                "last_success", "last_new_item", "next_poll", "not_before", "gone", "failures", "last_error",
                "last_status", "fresh_for", "quiet_times", "claimed_at", "lease_until",
            ]
            func names(_ sql: String) throws -> [String] { try String.fetchAll(db, sql: sql) }
            let columns = [
                "feeds": first,
                "deliveries": [
                    "alert", "sink", "state", "attempts", "first_try", "next_try", "claimed_at", "lease_until",
                    "last_error",
                ], "sinks": ["name", "not_before", "stopped"],
                "alerts": ["id", "created", "article", "body"],
                "article_watches": ["article", "watch", "alert", "first_seen"],
                "items": [
                    "feed", "id", "guid", "link", "title", "text", "revision", "article", "first_seen", "last_seen",
                ],
            ]
            for (table, kept) in columns {
                for index in try names("SELECT name FROM pragma_index_list('\(table)') WHERE origin = 'c'")
                where !["feeds_due", "deliveries_due", "alerts_created", "alerts_article"].contains(index) {
                    try db.execute(sql: "DROP INDEX \(index)")
                }
                for column in try names("SELECT name FROM pragma_table_info('\(table)')") where !kept.contains(column) {
                    try db.execute(sql: "ALTER TABLE \(table) DROP COLUMN \(column)")
                }
            }
            for trigger in try names("SELECT name FROM sqlite_master WHERE type = 'trigger'") {
                try db.execute(sql: "DROP TRIGGER \(trigger)")
            }
            let tables = ["feeds", "items", "article_watches", "alerts", "deliveries", "sinks", "grdb_migrations"]
            for table in try names("SELECT name FROM sqlite_master WHERE type = 'table'") where !tables.contains(table)
            {
                try db.execute(sql: "DROP TABLE \(table)")
            }
            try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier NOT LIKE '1 %'")
        }
        try queue.close()
        let store = try SQLiteStore(path: path, access: .owner)
        #expect(try await store.feeds().map(\.health) == [FeedHealth(.new)])
        await store.close()
    }

    @Test func `a state from before pushes is taken over`() async throws {
        try await makeState()
        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
            try db.execute(sql: "DROP INDEX feeds_hub; DROP TABLE hub_subscriptions")
            for column in ["hub", "hub_topic", "push_until", "push_level", "unslowed_poll"] {
                try db.execute(sql: "ALTER TABLE feeds DROP COLUMN \(column)")
            }
            try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier LIKE 'websub%'")
        }
        try queue.close()
        let store = try SQLiteStore(path: path, access: .owner)
        #expect(try await store.feeds().map(\.pushes) == [nil])
        #expect(try await store.hubSubscriptions().isEmpty)
        await store.close()
    }

    @Test func `a file that is no database is refused and not touched`() throws {
        let text = Data("a diary, not a database\n".utf8)
        try text.write(to: URL(fileURLWithPath: path))
        #expect(throws: StoreError.notADatabase(path: path)) { try SQLiteStore(path: path, access: .owner) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
    }

    @Test func `another program's database is refused and not touched`() async throws {
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(throws: StoreError.foreign(path: path)) { try SQLiteStore(path: path, access: .owner) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test func `a later version's state is refused`() async throws {
        try await makeState()
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from the future')") }
        try queue.close()
        #expect {
            try SQLiteStore(path: path, access: .owner)
        } throws: { error in
            guard case StoreError.newerVersion(path, let found, let known) = error else { return false }
            return found == known + 1
        }
    }

    @Test func `a damaged state is told of and kept`() async throws {
        try await makeState()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in 4096..<min(bytes.count, 40_000) { bytes[index] = 0x5A }
        try bytes.write(to: URL(fileURLWithPath: path))
        do {
            _ = try SQLiteStore(path: path, access: .owner)
            Testing.Issue.record("it was opened")
        } catch {
            guard case .corrupt = error else {
                Testing.Issue.record("\(error)")
                return
            }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == bytes.count)
    }

    @Test func `a folder that is not there cannot hold a state`() {
        let missing = folder.path + "/none/state.db"
        #expect(throws: StoreError.self) { try SQLiteStore(path: missing, access: .owner) }
    }

    @Test func `what was written before a crash is there afterwards`() async throws {
        let store = try SQLiteStore(path: path, access: .owner)
        try await store.register([FeedSpec(url: "https://a.example/feed")], at: Date())
        // A copy of the files as a crash leaves them, log and all.
        let copy = try Fixture.temporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !name.hasSuffix("-shm") {
            try FileManager.default.copyItem(atPath: folder.path + "/" + name, toPath: copy.path + "/" + name)
        }
        let recovered = try SQLiteStore(path: copy.path + "/state.db", access: .owner)
        #expect(try await recovered.feeds().map(\.url) == ["https://a.example/feed"])
        await store.close()
    }
}
