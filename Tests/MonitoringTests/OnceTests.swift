import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct OnceTests {
    let lab: Lab

    init() throws {
        lab = try Lab()
    }

    private func monitor(
        _ feeds: [FeedSpec], sinks: [any Sink]? = nil, store: (any Store)? = nil
    ) -> Monitor {
        Monitor(
            setup: Lab.setup(feeds, sinks: sinks ?? [lab.sink]), transport: lab.transport, store: store ?? lab.store,
            clock: lab.clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func feeds(_ count: Int, every: Duration = .seconds(900)) -> [FeedSpec] {
        (1...count).map { number in
            var spec = FeedSpec(url: "https://example.org/\(number)")
            spec.policy.every = every
            return spec
        }
    }

    /// Each feed has one item of its own, that alerts.
    private func serve() {
        lab.transport.answer { request in
            let number = request.url.split(separator: "/").last ?? ""
            let body = rss(Entry("item-\(number)", "Serikqyzy \(number)"))
            return .success(FetchResponse(status: 200, body: Array(body.utf8), url: request.url))
        }
    }

    @Test func `every feed is polled once, and what was found is delivered`() async throws {
        serve()
        let progress = Mutex<[Int]>([])
        let report = try await monitor(feeds(300)).once { step in
            #expect(step.feeds == 300)
            progress.withLock { $0.append(step.polled) }
        }
        #expect(report.polled == 300)
        #expect(report.alerts == 300)
        #expect(report.failed.isEmpty)
        #expect(report.pendingDeliveries == 0)
        #expect(Set(lab.transport.requests.map(\.url)).count == 300)
        #expect(lab.transport.requests.count == 300)
        #expect(Set(lab.sink.deliveries.map(\.id.alert)).count == 300)
        #expect(progress.withLock { $0 } == Array(1...300))
    }

    @Test func `feeds of one host come one after the other, and others meanwhile`() async throws {
        let starts = Mutex<[String: Date]>([:])
        let clock = lab.clock
        lab.transport.answer { request in
            starts.withLock { $0[request.url] = clock.now }
            return .success(FetchResponse(status: 200, body: Array(rss().utf8), url: request.url))
        }
        var specs = feeds(40)
        specs += (1...10).map { FeedSpec(url: "https://h\($0).example/") }
        for index in specs.indices { specs[index].hostGap = .seconds(2) }
        let monitor = monitor(specs)
        let mostWaiting = Mutex(0)
        async let report = monitor.once { step in
            mostWaiting.withLock { $0 = max($0, step.waiting) }
        }
        while starts.withLock({ $0.count }) < 11 { try? await Task.sleep(for: .milliseconds(1)) }
        for count in 12...50 { try await clock.passTurn { starts.withLock { $0.count } == count } }
        #expect(try await report.polled == 50)
        let times = starts.withLock { $0 }
        #expect(times.filter { $0.key.contains("//h") }.allSatisfy { $0.value == ManualClock().now })
        let many = times.filter { $0.key.contains("example.org") }.values.sorted()
        #expect(zip(many, many.dropFirst()).allSatisfy { $1.timeIntervalSince($0) >= 2 })
        #expect(many.count == 40)
        #expect(mostWaiting.withLock { $0 } > 30)
    }

    @Test func `what a watch was called when it raised an alert goes with the alert`() async throws {
        serve()
        let sink = RecordingSink("sink") { _ in .deferred(reason: "503", retryAfter: nil) }
        var setup = Lab.setup(feeds(1), sinks: [sink])
        setup.codenames = ["family": "oak", "camps": "elm"]
        func once(_ setup: MonitorSetup) async throws {
            let monitor = Monitor(
                setup: setup, transport: lab.transport, store: lab.store, clock: lab.clock,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            _ = try await monitor.once()
        }
        try await once(setup)
        // Somebody takes the code name away, and the alert still waits.
        setup.codenames = [:]
        lab.clock.advance(by: .seconds(3600))
        try await once(setup)
        #expect(sink.deliveries.map(\.codenames) == [["family": "oak"], ["family": "oak"]])
    }

    @Test func `a second run polls again, before its time, and is silent`() async throws {
        serve()
        _ = try await monitor(feeds(3)).once()
        let report = try await monitor(feeds(3)).once()
        #expect(report.polled == 3)
        #expect(report.alerts == 0)
        #expect(lab.sink.deliveries.count == 3)
    }

    @Test func `a feed whose interval is shorter than the run is polled once all the same`() async throws {
        serve()
        let clock = lab.clock
        let sink = RecordingSink("sink")
        let answer = ScriptedTransport { request in
            clock.advance(by: .seconds(10))
            return .success(FetchResponse(status: 200, body: Array(rss().utf8), url: request.url))
        }
        let monitor = Monitor(
            setup: Lab.setup(feeds(20, every: .seconds(1)), sinks: [sink]), transport: answer, store: lab.store,
            clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(try await monitor.once().polled == 20)
        #expect(answer.requests.count == 20)
    }

    @Test func `failures are told in the order of the configuration, without secrets`() async throws {
        lab.transport.answer { request in
            request.url.contains("good")
                ? .success(FetchResponse(status: 200, body: Array(rss().utf8), url: request.url))
                : request.url.contains("wait")
                    ? .success(
                        FetchResponse(
                            status: 503, headers: [HeaderField(name: "retry-after", value: Array("3600".utf8))],
                            url: request.url))
                    : .failure(.timedOut(after: .seconds(30)))
        }
        let specs = ["https://u:p@bad.example/?token=1", "https://good.example/", "https://wait.example/"]
            .map { FeedSpec(url: $0) }
        let report = try await monitor(specs).once()
        #expect(report.polled == 3)
        #expect(
            report.failed == [
                OnceReport.Failure(
                    url: "https://bad.example/?token=•••",
                    reason: "no complete answer within 30 s (raise 'timeout' if the server is slow)"),
                OnceReport.Failure(url: "https://wait.example/", reason: "the server failed (503)"),
            ])
        let second = try await monitor(specs).once()
        #expect(second.polled == 2)
        #expect(
            second.failed.last
                == OnceReport.Failure(
                    url: "https://wait.example/",
                    reason: "the server asked not to be polled before 2018-11-26T15:00:00Z"))
    }

    @Test func `what a sick sink did not take waits, and it is not tried for each alert`() async throws {
        serve()
        let sick = RecordingSink("sick") { _ in .deferred(reason: "500", retryAfter: nil) }
        let report = try await monitor(feeds(50), sinks: [sick, lab.sink]).once()
        #expect(report.alerts == 50)
        #expect(report.pendingDeliveries == 50)
        #expect(sick.deliveries.count == 3)
        #expect(lab.sink.deliveries.count == 50)
    }

    @Test func `a sink that asks for a rest gets it`() async throws {
        serve()
        let busy = RecordingSink("busy") { _ in .deferred(reason: "429", retryAfter: .seconds(60)) }
        #expect(try await monitor(feeds(5), sinks: [busy]).once().pendingDeliveries == 5)
        #expect(busy.deliveries.count == 1)
        lab.clock.advance(by: .seconds(59))
        _ = try await monitor(feeds(5), sinks: [busy]).once()
        #expect(busy.deliveries.count == 1)
    }

    @Test func `what is refused is kept as failed, and a sink that is gone gets no more`() async throws {
        serve()
        let strict = RecordingSink("strict") { _ in .refused(reason: "400") }
        let gone = RecordingSink("gone") { _ in .gone(reason: "410") }
        _ = try await monitor(feeds(5), sinks: [strict, gone]).once()
        #expect(strict.deliveries.count == 5)
        #expect(gone.deliveries.count == 1)
        _ = try await monitor(feeds(5), sinks: [strict, gone]).once()
        #expect(strict.deliveries.count == 5)
        #expect(gone.deliveries.count == 1)
        #expect(try await lab.store.retry(nil, at: lab.clock.now) > 0)
        _ = try await monitor(feeds(5), sinks: [strict, gone]).once()
        #expect(strict.deliveries.count == 10)
        #expect(gone.deliveries.count == 2)
    }

    @Test func `a full disk ends the run with the reason, and the next one finds everything`() async throws {
        serve()
        let store = UnreliableStore(lab.store)
        let transport = lab.transport
        let monitor = Monitor(
            setup: Lab.setup(feeds(5), sinks: [lab.sink]),
            transport: ScriptedTransport { request in
                store.fail(with: .full(path: "tocsin.db"))
                return Result { () throws(TransportError) in
                    .init(status: 200, body: Array(rss(Entry("1", "Serikqyzy")).utf8), url: request.url)
                }
            }, store: store, clock: lab.clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await #expect(throws: StoreError.full(path: "tocsin.db")) { try await monitor.once() }
        #expect(lab.sink.deliveries.isEmpty)
        store.fail(with: nil)
        let again = Monitor(
            setup: Lab.setup(feeds(5), sinks: [lab.sink]), transport: transport, store: store, clock: lab.clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(try await again.once().alerts == 5)
    }

    @Test(
        arguments: [(200, 86_400), (403, 86_400), (503, 86_400), (401, 86_400), (404, 3600)] as [(Int, Double)])
    func `what asking sooner cannot help is not asked each run`(_ status: Int, _ pause: Double) async throws {
        let page = "<html><title>Just a moment...</title><p>Verify you are human</html>"
        lab.transport.answer { request in
            .success(FetchResponse(status: status, body: Array(page.utf8), url: request.url))
        }
        var specs = feeds(1, every: .seconds(3600))
        #expect(try await monitor(specs).once().polled == 1)
        let reason = try await lab.state.history.lastError ?? "?"
        let start = lab.clock.now
        lab.clock.set(start + pause - 1)
        let report = try await monitor(specs).once()
        #expect(report.polled == 0)
        #expect(report.failed.first?.reason.hasPrefix("\(reason); it is asked again after ") ?? false)
        // Whoever changes the request wants to know at once what comes of it, and need not be told again.
        specs[0].policy.headers = [RequestHeader(name: "Authorization", value: Secret("Bearer 1"))]
        #expect(try await monitor(specs).once().polled == 1)
        #expect(try await monitor(specs).once().polled == 0)
        specs[0].policy.headers = [RequestHeader(name: "Authorization", value: Secret("Bearer 2"))]
        #expect(try await monitor(specs).once().polled == 1)
        lab.clock.advance(by: .seconds(8 * 86_400))
        #expect(try await monitor(specs).once().polled == 1)
    }

    @Test func `since when watches look is kept`() async throws {
        let lab = try Lab()
        lab.answer(200, rss(Entry("1", "One")))
        var setup = lab.setup
        setup.aims = [WatchAim(name: "w", core: Digest128(high: 1, low: 1))]
        let begin = lab.clock.now
        _ = try await Monitor(
            setup: setup, transport: lab.transport, store: lab.store, clock: lab.clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).once()
        #expect(
            try await lab.store.watchRecords().known == [
                "w": WatchRecord(since: begin, start: .added, aim: setup.aims[0])
            ])
    }
}
