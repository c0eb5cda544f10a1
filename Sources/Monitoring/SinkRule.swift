package import Foundation
package import Model

/// How a sink is, and whether somebody has to be told.
///
/// A receiver that is down for some minutes is no news. What is told is told once, and its end is too, unless a person has
/// made the end.
package enum SinkRule {
    /// No try goes well for so long.
    package static let patience = 3600.0
    /// A failure for so long is more than one bad moment: the program may have stood still in between.
    private static let leastSpan = 1800.0
    private static let day = 86_400.0

    package enum News: Sendable, Hashable {
        case began(SinkState.Told)
        case ended(SinkState.Told)
    }

    package struct Step: Sendable, Hashable {
        package var told: SinkState.Told?
        package var news: News?
        package var forgetsRefusals = false
    }

    /// What needs a person now. Nil: nothing.
    package static func trouble(_ sink: SinkState, at now: Date) -> SinkState.Told? {
        if sink.stopped != nil { return .init(.gone, since: sink.failingSince ?? sink.lastFailure ?? now) }
        if let since = lastingFailure(sink, at: now), !isRefusing(sink) { return .init(.failing, since: since) }
        if unwanted(sink) > 0 { return .init(.refused, since: sink.lastRefusal ?? sink.told?.since ?? now) }
        return nil
    }

    /// When `step` is to be asked again though nothing happens. Nil: never.
    package static func nextLook(_ sink: SinkState, at now: Date) -> Date? {
        guard let since = sink.failingSince, sink.told?.trouble != .failing, sink.told?.trouble != .gone else {
            return nil
        }
        let look = since + patience
        return look > now ? look : nil
    }

    /// What changes in what was told. Nil when nothing does.
    package static func step(_ sink: SinkState, at now: Date) -> Step? {
        let isFine = sink.failingSince == nil && sink.stopped == nil
        if let told = sink.told, told.trouble != .refused {
            if isFine {
                // That some have failed meanwhile is said with it.
                let next = unwanted(sink) > 0 ? SinkState.Told(.refused, since: now) : nil
                return Step(told: next, news: .ended(told), forgetsRefusals: unwanted(sink) == 0)
            }
            guard told.trouble == .failing, sink.stopped != nil else { return nil }
            return began(.gone, since: now)
        }
        if sink.stopped != nil { return sink.failingSince.flatMap { began(.gone, since: $0) } }
        // One that refuses all was told of when it began.
        if let since = lastingFailure(sink, at: now), !isRefusing(sink) { return began(.failing, since: since) }
        guard let told = sink.told else {
            guard unwanted(sink) > 0 else {
                return sink.lastRefusal == nil ? nil : Step(told: nil, news: nil, forgetsRefusals: true)
            }
            return sink.lastRefusal.flatMap { began(.refused, since: $0) }
        }
        // Somebody has sent them again, or dropped them.
        if unwanted(sink) == 0 { return Step(told: nil, news: nil, forgetsRefusals: true) }
        // One that takes some and refuses others is told of once a day, one that refuses all once.
        if let last = sink.lastRefusal, last >= told.since + day, let success = sink.lastSuccess, success > told.since {
            return began(.refused, since: last)
        }
        return nil
    }

    /// What a person has to see to.
    private static func unwanted(_ sink: SinkState) -> Int { sink.failed + sink.refused }

    /// Its last failure was that it refused what it got.
    private static func isRefusing(_ sink: SinkState) -> Bool {
        guard sink.refused > 0, let refusal = sink.lastRefusal else { return false }
        return refusal >= sink.lastFailure ?? .distantPast
    }

    private static func began(_ trouble: SinkState.Trouble, since: Date) -> Step {
        let told = SinkState.Told(trouble, since: since)
        return Step(told: told, news: .began(told))
    }

    /// Until when the sink is left alone because it has asked for that. Nil: it is not.
    package static func pause(of sink: SinkState, at now: Date) -> Date? {
        // A longer one was made by a clock that was wrong.
        sink.pausedUntil.flatMap { $0 > now && $0 < now + RetryPolicy.longestAskedPause / .seconds(1) + 60 ? $0 : nil }
    }

    private static func lastingFailure(_ sink: SinkState, at now: Date) -> Date? {
        guard let since = sink.failingSince, let last = sink.lastFailure else { return nil }
        // Nothing is tried in a pause that it has asked for, so no second failure says that the first one lasts.
        if let pause = pause(of: sink, at: now), sink.pending > 0,
            now >= since + patience || pause > last + patience - 1
        {
            return since
        }
        return now >= since + patience && last >= since + leastSpan ? since : nil
    }
}
