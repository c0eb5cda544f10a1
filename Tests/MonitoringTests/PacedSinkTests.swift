import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// The monitor and sinks that have a pace. The clock stands still but where a test moves it.
@Suite struct PacedSinkTests {
    private let clock = ManualClock()
    private let store: SQLiteStore
    private let transport = ScriptedTransport { _ in .failure(.cancelled) }

    init() throws {
        store = try SQLiteStore.inMemory()
        publish(1...3)
    }

    private func publish(_ numbers: ClosedRange<Int>) {
        let body = Array(rss(numbers.map { Entry("\($0)", "Serikqyzy \($0)") }).utf8)
        transport.answer { request in .success(FetchResponse(status: 200, body: body, url: request.url)) }
    }

    private func monitor(_ sink: RecordingSink, _ pace: SinkPace, severity: Severity = .high) -> Monitor {
        var spec = FeedSpec(url: Lab.url)
        spec.policy.every = .seconds(900)
        var setup = Lab.setup([spec], sinks: [sink])
        setup.severities = ["family": severity]
        setup.paces = [sink.name: pace]
        return Monitor(
            setup: setup, transport: transport, store: store, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Moves the time in steps that wake whoever sleeps, until all have had their turn.
    private func pass(_ seconds: Int) async throws {
        for _ in 0..<seconds {
            try await until { clock.sleeperCount >= 2 }
            clock.advance(by: .seconds(1))
        }
        try await until { clock.sleeperCount >= 2 }
    }

    private func isSettled() async throws -> Bool {
        try await store.pendingDeliveries(to: [SinkName("chat")]) == 0
    }

    @Test(.timeLimit(.minutes(1)))
    func `alerts that come together are one message`() async throws {
        let sink = RecordingSink("chat", takesSeveral: true)
        try await running(monitor(sink, SinkPace(group: .init(wait: .seconds(30))))) {
            try await until { try await store.pendingDeliveries(to: [sink.name]) == 3 }
            try await pass(29)
            #expect(sink.messages.isEmpty)
            try await pass(2)
            try await until { try await isSettled() }
        }
        #expect(sink.messages.map(\.count) == [3])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a group that is deferred is tried again as it was, until it arrives`() async throws {
        let tries = Mutex(0)
        let sink = RecordingSink("chat", takesSeveral: true) { _ in
            tries.withLock { tries in
                tries += 1
                return tries < 3 ? .deferred(reason: "503", retryAfter: nil) : .delivered
            }
        }
        try await running(monitor(sink, SinkPace(group: .init(wait: .seconds(1))))) {
            try await until { try await store.pendingDeliveries(to: [sink.name]) == 3 }
            while try await !isSettled() { try await pass(1) }
        }
        #expect(sink.messages.map(\.count) == [3, 3, 3])
        #expect(Set(sink.messages.map { $0.map(\.id) }).count == 1)
        #expect(sink.messages.map { $0[0].attempts } == [0, 1, 2])
    }

    @Test(.timeLimit(.minutes(1)))
    func `one alert that is refused keeps no other back`() async throws {
        let sink = RecordingSink("chat", takesSeveral: true) { delivery in
            let isPoison = Alert(json: delivery.body)?.item.title == "Serikqyzy 2"
            return isPoison ? .refused(reason: "554") : .delivered
        }
        try await running(monitor(sink, SinkPace(group: .init(wait: .seconds(1))))) {
            try await until { try await store.pendingDeliveries(to: [sink.name]) == 3 }
            while try await !isSettled() { try await pass(1) }
        }
        let states = try await store.alerts(AlertFilter()).flatMap { report in
            report.deliveries.map { (Alert(json: report.body)?.item.title ?? "", $0.state) }
        }
        #expect(states.filter { $0.1 == .failed }.map(\.0) == ["Serikqyzy 2"])
        #expect(states.filter { $0.1 == .sent }.count == 2)
        let arrived = sink.messages.filter { !$0.contains { Alert(json: $0.body)?.item.title == "Serikqyzy 2" } }
        #expect(arrived.flatMap(\.self).count == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `what has no room in a message comes in several, and what has none in ten with the next`() async throws {
        publish(1...25)
        let sink = RecordingSink("chat", takesSeveral: true, room: 2)
        try await running(monitor(sink, SinkPace(group: .init(wait: .seconds(1), max: 30)))) {
            try await until { try await store.pendingDeliveries(to: [sink.name]) == 25 }
            while try await !isSettled() { try await pass(1) }
        }
        let marks = sink.messages.map { message in
            #expect(Set(message.map(\.part)).count == 1)
            return message[0].part?.text ?? "-"
        }
        #expect(sink.messages.map(\.count) == Array(repeating: 2, count: 12) + [1])
        #expect(marks == (1...9).map { "\($0)/10" } + ["10/10+5", "1/3", "2/3", "3/3"])
        #expect(Set(sink.deliveries.map(\.id)).count == 25)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `a message that is put off for one alert is parted when the receiver takes others`(_ takesOthers: Bool)
        async throws
    {
        let sink = RecordingSink("chat", takesSeveral: true, status: 500) { delivery in
            let isPoison = Alert(json: delivery.body)?.item.title == "Serikqyzy 2"
            return isPoison || !takesOthers ? .deferred(reason: "500", retryAfter: nil) : .delivered
        }
        let monitor = monitor(sink, SinkPace(group: .init(wait: .seconds(30))))
        func waiting() async throws -> [String] {
            try await store.alerts(AlertFilter()).filter { $0.deliveries[0].state == .pending }
                .compactMap { Alert(json: $0.body)?.item.title }.sorted()
        }
        for run in 0..<4 {
            publish(1...3 + run)
            _ = try await monitor.once()
            clock.advance(by: .seconds(900))
        }
        let before = try await waiting()
        #expect(before == (1...(takesOthers ? 3 : 6)).map { "Serikqyzy \($0)" })
        _ = try await monitor.once()
        #expect(try await waiting() == (takesOthers ? ["Serikqyzy 2"] : before))
    }

    @Test func `what is refused for who sends it is not sent in pieces`() async throws {
        let sink = RecordingSink("chat", takesSeveral: true, refusesForOne: false) { _ in .refused(reason: "535") }
        #expect(try await monitor(sink, SinkPace(group: .init())).once().pendingDeliveries == 0)
        #expect(sink.messages.map(\.count) == [3])
        let states = try await store.alerts(AlertFilter()).flatMap(\.deliveries)
        #expect(states.count == 3 && states.allSatisfy { $0.state == .failed })
    }

    @Test(.timeLimit(.minutes(1)))
    func `a sink without several has its gap between each two`() async throws {
        let times = Mutex<[Date]>([])
        let sink = RecordingSink("chat") { [clock] _ in
            times.withLock { $0.append(clock.now) }
            return .delivered
        }
        try await running(monitor(sink, SinkPace(gap: .seconds(5)))) {
            try await until { sink.deliveries.count == 1 }
            while try await !isSettled() { try await pass(1) }
        }
        let starts = times.withLock { $0 }
        #expect(sink.messages.map(\.count) == [1, 1, 1])
        #expect(zip(starts, starts.dropFirst()).allSatisfy { $1.timeIntervalSince($0) >= 5 })
    }

    @Test func `once waits for no group, and leaves what is held`() async throws {
        let sink = RecordingSink("chat", takesSeveral: true)
        let quiet = try #require(DailyWindow("14:00-15:00 UTC"))
        let held = try await monitor(sink, SinkPace(group: .init(), quiet: quiet)).once()
        #expect(held.pendingDeliveries == 3 && sink.messages.isEmpty)
        clock.advance(by: .seconds(3600))
        let free = try await monitor(sink, SinkPace(group: .init(), quiet: quiet)).once()
        #expect(free.pendingDeliveries == 0)
        #expect(sink.messages.map(\.count) == [3])
    }

    @Test func `once keeps a digest for its time, and what is critical for none`() async throws {
        let sink = RecordingSink("chat", takesSeveral: true)
        let digest = SinkPace(digest: .hourly)
        #expect(try await monitor(sink, digest).once().pendingDeliveries == 3)
        publish(4...4)
        clock.advance(by: .seconds(1800))
        #expect(try await monitor(sink, digest, severity: .critical).once().pendingDeliveries == 3)
        #expect(sink.messages.map(\.count) == [1])
        clock.advance(by: .seconds(1800))
        #expect(try await monitor(sink, digest).once().pendingDeliveries == 0)
        #expect(sink.messages.map(\.count) == [1, 3])
    }
}
