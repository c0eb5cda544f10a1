import Foundation
import Model
import TestSupport
import Testing

/// The built program and receivers that do not take what they are sent.
@Suite struct DeliveryTests {
    private static let samples = Fixture.repository.appendingPathComponent("Examples/feeds")

    private func configuration(_ server: NewsServer, chat: String = "", sinks: String = "") -> String {
        """
        state: state.db
        fetch: {allow_private_addresses: true, every: 1s}
        feeds:
          - \(server.url)/live/a
        watch:
          - {name: region, any: [Xinjiang]}
        backlog: all
        alerts:
          - file: {path: alerts.jsonl}
          - webhook: {name: chat, url: "\(server.url)/hook/chat", secret: \(NewsServer.secret)\(chat)}
        \(sinks)
        """
    }

    private func object(_ line: String?) throws -> [String: Any] {
        let text = try #require(line)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func `each try is shown, and what has failed can be sent again or given up`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let place = try Workplace(configuration(server))
        try await server.setMood("403", of: "chat")
        try await server.add("Xinjiang 1", to: "a")
        let first = try await place.run("once")
        #expect(first.status == 75)
        // Told of at once, and tried again all the same.
        #expect(!first.errors.contains("failed for good"))
        let id = try #require(try place.alerts(in: "alerts.jsonl").first??.id.rawValue)
        let status = try await place.run("status")
        #expect(status.status == 1)
        #expect(status.lines.contains { $0.hasPrefix("chat") && $0.contains("refused") && $0.contains("403") })
        let line = try object(try await place.run("status", "--json").lines.last)
        #expect(line["sink"] as? String == "chat" && line["state"] as? String == "refused")
        #expect(line["failed"] as? Int == 0 && line["pending"] as? Int == 1)

        try await server.setMood("503", of: "chat")
        #expect(try await place.run("alerts", "retry", String(id.prefix(9))).output.contains("1 delivery goes out"))
        #expect(try await place.run("once").status == 75)
        let show = try await place.run("alerts", "show", id)
        #expect(show.output.contains("put off, status 403") && show.output.contains("put off, status 503"))
        let shown = try object(try await place.run("alerts", "show", id, "--json").lines.first)
        let deliveries = try #require(shown["deliveries"] as? [[String: Any]])
        let chat = try #require(deliveries.first { $0["sink"] as? String == "chat" })
        let history = try #require(chat["history"] as? [[String: Any]])
        #expect(history.map { $0["status"] as? Int } == [403, 503])
        #expect(history.map { $0["verdict"] as? String } == ["deferred", "deferred"])
        #expect(history.allSatisfy { $0["duration_ms"] is Int && $0["time"] is String && $0["error"] is String })
        #expect(chat["attempts"] as? Int == 2)

        let drop = try await place.run("alerts", "drop", "--since", "2d")
        #expect(drop.output == "1 delivery is given up\n")
        #expect(try await place.run("status").status == 0)
        #expect(try await place.run("once").status == 0)
        #expect(try await place.run("alerts", "retry", "--failed").output.hasPrefix("0 deliveries"))
        #expect(try await place.run("alerts", "drop", id).status == 64)
        #expect(try await place.run("alerts", "drop").status == 64)
    }

    @Test func `a sink that has asked for a pause is shown, and needs nobody while it is one of minutes`() async throws
    {
        let server = try await NewsServer(serving: Self.samples)
        let place = try Workplace(configuration(server))
        try await server.setMood("429 300", of: "chat")
        try await server.add("Xinjiang 1", to: "a")
        #expect(try await place.run("once").status == 75)
        let status = try await place.run("status")
        #expect(status.status == 0, "\(status.output)")
        let words = "it has asked to be left alone until"
        #expect(status.lines.contains { $0.hasPrefix("chat") && $0.contains("paused") && $0.contains(words) })
        let line = try object(try await place.run("status", "--json").lines.last)
        #expect(line["state"] as? String == "paused" && line["needs_attention"] as? Bool == false)
        #expect(line["paused_until"] is String)

        try await server.setMood("503 999999999", of: "chat")
        #expect(try await place.run("alerts", "retry", "--failed").output.contains("1 delivery goes out"))
        #expect(try await place.run("once").status == 75)
        #expect(try await place.run("status").status == 1)
        let news = try place.alerts(in: "alerts.jsonl").compactMap { $0?.item.title }
        #expect(news.last == "Sink chat: it takes no alerts", "\(news)")
    }

