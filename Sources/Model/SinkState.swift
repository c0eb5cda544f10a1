package import struct Foundation.Date

/// How a sink has fared, as the state keeps it.
package struct SinkState: Sendable, Hashable {
    /// What needs a person.
    package enum Trouble: String, Sendable, Hashable, CaseIterable {
        /// No try has gone well for a while.
        case failing
        /// Deliveries have failed for good, or are refused whenever they are tried.
        case refused
        /// It wants nothing more, and is stopped.
        case gone
    }

    /// What was told of last, and has not ended.
    package struct Told: Sendable, Hashable {
        package var trouble: Trouble
        package var since: Date

        package init(_ trouble: Trouble, since: Date) {
            self.trouble = trouble
            self.since = since
        }
    }

    package var name: SinkName
    /// Why it is stopped. Nil: it is not.
    package var stopped: String?
    /// The first try that was put off since the last one that went well.
    package var failingSince: Date?
    /// The last of them.
    package var lastFailure: Date?
    /// When a delivery was last refused, or failed for good. Nil where none has since somebody saw to it.
    package var lastRefusal: Date?
    /// The first one after a failure.
    package var lastSuccess: Date?
    package var lastError: String?
    /// Until when it has asked to be left alone. Of the past where that is over.
    package var pausedUntil: Date?
    package var told: Told?
    /// How many deliveries have failed for good, and how many wait.
    package var failed = 0
    package var pending = 0
    /// Of those that wait, how many were refused at their last try.
    package var refused = 0
    /// When its last heartbeat was raised.
    package var lastHeartbeat: Date?
    /// Since when the longest has waited of those that its fallback has not been given.
    package var waitingSince: Date?
    /// The same of those that are critical, and wait for no quiet hours to end.
    package var urgentSince: Date?

    package init(_ name: SinkName) {
        self.name = name
    }

    /// Whether it takes deliveries, as far as its last tries tell. Putting off, refusing and being gone are all not that.
    package var isUp: Bool {
        guard stopped == nil, failingSince == nil else { return false }
        // A success is noted when it is the first after a refusal.
        return lastRefusal.map { $0 <= lastSuccess ?? .distantPast } ?? true
    }
}

/// Who takes over what a sink does not take.
package struct SinkFallback: Sendable, Hashable {
    package static let usualPause: Duration = .seconds(15 * 60)

    package var to: SinkName
    /// How long a delivery waits, from its first try on.
    package var after: Duration

    package init(to: SinkName, after: Duration = usualPause) {
        self.to = to
        self.after = after
    }
}

/// An alert of our own making, and what of its sink is to be remembered with it.
package struct SinkNotice: Sendable {
    package enum Memory: Sendable, Hashable {
        /// What is told of the sink from now on, and whether its refusals are forgotten.
        case told(SinkState.Told?, forgetsRefusals: Bool)
        case heartbeat
    }

    package var sink: SinkName
    package var memory: Memory
    package var alert: Alert?
    package var routes: [SinkRoute]
    package var at: Date

    package init(_ sink: SinkName, _ memory: Memory, _ alert: Alert?, to routes: [SinkRoute], at: Date) {
        self.sink = sink
        self.memory = memory
        self.alert = alert
        self.routes = routes
        self.at = at
    }
}
