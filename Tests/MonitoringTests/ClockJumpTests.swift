import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// A clock that is set while the program runs: who sleeps sleeps for a time, as with the machine's.
private final class JumpingClock: WallClock {
    let base = ManualClock()
    private let offset = Mutex(0.0)

    var now: Date { base.now + offset.withLock { $0 } }

    func jump(by seconds: Double) { offset.withLock { $0 += seconds } }

    func sleep(until deadline: Date) async throws(CancellationError) {
        let seconds = min(max(deadline.timeIntervalSince(now), 0), 600)
        try await base.sleep(until: base.now + seconds)
    }
}

/// The monitor on a state on the disk, with a clock that jumps between a poll, its deliveries and the next poll.
@Suite(.timeLimit(.minutes(2))) struct ClockJumpTests {
    private static let hour = 3600.0
    private static let jumps =
        [30, 200, hour, 20 * hour, 30 * hour, 4 * 24 * hour, 40 * 24 * hour, 3650 * 24 * hour].flatMap { [$0, -$0] }

    private final class Scene: Sendable {
        struct State {
            var items: [Entry] = []
            /// What the clock does when the next document is fetched, and when the next alert is first tried.
            var jumpOfPoll = 0.0
            var jumpOfTry = 0.0
            var tried: Set<AlertID> = []
            var ids: [String: Set<AlertID>] = [:]
        }

        let clock = JumpingClock()
        let state = Mutex(State())

        func take(_ delivery: Delivery, retryAfter: Duration?) -> DeliveryOutcome {
            guard let alert = Alert(json: delivery.body), alert.kind == .alert else { return .delivered }
            return state.withLock { state in
                if state.tried.insert(alert.id).inserted {
                    clock.jump(by: state.jumpOfTry)
                    state.jumpOfTry = 0
                    return .deferred(reason: "later", retryAfter: retryAfter)
                }
                state.ids[alert.item.title ?? "", default: []].insert(alert.id)
                return .delivered
            }
        }

        func fetch(_ request: FetchRequest) -> FetchResponse {
            let items = state.withLock { state in
                clock.jump(by: state.jumpOfPoll)
                state.jumpOfPoll = 0
                return state.items
            }
            return FetchResponse(status: 200, body: Array(rss(items).utf8), url: request.url)
        }
    }

    @Test(arguments: jumps)
    func `a clock that jumps loses nothing, doubles nothing and puts no feed to sleep`(_ jump: Double) async throws {
        let path = try Fixture.temporaryFolder().appendingPathComponent("state.db").path
        let scene = Scene()
        let sinks = [
            RecordingSink("plain") { scene.take($0, retryAfter: nil) },
            RecordingSink("asks") { scene.take($0, retryAfter: .seconds(5)) },
            RecordingSink("paced", takesSeveral: true) { scene.take($0, retryAfter: nil) },
        ]
        var spec = FeedSpec(url: Lab.url)
        spec.policy.every = .seconds(60)
        // One sink at a time, so that it is clear whose try makes the clock jump.
        for sink in sinks {
            scene.state.withLock { $0 = Scene.State() }
            var setup = Lab.setup([spec], sinks: [sink])
            if sink.takesSeveral { setup.paces = [sink.name: SinkPace(group: .init(wait: .seconds(5), max: 5))] }
            let folder = path + "-\(sink.name)"
            for (round, jumps) in [(0, 0), (jump, 0), (0, jump), (jump, -jump), (-jump, 0), (0, -jump)].enumerated() {
                let store = try SQLiteStore(path: folder, access: .owner)
                let monitor = Monitor(
                    setup: setup, transport: ScriptedTransport { .success(scene.fetch($0)) }, store: store,
                    outbox: store, clock: scene.clock,
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                let title = "Serikqyzy \(round)"
                try await running(monitor) {
                    // Twice with the same process, and then with a new one.
                    for title in [title, title + " again"] {
                        scene.state.withLock { state in
                            state.items.append(Entry("\(title)".replacingOccurrences(of: " ", with: "-"), title))
                            (state.jumpOfPoll, state.jumpOfTry) = jumps
                        }
                        let start = scene.clock.base.now
                        while scene.state.withLock({ $0.ids[title] == nil }) {
                            let waited = scene.clock.base.now.timeIntervalSince(start)
                            try #require(waited < 2 * Self.hour, "\(sink.name), \(jumps): no \(title)")
                            // Time passes when all who were woken have had their turn: polls, the sink, and what keeps the outbox.
                            repeat {
                                try await Task.sleep(for: .milliseconds(1))
                            } while scene.clock.base.sleeperCount < 3
                            scene.clock.base.advance(by: .seconds(5))
                        }
                    }
                }
                await store.close()
            }
            let ids = scene.state.withLock { $0.ids }
            #expect(ids.count == 12)
            #expect(ids.values.allSatisfy { $0.count == 1 })
            let store = try SQLiteStore(path: folder, access: .owner)
            // News of the feed's health, which the jumps have raised, may still wait.
            let alerts = try await store.alerts(AlertFilter()).filter { Alert(json: $0.body)?.kind == .alert }
            #expect(alerts.count == 12)
            #expect(alerts.flatMap(\.deliveries).allSatisfy { $0.state == .sent })
        }
    }

    @Test func `a rest that was begun in the future is over`() {
        let now = Date(timeIntervalSince1970: 1_543_240_800)
        var health = SinkHealth()
        health.note(
            .retry(at: now + 3600, reason: "429", wholeSink: true), policy: RetryPolicy(), now: now, jitter: 0)
        #expect(health.rests(at: now + 3599))
        #expect(health.rests(at: now - 200))
        #expect(!health.rests(at: now + 3600))
        #expect(!health.rests(at: now - 3600))
    }
}
