import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// A sink that is slow or dead is nobody else's matter.
@Suite(.timeLimit(.minutes(1))) struct IsolationTests {
    let clock = ManualClock()
    let transport = ScriptedTransport { _ in .failure(.cancelled) }

    private func publish(_ count: Int) {
        let body = Array(rss((1...count).map { Entry("\($0)", "Serikqyzy \($0)") }).utf8)
        transport.answer { .success(FetchResponse(status: 200, body: body, url: $0.url)) }
    }

    /// Without news of the sick one, which come after an hour.
    private func articles(_ sink: RecordingSink) -> [AlertID] {
        sink.deliveries.filter { Alert(json: $0.body)?.kind == .alert }.map(\.id.alert)
    }

    @Test(arguments: [true, false])
    func `one that never answers or always fails delays no other sink and no poll`(_ hangs: Bool) async throws {
        let store = try SQLiteStore.inMemory()
        let sick = RecordingSink("sick") { _ in
            // Until it is cancelled: no time-out ends it.
            if hangs { try? await Task.sleep(for: .seconds(86_400)) }
            return .deferred(reason: "dead", retryAfter: nil)
        }
        let sinks = (1...3).map { RecordingSink("well \($0)") }
        let monitor = Monitor(
            setup: Lab.setup([FeedSpec(url: Lab.url)], sinks: [sick] + sinks), transport: transport, store: store,
            outbox: store, clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        publish(1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await monitor.run() }
            try await until { sick.deliveries.count >= 1 }
            for round in 1...5 {
                if round > 1 {
                    publish(round)
                    // Time moves only as far as the next poll is away, whatever the sick one does.
                    let polls = transport.requests.count
                    try await until {
                        if let due = try await store.nextPollDue(), due > clock.now { clock.set(due) }
                        return transport.requests.count > polls
                    }
                }
                try await until { sinks.allSatisfy { articles($0).count == round } }
            }
            group.cancelAll()
            try await group.waitForAll()
        }
        if hangs { #expect(sick.deliveries.count == 1) }
        #expect(sinks.allSatisfy { Set(articles($0)).count == 5 })
    }
}
