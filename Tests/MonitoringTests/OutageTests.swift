import Fetching
import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import TestSupport
import Testing

/// Faults of our own network, which count against no feed (rule 23).
@Suite struct OutageTests {
    let lab: Lab
    private let specs = (0..<8).map { FeedSpec(url: "https://h\($0).example/rss") }

    init() throws { lab = try Lab() }

    /// Polls what is due. Returns what was told.
    private func round(_ specs: [FeedSpec], _ poller: Poller, _ setup: MonitorSetup? = nil) async throws -> [Alert] {
        let setup = setup ?? Lab.setup(specs, sinks: [lab.sink])
        var alerts: [Alert] = []
        try await lab.store.register(specs, at: lab.clock.now)
        for feed in try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 100, lease: .seconds(60)) {
            let spec = try #require(specs.first { $0.url == feed.url })
            alerts += try await poller.poll(feed, spec, setup)?.alerts ?? []
        }
        return alerts
    }

    private func answerFeeds() {
        lab.transport.answer {
            .success(FetchResponse(status: 200, body: Array(rss(Entry("1", "News")).utf8), url: $0.url))
        }
    }

    enum Fault: CaseIterable {
        case login, loginByTarget, page, own, tls, broken, noHTTP, privateAddress, circle, network, proxy, gateway,
            refused
    }

    /// What an hotel, a broken clock, a filter or a proxy makes of every answer.
    private static func answer(_ fault: Fault, _ url: String) -> Result<FetchResponse, TransportError> {
        let page = "<html><title>Welcome</title><p>Guests, please accept our terms. \(url.hashValue)</html>"
        func led(to target: String, status: Int = 200) -> Result<FetchResponse, TransportError> {
            .success(
                FetchResponse(
                    status: status, body: Array(page.utf8), url: target,
                    redirects: [.init(status: 302, from: url, to: target)]))
        }
        return switch fault {
        case .login: led(to: "http://login.hotel.example/?to=\(url)")
        case .loginByTarget: led(to: "http://login.hotel.example/\(url.hashValue)")
        case .page: led(to: url)
        // No feed, and the same everywhere: the status says that something is wrong with the host.
        case .own: led(to: "http://login.hotel.example/?\(url)", status: 403)
        case .tls: .failure(.tls(host: "h", reason: "its certificate's issuer is not known"))
        case .broken: .failure(.incomplete(reason: "the connection broke"))
        case .noHTTP: .failure(.badResponse(reason: "it does not begin as HTTP does"))
        case .privateAddress: .failure(.forbiddenAddress(host: "h", address: "10.0.0.1"))
        case .circle: .failure(.tooManyRedirects(limit: 5))
        case .network: led(to: url, status: 511)
        case .proxy: .failure(.proxy(reason: "it does not connect (503)"))
        case .gateway: led(to: url, status: 503)
        case .refused: .failure(.cannotConnect(host: "h", reason: "connection refused"))
        }
    }

    @Test(arguments: Fault.allCases)
    func `What comes between counts against no feed, and asks nobody oftener`(_ fault: Fault) async throws {
        var specs = specs
        if fault == .gateway { for index in specs.indices { specs[index].policy.proxy = Secret("http://p.example") } }
        let poller = lab.poller
        answerFeeds()
        #expect(try await round(specs, poller).isEmpty)
        lab.transport.answer { Self.answer(fault, $0.url) }
        for _ in 0..<20 {
            lab.clock.advance(by: .seconds(900))
            #expect(try await round(specs, poller).isEmpty)
            let states = try await lab.store.feeds()
            #expect(states.allSatisfy { $0.history.failures == 0 && $0.health.condition == .fine })
            #expect(states.allSatisfy { $0.history.lastError?.contains("other") ?? false })
            // Those who were asked wait as long as ever, and no longer.
            if fault != .proxy { #expect(states.allSatisfy { $0.nextPoll == lab.clock.now + 900 }) }
        }
        answerFeeds()
        lab.clock.advance(by: .seconds(900))
        #expect(try await round(specs, poller).isEmpty)
        #expect(try await lab.store.feeds().allSatisfy { $0.history.lastError == nil })
    }

    @Test func `Only what most of the sites show is ours`() async throws {
        let poller = lab.poller
        answerFeeds()
        #expect(try await round(specs, poller).isEmpty)
        lab.transport.answer { request in
            let isLed = ["h0.", "h1."].contains { request.url.contains($0) }
            return isLed
                ? Self.answer(.login, request.url)
                : request.url.contains("h2.")
                    ? .failure(.tls(host: "h2", reason: "expired"))
                    : .success(FetchResponse(status: 404, url: request.url))
        }
        lab.clock.advance(by: .seconds(900))
        _ = try await round(specs, poller)
        #expect(try await lab.store.feeds().map(\.history.failures) == Array(repeating: 1, count: 8))
    }

    @Test func `Sites that are blocked are told of, though their page is one`() async throws {
        let poller = lab.poller
        answerFeeds()
        #expect(try await round(specs, poller).isEmpty)
        let page = "<html><title>Blocked</title><p>blocklist.rkn.gov.ru</html>"
        lab.transport.answer { request in
            let isBlocked = ["h0.", "h1.", "h2."].contains { request.url.contains($0) }
            let url = isBlocked ? "http://block.isp.example/" : request.url
            let body = isBlocked ? page : rss(Entry("1", "News"))
            return .success(FetchResponse(status: 200, body: Array(body.utf8), url: url))
        }
        lab.clock.advance(by: .seconds(900))
        _ = try await round(specs, poller)
        #expect(try await lab.store.feeds().map(\.history.failures) == [1, 1, 1, 0, 0, 0, 0, 0])
        // A hotel's page is not told of.
        lab.transport.answer { request in
            ["h0.", "h1.", "h2."].contains { request.url.contains($0) }
                ? Self.answer(.login, request.url)
                : .success(FetchResponse(status: 200, body: Array(rss(Entry("1", "News")).utf8), url: request.url))
        }
        lab.clock.advance(by: .seconds(1800))
        _ = try await round(specs, poller)
        #expect(try await lab.store.feeds().map(\.history.failures) == [1, 1, 1, 0, 0, 0, 0, 0])
    }

    @Test func `Hosts of one provider are one`() async throws {
        var specs = specs
        for index in specs.indices { specs[index].site = "provider.example" }
        lab.transport.answer { .failure(.cannotResolve(host: $0.url)) }
        _ = try await round(specs, lab.poller)
        #expect(try await lab.store.feeds().allSatisfy { $0.history.failures == 1 })
    }

    @Test func `Where nobody was reached it is tried again soon, where somebody refused as often as ever`() async throws
    {
        var specs = specs
        for index in specs.indices { specs[index].policy.every = .seconds(6 * 3600) }
        lab.transport.answer { .failure(.cannotConnect(host: $0.url, reason: "connection refused")) }
        let poller = lab.poller
        _ = try await round(specs, poller)
        #expect(try await lab.store.feeds().allSatisfy { $0.nextPoll == lab.clock.now + 6 * 3600 })
        lab.clock.advance(by: .seconds(6 * 3600))
        lab.transport.answer { .failure(.cannotResolve(host: $0.url)) }
        _ = try await round(specs, poller)
        #expect(try await lab.store.feeds().allSatisfy { $0.nextPoll <= lab.clock.now + 300 })
    }

    /// Each run is another process, which has to hear five sites before it knows.
    @Test func `Runs by hand blame nobody either, and tell of an outage that lasts once`() async throws {
        let specs = specs
        let setup = Lab.setup(specs, sinks: [lab.sink])
        func once() async throws {
            _ = try await Monitor(
                setup: setup, transport: lab.transport, store: lab.store, clock: lab.clock,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ).once()
        }
        answerFeeds()
        try await once()
        let start = lab.clock.now
        lab.transport.answer { .failure(.cannotResolve(host: $0.url)) }
        for _ in 0..<8 {
            lab.clock.advance(by: .seconds(3600))
            try await once()
            #expect(
                try await lab.store.feeds().allSatisfy { $0.history.failures == 0 && $0.health.condition == .fine })
        }
        let told = lab.sink.deliveries.map { String(decoding: $0.body, as: UTF8.self) }.filter {
            $0.contains("\"health\"")
        }
        #expect(told.count == 1)
        #expect(told.first?.contains("tocsin:network") ?? false)
        #expect(told.first?.contains(Timestamp.text(start)) ?? false)
    }

    @Test func `Who asks for less is the site that answered, not the one that led there`() async throws {
        var specs = ["a.x.example", "b.x.example", "a.y.example", "b.y.example"].map {
            FeedSpec(url: "https://\($0)/rss")
        }
        for index in specs.indices { specs[index].site = index < 2 ? "x.example" : "y.example" }
        var setup = Lab.setup(specs, sinks: [])
        setup.hosts = HostRules(
            site: { $0.hasSuffix("y.example") ? "y.example" : "x.example" }, gap: { _ in .seconds(60) })
        #expect(setup.gap(of: "https://a.y.example/rss", specs[0]) == .seconds(60))
        #expect(setup.gap(of: specs[0].url, specs[0]) == .zero)
        lab.transport.answer { request in
            let isLed = request.url.contains("a.x")
            return .success(
                FetchResponse(
                    status: isLed ? 429 : 200, body: Array((isLed ? "" : rss(Entry("1", "News"))).utf8),
                    url: isLed ? "https://a.y.example/rss" : request.url))
        }
        _ = try await round(specs, lab.poller, setup)
        // The first is held itself; b.x.example was asked; nobody of y.example was.
        #expect(lab.transport.requests.map(\.url) == specs[...1].map(\.url))
        let states = try await lab.store.feeds()
        #expect(states[0].notBefore == lab.clock.now + 3600)
        #expect(states[1].notBefore == nil && states[1].history.lastSuccess != nil)
        #expect(states[2...].allSatisfy { $0.notBefore == lab.clock.now + 3600 })
    }
}
