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
    }

    package var transport: any Transport
    package var store: any Store
    package var keeper: StoreKeeper
    package var clock: any WallClock
    package var logger: Logger
    package var outage: OutageWatch
    package let holds = SiteHolds()
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
    package func poll(
        _ feed: FeedState, _ spec: FeedSpec, _ setup: MonitorSetup
    ) async throws(StoreError) -> Report? {
        let started = clock.now
        if let site = spec.site, let end = holds.end(of: site, at: started) {
            try await store.release(feed.id, nextPoll: max(feed.nextPoll, end))
            return nil
        }
        let answer = await send(feed, spec)
        if case .failure(.cancelled) = answer {
            // A second's delay, so that a transport that is shut down is not asked again and again.
            try await store.release(feed.id, nextPoll: max(feed.nextPoll, clock.now + 1))
            return nil
        }
        let reading = FeedReading(of: answer, for: feed, encoding: spec.encoding, at: clock.now)
        let isOutage = isOutage(reading, feed, spec)
        var record = PollRecord(
            feed: reading.state(
                after: feed, started: started, ended: clock.now, policy: spec.policy, jitter: jitter(),
                isOutage: isOutage),
            at: clock.now, routes: setup.routes)
        if let document = reading.document {
            try await read(document, into: &record, before: feed, spec, setup, started: started)
        }
        considerHub(&record, before: feed, reading, answer, spec, started: started)
        if !isOutage { judge(&record, before: feed, reading, spec) }
        if let site = spec.site, reading.asksForLess {
            // Without a time from the server it is ours, and `once` keeps to it as well.
            let end = min(record.feed.notBefore ?? record.feed.nextPoll, clock.now + 86_400)
            record.feed.notBefore = end
            record.siteHold = (site, end)
            holds.hold(site, until: end, at: clock.now)
        }
        let alerts = try await keeper.persist { () async throws(StoreError) in try await store.record(record) }
        if record.hub.hasChanged || record.feed.gone { onHubNews() }
        let report = Report(outcome: reading.outcome, alerts: alerts, nextPoll: record.feed.nextPoll)
        log(
            report, reading, spec, elapsed: clock.now.timeIntervalSince(started), items: record.items.count,
            isOutage: isOutage)
        return report
    }

    /// What of a document is new, and what of that matches.
    func read(
        _ document: ParsedFeed, into record: inout PollRecord, before feed: FeedState, _ spec: FeedSpec,
        _ setup: MonitorSetup, started: Date
    ) async throws(StoreError) {
        let fingerprints = ItemFingerprinter.fingerprints(of: document, feedURL: spec.url)
        let novelties = try await store.novelties(among: fingerprints, of: feed.id)
        let backlog = BacklogRule(setup.backlog, for: feed, at: started)
        let reader = ItemReader(document, of: spec, setup: setup, backlog: backlog)
        record.items = reader.records(fingerprints, novelties)
        record.known = novelties.compactMap(\.known)
        record.document = fingerprints
        if !spec.isFile {
            record.feed.history.cadence = HealthRule.cadence(
                feed.history, published: document.items.compactMap(\.published), hasNew: novelties.contains(.new),
                now: clock.now)
        }
        record.feed.history.lastNewItem = newest(in: record, novelties, isBacklog: backlog != .all)
    }

    private func send(_ feed: FeedState, _ spec: FeedSpec) async -> Result<FetchResponse, TransportError> {
        let request = FetchRequest(
            url: spec.url, validators: feed.validators, policy: spec.policy)
        do throws(TransportError) {
            return .success(try await transport.send(request))
        } catch {
            return .failure(error)
        }
    }

    /// Whether the host does not answer because none does.
    private func isOutage(_ reading: FeedReading, _ feed: FeedState, _ spec: FeedSpec) -> Bool {
        // A host that has long been silent tells nothing of our network, and is not excused by it.
        guard !spec.isFile, !reading.isRefusal, !reading.isSilent || feed.history.failures <= 2 else { return false }
        let most = outage.note(spec.host, hasAnswered: !reading.isSilent, at: clock.now) { isOutage in
            if isOutage {
                logger.warning("most hosts do not answer: the fault seems to be in our own network; no feed is blamed")
            } else {
                logger.notice("most hosts answer again")
            }
        }
        return most && reading.isSilent
    }

    /// The feed's health, and news of it.
    private func judge(_ record: inout PollRecord, before feed: FeedState, _ reading: FeedReading, _ spec: FeedSpec) {
        record.feed.health = HealthRule.health(
            after: reading.outcome, reading.finding, before: feed.health, record.feed.history,
            silentAfter: spec.silentAfter, now: record.at)
        let shown = AlertFeed(
            url: FeedAddress.shown(spec.url), name: spec.name ?? record.feed.title, tags: spec.tags)
        record.healthAlert = HealthAlert.alert(
            shown, of: spec.url, before: feed.health, now: record.feed.health, at: record.at)
    }

    /// When the newest item of the feed came: now, or for backlog, when it was published.
    private func newest(in record: PollRecord, _ novelties: [Novelty], isBacklog: Bool) -> Date? {
        guard novelties.contains(.new) else { return record.feed.history.lastNewItem }
        let published = record.items.compactMap(\.item.published).filter { $0 <= record.at }.max()
        return isBacklog ? published ?? record.at : record.at
    }

    private func log(
        _ report: Report, _ reading: FeedReading, _ spec: FeedSpec, elapsed: Double, items: Int, isOutage: Bool
    ) {
        var fields: Logger.Metadata = ["feed.url": "\(RedactedURL.text(spec.url))"]
        tell(of: report.alerts, spec)
        switch report.outcome {
        case .read, .unchanged:
            guard logger.logLevel <= .debug else { return }
            if let status = reading.status { fields["http.status"] = "\(status)" }
            fields["bytes"] = "\(reading.bytes)"
            fields["items"] = "\(items)"
            fields["duration_ms"] = "\(Int(min(max(elapsed, 0), 1e6) * 1000))"
            fields["next_poll"] = "\(Timestamp.text(report.nextPoll))"
            logger.debug("feed polled", metadata: fields)
        case .failed(let failure):
            fields["error"] = "\(failure.reason)"
            fields["next_poll"] = "\(Timestamp.text(report.nextPoll))"
            // In an outage of ours it says nothing new, feed after feed.
            logger.log(
                level: isOutage ? .info : .warning, "feed could not be polled; trying again", metadata: fields)
        case .gone:
            fields["error"] = "\(StatusText.gone)"
            logger.error("feed is gone", metadata: fields)
        }
    }

    func tell(of alerts: [Alert], _ spec: FeedSpec) {
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
