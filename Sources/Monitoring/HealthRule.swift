package import Foundation
package import Model

/// How a feed is after a poll, and whether somebody has to be told.
///
/// A server that is down for an hour is no news, and a feed that flutters between two faults is none every time: a change
/// for the worse is told when it lasts, once, and so is the recovery from what was told.
package enum HealthRule {
    private static let hour = 3600.0
    private static let day = 86_400.0
    /// An answer that takes longer is slow.
    private static let slow = Duration.seconds(10)
    /// How many times its usual pause a feed may be silent, and how long in any case.
    private static let staleAfter = 8.0
    private static let shortestSilence = 3 * day
    private static let longestSilence = 90 * day

    /// What a poll showed, beside its outcome.
    package struct Finding: Sendable, Hashable {
        package var elapsed: Duration
        /// Where the feed has moved to for good (301, 308), without credentials.
        package var movedTo: String?
        /// Whether it is asked there, and not at the configured address.
        package var isAskedThere: Bool

        package init(elapsed: Duration = .zero, movedTo: String? = nil, isAskedThere: Bool = false) {
            self.elapsed = elapsed
            self.movedTo = movedTo
            self.isAskedThere = isAskedThere
        }
    }

    /// - Parameters:
    ///   - history: as it is after the poll.
    ///   - coverage: as it is after the poll.
    ///   - every: how often it may be polled.
    ///   - silentAfter: the user's word on how long the feed may be silent.
    package static func health(
        after outcome: PollOutcome, _ finding: Finding, before: FeedHealth, _ history: FeedHistory,
        _ coverage: FeedCoverage = FeedCoverage(), every: Duration = .zero, silentAfter: Duration?, now: Date
    ) -> FeedHealth {
        var next = FeedHealth(.fine)
        switch outcome {
        case .gone: next = FeedHealth(.gone, evidence: StatusText.gone)
        case .failed(let failure): next = FeedHealth(condition(of: failure.kind), evidence: failure.reason)
        case .read, .unchanged:
            if history.isEmpty {
                next = FeedHealth(.empty, evidence: "the feed has no items")
            } else if let overrun = overrun(coverage, every, before, history, now) {
                next = overrun
            } else if let silence = silence(history, silentAfter, now) {
                next = silence
            } else if let target = finding.movedTo {
                next = FeedHealth(
                    .moved,
                    evidence: finding.isAskedThere
                        ? "it has moved to \(target) and is asked there; change the address in the configuration"
                        : "the server says that it is now at \(target)")
            } else if finding.elapsed > slow {
                next = FeedHealth(.slow, evidence: "the answer took \(Int(finding.elapsed / .seconds(1))) s")
            }
        }
        let isSame =
            next.condition == before.condition || next.condition.isUnread && before.condition.isUnread
        next.since = isSame ? before.since ?? now : next.since ?? now
        let wasTold = before.isTold && next.condition.isTrouble && (isSame || before.condition.isTrouble)
        // That it was silent when it was subscribed to is no news, unless the user has said what is.
        let wasStale = before.condition == .new || before.condition == .stale && !before.isTold
        let isOld = next.condition == .stale && silentAfter == nil && wasStale
        next.isTold = wasTold || !isOld && hasLasted(next, outcome, history, every, now)
        return next
    }

    private static func condition(of kind: PollFailure.Kind) -> FeedHealth.Condition {
        switch kind {
        case .noAnswer, .truncated: .failing
        case .challenge, .status(401), .status(403), .status(407), .status(429), .status(451): .blocked
        case .status: .failing
        case .unreadable: .notAFeed
        }
    }

    /// Whether a feed is silent for longer than is usual with it, whatever its user thinks of that.
    package static func isUnusuallySilent(_ feed: FeedState, at now: Date) -> Bool {
        let history = feed.history
        if history.isEmpty {
            // Of one without items nothing is usual, and it may never have had any.
            let since = feed.health.condition == .empty ? feed.health.since : feed.coverage.since
            return since.map { now.timeIntervalSince($0) >= day } ?? false
        }
        // Of a feed that tells no dates nothing is usual.
        let found = history.cadence == nil ? silence(history, .seconds(30 * 86_400), now) : silence(history, nil, now)
        return found != nil
    }

    /// Nil when documents overlap. Two in a row that do not are no accident; a day of overlap ends it.
    private static func overrun(
        _ coverage: FeedCoverage, _ every: Duration, _ before: FeedHealth, _ history: FeedHistory, _ now: Date
    ) -> FeedHealth? {
        guard let last = coverage.lastMiss, now.timeIntervalSince(last) < day,
            coverage.misses >= 2 || before.condition == .overrun
        else { return nil }
        let pause = max(every, history.freshFor ?? .zero)
        let remedy =
            pause > every
            ? "its server asks for a pause of \(span(pause / .seconds(1)))" : "set a shorter 'every' for it"
        return FeedHealth(
            .overrun,
            evidence: "more comes between two polls than its document of \(coverage.documentItems) items holds; "
                + remedy)
    }

    /// Nil when the feed has not been silent for long.
    private static func silence(_ history: FeedHistory, _ silentAfter: Duration?, _ now: Date) -> FeedHealth? {
        guard let last = history.lastNewItem, last < now else { return nil }
        let usual = history.cadence.map { $0 / .seconds(1) }
        let limit: Double
        if let silentAfter {
            limit = silentAfter / .seconds(1)
        } else if let usual {
            limit = min(max(usual * staleAfter, shortestSilence), longestSilence)
        } else {
            return nil
        }
        guard now.timeIntervalSince(last) > limit else { return nil }
        let pause = usual.map { "; usually one comes every \(span($0))" } ?? ""
        return FeedHealth(
            .stale, since: last, evidence: "no new item for \(span(now.timeIntervalSince(last)))" + pause)
    }

    /// Whether it is time to tell somebody.
    private static func hasLasted(
        _ health: FeedHealth, _ outcome: PollOutcome, _ history: FeedHistory, _ every: Duration, _ now: Date
    ) -> Bool {
        let age = health.since.map { now.timeIntervalSince($0) } ?? 0
        // Where hours lie between two polls, the second has seen as much as the third elsewhere.
        let enough = pause(after: outcome, every) >= FeedState.longestDoubt ? 2 : 3
        switch health.condition {
        case .new, .fine, .slow, .moved: return false
        case .gone, .stale, .overrun: return true
        case .empty: return age >= day
        case .notAFeed: return history.failures >= enough && age >= hour
        case .blocked:
            // Nobody but a person can give it another password.
            if case .failed(let failure) = outcome, failure.kind == .status(401) { return true }
            return history.failures >= enough && age >= hour
        case .failing: return history.failures >= enough && age >= 6 * hour
        }
    }

    /// How long the feed is left alone at least, in seconds.
    private static func pause(after outcome: PollOutcome, _ every: Duration) -> Double {
        guard case .failed(let failure) = outcome else { return 0 }
        return max(PollPlan.shortest(failure.kind), max(every, failure.retryAfter ?? .zero) / .seconds(1))
    }

    // MARK: cadence

    /// The usual time between new items: learnt from the dates of the first document, then from what comes.
    ///
    /// - Parameters:
    ///   - history: as it was before the poll.
    ///   - published: the dates of the document's items.
    ///   - hasNew: whether the poll brought a new item.
    package static func cadence(
        _ history: FeedHistory, published: [Date], hasNew: Bool, now: Date
    ) -> Duration? {
        guard history.wasEverRead, let last = history.lastNewItem else { return usualGap(published, now: now) }
        guard hasNew else { return history.cadence }
        let gap = max(0, now.timeIntervalSince(last))
        // A quiet month, or a clock that was wrong, does not undo what a year has taught.
        let known = history.cadence.map { $0 / .seconds(1) } ?? gap
        return .seconds(min(0.8 * known + 0.2 * min(gap, 10 * max(known, hour)), 400 * day))
    }

    /// The median. Nil for fewer than four dates.
    private static func usualGap(_ published: [Date], now: Date) -> Duration? {
        let dates = Set(published.filter { $0 <= now }).sorted(by: >).prefix(40)
        guard dates.count >= 4 else { return nil }
        let gaps = zip(dates, dates.dropFirst()).map { $0.timeIntervalSince($1) }.sorted()
        return .seconds(gaps[gaps.count / 2])
    }

    private static func span(_ seconds: Double) -> String {
        switch seconds {
        case ..<120: "\(Int(seconds)) s"
        case ..<(2 * hour): "\(Int(seconds / 60)) min"
        case ..<(2 * day): "\(Int(seconds / hour)) h"
        default: "\(Int(seconds / day)) d"
        }
    }
}
