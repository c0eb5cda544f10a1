import Foundation
import Model

/// The deliveries of one run: each sink for itself, and what follows from how it has fared while others are still at work.
struct OnceDeliveries {
    /// Nothing is begun later: whoever runs it again has the rest, and until then the state is not another's.
    static let longest = 600.0
    /// For what is under way then.
    private static let grace = 60.0

    let active: CurrentSetup.Value
    let dispatcher: Dispatcher
    /// Nil where nobody asks how sinks fare.
    let outboxKeeper: OutboxKeeper?

    private enum Event: Sendable {
        case drained(SinkName, OnceTurn)
        case late
    }

    /// Ends when all that is due was tried, or the time is over.
    func run() async throws {
        let clock = dispatcher.clock
        let deadline = clock.now + Self.longest
        if active.sinks.isEmpty { _ = try await outboxKeeper?.step() }
        try await withThrowingTaskGroup(of: Event.self) { group in
            /// Of those that nobody works on.
            var turns = active.sinks.mapValues { _ in
                OnceTurn(until: deadline, gapsUntil: clock.now + OnceTurn.longestGaps)
            }
            var working: Set<SinkName> = []
            /// There may be more for them than they have seen.
            var stale: Set<SinkName> = []
            var judged: Set<SinkName> = []
            func start(_ name: SinkName) {
                guard let sink = active.sinks[name], let turn = turns[name], !turn.isOver else { return }
                turns[name] = nil
                working.insert(name)
                let pace = active.setup.paces[name]
                group.addTask { [dispatcher] in .drained(name, try await dispatcher.drain(sink, pace, turn)) }
            }
            for name in active.sinks.keys { start(name) }
            group.addTask {
                // Cancelled when all is done before.
                try? await clock.sleep(until: deadline + Self.grace)
                return .late
            }
            while !working.isEmpty, let event = try await group.next() {
                guard case .drained(let name, let turn) = event else { break }
                working.remove(name)
                turns[name] = turn
                judged.insert(name)
                if stale.remove(name) != nil { start(name) }
                // How the others fare in this run is not known yet.
                let known = judged.count == active.sinks.count ? nil : judged
                if let outboxKeeper, try await outboxKeeper.step(of: known).hasRaised {
                    stale.formUnion(working)
                    for name in Array(turns.keys) { start(name) }
                }
            }
            group.cancelAll()
        }
    }
}

/// What a run may still ask of a sink: it is not asked again in the same run when it hangs, or fails again and again.
struct OnceTurn: Sendable {
    /// How many failures in a row end it: of alerts that were not tried before, and of any.
    private static let mostFresh = 3
    private static let mostFailures = 6
    /// Failures that took so long together are the last. One that hangs takes its time-out.
    private static let longestFailures = Duration.seconds(10)
    /// That is waited for the gaps of a sink. Whoever has set a long gap runs it again and again.
    static let longestGaps = 60.0

    let deadline: Date
    let gapsUntil: Date
    var health = SinkHealth()
    var fresh = 0

    init(until deadline: Date, gapsUntil: Date) {
        self.deadline = deadline
        self.gapsUntil = gapsUntil
    }

    var isOver: Bool {
        health.isGone || health.wasAskedToWait || fresh >= Self.mostFresh || health.failures >= Self.mostFailures
            || health.lost >= Self.longestFailures
    }
}

extension Dispatcher {
    /// Delivers what is due to a sink. One that fails three alerts in a row that it was not given before is left alone: the rest waits in
    /// the state for the next run. What failed before goes last, and keeps nobody back. What waits for its time stays in the state; a
    /// group is not waited for.
    func drain(_ sink: any Sink, _ pace: SinkPace?, _ turn: OnceTurn) async throws(StoreError) -> OnceTurn {
        var turn = turn
        while !turn.isOver, clock.now < turn.deadline, !Task.isCancelled {
            let goesOn =
                if let pace { try await next(sink, pace, &turn) } else { try await next(sink, &turn) }
            if !goesOn { break }
        }
        return turn
    }

    /// - Returns: whether there may be more.
    private func next(_ sink: any Sink, _ turn: inout OnceTurn) async throws(StoreError) -> Bool {
        let batch = try await store.claimDeliveries(
            to: sink.name, at: clock.now, limit: turn.health.isProven ? SinkWorker.batch : 1, order: turn.health.order,
            lease: .seconds(300))
        if batch.isEmpty { return false }
        turn.health.skipRest()
        let before = turn.health.failures
        try await deliver(batch, to: sink, &turn.health) { [clock, deadline = turn.deadline] in
            !Task.isCancelled && clock.now < deadline
        }
        if turn.health.failures == 0 { turn.fresh = 0 }
        if turn.health.failures > before, batch.count > 1 || batch.allSatisfy({ $0.attempts == 0 }) { turn.fresh += 1 }
        return true
    }

    private func next(_ sink: any Sink, _ pace: SinkPace, _ turn: inout OnceTurn) async throws(StoreError) -> Bool {
        var rule = MessageRule(pace, joins: sink.takesSeveral, isPatient: false)
        // What this run's failures were is not to be all that this run has tried.
        rule.triesFresh = turn.health.failures > 0
        switch try await store.claimMessage(to: sink.name, at: clock.now, rule: rule, lease: .seconds(300)) {
        case .message(let message):
            turn.health.skipRest()
            let before = turn.health.failures
            try await deliver(message: message, to: sink, &turn.health)
            if turn.health.failures == 0 { turn.fresh = 0 }
            if turn.health.failures > before { turn.fresh += 1 }
        case .wait(let until?, isGap: true) where until <= turn.gapsUntil:
            // When it is cancelled, the loop ends.
            try? await clock.sleep(until: until)
        case .wait: return false
        }
        return true
    }
}
