import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// Receivers that ask to be left alone, for minutes or for years.
@Suite(.timeLimit(.minutes(1))) struct AskedPauseTests {
    private let clock = ManualClock()
    private let store: SQLiteStore
    private let transport: ScriptedTransport
    private let mail = RecordingSink("mail")

    init() throws {
        store = try SQLiteStore.inMemory()
        let body = Array(rss((1...2).map { Entry("\($0)", "Serikqyzy \($0)") }).utf8)
        transport = ScriptedTransport { .success(FetchResponse(status: 200, body: body, url: $0.url)) }
    }

    /// One that asks for a pause with its first answer, and takes what comes then.
    private func busy(_ pause: Duration, address: String? = nil) -> RecordingSink {
        let first = Mutex(true)
        return RecordingSink("chat", address: address) { _ in
            first.withLock { isFirst in
                defer { isFirst = false }
                return isFirst ? .deferred(reason: "status 503", retryAfter: pause) : .delivered
            }
        }
    }

    private func setup(_ sinks: [any Sink], _ pace: SinkPace? = nil) -> MonitorSetup {
        var setup = Lab.setup([FeedSpec(url: Lab.url)], sinks: sinks, only: ["mail": ["health"]])
        if let pace { setup.paces = [SinkName("chat"): pace] }
        return setup
    }

    private func monitor(_ setup: MonitorSetup) -> Monitor {
        Monitor(
            setup: setup, transport: transport, store: store, outbox: store, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private var news: [String] { mail.deliveries.compactMap { Alert(json: $0.body)?.item.title } }

    private func running(_ monitor: Monitor, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await monitor.run() }
            do {
                try await body()
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
    }

    /// Lets time pass until the sink was given so many, when nobody has anything to do: the schedule, both sinks, and who looks at how
    /// they fare are asleep. Says how many seconds that were.
    private func passed(until count: Int, _ sink: RecordingSink) async throws -> Double {
        let start = clock.now
        while sink.deliveries.count < count {
            try Task.checkCancellation()
            try await Task.sleep(for: .milliseconds(1))
            if clock.sleeperCount >= 4 { clock.advance(by: .seconds(1)) }
        }
        return clock.now.timeIntervalSince(start)
    }

    private func pause() async throws -> Date? {
        try await store.sinkStates(of: [SinkName("chat")]).first.flatMap { SinkRule.pause(of: $0, at: clock.now) }
    }

    @Test func `one that asks for years is told of at once, and tried within the hour`() async throws {
        let chat = busy(.seconds(999_999_999))
        let setup = setup([chat, mail])
        let begin = clock.now
        _ = try await monitor(setup).once()
        #expect(news == ["Sink chat: it takes no alerts"])
        let summary = Alert(json: try #require(mail.deliveries.first).body)?.item.summary ?? ""
        #expect(
            summary.contains("it has asked to be left alone, and is tried again at 2018-11-26T15:00:00Z"), "\(summary)")
        #expect(try await pause() == begin + 3600)
        clock.set(begin + 3599)
        _ = try await monitor(setup).once()
        #expect(chat.deliveries.count == 1)
        clock.set(begin + 3600)
        _ = try await monitor(setup).once()
        #expect(Set(chat.deliveries.map(\.id.alert)).count == 2)
        #expect(news == ["Sink chat: it takes no alerts", "Sink chat: it takes alerts again"])
    }

    @Test func `minutes are kept exactly, and are no news`() async throws {
        let chat = busy(.seconds(600))
        let begin = clock.now
        _ = try await monitor(setup([chat, mail])).once()
        #expect(try await pause() == begin + 600)
        clock.set(begin + 599.5)
        _ = try await monitor(setup([chat, mail])).once()
        #expect(chat.deliveries.count == 1)
        clock.set(begin + 600)
        #expect(try await monitor(setup([chat, mail])).once().pendingDeliveries == 0)
        #expect(news.isEmpty)
    }

    @Test func `pauses that follow one another are told of after an hour`() async throws {
        let chat = RecordingSink("chat") { _ in .deferred(reason: "503", retryAfter: .seconds(1500)) }
        let setup = setup([chat, mail])
        for minutes in [0.0, 25, 50] {
            clock.set(ManualClock().now + minutes * 60)
            _ = try await monitor(setup).once()
        }
        #expect(news.isEmpty)
        // In the third pause.
        clock.set(ManualClock().now + 3600)
        _ = try await monitor(setup).once()
        #expect(news == ["Sink chat: it takes no alerts"])
    }

    @Test(arguments: [nil, SinkPace(gap: .seconds(1))] as [SinkPace?], 0..<4)
    func `whoever sends again what waits ends the pause, also of a monitor that runs`(_ pace: SinkPace?, _ way: Int)
        async throws
    {
        let chat = busy(.seconds(3600))
        try await running(monitor(setup([chat, mail], pace))) {
            try await until { try await pause() != nil }
            // The one that was tried, the one that was not, and both.
            let reports = try await store.alerts(AlertFilter())
            func one(_ attempts: Int) throws -> AlertID {
                try #require(
                    reports.first { report in
                        report.deliveries.contains { $0.sink == chat.name && $0.attempts == attempts }
                    }
                ).id
            }
            let choices: [DeliveryChoice] = [try .alerts([one(1)]), try .alerts([one(0)]), .failed, .sink(chat.name)]
            #expect(try await store.retry(choices[way], at: clock.now) > 0)
            #expect(try await pause() == nil)
            #expect(try await passed(until: 3, chat) <= 60)
        }
        #expect(Set(chat.deliveries.map(\.id.alert)).count == 2)
    }

    @Test func `what waits for its digest is not hurried with a sink that is not paused`() async throws {
        let chat = RecordingSink("chat", takesSeveral: true)
        _ = try await monitor(setup([chat], SinkPace(digest: .hourly))).once()
        #expect(try await store.retry(.sink(chat.name), at: clock.now) == 0)
    }

    @Test(arguments: [nil, SinkPace(gap: .seconds(1))] as [SinkPace?])
    func `another address owes no pause, with a reload`(_ pace: SinkPace?) async throws {
        let old = busy(.seconds(3600), address: "old")
        let new = RecordingSink("chat", address: "new")
        let monitor = monitor(setup([old, mail], pace))
        try await running(monitor) {
            try await until { try await pause() != nil }
            await monitor.reload(setup([new, mail], pace))
            #expect(try await passed(until: 2, new) <= 60)
        }
        #expect(old.deliveries.count == 1)
    }

    @Test func `another address owes no pause, with a restart`() async throws {
        let old = busy(.seconds(999_999), address: "old")
        let new = RecordingSink("chat", address: "new")
        _ = try await monitor(setup([old, mail])).once()
        #expect(try await pause() != nil)
        #expect(try await monitor(setup([new, mail])).once().pendingDeliveries == 0)
        #expect(new.deliveries.count == 2)
        // What was told has an end.
        #expect(news == ["Sink chat: it takes no alerts", "Sink chat: it takes alerts again"])
    }

    @Test func `what the old address answers after the reload is not the new one's`() async throws {
        let gate = Barrier()
        let old = RecordingSink("chat", address: "old") { _ in
            await gate.wait()
            return .gone(reason: "410")
        }
        let new = RecordingSink("chat", address: "new")
        let monitor = monitor(setup([old, mail]))
        try await running(monitor) {
            try await until { old.deliveries.count == 1 }
            await monitor.reload(setup([new, mail]))
            // The state knows the new address.
            try await until { try await store.register([SinkName("chat"): "new"], at: clock.now).isEmpty }
            gate.open()
            #expect(try await passed(until: 2, new) <= 60)
        }
    }
}

/// Holds back who waits until it is opened.
private final class Barrier: Sendable {
    private let isOpen = Mutex(false)

    func open() { isOpen.withLock { $0 = true } }

    func wait() async {
        while !isOpen.withLock({ $0 }), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
    }
}
