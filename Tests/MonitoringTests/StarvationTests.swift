import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// Some alerts that a receiver never takes, among others that it takes.
@Suite(.timeLimit(.minutes(1))) struct StarvationTests {
    private let clock = ManualClock()
    private let store: SQLiteStore
    private let transport = ScriptedTransport { _ in .failure(.cancelled) }

    init() throws {
        store = try SQLiteStore.inMemory()
    }

    private static func isPoison(_ delivery: Delivery) -> Bool {
        Alert(json: delivery.body)?.item.title?.contains("poison") == true
    }

    private let sink = RecordingSink("chat") { delivery in
        isPoison(delivery) ? .deferred(reason: "500", retryAfter: nil) : .delivered
    }

    /// A document with items of these titles, the oldest first.
    private func publish(_ titles: [String]) {
        let body = Array(rss(titles.map { Entry($0, "Serikqyzy \($0)") }).utf8)
        transport.answer { .success(FetchResponse(status: 200, body: body, url: $0.url)) }
    }

    private func monitor(_ pace: SinkPace? = nil) -> Monitor {
        var setup = Lab.setup([FeedSpec(url: Lab.url)], sinks: [sink])
        if let pace { setup.paces = [sink.name: pace] }
        return Monitor(
            setup: setup, transport: transport, store: store, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private var taken: Set<AlertID> {
        Set(sink.deliveries.filter { !Self.isPoison($0) }.map(\.id.alert))
    }

    /// Runs until so many were taken. Says how many seconds that took.
    private func run(_ monitor: Monitor, until count: Int) async throws -> Double {
        let start = clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await monitor.run() }
            while taken.count < count {
                try Task.checkCancellation()
                // Time passes when all who were woken have had their turn: polls and the sink.
                try await Task.sleep(for: .milliseconds(1))
                if clock.sleeperCount >= 2 { clock.advance(by: .milliseconds(500)) }
            }
            group.cancelAll()
        }
        return clock.now.timeIntervalSince(start)
    }

    @Test(arguments: [false, true])
    func `others arrive within one rest`(_ poisonIsOld: Bool) async throws {
        let poison = (1...3).map { "poison \($0)" }
        let good = (1...10).map { "good \($0)" }
        publish(poisonIsOld ? poison + good : good + poison)
        #expect(try await run(monitor(), until: 10) <= 60)
    }

    @Test func `also when what is never taken has failed for hours`() async throws {
        publish((1...6).map { "poison \($0)" })
        for _ in 1...8 {
            _ = try await monitor().once()
            clock.advance(by: .seconds(7200))
        }
        publish((1...6).map { "poison \($0)" } + (1...10).map { "good \($0)" })
        #expect(try await run(monitor(), until: 10) <= 60)
    }

    @Test func `one run of once delivers all others, and the next ones as well`() async throws {
        let poison = (1...3).map { "poison \($0)" }
        publish(poison + (1...10).map { "good \($0)" })
        _ = try await monitor().once()
        #expect(taken.count == 10)
        clock.advance(by: .seconds(7200))
        publish(poison + (1...20).map { "good \($0)" })
        let report = try await monitor().once()
        #expect(taken.count == 20)
        #expect(report.pendingDeliveries == 3)
    }

    @Test func `a receiver that is down is asked a few times by one run of once`() async throws {
        publish((1...40).map { "poison \($0)" })
        _ = try await monitor().once()
        #expect(sink.deliveries.count == 3)
        clock.advance(by: .seconds(7200))
        _ = try await monitor().once()
        #expect(sink.deliveries.count <= 9)
    }

    @Test func `a sink with a pace gets them too`() async throws {
        let pace = SinkPace(rate: MessageRate(count: 60, window: .seconds(60)))
        publish((1...3).map { "poison \($0)" })
        for _ in 1...6 {
            _ = try await monitor(pace).once()
            clock.advance(by: .seconds(7200))
        }
        publish((1...3).map { "poison \($0)" } + (1...10).map { "good \($0)" })
        // Three probes that fail, and then one of the others.
        #expect(try await run(monitor(pace), until: 10) <= 120)
    }

    @Test func `a sink that is well gets the oldest first`() async throws {
        publish((1...10).map { "good \($0)" })
        _ = try await run(monitor(), until: 10)
        let serials = try await store.alerts(AlertFilter()).reversed().map(\.id)
        #expect(sink.deliveries.map(\.id.alert) == serials)
    }
}
