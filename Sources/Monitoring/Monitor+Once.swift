import Foundation
import Model
import Synchronization

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
    /// Deliveries that failed for good in this run.
    package var failedDeliveries = 0

    package init() {}
}

/// How far `tocsin once` has come.
package struct OnceProgress: Sendable, Hashable {
    package var polled = 0
    package var feeds = 0
    /// Feeds that wait for their turn: their host was asked for another one just now.
    package var waiting = 0
}

extension Monitor {
    /// Polls every feed once, whenever it is due, but for those that are gone or whose server asked to wait; then delivers
    /// what is due. Feeds of one host come one after the other, as in `run`: forty take more than a minute.
    ///
    /// - Throws: `StoreError` when the state cannot be used. What was recorded before is kept.
    package func once(onProgress: @Sendable (OnceProgress) -> Void = { _ in }) async throws -> OnceReport {
        let keeper = StoreKeeper(clock: clock, logger: logger, keepsTrying: false)
        let active = current.value
        let started = clock.now
        let successions = try await store.register(active.setup.feeds, at: started)
        Poller(transport: transport, store: store, keeper: keeper, clock: clock, logger: logger).tell(of: successions)
        try await store.register(watches: active.setup.aims, at: started)
        // Until the run is over: nobody else polls them meanwhile, and the next owner takes back what a crash leaves.
        let feeds = try await store.claimAllFeeds(at: started, lease: .seconds(86_400))
        var report = try await poll(feeds, active, keeper, at: started, onProgress: onProgress)
        let failed = Atomic<Int>(0)
        var dispatcher = Dispatcher(
            store: store, keeper: keeper, clock: clock, logger: logger,
            onNews: { verdict, count in
                switch verdict {
                case .failed, .sinkGone: failed.add(count, ordering: .relaxed)
                case .delivered, .retry: break
                }
            })
        dispatcher.tame = { [current] in current.value.setup.guardian.text($0) }
        let outboxKeeper = outbox.map { outbox in
            OutboxKeeper(
                current: current, store: outbox, keeper: keeper, clock: clock, logger: logger, stop: StopSign())
        }
        _ = try await outboxKeeper?.startMoved()
        try await OnceDeliveries(active: active, dispatcher: dispatcher, outboxKeeper: outboxKeeper).run()

        report.failedDeliveries = failed.load(ordering: .relaxed)
        report.pendingDeliveries = try await store.pendingDeliveries(to: active.setup.sinks.map(\.name))
        return report
    }

    private func poll(
        _ feeds: [FeedID], _ active: CurrentSetup.Value, _ keeper: StoreKeeper, at started: Date,
        onProgress: (OnceProgress) -> Void
    ) async throws -> OnceReport {
        enum Event: Sendable { case poll(HostTurns.Turn, Poller.Report?), alarm(Date), burst(Int) }
        let poller = Poller(transport: transport, store: store, keeper: keeper, clock: clock, logger: logger)
        let connections = max(1, active.setup.limits.connections)
        var report = OnceReport()
        var progress = OnceProgress(feeds: feeds.count)
        var failures: [FeedID: OnceReport.Failure] = [:]
        var gaps: [FeedState] = []
        var lastSuccess: Date?
        try await withThrowingTaskGroup(of: Event.self) { group in
            var claimed = ClaimedFeeds(feeds, store)
            var underWay = 0
            // None is sent back to the schedule: they are this run's.
            var turns = HostTurns(room: .max)
            var alarms: Set<Date> = []
            var bursts = StartBursts()
            while true {
                let room = poller.desk.isCrowded ? 0 : min(connections - underWay, bursts.room)
                var polls = turns.next(at: clock.now, limit: room)
                while polls.count < room, let feed = try await claimed.next() {
                    lastSuccess = max(lastSuccess ?? .distantPast, feed.history.lastSuccess ?? .distantPast)
                    let wait = active.specs[feed.url].flatMap { feed.wait(as: $0, at: started) }
                    guard active.specs[feed.url] != nil, wait == nil else {
                        progress.feeds -= 1
                        failures[feed.id] = Self.failure(nil, feed, wait)
                        continue
                    }
                    let pace = active.pace(of: feed)
                    let mayStart = pace.map { turns.admit(feed, $0, at: clock.now, mayStart: true) == .go } ?? true
                    if mayStart { polls.append(.init(feed: feed, host: pace?.host)) }
                }
                for turn in polls {
                    guard let spec = active.specs[turn.feed.url] else { continue }
                    let hasMore = turns.hasWaiting(turn.host)
                    group.addTask {
                        .poll(turn, try await poller.poll(turn.feed, spec, active.setup, hostHasMore: hasMore))
                    }
                    underWay += 1
                }
                if underWay == 0, claimed.isEmpty, turns.waitingCount == 0 { break }
                if let burst = bursts.note(started: polls.count) {
                    group.addTask {
                        try? await Task.sleep(for: StartBursts.patience)
                        return .burst(burst)
                    }
                }
                if polls.count < room, underWay < connections, let turn = turns.nextTurn(),
                    alarms.allSatisfy({ turn < $0 })
                {
                    alarms.insert(turn)
                    group.addTask { [clock] in
                        try? await clock.sleep(until: turn)
                        return .alarm(turn)
                    }
                }
                switch try await group.next() {
                case nil: break
                case .alarm(let time): alarms.remove(time)
                case .burst(let burst): bursts.noteTime(of: burst)
                case .poll(let turn, let poll):
                    underWay -= 1
                    bursts.noteEnd()
                    turns.finish(turn.host)
                    // Its alerts are in the state, and all together may be too many to hold.
                    report.alerts += poll?.alerts.count ?? 0
                    failures[turn.feed.id] = Self.failure(poll?.outcome, turn.feed, nil)
                    if poll != nil { report.polled += 1 }
                    if poll?.outcome == .read || poll?.outcome == .unchanged { lastSuccess = clock.now }
                    if let gap = poll?.gapOf { gaps.append(gap) }
                    progress.polled = report.polled
                    progress.waiting = turns.waitingCount
                    onProgress(progress)
                }
            }
            group.cancelAll()
        }
        report.failed = feeds.compactMap { failures[$0] }
        let news = try await poller.judgeRun(
            lastSuccess: lastSuccess.flatMap { $0 == .distantPast ? nil : $0 }, active.setup)
        report.alerts += news.count
        report.alerts += try await closeGaps(active, poller, gaps)
        return report
    }

