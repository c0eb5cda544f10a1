import Foundation
import Model
import Monitoring
import SQLiteStorage
import TestSupport
import Testing

/// The health of a feed, poll after poll, and who is told of it.
@Suite struct FeedHealthTests {
    private static let hour = 3600.0

    @Test func `A feed that fails for long is told once, and so is its recovery`() async throws {
        let lab = try Lab()
        lab.answer(200, rss(Entry("1", "Weather")))
        try await lab.poll()
        #expect(try await lab.state.health.condition == .fine)
        lab.answer(500)
        var news: [Alert] = []
        for _ in 0..<12 { news += try await lab.poll()?.alerts ?? [] }
        #expect(news.map(\.item.title) == ["News: it cannot be read"])
        #expect(news.first?.kind == .health)
        #expect(try await lab.state.health.isTold)
        lab.answer(200, rss(Entry("1", "Weather")))
        let recovery = try await lab.poll()?.alerts ?? []
        #expect(recovery.map(\.item.title) == ["News: fine again"])
        #expect(try await lab.poll()?.alerts.isEmpty ?? false)
        // With a delivery each, in the state, beside the alerts of watches.
        let reports = try await lab.store.alerts(AlertFilter())
        #expect(reports.count == 2)
        #expect(reports.allSatisfy { $0.deliveries.count == 1 })
    }

