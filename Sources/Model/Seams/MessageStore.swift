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

    /// Settles all alerts of a message that was claimed, and keeps the try with each of them.
    func settle(
        message deliveries: [Delivery.ID], _ verdict: DeliveryVerdict, after attempt: DeliveryAttempt?, at now: Date
    ) async throws(StoreError)

    /// Makes two messages of one that was claimed and refused, due at once: so the alert that a receiver does not take keeps no
    /// other from it.
    func split(
        message deliveries: [Delivery.ID], reason: String, after attempt: DeliveryAttempt?, at now: Date
    ) async throws(StoreError)
}
