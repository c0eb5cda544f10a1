import FeedParsing
import Foundation
import Logging
import Model

// What an answer means for its feed: the state after it, whose fault it is, and what is told of it.
extension Poller {
    /// An outage of ours is told of the feeds after so long.
    private static let longestOutage = 86_400.0

    @inline(never)
    func open(_ draft: PollDraft, _ setup: MonitorSetup) {
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
    func close(_ draft: PollDraft, _ setup: MonitorSetup) {
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

    /// Whose fault a failure is.
    @inline(never)
    func fault(_ reading: FeedReading, _ feed: FeedState, _ spec: FeedSpec) -> OutageWatch.Verdict {
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
    func mayBeExcused(_ feed: FeedState) -> Bool {
        if feed.history.failures > 2 { return false }
        return feed.history.lastSuccess.map { clock.now.timeIntervalSince($0) <= Self.longestOutage } ?? true
    }

    /// Whether the server's 304s can be believed.
    @inline(never)
    func noteTrust(_ draft: PollDraft) {
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
    func noteMove(_ draft: PollDraft) async throws(StoreError) {
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
    func judge(_ draft: PollDraft) {
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
}
