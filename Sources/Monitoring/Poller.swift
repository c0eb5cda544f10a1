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
    /// An outage of ours is told of the feeds after so long.
    private static let longestOutage = 86_400.0
    /// Dates are of the day only, of another zone, or of when an item was begun.
    private static let dateSlack = 86_400.0
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
        let draft: PollDraft
        if case .success(let response) = answer, !response.body.isEmpty {
            let seat = await desk.seat()
            draft = PollDraft(answer, to: plan, of: feed, spec, started: started, at: clock.now)
            try await read(draft, setup)
            // Hundreds may wait for the same commit.
            draft.reading.document = nil
            _ = consume seat
        } else {
            draft = PollDraft(answer, to: plan, of: feed, spec, started: started, at: clock.now)
            try await read(draft, setup)
        }
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

    @inline(never)
    private func open(_ draft: PollDraft, _ setup: MonitorSetup) {
        draft.fault = fault(draft.reading, draft.feed, draft.spec)
        let (ended, jitter) = (clock.now, jitter())
        func state(_ fault: OutageWatch.Verdict) -> FeedState {
            draft.reading.state(
                after: draft.feed, started: draft.started, ended: ended, policy: draft.spec.policy, jitter: jitter,
                fault: fault)
        }
        draft.record.feed = state(draft.fault)
        if draft.fault == .theirs, let sign = draft.reading.sign, sign.isLacking || !sign.pages.isEmpty,
            mayBeExcused(draft.feed)
        {
            draft.excused = state(sign.isLacking ? .most : .onePage)
        }
        draft.record.at = clock.now
        draft.record.routes = setup.routes
    }

    @inline(never)
    private func close(_ draft: PollDraft, _ setup: MonitorSetup) {
        if draft.fault == .theirs {
            CoverageRule.note(
                &draft.record, before: draft.feed, draft.reading, draft.novelties, started: draft.started, draft.spec)
            judge(draft)
        }
        if draft.record.healthAlert == nil, let news = outage.news(at: draft.record.at) {
            draft.outageNews = news
            draft.record.healthAlert = HealthAlert.alert(news, at: draft.record.at)
        }
        considerHub(draft)
        guard draft.reading.asksForLess else { return }
        // Without a time from the server it is ours, and `once` keeps to it as well.
        let end = min(draft.record.feed.notBefore ?? draft.record.feed.nextPoll, clock.now + 86_400)
        draft.record.feed.notBefore = end
        // Of who has answered: a redirect may have led to somebody else's.
        guard let site = setup.site(of: draft.reading.url ?? draft.feed.address, draft.spec) else { return }
        draft.record.siteHold = (site, end)
        holds.hold(site, until: end, at: clock.now)
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
                    read: draft.hasBody ? readAt.timeIntervalSince(draft.answered) : nil,
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

    private func readDocument(_ document: ParsedFeed, _ draft: PollDraft, _ setup: MonitorSetup)
        async throws(StoreError)
    {
        draft.novelties = try await read(
            document, into: &draft.record, before: draft.feed, draft.spec, setup, started: draft.started)
        draft.isSameFeed = MoveRule.isSameFeed(document.title, draft.novelties, before: draft.feed)
        draft.news = draft.novelties.indices.filter { draft.novelties[$0] == .new }.map { document.items[$0].firstDate }
    }

    /// What of a document is new, and what of that matches. A verdict an item, in order.
    func read(
        _ document: ParsedFeed, into record: inout PollRecord, before feed: FeedState, _ spec: FeedSpec,
        _ setup: MonitorSetup, started: Date
    ) async throws(StoreError) -> [Novelty] {
        var fingerprints = fingerprints(of: document, before: feed, spec)
        // Of a feed that was never read nothing is known; `record` judges again.
        let novelties =
            feed.history.wasEverRead
            ? try await store.novelties(among: fingerprints, of: feed.id)
            : ItemIdentity.classify(fingerprints, against: [], knownBefore: 0)
        if feed.history.wasEverRead { try await tellApart(&fingerprints, novelties, of: document, feed, spec) }
        fill(&record, with: document, fingerprints, novelties, before: feed, spec, setup, started: started)
        return novelties
    }

    @inline(never)
    private func fingerprints(
        of document: ParsedFeed, before feed: FeedState, _ spec: FeedSpec
    ) -> [ItemFingerprint] {
        var fingerprints = ItemFingerprinter.fingerprints(of: document, feedURL: spec.url)
        let standsAlone = document.items.count == 1 && feed.coverage.documentItems <= 1
        for index in document.items.indices {
            if let last = feed.history.lastSuccess {
                fingerprints[index].isFresh =
                    document.items[index].firstDate.map { $0 > last - Self.dateSlack } ?? false
            }
            fingerprints[index].standsAlone = standsAlone
        }
        return fingerprints
    }

    @inline(never)
    private func fill(
        _ record: inout PollRecord, with document: ParsedFeed, _ fingerprints: [ItemFingerprint],
        _ novelties: [Novelty], before feed: FeedState, _ spec: FeedSpec, _ setup: MonitorSetup, started: Date
    ) {
        let backlog = BacklogRule(setup.backlog, for: feed, at: started)
        let reader = ItemReader(document, of: spec, setup: setup, backlog: backlog)
        record.items = reader.records(fingerprints, novelties)
        record.known = novelties.compactMap(\.known)
        record.document = fingerprints
        record.storm = StormWatch.rule(for: record, before: feed, spec, at: clock.now)
        if !spec.isFile {
            record.feed.history.cadence = HealthRule.cadence(
                feed.history, published: document.items.indices.compactMap { document.items[$0].firstDate },
                hasNew: novelties.contains(.new),
                now: clock.now)
        }
        record.feed.history.lastNewItem = newest(in: record, novelties, isBacklog: backlog != .all)
    }

    /// New items under a link that another item of the feed has had are articles of their own, known by their ids, or where those
    /// have been had as well, by their words. A document with one item, as hubs push them, does not show that its link is one for all.
    func tellApart(
        _ fingerprints: inout [ItemFingerprint], _ novelties: [Novelty], of document: ParsedFeed, _ feed: FeedState,
        _ spec: FeedSpec
    ) async throws(StoreError) {
        let new = novelties.indices.filter {
            novelties[$0] == .new && (fingerprints[$0].link != nil || fingerprints[$0].guid != nil)
        }
        guard !new.isEmpty else { return }
        let seen = try await store.keys(
            links: new.compactMap { fingerprints[$0].link }, ids: new.compactMap { fingerprints[$0].guid },
            seenIn: feed.id)
        for index in new where fingerprints[index].link.map(seen.links.contains) ?? true {
            let isKnownID = fingerprints[index].guid.map(seen.ids.contains) ?? false
            if fingerprints[index].link == nil, !isKnownID { continue }
            fingerprints[index].article = ItemFingerprinter.articleWithoutLink(
                of: document.items[index], feedURL: spec.url, isKnownID: isKnownID)
        }
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

    /// Whose fault a failure is.
    @inline(never)
    private func fault(_ reading: FeedReading, _ feed: FeedState, _ spec: FeedSpec) -> OutageWatch.Verdict {
        guard !spec.isFile, let sign = reading.sign else { return .theirs }
        let isFault = sign.isLacking || !sign.pages.isEmpty
        guard !isFault || mayBeExcused(feed) else { return .theirs }
        // Five hosts of one provider are one.
        let site = spec.site ?? FeedSpec.host(of: feed.address)
        return outage.note(site, sign, at: clock.now) { isOutage in
            if isOutage {
                logger.warning("most hosts do not answer: the fault seems to be in our own network; no feed is blamed")
            } else {
                logger.notice("most hosts answer again")
            }
        }
    }

    /// A host that has long been silent tells nothing of our network, and is not excused by it; nor is a feed that nobody could
    /// read for a day, whoever is to blame: somebody waits for it.
    private func mayBeExcused(_ feed: FeedState) -> Bool {
        if feed.history.failures > 2 { return false }
        return feed.history.lastSuccess.map { clock.now.timeIntervalSince($0) <= Self.longestOutage } ?? true
    }

    /// Whether the server's 304s can be believed.
    @inline(never)
    private func noteTrust(_ draft: PollDraft) {
        let trust = TrustRule.trust(
            after: draft.reading, draft.plan, before: draft.feed, news: draft.news, at: draft.started)
        draft.record.feed.history.trust = trust
        if !draft.reading.isSuccess, trust.representation != draft.feed.history.trust.representation {
            draft.record.feed.validators = nil
        }
        guard trust.unreliable == draft.started else { return }
        draft.record.feed.nextPoll = max(
            draft.record.feed.nextPoll, draft.started + ValidatorTrust.unconditionalPause)
        logger.warning(
            "the server says 'not modified' of a feed that was; it is asked once a day without conditions from now on",
            metadata: ["feed.url": "\(RedactedURL.text(draft.spec.url))"])
    }

    /// What the answer says of the feed's address, and whether it is asked elsewhere from now on.
    private func noteMove(_ draft: PollDraft) async throws(StoreError) {
        if draft.feed.move == nil, draft.reading.movedTo == nil { return }
        var move = MoveRule.move(
            after: draft.reading, before: draft.feed, draft.record.feed.history, isSameFeed: draft.isSameFeed,
            at: draft.record.at)
        let fields: (String) -> Logger.Metadata = { address in
            ["feed.url": "\(RedactedURL.text(draft.spec.url))", "address": "\(RedactedURL.text(address))"]
        }
        if let told = move, MoveRule.mayAdopt(told, at: draft.record.at),
            try await store.sites(movedTo: FeedSpec.host(of: told.target)) < MoveRule.crowd
        {
            move?.adopted = draft.record.at
            logger.notice("the feed has moved for good and is asked at its new address", metadata: fields(told.target))
        } else if draft.feed.move?.adopted != nil, move == nil {
            logger.warning(
                "the feed's new address fails; the configured one is asked again",
                metadata: fields(draft.feed.address))
        }
        draft.record.feed.move = move
        if let move, move.adopted != nil {
            draft.reading.finding.movedTo = RedactedURL.text(move.target)
            draft.reading.finding.isAskedThere = true
        }
    }

    /// The feed's health, and news of it.
    @inline(never)
    private func judge(_ draft: PollDraft) {
        let (feed, spec, now) = (draft.feed, draft.spec, draft.record.at)
        let health = HealthRule.health(
            after: draft.reading.outcome, draft.reading.finding, before: feed.health, draft.record.feed.history,
            draft.record.feed.coverage, every: spec.policy.every, silentAfter: spec.silentAfter, now: now)
        draft.record.feed.health = health
        guard health.isTold != feed.health.isTold else { return }
        let shown = AlertFeed(
            url: FeedAddress.shown(spec.url), name: spec.name ?? draft.record.feed.title, tags: spec.tags)
        draft.record.healthAlert = HealthAlert.alert(
            shown, of: spec.url, before: feed.health, now: health, at: now)
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

    /// When the newest item of the feed came: now, or for backlog, when it was published.
    private func newest(in record: PollRecord, _ novelties: [Novelty], isBacklog: Bool) -> Date? {
        guard novelties.contains(.new) else { return record.feed.history.lastNewItem }
        let published = record.items.compactMap(\.published).filter { $0 <= record.at }.max()
        return isBacklog ? published ?? record.at : record.at
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
