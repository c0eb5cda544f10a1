import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// Older pages, read to close a gap.
@Suite struct GapClosingTests {
    /// A site whose feed holds ten items, and its archive the rest, ten a page.
    private final class Site: Sendable {
        enum Paging { case archive, next, json }

        private struct State {
            var newest = 10
            var faults: [String: Int] = [:]
            var trap: (@Sendable (Int) -> String?)?
            var shared = 0
        }

        /// In place of a status: the page is at an address that may not be connected to.
        static let forbidden = 0

        private let state = Mutex(State())
        let paging: Paging
        let base: String

        init(_ paging: Paging, base: String = "https://example.org") {
            self.paging = paging
            self.base = base
        }

        func publish(_ count: Int) { state.withLock { $0.newest += count } }
        func fail(_ path: String, _ status: Int?) { state.withLock { $0.faults[path] = status } }
        /// The first so many pages have the items that the feed has.
        func share(_ pages: Int) { state.withLock { $0.shared = pages } }
        /// Where the pages lead instead.
        func lead(_ trap: @escaping @Sendable (Int) -> String?) { state.withLock { $0.trap = trap } }

        func answer(_ request: FetchRequest) -> Result<FetchResponse, TransportError> {
            let path = request.url.split(separator: "/").last.map(String.init) ?? ""
            return state.withLock { state in
                if state.faults[path] == Self.forbidden {
                    return .failure(.forbiddenAddress(host: "example.org", address: "10.0.0.1"))
                }
                if let status = state.faults[path] { return .success(FetchResponse(status: status, url: request.url)) }
                let page = Int(path.drop { !$0.isNumber }) ?? 1
                let last = state.newest - max(page - 1 - state.shared, 0) * 10
                let numbers = Array(stride(from: last, to: max(last - 10, 0), by: -1))
                var next = numbers.last ?? 0 > 1 ? "\(base)/page\(page + 1)" : nil
                if let trap = state.trap { next = trap(page) }
                return .success(
                    FetchResponse(status: 200, body: Array(document(numbers, next).utf8), url: request.url))
            }
        }

        private func document(_ numbers: [Int], _ next: String?) -> String {
            func title(_ number: Int) -> String { number % 10 == 0 ? "Serikqyzy \(number)" : "News \(number)" }
            if paging == .json {
                let items = numbers.map { "{\"id\": \"\($0)\", \"title\": \"\(title($0))\"}" }
                let more = next.map { ", \"next_url\": \"\($0)\"" } ?? ""
                return "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"News\"\(more), \"items\": ["
                    + items.joined(separator: ",") + "]}"
            }
            let relation = paging == .archive ? "prev-archive" : "next"
            let link = next.map { "<link rel='\(relation)' href='\($0)'/>" } ?? ""
            return "<feed xmlns='http://www.w3.org/2005/Atom'><id>f</id><title>News</title>" + link
                + numbers.map { "<entry><id>\($0)</id><title>\(title($0))</title></entry>" }.joined() + "</feed>"
        }
    }

    private func lab(_ site: Site, _ spec: FeedSpec = FeedSpec(url: Lab.url)) throws -> Lab {
        let lab = try Lab(spec, backlog: .none)
        lab.transport.answer(site.answer)
        return lab
    }

    /// Polls, and reads the pages that are to be read. Returns what alerted, in order.
    @discardableResult
    private func poll(_ lab: Lab) async throws -> [String] {
        guard let report = try await lab.poll() else { return [] }
        var alerts = report.alerts
        if let gap = report.gapOf { alerts += try await poller(lab).closeGap(of: gap, lab.spec, lab.setup) }
        return alerts.compactMap(\.item.title)
    }

    private func poller(_ lab: Lab, pause: Duration = .zero) -> Poller {
        var poller = lab.poller
        poller.pagePause = pause
        return poller
    }

