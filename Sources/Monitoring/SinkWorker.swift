import Foundation
import Model
import Synchronization

/// Serves one sink for as long as the monitor runs, so that a slow one holds up no other.
final class SinkWorker: Sendable {
    static let batch = 256
    /// Long enough for a few time-outs. What of a batch was not tried by then is given back.
    private static let lease = 120.0
    /// Bounds how long a delivery waits that somebody else made due (`tocsin alerts retry`).
    private static let longestSleep = 15.0
    /// Of so many probes of a sink that fails, one is a message that was not tried before. More would make many small messages of
    /// what belongs together while a receiver is down.
    private static let freshProbe = 4

    private let name: SinkName
    private let current: CurrentSetup
    private let dispatcher: Dispatcher
    private let stop: StopSign
    private let bell = Bell()

    init(_ name: SinkName, current: CurrentSetup, dispatcher: Dispatcher, stop: StopSign) {
        self.name = name
        self.current = current
        self.dispatcher = dispatcher
        self.stop = stop
        stop.rings(bell)
    }

    /// There may be something to deliver.
    func wake() {
        bell.ring()
    }

    func run() async {
        var health = SinkHealth()
        var failures = 0
        // Nil: not known yet.
        var address: String??
        while !stop.isSet {
            let now = dispatcher.clock.now
            // A reload may have taken the sink away, or changed it under the same name.
            guard let sink = current.value.sinks[name] else {
                await bell.wait(until: now + 3600, dispatcher.clock)
                continue
            }
            // What the sink asked for is in the state, where a person can end it.
            if health.rests(at: now), !health.wasAskedToWait, address == sink.address, let end = health.restsUntil {
                await bell.wait(until: min(end, now + Self.longestSleep), dispatcher.clock)
                continue
            }
            do throws(StoreError) {
                if let known = address, known != sink.address {
                    // Again, though the state knows the new address: the old one may have answered since.
                    try await dispatcher.store.restart(name, at: now)
                    health = SinkHealth()
                }
                address = sink.address
                if let pace = current.value.setup.paces[name] {
                    var rule = MessageRule(pace, joins: sink.takesSeveral)
                    rule.triesFresh = health.failures % Self.freshProbe == Self.freshProbe - 1
                    try await deliver(to: sink, rule, &health)
                    failures = 0
                    continue
                }
                let batch = try await claim(health, at: now)
                if batch.isEmpty {
                    try await rest()
                } else {
                    // Only a person starts a sink again that was gone; then there is something to claim.
                    if health.isGone { health = SinkHealth() }
                    health.endAskedRest()
                    try await dispatcher.deliver(batch, to: sink, &health) { [stop, clock = dispatcher.clock] in
                        !stop.isSet && clock.now < now + Self.lease
                    }
                }
                failures = 0
            } catch {
                failures += 1
                dispatcher.keeper.note(error)
                await dispatcher.keeper.pause(after: failures)
            }
        }
    }

    /// The next message of a sink that has a pace, or a rest until there may be one.
    private func deliver(
        to sink: any Sink, _ rule: MessageRule, _ health: inout SinkHealth
    ) async throws(StoreError) {
        let now = dispatcher.clock.now
        let claim = try await dispatcher.store.claimMessage(
            to: name, at: now, rule: rule, lease: .seconds(Int(Self.lease)))
        switch claim {
        case .message(let message):
            if health.isGone { health = SinkHealth() }
            health.endAskedRest()
            try await dispatcher.deliver(message: message, to: sink, &health)
        case .wait(let until, _):
            let latest = now + Self.longestSleep
            await bell.wait(until: max(min(until ?? latest, latest), now + 0.1), dispatcher.clock)
        }
    }

    private func claim(_ health: SinkHealth, at now: Date) async throws(StoreError) -> [Delivery] {
        // One alone, until the sink is known to be well.
        let limit = health.isProven ? Self.batch : 1
        return try await dispatcher.store.claimDeliveries(
            to: name, at: now, limit: limit, order: health.order, lease: .seconds(Int(Self.lease)))
    }

    private func rest() async throws(StoreError) {
        let clock = dispatcher.clock
        var deadline = clock.now + Self.longestSleep
        if let due = try await dispatcher.store.nextDeliveryDue(to: name) { deadline = min(deadline, due) }
        await bell.wait(until: max(deadline, clock.now + 0.1), clock)
    }
}
