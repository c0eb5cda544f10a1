import FeedParsing
import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing
import WebInterface
import WebServing

@Suite(.timeLimit(.minutes(1))) struct AlertFeedTests {
    private func parsed(_ answer: WebResponse, _ url: String) throws -> ParsedFeed {
        try FeedParser.parse(
            FeedDocument(
                bytes: answer.body, url: url, contentType: answer.text(of: "content-type"), contentLocation: nil,
                encoding: nil))
    }

    @Test(arguments: [FeedKey.Format.atom, .json])
    func `a feed reader reads the alerts`(_ format: FeedKey.Format) async throws {
        let lab = try InterfaceLab()
        let hostile = "</title><script>alert(\"x\")</script> & ]]> \u{202E}gnp\u{7}\u{0} 中文 ئۇيغۇر"
        try await lab.raise(["first", hostile])
        let address = FeedKey.address(of: .all, format, Secret(InterfaceLab.token))
        let answer = try await lab.get(address, token: nil)
        #expect(answer.status == 200)
        let feed = try parsed(answer, "http://127.0.0.1:8420" + address)
        #expect(feed.warnings.isEmpty)
        #expect(feed.title == "Tocsin: alerts")
        try #require(feed.items.count == 2)
        // The newest first, and without what reorders or breaks a line.
        let plain = "</title><script>alert(\"x\")</script> & ]]> gnp 中文 ئۇيغۇر"
        if format == .atom {
            #expect(feed.items[0].title == plain)
        } else {
            // Our own reader takes markup for markup; what stands there is text.
            let raw = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            #expect((raw?["items"] as? [[String: Any]])?.first?["title"] as? String == plain)
        }
        #expect(feed.items[1].title == "first")
        #expect(feed.items[0].url == "https://example.org/a")
        #expect(feed.items[0].published == lab.clock.now)
        #expect(feed.items[0].language == "kk")
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains(format == .atom ? "&lt;i&gt;деді&lt;/i&gt;" : "<i>деді</i>"))
        #expect(!text.contains(InterfaceLab.token))
    }

    @Test func `an alert has one id, wherever it is read`() async throws {
        let lab = try InterfaceLab()
        try await lab.raise(["first"])
        let all = try parsed(try await lab.get("/alerts.atom"), "http://a/")
        let one = try parsed(try await lab.get("/watches/family/alerts.atom?limit=1"), "http://b/")
        #expect(all.items.map(\.id) == one.items.map(\.id))
        #expect(all.items.first?.id?.hasPrefix("urn:uuid:") == true)
    }

    @Test func `each watch has its feed, and its key`() async throws {
        let lab = try InterfaceLab()
        try await lab.raise(["first"])
        try await lab.raise(["second"], watch: "Camps & more/less", severity: .low)
        let token = Secret(InterfaceLab.token)
        let family = FeedKey.address(of: .watch("family"), .atom, token)
        let camps = FeedKey.address(of: .watch("Camps & more/less"), .json, token)
        #expect(try parsed(try await lab.get(family, token: nil), "http://a/").items.map(\.title) == ["first"])
        #expect(try parsed(try await lab.get(camps, token: nil), "http://a/").items.map(\.title) == ["second"])
        let key = FeedKey.key(for: .watch("family"), token)
        // Of this feed, and of nothing else.
        #expect(try await lab.get("/watches/family/alerts.json?key=\(key)", token: nil).status == 200)
        for other in ["/alerts.atom", "/watches/Camps%20%26%20more%2Fless/alerts.atom"] {
            #expect(try await lab.get("\(other)?key=\(key)", token: nil).status == 401)
        }
        for path in ["/api/v1/alerts", "/api/v1/status", "/metrics"] {
            #expect(try await lab.get("\(path)?key=\(key)", token: nil).status == 401)
        }
        for wrong in ["", "?key=", "?key=\(key.dropLast())", "?key=\(InterfaceLab.token)"] {
            let answer = try await lab.get("/watches/family/alerts.atom\(wrong)", token: nil)
            #expect(answer.status == 401)
        }
        // The second token makes keys as well, so that one can be replaced by the next.
        let second = FeedKey.key(for: .all, Secret("another-token-for-tests-9876"))
        #expect(try await lab.get("/alerts.json?key=\(second)", token: nil).status == 200)
        let old = FeedKey.key(for: .all, Secret("a-token-that-was-replaced-00"))
        #expect(try await lab.get("/alerts.json?key=\(old)", token: nil).status == 401)
    }

    @Test(arguments: [FeedKey.Format.atom, .json])
    func `a watch's feed tells nothing of other watches`(_ format: FeedKey.Format) async throws {
        let lab = try InterfaceLab()
        let other = "Camps & more/less"
        try await lab.raise(["first"], watch: "family", and: [other])
        let token = Secret(InterfaceLab.token)
        let one = try await lab.get(FeedKey.address(of: .watch("family"), format, token), token: nil)
        #expect(one.status == 200)
        #expect(one.words.contains("family") && one.words.contains("Серікқызы"))
        #expect(
            !one.words.contains("more/less") && !one.words.contains("pattern of") && !one.words.contains("context of"))
        let all = try await lab.get(FeedKey.address(of: .all, format, token), token: nil)
        #expect(all.words.contains("more/less") && all.words.contains("context of"))
    }

    @Test func `what was silenced or is not meant is not in the feeds, unless it is asked for`() async throws {
        let lab = try InterfaceLab()
        let other = "Camps & more/less"
        func titles(_ address: String) async throws -> [String?] {
            try parsed(try await lab.get(address), "http://a/").items.map(\.title)
        }
        try await lab.raise(["of both"], watch: "family", and: [other])
        let marked = try #require(try await lab.raise(["not meant"]).first)
        #expect(try await titles("/alerts.atom") == ["not meant", "of both"])
        #expect(try await lab.store.dismiss(marked.id, watch: "family", routes: [], at: lab.clock.now))
        #expect(try await titles("/alerts.atom") == ["of both"])
        #expect(try await titles("/watches/family/alerts.json") == ["of both"])
        #expect(try await titles("/watches/family/alerts.json?quiet=true") == ["not meant", "of both"])
        #expect(try await titles("/alerts.atom?quiet=true") == ["not meant", "of both"])
        #expect(try await lab.get("/alerts.atom?quiet=yes").status == 400)

        try await lab.store.silence(
            Silence(watch: "family", since: lab.clock.now, until: lab.clock.now + 60, reason: nil))
        try await lab.raise(["in silence"])
        try await lab.raise(["half in silence"], watch: "family", and: [other])
        #expect(try await lab.store.heardAlertCount(after: 0) == 2)
        // It stays so when the silence is over.
        lab.clock.advance(by: .seconds(120))
        try await lab.store.silence(
            Silence(watch: "other", since: lab.clock.now, until: lab.clock.now + 60, reason: nil))
        try await lab.raise(["after it"])
        #expect(try await titles("/alerts.atom") == ["after it", "half in silence", "of both"])
        #expect(try await titles("/watches/family/alerts.atom") == ["after it", "of both"])
        #expect(try await titles("/watches/Camps%20%26%20more%2Fless/alerts.atom") == ["half in silence", "of both"])
        #expect(try await lab.store.heardAlertCount(after: 0) == 3)
        #expect(try await lab.store.alertCount(after: 0) == 5)
        #expect(try await lab.store.restore(marked.id, watch: "family", routes: [], at: lab.clock.now))
        #expect(try await lab.store.heardAlertCount(after: 0) == 4)
    }

    @Test func `who guesses tokens has to wait`() async throws {
        let lab = try InterfaceLab()
        var answer = WebResponse(0)
        for number in 1...20 { answer = try await lab.get("/alerts.atom", token: "wrong-\(number)") }
        #expect(answer.status == 429)
        #expect(Int(try #require(answer.text(of: "retry-after"))) ?? 0 > 0)
        // A key is no guess: nobody's reader stands still because of it.
        let address = FeedKey.address(of: .all, .atom, Secret(InterfaceLab.token))
        #expect(try await lab.get(address, token: nil).status == 200)
    }

    /// They are made from the token.
    @Test func `who guesses keys has to wait as well, and learns nothing meanwhile`() async throws {
        let lab = try InterfaceLab()
        var judged = 0
        for number in 1...200 where try await lab.get("/alerts.atom?key=wrong-\(number)", token: nil).status == 401 {
            judged += 1
        }
        #expect(judged == 10)
        let address = FeedKey.address(of: .all, .atom, Secret(InterfaceLab.token))
        #expect(try await lab.get(address, token: nil).status == 429)
        lab.clock.advance(by: .seconds(10))
        #expect(try await lab.get(address, token: nil).status == 200)
        // One that was given up with its token is asked for again and again, and is no guess.
        for _ in 1...200 { #expect(try await lab.get("/alerts.atom?key=wrong-10", token: nil).status == 401) }
        #expect(try await lab.get(address, token: nil).status == 200)
    }

    @Test(arguments: [FeedKey.Format.atom, .json])
    func `a watch's feed has the severity of that watch, and no other can be found out`(_ format: FeedKey.Format)
        async throws
    {
        let lab = try InterfaceLab()
        let other = "Camps & more/less"
        try await lab.raise(["first"], watch: "family", severity: .critical, and: [other])
        let token = Secret(InterfaceLab.token)
        let address = FeedKey.address(of: .watch(other), format, token)
        let one = try await lab.get(address, token: nil)
        #expect(one.words.contains("normal") && !one.words.contains("critical"))
        func count(_ severity: String) async throws -> Int {
            try parsed(try await lab.get("\(address)&severity=\(severity)", token: nil), "http://a/").items.count
        }
        #expect(try await count("critical") == 0)
        #expect(try await count("normal") == 1)
        let family = try await lab.get(FeedKey.address(of: .watch("family"), format, token), token: nil)
        #expect(family.words.contains("high") && !family.words.contains("critical"))
        let all = try await lab.get(FeedKey.address(of: .all, format, token) + "&severity=critical", token: nil)
        #expect(all.words.contains("critical") && all.words.contains("first"))
    }

    @Test func `a watch that there is not is told of`() async throws {
        let lab = try InterfaceLab()
        #expect(try await lab.get("/watches/famly/alerts.atom").status == 404)
        let empty = try parsed(try await lab.get("/watches/family/alerts.atom"), "http://a/")
        #expect(empty.items.isEmpty)
    }

    @Test(arguments: [FeedKey.Format.atom, .json])
    func `older alerts are on the next page`(_ format: FeedKey.Format) async throws {
        let lab = try InterfaceLab()
        try await lab.raise((1...5).map { "number \($0)" })
        let key = FeedKey.key(for: .all, Secret(InterfaceLab.token))
        var next: String? = "http://127.0.0.1:8420/alerts.\(format.rawValue)?key=\(key)&limit=2"
        var titles: [String] = []
        while let url = next {
            let answer = try await lab.get(String(url.dropFirst("http://127.0.0.1:8420".count)), token: nil)
            let feed = try parsed(answer, url)
            titles += feed.items.compactMap(\.title)
            next = feed.nextPage
        }
        #expect(titles == (1...5).reversed().map { "number \($0)" })
    }

    @Test func `behind a web server with TLS the addresses are those that it is called by`() async throws {
        let lab = try InterfaceLab()
        let answer = try await lab.get("/alerts.json?limit=1", headers: [("x-forwarded-proto", "https")])
        #expect(answer.words.contains("\"feed_url\":\"https://127.0.0.1:8420/alerts.json?limit=1\""))
    }

    @Test(arguments: ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "no address"])
    func `nobody is led to what is no web page`(_ url: String) async throws {
        let lab = try InterfaceLab()
        try await lab.raise(["first"], url: url)
        for path in ["/alerts.atom"] {
            let answer = try await lab.get(path)
            #expect(!answer.words.contains("href=\"\(url)"))
            #expect(!answer.words.contains("rel=\"alternate\""))
        }
        let feed = try parsed(try await lab.get("/alerts.json"), "http://a/")
        #expect(feed.items.first?.url == nil)
    }
}
