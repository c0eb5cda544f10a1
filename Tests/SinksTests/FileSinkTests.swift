import Foundation
import Model
import Sinks
import TestSupport
import Testing

@Suite struct FileSinkTests {
    private func alert(_ number: Int, title: String = "T") -> Delivery {
        let alert = Alert(
            id: AlertID("al_\(number)"), timestamp: WebhookTests.now, watches: ["w"], severity: .normal, matches: [],
            item: AlertItem(
                id: "\(number)", url: nil, title: title, summary: nil, published: nil, language: nil, authors: []),
            feed: AlertFeed(url: "https://a.example/", name: nil, tags: []), firstSeen: WebhookTests.now)
        return Delivery(id: .init(alert: alert.id, sink: SinkName("f")), body: alert.json, attempts: 0, firstTry: nil)
    }

    private func sink(_ path: String, _ more: String = "") throws -> any Sink {
        let (set, issues) = try WebhookTests.make("  - file: {path: '\(path)'\(more)}")
        #expect(issues.isEmpty)
        return try #require(set.sinks.first)
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
    }

    @Test func `alerts are lines of a file that only its owner can read`() async throws {
        let path = try Fixture.temporaryFolder().path + "/alerts.jsonl"
        let sink = try sink(path)
        #expect(await sink.deliver(alert(1)) == .delivered)
        #expect(await sink.deliver(alert(2, title: "a\nb\u{2028}c")) == .delivered)
        let lines = try lines(path)
        #expect(lines.count == 3)
        #expect(lines.dropLast().compactMap { Alert(json: Array($0.utf8))?.id.rawValue } == ["al_1", "al_2"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `a torn last line is cut`() async throws {
        let path = try Fixture.temporaryFolder().path + "/alerts.jsonl"
        let whole = String(decoding: alert(1).body, as: UTF8.self)
        try (whole + "\n" + whole.prefix(40)).write(toFile: path, atomically: true, encoding: .utf8)
        #expect(await (try sink(path)).deliver(alert(2)) == .delivered)
        #expect(try lines(path).dropLast().compactMap { Alert(json: Array($0.utf8))?.id.rawValue } == ["al_1", "al_2"])
    }

    @Test func `a last line that only lacks its break keeps`() async throws {
        let path = try Fixture.temporaryFolder().path + "/alerts.jsonl"
        try String(decoding: alert(1).body, as: UTF8.self).write(toFile: path, atomically: true, encoding: .utf8)
        #expect(await (try sink(path)).deliver(alert(2)) == .delivered)
        #expect(try lines(path).dropLast().compactMap { Alert(json: Array($0.utf8))?.id.rawValue } == ["al_1", "al_2"])
    }

    @Test func `a torn line that could be somebody else's is ended and kept`() async throws {
        let path = try Fixture.temporaryFolder().path + "/alerts.jsonl"
        try "{\"theirs\": 1}\nnot ours".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(await (try sink(path)).deliver(alert(1)) == .delivered)
        #expect(try lines(path).prefix(2) == ["{\"theirs\": 1}", "not ours"])
        #expect(try lines(path).count == 4)
    }

    @Test(arguments: ["state: tocsin.db\n", "SQLite format 3\0", "feeds:"])
    func `a file that holds something else is left alone`(_ content: String) async throws {
        let path = try Fixture.temporaryFolder().path + "/feeds.yaml"
        let sink = try sink(path)
        try content.write(toFile: path, atomically: true, encoding: .utf8)
        let reason = "cannot write \(path): it holds something else than alerts"
        #expect(await sink.deliver(alert(1)) == .deferred(reason: reason, retryAfter: nil))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
        let (_, issues) = try WebhookTests.make("  - file: {path: '\(path)'}")
        #expect(issues.map(\.fault) == ["the file of 'path' holds something else than alerts"])
    }

    @Test func `a file that was cut to nothing is gone on with`() async throws {
        let path = try Fixture.temporaryFolder().path + "/alerts.jsonl"
        let sink = try sink(path)
        _ = await sink.deliver(alert(1))
        // As logrotate's copytruncate does.
        #expect(truncate(path, 0) == 0)
        #expect(await sink.deliver(alert(2)) == .delivered)
        #expect(try lines(path).dropLast().compactMap { Alert(json: Array($0.utf8))?.id.rawValue } == ["al_2"])
    }

