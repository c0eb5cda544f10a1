import Foundation
import Model
import Monitoring
import SQLiteStorage
import TestSupport
import Testing

/// What is kept of an answer, poll after poll.
@Suite struct FeedReadingTests {
    let lab: Lab
    let first = rss(Entry("1", "One"))

    init() throws {
        lab = try Lab()
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `the first request has no conditions, the second has the server's own bytes`() async throws {
        lab.answer(200, first, [("etag", "W/\"a,b\" "), ("last-modified", "mon, 26 nov 2018 14:00:00 +0000")])
        try await lab.poll()
        #expect(lab.sent == nil)
        lab.answer(304)
        let report = try #require(try await lab.poll())
        #expect(report.outcome == .unchanged)
        #expect(
            lab.sent
                == Validators(
                    entityTag: bytes("W/\"a,b\" "), lastModified: bytes("mon, 26 nov 2018 14:00:00 +0000"),
                    url: Lab.url))
        try await lab.poll()
        #expect(lab.sent?.entityTag == bytes("W/\"a,b\" "))
    }

    @Test(
        arguments: [
            (203, nil, true), (206, "bytes 0-41/42", true), (206, " Bytes 0-41/42", true),
            (206, "bytes 0-41/43", false),
            (206, "bytes 1-41/42", false), (206, "bytes 0-41/*", false), (206, "bytes 0-9223372036854775807/1", false),
            (206, nil, false), (204, nil, false), (226, nil, false),
        ] as [(Int, String?, Bool)])
    func `an answer that is whole is read, whatever its status`(_ status: Int, _ range: String?, _ isRead: Bool)
        async throws
    {
        lab.answer(status, first, range.map { [("content-range", $0)] } ?? [])
        let report = try #require(try await lab.poll())
        #expect((report.outcome == .read) == isRead)
        #expect(try await lab.state.history.lastStatus == status)
    }

    /// Two fields of one name are more than some servers take.
    @Test func `the poll adds no field to what the transport sends`() async throws {
        lab.answer(200, first)
        try await lab.poll()
        #expect(lab.transport.requests.map(\.headers) == [[]])
    }

    @Test func `an entity tag that changes alone is kept`() async throws {
        lab.answer(200, first, [("etag", "\"1\""), ("last-modified", "L")])
        try await lab.poll()
        lab.answer(200, rss(Entry("2", "Two")), [("etag", "\"2\""), ("last-modified", "L")])
        try await lab.poll()
        lab.answer(304)
        try await lab.poll()
        #expect(lab.sent?.entityTag == bytes("\"2\""))
        #expect(lab.sent?.lastModified == bytes("L"))
    }

    @Test func `new validators of an unchanged body are kept`() async throws {
        lab.answer(200, first, [("etag", "\"1\"")])
        try await lab.poll()
        lab.answer(200, first, [("etag", "\"2\""), ("last-modified", "L")])
        let report = try #require(try await lab.poll())
        #expect(report.outcome == .unchanged)
        lab.answer(304)
        try await lab.poll()
        #expect(lab.sent?.entityTag == bytes("\"2\""))
        #expect(lab.sent?.lastModified == bytes("L"))
    }

    @Test func `a validator that a new document lacks is dropped`() async throws {
        lab.answer(200, first, [("etag", "\"1\""), ("last-modified", "L")])
        try await lab.poll()
        lab.answer(200, rss(Entry("2", "Two")), [("last-modified", "M")])
        try await lab.poll()
        #expect(try await lab.state.validators?.entityTag == nil)
        lab.answer(200, rss(Entry("3", "Three")))
        try await lab.poll()
        #expect(try await lab.state.validators == nil)
    }

    @Test func `a 304 may bring new validators, and keeps those that it does not name`() async throws {
        lab.answer(200, first, [("etag", "\"1\""), ("last-modified", "L")])
        try await lab.poll()
        lab.answer(304, "", [("etag", "\"2\"")])
        try await lab.poll()
        try await lab.poll()
        #expect(lab.sent?.entityTag == bytes("\"2\""))
        #expect(lab.sent?.lastModified == bytes("L"))
    }

