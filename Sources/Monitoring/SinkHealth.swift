package import Foundation
package import Model

/// How a sink has taken its last deliveries, and what may be sent to it.
package struct SinkHealth: Sendable, Hashable {
    /// Tries in a row that were deferred, whichever deliveries they were.
    package private(set) var failures = 0
    /// Whether the last try went well. Until then one delivery is tried at a time.
    package var isProven: Bool { successes > 0 }
    /// Tries in a row that went well.
    private var successes = 0
    /// Nothing is sent before.
    package private(set) var restsUntil: Date?
    /// When the rest was begun.
    private var restsSince = Date.distantPast
    /// The rest is one that the sink asked for.
    package private(set) var wasAskedToWait = false
    /// It wants nothing more.
    package private(set) var isGone = false
    /// How long the tries took that were deferred, since the last one that went well.
    package private(set) var lost: Duration = .zero

    /// How far a clock is set back without being wrong before.
    private static let tolerance = 300.0

    package init() {}

    package mutating func note(
        _ verdict: DeliveryVerdict, _ bearing: DeliveryReply.Bearing = .fault, took time: Duration = .zero,
        policy: RetryPolicy, now: Date, jitter: Double
    ) {
        if case .retry = verdict { lost += time }
        switch verdict {
        case .retry where bearing == .nothing: break
        case .retry where bearing == .taken: note(.delivered, policy: policy, now: now, jitter: jitter)
        case .delivered:
            let successes = min(successes, 1000) + 1
            self = SinkHealth()
            self.successes = successes
        case .failed:
            // Refused, or given up after days: neither says how the next one fares.
            successes = 0
        case .sinkGone:
            successes = 0
            isGone = true
        case .retry(let date, _, let wholeSink):
            successes = 0
            // Those that were under way when one has failed fail with it: that is one failure more, and not sixteen.
            if rests(at: now), !wholeSink { return }
            failures = min(failures, 1000) + 1
            // Nor does one that was asked for less than another shorten that one's pause.
            if rests(at: now), wasAskedToWait, let end = restsUntil, end >= date { return }
            wasAskedToWait = wholeSink
            restsSince = now
            restsUntil = wholeSink ? date : now + policy.rest(afterFailures: failures, jitter: jitter) / .seconds(1)
        }
    }

    /// How many deliveries may be under way: one until the first has gone well, then a few, and one more with each success,
    /// since a small server has small queues.
    package func width(_ concurrency: Int, at now: Date) -> Int {
        if isGone || rests(at: now) { return 0 }
        return isProven ? max(1, min(concurrency, 3 + successes)) : 1
    }

    /// What is tried next. Of a sink that is not known to be well, what was tried the least: else a few that it never takes keep
    /// back all others. From both ends in turns, since those few came together.
    package var order: DeliveryOrder { isProven ? .oldest : .leastTried(newestFirst: failures % 2 == 1) }

    /// For who cannot wait: the next delivery may go at once, unless the sink asked otherwise.
    package mutating func skipRest() {
        if !wasAskedToWait { restsUntil = nil }
    }

    /// What it asked for is over before its time: a person has ended it.
    package mutating func endAskedRest() {
        guard wasAskedToWait else { return }
        wasAskedToWait = false
        restsUntil = nil
    }

    package func rests(at now: Date) -> Bool {
        // A rest of more than a day, or one that begins in the future, was made by a clock that has been set back since.
        restsUntil.map { $0 > now && $0 < now + 90_000 && restsSince < now + Self.tolerance } ?? false
    }
}
