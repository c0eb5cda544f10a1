import Foundation
import Model
import TestSupport
import Testing

/// The built program and sinks that have a pace: a feed and a receiver on loopback, a state on the disk.
@Suite(.serialized, .timeLimit(.minutes(2))) struct PaceTests {
    private let server: LoopbackServer

    init() throws {
        let items = (1...7).map { number in
            "<item><guid>\(number)</guid><title>Xinjiang \(number)</title><link>https://a.example/\(number)</link></item>"
        }
        let feed = "<rss version=\"2.0\"><channel><title>T</title>\(items.joined())</channel></rss>"
        server = try LoopbackServer { request in
            request.method == "GET" ? .status(200, body: feed) : .status(200, body: "ok")
        }
    }

    private var messages: [String] {
        server.requests.filter { $0.method == "POST" }.map { String(decoding: $0.body, as: UTF8.self) }
    }

    private func place(_ pace: String) throws -> Workplace {
        try Workplace(
            """
            state: state.db
            fetch: {allow_private_addresses: true, every: 1m}
            feeds: ["\(server.url)/rss"]
            watch: [{name: region, any: [Xinjiang]}]
            backlog: all
            alerts:
              - file: {path: alerts.jsonl}
              - webhook: {name: chat, format: slack, url: "\(server.url)/hook", \(pace)}
            """)
    }

    @Test func `a group is one message, and stays one when the program is killed as it sends`() async throws {
        let place = try place("group: {wait: 1s}")
        let program = try place.start("run")
        #expect(await program.until { _ in !messages.isEmpty })
        program.send(SIGKILL)
        _ = await program.end()
        let again = try place.start("run")
        // All may have been settled before the kill, and then nothing else says that it has started.
        #expect(await again.until { $0.errors.contains("watching") })
        func areAllSent() async throws -> Bool {
            let lines = try await place.run("alerts", "--json").lines
            return lines.count == 7 && lines.allSatisfy { $0.ranges(of: "\"state\":\"sent\"").count == 2 }
        }
        while try await !areAllSent() { try Task.checkCancellation() }
        again.send(SIGTERM)
        #expect(await again.end().status == 0)
        // Sent once more where the kill came before the settlement, and then the same.
        #expect((1...2).contains(messages.count) && Set(messages).count == 1)
        for number in 1...7 { #expect(messages[0].contains("Xinjiang \(number)")) }
        #expect(try place.alerts(in: "alerts.jsonl").count == 7)
    }

    @Test func `once leaves a digest for its time, and says so`() async throws {
        // Always tomorrow, or later today.
        let place = try place("digest: weekly monday 07:00 Asia/Almaty")
        let result = try await place.run("once")
        #expect(result.status == 75)
        #expect(result.errors.contains("7 deliveries are still queued"))
        #expect(messages.isEmpty)
        #expect(try place.alerts(in: "alerts.jsonl").count == 7)
    }

    @Test func `once waits for a gap`() async throws {
        let place = try place("gap: 100ms")
        let result = try await place.run("once")
        #expect(result.status == 0, "\(result.errors)")
        #expect(messages.count == 7)
    }
}
