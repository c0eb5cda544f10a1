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
    /// What may be told of a receiver's words beside the alert that they are about.
    package var tame: @Sendable (String) -> String = { $0 }
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

    /// Tries that have ended and are not written down yet. With those under way, as many as a crash can repeat.
    private static let mostUnsettled = 64

    /// Delivers in order, as many at once as the sink's health allows. Where it allows one, its try is written down before the
    /// next begins; else what has ended is written down together, while others go on. Stops early when the sink wants or
    /// needs a rest, when `mayGoOn` says no, or when a delivery could not be settled; those not tried are given back.
    package func deliver(
        _ deliveries: [Delivery], to sink: any Sink, _ health: inout SinkHealth,
        mayGoOn: @escaping @Sendable () -> Bool
    ) async throws(StoreError) {
        var rest = deliveries[...]
        var known = health
        var fault: StoreError?
        await withTaskGroup(of: Event.self) { group in
            var underWay = 0
            var ended: [Try] = []
            // How many are being written.
            var settling = 0
            func mayStart() -> Bool {
                if fault != nil || !mayGoOn() { return false }
                let width = known.width(sink.concurrency, at: clock.now)
                if width == 1 { return underWay + ended.count + settling == 0 }
                return underWay < width && ended.count + settling < Self.mostUnsettled
            }
            while true {
                if settling == 0, !ended.isEmpty {
                    settling = ended.count
                    group.addTask { [ended] in .settled(await settle(ended)) }
                    ended = []
                }
                while !rest.isEmpty, mayStart(), let delivery = rest.popFirst() {
                    group.addTask { .tried(await self.deliver(delivery, to: sink)) }
                    underWay += 1
                }
                switch await group.next() {
                case nil: return
                case .tried(nil): underWay -= 1
                case .tried(var one?):
                    underWay -= 1
                    let verdict = one.settlement.verdict
                    one.isNews = verdict != .delivered || !known.isProven
                    let bearing = one.settlement.attempt?.bearing ?? .fault
                    known.note(
                        verdict, bearing, took: one.elapsed, policy: policy, now: clock.now, jitter: jitter())
                    ended.append(one)
                case .settled(let error):
                    settling = 0
                    fault = fault ?? error
                }
            }
        }
        health = known
        if let fault { throw fault }
        try await store.release(rest.map(\.id))
    }

    private enum Event: Sendable {
        /// Nil: it was cancelled, and does not count.
        case tried(Try?)
        case settled(StoreError?)
    }

    /// A try that has ended.
    private struct Try: Sendable {
        var delivery: Delivery
        var settlement: Settlement
        var number: Int
        var elapsed: Duration
        /// It says something new of the sink.
        var isNews = false
    }

    /// One try. Nil when it was cancelled.
    private func deliver(_ delivery: Delivery, to sink: any Sink) async -> Try? {
        let started = clock.now
        #if DEBUG
            Failpoint.deliveryClaimed.pass()
        #endif
        let (reply, elapsed) = await Self.attempt(delivery, to: sink, clock)
        #if DEBUG
            Failpoint.deliverySent.pass()
        #endif
        if Task.isCancelled, case .deferred = reply.outcome { return nil }
        let now = clock.now
        let number = min(max(delivery.attempts, 0), Int(Int32.max)) + 1
        let verdict = policy.verdict(
            on: reply.outcome.mapReason(tame), attempt: number, firstTry: delivery.firstTry ?? now, now: now,
            jitter: jitter())
        let attempt = DeliveryAttempt(reply, verdict, number: number, at: started, duration: elapsed)
        return Try(
            delivery: delivery, settlement: Settlement(delivery.id, verdict, after: attempt, at: now), number: number,
            elapsed: elapsed)
    }

    /// - Returns: what kept the last of them that could not be written from it.
    private func settle(_ tries: [Try]) async -> StoreError? {
        do throws(StoreError) {
            try await keeper.persist { () async throws(StoreError) in
                try await store.settle(tries.map(\.settlement))
            }
        } catch {
            // One that cannot be written must not have the others sent again and again.
            guard tries.count > 1 else { return error }
            var fault: StoreError?
            for one in tries { fault = await settle([one]) ?? fault }
            return fault
        }
        for one in tries {
            #if DEBUG
                Failpoint.deliverySettled.pass()
            #endif
            let settled = one.settlement
            metrics?.note(settled.verdict, of: [one.delivery], duration: one.elapsed / .seconds(1), at: settled.at)
            if one.isNews { onNews(settled.verdict, 1) }
            log(settled.verdict, [settled.delivery], attempt: one.number, elapsed: one.elapsed)
        }
        return nil
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
    ///   - isSplit: the message was refused, or put off too often, and its halves are tried.
    func log(
        _ verdict: DeliveryVerdict, _ ids: [Delivery.ID], isSplit: Bool = false, attempt: Int, elapsed: Duration
    ) {
        if verdict == .delivered, logger.logLevel > .info { return }
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
        case .retry(_, let reason, _) where isSplit:
            fields["error"] = "\(reason)"
            logger.warning("message of several alerts was put off again and again; trying its halves", metadata: fields)
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
