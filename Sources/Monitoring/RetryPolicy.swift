package import Foundation
package import Model

/// What becomes of a delivery after a try.
package struct RetryPolicy: Sendable, Hashable {
    /// Pauses between tries: short at first, since most receivers are back within a minute, and never longer than two
    /// hours, since an alert must not wait for half a day after its receiver has recovered.
    package var pauses: [Duration] = [
        .seconds(2), .seconds(5), .seconds(10), .seconds(20), .seconds(40), .seconds(60), .seconds(120),
        .seconds(300), .seconds(900), .seconds(1800), .seconds(3600), .seconds(7200),
    ]
    /// Counted from the first try. After that the delivery is kept as failed, if it had its tries.
    package var patience: Duration = .seconds(3 * 86_400)
    /// So many it has whatever the time: a machine that slept over the weekend, a clock that jumped or a sink that was stopped for
    /// days leaves the time behind, and not the receiver's chances. In three days of running there are some 45.
    package var leastTries = 30
    /// A sink that asks for a longer pause is tried once in that time all the same: some name a day, or years, and nobody would have
    /// the alerts meanwhile.
    package static let longestAskedPause: Duration = .seconds(3600)

    package init() {}

    /// - Parameters:
    ///   - attempt: this try, from 1.
    ///   - firstTry: when the first try was made. A time in the future counts as now: the clock was set back.
    ///   - jitter: 0 to 1, drawn anew for each verdict. It adds up to a quarter of the pause.
    package func verdict(
        on outcome: DeliveryOutcome, attempt: Int, firstTry: Date, now: Date, jitter: Double
    ) -> DeliveryVerdict {
        switch outcome {
        case .delivered: return .delivered
        case .refused(let reason): return .failed(reason: reason)
        case .gone(let reason): return .sinkGone(reason: reason)
        case .deferred(let reason, let retryAfter):
            if attempt >= leastTries, now.timeIntervalSince(firstTry) >= patience / .seconds(1) {
                return .failed(reason: "given up after \(days) days: \(reason)")
            }
            let pause = pause(after: attempt, jitter)
            guard let retryAfter else { return .retry(at: now + pause, reason: reason, wholeSink: false) }
            // The whole sink waits as long as it asked for, and as long as our own pause, so that one that always asks
            // for a second is not tried each second. But one delivery's long pause is not for all the others.
            let asked = min(max(retryAfter, .zero), Self.longestAskedPause) / .seconds(1)
            return .retry(at: now + max(asked, min(pause, 60)), reason: reason, wholeSink: true)
        }
    }

    /// How long a sink is left alone after so many tries in a row went wrong, whichever deliveries they were. Then one is
    /// tried, and all the others wait for its success: a sink that is down is asked once a minute, however much waits.
    package func rest(afterFailures failures: Int, jitter: Double) -> Duration {
        failures > 0 ? .seconds(min(pause(after: failures, jitter), 60)) : .zero
    }

    private var days: Int64 { patience.components.seconds / 86_400 }

    private func pause(after attempt: Int, _ jitter: Double) -> Double {
        guard let last = pauses.indices.last else { return 60 }
        let factor = 1 + 0.25 * (jitter.isNaN ? 0 : min(max(jitter, 0), 1))
        return pauses[min(max(attempt, 1) - 1, last)] / .seconds(1) * factor
    }
}