    /// Reads older pages where feeds have gaps, when all polls are over: one host after the other for itself.
    ///
    /// - Returns: how many alerts were raised.
    private func closeGaps(
        _ active: CurrentSetup.Value, _ poller: Poller, _ feeds: [FeedState]
    ) async throws -> Int {
        let gaps = Dictionary(grouping: feeds) { active.specs[$0.url]?.host ?? "" }
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for feeds in gaps.values {
                group.addTask {
                    var alerts = 0
                    for feed in feeds {
                        guard let spec = active.specs[feed.url] else { continue }
                        var poller = poller
                        if let gap = active.pace(of: feed)?.gap { poller.pagePause = .seconds(gap) }
                        alerts += try await poller.closeGap(of: feed, spec, active.setup).count
                    }
                    return alerts
                }
            }
            return try await group.reduce(0, +)
        }
    }

    private static func failure(
        _ outcome: PollOutcome?, _ feed: FeedState, _ wait: String?
    ) -> OnceReport.Failure? {
        let reason: String
        switch outcome {
        case .read, .unchanged: return nil
        case .failed(let failure): reason = failure.reason
        case .gone: reason = StatusText.gone
        case nil: reason = wait ?? "its site has just asked for fewer requests"
        }
        return OnceReport.Failure(url: RedactedURL.text(feed.url), reason: reason)
    }
}

/// The feeds of a run, read from the state as they come up: all at once are 10 MB for 10,000.
private struct ClaimedFeeds {
    private static let page = 128

    private var ids: ArraySlice<FeedID>
    private var read: ArraySlice<FeedState> = []
    private let store: any Store

    init(_ ids: [FeedID], _ store: any Store) {
        self.ids = ids[...]
        self.store = store
    }

    var isEmpty: Bool { ids.isEmpty && read.isEmpty }

    mutating func next() async throws(StoreError) -> FeedState? {
        while read.isEmpty, !ids.isEmpty {
            read = try await store.feeds(Array(ids.prefix(Self.page)))[...]
            ids = ids.dropFirst(Self.page)
        }
        return read.popFirst()
    }
}

extension FeedState {
    /// Why a run does not ask it. Nil where it does.
    ///
    /// Whoever runs it from cron asks often: what the server asked for holds, and so does what asking sooner cannot help, unless
    /// the user has written other header fields.
    fileprivate func wait(as spec: FeedSpec, at now: Date) -> String? {
        // Further off than any wish that we keep to: the clock was wrong when it was written.
        if let notBefore, notBefore > now, notBefore <= now + 90_000 {
            return "the server asked not to be polled before \(Timestamp.text(notBefore))"
        }
        guard history.failures > 0, let lastPoll = history.lastPoll, lastPoll <= now, let lastError = history.lastError,
            history.trust.representation == spec.representation
        else { return nil }
        let again: Date
        if history.lastStatus == 401 {
            // A start makes it due, and each run of cron is one.
            again = lastPoll + (history.failures > 1 ? 7 : 1) * 86_400
        } else if history.lastStatus == 404 || StatusText.isChallenge(lastError) {
            again = nextPoll
        } else {
            return nil
        }
        guard again > now, again <= lastPoll + 8 * 86_400 else { return nil }
        return lastError + "; it is asked again after \(Timestamp.text(again))"
    }
}
