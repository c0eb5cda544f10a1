import Fetching
import Foundation
import Measuring
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import WebServing

/// All metrics of the program, read when somebody asks.
struct MetricsReport: Sendable {
    var monitor: Monitor
    var metrics: MonitorMetrics
    var store: SQLiteStore
    var web: WebMeasures
    var reloads: ReloadRecord
    var clock: any WallClock

    func text() async throws -> MetricsText {
        let now = clock.now
        let sinks = monitor.sinks
        let census = try await store.census(at: now)
        let states = try await store.sinkStates(of: sinks)
        var text = MetricsText()
        text.metric(
            "tocsin_build_info", .gauge, "The program, and what it was built with; always 1.",
            [([.init("version", Product.version), .init("sqlite", SQLiteStore.version)], 1)])
        metrics.write(to: &text, sinks: sinks)
        monitor.load.write(to: &text)
        StateMetrics.write(census, states, at: now, to: &text)
        reloads.write(to: &text)
        web.write(to: &text)
        ProcessMetrics.write(to: &text)
        return text
    }

    /// Why the program is not ready, for anybody to read.
    func unreadiness() async -> String? {
        let load = monitor.load
        guard load.isPolling else { return "the polling has not begun, or is ending" }
        if load.isTroubled { return "the state cannot be written" }
        do {
            _ = try await store.nextPollDue()
        } catch {
            return "the state cannot be read"
        }
        return nil
    }
}

/// What came of the last reload.
final class ReloadRecord: Sendable {
    private let last: Mutex<(isGood: Bool, at: Date)>

    /// - Parameter started: when the configuration was first read.
    init(_ started: Date) {
        last = Mutex((true, started))
    }

    func noteGood(at now: Date) {
        last.withLock { $0 = (true, now) }
    }

    /// The old configuration stays.
    func noteFault() {
        last.withLock { $0.isGood = false }
    }

    func write(to text: inout MetricsText) {
        let last = last.withLock { $0 }
        text.metric(
            "tocsin_config_last_reload_successful", .gauge, "Whether the configuration was good when it was last read.",
            last.isGood ? 1 : 0)
        text.metric(
            "tocsin_config_last_reload_success_timestamp_seconds", .gauge,
            "When the configuration that holds was read.", last.at.timeIntervalSince1970)
    }
}
