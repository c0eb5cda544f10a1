import Foundation
import Model

/// What `tocsin once` did.
package struct OnceReport: Sendable, Hashable {
    package struct Failure: Sendable, Hashable {
        /// Without credentials.
        package var url: String
        package var reason: String

        package init(url: String, reason: String) {
            self.url = url
            self.reason = reason
        }
    }

    /// Feeds that were asked, whatever they answered.
    package var polled = 0
    /// Feeds that could not be polled, in the order of the configuration.
    package var failed: [Failure] = []
    /// Alerts that were raised.
    package var alerts = 0
    /// Deliveries that wait for another try.
    package var pendingDeliveries = 0

    package init() {}
}

extension Monitor {
    /// Polls every feed once, whenever it is due, but for those that are gone or whose server asked to wait; then delivers
    /// what is due.
    ///
    /// - Parameter onProgress: polls done, polls in all.
    /// - Throws: `StoreError` when the state cannot be used. What was recorded before is kept.
    package func once(onProgress: @Sendable (Int, Int) -> Void = { _, _ in }) async throws -> OnceReport {
        let keeper = StoreKeeper(clock: clock, logger: logger, keepsTrying: false)
        let active = current.value
        let started = clock.now
        try await store.register(active.setup.feeds, at: started)
        try await store.makeAllDue(at: started)
        let feeds = try await store.feeds().filter { !$0.gone }
        let waiting = feeds.filter { $0.mustWait(at: started) }

        let total = feeds.count - waiting.count
        let reports = try await pollAll(active, keeper) { done in onProgress(min(done, total), total) }
        let dispatcher = Dispatcher(store: store, keeper: keeper, clock: clock, logger: logger)
        try await deliverAll(active, dispatcher)

        var report = OnceReport()
        report.polled = reports.count
        report.alerts = reports.values.reduce(0) { $0 + $1.alerts.count }
        report.failed = feeds.compactMap { feed in
            Self.reason(reports[feed.id], feed, at: started).map {
                OnceReport.Failure(url: RedactedURL.text(feed.url), reason: $0)
            }
        }
        report.pendingDeliveries = try await store.pendingDeliveries(to: active.setup.sinks.map(\.name))
        return report
    }

    private func pollAll(
        _ active: CurrentSetup.Value, _ keeper: StoreKeeper, onProgress: (Int) -> Void
    ) async throws -> [FeedID: Poller.Report] {
        let poller = Poller(transport: transport, store: store, keeper: keeper, clock: clock, logger: logger)
        let connections = max(1, active.setup.limits.connections)
        var reports: [FeedID: Poller.Report] = [:]
        try await withThrowingTaskGroup(of: (FeedID, Poller.Report?).self) { group in
            var begun: Set<FeedID> = []
            var claimed: ArraySlice<FeedState> = []
            var isExhausted = false
            var underWay = 0
            while true {
                if claimed.isEmpty, !isExhausted {
                    claimed = try await claim(&begun, active)[...]
                    isExhausted = claimed.isEmpty
                }
                if underWay < connections, let feed = claimed.popFirst() {
                    guard let spec = active.specs[feed.url] else { continue }
                    group.addTask {
                        var report = try await poller.poll(feed, spec, active.setup)
                        if let gap = report?.gapOf {
                            report?.alerts += try await poller.closeGap(of: gap, spec, active.setup)
                        }
                        return (feed.id, report)
                    }
                    underWay += 1
                    continue
                }
                guard let (feed, report) = try await group.next() else { break }
                underWay -= 1
                reports[feed] = report
                onProgress(reports.count)
            }
        }
        return reports
    }

    /// Feeds that are due and were not polled yet. One whose `every` is shorter than this run comes up again; it goes back.
    private func claim(
        _ begun: inout Set<FeedID>, _ active: CurrentSetup.Value
    ) async throws(StoreError) -> [FeedState] {
        let claimed = try await store.claimDueFeeds(
            at: clock.now, limit: 256, lease: active.slowest * 2 + .seconds(60))
        var feeds: [FeedState] = []
        for feed in claimed {
            if begun.insert(feed.id).inserted {
                feeds.append(feed)
            } else {
                try await store.release(feed.id, nextPoll: feed.nextPoll)
            }
        }
        return feeds
    }

    private func deliverAll(_ active: CurrentSetup.Value, _ dispatcher: Dispatcher) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sink in active.sinks.values {
                group.addTask { try await dispatcher.drain(sink) }
            }
            try await group.waitForAll()
        }
    }

    private static func reason(_ report: Poller.Report?, _ feed: FeedState, at now: Date) -> String? {
        switch report?.outcome {
        case .read, .unchanged: return nil
        case .failed(let failure): return failure.reason
        case .gone: return StatusText.gone
        case nil:
            guard feed.mustWait(at: now), let notBefore = feed.notBefore else {
                return "its site has just asked for fewer requests"
            }
            return "the server asked not to be polled before \(Timestamp.text(notBefore))"
        }
    }
}

extension Dispatcher {
    /// Delivers all that is due to a sink. A sink that fails three times in a row is left alone: the rest waits in the
    /// state for the next run.
    func drain(_ sink: any Sink) async throws(StoreError) {
        var health = SinkHealth()
        while !health.isGone, !health.wasAskedToWait, health.failures < 3, !Task.isCancelled {
            let batch = try await store.claimDeliveries(
                to: sink.name, at: clock.now, limit: health.isProven ? 64 : 1, lease: .seconds(300))
            if batch.isEmpty { return }
            health.skipRest()
            try await deliver(batch, to: sink, &health) { !Task.isCancelled }
        }
    }
}

extension FeedState {
    fileprivate func mustWait(at now: Date) -> Bool {
        // Further off than any wish that we keep to: the clock was wrong when it was written.
        notBefore.map { $0 > now && $0 <= now + 90_000 } ?? false
    }
}
