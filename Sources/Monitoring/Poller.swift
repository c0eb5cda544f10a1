import FeedParsing
package import Foundation
package import Logging
package import Model

/// Polls one feed: from a claimed lease to a recorded poll.
package struct Poller: Sendable {
    /// What came of a poll.
    package struct Report: Sendable {
        package var outcome: PollOutcome
        package var alerts: [Alert]
        package var nextPoll: Date
        /// The feed's state, when items may have been missed that its older pages hold: `closeGap` reads them.
        package var gapOf: FeedState?
    }

    package var transport: any Transport
    package var store: any Store
    package var keeper: StoreKeeper
    package var clock: any WallClock
    package var logger: Logger
    package var outage: OutageWatch
    package let holds = SiteHolds()
    /// Where its documents are read.
    package let desk = ReadingDesk()
    /// Before each older page of a feed.
    package var pagePause = Duration.seconds(2)
    /// Nil: nobody asks.
    package var metrics: MonitorMetrics?
    /// A feed names another hub, or is gone.
    package var onHubNews: @Sendable () -> Void = {}
    /// 0 to 1, drawn anew for each plan.
    package var jitter: @Sendable () -> Double

    package init(
        transport: any Transport, store: any Store, keeper: StoreKeeper, clock: any WallClock, logger: Logger,
        outage: OutageWatch = OutageWatch(), jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.transport = transport
        self.store = store
        self.keeper = keeper
        self.clock = clock
        self.logger = logger
        self.outage = outage
        self.jitter = jitter
    }

    /// Nil when nothing was asked: the poll was cancelled, and the feed is due as it was, or its site has just asked for
    /// fewer requests, and it is due when that is over.
    ///
    /// - Parameter hostHasMore: whether another feed of its host is to be polled soon.
    package func poll(
        _ feed: FeedState, _ spec: FeedSpec, _ setup: MonitorSetup, hostHasMore: Bool = false
    ) async throws(StoreError) -> Report? {
        let started = clock.now
        #if DEBUG
            Failpoint.pollClaimed.pass()
        #endif
        if let site = setup.site(of: feed.address, spec), let end = holds.end(of: site, at: started) {
            // Not all of the site's feeds at once, when that is over.
            try await store.release(feed.id, nextPoll: max(feed.nextPoll, end + 600 * jitter()))
            return nil
        }
        if Task.isCancelled {
            try await store.release(feed.id, nextPoll: feed.nextPoll)
            return nil
        }
        let plan = RequestPlan(for: feed, policy: spec.policy, at: started)
        let answer = await send(plan, spec, hostHasMore: hostHasMore)
        #if DEBUG
            Failpoint.pollFetched.pass()
        #endif
        if case .failure(.cancelled) = answer {
            // It may have gone out all the same, and then it counts.
            let every = max(spec.policy.every / .seconds(1), 1)
            try await store.release(feed.id, nextPoll: max(feed.nextPoll, started + every * (1 + 0.1 * jitter())))
            return nil
        }
        let seat = answer.hasBody ? await desk.seat() : nil
        let draft = PollDraft(answer, to: plan, of: feed, spec, started: started, at: clock.now)
        try await read(draft, setup)
        // Hundreds may wait for the same commit.
        draft.reading.document = nil
        _ = consume seat
        #if DEBUG
            Failpoint.pollRead.pass()
        #endif
        let readAt = metrics == nil ? started : clock.now
        let alerts = try await keeper.persist { () async throws(StoreError) in try await store.record(draft.record) }
        #if DEBUG
            Failpoint.pollRecorded.pass()
        #endif
        return conclude(draft, alerts, readAt: readAt)
    }

    /// What the answer means for the feed.
    private func read(_ draft: PollDraft, _ setup: MonitorSetup) async throws(StoreError) {
        open(draft, setup)
        if let document = draft.reading.document { try await readDocument(document, draft, setup) }
        if draft.fault == .theirs {
            noteTrust(draft)
            try await noteMove(draft)
        } else {
            try await pardon(draft.fault, draft.reading.sign)
        }
        close(draft, setup)
    }

    /// Those that were blamed before enough hosts were heard of.
    private func pardon(_ fault: OutageWatch.Verdict, _ sign: OutageWatch.Sign?) async throws(StoreError) {
        let pardons = outage.pardons(by: fault, sign ?? .silence)
        if !pardons.isEmpty { try await store.pardon(pardons) }
    }

    /// At the end of a run, when all have been heard: those that were blamed before it was known that most do not answer, and
    /// the outage itself once it has lasted. Each run is another process, so how long is told by what the state was last read.
    ///
    /// - Parameter lastSuccess: the last poll of any feed that brought something.
    func judgeRun(lastSuccess: Date?, _ setup: MonitorSetup) async throws(StoreError) -> [Alert] {
        guard outage.isOn else { return [] }
        try await pardon(.most, nil)
        let now = clock.now
        guard let lastSuccess, now.timeIntervalSince(lastSuccess) >= OutageWatch.patience else { return [] }
        return try await store.raise(
            HealthAlert.alert(.lasts(since: lastSuccess), at: now), to: setup.routes, at: now
        ).map { [$0] } ?? []
    }

    /// After the poll is recorded.
    @inline(never)
    private func conclude(_ draft: PollDraft, _ alerts: [Alert], readAt: Date) -> Report {
        let ended = clock.now
        let (reading, record) = (draft.reading, draft.record)
        if let metrics {
            metrics.note(
                PollMeasure(
                    outcome: reading.outcome, bytes: reading.bytes, novelties: draft.novelties, items: record.items,
                    alerts: alerts, hasGap: record.gap != nil,
                    fetched: reading.status == nil ? nil : reading.finding.elapsed,
                    read: draft.answer.hasBody ? readAt.timeIntervalSince(draft.answered) : nil,
                    recorded: ended.timeIntervalSince(readAt)))
        }
        if let news = draft.outageNews { outage.noteTold(news) }
        // What was told of a feed stays told.
        if let excused = draft.excused, let sign = reading.sign, record.feed.health.isTold == draft.feed.health.isTold {
            outage.suspect(excused, sign, at: ended)
        }
        if record.hub.hasChanged || record.feed.gone { onHubNews() }
        var report = Report(outcome: reading.outcome, alerts: alerts, nextPoll: record.feed.nextPoll)
        if record.feed.coverage.openGap != nil, reading.isSuccess { report.gapOf = record.feed }
        if let gap = record.gap { warn(of: gap, draft.spec) }
        log(
            report, reading, draft.spec, elapsed: ended.timeIntervalSince(draft.started), items: record.items.count,
            isOutage: draft.fault != .theirs)
        return report
    }

    private func send(
        _ plan: RequestPlan, _ spec: FeedSpec, hostHasMore: Bool
    ) async -> Result<FetchResponse, TransportError> {
        var request = FetchRequest(url: plan.url, validators: plan.validators, policy: spec.policy)
        if plan.url != spec.url { request.origin = spec.url }
        request.keepsConnection = hostHasMore
        // Undone at the desk.
        request.leavesBodyCoded = true
        do throws(TransportError) {
            return .success(try await transport.send(request))
        } catch {
            return .failure(error)
        }
    }

    private func warn(of gap: CoverageGap, _ spec: FeedSpec) {
        // What cannot be told is no news, poll after poll.
        logger.log(
            level: gap.cause.isDoubt ? .debug : .warning, "a document shares no item with the last; some may be missed",
            metadata: [
                "feed.url": "\(RedactedURL.text(spec.url))", "from": "\(Timestamp.text(gap.start))",
                "to": "\(Timestamp.text(gap.end))", "why": "\(CoverageText.why(gap))",
            ])
    }

    private func log(
        _ report: Report, _ reading: FeedReading, _ spec: FeedSpec, elapsed: Double, items: Int, isOutage: Bool
    ) {
        announce(report.alerts, spec)
        func tell(_ level: Logger.Level, _ message: Logger.Message, _ more: @autoclosure () -> Logger.Metadata) {
            guard level >= logger.logLevel else { return }
            let about: Logger.Metadata = ["feed.url": "\(RedactedURL.text(spec.url))"]
            logger.log(level: level, message, metadata: about.merging(more()) { $1 })
        }
        switch report.outcome {
        case .read, .unchanged:
            tell(
                .debug, "feed polled",
                [
                    "http.status": "\(reading.status.map(String.init) ?? "-")", "bytes": "\(reading.bytes)",
                    "items": "\(items)", "duration_ms": "\(Int(min(max(elapsed, 0), 1e6) * 1000))",
                    "next_poll": "\(Timestamp.text(report.nextPoll))",
                ])
        case .failed(let failure):
            // In an outage of ours it says nothing new, feed after feed.
            tell(
                isOutage ? .info : .warning, "feed could not be polled; trying again",
                ["error": "\(failure.reason)", "next_poll": "\(Timestamp.text(report.nextPoll))"])
        case .gone:
            tell(.error, "feed is gone", ["error": "\(StatusText.gone)"])
        }
    }

    func announce(_ alerts: [Alert], _ spec: FeedSpec) {
        for alert in alerts {
            logger.info(
                "alert raised",
                metadata: [
                    "alert.id": "\(alert.id)", "watch": "\(alert.watches.joined(separator: ", "))",
                    "item.id": "\(alert.item.id)", "feed.url": "\(RedactedURL.text(spec.url))",
                ])
        }
    }
}
