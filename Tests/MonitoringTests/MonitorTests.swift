import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// The monitor as it runs. Time is the test's; what happens at once is waited for.
@Suite(.timeLimit(.minutes(1))) struct MonitorTests {
    let clock = ManualClock()
    let store: SQLiteStore
    let transport = ScriptedTransport { _ in .failure(.cancelled) }

    init() throws {
        store = try SQLiteStore.inMemory()
        publish(Entry("1", "Serikqyzy 1"))
    }

    private func publish(_ entries: Entry...) {
        let body = Array(rss(entries).utf8)
        transport.answer { .success(FetchResponse(status: 200, body: body, url: $0.url)) }
    }

    private func monitor(_ setup: MonitorSetup, store: (any Store)? = nil) -> Monitor {
        Monitor(
            setup: setup, transport: transport, store: store ?? self.store, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func setup(_ sinks: any Sink..., feeds: [String] = [Lab.url]) -> MonitorSetup {
        Lab.setup(feeds.map { FeedSpec(url: $0) }, sinks: sinks)
    }

    /// Runs the monitor beside the test, and stops it after.
    private func running(_ monitor: Monitor, _ test: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await monitor.run() }
            try await test()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Moves the time on, once all who wait for it do.
    private func pass(_ duration: Duration, sleepers: Int) async throws {
        try await until { clock.sleeperCount >= sleepers }
        clock.advance(by: duration)
    }

    @Test func `an alert reaches every sink, and an added item the next time`() async throws {
        let first = RecordingSink("first")
        let second = RecordingSink("second")
        try await running(monitor(setup(first, second))) {
            try await until { first.deliveries.count == 1 && second.deliveries.count == 1 }
            publish(Entry("2", "Serikqyzy 2"), Entry("1", "Serikqyzy 1"))
            // The loop and both sinks sleep.
            try await pass(.seconds(1000), sleepers: 3)
            try await until { first.deliveries.count == 2 && second.deliveries.count == 2 }
        }
        #expect(transport.requests.count == 2)
        #expect(first.deliveries.map(\.body) == second.deliveries.map(\.body))
    }

    @Test func `a feed is polled again as soon as it is due, and no sooner`() async throws {
        var spec = FeedSpec(url: Lab.url)
        spec.policy.every = .seconds(2)
        try await running(monitor(Lab.setup([spec], sinks: []))) {
            for count in 1...5 {
                try await until { transport.requests.count == count }
                try await pass(.milliseconds(1900), sleepers: 1)
                #expect(transport.requests.count == count)
                // With all the jitter there is.
                try await pass(.milliseconds(400), sleepers: 1)
            }
        }
    }

    @Test func `a watch that a reload brings looks once no poll is under way without it`() async throws {
        var first = setup()
        first.aims = [WatchAim(name: "first", core: Digest128(high: 1, low: 1))]
        var second = first
        second.aims.append(WatchAim(name: "second", core: Digest128(high: 2, low: 1)))
        let begin = clock.now
        // Answers when it is told to.
        let gate = AsyncStream<Void>.makeStream()
        let slow = SlowTransport(transport, gate.stream)
        let running = Monitor(
            setup: first, transport: slow, store: store, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await self.running(running) {
            try await until { running.load.polls == 1 }
            await running.reload(second)
            try await until { try await store.watchRecords().known.count == 2 }
            gate.continuation.finish()
        }
        let known = try await store.watchRecords().known
        #expect(known["first"]?.since == begin)
        #expect(known["second"]?.since ?? begin > begin + 30)
    }

    @Test func `a sink that hangs holds up neither the others nor the polling`() async throws {
        let stuck = RecordingSink("stuck") { _ in
            try? await Task.sleep(for: .seconds(3600))
            return .deferred(reason: "stuck", retryAfter: nil)
        }
        let well = RecordingSink("well")
        try await running(monitor(setup(stuck, well))) {
            try await until { well.deliveries.count == 1 && stuck.deliveries.count == 1 }
            publish(Entry("2", "Serikqyzy 2"))
            try await pass(.seconds(1000), sleepers: 2)
            try await until { well.deliveries.count == 2 }
            #expect(stuck.deliveries.count == 1)
        }
    }

    @Test func `a delivery that was deferred is tried again until it arrives`() async throws {
        let tries = Mutex(0)
        let flaky = RecordingSink("flaky") { _ in
            tries.withLock { tries in
                tries += 1
                return tries < 4 ? .deferred(reason: "503", retryAfter: nil) : .delivered
            }
        }
        try await running(monitor(setup(flaky))) {
            for count in 1...3 {
                try await until { flaky.deliveries.count == count }
                try await pass(.seconds(15), sleepers: 2)
            }
            try await until { flaky.deliveries.count == 4 }
            try await until { try await store.pendingDeliveries(to: [flaky.name]) == 0 }
        }
        #expect(Set(flaky.deliveries.map(\.id)).count == 1)
        #expect(flaky.deliveries.map(\.attempts) == [0, 1, 2, 3])
    }

    @Test func `a sink that can take several at once gets them`() async throws {
        let wide = WideSink()
        publish(
            Entry("1", "Serikqyzy 1"), Entry("2", "Serikqyzy 2"), Entry("3", "Serikqyzy 3"), Entry("4", "Serikqyzy 4"))
        try await running(monitor(setup(wide))) {
            // The first alone; then the others together, none of which ends before all have begun.
            try await until { wide.finished == 4 }
        }
        #expect(wide.most == 3)
    }

    @Test func `a reload takes effect between polls`() async throws {
        let first = RecordingSink("first")
        let second = RecordingSink("second")
        let monitor = monitor(setup(first))
        try await running(monitor) {
            try await until { first.deliveries.count == 1 }
            publish(Entry("2", "Serikqyzy 2"))
            await monitor.reload(setup(second, feeds: ["https://example.org/other"]))
            try await until { second.deliveries.count == 1 }
            #expect(transport.requests.last?.url == "https://example.org/other")
            try await pass(.seconds(1000), sleepers: 2)
            try await until { transport.requests.count == 3 }
        }
        #expect(transport.requests.filter { $0.url == Lab.url }.count == 1)
        #expect(first.deliveries.count == 1)
    }

    @Test(arguments: [StoreError.full(path: "tocsin.db"), .readOnly(path: "tocsin.db")])
    func `a state that cannot be written loses nothing and ends nothing`(_ fault: StoreError) async throws {
        let sink = RecordingSink("sink")
        let store = UnreliableStore(self.store)
        let body = Array(rss(Entry("1", "Serikqyzy 1")).utf8)
        transport.answer { request in
            store.fail(with: fault)
            return .success(FetchResponse(status: 200, body: body, url: request.url))
        }
        try await running(monitor(setup(sink), store: store)) {
            try await until { store.failureCount > 0 }
            for count in 1...3 {
                clock.advance(by: .seconds(40))
                try await until { store.failureCount > count }
            }
            #expect(sink.deliveries.isEmpty)
            store.fail(with: nil)
            for _ in 1...60 where sink.deliveries.isEmpty { try await pass(.seconds(1), sleepers: 2) }
            try await until { sink.deliveries.count == 1 }
        }
        // What was fetched was kept until it could be written.
        #expect(transport.requests.count == 1)
    }

    @Test func `a delivery that arrived is settled when the disk has room again`() async throws {
        let store = UnreliableStore(self.store)
        let sink = RecordingSink("sink") { _ in
            store.fail(with: .full(path: "tocsin.db"))
            return .delivered
        }
        try await running(monitor(setup(sink), store: store)) {
            try await until { store.failureCount > 0 }
            store.fail(with: nil)
            for _ in 1...60 where try await self.store.pendingDeliveries(to: [sink.name]) > 0 {
                try await pass(.seconds(1), sleepers: 2)
            }
            try await until { try await self.store.pendingDeliveries(to: [sink.name]) == 0 }
        }
        #expect(sink.deliveries.count == 1)
    }

    @Test func `stopping waits for what is under way, and begins nothing new`() async throws {
        let isOpen = Flag()
        let slow = RecordingSink("slow") { _ in
            while !isOpen.isSet { try? await Task.sleep(for: .milliseconds(1)) }
            return .delivered
        }
        publish(Entry("1", "Serikqyzy 1"), Entry("2", "Serikqyzy 2"))
        let monitor = monitor(setup(slow))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await monitor.run() }
            try await until { slow.deliveries.count == 1 }
            monitor.shutDown()
            isOpen.set()
            try await tasks.waitForAll()
        }
        #expect(slow.deliveries.count == 1)
        #expect(try await store.pendingDeliveries(to: [slow.name]) == 1)
    }

    @Test func `after five seconds what is under way is cancelled, and nothing is lost`() async throws {
        let stuck = RecordingSink("stuck") { _ in
            try? await Task.sleep(for: .seconds(3600))
            return .deferred(reason: "cancelled", retryAfter: nil)
        }
        let monitor = monitor(setup(stuck))
        let hasEnded = Flag()
        let start = clock.now
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await monitor.run()
                hasEnded.set()
            }
            try await until { stuck.deliveries.count == 1 }
            monitor.shutDown()
            try await until {
                if clock.sleeperCount > 0 { clock.advance(by: .milliseconds(100)) }
                return hasEnded.isSet
            }
            try await tasks.waitForAll()
        }
        #expect((4.9...5.2).contains(clock.now.timeIntervalSince(start)))
        // The try that was cut short does not count.
        let delivery = try await store.alerts(AlertFilter()).flatMap(\.deliveries).first
        #expect(delivery?.state == .pending)
        #expect(delivery?.attempts == 0)
    }

    @Test func `a thousand feeds of one host hold up nobody, and wait in the schedule`() async throws {
        let many = (1...1000).map { "https://many.example/\($0)" }
        var specs = (many + (1...30).map { "https://h\($0).example/" }).map { FeedSpec(url: $0) }
        for index in specs.indices { specs[index].hostGap = .seconds(2) }
        publish()
        try await running(monitor(Lab.setup(specs, sinks: []))) {
            try await until { transport.requests.count == 31 }
            // Fifteen are in hand: they have their turn soon.
            func waiting() async throws -> [Date] {
                try await store.feeds().filter { $0.history.lastPoll == nil }.map(\.nextPoll)
                    .filter { $0 > clock.now }.sorted()
            }
            try await until { try await waiting().count == 1000 - 1 - 15 }
            let turns = try await waiting()
            #expect(zip(turns, turns.dropFirst()).allSatisfy { $1.timeIntervalSince($0) >= 1.99 })
            for count in 32...60 { try await clock.passTurn { transport.requests.count == count } }
        }
        #expect(try await store.claimDueFeeds(at: clock.now + 4000, limit: 2000, lease: .seconds(9)).count == 1030)
    }

    @Test func `many feeds at the start are spread, the first at once`() async throws {
        let feeds = (1...200).map { "https://example.org/\($0)" }
        publish()
        try await running(monitor(setup(feeds: feeds))) {
            try await until { transport.requests.count == 50 && clock.sleeperCount == 1 }
            #expect(transport.requests.count == 50)
            for _ in 1...40 { try await pass(.milliseconds(100), sleepers: 1) }
            try await until { transport.requests.count == 200 }
        }
        #expect(Set(transport.requests.map(\.url)).count == 200)
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock { $0 } }

    func set() { state.withLock { $0 = true } }
}

