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
        let message = try await fitting(message, sink)
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
        let outcome = answer.outcome.mapReason(tame)
        if Task.isCancelled, case .deferred = outcome { return }
        let now = clock.now
        let number = min(max(message.map(\.attempts).max() ?? 0, 0), Int(Int32.max)) + 1
        let firstTry = message.compactMap(\.firstTry).min() ?? now
        let verdict = policy.verdict(
            on: outcome, attempt: number, firstTry: firstTry, now: now, jitter: jitter())
        let elapsed = min(max(now.timeIntervalSince(started), 0), 1e6)
        let attempt = DeliveryAttempt(
            answer.reply, verdict, number: number, at: started, duration: .seconds(elapsed))
        let ids = message.map(\.id)
        // Refused, or given up after days: it may be for one of them.
        var splitReason: String?
        if ids.count > 1, answer.mayBeForOne {
            switch verdict {
            case .failed(let reason): splitReason = reason
            case .retry(_, let reason, wholeSink: false) where answer.reply.bearing == .refusal: splitReason = reason
            case .retry(_, let reason, wholeSink: false)
            where answer.reply.bearing == .fault && PartingRule.isAboutContent(answer.reply.status)
                && number >= PartingRule.leastTries:
                let tookOthers = try await store.hasTaken(sink.name, since: firstTry)
                let isDue = PartingRule.isDue(
                    status: answer.reply.status, attempt: number, firstTry: firstTry, now: now, tookOthers: tookOthers)
                if isDue { splitReason = reason }
            default: break
            }
        }
        let isSplit = splitReason != nil
        try await keeper.persist { [splitReason] () async throws(StoreError) in
            if let splitReason {
                try await store.split(message: ids, reason: splitReason, after: attempt, at: now)
            } else {
                try await store.settle(message: ids, verdict, after: attempt, at: now)
            }
        }
        #if DEBUG
            Failpoint.messageSettled.pass()
        #endif
        if !isSplit, verdict != .delivered || !health.isProven { onNews(verdict, ids.count) }
        health.note(verdict, attempt.bearing, took: .seconds(elapsed), policy: policy, now: now, jitter: jitter())
        if !isSplit { metrics?.note(verdict, of: message, duration: elapsed, at: now) }
        log(verdict, ids, isSplit: isSplit, attempt: number, elapsed: .seconds(elapsed))
    }

    /// The message, or of one that is too long, the first of those that it becomes. The state knows the others.
    private func fitting(_ message: [Delivery], _ sink: any Sink) async throws(StoreError) -> [Delivery] {
        guard message.count > 1 else { return message }
        let messages = sink.messages(of: message)
        guard messages.count > 1, var first = messages.first else { return message }
        try await keeper.persist { () async throws(StoreError) in
            try await store.part(message: message.map(\.id), into: messages.map { $0.map(\.id) }, at: clock.now)
        }
        for index in first.indices { first[index].part = MessagePart(number: 1, of: messages.count) }
        return first
    }
}
