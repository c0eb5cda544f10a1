package import Foundation
package import Model

/// What came of a poll.
package enum PollOutcome: Sendable, Hashable {
    /// A feed document, read to its end.
    case read
    /// A 304, or the bytes of last time.
    case unchanged
    case failed(PollFailure)
    /// 410: the feed is not to be polled again.
    case gone
}

/// Why a poll brought no whole feed.
package struct PollFailure: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// No complete answer. As often as not the fault is in our own network.
        case noAnswer
        case status(Int)
        /// An answer, but no feed.
        case unreadable
        /// A page that wants to see a browser.
        case challenge
        /// A feed without its end: its items are used.
        case truncated
    }

    package var kind: Kind
    /// For people: the fault, and the remedy where there is one. Without the URL.
    package var reason: String
    package var retryAfter: Duration?

    package init(_ kind: Kind, _ reason: String, retryAfter: Duration? = nil) {
        self.kind = kind
        self.reason = reason
        self.retryAfter = retryAfter
    }
}

/// When a feed is polled next.
package enum PollPlan {
    /// - Parameters:
    ///   - history: as it is after the outcome: failures counted, wishes noted.
    ///   - now: when the last request was started. Intervals are counted from there.
    ///   - jitter: 0 to 1, drawn anew for each plan. It only ever adds, so that no feed is asked sooner than `every`.
    ///   - isRepeated: whether the poll before had the same status.
    package static func nextPoll(
        after outcome: PollOutcome, _ history: FeedHistory, policy: FetchPolicy, now: Date, jitter: Double,
        isRepeated: Bool = false
    ) -> Date {
        let every = max(policy.every / .seconds(1), 1)
        let jitter = jitter.isNaN ? 0 : min(max(jitter, 0), 1)
        switch outcome {
        case .read, .unchanged:
            // Without conditions, which lie here, a feed is asked once a day.
            let pause = history.trust.isUnreliable(at: now) ? max(every, ValidatorTrust.unconditionalPause) : every
            let wished = max(pause, min(history.freshFor ?? .zero, CacheHeaders.limit) / .seconds(1))
            return awake(now + wished * (1 + 0.1 * jitter), history.quietTimes, jitter)
        case .failed(let failure) where failure.kind == .status(401) && isRepeated:
            // Until somebody writes another password. A start or a reload asks at once (`Store.register`).
            return now + FeedState.untilItsUserActs
        case .failed(let failure) where tellsWhen(failure):
            return now + told(failure, history.failures, every, jitter)
        case .failed(let failure):
            // Told to slow down: begin with an hour, however often the user would have it. A single 503 is a server that starts
            // anew, as often as not.
            let isTold = failure.kind == .status(429) || failure.kind == .status(503) && history.failures > 1
            let base = isTold ? max(every, 3600) : every
            let failures = failure.kind == .status(503) && isTold ? history.failures - 1 : history.failures
            let pause = base * factor(failure.kind, failures: failures) * (1 + 0.2 * jitter)
            let limit = max(every, failure.kind == .status(404) ? week : day)
            let asked = min(failure.retryAfter ?? .zero, CacheHeaders.limit) / .seconds(1)
            return now + max(every, min(pause, limit), shortest(failure.kind), asked * (1 + 0.02 * jitter))
        case .gone:
            return now + FeedState.untilItsUserActs
        }
    }

    /// Whether it is a server that is asked too much, and says when it may be asked again.
    private static func tellsWhen(_ failure: PollFailure) -> Bool {
        (failure.kind == .status(429) || failure.kind == .status(503)) && (failure.retryAfter ?? .zero) > .zero
    }

    /// As long as it says, and not sooner than ever. One that says two minutes and then refuses again does not mean what it says: what it
    /// says is doubled with each refusal, up to an hour, since whoever obeyed it to the letter would be the one who asks too much.
    private static func told(_ failure: PollFailure, _ failures: Int, _ every: Double, _ jitter: Double) -> Double {
        let asked = min(failure.retryAfter ?? .zero, CacheHeaders.limit) / .seconds(1)
        let grown = min(asked * doubled(max(failures, 1) - 1), hour)
        return max(every * (1 + 0.2 * jitter), max(asked, grown) * (1 + 0.02 * jitter))
    }

    private static let hour = 3600.0
    private static let day = 86_400.0
    private static let week = 7 * day

    /// How many times `every` a feed is left alone after so many failures in a row.
    private static func factor(_ kind: PollFailure.Kind, failures: Int) -> Double {
        let failures = min(max(failures, 1), 1000)
        return switch kind {
        // After a night without a network, feeds must not be left alone for half a day: linear.
        case .noAnswer: Double(failures)
        // Its items come through, so it is worth asking for.
        case .truncated: Double(min(failures, 4))
        case .status, .unreadable, .challenge: doubled(failures - 1)
        }
    }

    /// What asking again sooner cannot help.
    static func shortest(_ kind: PollFailure.Kind) -> Double {
        switch kind {
        // A page for browsers only: it stays one for a while, and asking makes it worse.
        case .challenge: day
        // Asked once more, since a server that is being mended says it as well: then it is for the user to act.
        case .status(401): day
        default: 0
        }
    }

    /// Past 2²⁰ every limit is long reached.
    private static func doubled(_ times: Int) -> Double { Double(1 << min(times, 20)) }

    /// The first time from `date` on that lies outside the quiet times, but no more than a day later.
    private static func awake(_ date: Date, _ quiet: QuietTimes, _ jitter: Double) -> Date {
        guard quiet.rawValue != 0, abs(date.timeIntervalSince1970) < 1e11 else { return date }
        let firstHour = Int((date.timeIntervalSince1970 / 3600).rounded(.down))
        for hours in firstHour...(firstHour + 23) {
            let hour = ((hours % 24) + 24) % 24
            // 1970-01-01 was a Thursday.
            let weekday = ((((hours - hour) / 24 + 4) % 7) + 7) % 7
            if quiet.contains(hour: hour, weekday: weekday) { continue }
            // Not on the stroke of the hour, when all other readers come back.
            return hours == firstHour ? date : Date(timeIntervalSince1970: Double(hours) * 3600 + 300 * jitter)
        }
        return date + day
    }
}
