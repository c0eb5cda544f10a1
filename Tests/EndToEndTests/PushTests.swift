import Foundation
import Model
import Synchronization
import TestSupport
import Testing

/// The built program, pushed to by a hub.
@Suite(.serialized) struct PushTests {
    private static func rss(_ hub: String, _ titles: String...) -> String {
        let items = titles.map { "<item><guid>\($0)</guid><title>\($0)</title></item>" }.joined()
        return """
            <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title>
            <atom:link rel="hub" href="\(hub)"/><atom:link rel="self" href="https://news.example/rss"/>
            \(items)</channel></rss>
            """
    }

    /// One that was free a moment ago.
    private static func freePort() throws -> Int {
        Int(try LoopbackServer { _ in .silence }.port)
    }

    private static func configuration(_ feed: String, port: Int) -> String {
        """
        state: state.db
        fetch: {allow_private_addresses: true, every: 1h}
        feeds: [{url: "\(feed)", name: News}]
        watch: [{name: region, any: [Xinjiang]}]
        backlog: all
        alerts: [{stdout: {format: json}}]
        websub: {callback: "http://127.0.0.1:\(port)/tocsin", listen: "127.0.0.1:\(port)"}
        """
    }

    @Test func `a push becomes an alert, and status tells of it`() async throws {
        let hub = try LoopbackHub()
        let server = try LoopbackServer { _ in .status(200, body: Self.rss(hub.url, "Old news of Xinjiang")) }
        let port = try Self.freePort()
        let place = try Workplace(Self.configuration(server.url + "/rss", port: port))
        let before = try await place.run("status", "--json")
        #expect(!before.output.contains("\"push\""))
        let program = try place.start("run")
        #expect(await program.until { $0.output.contains("Old news") && hub.subscriptions.count == 1 })
        let pushed = await hub.publish("https://news.example/rss", Self.rss(hub.url, "Fresh news of Xinjiang"))
        #expect(pushed == [202])
        let forged = await hub.publish(
            "https://news.example/rss", Self.rss(hub.url, "Forged news of Xinjiang"), signature: { _, _ in "sha1=00" })
        #expect(forged == [202])
        #expect(await program.until { $0.output.contains("Fresh news") })
        #expect(server.requests.count == 1)

        let status = try await place.run("status", "--json")
        let line = try #require(status.lines.first)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let push = try #require(object["push"] as? [String: Any])
        #expect(push["hub"] as? String == hub.url)
        #expect(push["state"] as? String == "active")
        #expect(push["pushes"] as? Int == 1)
        #expect(push["ignored"] as? Int == 1)
        #expect((push["lease_end"] as? String).flatMap(Timestamp.date) != nil)
        #expect((push["last_push"] as? String).flatMap(Timestamp.date) != nil)
        #expect(try await place.run("status").output.contains(", pushed"))
        // The state holds the secret; nothing that is shown does.
        let secret = try #require(hub.subscriptions.first?.secret)
        #expect(!status.output.contains(secret) && !program.errors.contains(secret))

        program.send(SIGTERM)
        let end = await program.end()
        #expect(end.status == 0, "\(end.errors)")
        #expect(!end.output.contains("Forged"))
        #expect(end.errors.contains("listening"))
        #expect(await RawClient.request("GET", "http://127.0.0.1:\(port)/") == nil)
    }

    /// Missing an item is worse than a page that cannot be seen.
    @Test func `a port that is taken is told of, waited for, and keeps nothing from being found`() async throws {
        let samples = Fixture.repository.appendingPathComponent("Examples/feeds").path
        var other: LoopbackServer? = try LoopbackServer { _ in .silence }
        let port = try #require(other).port
        let place = try Workplace(
            """
            backlog: all
            web: {listen: 127.0.0.1:\(port), token: a-token-for-tests-0123456789}
            feeds: [file:\(samples)/kazakh.atom]
            watch: [{name: family, people: [Zhainar Serikqyzy]}]
            alerts: [file: {path: alerts.jsonl}]
            """)
        let program = try place.start("run")
        defer { program.send(SIGKILL) }
        let error =
            "cannot listen on 127.0.0.1:\(port): another program does; stop that one, or change 'listen'"
        #expect(await program.until { $0.errors.contains(error) }, "\(program.errors)")
        #expect(await program.until { _ in (try? place.alerts(in: "alerts.jsonl").isEmpty) == false })
        #expect(program.isRunning)
        other = nil
        #expect(await program.until { $0.errors.contains("listening") }, "\(program.errors)")
        #expect(await RawClient.request("GET", "http://127.0.0.1:\(port)/healthz")?.status == 200)
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
    }

    @Test func `check warns of a callback that no hub can reach`() async throws {
        let yaml = """
            feeds: [https://news.example/rss]
            watch: [{name: region, any: [Xinjiang]}]
            websub: {callback: "https://CALLBACK/tocsin"}
            """
        for (host, isPublic) in [
            ("tocsin.example.org", true), ("localhost", false), ("192.168.1.7:8443", false), ("[fd00::1]", false),
            ("news.local", false), ("desk", false), ("8.8.8.8", true),
        ] {
            let place = try Workplace(yaml.replacingOccurrences(of: "CALLBACK", with: host))
            let result = try await place.run("check")
            #expect(result.status == 0)
            #expect(result.errors.contains("hubs on the Internet cannot reach") == !isPublic, "\(host)")
        }
    }
}
