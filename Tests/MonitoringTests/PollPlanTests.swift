import Foundation
import Model
import Monitoring
import Testing

@Suite struct PollPlanTests {
    /// Monday, 2018-11-26, 14:00 UTC.
    static let start = Date(timeIntervalSince1970: 1_543_240_800)

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var outcome: PollOutcome
        var failures = 0
        var freshFor: Duration?
        var every = Duration.seconds(900)
        /// Seconds after the start of the last request, without jitter and with all of it.
        var pause: ClosedRange<Double>

        init(
            _ name: String, _ outcome: PollOutcome, failures: Int = 0, freshFor: Duration? = nil,
            every: Duration = .seconds(900), _ pause: ClosedRange<Double>
        ) {
            testDescription = name
            self.outcome = outcome
            self.failures = failures
            self.freshFor = freshFor
            self.every = every
            self.pause = pause
        }
    }

    static func failed(_ kind: PollFailure.Kind, retryAfter: Duration? = nil) -> PollOutcome {
        .failed(PollFailure(kind, "", retryAfter: retryAfter))
    }

    static let day = 86_400.0
    static let cases = [
        Case("a feed that was read waits for its interval", .read, 900...990),
        Case("so does one that has not changed", .unchanged, 900...990),
        Case("freshness makes it longer", .read, freshFor: .seconds(3600), 3600...3960),
        Case("freshness never makes it shorter", .read, freshFor: .seconds(60), 900...990),
        Case("a year of freshness is a day", .read, freshFor: .seconds(31_536_000), day...(day * 1.1)),
        Case("freshness beyond all numbers is a day", .read, freshFor: .seconds(Int64.max), day...(day * 1.1)),
        Case("an interval of nothing is a second", .read, every: .zero, 1...1.1),
        Case("an interval below nothing is a second", .read, every: .seconds(-5), 1...1.1),
        Case("an interval of a month is kept", .read, every: .seconds(30 * 86_400), (30 * day)...(33 * day)),
        Case("the first failure waits for the interval", failed(.status(500)), failures: 1, 900...1080),
        Case("the second twice that", failed(.status(500)), failures: 2, 1800...2160),
        Case("the fifth sixteen times", failed(.unreadable), failures: 5, 14_400...17_280),
        Case("no failure waits longer than a day", failed(.status(500)), failures: 40, day...day),
        Case("nor after ever so many", failed(.status(500)), failures: .max, day...day),
        Case("but for a feed that is not there: a week", failed(.status(404)), failures: 40, (7 * day)...(7 * day)),
        Case("no answer: not so soon so long", failed(.noAnswer), failures: 5, 4500...5400),
        Case("a feed that is always cut off is still read", failed(.truncated), failures: 90, 3600...4320),
        Case("a page for browsers is left alone for a day", failed(.challenge), failures: 1, day...day),
        Case("a login that is wrong is tried once more", failed(.status(401)), failures: 1, day...day),
        Case("a server that starts anew", failed(.status(503)), failures: 1, 900...1080),
        Case("one that stays unavailable: an hour", failed(.status(503)), failures: 2, 3600...4320),
        Case("then two", failed(.status(503)), failures: 3, 7200...8640),
        Case("too many requests: an hour", failed(.status(429)), failures: 1, 3600...4320),
        Case(
            "what the server asks for", failed(.status(503), retryAfter: .seconds(7200)), failures: 1, 7200...7344),
        Case("but never sooner", failed(.status(503), retryAfter: .seconds(1)), failures: 1, 900...1080),
        Case(
            "two minutes are two minutes", failed(.status(429), retryAfter: .seconds(120)), failures: 1,
            every: .seconds(60), 120...122.4),
        Case(
            "of one that refuses again, four, and then eight", failed(.status(503), retryAfter: .seconds(120)),
            failures: 3,
            every: .seconds(60), 480...489.6),
        Case(
            "an hour at most", failed(.status(429), retryAfter: .seconds(120)), failures: 90, every: .seconds(60),
            3600...3672),
        Case(
            "unless it says more", failed(.status(429), retryAfter: .seconds(5000)), failures: 90, every: .seconds(60),
            5000...5100),
        Case("no time is none", failed(.status(429), retryAfter: .zero), failures: 2, 7200...8640),
        Case(
            "and no longer than a day", failed(.status(503), retryAfter: .seconds(Int64.max)), failures: 1,
            day...(day * 1.02)),
        Case(
            "a month between polls stays a month when they fail", failed(.status(500)), failures: 9,
            every: .seconds(30 * 86_400), (30 * day)...(30 * day)),
    ]

    @Test(arguments: cases)
    func `the next poll`(_ test: Case) {
        for (jitter, expected) in [(0.0, test.pause.lowerBound), (1, test.pause.upperBound)] {
            let next = plan(test.outcome, test, jitter)
            #expect(abs(next - expected) < 0.001)
        }
        // Whatever the random numbers do.
        for jitter in [-1.0, 0.5, 7, .nan, .infinity] {
            #expect(plan(test.outcome, test, jitter) >= test.pause.lowerBound - 0.001)
            #expect(plan(test.outcome, test, jitter) <= test.pause.upperBound + 0.001)
        }
    }

    private func plan(_ outcome: PollOutcome, _ test: Case, _ jitter: Double) -> Double {
        var history = FeedHistory()
        history.failures = test.failures
        history.freshFor = test.freshFor
        var policy = FetchPolicy()
        policy.every = test.every
        return PollPlan.nextPoll(after: outcome, history, policy: policy, now: Self.start, jitter: jitter)
            .timeIntervalSince(Self.start)
    }

    @Test(arguments: [
        (QuietTimes(), "2018-11-26T14:15:00Z"),
        (QuietTimes(hours: [3], days: []), "2018-11-26T14:15:00Z"),
        (QuietTimes(hours: [14, 15, 16], days: []), "2018-11-26T17:00:00Z"),
        (QuietTimes(hours: Array(14...23) + [0, 1], days: []), "2018-11-27T02:00:00Z"),
        (QuietTimes(hours: [], days: ["monday"]), "2018-11-27T00:00:00Z"),
        (QuietTimes(hours: [0], days: ["Monday"]), "2018-11-27T01:00:00Z"),
        (QuietTimes(hours: [], days: ["monday", "tuesday"]), "2018-11-27T14:15:00Z"),
        (QuietTimes(hours: Array(0...23), days: []), "2018-11-27T14:15:00Z"),
        (QuietTimes(hours: [99, -1, .max, .min], days: ["someday", ""]), "2018-11-26T14:15:00Z"),
    ])
    func `quiet times are kept, for a day at most`(_ quiet: QuietTimes, _ expected: String) {
        var history = FeedHistory()
        history.quietTimes = quiet
        let next = PollPlan.nextPoll(
            after: .read, history, policy: FetchPolicy(), now: Self.start, jitter: 0)
        #expect(Timestamp.text(next) == expected)
    }

    @Test func `a feed that is gone is left alone`() {
        let next = PollPlan.nextPoll(after: .gone, FeedHistory(), policy: FetchPolicy(), now: Self.start, jitter: 0)
        #expect(next.timeIntervalSince(Self.start) > 300 * Self.day)
    }
}