    @Test(arguments: [
        (500, "<html>down</html>"), (404, "not here"), (403, ""), (206, rss(Entry("2", "Two"))), (226, "x"), (204, ""),
        (200, ""), (200, "<html><body>Blocked</body></html>"), (200, "\u{0}"), (429, ""), (999, "?"), (302, ""),
    ])
    func `an error keeps what was stored and stores nothing of its own`(_ status: Int, _ body: String) async throws {
        lab.answer(200, first, [("etag", "\"1\""), ("last-modified", "L")])
        try await lab.poll()
        let before = try await lab.state
        lab.answer(status, body, [("etag", "\"error\""), ("last-modified", "E")])
        let report = try #require(try await lab.poll())
        guard case .failed(let failure) = report.outcome else {
            Issue.record("\(report.outcome)")
            return
        }
        let after = try await lab.state
        #expect(after.validators == before.validators)
        #expect(after.bodyHash == before.bodyHash)
        #expect(after.history.lastSuccess == before.history.lastSuccess)
        #expect(after.history.failures == 1)
        #expect(after.history.lastError == failure.reason)
        #expect(!failure.reason.isEmpty)
        #expect(after.history.lastStatus == status)

        lab.answer(304)
        try await lab.poll()
        #expect(lab.sent?.entityTag == bytes("\"1\""))
        #expect(try await lab.state.history.failures == 0)
        #expect(try await lab.state.history.lastError == nil)
    }

