import Foundation
import Logging
import Model

// Sinks that have a pace: one message at a time, of one alert or of several.
extension Dispatcher {
    /// One try of a message that was claimed, and its settlement. What is cancelled stays claimed, and is the same message
    /// after the next start.
    func deliver(
        message: [Delivery], to sink: any Sink, _ health: inout SinkHealth
    ) async throws(StoreError) {
        guard let first = message.first else { return }
        let started = clock.now
        #if DEBUG
            Failpoint.messageClaimed.pass()
        #endif
        let answer =
            message.count == 1
            ? MessageOutcome(await sink.attempt(first)) : await sink.deliver(together: message)
        #if DEBUG
            Failpoint.messageSent.pass()
        #endif
        let outcome = answer.outcome
        if Task.isCancelled, case .deferred = outcome { return }
        let now = clock.now
        let number = min(max(message.map(\.attempts).max() ?? 0, 0), Int(Int32.max)) + 1
        let verdict = policy.verdict(
            on: outcome, attempt: number, firstTry: message.compactMap(\.firstTry).min() ?? now, now: now,
            jitter: jitter())
        let elapsed = min(max(now.timeIntervalSince(started), 0), 1e6)
        let attempt = DeliveryAttempt(
            answer.reply, verdict, number: number, at: started, duration: .seconds(elapsed))
        let ids = message.map(\.id)
        // Refused, or given up after days: it may be for one of them.
        var isSplit = false
        if case .failed = verdict { isSplit = ids.count > 1 && answer.mayBeForOne }
        try await keeper.persist { [isSplit] () async throws(StoreError) in
            if isSplit, case .failed(let reason) = verdict {
                try await store.split(message: ids, reason: reason, after: attempt, at: now)
            } else {
                try await store.settle(message: ids, verdict, after: attempt, at: now)
            }
        }
        #if DEBUG
            Failpoint.messageSettled.pass()
        #endif
        if !isSplit, verdict != .delivered || !health.isProven { onNews(verdict, ids.count) }
        health.note(verdict, policy: policy, now: now, jitter: jitter())
        if !isSplit { metrics?.note(verdict, of: message, duration: elapsed, at: now) }
        log(verdict, ids, isSplit: isSplit, attempt: number, elapsed: .seconds(elapsed))
    }

    /// That `once` waits for the gaps of one sink.
    private static let longestGaps = 60.0

    /// All that is due to a sink, one message after the other. What waits for its time stays in the state; a group is not
    /// waited for.
    func drain(_ sink: any Sink, _ pace: SinkPace) async throws(StoreError) {
        let rule = MessageRule(pace, joins: sink.takesSeveral, isPatient: false)
        var health = SinkHealth()
        // Whoever has set a long gap has `once` run again and again, and it keeps the state from the others.
        let latest = clock.now + Self.longestGaps
        while !health.isGone, !health.wasAskedToWait, health.failures < 3, !Task.isCancelled {
            switch try await store.claimMessage(to: sink.name, at: clock.now, rule: rule, lease: .seconds(300)) {
            case .message(let message): try await deliver(message: message, to: sink, &health)
            case .wait(let until?, isGap: true) where until <= latest:
                // When it is cancelled, the loop ends.
                try? await clock.sleep(until: until)
            case .wait: return
            }
        }
    }
}