    @Test func `Only sinks that want it are told`() async throws {
        let lab = try Lab()
        let setup = Lab.setup(
            [lab.spec], sinks: [RecordingSink("all"), RecordingSink("health"), RecordingSink("family")],
            only: ["health": ["health"], "family": ["family"]])
        lab.answer(410)
        try await lab.store.register([lab.spec], at: lab.clock.now)
        let feed = try #require(
            try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 1, lease: .seconds(60)).first)
        _ = try await lab.poller.poll(feed, lab.spec, setup)
        let report = try #require(try await lab.store.alerts(AlertFilter()).first)
        #expect(report.deliveries.map(\.sink.rawValue).sorted() == ["all", "health"])
    }

    @Test func `A feed that goes silent is told, by its cadence or the user's word`() async throws {
        var spec = FeedSpec(url: Lab.url)
        spec.policy.every = .seconds(21_600)
        let lab = try Lab(spec, backlog: .none)
        let entries = (1...6).map { Entry("\($0)", "Weather \($0)", age: Double($0) / 24) }
        lab.answer(200, rss(entries[0], entries[1], entries[2], entries[3], entries[4], entries[5]))
        try await lab.poll()
        #expect(try await lab.state.history.cadence == .seconds(Self.hour))
        var news: [String] = []
        for _ in 0..<20 {
            news += try await lab.poll()?.alerts.compactMap(\.item.title) ?? []
        }
        #expect(news == ["News: it has gone silent"])
        lab.answer(200, rss(Entry("7", "Weather 7")))
        #expect(try await lab.poll()?.alerts.map(\.item.title) == ["News: fine again"])

        spec.silentAfter = .seconds(7 * Self.hour)
        let other = try Lab(spec, backlog: .none)
        other.answer(200, rss(Entry("1", "Weather")))
        try await other.poll()
        #expect(try await other.poll()?.alerts.isEmpty ?? false)
        #expect(try await other.poll()?.alerts.map(\.item.title) == ["News: it has gone silent"])
    }

    @Test func `A page for browsers is blocked, whatever its status`() async throws {
        for status in [200, 403, 503] {
            let lab = try Lab()
            lab.answer(
                status, "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>",
                [("content-type", "text/html"), ("cf-mitigated", "challenge")])
            let next = try await lab.poll()?.nextPoll
            #expect(try await lab.state.health.condition == .blocked, "\(status)")
            #expect(next.map { $0 - 86_400 >= lab.clock.now } ?? false, "\(status)")
        }
    }

    /// A night without a network: nothing is counted, everything is tried again soon, nobody is told.
    @Test func `An outage of ours counts against no feed`() async throws {
        let lab = try Lab()
        let specs = (0..<8).map { FeedSpec(url: "https://h\($0).example/rss") }
        let setup = Lab.setup(specs, sinks: [lab.sink])
        lab.transport.answer { .failure(.cannotResolve(host: $0.url)) }
        try await lab.store.register(specs, at: lab.clock.now)
        let poller = lab.poller
        for round in 0..<40 {
            for feed in try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 100, lease: .seconds(60)) {
                let spec = try #require(specs.first { $0.url == feed.url })
                let report = try await poller.poll(feed, spec, setup)
                #expect(report?.alerts.isEmpty ?? false)
            }
            lab.clock.advance(by: .seconds(round == 0 ? 900 : 300))
        }
        let states = try await lab.store.feeds()
        // Until the fifth host had been silent, nobody could know.
        #expect(states.map(\.history.failures).max() ?? 99 <= 2)
        #expect(states.allSatisfy { !$0.health.isTold })
        #expect(states.last?.history.failures == 0)
        #expect(states.last?.history.lastError?.contains("most other hosts") ?? false)
        #expect(states.allSatisfy { $0.nextPoll <= lab.clock.now + 900 })
    }

    /// Somebody waits for the feed, whoever is to blame.
    @Test func `An outage excuses no feed for longer than a day, and is told of itself`() async throws {
        let lab = try Lab()
        let specs = (0..<8).map { FeedSpec(url: "https://h\($0).example/rss") }
        let setup = Lab.setup(specs, sinks: [lab.sink])
        try await lab.store.register(specs, at: lab.clock.now)
        let poller = lab.poller
        func round() async throws -> [Alert] {
            var alerts: [Alert] = []
            for feed in try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 100, lease: .seconds(60)) {
                let spec = try #require(specs.first { $0.url == feed.url })
                alerts += try await poller.poll(feed, spec, setup)?.alerts ?? []
            }
            return alerts
        }
        lab.transport.answer {
            .success(FetchResponse(status: 200, body: Array(rss(Entry("1", "News")).utf8), url: $0.url))
        }
        #expect(try await round().isEmpty)
        lab.transport.answer { .failure(.cannotResolve(host: $0.url)) }
        var news: [Alert] = []
        for _ in 0..<(3 * 24) {
            lab.clock.advance(by: .seconds(3600))
            news += try await round()
        }
        let network = news.filter { $0.feed.url == "tocsin:network" }
        #expect(network.map(\.item.title) == ["Most feeds cannot be reached: look at this machine's network"])
        let states = try await lab.store.feeds()
        #expect(states.allSatisfy { $0.health.condition == .failing && $0.health.isTold })
        #expect(Set(news.map(\.feed.url)).count == 1 + specs.count)
    }

    /// Dead hosts among living ones are no outage, also when the living ones are asked so seldom that only the dead are heard.
    @Test func `Hosts that have long been silent are not excused`() async throws {
        let lab = try Lab()
        let specs = (0..<14).map { FeedSpec(url: "https://h\($0).example/rss") }
        try await lab.store.register(specs, at: lab.clock.now)
        let poller = lab.poller
        let living = Set(specs[..<8].map(\.url))
        lab.transport.answer { request in
            guard living.contains(request.url) else { return .failure(.cannotConnect(host: "h", reason: "x")) }
            let fresh = HeaderField(name: "cache-control", value: Array("max-age=43200".utf8))
            return .success(
                FetchResponse(
                    status: 200, headers: [fresh], body: Array(rss(Entry("1", "x")).utf8), url: request.url))
        }
        let end = lab.clock.now + 2 * 86_400
        while let due = try await lab.store.nextPollDue(), due < end {
            lab.clock.set(max(due, lab.clock.now))
            for feed in try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 100, lease: .seconds(60)) {
                let spec = try #require(specs.first { $0.url == feed.url })
                _ = try await poller.poll(feed, spec, lab.setup)
            }
        }
        let dead = try await lab.store.feeds().filter { !living.contains($0.url) }
        #expect(dead.allSatisfy { $0.history.failures > 5 && $0.health.isTold })
    }

    @Test(
        arguments: [
            (429, "7200", 7200), (503, "7200", 7200), (429, nil, 3600), (503, nil, nil), (500, "7200", nil),
        ] as [(Int, String?, Double?)])
    func `A server that asks for less speaks for its site`(_ status: Int, _ after: String?, _ pause: Double?)
        async throws
    {
        let lab = try Lab()
        var specs = ["a.x.example", "b.x.example", "y.example"].map { FeedSpec(url: "https://\($0)/rss") }
        specs[0].site = "x.example"
        specs[1].site = "x.example"
        specs[2].site = "y.example"
        try await lab.store.register(specs, at: lab.clock.now)
        let headers = after.map { [HeaderField(name: "retry-after", value: Array($0.utf8))] } ?? []
        lab.transport.answer { .success(FetchResponse(status: status, headers: headers, url: $0.url)) }
        let first = try #require(
            try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 1, lease: .seconds(60)).first)
        let started = lab.clock.now
        _ = try await lab.poller.poll(first, specs[0], lab.setup)
        let states = try await lab.store.feeds()
        #expect(states[1].notBefore == pause.map { started + $0 })
        // `once` keeps to it as well.
        if pause != nil { #expect(states[0].notBefore == states[1].notBefore) }
        #expect(states[2].notBefore == nil)
        let due = try await lab.store.claimDueFeeds(at: started, limit: 9, lease: .seconds(60)).map(\.url)
        #expect(due == specs[1...].filter { pause == nil || $0.site != "x.example" }.map(\.url))
    }

    @Test func `A feed that moved for good says so, and is read on`() async throws {
        let lab = try Lab()
        func answer(_ statuses: [Int]) {
            let redirects = statuses.map {
                FetchResponse.Redirect(status: $0, from: Lab.url, to: "https://new.example/rss")
            }
            let response = FetchResponse(
                status: 200, body: Array(rss(Entry("1", "Weather")).utf8), url: "https://new.example/rss?token=secret",
                redirects: redirects)
            lab.transport.answer { _ in .success(response) }
        }
        answer([301, 308])
        try await lab.poll()
        #expect(try await lab.state.health.condition == .moved)
        #expect(try await lab.state.health.evidence?.contains("https://new.example/rss") ?? false)
        #expect(try await lab.state.health.evidence?.contains("secret") == false)
        answer([301, 302])
        try await lab.poll()
        #expect(try await lab.state.health.condition == .fine)
    }

    @Test func `A login that was refused is tried when somebody starts or reloads`() async throws {
        let lab = try Lab()
        lab.answer(401)
        let report = try #require(try await lab.poll())
        #expect(report.alerts.map(\.item.title) == ["https://example.org/rss: the server refuses it"])
        #expect(report.nextPoll >= lab.clock.now + 86_399)
        lab.clock.set(report.nextPoll)
        try await lab.poll()
        #expect(try await lab.state.isStopped)
        lab.clock.advance(by: .seconds(3600))
        #expect(try await lab.store.nextPollDue() ?? .distantPast > lab.clock.now)
        try await lab.store.register([lab.spec], at: lab.clock.now)
        #expect(try await lab.store.nextPollDue() ?? .distantFuture <= lab.clock.now)
    }
}
