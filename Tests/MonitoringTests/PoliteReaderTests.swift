import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

@testable import Fetching

/// The rules of a polite reader, one test each, by the record of a server on loopback, asked over real connections.
///
/// Each has its rule's number in its name; docs/manners.md tells those who run servers what comes of them. Without a test
/// here: rule 20 (WebSub instead of polling) and rule 21 (the robots.txt of articles), since no article is fetched.
@Suite(.timeLimit(.minutes(2))) struct PoliteReaderTests {
    let wire: Wire
    private let document = rss(Entry("1", "One"))

    init() throws { wire = try Wire() }

    private static let hour = 3600.0
    private static let day = 86_400.0

    @Test func `Rule 1: validators go back byte for byte, and none is made`() async throws {
        let tag = "\"a, b\" ;x"
        let date = "Mon, 26 Nov 2018 14:00:00 +0000"
        wire.answer(200, document, [("ETag", tag), ("Last-Modified", date)])
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == nil && wire.sent["if-modified-since"] == nil)
        wire.answer(200, document + " ", [("Date", date), ("Expires", date)])
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == tag)
        #expect(wire.sent["if-modified-since"] == date)
        // An answer without any: the old ones are out of sequence, and the document's own dates are none.
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == nil && wire.sent["if-modified-since"] == nil)
    }

    @Test func `Rule 2: both are kept after every 200 and 304, with the rest of the poll or not at all`() async throws {
        wire.answer(200, document, [("ETag", "\"1\""), ("Last-Modified", "A")])
        try await wire.poll()
        // The same bytes.
        wire.answer(200, document, [("ETag", "\"2\""), ("Last-Modified", "B")])
        try await wire.poll()
        wire.answer(304, "", [("ETag", "\"3\"")])
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == "\"2\"" && wire.sent["if-modified-since"] == "B")
        let store = UnreliableStore(wire.store)
        store.fail(with: .full(path: "x"))
        wire.answer(200, rss(Entry("2", "Two")), [("ETag", "\"4\"")])
        await #expect(throws: StoreError.self) { try await wire.poll(store: store) }
        try await wire.poll(after: 3600)
        #expect(wire.sent["if-none-match"] == "\"3\"" && wire.sent["if-modified-since"] == "B")
    }

    @Test func `Rule 3: validators belong to the address that gave them and to requests like it`() async throws {
        let target = Mutex("/a")
        wire.answer { [document] request in
            switch request.target {
            case "/feed": .status(302, headers: [("Location", target.withLock { $0 }), ("ETag", "\"hop\"")])
            default: .status(200, body: document, headers: [("ETag", "\"\(request.target)\"")])
            }
        }
        try await wire.poll()
        try await wire.poll()
        #expect(wire.server.requests.map { $0.headers["if-none-match"] } == [nil, nil, nil, "\"/a\""])
        target.withLock { $0 = "/b" }
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == nil)
        // An error's are no document's, and neither are those of what is no feed.
        for (status, body) in [(500, "sorry"), (200, "<html><body>sorry"), (404, "")] {
            wire.answer { request in
                request.target == "/feed"
                    ? .status(302, headers: [("Location", "/b")])
                    : .status(status, body: body, headers: [("ETag", "\"wrong\"")])
            }
            try await wire.poll()
            #expect(wire.sent["if-none-match"] == "\"/b\"")
        }
        var other = wire.feed
        other.policy.headers = [RequestHeader(name: "Accept-Language", value: Secret("kk"))]
        try await wire.poll(other)
        #expect(wire.sent["if-none-match"] == nil)
        #expect(wire.server.requests.suffix(2).map { $0.headers["accept-language"] } == ["kk", "kk"])
    }

    @Test func `Rule 4: a weak tag stays weak`() async throws {
        wire.answer(200, document, [("ETag", "W/\"x\"")])
        try await wire.poll()
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == "W/\"x\"")
    }

    @Test(
        arguments: [
            ([("Cache-Control", "public, max-age=7200")], "", 7200),
            ([("Cache-Control", "max-age=7200"), ("Age", "600")], "", 6600),
            ([("Date", "Mon, 26 Nov 2018 14:00:00 GMT"), ("Expires", "Mon, 26 Nov 2018 16:00:00 GMT")], "", 7200),
            ([("Cache-Control", "max-age=3600"), ("Expires", "Mon, 26 Nov 2018 20:00:00 GMT")], "", 3600),
            ([("Cache-Control", "max-age=60")], "", 900), ([("Cache-Control", "max-age=0")], "", 900),
            ([("Cache-Control", "no-cache, max-age=7200")], "", 900),
            ([("Cache-Control", "max-age=31536000")], "", 86_400), ([], "<ttl>120</ttl>", 7200),
            (
                [], "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>daily</sy:updatePeriod>",
                86_400
            ), ([], "", 900),
        ] as [([(String, String)], String, Double)])
    func `Rule 5: an answer is fresh as long as it says, a day at most`(
        _ headers: [(String, String)], _ channel: String, _ seconds: Double
    ) async throws {
        wire.answer(200, rss([Entry("1", "One")], channel: channel), headers)
        try await wire.poll()
        #expect(try await wire.pause == seconds)
    }

    @Test func `Rule 6: every 15 minutes at most, unless the user says otherwise of the feed`() async throws {
        wire.answer(200, document)
        try await wire.poll()
        #expect(try await wire.poll(after: 899) == nil)
        #expect(try await wire.poll(after: 1) != nil)
        var eager = wire.feed
        eager.policy.every = .seconds(300)
        wire.clock.advance(by: .seconds(900))
        try await wire.poll(eager)
        #expect(try await wire.poll(eager, after: 299) == nil)
        #expect(try await wire.poll(eager, after: 1) != nil)
    }

    @Test func `Rule 7: intervals run from the start of a request, and a restart asks nothing early`() async throws {
        let path = try Fixture.temporaryFolder().appendingPathComponent("state.db").path
        let clock = wire.clock
        wire.answer { [document] _ in
            clock.advance(by: .seconds(100))
            return .status(200, body: document)
        }
        for start in [0.0, 899, 900] {
            // A new process each time.
            let store = try SQLiteStore(path: path, access: .owner)
            clock.set(ManualClock().now + start)
            try await store.register([wire.feed], at: clock.now)
            let due = try await store.claimDueFeeds(at: clock.now, limit: 1, lease: .seconds(60))
            #expect(due.count == (start == 899 ? 0 : 1))
            for feed in due {
                _ = try await wire.poller(store).poll(feed, wire.feed, Lab.setup([wire.feed], sinks: []))
            }
            await store.close()
        }
        #expect(wire.server.requests.count == 2)
    }

    @Test func `Rule 8: intervals vary by a tenth, and the first requests are spread`() async throws {
        wire.answer(200, document)
        try await wire.poll(jitter: 1)
        #expect(try await wire.pause == 990)
        var pacing = StartPacing(feeds: 6000, start: wire.clock.now)
        pacing.count(pacing.allowance(at: wire.clock.now))
        #expect(pacing.allowance(at: wire.clock.now) == 0)
        #expect(pacing.allowance(at: wire.clock.now + 30) == 3000)
    }

    @Test func `Rule 9: a host is asked for one feed after the other, by lot, and other hosts do not wait for it`()
        async throws
    {
        wire.answer(200, document)
        // The server is a proxy, so that the hosts can have public names.
        func spec(_ host: String, _ path: Int) -> FeedSpec {
            var spec = FeedSpec(url: "http://\(host)/\(path)")
            spec.policy.proxy = Secret(wire.server.url)
            spec.policy.timeout = .seconds(3600)
            spec.hostGap = SiteName.gap(of: host)
            return spec
        }
        // However they are written, they are one host.
        let spellings = ["many.example", "Many.Example:80", "many.example."]
        let specs = (1...12).map { spec(spellings[$0 % 3], $0) } + (1...5).map { spec("h\($0).example", 0) }
        let starts = StartLog(wire.transport, wire.clock)
        let monitor = Monitor(
            setup: Lab.setup(specs, sinks: []), transport: starts, store: wire.store, clock: wire.clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await monitor.run() }
            while starts.log.count < 6 { try? await Task.sleep(for: .milliseconds(1)) }
            for count in 7...17 { try await wire.clock.passTurn { starts.log.count == count } }
            group.cancelAll()
            try await group.waitForAll()
        }
        let log = starts.log
        #expect(log.filter { !$0.url.lowercased().contains("many") }.allSatisfy { $0.at == ManualClock().now })
        let many = log.filter { $0.url.lowercased().contains("many") }
        #expect(Set(many.map(\.url)).count == 12)
        #expect(zip(many, many.dropFirst()).allSatisfy { $1.at.timeIntervalSince($0.at) >= 2 })
        #expect(many.map(\.url) != specs.prefix(12).map(\.url))
        #expect(SiteName.gap(of: "www.reddit.com") == .seconds(60) && SiteName.gap(of: "127.0.0.1:80") == .zero)
    }

    @Test func `Rule 10: 429 and 503 are obeyed, by the whole site, a day at most`() async throws {
        func site(_ name: String?, _ path: String) -> FeedSpec {
            var spec = wire.spec(path)
            spec.site = name
            return spec
        }
        let feeds = [site("example.org", "/1"), site("example.org", "/2"), site(nil, "/3"), site(nil, "/4")]
        try await wire.store.register(feeds, at: wire.clock.now)
        let httpDate = "Mon, 26 Nov 2018 18:00:00 GMT"
        wire.answer { request in
            switch request.target {
            case "/1": .status(429, headers: [("Retry-After", "7200")])
            case "/3": .status(503, headers: [("Retry-After", httpDate)])
            case "/4": .status(429)
            default: .status(200, body: self.document)
            }
        }
        let states = try await wire.store.claimDueFeeds(at: wire.clock.now, limit: 10, lease: .seconds(60))
        let poller = wire.poller(wire.store)
        for (state, spec) in zip(states, feeds) {
            _ = try await poller.poll(state, spec, Lab.setup(feeds, sinks: []))
        }
        // The second was claimed already when the first was told to wait, and is not asked.
        #expect(wire.server.requests.map(\.target) == ["/1", "/3", "/4"])
        let due = try await wire.store.feeds().map { feed in
            max(feed.nextPoll, feed.notBefore ?? feed.nextPoll).timeIntervalSince(wire.clock.now)
        }
        #expect(due == [7200, 7200, 4 * Self.hour, 3600])
        // A short time is what it says, and the second refusal a doubt.
        for status in [429, 503] {
            var spec = wire.spec("/short\(status)")
            spec.policy.every = .seconds(60)
            wire.answer(status, "", [("Retry-After", "120")])
            var pauses: [Double] = []
            for _ in 0..<8 {
                try await wire.poll(spec)
                let state = try #require(try await wire.store.feeds().first)
                pauses.append(state.nextPoll.timeIntervalSince(wire.clock.now))
            }
            #expect(pauses == [120, 240, 480, 960, 1920, 3600, 3600, 3600])
            wire.answer(200, document)
            try await wire.poll(spec)
            wire.answer(status, "", [("Retry-After", "120")])
            try await wire.poll(spec)
            #expect(try await wire.pause == 120)
        }
        wire.answer(429, "", [("Retry-After", "999999")])
        try await wire.poll(feeds[3])
        #expect(try await wire.pause == Self.day)
    }

    @Test func `Rule 11: a page for browsers is named, and the feed left alone for a day`() async throws {
        wire.answer(403, "<html>Just a moment…", [("cf-mitigated", "challenge")])
        try await wire.poll()
        #expect(try await wire.pause >= Self.day)
        #expect(try await wire.state.health.condition == .blocked)
        #expect(try await wire.state.health.evidence?.contains("browser") ?? false)
        // Its user hears of it with the second, and sees it hours before that.
        #expect(try await !wire.state.needsSomebody(at: wire.clock.now + 5 * Self.hour))
        #expect(try await wire.state.needsSomebody(at: wire.clock.now + 7 * Self.hour))
        #expect(try await !wire.state.health.isTold)
        let report = try await wire.poll()
        #expect(report?.alerts.map(\.kind) == [.health])
        #expect(try await wire.state.health.isTold)
    }

    @Test func `Rule 12: 404 is asked ever more seldom, 401 after a change only, 410 never again`() async throws {
        wire.answer(404)
        var pauses: [Double] = []
        for _ in 0..<12 {
            try await wire.poll()
            pauses.append(try await wire.pause)
        }
        #expect(pauses == pauses.sorted() && pauses.first == 900 && pauses.last == 7 * Self.day)
        wire.answer(401)
        try await wire.poll()
        #expect(try await wire.pause == Self.day)
        #expect(try await wire.state.isStopped == false)
        try await wire.poll()
        let state = try await wire.state
        #expect(state.isStopped && state.needsSomebody(at: wire.clock.now))
        let later = wire.clock.now + 300 * Self.day
        #expect(try await wire.store.claimDueFeeds(at: later, limit: 1, lease: .seconds(60)).isEmpty)
        // Whoever starts the program may have written another password.
        wire.answer(410)
        #expect(try await wire.poll(after: 60)?.outcome == .gone)
        let asked = wire.server.requests.count
        #expect(try await wire.poll(after: 400 * Self.day) == nil)
        #expect(wire.server.requests.count == asked)
        #expect(try await wire.state.health.isTold)
    }

    @Test func `Rule 13: a move is believed after ten answers and seven days, and the old address kept`() async throws {
        wire.answer { [document] request in
            request.target == "/feed"
                ? .status(301, headers: [("Location", "/new?key=1")]) : .status(200, body: document)
        }
        for count in 1...9 {
            try await wire.poll(after: count == 1 ? 0 : Self.day)
            #expect(wire.server.requests.suffix(2).map(\.target) == ["/feed", "/new?key=1"])
        }
        #expect(try await wire.state.move?.adopted == nil)
        #expect(
            try await wire.state.health.evidence == "the server says that it is now at \(wire.server.url)/new?key=•••")
        try await wire.poll(after: Self.day)
        #expect(try await wire.state.move?.adopted == wire.clock.now)
        let asked = wire.server.requests.count
        try await wire.poll(after: Self.day)
        #expect(wire.server.requests.dropFirst(asked).map(\.target) == ["/new?key=1"])
        #expect(try await wire.state.url == wire.feed.url)
        #expect(try await wire.state.health.condition == .moved)
        #expect(try await wire.state.health.evidence?.contains("is asked there; change the address") ?? false)
        // The new one fails for long: the configured one is asked again.
        wire.answer { [document] request in
            request.target == "/feed" ? .status(200, body: document) : .status(500)
        }
        for _ in 0..<3 { try await wire.poll(after: Self.day) }
        #expect(wire.server.requests.last?.target == "/new?key=1")
        try await wire.poll(after: 7 * Self.day)
        #expect(wire.server.requests.last?.target == "/feed")
        #expect(try await wire.state.move == nil)
        #expect(try await wire.state.health.condition == .fine)
    }

    @Test func `Rule 13: ten answers within days, another feed, or many sites at once are no move`() async throws {
        wire.answer { [document] request in
            request.target == "/feed" ? .status(308, headers: [("Location", "/new")]) : .status(200, body: document)
        }
        for _ in 0..<40 { try await wire.poll() }
        #expect(try await wire.state.move?.answers == 40)
        #expect(try await wire.state.move?.adopted == nil)
        // A login page's own feed.
        let other = rss(Entry("x", "Welcome")).replacingOccurrences(of: "<title>News", with: "<title>Hotel")
        wire.answer { request in
            request.target == "/feed" ? .status(301, headers: [("Location", "/login")]) : .status(200, body: other)
        }
        try await wire.poll()
        #expect(try await wire.state.move == nil)
    }

    @Test func `Rule 13: many sites that redirect to one host have not moved`() async throws {
        let other = try Wire()
        other.answer(200, document)
        wire.answer { request in
            .status(301, headers: [("Location", other.server.url + request.target)])
        }
        // Four hosts, one server.
        let port = wire.server.port
        let specs = ["a", "b", "c", "d"].map { Wire.spec("http://\($0).localhost:\(port)/\($0)") }
        let poller = wire.poller(wire.store)
        let setup = Lab.setup(specs, sinks: [])
        try await wire.store.register(specs, at: wire.clock.now)
        for _ in 0..<12 {
            for state in try await wire.store.claimDueFeeds(at: wire.clock.now, limit: 10, lease: .seconds(60)) {
                let spec = try #require(specs.first { $0.url == state.url })
                _ = try await poller.poll(state, spec, setup)
            }
            wire.clock.advance(by: .seconds(Self.day))
        }
        let states = try await wire.store.feeds()
        #expect(states.map { $0.move?.answers } == [12, 12, 12, 12])
        #expect(states.allSatisfy { $0.move?.adopted == nil })
        // Two of them are gone from the list: no crowd any more.
        try await wire.store.register(Array(specs.prefix(2)), at: wire.clock.now)
        for state in try await wire.store.claimDueFeeds(at: wire.clock.now, limit: 10, lease: .seconds(60)) {
            let spec = try #require(specs.first { $0.url == state.url })
            _ = try await poller.poll(state, spec, setup)
        }
        #expect(try await wire.store.feeds().allSatisfy { $0.move?.adopted != nil })
    }

    @Test func `Rule 14: temporary redirects are never kept, secrets stay at home, and five hops are enough`()
        async throws
    {
        let other = try Wire()
        other.answer(200, document)
        wire.answer { request in
            let status = [302, 303, 307][request.target.utf8.count % 3]
            return .status(status, headers: [("Location", other.server.url + "/there"), ("Set-Cookie", "a=b")])
        }
        var spec = wire.feed
        spec.url = spec.url.replacingOccurrences(of: "http://", with: "http://user:pass@")
        spec.policy.headers = [
            RequestHeader(name: "Cookie", value: Secret("c=d")), RequestHeader(name: "X-Key", value: Secret("k")),
        ]
        for _ in 0..<12 { try await wire.poll(spec, after: Self.day) }
        #expect(wire.server.requests.count == 12)
        #expect(
            wire.server.requests.allSatisfy {
                $0.headers["authorization"] != nil && $0.headers["cookie"] == "c=d" && $0.headers["x-key"] == "k"
            })
        let secrets: Set = ["authorization", "cookie", "x-key"]
        #expect(other.server.requests.allSatisfy { secrets.isDisjoint(with: $0.headers.keys) })
        #expect(try await wire.state.move == nil)
        // An address that was adopted is not the user's either.
        wire.answer(301, "", [("Location", other.server.url + "/there")])
        for _ in 0..<12 { try await wire.poll(spec, after: Self.day) }
        #expect(try await wire.state.move?.adopted != nil)
        #expect(wire.server.requests.count < 24)
        #expect(other.server.requests.allSatisfy { secrets.isDisjoint(with: $0.headers.keys) })
        // An endless chain.
        let asked = wire.server.requests.count
        wire.answer { .status(302, headers: [("Location", $0.target + "x")]) }
        try await wire.poll(wire.spec("/chain"))
        #expect(wire.server.requests.count == asked + 6)
        // And never to where everybody on the way can read it.
        let secure = try #require(WebAddress("https://example.org/feed"))
        #expect(throws: TransportError.self) {
            try CurlTransport.target(of: "http://example.org/", from: secure, secure)
        }
    }

    @Test func `Rule 15: feeds are asked for before pages, and compressed`() async throws {
        wire.answer(200, document)
        try await wire.poll()
        let accept = try #require(wire.sent["accept"])
        for type in ["application/atom+xml", "application/rss+xml", "application/feed+json"] {
            #expect(accept.contains("\(type),"))
        }
        #expect(accept.hasSuffix("application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"))
        for coding in ["gzip", "br", "zstd"] { #expect(wire.sent["accept-encoding"]?.contains(coding) ?? false) }
    }

    @Test func `Rule 16: no cookies, no referrer, and the address as it was written`() async throws {
        let target = "/a/../feed?b=2&a=1&x=%7Ey&&empty=#part"
        wire.answer { [document] request in
            request.target.hasPrefix("/feed2")
                ? .status(200, body: document, headers: [("Set-Cookie", "id=1")])
                : .status(302, headers: [("Location", "/feed2"), ("Set-Cookie", "id=2; path=/")])
        }
        for _ in 0..<2 { try await wire.poll(wire.spec(target)) }
        let targets = wire.server.requests.map(\.target)
        #expect(
            targets == ["/a/../feed?b=2&a=1&x=%7Ey&&empty=", "/feed2", "/a/../feed?b=2&a=1&x=%7Ey&&empty=", "/feed2"])
        #expect(wire.server.requests.allSatisfy { $0.headers["cookie"] == nil && $0.headers["referer"] == nil })
    }

    @Test func `Rule 17: the reader says what it is, and never what is watched`() async throws {
        wire.answer(200, document)
        try await wire.poll()
        #expect(wire.sent["user-agent"] == "Tocsin/\(Product.version) (+\(Product.url))")
        #expect(wire.server.requests.allSatisfy { !"\($0)".contains("Serikqyzy") && !"\($0)".contains("camp") })
        var spec = wire.feed
        spec.policy.userAgent = "mine/1 (me@example.org)"
        try await wire.poll(spec)
        try await wire.poll(spec)
        #expect(wire.server.requests.suffix(2).allSatisfy { $0.headers["user-agent"] == "mine/1 (me@example.org)" })
    }

    @Test func `Rule 18: no part of a feed is asked for, and none is taken for the whole`() async throws {
        wire.answer(200, document, [("ETag", "\"1\"")])
        try await wire.poll()
        #expect(wire.sent["a-im"] == nil && wire.sent["range"] == nil)
        wire.answer(226, rss(Entry("2", "Two")), [("ETag", "\"2\""), ("IM", "feed")])
        guard case .failed(let failure) = try await wire.poll()?.outcome else {
            Testing.Issue.record("226 was taken for the whole")
            return
        }
        #expect(failure.reason.contains("a part"))
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == "\"1\"")
    }

    @Test func `Rule 19: an answer has its time and its size, and a host's feeds share a connection`() async throws {
        func failure(_ spec: FeedSpec) async throws -> String {
            guard case .failed(let failure) = try await wire.poll(spec)?.outcome else { return "" }
            return failure.reason
        }
        // 300,000 letters in 325 bytes.
        let bomb = [UInt8](Data(base64Encoded: Self.bomb) ?? Data())
        wire.answer { _ in .body(bomb, headers: [("Content-Encoding", "gzip")]) }
        var spec = wire.feed
        spec.policy.maxBodyBytes = 100_000
        #expect(try await failure(spec).contains("larger than 100000 bytes"))
        wire.answer { _ in .silence }
        spec.policy.timeout = .milliseconds(300)
        #expect(try await failure(spec).contains("within 0.3 s"))
        #expect(FetchPolicy().maxBodyBytes == 20_000_000 && FetchPolicy().timeout == .seconds(30))

        wire.answer(200, document)
        let before = wire.server.connectionCount
        for number in 1...3 { try await wire.poll(wire.spec("/\(number)"), hostHasMore: true) }
        #expect(wire.server.connectionCount == before + 1)
        for number in 4...5 { try await wire.poll(wire.spec("/\(number)")) }
        #expect(wire.server.connectionCount <= before + 2)
    }

    @Test func `Rules 21 and 22: a poll asks for the feed, and for no article and nothing else in it`() async throws {
        let url = wire.server.url
        let channel =
            "<image><url>\(url)/icon.png</url></image>"
            + "<link xmlns='http://www.w3.org/2005/Atom' rel='hub' href='\(url)/hub'/>"
        var entry = Entry("1", "One", text: "&lt;img src='\(url)/pixel.gif'&gt;")
        entry.link = "\(url)/article"
        wire.answer(200, rss([entry], channel: channel))
        try await wire.poll()
        wire.answer(200, "<html><link rel='alternate' type='application/rss+xml' href='/other'><link rel=icon href=/i>")
        try await wire.poll()
        wire.answer(404)
        try await wire.poll()
        #expect(wire.server.requests.map(\.target) == ["/feed", "/feed", "/feed"])
    }

    @Test func `Rule 23: when most hosts fail at once, the fault is ours and counts against none`() async throws {
        wire.answer(200, document)
        // Nobody listens there.
        let closed = try LoopbackServer { _ in .silence }.port
        let specs = (1...8).map { Wire.spec("http://h\($0).localhost:\(closed)/") } + [wire.feed]
        try await wire.store.register(specs, at: wire.clock.now)
        let poller = wire.poller(wire.store)
        let states = try await wire.store.claimDueFeeds(at: wire.clock.now, limit: 10, lease: .seconds(60))
        for state in states {
            let spec = try #require(specs.first { $0.url == state.url })
            _ = try await poller.poll(state, spec, Lab.setup(specs, sinks: []))
        }
        let after = try await wire.store.feeds()
        // Also those that were asked before enough others were heard of.
        #expect(after.prefix(8).allSatisfy { $0.history.failures == 0 && $0.health.condition == .new })
        #expect(after.last?.health.condition == .fine)
        // They come back over some minutes.
        #expect(after.prefix(8).allSatisfy { $0.nextPoll <= wire.clock.now + 900 })
    }

    @Test func `Rule 24: a page says what the reader does, and how to be left alone`() throws {
        let page = try String(
            contentsOf: Fixture.repository.appendingPathComponent("docs/manners.md"), encoding: .utf8)
        #expect(page.contains("Tocsin/VERSION (+URL)"))
        #expect(page.contains("To be left alone: answer 410"))
        #expect(Product.url.hasPrefix("https://"))
    }

    // MARK: what readers were found to do wrong

    @Test func `Bug a: a new tag is kept when the date stays`() async throws {
        wire.answer(200, document, [("ETag", "\"1\""), ("Last-Modified", "A")])
        try await wire.poll()
        wire.answer(200, document + "\n", [("ETag", "\"2\""), ("Last-Modified", "A")])
        try await wire.poll()
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == "\"2\"" && wire.sent["if-modified-since"] == "A")
    }

    @Test func `Bug b: new validators are kept when the body stays`() async throws {
        wire.answer(200, document, [("ETag", "\"1\"")])
        try await wire.poll()
        wire.answer(200, document, [("Last-Modified", "B")])
        try await wire.poll()
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == nil && wire.sent["if-modified-since"] == "B")
    }

    @Test(
        arguments: [
            ("\"with \"\"quotes\"", "Mon, 26-Nov-18 14:00:00 GMT"), ("unquoted", "1543240800"),
            ("W/\"w\"  x", "Mon, 26 Nov 2018 14:00:00.123 GMT"), ("w/\"lower\"", "0"),
        ])
    func `Bug c: validators are not read and written anew`(_ tag: String, _ date: String) async throws {
        wire.answer(200, document, [("ETag", tag), ("Last-Modified", date)])
        try await wire.poll()
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == tag && wire.sent["if-modified-since"] == date)
    }

    @Test func `Bug d: an error page or a redirect does not change validators`() async throws {
        wire.answer(200, document, [("ETag", "\"1\"")])
        try await wire.poll()
        for status in [404, 500, 503] {
            wire.answer(status, "sorry", [("ETag", "\"error\"")])
            try await wire.poll()
            #expect(wire.sent["if-none-match"] == "\"1\"")
        }
        wire.answer { [document] request in
            request.target == "/feed"
                ? .status(302, headers: [("Location", "/there"), ("ETag", "\"hop\"")])
                : .status(200, body: document, headers: [("ETag", "\"there\"")])
        }
        try await wire.poll()
        try await wire.poll()
        #expect(wire.server.requests.suffix(2).map { $0.headers["if-none-match"] } == [nil, "\"there\""])
    }

    @Test func `Bug e: what a 304 says anew is kept, and the rest stays`() async throws {
        wire.answer(200, document, [("ETag", "\"1\""), ("Last-Modified", "A")])
        try await wire.poll()
        wire.answer(304, "", [("ETag", "\"2\"")])
        try await wire.poll()
        wire.answer(304, "", [("Last-Modified", "B")])
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == "\"2\"" && wire.sent["if-modified-since"] == "A")
        try await wire.poll()
        #expect(wire.sent["if-none-match"] == "\"2\"" && wire.sent["if-modified-since"] == "B")
    }

    private static let bomb =
        "H4sIAAAAAAACA+3BAQ0AAADCoNqPbw8HFA" + String(repeating: "A", count: 386) + "/BjNKsiz4JMEAA=="
}

/// Notes when requests begin, by the test's clock.
private final class StartLog: Transport {
    private let base: any Transport
    private let clock: ManualClock
    private let entries = Mutex<[(url: String, at: Date)]>([])

    init(_ base: any Transport, _ clock: ManualClock) {
        self.base = base
        self.clock = clock
    }

    var log: [(url: String, at: Date)] { entries.withLock { $0 } }

    func send(_ mail: MailRequest) async throws(TransportError) -> MailAnswer { try await base.send(mail) }

    func send(_ request: FetchRequest) async throws(TransportError) -> FetchResponse {
        entries.withLock { $0.append((request.url, clock.now)) }
        return try await base.send(request)
    }
}