    private func gap(_ lab: Lab) async throws -> CoverageGap {
        let gaps = try await lab.store.gaps(since: .distantPast)
        return try #require(gaps.last)
    }

    private func pages(_ lab: Lab) -> [String] { lab.transport.requests.map(\.url).filter { $0 != lab.spec.url } }

    @Test(arguments: [Site.Paging.archive, .next, .json])
    private func `A burst is caught up with from older pages`(_ paging: Site.Paging) async throws {
        let site = Site(paging)
        let lab = try lab(site)
        try await poll(lab)
        site.publish(35)
        // The feed has 36 to 45, the pages 26 to 35, 16 to 25, and 6 to 15, which holds what was known.
        #expect(try await poll(lab) == ["Serikqyzy 40", "Serikqyzy 30", "Serikqyzy 20"])
        #expect(pages(lab) == (2...4).map { "https://example.org/page\($0)" })
        let gap = try await gap(lab)
        #expect(gap.closed == lab.clock.now)
        #expect(gap.pages == 3)
        #expect(gap.found == 25)
        let state = try await lab.state
        #expect(state.coverage.openGap == nil)
        #expect(state.coverage.misses == 0)
        // What the pages changed of the feed's row is its coverage, and nothing else.
        #expect(state.history.lastPoll == lab.clock.now)
        let report = CoverageReport(of: state, [gap], since: .distantPast, now: lab.clock.now)
        #expect(report.standing == .whole)
        #expect(report.closed == 1)
        site.publish(3)
        #expect(try await poll(lab).isEmpty)
        #expect(try await lab.store.gaps(since: .distantPast).count == 1)
    }

    @Test func `Pages are asked for one after the other, with a pause`() async throws {
        let site = Site(.next)
        let lab = try lab(site)
        try await poll(lab)
        site.publish(35)
        let times = Mutex<[Date]>([])
        let clock = lab.clock
        lab.transport.answer { request in
            times.withLock { $0.append(clock.now) }
            return site.answer(request)
        }
        let report = try #require(try await lab.poll())
        let feed = try #require(report.gapOf)
        let closing = Task { [poller = poller(lab, pause: .seconds(2)), spec = lab.spec, setup = lab.setup] in
            try await poller.closeGap(of: feed, spec, setup)
        }
        for count in 1...3 {
            while clock.sleeperCount == 0 { try? await Task.sleep(for: .milliseconds(1)) }
            #expect(times.withLock { $0.count } == count)
            clock.advance(by: .seconds(2))
        }
        _ = try await closing.value
        #expect(times.withLock { $0.map { $0.timeIntervalSince(report.nextPoll) + 900 } } == [0, 2, 4, 6])
    }

    @Test func `A program that ends asks for no more pages, and goes on when it starts again`() async throws {
        let site = Site(.archive)
        let folder = try Fixture.temporaryFolder()
        let path = folder.appendingPathComponent("state.db").path
        let clock = ManualClock()
        let spec = FeedSpec(url: Lab.url)
        let setup = Lab.setup([spec], backlog: .none, sinks: [])
        let transport = ScriptedTransport(site.answer)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

        /// A process: opens the state, polls, reads as many pages, and ends without a word.
        func process(pages: Int) async throws -> [String] {
            let store = try SQLiteStore(path: path, access: .owner)
            let keeper = StoreKeeper(clock: clock, logger: logger, keepsTrying: false)
            var poller = Poller(
                transport: transport, store: store, keeper: keeper, clock: clock, logger: logger, jitter: { 0 })
            poller.pagePause = .zero
            try await store.register([spec], at: clock.now)
            if let due = try await store.nextPollDue() { clock.set(max(due, clock.now)) }
            let feed = try #require(try await store.claimDueFeeds(at: clock.now, limit: 1, lease: .seconds(60)).first)
            let report = try #require(try await poller.poll(feed, spec, setup))
            var alerts = report.alerts
            if let gap = report.gapOf {
                let asked = Mutex(0)
                alerts += try await poller.closeGap(of: gap, spec, setup) {
                    asked.withLock { count in
                        count += 1
                        return count <= pages
                    }
                }
            }
            await store.close()
            return alerts.compactMap(\.item.title)
        }
        _ = try await process(pages: 0)
        site.publish(35)
        // It ended before the first page, and then after the first: the gap is still there, and the rest of it.
        #expect(try await process(pages: 0) == ["Serikqyzy 40"])
        let before = transport.requests.count
        #expect(try await process(pages: 1) == ["Serikqyzy 30"])
        #expect(try await process(pages: 9) == ["Serikqyzy 20"])
        #expect(transport.requests.count - before == 2 + 3)
        let store = try SQLiteStore(path: path, access: .visitor)
        let gaps = try await store.gaps(since: .distantPast)
        #expect(gaps.map(\.found) == [25])
        #expect(gaps.allSatisfy { $0.closed != nil })
        await store.close()
    }

