import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing
import WebInterface
import WebServing

@Suite(.timeLimit(.minutes(1))) struct InterfaceAPITests {
    private func titles(_ page: [String: Any]) -> [String] {
        (page["alerts"] as? [[String: Any]] ?? []).compactMap { alert in
            ((alert["data"] as? [String: Any])?["item"] as? [String: Any])?["title"] as? String
        }
    }

    @Test func `alerts come by pages, each of them once, whatever is raised meanwhile`() async throws {
        let lab = try InterfaceLab()
        try await lab.raise((1...5).map { "number \($0)" })
        var seen: [String] = []
        var address: String? = "/api/v1/alerts?limit=2&severity=high"
        var pages = 0
        while let next = address {
            let answer = try await lab.get(next)
            let page = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
            seen += titles(page)
            pages += 1
            if pages == 1 { try await lab.raise(["new"]) }
            address = answer.text(of: "link").map { String($0.dropFirst().prefix { $0 != ">" }) }
            #expect((page["next"] is NSNull) == (address == nil))
        }
        #expect(seen == (1...5).reversed().map { "number \($0)" })
        #expect(pages == 3)
    }

    @Test func `an alert is that of the command line, with its deliveries`() async throws {
        let lab = try InterfaceLab()
        let alert = try #require(try await lab.raise(["<script>alert(1)</script>"]).first)
        let answer = try await lab.get("/api/v1/alerts/\(alert.id)")
        let reports = try await lab.store.alerts(AlertFilter(id: alert.id.rawValue))
        #expect(answer.body == (try #require(reports.first)).jsonWithAcknowledgement + [10])
        #expect(answer.text(of: "content-type") == "application/json")
        #expect(titles(try await lab.json("/api/v1/alerts")) == ["<script>alert(1)</script>"])
        let none = try await lab.get("/api/v1/alerts/al_0")
        #expect(none.status == 404)
        #expect(none.text(of: "content-type") == "application/problem+json")
    }

    @Test func `filters choose`() async throws {
        let lab = try InterfaceLab()
        try await lab.raise(["first"])
        lab.clock.advance(by: .seconds(3600))
        try await lab.raise(["second"], watch: "Camps & more/less", severity: .low, language: "zh-CN")
        let now = lab.clock.now
        for (query, expected) in [
            ("watch=family", ["first"]), ("watch=Camps%20%26%20more/less", ["second"]), ("watch=none", []),
            ("severity=low", ["second"]), ("language=zh", ["second"]), ("language=ZH-hans", ["second"]),
            ("language=kk", ["first"]), ("type=alert", ["second", "first"]), ("type=health", []),
            ("feed=https://example.org/rss?format%3Datom", ["second", "first"]), ("feed=x", []),
            ("since=\(Timestamp.text(now - 60))", ["second"]), ("until=\(Timestamp.text(now - 60))", ["first"]),
            // 60 seconds before, in another zone.
            ("since=\(Timestamp.text(now - 60 + 3600).dropLast()).5%2B01:00", ["second"]),
            ("open=true", ["second", "first"]), ("limit=1", ["second"]),
        ] {
            #expect(titles(try await lab.json("/api/v1/alerts?\(query)")) == expected, "\(query)")
        }
    }

    @Test(arguments: [
        "sevrity=high", "severity=urgent", "severity=", "limit=0", "limit=201", "limit=+5", "limit=five", "cursor=-1",
        "cursor=0x1", "since=yesterday", "since=2026-02-30T00:00:00Z", "since=2026-02-20T24:00:00Z",
        "since=2026-02-20T00:00:00", "until=2026-02-20", "language=", "language=k_k", "type=x", "open=yes", "watch=",
        "limit=1&limit=2", "key=x",
    ])
    func `what is no filter is refused, and said`(_ query: String) async throws {
        let lab = try InterfaceLab()
        let answer = try await lab.get("/api/v1/alerts?\(query)")
        #expect(answer.status == 400)
        #expect(answer.text(of: "content-type") == "application/problem+json")
        let problem = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        #expect(problem["title"] as? String == "Bad Request")
        #expect(problem["status"] as? Int == 400)
        #expect(problem["parameter"] as? String == String(query.prefix { $0 != "=" }))
        #expect((problem["detail"] as? String ?? "").count > 10)
    }

    @Test func `what is unchanged is not sent again`() async throws {
        let lab = try InterfaceLab()
        try await lab.raise(["first"])
        for address in ["/api/v1/alerts", "/api/v1/feeds", "/api/v1/watches", "/alerts.atom", "/alerts.json"] {
            let answer = try await lab.get(address)
            let tag = try #require(answer.text(of: "etag"))
            for known in [tag, "\"x\", W/\(tag)", "*"] {
                let again = try await lab.get(address, headers: [("if-none-match", known)])
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
                #expect(again.text(of: "etag") == tag)
            }
            #expect(try await lab.get(address, headers: [("if-none-match", "\"x\"")]).status == 200)
            #expect(answer.text(of: "cache-control") == "private, no-cache")
        }
        let tag = try #require(try await lab.get("/api/v1/alerts").text(of: "etag"))
        try await lab.raise(["second"])
        #expect(try await lab.get("/api/v1/alerts", headers: [("if-none-match", tag)]).status == 200)
    }

    @Test func `feeds come in the order of the configuration`() async throws {
        let lab = try InterfaceLab()
        let feeds = (1...5).map { FeedSpec(url: "https://user:secret@example.org/\($0)?token=abc") }
        try await lab.store.register(feeds, at: lab.clock.now)
        let first = try await lab.json("/api/v1/feeds?limit=3")
        let urls = (first["feeds"] as? [[String: Any]] ?? []).compactMap { $0["url"] as? String }
        #expect(urls == (1...3).map { "https://example.org/\($0)?token=•••" })
        let cursor = try #require(first["next"] as? String)
        let second = try await lab.json("/api/v1/feeds?limit=3&cursor=\(cursor)")
        #expect((second["feeds"] as? [Any])?.count == 2)
        #expect(second["next"] is NSNull)
        #expect((try await lab.json("/api/v1/feeds?health=new&needs_attention=false")["feeds"] as? [Any])?.count == 5)
        #expect((try await lab.json("/api/v1/feeds?health=gone")["feeds"] as? [Any])?.count == 0)
        #expect((try await lab.json("/api/v1/feeds?needs_attention=true")["feeds"] as? [Any])?.count == 0)
    }

    /// What tells two feeds of a site apart is shown, and what opens them is not.
    @Test func `alerts are found by the address that the list of feeds gives`() async throws {
        let lab = try InterfaceLab()
        let feeds = ["kk", "ru"].map { FeedSpec(url: "https://user:pw@example.org/rss?q=\($0)&api_key=abc") }
        for feed in feeds {
            let shown = FeedSpec(url: FeedAddress.shown(feed.url))
            try await lab.raise([feed.url], url: nil, feed: shown)
        }
        try await lab.store.register(feeds, at: lab.clock.now)
        let listed = try await lab.json("/api/v1/feeds")["feeds"] as? [[String: Any]]
        let addresses = try #require(listed).compactMap { $0["url"] as? String }
        #expect(addresses == ["kk", "ru"].map { "https://example.org/rss?q=\($0)&api_key=•••" })
        for (feed, address) in zip(feeds, addresses) {
            for asked in [address, feed.url] {
                let value = try #require(asked.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
                let alerts = try await lab.json("/api/v1/alerts?feed=\(value)")["alerts"] as? [[String: Any]]
                let items = (alerts ?? []).compactMap { ($0["data"] as? [String: Any])?["item"] as? [String: Any] }
                #expect(items.compactMap { $0["title"] as? String } == [feed.url])
            }
        }
    }

    @Test func `a feed tells how far its hub pushes it`() async throws {
        let lab = try InterfaceLab()
        try await lab.raise(["first"])
        let known = try await lab.store.feeds()
        var state = try #require(known.first)
        state.hub = HubOffer(hub: "https://hub.example/?key=secret-of-the-hub-0123456789", topic: state.url)
        var poll = PollRecord(feed: state, at: lab.clock.now, routes: [])
        poll.hub.hasChanged = true
        _ = try await lab.store.record(poll)
        func push() async throws -> [String: Any]? {
            let feeds = try await lab.json("/api/v1/feeds")["feeds"] as? [[String: Any]]
            return feeds?.first?["push"] as? [String: Any]
        }
        #expect(try await push()?["state"] as? String == "unused")
        _ = try await lab.store.arrangeHubs(callback: "https://us.example/tocsin", at: lab.clock.now)
        #expect(try await push()?["state"] as? String == "pending")
        #expect(try await push()?["hub"] as? String == "https://hub.example/?key=•••")
        let checker = try SchemaChecker(try await lab.get("/api/v1/openapi.json").body)
        let answer = try await lab.get("/api/v1/feeds")
        #expect(
            checker.faults(
                of: "/api/v1/feeds", status: 200, type: answer.text(of: "content-type"), body: answer.body
            ).isEmpty)
    }

    @Test func `alerts tell whether somebody has seen to them`() async throws {
        let lab = try InterfaceLab()
        let alert = try #require(try await lab.raise(["first"]).first)
        func seen() async throws -> [String?] {
            let list = try await lab.json("/api/v1/alerts")["alerts"] as? [[String: Any]]
            let one = try await lab.json("/api/v1/alerts/\(alert.id.rawValue)")
            #expect(one.keys.contains("acknowledged"))
            return [list?.first?["acknowledged"] as? String, one["acknowledged"] as? String]
        }
        #expect(try await seen() == [nil, nil])
        #expect(try await lab.store.acknowledge(alert.id, at: lab.clock.now))
        let time = Timestamp.text(lab.clock.now)
        #expect(try await seen() == [time, time])
    }

    @Test func `watches tell what came of them, and where to subscribe`() async throws {
        let lab = try InterfaceLab()
        try await lab.raise(["first", "second"])
        try await lab.store.silence(Silence(watch: "family", since: lab.clock.now, until: lab.clock.now + 60))
        let watches = try #require(try await lab.json("/api/v1/watches")["watches"] as? [[String: Any]])
        #expect(watches.map { $0["name"] as? String } == ["family", "Camps & more/less"])
        #expect(watches[0]["alerts"] as? Int == 2)
        #expect(watches[0]["silenced_until"] as? String == Timestamp.text(lab.clock.now + 60))
        #expect(watches[1]["last_alert"] is NSNull)
        let atom = try #require(watches[0]["atom"] as? String)
        #expect(!atom.contains(InterfaceLab.token))
        #expect(try await lab.get(atom, token: nil).status == 200)
        let page = try await lab.json("/api/v1/watches?limit=1")
        #expect(page["next"] as? String == "1")
        let rest = try await lab.json("/api/v1/watches?limit=1&cursor=1")
        #expect((rest["watches"] as? [[String: Any]])?.first?["name"] as? String == "Camps & more/less")
        #expect(rest["next"] is NSNull)
    }

    @Test func `without the token nothing is told`() async throws {
        let lab = try InterfaceLab()
        try await lab.raise(["first"])
        for path in ["/api/v1/alerts", "/api/v1/alerts/x", "/api/v1/feeds", "/api/v1/watches", "/api/v1/status"] {
            for token in [nil, "wrong"] {
                let answer = try await lab.get(path, token: token)
                #expect(answer.status == 401)
                #expect(answer.text(of: "content-type") == "application/problem+json")
                #expect(answer.text(of: "www-authenticate")?.hasPrefix("Bearer") == true)
            }
        }
        #expect(try await lab.get("/metrics", token: nil).status == 401)
        #expect(try await lab.get("/healthz", token: nil).words == "ok\n")
        #expect(try await lab.get("/readyz", token: nil).words == "ready\n")
        let open = try InterfaceLab(hasToken: false)
        #expect(try await open.get("/api/v1/alerts", token: nil).status == 200)
        #expect(try await open.get("/alerts.atom", token: nil).status == 200)
    }

    @Test func `what is not ready says so`() async throws {
        let lab = try InterfaceLab(unreadiness: "the state cannot be used")
        let answer = try await lab.get("/readyz", token: nil)
        #expect(answer.status == 503)
        #expect(answer.words == "the state cannot be used\n")
        let status = try await lab.json("/api/v1/status")
        #expect(status["ready"] as? Bool == false)
        #expect(status["reason"] as? String == "the state cannot be used")
    }

    @Test func `what is not there, and what cannot be done, are problems`() async throws {
        let lab = try InterfaceLab()
        let missing = try await lab.get("/api/v1/nothing")
        #expect(missing.status == 404)
        #expect(missing.text(of: "content-type") == "application/problem+json")
        let changing = try await lab.get("/api/v1/alerts", method: "DELETE")
        #expect(changing.status == 405)
        #expect(changing.text(of: "allow") == "GET, HEAD")
        #expect(changing.text(of: "content-type") == "application/problem+json")
        #expect(try await lab.get("/api/v1/alerts", method: "HEAD").status == 200)
    }

    @Test func `the description is of what is served, and all of it`() async throws {
        let lab = try InterfaceLab()
        let alert = try #require(try await lab.raise(["first", "second"]).first)
        try await lab.store.silence(
            Silence(watch: "family", since: lab.clock.now, until: lab.clock.now + 60, reason: "r"))
        let description = try await lab.get("/api/v1/openapi.json", token: nil)
        let checker = try SchemaChecker(description.body)
        #expect(checker.paths == Set(WebInterface.routes(lab.source).map(\.path)))
        func check(
            _ path: String, _ address: String, _ status: Int, token: String? = InterfaceLab.token,
            headers: [(String, String)] = []
        ) async throws {
            let answer = try await lab.get(address, token: token, headers: headers)
            #expect(answer.status == status, "\(address)")
            let faults = checker.faults(
                of: path, status: answer.status, type: answer.text(of: "content-type"), body: answer.body)
            #expect(faults.isEmpty, "\(address)")
        }
        for path in checker.paths {
            let address = path.replacing("{id}", with: alert.id.rawValue).replacing("{name}", with: "family")
            try await check(path, address, 200)
            // Of two names, one is not ours.
            try await check(path, address, 403, headers: [("host", "elsewhere.example")])
            for parameter in checker.parameters(of: path) {
                // Whatever is described is known, and a value that is none is refused.
                if ["watch", "feed"].contains(parameter) { continue }
                try await check(path, "\(address)?\(parameter)=%00", 400)
            }
            if checker.statuses(of: path).contains("401") { try await check(path, address, 401, token: nil) }
            if checker.statuses(of: path).contains("404") {
                try await check(
                    path, path.replacing("{id}", with: "none").replacing("{name}", with: "none"), 404)
            }
        }
    }
}
