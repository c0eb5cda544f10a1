package import struct Foundation.Date

/// One alert on its way to one sink.
package struct Delivery: Sendable, Hashable {
    package struct ID: Sendable, Hashable {
        package var alert: AlertID
        package var sink: SinkName

        package init(alert: AlertID, sink: SinkName) {
            self.alert = alert
            self.sink = sink
        }
    }

    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Waits for its first or next try.
        case pending
        /// The sink took it.
        case sent
        /// Tocsin has given up; `alerts retry` sends it again.
        case failed
        /// A user has given up.
        case dead
        /// Not to be sent.
        case suppressed
    }

    package var id: ID
    /// The alert as JSON: the bytes that are sent and signed (CONTRACT, *Alert*). They are the stored ones, but for `untold`.
    package var body: [UInt8]
    /// How many tries there were before this one.
    package var attempts: Int
    /// Of the first try. Nil before it.
    package var firstTry: Date?
    /// When its alert was raised. Nil: not known.
    package var raised: Date?
    /// What the sink noted at an earlier try for this one.
    package var memo: String?
    /// Which of several messages it is in. Nil where one has room for all.
    package var part: MessagePart?
    /// What its watches were called outside when it was raised (`as:`), by their names then.
    package var codenames: [String: String] = [:]
    /// Watches of the alert that `body` leaves out: they were silenced, or it is not meant for them.
    package var untold: [String] = []
    /// What the alert is called where its watch is not to be told. Nil: nothing else.
    package var outside: OutsideIDs?
    /// The alert that this one says again, where the sink has it, or gets it before. Then a message to people can be short.
    package var original: Original?

    package struct Original: Sendable, Hashable {
        package var id: AlertID
        package var title: String?
        /// What the receiver calls the message that it was in. Nil where that is not known.
        package var receipt: String?

        package init(id: AlertID, title: String?, receipt: String? = nil) {
            self.id = id
            self.title = title
            self.receipt = receipt
        }
    }

    /// Ids that tell nothing of a watch's name: with a key of the state, and the same on every try.
    package struct OutsideIDs: Sendable, Hashable {
        package var alert: AlertID
        /// Of the alert that this one is a copy of.
        package var first: AlertID?
        /// That one has a watch that is called otherwise outside.
        package var isFirstRenamed = false
        /// Of the alert that this one is much like (`Alert.resemblesDismissed`).
        package var dismissed: AlertID?

        package init(alert: AlertID) {
            self.alert = alert
        }
    }

    package init(id: ID, body: [UInt8], attempts: Int, firstTry: Date?) {
        self.id = id
        self.body = body
        self.attempts = attempts
        self.firstTry = firstTry
    }
}

/// What a sink says of a delivery.
package enum DeliveryOutcome: Sendable, Hashable {
    case delivered
    /// Not now: tried again later, not before `retryAfter`. When that is given, it holds for the whole sink.
    case deferred(reason: String, retryAfter: Duration?)
    /// Never, as it is: kept as failed, since it needs a person.
    case refused(reason: String)
    /// The sink wants nothing more: it is stopped.
    case gone(reason: String)

    /// The same, with other words for why.
    package func mapReason(_ change: (String) -> String) -> DeliveryOutcome {
        switch self {
        case .delivered: self
        case .deferred(let reason, let retryAfter): .deferred(reason: change(reason), retryAfter: retryAfter)
        case .refused(let reason): .refused(reason: change(reason))
        case .gone(let reason): .gone(reason: change(reason))
        }
    }
}

/// What becomes of a delivery.
package enum DeliveryVerdict: Sendable, Hashable {
    case delivered
    /// `wholeSink`: the sink asked for the pause, so nothing else goes there before.
    case retry(at: Date, reason: String, wholeSink: Bool)
    case failed(reason: String)
    case sinkGone(reason: String)
}

/// What came of one try of a delivery, as it is to be written down.
package struct Settlement: Sendable, Hashable {
    package var delivery: Delivery.ID
    package var verdict: DeliveryVerdict
    /// Nil where nothing is kept of the try.
    package var attempt: DeliveryAttempt?
    /// When it ended.
    package var at: Date

    package init(
        _ delivery: Delivery.ID, _ verdict: DeliveryVerdict, after attempt: DeliveryAttempt? = nil, at date: Date
    ) {
        self.delivery = delivery
        self.verdict = verdict
        self.attempt = attempt
        at = date
    }
}

/// What a sink wants to hear of.
package struct SinkRoute: Sendable, Hashable {
    package var sink: SinkName
    /// Watches, tags of feeds, or severities. Empty: everything.
    package var only: Set<String>
    /// Nil: what it does not take waits for it.
    package var fallback: SinkFallback?
    /// Nil: no signs of life.
    package var heartbeat: HeartbeatPlan?

    package init(sink: SinkName, only: Set<String> = []) {
        self.sink = sink
        self.only = only
    }

    package func wants(_ alert: Alert) -> Bool {
        if only.isEmpty { return true }
        if alert.kind == .health { return only.contains("health") }
        return only.contains(alert.severity.rawValue)
            || alert.watches.contains(where: only.contains)
            || alert.feed.tags.contains(where: only.contains)
    }
}

/// How a delivery stands, for people: one element of `deliveries` in `tocsin alerts --json`.
package struct DeliveryReport: Sendable, Hashable {
    package var sink: SinkName
    package var state: Delivery.State
    package var attempts: Int
    package var lastError: String?
    package var nextTry: Date?
    /// The last of them, in order (`DeliveryAttempt.mostKept`). Only where one alert was asked for.
    package var history: [DeliveryAttempt] = []

    package init(sink: SinkName, state: Delivery.State, attempts: Int, lastError: String?, nextTry: Date?) {
        self.sink = sink
        self.state = state
        self.attempts = attempts
        self.lastError = lastError
        self.nextTry = nextTry
    }
}
