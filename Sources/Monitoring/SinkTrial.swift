package import Model

/// One alert to one sink, without the outbox.
package struct SinkTrial: Sendable, Hashable {
    package var attempt: DeliveryAttempt

    /// Sends a test alert, once. It ends when the sink's own time-out does.
    package static func run(_ sink: any Sink, clock: any WallClock) async -> SinkTrial {
        let started = clock.now
        let alert = SinkAlert.test(for: sink.name, at: started)
        let delivery = Delivery(
            id: .init(alert: alert.id, sink: sink.name), body: alert.json, attempts: 0, firstTry: nil)
        let (reply, duration) = await Dispatcher.attempt(delivery, to: sink, clock)
        let verdict = RetryPolicy().verdict(
            on: reply.outcome, attempt: 1, firstTry: started, now: clock.now, jitter: 0)
        return SinkTrial(attempt: DeliveryAttempt(reply, verdict, number: 1, at: started, duration: duration))
    }
}