    @Test func `so does no answer`() async throws {
        lab.answer(200, first, [("etag", "\"1\"")])
        try await lab.poll()
        lab.transport.answer { _ in .failure(.timedOut(after: .seconds(30))) }
        for count in 1...3 {
            try await lab.poll()
            #expect(try await lab.state.history.failures == count)
        }
        let state = try await lab.state
        #expect(state.validators?.entityTag == bytes("\"1\""))
        #expect(
            state.history.lastError == "no complete answer within 30 s (raise 'timeout' if the server is slow)")
        #expect(state.history.lastStatus == nil)
    }

    @Test func `validators belong to the address that answered`() async throws {
        lab.answer(200, first, [("etag", "\"1\"")], url: "https://cdn.example.org/rss")
        try await lab.poll()
        lab.answer(304, url: "https://cdn.example.org/rss")
        try await lab.poll()
        #expect(lab.sent?.url == "https://cdn.example.org/rss")
    }

    @Test func `a validator of absurd length is not sent back`() async throws {
        lab.answer(200, first, [("etag", String(repeating: "x", count: 100_000)), ("last-modified", "")])
        try await lab.poll()
        #expect(try await lab.state.validators == nil)
    }

    @Test func `a 304 that nobody asked for is no feed`() async throws {
        lab.answer(304)
        let report = try #require(try await lab.poll())
        guard case .failed = report.outcome else {
            Issue.record("\(report.outcome)")
            return
        }
        #expect(try await lab.state.history.wasEverRead == false)
    }

    @Test func `a file has no validators, and is not read again while it is the same`() async throws {
        let lab = try Lab("file:///feeds/sample.xml")
        lab.answer(200, first, [("etag", "\"1\""), ("last-modified", "L")])
        try await lab.poll()
        #expect(try await lab.state.validators == nil)
        #expect(try #require(try await lab.poll()).outcome == .unchanged)
        lab.answer(200, rss(Entry("2", "Two")))
        #expect(try #require(try await lab.poll()).outcome == .read)
    }

    @Test func `a feed that is gone is polled no more`() async throws {
        lab.answer(410, "gone")
        #expect(try #require(try await lab.poll()).outcome == .gone)
        let state = try await lab.state
        #expect(state.gone)
        #expect(
            state.history.lastError == "the feed is gone (410) and is polled no more; take it out of the configuration")
        lab.clock.advance(by: .seconds(366 * 86_400))
        #expect(try await lab.poll() == nil)
    }

    @Test(arguments: [("120", 900.0), ("7200", 7200), ("99999999999999", 86_400), ("-5", 900), ("1e400", 900)])
    func `a wish to be left alone is kept`(_ wish: String, _ pause: Double) async throws {
        lab.answer(503, "", [("retry-after", wish)])
        try await lab.poll()
        let state = try await lab.state
        #expect(state.nextPoll.timeIntervalSince(lab.clock.now) == pause)
        let notBefore = try #require(state.notBefore ?? state.history.lastPoll)
        // Even when somebody asks for everything at once.
        let asked = lab.transport.requests.count
        _ = try await lab.once()
        #expect((lab.transport.requests.count == asked) == (notBefore > lab.clock.now))
    }

    @Test func `a server that takes its wish back is asked sooner, and the document's own stays`() async throws {
        lab.answer(
            200, rss([Entry("1", "One")], channel: "<ttl>60</ttl>"),
            [("etag", "\"1\""), ("cache-control", "max-age=86400")])
        let start = lab.clock.now
        try await lab.poll()
        #expect(try await lab.state.nextPoll.timeIntervalSince(start) == 86_400)
        lab.answer(304, "", [("cache-control", "max-age=600")])
        try await lab.poll()
        let second = try #require(try await lab.state.history.lastPoll)
        #expect(try await lab.state.nextPoll.timeIntervalSince(second) == 3600)
        // Says nothing: what it said last holds.
        lab.answer(304)
        try await lab.poll()
        let third = try #require(try await lab.state.history.lastPoll)
        #expect(try await lab.state.nextPoll.timeIntervalSince(third) == 3600)
    }

    @Test(
        arguments: [
            ("cache-control", "max-age=0"), ("cache-control", "no-cache"), ("cache-control", "no-store"),
            ("expires", "0"),
        ])
    func `a server that says that nothing stays fresh takes its wish back`(_ name: String, _ value: String) async throws
    {
        lab.answer(200, first, [("etag", "\"1\""), ("cache-control", "max-age=86400")])
        try await lab.poll()
        lab.answer(304, "", [(name, value)])
        try await lab.poll()
        let last = try #require(try await lab.state.history.lastPoll)
        #expect(try await lab.state.nextPoll.timeIntervalSince(last) < 86_400)
    }

    @Test func `a 304 of another address than the conditions were for is none`() async throws {
        lab.answer(200, rss(Entry("1", "One")), [("etag", "\"1\"")])
        try await lab.poll()
        lab.answer(304, url: "https://elsewhere.example/rss")
        let report = try #require(try await lab.poll())
        guard case .failed = report.outcome else {
            Issue.record("it was taken for an answer")
            return
        }
        #expect(try await lab.state.validators?.url == Lab.url)
    }

    @Test func `the wishes of feed and server are kept, over a 304 as well`() async throws {
        let channel = "<ttl>120</ttl><skipHours><hour>16</hour></skipHours>"
        lab.answer(
            200, rss([Entry("1", "One")], channel: channel), [("etag", "\"1\""), ("cache-control", "max-age=600")])
        let start = lab.clock.now
        try await lab.poll()
        // Two hours from 14:00, and then not between four and five.
        #expect(try await lab.state.nextPoll.timeIntervalSince(start) == 3 * 3600)
        lab.answer(304)
        try await lab.poll()
        #expect(try await lab.state.nextPoll.timeIntervalSince(start) == 5 * 3600)
    }

    @Test func `a poll that is cancelled leaves the feed as it was, and counts as one`() async throws {
        try await lab.store.register([lab.spec], at: lab.clock.now)
        let before = try await lab.state
        lab.transport.answer { _ in .failure(.cancelled) }
        #expect(try await lab.poll() == nil)
        var after = try await lab.state
        #expect(after.nextPoll == before.nextPoll + 900)
        after.nextPoll = before.nextPoll
        #expect(after == before)
        lab.answer(200, first)
        #expect(try #require(try await lab.poll()).outcome == .read)
    }

    @Test func `a feed is never polled sooner than it wants`() async throws {
        lab.answer(200, first)
        try await lab.poll()
        let start = lab.clock.now
        lab.clock.set(start + 899)
        #expect(try await lab.poll(patience: 0) == nil)
        lab.clock.set(start + 900)
        #expect(try await lab.poll(patience: 0) != nil)
    }
}
