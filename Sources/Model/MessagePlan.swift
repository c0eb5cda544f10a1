package import Foundation

/// What waits for a sink that has a pace, as far as the next message depends on it.
package struct WaitingMessages: Sendable, Hashable {
    /// A message of several alerts, or of one, that was begun: whatever came of it, it is the same one until it has
    /// arrived, so that a receiver can drop the repeat.
    package struct Begun: Sendable, Hashable {
        package var number: Int64
        package var isUrgent: Bool

        package init(number: Int64, isUrgent: Bool) {
            self.number = number
            self.isUrgent = isUrgent
        }
    }

    /// The first that is due, urgent ones before others.
    package var begun: [Begun] = []
    /// How many urgent alerts wait, none of them in a message that was begun; counted up to what a message holds.
    package var urgent = 0
    /// When the others came that are due, the first first; as many as a message holds, and one more.
    package var arrivals: [Date] = []
    /// When the last messages went out, the latest first; as many as the rate counts.
    package var sent: [Date] = []
    /// When the last one was begun, whether it arrived or not.
    package var lastStart: Date?
    /// When the first of those is due that are not due yet.
    package var nextDue: Date?

    package init() {}
}

/// What a sink with a pace is sent next: a function of the state and the time.
package enum MessageStep: Sendable, Hashable {
    case begun(Int64)
    /// So many of the urgent alerts, the oldest first.
    case urgent(Int)
    /// So many of the others, the first that came first.
    case fresh(Int)
    /// Nothing before. `isGap`: only since another message went out just now. Nil: nothing is pending.
    case wait(until: Date?, isGap: Bool)
}

/// How a pace is kept.
package struct MessageRule: Sendable, Hashable {
    package var pace: SinkPace
    /// Whether the sink takes several alerts as one message.
    package var joins: Bool
    /// Whether the wait of a group is waited for.
    package var isPatient: Bool
    /// What was not tried goes before messages that were begun, which may be what a receiver never takes.
    package var triesFresh = false

    package init(_ pace: SinkPace, joins: Bool, isPatient: Bool = true) {
        self.pace = pace
        self.joins = joins
        self.isPatient = isPatient
    }

    /// How many alerts a message has at most.
    package var mostTogether: Int {
        guard joins else { return 1 }
        if pace.digest != nil { return SinkPace.mostTogether }
        if let group = pace.group { return min(max(group.max, 1), SinkPace.mostTogether) }
        return pace.rate == nil ? 1 : SinkPace.mostTogether
    }

    package func step(_ waiting: WaitingMessages, at now: Date) -> MessageStep {
        let isEmpty = waiting.begun.isEmpty && waiting.urgent == 0 && waiting.arrivals.isEmpty
        if isEmpty { return .wait(until: waiting.nextDue, isGap: false) }
        if let last = waiting.lastStart, last <= now, last + pace.gap / .seconds(1) > now {
            return .wait(until: last + pace.gap / .seconds(1), isGap: true)
        }
        let urgent = waiting.urgent > 0 ? MessageStep.urgent(min(waiting.urgent, mostTogether)) : nil
        if triesFresh, let urgent { return urgent }
        if let message = waiting.begun.first(where: \.isUrgent) { return .begun(message.number) }
        if let urgent { return urgent }
        func wait(_ date: Date) -> MessageStep {
            .wait(until: min(date, waiting.nextDue ?? date), isGap: false)
        }
        if let end = pace.quiet?.end(of: now) { return wait(end) }
        var slots = Int.max
        if let rate = pace.rate {
            let window = rate.window / .seconds(1)
            // Those of the future were noted by a clock that was wrong.
            let sent = waiting.sent.filter { $0 > now - window && $0 <= now }.sorted(by: >)
            slots = rate.count - sent.count
            if slots <= 0 { return wait(sent[rate.count - 1] + window) }
        }
        if let message = waiting.begun.first {
            if triesFresh, case .fresh(let count) = fresh(waiting, slots, now, wait) { return .fresh(count) }
            return .begun(message.number)
        }
        return fresh(waiting, slots, now, wait)
    }

    private func fresh(
        _ waiting: WaitingMessages, _ slots: Int, _ now: Date, _ wait: (Date) -> MessageStep
    ) -> MessageStep {
        let arrivals = waiting.arrivals
        guard let first = arrivals.first else { return .wait(until: waiting.nextDue, isGap: false) }
        if joins, let digest = pace.digest {
            let due = digest.next(after: first)
            if due > now { return wait(due) }
            // What came since the last time waits for the next.
            let count = arrivals.prefix { digest.next(after: $0) <= now }.count
            return .fresh(min(count, mostTogether))
        }
        if joins, let group = pace.group {
            let end = first + group.wait / .seconds(1)
            if isPatient, arrivals.count < mostTogether, end > now { return wait(end) }
            return .fresh(min(arrivals.count, mostTogether))
        }
        // Each by itself as long as the rate has room for all that wait.
        return .fresh(joins && arrivals.count > slots ? min(arrivals.count, mostTogether) : 1)
    }
}

/// What was claimed for a sink that has a pace.
package enum MessageClaim: Sendable, Hashable {
    /// The alerts of one message, the oldest first.
    case message([Delivery])
    case wait(until: Date?, isGap: Bool)
}
