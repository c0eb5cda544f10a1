import Foundation
import Logging
import Measuring
import Model
import SQLiteStorage
import TestSupport
import Testing
import WebInterface
import WebServing

/// The interface over a real state, asked as the server asks it.
struct InterfaceLab {
    static let token = "a-token-for-tests-0123456789"
    static let feedURL = "https://example.org/rss?format=atom"

    let clock = ManualClock()
    let store: SQLiteStore
    let access: WebAccess
    let source: InterfaceSource
    private let router: WebRouter

    init(hasToken: Bool = true, unreadiness: String? = nil) throws {
        let store = try SQLiteStore.inMemory()
        let clock = clock
        let tokens = hasToken ? [Secret(Self.token), Secret("another-token-for-tests-9876")] : []
        let access = WebAccess(
            WebSpec(listen: ListenAddress(host: "127.0.0.1", port: 8420), tokens: tokens), clock: clock)
        var spec = WatchSpec(name: "family")
        spec.severity = .high
        let watches = [spec, WatchSpec(name: "Camps & more/less")]
        let feeds = [FeedSpec(url: Self.feedURL, name: "News", tags: ["kz", "<b>"])]
        source = InterfaceSource(
            store: store, access: access, clock: clock, started: clock.now,
            setup: { .init(feeds: feeds, watches: watches, sinks: [SinkName("desk")], tokens: tokens) },
            unreadiness: { unreadiness }, trouble: { _, _ in nil },
            metrics: {
                var text = MetricsText()
                text.metric("tocsin_build_info", .gauge, "Always 1.", 1)
                return text
            })
        self.store = store
        self.access = access
        router = WebRouter(
            WebInterface.routes(source), access: access, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// - Parameter address: path and query, percent-encoded.
    func get(
        _ address: String, token: String? = InterfaceLab.token, headers: [(String, String)] = [], method: String = "GET"
    ) async throws -> WebResponse {
        let parts = try #require(URLComponents(string: "http://x" + address))
        var head = WebRequestHead(
            method: method, path: parts.percentEncodedPath,
            query: (parts.queryItems ?? []).map { WebParameter($0.name, $0.value ?? "") },
            headers: ([("host", "127.0.0.1:8420")] + headers).map { HeaderField(name: $0.0, value: Array($0.1.utf8)) })
        if let token {
            head.headers.append(HeaderField(name: "authorization", value: Array("Bearer \(token)".utf8)))
        }
        guard case .answer(let answer) = await router.admit(head) else {
            Issue.record("no answer")
            return WebResponse(500)
        }
        return answer
    }

    func json(_ address: String) async throws -> [String: Any] {
        let answer = try await get(address)
        #expect(answer.status == 200, "\(address)")
        return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }

    private static func digest(_ text: String) -> Digest128 {
        let hash = text.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return Digest128(high: hash, low: ~hash)
    }

    /// Alerts of one poll, the last of them the newest.
    @discardableResult
    func raise(
        _ titles: [String], watch: String = "family", severity: Severity = .high, language: String? = "kk",
        url: String? = "https://example.org/a", feed: FeedSpec? = nil, and others: [String] = []
    ) async throws -> [Alert] {
        let feed = feed ?? source.setup().feeds[0]
        try await store.register([feed], at: clock.now)
        let known = try await store.feeds()
        var state = try #require(known.first)
        state.history.lastPoll = clock.now
        state.history.lastSuccess = clock.now
        state.health = FeedHealth(.fine, since: clock.now)
        state.nextPoll = clock.now + 900
        let route = SinkRoute(sink: SinkName("desk"))
        var poll = PollRecord(feed: state, at: clock.now, routes: [route])
        poll.items = titles.map { title in
            let article = Self.digest("\(title) \(watch)")
            let match = Match(
                watch: watch, kind: .person, pattern: "Serikqyzy", field: .title, text: "Серікқызы", score: 0.97,
                context: "… Серікқызы <i>деді</i> …")
            let more = others.map { other in
                WatchHit(
                    watch: other, key: Self.digest("\(title) \(other)"), severity: severity,
                    matches: [
                        Match(
                            watch: other, kind: .term, pattern: "pattern of \(other)", field: .content, text: "camp",
                            score: 1,
                            context: "context of \(other)")
                    ])
            }
            return ItemRecord(
                fingerprint: ItemFingerprint(
                    guid: article.high, link: nil, title: nil, text: nil, revision: article.low, article: article),
                item: AlertItem(
                    id: title, url: url, title: title, summary: "A & B", published: clock.now - 60, language: language,
                    authors: ["An \"author\""]),
                feed: AlertFeed(url: feed.url, name: feed.name, tags: feed.tags),
                hits: [WatchHit(watch: watch, key: article, severity: severity, matches: [match])] + more,
                raisesAlert: true)
        }
        return try await store.record(poll)
    }
}

extension WebResponse {
    func text(of name: String) -> String? {
        headers.last { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    var words: String { String(decoding: body, as: UTF8.self) }
}
