import Foundation
import TestSupport
import Testing

/// The built program with its web page.
@Suite(.serialized) struct WebPageTests {
    /// One that was free a moment ago.
    private static func freePort() throws -> Int {
        Int(try LoopbackServer { _ in .silence }.port)
    }

    private static func configuration(_ feed: String, port: Int, token: String) -> String {
        """
        state: state.db
        fetch: {allow_private_addresses: true, every: 1h}
        feeds: [{url: "\(feed)", name: News}]
        watch: [{name: region, any: [Xinjiang]}]
        backlog: all
        alerts: [{stdout: {format: json}}]
        web: {listen: "127.0.0.1:\(port)", token: "\(token)"}
        """
    }

    private static func ask(_ port: Int, _ target: String, _ token: String?) async -> RawClient.Answer? {
        let headers = token.map { [("Authorization", "Bearer \($0)")] } ?? []
        return await RawClient.request("GET", "http://127.0.0.1:\(port)\(target)", headers: headers)
    }

    @Test func `the page shows alerts to who has the token, through reloads, and ends with the program`() async throws {
        let rss = """
            <rss version="2.0"><channel><title>News</title>
            <item><guid>1</guid><title>News of Xinjiang</title></item></channel></rss>
            """
        let server = try LoopbackServer { _ in .status(200, body: rss) }
        let port = try Self.freePort()
        let (first, second) = ("the-first-of-the-tokens", "the-second-of-the-tokens")
        let place = try Workplace(Self.configuration(server.url + "/rss", port: port, token: first))
        let program = try place.start("run")
        #expect(await program.until { $0.output.contains("News of Xinjiang") && $0.errors.contains("listening") })
        // To be opened from a terminal.
        #expect(program.errors.contains("address=http://127.0.0.1:\(port) token=\"that of token (feeds.yaml:7)\""))
        let page = try #require(await Self.ask(port, "/", first))
        #expect(page.status == 200)
        #expect(page.text.contains("News of <mark>Xinjiang</mark>"))
        let stranger = try #require(await Self.ask(port, "/", nil))
        #expect(stranger.status == 303)
        #expect(stranger.headers["location"] == "/login")

        let file = place.folder.appendingPathComponent("feeds.yaml")
        func reload(_ text: String, until words: String) async throws {
            try text.write(to: file, atomically: true, encoding: .utf8)
            program.send(SIGHUP)
            #expect(await program.until { $0.errors.contains(words) })
        }
        try await reload(
            Self.configuration(server.url + "/rss", port: port + 1, token: second),
            until: "'web: listen' cannot change while tocsin runs")
        #expect(await Self.ask(port, "/about", first)?.status == 200)
        try await reload(
            Self.configuration(server.url + "/rss", port: port, token: second), until: "configuration reloaded")
        #expect(await Self.ask(port, "/about", first)?.status == 303)
        #expect(await Self.ask(port, "/about", second)?.status == 200)
        try await reload(
            Self.configuration(server.url + "/rss", port: port, token: second)
                .replacing("token: \"\(second)\"", with: "token: []"),
            until: "'token' is an empty list")
        #expect(await Self.ask(port, "/about", nil)?.status == 303)
        #expect(await Self.ask(port, "/about", second)?.status == 200)

        program.send(SIGTERM)
        let end = await program.end()
        #expect(end.status == 0, "\(end.errors)")
        #expect(!end.errors.contains(first) && !end.errors.contains(second))
        #expect(await Self.ask(port, "/login", nil) == nil)
    }