    @Test(arguments: [nil, 500])
    func `A page that fails is tried again with the next polls`(_ status: Int?) async throws {
        let site = Site(.archive)
        let lab = try lab(site)
        try await poll(lab)
        site.publish(35)
        if let status {
            site.fail("page3", status)
        } else {
            lab.transport.answer { $0.url.hasSuffix("page3") ? .failure(.cannotResolve(host: "h")) : site.answer($0) }
        }
        #expect(try await poll(lab) == ["Serikqyzy 40", "Serikqyzy 30"])
        #expect(try await gap(lab).page == "https://example.org/page3")
        try await poll(lab)
        #expect(try await gap(lab).tries == 2)
        // The feed itself is fine.
        #expect(try await lab.state.history.failures == 0)
        site.fail("page3", nil)
        lab.transport.answer(site.answer)
        #expect(try await poll(lab) == ["Serikqyzy 20"])
        #expect(try await gap(lab).closed != nil)
    }

    @Test func `A page that always fails is given up, and the gap stays`() async throws {
        for (status, tries) in [(500, 5), (404, 1), (Site.forbidden, 1)] {
            let site = Site(.next)
            let lab = try lab(site)
            try await poll(lab)
            site.publish(35)
            site.fail("page2", status)
            for _ in 0..<8 { try await poll(lab) }
            #expect(pages(lab).count == tries, "\(status)")
            let gap = try await gap(lab)
            #expect(gap.page == nil)
            #expect(gap.closed == nil)
            #expect(try await lab.state.coverage.openGap == nil)
        }
    }

    @Test(arguments: [Site.Paging.archive, .next])
    private func `Pages that have first what the document has are no end`(_ paging: Site.Paging) async throws {
        let site = Site(paging)
        let lab = try lab(site)
        try await poll(lab)
        site.publish(35)
        site.share(3)
        #expect(Set(try await poll(lab)) == ["Serikqyzy 40", "Serikqyzy 30", "Serikqyzy 20"])
        #expect(try await gap(lab).closed != nil)
        #expect(pages(lab).map { $0.suffix(5) } == ["page2", "page3", "page4", "page5", "page6", "page7"])
    }

    @Test func `Pages that lead round in a circle, or on for ever, are left`() async throws {
        let traps: [(@Sendable (Int) -> String?, Int)] = [
            ({ _ in "https://example.org/page2" }, 1),
            ({ "https://example.org/page\($0 == 2 ? 3 : 2)" }, 3),
        ]
        for (trap, count) in traps {
            let site = Site(.next)
            let lab = try lab(site)
            try await poll(lab)
            site.publish(95)
            site.lead(trap)
            for _ in 0..<4 { try await poll(lab) }
            #expect(pages(lab).count == count)
            #expect(try await gap(lab).closed == nil)
        }
        // Ten a poll, and fifty in all, however many there are.
        let site = Site(.next)
        let lab = try lab(site)
        try await poll(lab)
        site.publish(5000)
        try await poll(lab)
        #expect(pages(lab).count == 10)
        for _ in 0..<8 { try await poll(lab) }
        #expect(pages(lab).count == 50)
        #expect(try await gap(lab).closed == nil)
        #expect(try await gap(lab).found == 500)
    }