    @Test func `no more files are kept than asked for, and the newest are`() async throws {
        let folder = try Fixture.temporaryFolder()
        let path = folder.path + "/alerts.jsonl"
        let sink = try sink(path, ", rotate: 10kB, keep: 2")
        for number in 0..<100 {
            #expect(await sink.deliver(alert(number, title: String(repeating: "x", count: 1000))) == .delivered)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "alerts.jsonl", "alerts.jsonl.1", "alerts.jsonl.2",
            ])
        #expect(try lines(path).dropLast().last.flatMap { Alert(json: Array($0.utf8)) }?.id.rawValue == "al_99")
        for name in ["", ".1", ".2"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path + name)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try #require(attributes[.size] as? Int) <= 10_000)
        }
    }

    @Test func `a full disk is told of`() async throws {
        let outcome = await (try sink("/dev/full")).deliver(alert(1))
        #expect(outcome == .deferred(reason: "cannot write /dev/full: no space left on device", retryAfter: nil))
    }

    @Test func `a pipe that nobody reads holds up nothing`() async throws {
        let path = try Fixture.temporaryFolder().path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let sink = try sink(path)
        // What is written into a pipe that nobody has open is lost with it.
        #expect(
            await sink.deliver(alert(0))
                == .deferred(reason: "cannot write \(path): nobody reads from this pipe", retryAfter: nil))
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        #expect(reader >= 0)
        defer { close(reader) }
        var outcome = DeliveryOutcome.delivered
        for number in 0..<100 where outcome == .delivered {
            outcome = await sink.deliver(alert(number, title: String(repeating: "x", count: 4000)))
        }
        #expect(outcome == .deferred(reason: "cannot write \(path): resource temporarily unavailable", retryAfter: nil))
    }

    @Test func `two sinks write to one file never`() throws {
        let folder = try FormatLab.make("  - stdout").folder
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link", withDestinationPath: folder.path + "/a.jsonl")
        _ = FileManager.default.createFile(atPath: folder.path + "/a.jsonl", contents: nil)
        let (sinks, issues, _) = try FormatLab.make(
            "  - file: {path: '\(folder.path)/a.jsonl'}\n  - file: {path: '\(folder.path)/link'}\n"
                + "  - file: {path: '\(folder.path)/b.jsonl'}")
        #expect(issues.count == 1 && issues[0].fault.hasSuffix("write to one file"))
        #expect(sinks.count == 2)
    }

    @Test func `a line waits for another process that writes, and not for ever`() async throws {
        let path = try Fixture.temporaryFolder().path + "/alerts.jsonl"
        let sink = try sink(path)
        #expect(await sink.deliver(alert(1)) == .delivered)
        let other = open(path, O_RDWR)
        #expect(flock(other, LOCK_EX) == 0)
        #expect(
            await sink.deliver(alert(2))
                == .deferred(reason: "cannot write \(path): another process has locked it", retryAfter: nil))
        close(other)
        #expect(await sink.deliver(alert(2)) == .delivered)
        #expect(try lines(path).filter { !$0.isEmpty }.count == 2)
    }

    @Test func `a file that was moved away is made anew`() async throws {
        let path = try Fixture.temporaryFolder().path + "/alerts.jsonl"
        let sink = try sink(path)
        _ = await sink.deliver(alert(1))
        try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
        #expect(await sink.deliver(alert(2)) == .delivered)
        #expect(try lines(path).count == 2)
    }

    @Test func `a large file is rotated and none of its lines is lost`() async throws {
        let folder = try Fixture.temporaryFolder()
        let path = folder.path + "/alerts.jsonl"
        let sink = try sink(path, ", rotate: 10kB, keep: 3")
        for number in 0..<60 { #expect(await sink.deliver(alert(number)) == .delivered) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count > 1)
        let all = try names.flatMap { try lines(folder.path + "/" + $0) }.compactMap { Alert(json: Array($0.utf8))?.id }
        #expect(Set(all).count == 60)
    }

    @Test func `a file that cannot be written is tried again`() async throws {
        let folder = try Fixture.temporaryFolder()
        let path = folder.path + "/alerts.jsonl"
        let sink = try sink(path)
        // In the way from now on, and gone later.
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let outcome = await sink.deliver(alert(1))
        #expect(outcome == .deferred(reason: "cannot write \(path): is a directory", retryAfter: nil))
        try FileManager.default.removeItem(atPath: path)
        #expect(await sink.deliver(alert(1)) == .delivered)
    }
}
