import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// What follows from how sinks fare, in runs of the real monitor over a real state: each `once` is an hour later.
@Suite(.timeLimit(.minutes(1))) struct OutboxTests {
    let clock = ManualClock()
    let store: SQLiteStore
    let transport = ScriptedTransport { _ in .failure(.cancelled) }
    private let count = Counter()

    init() throws {
        store = try SQLiteStore.inMemory()
    }

    private final class Counter: Sendable {
        private let state = Mutex(0)

        func next() -> Int {
            state.withLock { count in
                count += 1
                return count
            }
        }
    }

    /// A sink whose answers a test changes.
    private final class Receiver: Sendable {
        private final class Answer: Sendable {
            private let state: Mutex<DeliveryOutcome>
            init(_ value: DeliveryOutcome) { state = Mutex(value) }
            var value: DeliveryOutcome { state.withLock { $0 } }
            func set(_ value: DeliveryOutcome) { state.withLock { $0 = value } }
        }

        let sink: RecordingSink
        private let answer: Answer

        init(
            _ name: String, _ outcome: DeliveryOutcome = .delivered, address: String? = nil,
            bearing: DeliveryReply.Bearing = .fault
        ) {
            let answer = Answer(outcome)
            self.answer = answer
            sink = RecordingSink(name, address: address, bearing: bearing) { _ in answer.value }
        }

        func answer(_ outcome: DeliveryOutcome) { answer.set(outcome) }

        var titles: [String] { sink.deliveries.compactMap { Alert(json: $0.body)?.item.title } }
        var articles: [String] { titles.filter { $0.hasPrefix("Serikqyzy") } }
    }

    private static let down = DeliveryOutcome.deferred(reason: "down", retryAfter: nil)

    private func setup(
        _ receivers: [Receiver], only: [String: Set<String>] = [:], _ change: (inout SinkRoute) -> Void = { _ in }
    ) -> MonitorSetup {
        var setup = Lab.setup([FeedSpec(url: Lab.url)], sinks: receivers.map(\.sink), only: only)
        for index in setup.routes.indices { change(&setup.routes[index]) }
        return setup
    }

    /// A run, with a new item that alerts.
    @discardableResult
    private func once(_ setup: MonitorSetup, after pause: Duration = .seconds(3600)) async throws -> OnceReport {
        let number = count.next()
        clock.advance(by: pause)
        let body = Array(rss((1...number).map { Entry("\($0)", "Serikqyzy \($0)") }).utf8)
        transport.answer { .success(FetchResponse(status: 200, body: body, url: $0.url)) }
        return try await Monitor(
            setup: setup, transport: transport, store: store, outbox: store, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).once()
    }

    private func news(_ receiver: Receiver) -> [String] { receiver.titles.filter { !$0.hasPrefix("Serikqyzy") } }

    @Test func `a sink that keeps failing is told of once to those that want it, and so is its recovery`() async throws
    {
        let chat = Receiver("chat", Self.down)
        let mail = Receiver("mail")
        let file = Receiver("file")
        let family = Receiver("family")
        let setup = setup([chat, mail, file, family], only: ["file": ["health"], "family": ["family"]])
        for _ in 1...6 { #expect(try await once(setup).pendingDeliveries > 0) }
        #expect(news(mail) == ["Sink chat: it takes no alerts"])
        chat.answer(.delivered)
        try await once(setup)
        #expect(news(mail) == ["Sink chat: it takes no alerts", "Sink chat: it takes alerts again"])
        #expect(news(file) == news(mail))
        #expect(news(family).isEmpty && news(chat).isEmpty)
        #expect(Set(chat.titles).count == 7)
    }

    @Test func `a thousand refusals are one alert, and news of the other sink that fails raises none`() async throws {
        let chat = Receiver("chat", .refused(reason: "403"))
        let mail = Receiver("mail", .refused(reason: "550"))
        let setup = setup([chat, mail], only: ["mail": ["health"]])
        #expect(try await once(setup).failedDeliveries == 2)
        for _ in 1...5 { #expect(try await once(setup).failedDeliveries == 1) }
        #expect(news(mail) == ["Sink chat: a delivery has failed for good"])
        // The one that mail refused is about chat: nobody is told, and chat least of all.
        #expect(news(chat).isEmpty)
        let states = try await store.sinkStates(of: [SinkName("chat"), SinkName("mail")])
        #expect(states.map(\.failed) == [6, 1])
        #expect(states.allSatisfy { SinkRule.trouble($0, at: clock.now)?.trouble == .refused })
    }

    @Test func `a sink that is gone is told of at once`() async throws {
        let chat = Receiver("chat", .gone(reason: "410"))
        let mail = Receiver("mail")
        let setup = setup([chat, mail])
        try await once(setup)
        try await once(setup)
        #expect(news(mail) == ["Sink chat: it is gone, and stopped"])
        #expect(chat.sink.deliveries.count == 1)
    }

    @Test func `a sink that is gone is started when its address is mended, and what it had refused is sent`()
        async throws
    {
        let mail = Receiver("mail")
        let gone = Receiver("chat", .gone(reason: "410"), address: "old")
        try await once(setup([gone, mail]))
        try await once(setup([gone, mail]))
        // The same address: it stays as it is, also over a restart.
        let still = Receiver("chat", address: "old")
        try await once(setup([still, mail]))
        #expect(still.titles.isEmpty)
        let mended = Receiver("chat", address: "new")
        try await once(setup([mended, mail]))
        #expect(Set(mended.articles) == Set((1...4).map { "Serikqyzy \($0)" }))
        try await once(setup([mended, mail]))
        #expect(news(mail) == ["Sink chat: it is gone, and stopped", "Sink chat: it takes alerts again"])
    }

    @Test func `what had failed before the stop stays as it is, and a reload starts the sink at once`() async throws {
        let chat = Receiver("chat", .refused(reason: "400"), address: "old")
        try await once(setup([chat]))
        chat.answer(.gone(reason: "410"))
        try await once(setup([chat]))
        let mended = Receiver("chat", address: "new")
        let monitor = Monitor(
            setup: setup([chat]), transport: transport, store: store, outbox: store, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await monitor.run() }
            await monitor.reload(setup([mended]))
            while mended.titles.isEmpty {
                try Task.checkCancellation()
                try? await Task.sleep(for: .milliseconds(1))
            }
            group.cancelAll()
        }
        #expect(mended.titles == ["Serikqyzy 2"])
    }

    @Test func `what a receiver says of another alert is not shown of the sink`() async throws {
        let chat = Receiver("chat", .refused(reason: "status 400 (“no room for serikqyzy-7”)"))
        var setup = setup([chat])
        setup.codenames = ["family": "oak"]
        try await once(setup)
        let state = try #require(try await store.sinkStates(of: [SinkName("chat")]).first)
        #expect(state.lastError == "status 400 (“•••”)")
    }

    @Test func `a fallback is given what waits too long, once, with the same id`() async throws {
        let chat = Receiver("chat", Self.down)
        let mail = Receiver("mail")
        let setup = setup([chat, mail], only: ["mail": ["low"]]) { route in
            if route.sink.rawValue == "chat" { route.fallback = SinkFallback(to: SinkName("mail")) }
        }
        try await once(setup)
        #expect(mail.titles.isEmpty)
        try await once(setup, after: .seconds(14 * 60))
        #expect(mail.titles.isEmpty)
        try await once(setup, after: .seconds(2 * 60))
        #expect(mail.titles.contains("Serikqyzy 1"))
        try await once(setup, after: .seconds(60 * 60))
        try await once(setup, after: .seconds(60 * 60))
        // The fourth was never tried: three that failed spoke for it.
        let sent = mail.sink.deliveries.map(\.id.alert)
        #expect(Set(sent).count == sent.count)
        #expect(Set(mail.titles).isSuperset(of: (1...4).map { "Serikqyzy \($0)" }))
        // The original is sent too, when it can be.
        chat.answer(.delivered)
        try await once(setup, after: .seconds(2 * 3600))
        let late = chat.sink.deliveries.filter { sent.contains($0.id.alert) }
        #expect(Set(late.map(\.id.alert)).count == Set(sent).count)
    }

    @Test func `a fallback is given at once what failed for good or waits for a sink that is gone`() async throws {
        let chat = Receiver("chat", .refused(reason: "400"))
        let hook = Receiver("hook", .gone(reason: "410"))
        let mail = Receiver("mail")
        let setup = setup([chat, hook, mail], only: ["mail": ["low"]]) { route in
            if route.sink.rawValue != "mail" { route.fallback = SinkFallback(to: SinkName("mail")) }
        }
        try await once(setup)
        #expect(mail.articles == ["Serikqyzy 1"])
        try await once(setup)
        #expect(mail.articles == ["Serikqyzy 1", "Serikqyzy 2"])
    }

    @Test func `a fallback of a fallback takes over in its turn, and news of it stay where they are`() async throws {
        let chat = Receiver("chat", .refused(reason: "400"))
        let mail = Receiver("mail", .refused(reason: "550"))
        let file = Receiver("file")
        let setup = setup([chat, mail, file], only: ["mail": ["low"], "file": ["low"]]) { route in
            if route.sink.rawValue == "chat" { route.fallback = SinkFallback(to: SinkName("mail")) }
            if route.sink.rawValue == "mail" { route.fallback = SinkFallback(to: SinkName("file")) }
        }
        try await once(setup)
        #expect(file.articles == ["Serikqyzy 1"])
    }

    @Test func `what comes after a sink has gone is given to its fallback as well`() async throws {
        let chat = Receiver("chat", .gone(reason: "410"))
        let mail = Receiver("mail")
        let setup = setup([chat, mail], only: ["mail": ["low"]]) { route in
            if route.sink.rawValue == "chat" { route.fallback = SinkFallback(to: SinkName("mail")) }
        }
        let monitor = Monitor(
            setup: setup, transport: transport, store: store, outbox: store, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for count in 1...2 {
                let entries = (1...count).map { Entry("\($0)", "Serikqyzy \($0)") }
                let body = Array(rss(entries).utf8)
                transport.answer { .success(FetchResponse(status: 200, body: body, url: $0.url)) }
                if count == 1 { group.addTask { try await monitor.run() } }
                // Nothing else happens that would wake anybody.
                while mail.articles.count < count {
                    try Task.checkCancellation()
                    clock.advance(by: .seconds(10))
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
            group.cancelAll()
        }
        #expect(mail.articles == ["Serikqyzy 1", "Serikqyzy 2"])
    }

    @Test func `what waits for quiet hours to end does not wait for its sink`() async throws {
        let chat = Receiver("chat", Self.down)
        let mail = Receiver("mail")
        var setup = setup([chat, mail], only: ["mail": ["low"]]) { route in
            if route.sink.rawValue == "chat" { route.fallback = SinkFallback(to: SinkName("mail")) }
        }
        try await once(setup)
        setup.paces[SinkName("chat")] = SinkPace(quiet: DailyWindow("00:00-23:59 UTC"))
        try await once(setup, after: .seconds(2 * 3600))
        #expect(mail.articles.isEmpty)
        setup.paces = [:]
        try await once(setup, after: .seconds(2 * 3600))
        #expect(mail.articles.contains("Serikqyzy 1"))
    }

    @Test func `what is critical is given to the fallback in quiet hours as well`() async throws {
        let chat = Receiver("chat", Self.down)
        let mail = Receiver("mail")
        var setup = setup([chat, mail], only: ["mail": ["low"]]) { route in
            if route.sink.rawValue == "chat" { route.fallback = SinkFallback(to: SinkName("mail")) }
        }
        setup.paces[SinkName("chat")] = SinkPace(quiet: DailyWindow("00:00-23:59 UTC"))
        try await once(setup)
        setup.severities = ["family": .critical]
        try await once(setup)
        #expect(mail.articles.isEmpty)
        // It breaks through, and was tried.
        #expect(chat.articles == ["Serikqyzy 2"])
        try await once(setup, after: .seconds(16 * 60))
        #expect(mail.articles == ["Serikqyzy 2"])
    }

    @Test func `a sink that refuses is told of at once and once, tried again, and gets all when it is mended`()
        async throws
    {
        let chat = Receiver("chat", .deferred(reason: "status 401", retryAfter: nil), bearing: .refusal)
        let mail = Receiver("mail")
        let setup = setup([chat, mail])
        let report = try await once(setup)
        #expect(report.failedDeliveries == 0 && report.pendingDeliveries == 1)
        #expect(news(mail) == ["Sink chat: it refuses what it is sent"])
        var state = try #require(try await store.sinkStates(of: [SinkName("chat")]).first)
        #expect(SinkRule.trouble(state, at: clock.now)?.trouble == .refused)
        #expect(state.refused == 1 && state.failed == 0 && state.lastError == "status 401")
        for _ in 1...12 { try await once(setup) }
        #expect(news(mail) == ["Sink chat: it refuses what it is sent"])
        chat.answer(.delivered)
        for _ in 1...2 { try await once(setup, after: .seconds(3 * 3600)) }
        #expect(Set(chat.articles).count == 15)
        state = try #require(try await store.sinkStates(of: [SinkName("chat")]).first)
        #expect(SinkRule.trouble(state, at: clock.now) == nil)
        #expect(state.pending == 0 && state.refused == 0)
    }

    @Test func `one that has refused and is out of reach then is told of as that`() async throws {
        let gate = Receiver("chat", .delivered, bearing: .refusal)
        let mail = Receiver("mail")
        gate.answer(.deferred(reason: "status 400", retryAfter: nil))
        try await once(setup([gate, mail]))
        let chat = Receiver("chat", Self.down)
        for _ in 1...6 { try await once(setup([chat, mail])) }
        #expect(news(mail) == ["Sink chat: it refuses what it is sent", "Sink chat: it takes no alerts"])
    }

    @Test func `what some of a sink's receivers have is not given to its fallback`() async throws {
        let mails = Receiver("mails", .deferred(reason: "later@: 451", retryAfter: nil), bearing: .taken)
        let spare = Receiver("spare")
        let setup = setup([mails, spare], only: ["spare": ["low"]]) { route in
            if route.sink.rawValue == "mails" { route.fallback = SinkFallback(to: SinkName("spare")) }
        }
        for _ in 1...6 { try await once(setup) }
        // Each was tried at once, however the others fared.
        #expect(Set(mails.articles).count == 6)
        #expect(spare.titles.isEmpty)
        let state = try #require(try await store.sinkStates(of: [SinkName("mails")]).first)
        #expect(state.failingSince == nil && SinkRule.trouble(state, at: clock.now) == nil)
    }

    @Test func `after an outage all that was put off goes out at once`() async throws {
        let chat = Receiver("chat", Self.down)
        let setup = setup([chat])
        // With pauses of two hours and more by now.
        for _ in 1...14 { try await once(setup, after: .seconds(3 * 3600)) }
        // Short of the pauses of those that were tried in the last run.
        chat.answer(.delivered)
        let report = try await once(setup, after: .seconds(120))
        #expect(report.pendingDeliveries == 0)
        #expect(Set(chat.articles).count == 15)
    }

    @Test func `a running monitor does all of it by itself, each at its time`() async throws {
        let chat = Receiver("chat", Self.down)
        let mail = Receiver("mail")
        let setup = setup([chat, mail], only: ["mail": ["health"]]) { route in
            if route.sink.rawValue == "chat" { route.fallback = SinkFallback(to: SinkName("mail")) }
            if route.sink.rawValue == "mail" { route.heartbeat = .every(.seconds(3 * 3600)) }
        }
        let body = Array(rss([Entry("1", "Serikqyzy 1")]).utf8)
        transport.answer { .success(FetchResponse(status: 200, body: body, url: $0.url)) }
        let monitor = Monitor(
            setup: setup, transport: transport, store: store, outbox: store, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let start = clock.now
        /// Lets time pass in small steps until the mail has so many messages. Says how many seconds have passed.
        func passed(until count: Int) async throws -> Double {
            while mail.titles.count < count {
                try Task.checkCancellation()
                clock.advance(by: .seconds(10))
                for _ in 0..<100 { await Task.yield() }
            }
            return clock.now.timeIntervalSince(start)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await monitor.run() }
            #expect(try await passed(until: 1) >= 900)
            #expect(try await passed(until: 2) >= 3600)
            #expect(try await passed(until: 3) >= 3 * 3600)
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(mail.titles.prefix(2) == ["Serikqyzy 1", "Sink chat: it takes no alerts"])
        #expect(mail.titles.dropFirst(2).first?.hasPrefix("Tocsin is running") == true)
    }

    @Test func `a heartbeat comes once a day, also after a pause, and not again after a restart`() async throws {
        let chat = Receiver("chat")
        let mail = Receiver("mail")
        let time = try #require(DailyTime("07:00 Asia/Almaty"))
        let setup = setup([chat, mail], only: ["mail": ["critical"]]) { route in
            if route.sink.rawValue == "mail" { route.heartbeat = .daily(time) }
        }
        // The clock begins at 20:00 there.
        for _ in 1...10 { try await once(setup) }
        #expect(mail.titles.isEmpty)
        try await once(setup)
        #expect(mail.titles == ["Tocsin is running: 1 of 1 feeds fine, 11 alerts since 2018-11-26T15:00:00Z"])
        try await once(setup)
        #expect(mail.titles.count == 1)
        // Three were missed.
        try await once(setup, after: .seconds(3 * 86_400))
        #expect(mail.titles.count == 2)
        try await once(setup)
        #expect(mail.titles.count == 2)
        // A clock that was wrong by a year, and is right again.
        clock.set(clock.now + 366 * 86_400)
        try await once(setup)
        clock.set(clock.now - 366 * 86_400)
        try await once(setup)
        #expect(mail.titles.count == 3)
        try await once(setup, after: .seconds(86_400))
        #expect(mail.titles.count == 4)
        #expect(Set(mail.sink.deliveries.map(\.id.alert)).count == 4)
        #expect(!chat.titles.contains { $0.hasPrefix("Tocsin") })
    }

    @Test func `old alerts are forgotten with all of theirs, but for those that wait`() async throws {
        let chat = Receiver("chat")
        let mail = Receiver("mail", Self.down)
        for number in 1...6 { try await once(setup(number == 2 ? [chat, mail] : [chat])) }
        #expect(try await store.prune(keeping: 6) == false)
        #expect(try await store.alerts(AlertFilter()).count == 6)
        _ = try await store.prune(keeping: 2)
        let kept = try await store.alerts(AlertFilter()).compactMap { Alert(json: $0.body)?.item.title }
        #expect(kept == ["Serikqyzy 6", "Serikqyzy 5", "Serikqyzy 2"])
        // What was alerted on once is not again.
        try await once(setup([chat]))
        #expect(Set(chat.titles).count == chat.titles.count)
    }
}