    /// In the time of the pages, new items push old ones from one page to the next.
    @Test func `Pages that shift are no end`() async throws {
        let site = Site(.next)
        let lab = try lab(site)
        try await poll(lab)
        site.publish(35)
        lab.transport.answer { request in
            if request.url != Lab.url { site.publish(6) }
            return site.answer(request)
        }
        let alerts = try await poll(lab)
        #expect(Set(alerts).isSuperset(of: ["Serikqyzy 40", "Serikqyzy 30", "Serikqyzy 20"]))
        #expect(try await gap(lab).closed != nil)
    }

    @Test func `An old item on a page wakes nobody`() async throws {
        let lab = try Lab(backlog: .none)
        @Sendable func document(_ entries: [Entry], next: String?) -> String {
            let link = next.map { "<atom:link rel='next' href='\($0)' xmlns:atom='http://www.w3.org/2005/Atom'/>" }
            return rss(entries, channel: link ?? "")
        }
        _ = try await lab.alerts(rss((1...5).reversed().map { Entry("\($0)", "News \($0)") }))
        lab.transport.answer { request in
            let isPage = request.url.hasSuffix("/2")
            let entries =
                isPage
                ? [Entry("9", "Serikqyzy 9", age: 0), Entry("8", "Serikqyzy old", age: 90), Entry("5", "News 5")]
                : (10...14).map { Entry("\($0)", "News \($0)") }
            let body = document(entries, next: isPage ? nil : "https://example.org/2")
            return .success(FetchResponse(status: 200, body: Array(body.utf8), url: request.url))
        }
        #expect(try await poll(lab) == ["Serikqyzy 9"])
        #expect(try await gap(lab).closed != nil)
    }

    // Manners and safety

    @Test func `Another origin gets nothing of the user's, and is never of this network`() async throws {
        var spec = FeedSpec(url: "https://user:pass@example.org/rss")
        spec.policy.headers = [RequestHeader(name: "X-Token", value: Secret("t"))]
        spec.policy.allowPrivateAddresses = true
        for (base, isOwn) in [
            ("https://example.org", true), ("https://other.example", false), ("https://example.org:8443", false),
            ("https://example.org.evil.example", false), ("https://evil.example\\\\@example.org", false),
        ] {
            let site = Site(.next, base: base)
            let lab = try lab(site, spec)
            try await poll(lab)
            site.publish(15)
            try await poll(lab)
            let request = try #require(lab.transport.requests.last)
            #expect(request.policy.headers.isEmpty == !isOwn, "\(base)")
            #expect(request.policy.allowPrivateAddresses == isOwn, "\(base)")
            #expect(request.url.contains("user:pass@") == isOwn, "\(base)")
            #expect(request.validators == nil)
        }
    }

    @Test(arguments: ["http://example.org", "file:///etc", "javascript:"])
    func `Addresses that are none of a page are not asked for`(_ base: String) async throws {
        let site = Site(.next, base: base)
        let lab = try lab(site)
        try await poll(lab)
        site.publish(15)
        try await poll(lab)
        #expect(pages(lab).isEmpty)
        #expect(try await gap(lab).page == nil)
    }

    @Test func `A page that is refused holds the site`() async throws {
        var spec = FeedSpec(url: Lab.url)
        spec.site = "example.org"
        let site = Site(.next)
        let lab = try lab(site, spec)
        try await poll(lab)
        site.publish(35)
        site.fail("page2", 429)
        try await poll(lab)
        #expect(try await lab.state.notBefore == lab.clock.now + 3600)
        #expect(try await lab.store.nextPollDue() == lab.clock.now + 3600)
    }
}
