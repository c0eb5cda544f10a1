package import Foundation
package import Model

/// How a sink has taken its last deliveries, and what may be sent to it.
package struct SinkHealth: Sendable, Hashable {
    /// Tries in a row that were deferred, whichever deliveries they were.
    package private(set) var failures = 0
    /// Whether the last try went well. Until then one delivery is tried at a time.
    package private(set) var isProven = false
    /// Nothing is sent before.
    package private(set) var restsUntil: Date?
    /// When the rest was begun.
    private var restsSince = Date.distantPast
    /// The rest is one that the sink asked for.
    package private(set) var wasAskedToWait = false
    /// It wants nothing more.
    package private(set) var isGone = false

    /// How far a clock is set back without being wrong before.
    private static let tolerance = 300.0

    package init() {}

    package mutating func note(_ verdict: DeliveryVerdict, policy: RetryPolicy, now: Date, jitter: Double) {
        switch verdict {
        case .delivered:
            self = SinkHealth()
            isProven = true
        case .failed:
            // Refused, or given up after days: neither says how the next one fares.
            isProven = false
        case .sinkGone:
            isProven = false
            isGone = true
        case .retry(let date, _, let wholeSink):
            failures = min(failures, 1000) + 1
            isProven = false
            wasAskedToWait = wholeSink
            restsSince = now
            restsUntil = wholeSink ? date : now + policy.rest(afterFailures: failures, jitter: jitter) / .seconds(1)
        }
    }

    /// How many deliveries may be under way.
    package func width(_ concurrency: Int, at now: Date) -> Int {
        if isGone || rests(at: now) { return 0 }
        return isProven ? max(1, concurrency) : 1
    }

    /// For who cannot wait: the next delivery may go at once, unless the sink asked otherwise.
    package mutating func skipRest() {
        if !wasAskedToWait { restsUntil = nil }
    }

    package func rests(at now: Date) -> Bool {
        // A rest of more than a day, or one that begins in the future, was made by a clock that has been set back since.
        restsUntil.map { $0 > now && $0 < now + 90_000 && restsSince < now + Self.tolerance } ?? false
    }
}
