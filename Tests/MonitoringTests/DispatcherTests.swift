import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// How a batch of deliveries goes out. Nothing here looks at a clock: what is to happen is waited for.
@Suite(.timeLimit(.minutes(1))) struct DispatcherTests {
    private let lab: Lab

    init() throws { lab = try Lab() }

    /// So many alerts, claimed.
    private func deliveries(_ count: Int) async throws -> [Delivery] {
        lab.answer(200, rss((1...count).map { Entry("\($0)", "Serikqyzy \($0)") }))
        _ = try await lab.poll()
        return try await lab.store.claimDeliveries(
            to: lab.sink.name, at: lab.clock.now, limit: count, lease: .seconds(60))
    }

    private func dispatcher(_ store: any Store) -> Dispatcher {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return Dispatcher(
            store: store, keeper: StoreKeeper(clock: lab.clock, logger: logger, keepsTrying: false), clock: lab.clock,
            logger: logger, jitter: { 0 })
    }

    private func states() async throws -> [Delivery.State: Int] {
        let all = try await lab.store.alerts(AlertFilter()).flatMap(\.deliveries)
        return Dictionary(grouping: all, by: \.state).mapValues(\.count)
    }

    @Test func `as many are under way as the sink can take, once it has taken some`() async throws {
        let batch = try await deliveries(80)
        let gate = Gate(opensAt: 16)
        let taken = Atomic(0)
        let sink = RecordingSink("sink", concurrency: 16) { _ in
            // From the twentieth on none ends before sixteen are under way.
            if taken.add(1, ordering: .relaxed).newValue > 20 { await gate.pass() }
            return .delivered
        }
        var health = SinkHealth()
        try await dispatcher(lab.store).deliver(batch, to: sink, &health) { true }
        #expect(try await states() == [.sent: 80])
        #expect(sink.deliveries.count == 80)
    }

    @Test func `tries that end while others are written down wait for it together, as many as a crash may repeat`()
        async throws
    {
        let batch = try await deliveries(300)
        let gate = Gate()
        let batches = Mutex<[Int]>([])
        let store = UnreliableStore(lab.store) { settlements in
            batches.withLock { $0.append(settlements.count) }
            await gate.pass()
        }
        let sink = RecordingSink("sink", concurrency: 16) { _ in .delivered }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var health = SinkHealth()
                try await dispatcher(store).deliver(batch, to: sink, &health) { true }
            }
            // The first alone: nothing is known of the sink before.
            while sink.deliveries.count < 1 || batches.withLock({ $0.isEmpty }) {
                try? await Task.sleep(for: .milliseconds(1))
            }
            while sink.deliveries.count < 64 { try? await Task.sleep(for: .milliseconds(1)) }
            // What a crash now would repeat.
            #expect(sink.deliveries.count <= 64 + 16)
            gate.open()
            try await group.waitForAll()
        }
        #expect(try await states() == [.sent: 300])
        let sizes = batches.withLock { $0 }
        #expect(sizes.reduce(0, +) == 300)
        #expect(sizes.count <= 20, "\(sizes)")
    }

    @Test func `where one goes at a time, each is written down before the next`() async throws {
        let batch = try await deliveries(5)
        let open = Mutex<[Int]>([])
        let sink = RecordingSink("sink") { _ in
            let pending = (try? await lab.store.pendingDeliveries(to: [lab.sink.name])) ?? -1
            open.withLock { $0.append(pending) }
            return .delivered
        }
        var health = SinkHealth()
        try await dispatcher(lab.store).deliver(batch, to: sink, &health) { true }
        #expect(open.withLock { $0 } == [5, 4, 3, 2, 1])
    }

    @Test func `a batch that cannot be written ends the work, and nothing of it is lost`() async throws {
        let batch = try await deliveries(200)
        let store = UnreliableStore(lab.store)
        let sink = RecordingSink("sink", concurrency: 16) { _ in
            store.fail(with: .full(path: "s"))
            return .delivered
        }
        var health = SinkHealth()
        await #expect(throws: StoreError.full(path: "s")) {
            try await dispatcher(store).deliver(batch, to: sink, &health) { true }
        }
        #expect(sink.deliveries.count <= 64 + 16)
        #expect(try await states() == [.pending: 200])
    }

    @Test func `what one of many says counts, in the order in which they ended`() async throws {
        let batch = try await deliveries(30)
        let sink = RecordingSink("sink", concurrency: 16) { delivery in
            let title = Alert(json: delivery.body)?.item.title ?? ""
            return title.hasSuffix("0") ? .refused(reason: "400") : .delivered
        }
        var health = SinkHealth()
        let news = Mutex<[DeliveryVerdict]>([])
        var dispatcher = dispatcher(lab.store)
        dispatcher.onNews = { verdict, _ in news.withLock { $0.append(verdict) } }
        try await dispatcher.deliver(batch, to: sink, &health) { true }
        #expect(try await states() == [.sent: 27, .failed: 3])
        #expect(news.withLock { $0 }.count { $0 == .failed(reason: "400") } == 3)
    }
}

/// Holds back whoever comes until it is opened, by a test or by the number of those who wait.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let limit: Int

    init(opensAt limit: Int = .max) {
        self.limit = limit
    }

    func pass() async {
        await withCheckedContinuation { continuation in
            let released = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                if state.isOpen { return [continuation] }
                state.waiting.append(continuation)
                guard state.waiting.count >= limit else { return [] }
                state.isOpen = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for one in released { one.resume() }
        }
    }

    func open() {
        let released = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in released { one.resume() }
    }
}
