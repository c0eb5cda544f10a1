import Foundation
package import Logging
package import Model

/// Brings claimed deliveries to their sink and settles them.
package struct Dispatcher: Sendable {
    package var store: any Store
    package var keeper: StoreKeeper
    package var clock: any WallClock
    package var logger: Logger
    /// Nil: nobody asks.
    package var metrics: MonitorMetrics?
    package var policy: RetryPolicy
    /// 0 to 1, drawn anew for each verdict.
    package var jitter: @Sendable () -> Double
    /// Called for a verdict that says something new of its sink, once it is settled, with the number of its deliveries: any
    /// but one of many successes.
    package var onNews: @Sendable (DeliveryVerdict, Int) -> Void

    package init(
        store: any Store, keeper: StoreKeeper, clock: any WallClock, logger: Logger,
        metrics: MonitorMetrics? = nil, policy: RetryPolicy = RetryPolicy(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        onNews: @escaping @Sendable (DeliveryVerdict, Int) -> Void = { _, _ in }
    ) {
        self.store = store
        self.keeper = keeper
        self.clock = clock
        self.logger = logger
        self.metrics = metrics
        self.policy = policy
        self.jitter = jitter
        self.onNews = onNews
    }

    /// Delivers in order, as many at once as the sink's health allows. Stops early when the sink wants or needs a rest,
    /// when `mayGoOn` says no, or when a delivery could not be settled; those not tried are given back.
    package func deliver(
        _ deliveries: [Delivery], to sink: any Sink, _ health: inout SinkHealth,
        mayGoOn: @escaping @Sendable () -> Bool
    ) async throws(StoreError) {
        var rest = deliveries[...]
        var known = health
        var fault: StoreError?
        await withTaskGroup(of: Result<DeliveryVerdict?, StoreError>.self) { group in
            var underWay = 0
            while true {
                while underWay < known.width(sink.concurrency, at: clock.now), fault == nil, mayGoOn(),
                    let delivery = rest.popFirst()
                {
                    group.addTask { await self.deliver(delivery, to: sink) }
                    underWay += 1
                }
                guard let result = await group.next() else { break }
                underWay -= 1
                switch result {
                case .success(let verdict?):
                    if verdict != .delivered || !known.isProven { onNews(verdict, 1) }
                    known.note(verdict, policy: policy, now: clock.now, jitter: jitter())
                case .success(nil): break
                case .failure(let error): fault = error
                }
            }
        }
        health = known
        if let fault { throw fault }
        for delivery in rest { try await store.release(delivery.id) }
    }

    /// One try. Nil when it was cancelled: then it does not count.
    private func deliver(_ delivery: Delivery, to sink: any Sink) async -> Result<DeliveryVerdict?, StoreError> {
        let started = clock.now
        #if DEBUG
            Failpoint.deliveryClaimed.pass()
        #endif
        let (reply, elapsed) = await Self.attempt(delivery, to: sink, clock)
        #if DEBUG
            Failpoint.deliverySent.pass()
        #endif
        if Task.isCancelled, case .deferred = reply.outcome { return .success(nil) }
        let now = clock.now
        let number = min(max(delivery.attempts, 0), Int(Int32.max)) + 1
        let verdict = policy.verdict(
            on: reply.outcome, attempt: number, firstTry: delivery.firstTry ?? now, now: now, jitter: jitter())
        let attempt = DeliveryAttempt(reply, verdict, number: number, at: started, duration: elapsed)
        do throws(StoreError) {
            try await keeper.persist { () async throws(StoreError) in
                try await store.settle(delivery.id, verdict, after: attempt, at: now)
            }
        } catch {
            return .failure(error)
        }
        #if DEBUG
            Failpoint.deliverySettled.pass()
        #endif
        metrics?.note(verdict, of: [delivery], duration: elapsed / .seconds(1), at: now)
        log(verdict, [delivery.id], attempt: number, elapsed: elapsed)
        return .success(verdict)
    }

    /// The one way to a sink, also for a test alert.
    static func attempt(
        _ delivery: Delivery, to sink: any Sink, _ clock: any WallClock
    ) async -> (reply: DeliveryReply, elapsed: Duration) {
        let started = clock.now
        let reply = await sink.attempt(delivery)
        return (reply, .seconds(min(max(clock.now.timeIntervalSince(started), 0), 1e6)))
    }

    /// - Parameters:
    ///   - ids: those that one message was of.
    ///   - isSplit: the message was refused, and its halves are tried.
    func log(
        _ verdict: DeliveryVerdict, _ ids: [Delivery.ID], isSplit: Bool = false, attempt: Int, elapsed: Duration
    ) {
        let shown = ids.prefix(Self.mostLogged).map(\.alert.rawValue) + (ids.count > Self.mostLogged ? ["…"] : [])
        var fields: Logger.Metadata = [
            "alert.id": "\(shown.joined(separator: " "))", "sink": "\(ids.first?.sink.rawValue ?? "")",
            "attempt": "\(attempt)",
        ]
        let what = ids.count > 1 ? "message" : "alert"
        if ids.count > 1 { fields["alerts"] = "\(ids.count)" }
        switch verdict {
        case .delivered:
            fields["duration_ms"] = "\(Int(elapsed / .milliseconds(1)))"
            logger.info("\(what) delivered", metadata: fields)
        case .retry(let date, let reason, let wholeSink):
            fields["error"] = "\(reason)"
            fields["next_try"] = "\(Timestamp.text(date))"
            if wholeSink { fields["pause"] = "the sink asked for it" }
            logger.warning("\(what) could not be delivered; trying again", metadata: fields)
        case .failed(let reason) where isSplit:
            fields["error"] = "\(reason)"
            logger.warning("message of several alerts was refused; trying its halves", metadata: fields)
        case .failed(let reason):
            fields["error"] = "\(reason)"
            logger.error("\(what) could not be delivered; 'tocsin alerts retry' sends it again", metadata: fields)
        case .sinkGone(let reason):
            fields["error"] = "\(reason)"
            logger.error("sink is gone and stopped; 'tocsin alerts retry --failed' starts it again", metadata: fields)
        }
    }

    /// Of the alerts in a message, as many ids as fit on a line.
    private static let mostLogged = 5
}
