import Foundation
import Model
import Monitoring
import Synchronization
import TestSupport
import Testing

@Suite struct FeedDiscoveryTests {
    private static let feed = """
        <rss version="2.0"><channel><title>News</title><language>kk</language>
        <item><guid>1</guid><title>x</title><pubDate>Mon, 26 Nov 2018 14:05:09 GMT</pubDate></item></channel></rss>
        """

    /// A site with these pages, by their addresses.
    private static func site(_ pages: [String: String], status: [String: Int] = [:]) -> ScriptedTransport {
        ScriptedTransport { request in
            let status = status[request.url] ?? (pages[request.url] == nil ? 404 : 200)
            return .success(
                FetchResponse(status: status, body: Array((pages[request.url] ?? "").utf8), url: request.url))
        }
    }

    private static func report(_ transport: ScriptedTransport, _ url: String) async throws -> FeedDiscovery.Report {
        try await FeedDiscovery(
            transport: transport, policy: FetchPolicy(), hosts: HostRules(), clock: ManualClock()
        ).feeds(at: url)
    }

    @Test func `A feed is its own`() async throws {
        let site = Self.site(["https://a.example/rss": Self.feed])
        let report = try await Self.report(site, "a.example/rss")
        #expect(report.feeds.map(\.url) == ["https://a.example/rss"])
        #expect(report.feeds.first?.title == "News")
        #expect(report.feeds.first?.format == "rss2.0")
        #expect(report.feeds.first?.items == 1)
        #expect(report.feeds.first?.newest == Date(timeIntervalSince1970: 1_543_241_109))
        #expect(report.feeds.first?.language == "kk")
        #expect(site.requests.count == 1)
    }

    @Test func `What the page declares is read before it is told of, and nothing is guessed then`() async throws {
        let link = { (href: String) in "<link rel=alternate type=application/rss+xml href=\(href)>" }
        let site = Self.site([
            "https://a.example/": link("/gone") + link("/login") + link("/f") + link("/f"),
            "https://a.example/login": "<html>Sign in</html>", "https://a.example/f": Self.feed,
            "https://a.example/rss": Self.feed,
        ])
        let report = try await Self.report(site, "https://a.example/")
        #expect(report.feeds.map(\.url) == ["https://a.example/f"])
        #expect(site.requests.map(\.url) == ["", "gone", "login", "f"].map { "https://a.example/" + $0 })
    }

    @Test func `Without a word of the page, links and common places are tried`() async throws {
        let linked = Self.site([
            "https://a.example/": "<a href=/news/feed>f</a>", "https://a.example/news/feed": Self.feed,
        ])
        #expect(try await Self.report(linked, "https://a.example/").feeds.map(\.url) == ["https://a.example/news/feed"])
        let silent = Self.site(["https://a.example/x": "<p>x", "https://a.example/atom.xml": Self.feed])
        #expect(try await Self.report(silent, "https://a.example/x").feeds.map(\.url) == ["https://a.example/atom.xml"])
        // A page that refuses us says nothing of the feed.
        let closed = Self.site(["https://a.example/rss": Self.feed], status: ["https://a.example/": 403])
        let report = try await Self.report(closed, "https://a.example/")
        #expect(report.feeds.map(\.url) == ["https://a.example/rss"] && report.refused == 403)
        #expect(try await Self.report(silent, "https://a.example/x").refused == nil)
    }

    @Test func `A server that asks for less is asked no more`() async throws {
        let site = Self.site(["https://a.example/": "<p>x"], status: ["https://a.example/rss": 429])
        let report = try await Self.report(site, "https://a.example/")
        #expect(report.feeds.isEmpty)
        #expect(site.requests.map(\.url).last == "https://a.example/rss")
    }

    @Test func `A page that asks for fewer requests is the last one`() async throws {
        for status in [429, 503] {
            let page = Self.site([:], status: ["https://a.example/": status])
            let asked = try await Self.report(page, "https://a.example/")
            #expect(asked.page?.contains("\(status)") ?? false)
            #expect(page.requests.count == 1)
        }
        // A scheme in the query is none of the address.
        let other = Self.site(["https://a.example/?u=http://x": Self.feed])
        #expect(try await Self.report(other, "a.example/?u=http://x").feeds.count == 1)
    }