    @Test func `what stands at an address is tried, where the policy of fetches lets it`() async throws {
        let server = try LoopbackServer { request in
            request.target == "/page"
                ? .status(200, body: "<html><body><p>Bread</p><p>A walk in <b>Xinjiang</b></p></body></html>")
                : .status(
                    200,
                    body: "<rss version=\"2.0\"><channel><title>N</title><item><title>Xinjiang</title></item>"
                        + "<item><title>Bread</title></item></channel></rss>")
        }
        let port = try Self.freePort()
        let token = "the-token-of-this-test"
        func configuration(_ isPrivate: Bool) -> String {
            Self.configuration("file:feed.xml", port: port, token: token)
                .replacing("allow_private_addresses: true", with: "allow_private_addresses: \(isPrivate)")
        }
        let place = try Workplace(configuration(true))
        let program = try place.start("run")
        #expect(await program.until { $0.errors.contains("listening") })
        let base = "http://127.0.0.1:\(port)"
        func post(_ path: String, _ form: String, _ cookie: String) async throws -> RawClient.Answer {
            let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", cookie)]
            return try #require(
                await RawClient.request("POST", base + path, headers: headers, body: Array(form.utf8)))
        }
        let cookie = String(
            try #require(try await post("/login", "token=\(token)", "").headers["set-cookie"]).prefix { $0 != ";" })
        let page = try #require(await RawClient.request("GET", base + "/try", headers: [("Cookie", cookie)])).text
        let csrf = page[try #require(page.firstRange(of: "name=\"csrf\" value=\"")).upperBound...].prefix { $0 != "\"" }
        func read(_ path: String) async throws -> String {
            let address = (server.url + path).replacing(":", with: "%3A").replacing("/", with: "%2F")
            return try await post("/try/address", "address=\(address)&csrf=\(csrf)", cookie).text
        }
        #expect(try await read("/page").contains("A walk in <mark>Xinjiang</mark>"))
        #expect(try await read("/rss").contains("A feed with 2 items. 1 matches."))
        #expect(server.requests.map(\.target) == ["/page", "/rss"])

        try configuration(false).write(
            to: place.folder.appendingPathComponent("feeds.yaml"), atomically: true, encoding: .utf8)
        program.send(SIGHUP)
        #expect(await program.until { $0.errors.contains("configuration reloaded") })
        #expect(try await read("/rss").contains("an address of a private network"))
        #expect(server.requests.count == 2)
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
    }

    /// systemd gives it fifteen seconds, a container ten. A body has thirty, and so has an answer.
    @Test func `it ends in time, whatever visitors do`() async throws {
        let (port, hubPort) = (try Self.freePort(), try Self.freePort())
        let token = "the-token-of-this-test"
        let place = try Workplace(
            Self.configuration("file:feed.xml", port: port, token: token)
                + "\nwebsub: {callback: \"http://127.0.0.1:\(hubPort)/tocsin\", listen: \"127.0.0.1:\(hubPort)\"}")
        let program = try place.start("run")
        #expect(
            await program.until {
                $0.errors.contains("address=http://127.0.0.1:\(port)")
                    && $0.errors.contains("address=http://127.0.0.1:\(hubPort)")
            })
        let login = try RawClient(port: port)
        login.send("POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n")
        let head = try RawClient(port: hubPort)
        head.send("POST / HTTP/1.1\r\nHost: localhost\r\nX-")
        let events = try RawClient(port: port)
        events.send("GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n")
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                #expect(login.answer()?.status == 100)
                #expect(events.head()?.status == 200)
                continuation.resume()
            }
        }
        let dribble = Task.detached {
            while !Task.isCancelled, login.send("x") { try? await Task.sleep(for: .milliseconds(100)) }
        }
        let begun = ContinuousClock.now
        program.send(SIGTERM)
        let end = await program.end()
        #expect(.now - begun < .seconds(10))
        #expect(end.status == 0)
        // By itself, and not because its time was over.
        #expect(end.errors.contains("stopped"))
        dribble.cancel()
    }

    @Test(arguments: [
        ("listen: \"0.0.0.0:8420\"", "the page could be read from other machines without a 'token'"),
        ("listen: \"0.0.0.0:8420\", token: []", "'token' is an empty list"),
        ("listen: \"0.0.0.0:8420\", token_file: []", "'token_file' is an empty list"),
        ("listen: \"0.0.0.0:8420\", token: ", "there is a key for the token, and no token"),
        ("hosts: [tocsin.example.org]", "with 'hosts' there is a web server before the page"),
    ])
    func `it does not listen for others without a token`(_ keys: String, _ words: String) async throws {
        let place = try Workplace(
            """
            feeds: [https://news.example/rss]
            watch: [{name: region, any: [Xinjiang]}]
            web: {\(keys)}
            """)
        let result = try await place.run("run")
        #expect(result.status == 78)
        #expect(result.errors.contains(words))
    }
}
