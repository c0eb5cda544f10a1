import Foundation
import Logging
import Measuring
import Model
import Monitoring
import SQLiteStorage
import TestSupport
import Testing

/// What is counted, and what is told of the state.
@Suite(.timeLimit(.minutes(1))) struct MonitorMetricsTests {
    private let metrics = MonitorMetrics()

    private func reading(_ sinks: [SinkName] = [], isChecked: Bool = true) throws -> PrometheusReader {
        var text = MetricsText()
        metrics.write(to: &text, sinks: sinks)
        if isChecked { try isClean(text) }
        return PrometheusReader(text.text)
    }

    private func deliveries(_ sink: String, _ outcome: String) throws -> Double {
        try reading(isChecked: false).value("tocsin_deliveries_total", ["sink": sink, "outcome": outcome]) ?? 0
    }

    private func isClean(_ text: MetricsText) throws {
        #expect(PrometheusReader(text.text).faults.isEmpty)
        if let promtool = try Promtool.check(text.text) { #expect(promtool == (0, "")) }
    }

    @Test func `polls are counted with what they brought`() async throws {
        let lab = try Lab(backlog: .all)
        func poll(_ status: Int, _ body: String = "", _ headers: [(String, String)] = []) async throws {
            let response = FetchResponse(
                status: status, headers: headers.map { HeaderField(name: $0.0, value: Array($0.1.utf8)) },
                body: Array(body.utf8), url: Lab.url, elapsed: .milliseconds(30))
            lab.transport.answer { _ in .success(response) }
            try await lab.store.register([lab.spec], at: lab.clock.now)
            if let due = try await lab.store.nextPollDue(), due > lab.clock.now { lab.clock.set(due) }
            let claimed = try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 1, lease: .seconds(60))
            let feed = try #require(claimed.first)
            var poller = lab.poller
            poller.metrics = metrics
            _ = try await poller.poll(feed, lab.spec, lab.setup)
        }
        let first = rss(Entry("1", "Serikqyzy, and Serikqyzy"), Entry("2", "Weather"))
        try await poll(200, first)
        // An edit, and one more.
        let second = rss(Entry("3", "A camp"), Entry("2", "Weather, warm"), Entry("1", "Serikqyzy, and Serikqyzy"))
        try await poll(200, second, [("etag", "\"a\"")])
        try await poll(304)
        try await poll(200, second)
        try await poll(500)
        try await poll(200, "<html>no feed</html>")
        lab.transport.answer { _ in .failure(.cannotResolve(host: "example.org")) }
        var poller = lab.poller
        poller.metrics = metrics
        lab.clock.set(try #require(try await lab.store.nextPollDue()))
        let feed = try #require(
            try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 1, lease: .seconds(60)).first)
        _ = try await poller.poll(feed, lab.spec, lab.setup)

        let told = try reading()
        #expect(told.value("tocsin_polls_total", ["outcome": "read"]) == 2)
        #expect(told.value("tocsin_polls_total", ["outcome": "unchanged"]) == 2)
        #expect(told.value("tocsin_polls_total", ["outcome": "failed"]) == 3)
        #expect(told.value("tocsin_polls_total", ["outcome": "gone"]) == 0)
        #expect(told.value("tocsin_poll_failures_total", ["reason": "status"]) == 1)
        #expect(told.value("tocsin_poll_failures_total", ["reason": "unreadable"]) == 1)
        #expect(told.value("tocsin_poll_failures_total", ["reason": "no_answer"]) == 1)
        #expect(told.value("tocsin_items_total", ["novelty": "new"]) == 3)
        #expect(told.value("tocsin_items_total", ["novelty": "changed"]) == 1)
        #expect(told.value("tocsin_items_total", ["novelty": "known"]) == 1)
        #expect(told.value("tocsin_matches_total", ["kind": "term"]) == 3)
        #expect(told.value("tocsin_alerts_total", ["severity": "high"]) == 1)
        #expect(told.value("tocsin_alerts_total", ["severity": "normal"]) == 1)
        #expect(told.value("tocsin_fetched_bytes_total") == Double((first + second + second).utf8.count + 20))
        #expect(told.value("tocsin_fetch_duration_seconds_count") == 6)
        #expect(abs(try #require(told.value("tocsin_fetch_duration_seconds_sum")) - 0.18) < 1e-9)
        #expect(told.value("tocsin_fetch_duration_seconds_bucket", ["le": "0.025"]) == 0)
        #expect(told.value("tocsin_fetch_duration_seconds_bucket", ["le": "0.05"]) == 6)
        #expect(told.value("tocsin_read_duration_seconds_count") == 4)
        #expect(told.value("tocsin_record_duration_seconds_count") == 7)
    }

    @Test func `deliveries are counted by sink, with how late alerts arrive`() async throws {
        let clock = ManualClock()
        let store = try SQLiteStore.inMemory()
        let body = Array(rss(Entry("1", "Serikqyzy"), Entry("2", "Serikqyzy too")).utf8)
        let transport = ScriptedTransport {
            .success(FetchResponse(status: 200, body: body, url: $0.url))
        }
        let slow = RecordingSink("slow \"one\"") { _ in
            clock.advance(by: .seconds(3))
            return .delivered
        }
        let refusing = RecordingSink("refusing") { _ in .refused(reason: "no") }
        let idle = RecordingSink("idle")
        let setup = Lab.setup(
            [FeedSpec(url: Lab.url)], sinks: [slow, refusing, idle],
            only: ["slow \"one\"": ["family"], "refusing": ["family"], "idle": ["critical"]])
        let monitor = Monitor(
            setup: setup, transport: transport, store: store, outbox: store, metrics: metrics, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(!monitor.load.isPolling)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await monitor.run() }
            while try deliveries("slow \"one\"", "delivered") < 2 || deliveries("refusing", "failed") < 1 {
                try Task.checkCancellation()
                try? await Task.sleep(for: .milliseconds(1))
            }
            #expect(monitor.load.isPolling)
            group.cancelAll()
            try await group.waitForAll()
        }
        let told = try reading(monitor.sinks)
        #expect(told.value("tocsin_alert_delay_seconds_count", ["sink": "slow \"one\""]) == 2)
        #expect(told.value("tocsin_alert_delay_seconds_bucket", ["sink": "slow \"one\"", "le": "2.5"]) == 0)
        #expect(told.value("tocsin_alert_delay_seconds_sum", ["sink": "slow \"one\""]) == 9)
        #expect(told.value("tocsin_delivery_duration_seconds_count", ["sink": "slow \"one\""]) == 2)
        #expect(told.value("tocsin_alert_delay_seconds_count", ["sink": "refusing"]) == 0)
        #expect(told.value("tocsin_deliveries_total", ["sink": "idle", "outcome": "delivered"]) == 0)

        var text = MetricsText()
        let census = try await store.census(at: clock.now)
        StateMetrics.write(census, try await store.sinkStates(of: monitor.sinks), at: clock.now, to: &text)
        monitor.load.write(to: &text)
        try isClean(text)
        let state = PrometheusReader(text.text)
        #expect(state.value("tocsin_feeds", ["health": "fine"]) == 1)
        #expect(state.value("tocsin_feeds", ["health": "not_a_feed"]) == 0)
        #expect(state.value("tocsin_outbox_deliveries", ["sink": "refusing", "state": "failed"]) != 0)
        // One that refuses all takes nothing, as little as one that does not answer.
        #expect(state.value("tocsin_sink_up", ["sink": "refusing"]) == 0)
        #expect(state.value("tocsin_sink_up", ["sink": "slow \"one\""]) == 1)
        #expect(state.value("tocsin_sink_up", ["sink": "idle"]) == 1)
        #expect(state.value("tocsin_outbox_deliveries", ["sink": "slow \"one\"", "state": "pending"]) == 0)
        #expect(try #require(state.value("tocsin_alerts_kept")) >= 2)
        #expect(state.value("tocsin_polls_in_flight") == 0)
    }

    @Test func `feeds that are due and not polled show`() async throws {
        let clock = ManualClock()
        let store = try SQLiteStore.inMemory()
        let feeds = ["a", "b", "c"].map { FeedSpec(url: "https://example.org/\($0)") }
        try await store.register(feeds, at: clock.now)
        clock.advance(by: .seconds(100))
        // One is taken, and is not late.
        _ = try await store.claimDueFeeds(at: clock.now, limit: 1, lease: .seconds(60))
        var census = try await store.census(at: clock.now)
        #expect(census.feeds == [.new: 3])
        #expect(census.dueFeeds == 2)
        #expect(census.dueSince == clock.now - 100)
        #expect(census.lastSuccess == nil)
        try await store.register(Array(feeds.prefix(1)), at: clock.now)
        census = try await store.census(at: clock.now)
        #expect(census.feeds == [.new: 1])
        #expect(census.dueFeeds == 0)
        var text = MetricsText()
        StateMetrics.write(census, [], at: clock.now, to: &text)
        #expect(PrometheusReader(text.text).value("tocsin_poll_lag_seconds") == 0)
    }

    @Test func `no label tells of a watch or a feed`() async throws {
        let lab = try Lab(backlog: .all)
        lab.answer(200, rss(Entry("1", "Serikqyzy")))
        try await lab.store.register([lab.spec], at: lab.clock.now)
        let feed = try #require(
            try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 1, lease: .seconds(60)).first)
        var poller = lab.poller
        poller.metrics = metrics
        _ = try await poller.poll(feed, lab.spec, lab.setup)
        var text = MetricsText()
        metrics.write(to: &text, sinks: [SinkName("sink")])
        StateMetrics.write(
            try await lab.store.census(at: lab.clock.now), try await lab.store.sinkStates(of: [SinkName("sink")]),
            at: lab.clock.now, to: &text)
        for secret in ["family", "Serikqyzy", "example.org"] { #expect(!text.text.contains(secret)) }
    }
}