    @Test(
        arguments: [
            ("<html><title>Sign in</title><input type=password></html>", 200, "login"), ("", 200, "empty"),
            ("", 500, "500"),
        ])
    func `What the page is is told when there is no feed`(_ page: String, _ status: Int, _ words: String) async throws {
        let site = Self.site(["https://a.example/": page], status: ["https://a.example/": status])
        let report = try await Self.report(site, "https://a.example/")
        #expect(report.page?.contains(words) ?? false)
        #expect(report.asked == 11)
    }

    @Test func `A page that cannot be had is an error`() async {
        let transport = ScriptedTransport { _ in .failure(.cannotResolve(host: "a.example")) }
        await #expect(throws: TransportError.self) { _ = try await Self.report(transport, "a.example") }
    }

    @Test func `The number of requests is bounded`() async throws {
        let links = (0..<1000).map { "<link rel=alternate type=application/rss+xml href=/f\($0)>" }.joined()
        let site = Self.site(["https://a.example/": links])
        let report = try await Self.report(site, "https://a.example/")
        #expect(report.asked == 40)
        #expect(report.leftOut?.count == 961)
        #expect(report.leftOut?.reason == "40 requests are enough")
        // Each of them is a feed.
        let feeds = Dictionary((0..<1000).map { ("https://a.example/f\($0)", Self.feed) }) { first, _ in first }
        let list = Self.site(feeds.merging(["https://a.example/": links + links]) { first, _ in first })
        let found = try await Self.report(list, "https://a.example/")
        #expect(found.feeds.count == 24)
        #expect(found.leftOut?.count == 976)
        #expect(found.leftOut?.reason == "24 feeds are enough")
        // None is left out of the very number.
        let few = (0..<24).map { "<link rel=alternate type=application/rss+xml href=/f\($0)>" }.joined()
        let all = Self.site(feeds.merging(["https://a.example/": few]) { first, _ in first })
        #expect(try await Self.report(all, "https://a.example/").leftOut == nil)
    }

    @Test(.timeLimit(.minutes(1))) func `A host is left in peace between two requests`() async throws {
        let link = { (href: String) in "<link rel=alternate type=application/rss+xml href=\(href)>" }
        let page =
            link("/1") + link("https://b.example/") + link("http://10.0.0.1/1") + link("http://10.0.0.1/2") + link("/2")
        let clock = ManualClock()
        let begin = clock.now
        let starts = Mutex<[String]>([])
        let site = ScriptedTransport { request in
            let seconds = Int(clock.now.timeIntervalSince(begin))
            starts.withLock { $0.append("\(seconds) \(request.url)") }
            return .success(
                FetchResponse(
                    status: 200, body: Array((request.url.hasSuffix("a.example/") ? page : "").utf8), url: request.url))
        }
        let hosts = HostRules(gap: { $0.hasSuffix("example") ? .seconds(2) : .zero })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    if let sleep = clock.onlySleep { clock.end(sleep, at: sleep.deadline) }
                    try? await Task.sleep(for: .milliseconds(1))
                }
            }
            _ = try await FeedDiscovery(transport: site, policy: FetchPolicy(), hosts: hosts, clock: clock)
                .feeds(at: "https://a.example/")
            group.cancelAll()
        }
        #expect(
            starts.withLock { $0 }.prefix(6) == [
                "0 https://a.example/", "2 https://a.example/1", "2 https://b.example", "2 http://10.0.0.1/1",
                "2 http://10.0.0.1/2", "4 https://a.example/2",
            ])
    }

    @Test func `A page of this network names no other machine of it`() async throws {
        let link = { (href: String) in "<link rel=alternate type=application/rss+xml href=\(href)>" }
        let page = link("http://10.0.0.1/admin") + link("/f")
        var policy = FetchPolicy()
        policy.allowPrivateAddresses = true
        for mayBePrivate in [false, true] {
            let site = Self.site(["http://10.0.0.7/": page, "http://10.0.0.7/f": Self.feed])
            let report = try await FeedDiscovery(
                transport: site, policy: policy, mayBePrivate: mayBePrivate, hosts: HostRules(), clock: ManualClock()
            ).feeds(at: "http://10.0.0.7/")
            #expect(report.feeds.map(\.url) == ["http://10.0.0.7/f"])
            #expect(site.requests.map(\.url) == ["http://10.0.0.7/", "http://10.0.0.1/admin", "http://10.0.0.7/f"])
            #expect(site.requests.map(\.policy.allowPrivateAddresses) == [true, mayBePrivate, true])
        }
    }
}