/// Takes three at once, and counts how many it had.
private final class WideSink: Sink {
    private struct Counts {
        var begun = 0
        var underWay = 0
        var most = 0
        var finished = 0
    }

    let name = SinkName("wide")
    let concurrency = 3
    private let counts = Mutex(Counts())

    var most: Int { counts.withLock { $0.most } }
    var finished: Int { counts.withLock { $0.finished } }

    func deliver(_ delivery: Delivery) async -> DeliveryOutcome {
        let place = counts.withLock { counts in
            counts.begun += 1
            counts.underWay += 1
            counts.most = max(counts.most, counts.underWay)
            return counts.begun
        }
        while place > 1, counts.withLock({ $0.begun < 4 }) { try? await Task.sleep(for: .milliseconds(1)) }
        counts.withLock { counts in
            counts.underWay -= 1
            counts.finished += 1
        }
        return .delivered
    }
}

/// Answers when a stream ends.
private struct SlowTransport: Transport {
    let base: ScriptedTransport
    let gate: AsyncStream<Void>

    init(_ base: ScriptedTransport, _ gate: AsyncStream<Void>) {
        self.base = base
        self.gate = gate
    }

    func send(_ request: FetchRequest) async throws(TransportError) -> FetchResponse {
        for await _ in gate {}
        return try await base.send(request)
    }

    func send(_ mail: MailRequest) async throws(TransportError) -> MailAnswer { throw .cancelled }
}
