package import struct Foundation.Date

/// What a sink says of a delivery, and what its receiver said to it.
package struct DeliveryReply: Sendable, Hashable {
    /// What a delivery that was put off says of its sink.
    package enum Bearing: Sendable, Hashable {
        /// It takes nothing now.
        case fault
        /// It is there and does not take this: somebody has to look, since it will hardly pass by itself.
        case refusal
        /// It is well: some of those whom it is for have it now, and the others' share is put off.
        case taken
        /// Nothing: it is about one of those whom it is for, and others have it already.
        case nothing
    }

    package var outcome: DeliveryOutcome
    /// Of HTTP or SMTP, or a program's exit status. Nil where there was none.
    package var status: Int?
    /// The receiver's own words, on one line, without secrets and without what the alert is about: at most
    /// `DeliveryAttempt.maxAnswerBytes`. Nil when it said nothing.
    package var answer: String?
    /// What the sink wants to know at the next try, over restarts; of one that was delivered, what the receiver calls the message,
    /// so that others can answer it. Nil: what it noted before still holds.
    package var memo: String?
    /// Of one that was put off.
    package var bearing: Bearing

    package init(
        _ outcome: DeliveryOutcome, status: Int? = nil, answer: String? = nil, memo: String? = nil,
        bearing: Bearing = .fault
    ) {
        self.outcome = outcome
        self.bearing = bearing
        self.memo = memo
        self.status = status
        self.answer = answer.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// One try of a delivery, as it is kept.
package struct DeliveryAttempt: Sendable, Hashable {
    package enum Verdict: String, Sendable, Hashable, CaseIterable {
        case delivered
        /// Tried again later.
        case deferred
        /// Given up: kept as failed.
        case failed
        /// The sink wants nothing more.
        case gone
    }

    /// Of a receiver's answer.
    package static let maxAnswerBytes = 2048
    /// Of one delivery: older ones are forgotten. In three days there are some 45.
    package static let mostKept = 64

    /// From 1.
    package var number: Int
    /// When it began.
    package var at: Date
    package var duration: Duration
    package var verdict: Verdict
    package var status: Int?
    /// Why it was not delivered.
    package var reason: String?
    package var answer: String?
    /// `DeliveryReply.memo`: kept with the delivery, and not with its tries.
    package var memo: String?
    /// `DeliveryReply.bearing`: it counts for the sink when the try is settled.
    package var bearing = DeliveryReply.Bearing.fault

    package init(
        number: Int, at: Date, duration: Duration, verdict: Verdict, status: Int? = nil, reason: String? = nil,
        answer: String? = nil
    ) {
        self.number = number
        self.at = at
        self.duration = duration
        self.verdict = verdict
        self.status = status
        self.reason = reason
        self.answer = answer
    }

    /// - Parameter number: it is the delivery's own count that holds once it is kept.
    package init(_ reply: DeliveryReply, _ verdict: DeliveryVerdict, number: Int, at date: Date, duration: Duration) {
        self.init(
            number: number, at: date, duration: max(duration, .zero), verdict: .delivered, status: reply.status,
            answer: reply.answer)
        memo = reply.memo
        bearing = reply.bearing
        switch verdict {
        case .delivered: self.verdict = .delivered
        case .retry(_, let reason, _): (self.verdict, self.reason) = (.deferred, reason)
        case .failed(let reason): (self.verdict, self.reason) = (.failed, reason)
        case .sinkGone(let reason): (self.verdict, self.reason) = (.gone, reason)
        }
    }
}
