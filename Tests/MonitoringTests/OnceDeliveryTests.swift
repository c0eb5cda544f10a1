import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// Sinks that hang, in a run that others wait for.
@Suite(.timeLimit(.minutes(1))) struct OnceDeliveryTests {
    private let clock = ManualClock()
    private let store: SQLiteStore
    private let transport = ScriptedTransport { _ in .failure(.cancelled) }

    init() throws {
        store = try SQLiteStore.inMemory()
        publish(12)
    }

    private func publish(_ count: Int) {
        let body = Array(rss((1...count).map { Entry("\($0)", "Serikqyzy \($0)") }).utf8)
        transport.answer { .success(FetchResponse(status: 200, body: body, url: $0.url)) }
    }

    private func once(_ setup: MonitorSetup) async throws -> OnceReport {
        try await Monitor(
            setup: setup, transport: transport, store: store, outbox: store, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).once()
    }

    private func setup(
        _ sinks: [any Sink], only: [String: Set<String>] = [:], fallback: [String: String] = [:]
    ) -> MonitorSetup {
        var setup = Lab.setup([FeedSpec(url: Lab.url)], sinks: sinks, only: only)
        for index in setup.routes.indices {
            guard let name = fallback[setup.routes[index].sink.rawValue] else { continue }
            setup.routes[index].fallback = SinkFallback(to: SinkName(name))
        }
        return setup
    }

    /// It takes its time-out for each try.
    private func hanging(_ name: String, _ timeout: Duration) -> RecordingSink {
        RecordingSink(name) { [clock] _ in
            clock.advance(by: timeout)
            return .deferred(reason: "no answer", retryAfter: nil)
        }
    }

    @Test(arguments: [nil, SinkPace(gap: .milliseconds(1))] as [SinkPace?])
    func `one that hangs is asked once in a run`(_ pace: SinkPace?) async throws {
        let hang = hanging("hang", .seconds(20))
        let bad = RecordingSink("bad") { _ in .refused(reason: "400") }
        var setup = setup([hang, bad])
        if let pace { setup.paces = [SinkName("hang"): pace] }
        let begin = clock.now
        let report = try await once(setup)
        #expect(hang.deliveries.count == 1)
        // Its twelve, and the news of the other one.
        #expect(report.pendingDeliveries == 13)
        #expect(clock.now.timeIntervalSince(begin) <= 20)
    }

    @Test func `one that fails quickly is asked three times in a run, whatever news there are`() async throws {
        let sick = RecordingSink("sick") { _ in .deferred(reason: "503", retryAfter: nil) }
        let bad = RecordingSink("bad") { _ in .refused(reason: "400") }
        _ = try await once(setup([sick, bad]))
        #expect(sick.deliveries.count == 3)
    }

    @Test func `news and fallbacks of the others do not wait for one that hangs`() async throws {
        let file = RecordingSink("file")
        let spare = RecordingSink("spare")
        // Ends when the others have all that is theirs.
        let hang = RecordingSink("hang") { _ in
            while !Task.isCancelled {
                let told = file.deliveries.contains { Alert(json: $0.body)?.item.title?.hasPrefix("Sink bad") == true }
                if told, spare.deliveries.count == 12 { break }
                try? await Task.sleep(for: .milliseconds(1))
            }
            return .deferred(reason: "no answer", retryAfter: nil)
        }
        let bad = RecordingSink("bad") { _ in .refused(reason: "400") }
        _ = try await once(
            setup([hang, file, bad, spare], only: ["spare": ["critical"]], fallback: ["bad": "spare"]))
        #expect(Set(spare.deliveries.map(\.id.alert)).count == 12)
        #expect(file.deliveries.count == 13)
    }

    /// Its failures are of an earlier run: what this run's first try brings is not known while it hangs.
    @Test func `one that is still at work is not judged by what was before`() async throws {
        let state = Mutex<(isDown: Bool, others: Int)>((true, 0))
        let file = RecordingSink("file")
        let chat = RecordingSink("chat") { _ in
            if state.withLock({ $0.isDown }) { return .deferred(reason: "down", retryAfter: nil) }
            // The others are through.
            while file.deliveries.count < state.withLock({ $0.others }), !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(1))
            }
            for _ in 0..<200 { await Task.yield() }
            return .delivered
        }
        let setup = setup([chat, file])
        _ = try await once(setup)
        clock.advance(by: .seconds(2400))
        _ = try await once(setup)
        clock.advance(by: .seconds(2400))
        publish(13)
        state.withLock { $0 = (false, 13) }
        let report = try await once(setup)
        #expect(report.pendingDeliveries == 0)
        #expect(file.deliveries.allSatisfy { Alert(json: $0.body)?.kind == .alert })
    }

    @Test func `the deliveries of a run have an end, and the next one has the rest`() async throws {
        publish(200)
        let slow = RecordingSink("slow") { [clock] _ in
            clock.advance(by: .seconds(5))
            return .delivered
        }
        let begin = clock.now
        #expect(try await once(setup([slow])).pendingDeliveries == 80)
        #expect(clock.now.timeIntervalSince(begin) == 600)
        #expect(try await once(setup([slow])).pendingDeliveries == 0)
        #expect(Set(slow.deliveries.map(\.id.alert)).count == 200)
    }

    @Test func `what is under way at the end is cut off a minute later, and comes with the next run`() async throws {
        let isStuck = Mutex(true)
        let stuck = RecordingSink("stuck") { _ in
            while isStuck.withLock({ $0 }), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
            return isStuck.withLock { $0 } ? .deferred(reason: "cancelled", retryAfter: nil) : .delivered
        }
        let setup = setup([stuck])
        async let report = once(setup)
        while stuck.deliveries.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        while clock.sleeperCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
        clock.advance(by: .seconds(660))
        #expect(try await report.pendingDeliveries == 12)
        isStuck.withLock { $0 = false }
        clock.advance(by: .seconds(600))
        #expect(try await once(setup).pendingDeliveries == 0)
    }
}
