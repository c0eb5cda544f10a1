import Foundation
import Logging
import Model
import ServiceLifecycle
import TestSupport
import Testing
import WebServing

/// What reaches a route, and what does not.
@Suite(.timeLimit(.minutes(1))) struct WebRouterTests {
    private static let bearer = ("authorization", "Bearer \(RouterLab.token)")

    @Test func `routes are found by method and path`() async {
        let lab = RouterLab()
        #expect(await lab.ask("GET", "/open").words == "open")
        #expect(await lab.ask("HEAD", "/open").status == 200)
        #expect(await lab.ask("GET", "/page/a%20b%2Bc+d", [Self.bearer]).words == "page a b+c+d -")
        #expect(await lab.ask("GET", "/page/", [Self.bearer]).status == 404)
        #expect(await lab.ask("GET", "/page/a/b", [Self.bearer]).status == 404)
        #expect(await lab.ask("GET", "/nowhere").status == 404)
        let answer = await lab.ask("DELETE", "/open")
        #expect(answer.status == 405)
        #expect(answer.text(of: "allow") == "GET, HEAD")
    }

    @Test(arguments: [
        "127.0.0.1", "127.0.0.1:8420", "localhost:9", "LOCALHOST", "[::1]:8420", "192.0.2.7", "tocsin.example",
    ])
    func `names of ours are answered`(_ host: String) async {
        #expect(await RouterLab(hosts: ["tocsin.example"]).ask("GET", "/open", host: host).status == 200)
    }

    @Test(arguments: [
        "evil.example", "evil.example:8420", "127.0.0.1.evil.example", "localhost.evil.example", "tocsin.example.evil",
        "", nil,
        "127.0.0.1@evil.example", "256.0.0.1", "[::1].evil.example", "[::1]:80.evil.example", "[::1]:", "[::1]x",
    ])
    func `other names are not, whatever they lead to`(_ host: String?) async {
        let answer = await RouterLab(hosts: ["tocsin.example"]).ask("GET", "/open", [Self.bearer], host: host)
        #expect(answer.status == 403)
        #expect(!answer.words.contains("open"))
    }

    @Test func `two names are none`() async {
        #expect(await RouterLab().ask("GET", "/open", [("host", "127.0.0.1")]).status == 403)
    }

    @Test func `without the token a page leads to the login, and a program is refused`() async {
        let lab = RouterLab()
        let page = await lab.ask("GET", "/page/x")
        #expect(page.status == 303)
        #expect(page.text(of: "location") == "/login?next=/page/x")
        let filtered = await lab.ask("GET", "/page/x?watch=a%20%26%20b&open=1")
        #expect(filtered.text(of: "location") == "/login?next=/page/x%3Fwatch%3Da%2520%2526%2520b%26open%3D1")
        let data = await lab.ask("GET", "/data")
        #expect(data.status == 401)
        #expect(data.text(of: "www-authenticate") == "Bearer realm=\"tocsin\"")
        #expect(await lab.ask("GET", "/stream").status == 303)
        for wrong in ["Bearer", "Bearer ", "Bearer x", "Basic \(RouterLab.token)", "Bearer \(RouterLab.token)x"] {
            #expect(await lab.ask("GET", "/data", [("authorization", wrong)]).status == 401)
        }
        #expect(await lab.ask("GET", "/data", [Self.bearer]).words == "data")
        #expect(await lab.ask("GET", "/data", [("authorization", "bearer  \(RouterLab.token)")]).words == "data")
    }

    @Test func `a link from elsewhere comes back by itself, for the cookie`() async {
        let lab = RouterLab()
        let first = await lab.ask("GET", "/page/x", [("sec-fetch-site", "cross-site"), ("cookie", "other=1")])
        #expect(first.status == 200)
        #expect(first.text(of: "refresh") == "0")
        #expect(!first.words.contains("page x"))
        #expect(await lab.ask("GET", "/page/x", [("sec-fetch-site", "same-origin")]).status == 303)
    }

    @Test func `a session sees pages, and acts with its form's token only`() async throws {
        let lab = RouterLab()
        let (cookie, form) = try await lab.session()
        #expect(await lab.ask("GET", "/page/x", [cookie]).words == "page x \(form)")
        #expect(await lab.ask("GET", "/data", [cookie]).words == "data")
        #expect(await lab.ask("POST", "/act", [cookie], form: "what=1").status == 403)
        #expect(await lab.ask("POST", "/act", [cookie], form: "what=2&csrf=").status == 403)
        let other = try await lab.session()
        #expect(await lab.ask("POST", "/act", [cookie], form: "what=3&csrf=\(other.formToken)").status == 403)
        #expect(await lab.ask("POST", "/act", form: "what=4&csrf=\(form)").status == 303)
        #expect(await lab.ask("POST", "/act", [Self.bearer], form: "what=5&csrf=\(form)").status == 403)
        #expect(lab.done == [])
        #expect(await lab.ask("POST", "/act", [cookie], form: "what=6&csrf=\(form)").words == "done")
        #expect(lab.done == ["6"])
    }

    @Test func `a form of another site does nothing`() async throws {
        let lab = RouterLab()
        let (cookie, form) = try await lab.session()
        let body = "what=x&csrf=\(form)"
        for header in [
            ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example"),
            ("origin", "http://127.0.0.1:9"),
        ] {
            #expect(await lab.ask("POST", "/act", [cookie, header], form: body).status == 403)
            #expect(await lab.ask("POST", "/login", [header], form: "token=\(RouterLab.token)").status == 403)
        }
        #expect(lab.done == [])
        for header in [("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8420"), ("origin", "null")] {
            #expect(await lab.ask("POST", "/act", [cookie, header], form: body).status == 200)
        }
    }

    @Test func `the cookie is for us alone`() async throws {
        let answer = await RouterLab().ask("POST", "/login", form: "token=\(RouterLab.token)")
        let cookie = try #require(answer.text(of: "set-cookie"))
        #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
        #expect(!cookie.contains(RouterLab.token))
    }

    /// Browsers send the cookies of a host to all of its ports.
    @Test func `two of one name and other ports keep their sessions apart`() async throws {
        let lab = RouterLab()
        func cookie(_ host: String) async throws -> String {
            let answer = await lab.ask("POST", "/login", form: "token=\(RouterLab.token)", host: host)
            return String(try #require(answer.text(of: "set-cookie")).prefix { $0 != ";" })
        }
        let own = try await cookie("127.0.0.1:8420")
        let tunnel = try await cookie("localhost:9000")
        let served = try await cookie("localhost")
        let names = [own, tunnel, served].map { String($0.prefix { $0 != "=" }) }
        #expect(names == ["tocsin_session_8420", "tocsin_session_8420_9000", "tocsin_session_8420"])
        #expect(try await cookie("[::1]:9000").hasPrefix("tocsin_session_8420_9000="))
        let both = ("cookie", "tocsin_session_8420_9001=of-another; \(own); \(tunnel)")
        #expect(await lab.ask("GET", "/data", [both], host: "localhost:9000").words == "data")
        #expect(await lab.ask("GET", "/data", [both]).words == "data")
        #expect(await lab.ask("GET", "/data", [("cookie", own)], host: "localhost:9000").status == 401)
    }

    @Test func `sessions end`() async throws {
        let lab = RouterLab()
        let (cookie, _) = try await lab.session()
        lab.clock.advance(by: .seconds(86_000))
        #expect(await lab.ask("GET", "/data", [cookie]).status == 200)
        lab.clock.advance(by: .seconds(86_500))
        #expect(await lab.ask("GET", "/data", [cookie]).status == 401)
        let (next, _) = try await lab.session()
        lab.access.update(
            WebSpec(listen: ListenAddress(host: "127.0.0.1", port: 8420), tokens: [Secret("another-token-of-ours")]))
        #expect(await lab.ask("GET", "/data", [next]).status == 401)
        #expect(await lab.ask("GET", "/data", [Self.bearer]).status == 401)
        #expect(await lab.ask("GET", "/data", [("authorization", "Bearer another-token-of-ours")]).status == 200)
    }

    private static func wrong(_ number: Int) -> (String, String) { ("authorization", "Bearer wrong-\(number)") }

    @Test func `wrong tokens are limited, for each address and all together`() async throws {
        let lab = RouterLab()
        for number in 0..<10 { #expect(await lab.ask("POST", "/login", form: "token=wrong\(number)").status == 403) }
        let late = await lab.ask("POST", "/login", form: "token=wrong10")
        #expect(late.status == 429)
        #expect(late.words == "10")
        let program = await lab.ask("GET", "/data", [Self.wrong(10)])
        #expect(program.status == 429)
        #expect(program.text(of: "retry-after") == "10")
        // Others are not held up.
        #expect(await lab.ask("POST", "/login", form: "token=wrong", peer: "192.0.2.2").status == 403)
        lab.clock.advance(by: .seconds(10))
        #expect(await lab.ask("POST", "/login", form: "token=wrong11").status == 403)
        for number in 0..<100 {
            _ = await lab.ask("POST", "/login", form: "token=wrong", peer: "198.51.100.\(number)")
        }
        #expect(await lab.ask("POST", "/login", form: "token=wrong", peer: "203.0.113.1").status == 429)
    }

    /// What the limit is for: an answer to the right one alone would be one to every guess.
    @Test func `beyond the limit the right token is answered as any other`() async throws {
        let lab = RouterLab()
        var judged = 0
        for number in 0..<2000 where await lab.ask("GET", "/data", [Self.wrong(number)]).status == 401 { judged += 1 }
        #expect(judged == 10)
        #expect(await lab.ask("GET", "/data", [Self.bearer]).status == 429)
        #expect(await lab.ask("POST", "/login", form: "token=\(RouterLab.token)").status == 429)
        lab.clock.advance(by: .seconds(10))
        #expect(await lab.ask("POST", "/login", form: "token=\(RouterLab.token)").status == 200)
        // All strangers together have one guess a second.
        judged = 0
        for number in 0..<2000 {
            let peer = "2001:db8::\(String(number, radix: 16))"
            if await lab.ask("GET", "/data", [Self.wrong(number)], peer: peer).status == 401 { judged += 1 }
        }
        #expect(judged == 60)
    }

    @Test func `a wrong token that comes again is no guess`() async throws {
        let lab = RouterLab()
        for _ in 0..<200 { #expect(await lab.ask("GET", "/data", [Self.wrong(1)]).status == 401) }
        #expect(await lab.ask("GET", "/data", [Self.bearer]).words == "data")
        // One that was wrong before a reload may be right after it.
        lab.access.update(
            WebSpec(listen: ListenAddress(host: "127.0.0.1", port: 8420), tokens: [Secret("wrong-1")]))
        #expect(await lab.ask("GET", "/data", [Self.wrong(1)]).words == "data")
    }

    @Test func `who guesses shuts out nobody who is known, and nobody of this machine`() async throws {
        let lab = RouterLab(hosts: ["tocsin.example"])
        let (cookie, _) = try await lab.session()
        #expect(await lab.ask("GET", "/data", [Self.bearer], peer: "192.0.2.7").words == "data")
        func flood(_ range: Range<Int>) async {
            for number in range {
                _ = await lab.ask("POST", "/login", form: "token=wrong\(number)")
                _ = await lab.ask("GET", "/data", [Self.wrong(number)], peer: "198.51.100.\(number)")
                _ = await lab.ask(
                    "GET", "/data", [Self.wrong(number), ("x-forwarded-for", "203.0.113.\(number)")], peer: "127.0.0.1")
            }
        }
        await flood(0..<200)
        #expect(await lab.ask("GET", "/data", [Self.bearer], peer: "192.0.2.99").status == 429)
        for _ in 0..<100 {
            #expect(await lab.ask("GET", "/data", [cookie]).words == "data")
            #expect(await lab.ask("GET", "/data", [Self.bearer], peer: "192.0.2.7").words == "data")
            #expect(await lab.ask("GET", "/data", [Self.bearer], peer: "127.0.0.1").words == "data")
        }
        // A web server in front of us is of this machine, and its visitors are not.
        let forwarded = ("x-forwarded-for", "127.0.0.1, 203.0.113.9")
        #expect(await lab.ask("GET", "/data", [Self.bearer, forwarded], peer: "127.0.0.1").status == 429)
        // A browser whose session has ended logs in again, from the address that the guesses come from.
        lab.clock.advance(by: .seconds(90_000))
        await flood(200..<400)
        #expect(await lab.ask("GET", "/page/x", [cookie]).status == 303)
        #expect(await lab.ask("POST", "/login", form: "token=\(RouterLab.token)").status == 429)
        #expect(await lab.ask("POST", "/login", [cookie], form: "token=\(RouterLab.token)").status == 200)
    }

    @Test(arguments: [
        WebSpec(listen: ListenAddress(host: "0.0.0.0", port: 8420)),
        WebSpec(listen: ListenAddress(host: "127.0.0.1", port: 8420), hosts: ["tocsin.example"]),
    ])
    func `a page that others could reach is never open`(_ spec: WebSpec) async {
        let access = WebAccess(spec, clock: ManualClock())
        #expect(!access.isOpen)
        let head = WebRequestHead(method: "GET", path: "/data", headers: [])
        #expect(access.standing(of: head) == .unknown)
        let lab = RouterLab()
        #expect(!lab.access.update(spec))
        #expect(await lab.ask("GET", "/data").status == 401)
        #expect(await lab.ask("GET", "/data", [Self.bearer]).words == "data")
    }

    @Test func `without a token everybody reads, and nobody acts`() async {
        let lab = RouterLab(token: nil)
        #expect(await lab.ask("GET", "/page/x").words == "page x -")
        #expect(await lab.ask("GET", "/data").words == "data")
        #expect(await lab.ask("POST", "/act", form: "what=1&csrf=").status == 403)
        #expect(await lab.ask("POST", "/login", form: "token=").status == 403)
        #expect(lab.done == [])
    }

    @Test func `every answer tells the browser what it may do`() async {
        let lab = RouterLab()
        for target in ["/open", "/nowhere", "/page/x", "/broken"] {
            let answer = await lab.ask("GET", target)
            let policy = answer.text(of: "content-security-policy") ?? ""
            #expect(policy.hasPrefix("default-src 'none'; "))
            #expect(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"))
            #expect(!policy.contains("unsafe") && !policy.contains("*"))
            #expect(answer.text(of: "x-content-type-options") == "nosniff")
            #expect(answer.text(of: "referrer-policy") == "no-referrer")
        }
    }

    @Test func `faults are told without their insides`() async {
        let lab = RouterLab()
        let state = await lab.ask("GET", "/broken")
        #expect(state.status == 503)
        #expect(state.words.hasPrefix("The state cannot be read just now: the state cannot be written."))
        #expect(!state.words.contains("state.db"))
        let written = await lab.ask("POST", "/broken", form: "")
        #expect(written.status == 503)
        #expect(written.words.hasPrefix("Nothing was changed: the state cannot be written."))
        // A backup has it for a moment: nothing that a reader of the page should stop.
        let busy = await lab.ask("POST", "/busy", form: "")
        #expect(busy.status == 503)
        #expect(busy.words.contains("Try again in a moment") && !busy.words.contains("stop"))
        #expect(busy.text(of: "retry-after") == "10" && !busy.words.contains("state.db"))
        let other = await lab.ask("GET", "/faulty")
        #expect(other.status == 500)
        #expect(other.words == "Tocsin has failed here. Its log says why.\n")
    }

    // MARK: over sockets

    func serving(
        _ lab: RouterLab, limits: WebLimits = WebLimits(), _ test: @Sendable (Int) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = WebServer(
            listen: ListenAddress(host: "127.0.0.1", port: 0), handler: lab.router, limits: limits, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await test(try #require(await server.port))
            group.cancelAll()
        }
    }

    /// Off the threads that tasks run on.
    private func blocking(_ work: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }

    private static func ask(_ target: String, _ port: Int, method: String = "GET") throws -> RawClient {
        let client = try RawClient(port: port)
        client.send("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return client
    }

    @Test func `what the server itself refuses says why, and tells the browser what it may do`() async throws {
        var limits = WebLimits()
        limits.body = .milliseconds(100)
        try await serving(RouterLab(), limits: limits) { port in
            try await blocking {
                for (length, status, words) in [(900_000, 413, "more than is taken here"), (9, 408, "too slowly")] {
                    let client = try RawClient(port: port)
                    client.send("POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\n\r\n")
                    let answer = try #require(client.answer())
                    #expect(answer.status == status)
                    #expect(answer.text.contains(words))
                    #expect(answer.headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
                    #expect(answer.headers["x-content-type-options"] == "nosniff")
                }
            }
        }
    }

    @Test func `HEAD has a head only`() async throws {
        try await serving(RouterLab()) { port in
            try await blocking {
                let text = try Self.ask("/open", port, method: "HEAD").rest()
                #expect(text.hasPrefix("HTTP/1.1 200"))
                #expect(text.lowercased().contains("content-length: 4"))
                #expect(text.hasSuffix("\r\n\r\n"))
            }
        }
    }

    @Test func `a stream is sent piece by piece, and bounded in number`() async throws {
        var limits = WebLimits()
        limits.streams = 2
        try await serving(RouterLab(token: nil), limits: limits) { port in
            try await blocking {
                let text = try Self.ask("/stream", port).rest()
                for number in 0..<3 { #expect(text.contains("piece \(number)\n")) }
                let held = try (0..<2).map { _ in try Self.ask("/endless", port) }
                for client in held { #expect(client.head()?.status == 200) }
                #expect(try Self.ask("/endless", port).answer()?.status == 503)
            }
        }
    }

    @Test func `a stream does not hold up a shutdown`() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = WebServer(
            listen: ListenAddress(host: "127.0.0.1", port: 0), handler: RouterLab(token: nil).router, logger: logger)
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: server)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let port = try #require(await server.port)
            let client = try Self.ask("/endless", port)
            try await blocking { #expect(client.head()?.status == 200) }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    @Test func `hundreds of slow clients leave room for others, beyond what is taken`() async throws {
        var limits = WebLimits()
        limits.connections = 256
        // None of them ends by itself.
        limits.head = .seconds(600)
        limits.idle = .seconds(600)
        limits.body = .seconds(600)
        try await serving(RouterLab(), limits: limits) { port in
            try await blocking {
                let slow = try (0..<700).map { number in
                    let client = try RawClient(port: port)
                    client.send(
                        number % 2 == 0
                            ? "GET /open HTT" : "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
                    return client
                }
                #expect(try Self.ask("/open", port).answer()?.text == "open")
                _ = slow
            }
        }
    }
}