    @Test func `a program that is not there keeps nothing else from working`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let place = try Workplace(
            configuration(server, sinks: "  - exec: {name: program, command: ./late.sh}"))
        try await server.add("Xinjiang 1", to: "a")
        #expect(try await place.run("check").status == 78)
        let run = try await place.run("once")
        #expect(run.status == 75)
        #expect(run.errors.contains("'./late.sh' in 'command' is no program that can be run"))
        #expect(try place.alerts(in: "alerts.jsonl").count == 1)
        let script = place.folder.appendingPathComponent("late.sh")
        try "#!/bin/sh\ncat > taken.json\n".write(to: script, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script.path)
        #expect(try await place.run("alerts", "retry", "--sink", "program").output.contains("1 delivery goes out"))
        #expect(try await place.run("once").status == 0)
        #expect(FileManager.default.fileExists(atPath: place.folder.appendingPathComponent("taken.json").path))
    }

    @Test func `news of a sink go to the others, and its fallback takes over`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let place = try Workplace(
            configuration(
                server, chat: ", fallback: spare",
                sinks: "  - file: {name: spare, path: spare.jsonl, only: [critical]}"))
        try await server.setMood("410", of: "chat")
        try await server.add("Xinjiang 1", to: "a")
        #expect(try await place.run("once").status == 75)
        let alerts = try place.alerts(in: "alerts.jsonl").map { try #require($0) }
        #expect(alerts.map(\.kind) == [.alert, .health])
        #expect(alerts.last?.item.title == "Sink chat: it is gone, and stopped")
        #expect(try place.alerts(in: "spare.jsonl").map { $0?.id } == [alerts.first?.id])
        #expect(try await place.run("status").output.contains("gone"))
    }

    @Test func `a test alert goes the real way, and what came back is shown`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let place = try Workplace(
            configuration(
                server, sinks: "  - exec: {name: program, command: [/bin/sh, -c, \"echo broken >&2; exit 3\"]}"))
        let one = try await place.run("alerts", "test", "chat")
        #expect(one.status == 0, "\(one.errors)")
        #expect(one.output.contains("chat: it took the test alert, status 2"))
        #expect(try await server.hooks.taken.count == 1)
        let all = try await place.run("alerts", "test")
        #expect(all.status == 1)
        #expect(all.output.contains("program: NOT DELIVERED, status 3"))
        #expect(all.output.contains("broken"))
        let filed = try place.alerts(in: "alerts.jsonl").map { try #require($0) }
        #expect(filed.count == 1 && filed[0].item.title?.contains("test") == true)
        #expect(filed[0].severity == .normal)
        // Each is another one, and none is left behind.
        #expect(Set(try await server.hooks.taken.map(\.id)).count == 2)
        #expect(try await place.run("alerts").output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: place.folder.appendingPathComponent("state.db").path))
        let wrong = try await place.run("alerts", "test", "caht")
        #expect(wrong.status == 64 && wrong.errors.contains("chat"))
        try await server.setMood("500", of: "chat")
        let down = try await place.run("alerts", "test", "chat")
        #expect(down.status == 1 && down.output.contains("status 500"))
    }

    @Test func `a feed that is called after a person tells no sink more than its watch does`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let feed = "\(server.url)/live/zhainar-serikqyzy"
        func configuration(_ rest: String) -> String {
            """
            state: state.db
            fetch: {allow_private_addresses: true, every: 1s}
            feeds: [{url: "\(feed)", name: "News about Zhainar Serikqyzy"}\(rest)]
            watch: [{name: family, as: oak, people: [Zhainar Serikqyzy]}]
            backlog: all
            alerts:
              - file: {path: alerts.jsonl}
              - exec: {name: title, command: [/bin/sh, -c, "cat >> title.jsonl"], disclose: title}
              - exec: {name: full, command: [/bin/sh, -c, "cat >> full.jsonl"]}
            """
        }
        let place = try Workplace(configuration(""))
        try await server.add("Zhainar Serikqyzy is home", to: "zhainar-serikqyzy")
        #expect(try await place.run("once").status == 0)
        for name in ["title.jsonl", "full.jsonl"] {
            let alert = try #require(try place.alerts(in: name).first ?? nil)
            #expect(alert.feed.url == "\(server.url)/•••", "\(alert.feed)")
            #expect(alert.feed.name == String(server.url.dropFirst(7)), "\(alert.feed)")
        }
        #expect(try place.alerts(in: "alerts.jsonl").first??.feed.name == "News about Zhainar Serikqyzy")
    }
}
