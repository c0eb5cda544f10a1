import Foundation
import Logging
import Matching
import Model
import SQLiteStorage
import Synchronization
import TestSupport
import Testing
import WebPages
import WebServing

/// The pages over a state of their own, with alerts made by hand.
final class PagesLab: Sendable {
    static let token = "a-token-that-is-long-enough"
    static let feedURL = "https://news.example/feed?key=hidden"

    let clock = ManualClock()
    let store: SQLiteStore
    let access: WebAccess
    private let changes = Mutex(0)
    private let setup: Console.Setup
    private let trials: TrialDesk
    let recent = RecentItems()
    /// What addresses answer that somebody tries.
    let transport = ScriptedTransport { request in
        .success(FetchResponse(status: 404, url: request.url))
    }

    /// - Parameter watches: instead of the two that there are.
    init(
        token: String? = PagesLab.token, watches: [WatchSpec]? = nil, refusal: String? = nil,
        trials: TrialDesk = TrialDesk()
    ) throws {
        self.trials = trials
        store = try SQLiteStore.inMemory()
        access = WebAccess(
            WebSpec(
                listen: ListenAddress(host: "127.0.0.1", port: 8420), tokens: token.map { [Secret($0)] } ?? []),
            clock: clock)
        var family = WatchSpec(name: "family & <friends>")
        family.people = [PersonSpec(name: Located("Zhainar Serikqyzy"))]
        family.severity = .high
        var camps = WatchSpec(name: "camps")
        camps.any = [Located("reeducation camp"), Located("再教育营")]
        var issues: [Model.Issue] = []
        let watches = watches ?? [family, camps]
        let matcher = Matcher(watches, concepts: [], issues: &issues)
        var setup = Console.Setup(
            watches: watches, feeds: [FeedSpec(url: Self.feedURL, name: "Kazakh service", tags: ["kk"])],
            matcher: matcher, sinks: [SinkName("desk")], routes: [SinkRoute(sink: SinkName("desk"))])
        setup.refusal = refusal
        self.setup = setup
    }

    /// How often the monitor was woken.
    var changeCount: Int { changes.withLock { $0 } }

    var router: WebRouter {
        let reader = AddressReader(
            transport: transport,
            policy: { _ in
                var policy = FetchPolicy()
                policy.headers = [RequestHeader(name: "x-key", value: Secret("secret"))]
                return policy
            },
            parse: { response in
                // A line is an item.
                let lines = String(decoding: response.body, as: UTF8.self).split(separator: "\n").map(String.init)
                let isFeed = response.url.hasSuffix("/feed")
                return AddressReader.Reading(
                    parts: lines.map { line in
                        .init(heading: isFeed ? line : nil, document: MatchDocument(parts: [.init(.title, line)]))
                    }, isFeed: isFeed)
            })
        let console = Console(
            store: store, access: access, clock: clock, setup: { [setup] in setup }, reader: reader, trials: trials,
            recent: { [recent] in recent.newest },
            onChange: { [weak self] in self?.changes.withLock { $0 += 1 } })
        return WebRouter(
            console.routes, access: access, refusal: Console.refusal,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Somebody who has logged in.
    struct Visitor: Sendable {
        fileprivate var router: WebRouter
        fileprivate var cookie: (String, String)

        /// A page, which must be one.
        func page(_ target: String, status: Int = 200) async throws -> String {
            let answer = await router.ask("GET", target, [cookie, ("accept", "text/html")])
            #expect(answer.status == status)
            #expect(answer.text(of: "content-type") == "text/html; charset=utf-8")
            return answer.words
        }

        /// Sends a form of a page, with its token, and says where it leads.
        func act(_ target: String, _ fields: String = "", from page: String = "/about") async throws -> String {
            let token = try formToken(in: try await self.page(page))
            let answer = await router.ask("POST", target, [cookie], form: "\(fields)&csrf=\(token)")
            return answer.text(of: "location") ?? "\(answer.status)"
        }

        /// The same, for the page that answers.
        func send(_ target: String, _ fields: String) async throws -> WebResponse {
            let token = try formToken(in: try await self.page("/about"))
            return await router.ask("POST", target, [cookie], form: "\(fields)&csrf=\(token)")
        }

        func post(_ target: String, _ form: String) async -> WebResponse {
            await router.ask("POST", target, [cookie], form: form)
        }

        private func formToken(in page: String) throws -> Substring {
            let start = try #require(page.firstRange(of: "name=\"csrf\" value=\"")).upperBound
            return page[start...].prefix { $0 != "\"" }
        }
    }

    func visitor() async throws -> Visitor {
        let router = router
        let answer = await router.ask("POST", "/login", form: "token=\(Self.token)")
        #expect(answer.status == 303)
        let cookie = try #require(answer.text(of: "set-cookie")).prefix { $0 != ";" }
        return Visitor(router: router, cookie: ("cookie", String(cookie)))
    }

    // MARK: alerts

    static func item(
        _ number: UInt64, title: String?, url: String? = "https://news.example/1", language: String? = nil,
        watches: [String] = ["camps"], text: String = "camp", context: String = "in a camp far away",
        sketch: StorySketch? = nil
    ) -> ItemRecord {
        let article = Digest128(high: number, low: 7)
        var record = ItemRecord(
            fingerprint: ItemFingerprint(
                guid: number, link: number + 1000, title: number + 2000, text: number + 3000, revision: number,
                article: article),
            item: AlertItem(
                id: "\(number)", url: url, title: title, summary: nil, published: nil, language: language,
                authors: []),
            feed: AlertFeed(url: feedURL, name: "Kazakh service", tags: []),
            hits: watches.map { watch in
                let key = watch.utf8.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }
                return WatchHit(
                    watch: watch, key: Digest128(high: article.high ^ key, low: article.low &+ key), severity: .normal,
                    matches: [
                        Match(
                            watch: watch, kind: .term, pattern: "camp", field: .content, text: text, score: 1,
                            context: context)
                    ])
            }, raisesAlert: true)
        record.sketch = sketch
        return record
    }

    @discardableResult
    func record(_ items: [ItemRecord], feed change: (inout FeedState) -> Void = { _ in }) async throws -> [Alert] {
        try await store.register([FeedSpec(url: Self.feedURL)], at: clock.now)
        var feed = try #require(try await store.feeds().first)
        let before = feed
        feed.history.lastPoll = clock.now
        feed.history.lastSuccess = clock.now
        feed.nextPoll = clock.now + 900
        change(&feed)
        return try await store.record(
            PollRecord(
                feed: feed, before: before, items: items, at: clock.now, routes: [SinkRoute(sink: SinkName("desk"))]))
    }

    func states(of alert: AlertID) async throws -> [Delivery.State] {
        try #require(try await store.keptAlert(alert)).deliveries.map(\.state)
    }
}
