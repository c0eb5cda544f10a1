package import struct Foundation.Date

/// The outbox's part for sinks that have a pace (`SinkPace`): messages, each of one alert or of several. Every function is
/// one transaction.
package protocol MessageStore: Sendable {
    /// The alerts of the message that is to be sent to `sink` now, all of them marked as taken until `now + lease`; or when to
    /// look again. Nothing while the sink is paused or stopped.
    ///
    /// Which alerts are one message is kept until it has arrived, or is refused: after a crash it is the same one.
    func claimMessage(
        to sink: SinkName, at now: Date, rule: MessageRule, lease: Duration
    ) async throws(StoreError) -> MessageClaim

    /// Whether `sink` has taken anything after a failure since then.
    func hasTaken(_ sink: SinkName, since date: Date) async throws(StoreError) -> Bool

    /// Settles all alerts of a message that was claimed, and keeps the try with each of them.
    func settle(
        message deliveries: [Delivery.ID], _ verdict: DeliveryVerdict, after attempt: DeliveryAttempt?, at now: Date
    ) async throws(StoreError)

    /// Makes several messages of one that was claimed, and not sent: it has more than a message has room for. The first stays
    /// claimed, the others are due; what is in none of them is in no message any more, and has come `now`.
    ///
    /// It is on the disk when this returns: after a crash they are the same messages.
    func part(
        message deliveries: [Delivery.ID], into messages: [[Delivery.ID]], at now: Date
    ) async throws(StoreError)

    /// Makes two messages of one that was claimed and refused, or put off again and again, due at once: so the alert that a receiver does not take keeps no
    /// other from it.
    func split(
        message deliveries: [Delivery.ID], reason: String, after attempt: DeliveryAttempt?, at now: Date
    ) async throws(StoreError)
}
