import Foundation
import Logging
import Model
import Synchronization

/// Sees to what follows from how sinks fare: news of one that takes nothing, a fallback that takes over, signs of life, and
/// old alerts that are forgotten.
///
/// It works from the state alone, so a crash or a restart changes nothing of it.
struct OutboxKeeper: Sendable {
    /// Alerts that are kept. By their number and not by their age, since a clock can be wrong.
    static let keptAlerts = 50_000
    /// Older ones that a sink has not taken, and that nobody has seen to: their number has a bound as well.
    static let keptFailures = 20_000
    /// Items of one feed. An agency has a million a year, most have a few thousand: what is older than that many comes back in no
    /// document. Feeds whose items are new each time have no end.
    static let keptItems = 500_000
    /// Between two looks at what the state has of items.
    private static let itemPause = 600.0
    /// No sleep is longer: the clock can be set meanwhile, somebody can settle things from outside, and old alerts are to go.
    private static let longestSleep = 600.0
    /// So many given away are not all, perhaps.
    private static let many = 500
    /// Between two looks at a sink that takes nothing and has a fallback, for alerts that come meanwhile.
    private static let fallbackPause = 15.0

    let current: CurrentSetup
    let store: any OutboxStore
    let keeper: StoreKeeper
    let clock: any WallClock
    let logger: Logger
    let stop: StopSign
    /// There may be something to deliver.
    let onAlerts: @Sendable () -> Void
    private let bell = Bell()
    private let round = ItemRound()

    init(
        current: CurrentSetup, store: any OutboxStore, keeper: StoreKeeper, clock: any WallClock, logger: Logger,
        stop: StopSign, onAlerts: @escaping @Sendable () -> Void = {}
    ) {
        self.current = current
        self.store = store
        self.keeper = keeper
        self.clock = clock
        self.logger = logger
        self.stop = stop
        self.onAlerts = onAlerts
        stop.rings(bell)
    }

    /// Something may have changed.
    func wake() {
        bell.ring()
    }

    func run() async {
        var failures = 0
        while !stop.isSet {
            do throws(StoreError) {
                let (hasRaised, next) = try await step()
                failures = 0
                if hasRaised { onAlerts() }
                let now = clock.now
                let latest = now + Self.longestSleep
                await bell.wait(until: min(max(next ?? latest, now + 0.1), latest), clock)
            } catch {
                failures += 1
                keeper.note(error)
                await keeper.pause(after: failures)
            }
        }
    }

    /// Does what is due. Returns whether there is something new to deliver, and when to come again though nothing happens.
    ///
    /// - Parameter sinks: only what follows from how these fare. Nil: everything.
    func step(of sinks: Set<SinkName>? = nil) async throws(StoreError) -> (hasRaised: Bool, next: Date?) {
        let setup = current.value.setup
        let now = clock.now
        var hasRaised = try await startMoved()
        var states = try await store.sinkStates(of: setup.sinks.map(\.name))
        var looks: [Date?] = []
        func isMeant(_ name: SinkName) -> Bool { sinks?.contains(name) ?? true }
        for index in states.indices where isMeant(states[index].name) {
            if try await tell(&states[index], setup.routes, now) { hasRaised = true }
            looks.append(SinkRule.nextLook(states[index], at: now))
        }
        for state in states {
            guard let route = setup.routes.first(where: { $0.sink == state.name }) else { continue }
            if let fallback = route.fallback, isMeant(state.name) {
                let (count, look) = try await divert(state, to: fallback, now)
                if count > 0 { hasRaised = true }
                looks.append(look)
                if state.stopped != nil || state.failingSince != nil { looks.append(now + Self.fallbackPause) }
            }
            if let plan = route.heartbeat, sinks == nil {
                let troubled = states.count { SinkRule.trouble($0, at: now) != nil }
                let (isRaised, look) = try await beat(state, route, plan, troubled: troubled, now)
                if isRaised { hasRaised = true }
                looks.append(look)
            }
        }
        if sinks == nil {
            if try await prune(states, setup.routes, now) { hasRaised = true }
            try await forgetItems(now)
        }
        return (hasRaised, looks.compactMap(\.self).min())
    }

    /// Forgets old alerts. That some had failed and are lost with it is told of, once a day.
    private func prune(
        _ states: [SinkState], _ routes: [SinkRoute], _ now: Date
    ) async throws(StoreError) -> Bool {
        var lost = 0
        while !stop.isSet, !Task.isCancelled {
            let pruning = try await store.prune(keeping: Self.keptAlerts, failed: Self.keptFailures)
            lost += pruning.failed
            if !pruning.hasMore { break }
        }
        guard lost > 0 else { return false }
        logger.error("deliveries that failed were forgotten: there are too many", metadata: ["deliveries": "\(lost)"])
        guard let state = states.max(by: { $0.failed < $1.failed }) else { return false }
        let alert = SinkAlert.forgotten(of: state.name, at: now)
        let memory = SinkNotice.Memory.told(state.told, forgetsRefusals: false)
        try await store.note(SinkNotice(state.name, memory, alert, to: routes, at: now))
        return true
    }

    /// Some feeds each time, in a round over all. A run that ends soon begins its round anywhere, so that every feed has its turn.
    private func forgetItems(_ now: Date) async throws(StoreError) {
        guard let start = round.begin(at: now, pause: Self.itemPause, feeds: current.value.setup.feeds.count) else {
            return
        }
        round.end(at: try await store.forgetItems(after: start.place, at: now, bound: Self.keptItems))
    }

    /// Begins anew with sinks that were stopped, failed, or had asked for a pause, and send elsewhere now: somebody has mended the
    /// configuration. Returns whether there are some.
    func startMoved() async throws(StoreError) -> Bool {
        let addresses = current.value.setup.sinks.compactMap { sink in sink.address.map { (sink.name, $0) } }
        let started = try await store.register(Dictionary(addresses) { first, _ in first }, at: clock.now)
        for (sink, count) in started.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            logger.notice(
                "a sink that took nothing has another address, and begins anew",
                metadata: ["sink": "\(sink)", "deliveries": "\(count)"])
        }
        return !started.isEmpty
    }

    /// News of a sink goes to all others that want such news, and never to itself.
    private func tell(_ state: inout SinkState, _ routes: [SinkRoute], _ now: Date) async throws(StoreError) -> Bool {
        guard let step = SinkRule.step(state, at: now) else { return false }
        let alert = step.news.map { SinkAlert.alert($0, of: state, at: now) }
        let others = routes.filter { $0.sink != state.name }
        let memory = SinkNotice.Memory.told(step.told, forgetsRefusals: step.forgetsRefusals)
        try await store.note(SinkNotice(state.name, memory, alert, to: others, at: now))
        state.told = step.told
        if let alert {
            logger.log(
                level: alert.severity == .high ? .error : .notice, "news of a sink",
                metadata: [
                    "sink": "\(state.name)", "alert.id": "\(alert.id)", "news": "\(alert.item.title ?? "")",
                ])
        }
        return alert != nil
    }

    private func divert(
        _ state: SinkState, to fallback: SinkFallback, _ now: Date
    ) async throws(StoreError) -> (count: Int, next: Date?) {
        let pause = fallback.after / .seconds(1)
        // What waits for the morning does not wait for its sink, and the sink has its time after that as well.
        let quiet = current.value.setup.paces[state.name]?.quiet
        let isQuiet = quiet.map { $0.contains(now) || $0.contains(now - pause) } ?? false
        /// What is critical breaks through quiet hours, here as well.
        func waiting(_ state: SinkState) -> Date? { isQuiet ? state.urgentSince : state.waitingSince }
        func next(_ state: SinkState) -> Date? {
            let due = waiting(state).map { $0 + pause }
            return isQuiet ? min(due ?? .distantFuture, now + Self.longestSleep) : due
        }
        let isDue = state.stopped != nil || waiting(state).map { $0 + pause <= now } ?? false
        guard isDue || state.failed > 0 else { return (0, next(state)) }
        let latest = now - pause
        let count = try await store.divert(
            state.name, to: fallback.to, waitingSince: isQuiet ? .distantPast : latest, urgentSince: latest, at: now)
        if count > 0 {
            logger.warning(
                "a sink's fallback takes over",
                metadata: ["sink": "\(state.name)", "fallback": "\(fallback.to)", "deliveries": "\(count)"])
        }
        // There may be more than are given away at once.
        if count >= OutboxKeeper.many { return (count, now) }
        return (count, try await store.sinkStates(of: [state.name]).first.flatMap(next))
    }

    private func beat(
        _ state: SinkState, _ route: SinkRoute, _ plan: HeartbeatPlan, troubled: Int, _ now: Date
    ) async throws(StoreError) -> (isRaised: Bool, next: Date) {
        // The first is counted from the start; one in the future is of a clock that was set back.
        guard let last = state.lastHeartbeat, last <= now else {
            try await store.note(SinkNotice(state.name, .heartbeat, nil, to: [], at: now))
            return (false, plan.next(after: now))
        }
        let due = plan.next(after: last)
        guard due <= now else { return (false, due) }
        let pulse = try await store.pulse(since: last)
        let alert = SinkAlert.heartbeat(for: state.name, pulse, troubled: troubled, since: last, at: now)
        // Whatever else the sink wants to hear of.
        try await store.note(
            SinkNotice(state.name, .heartbeat, alert, to: [SinkRoute(sink: state.name)], at: now))
        return (true, plan.next(after: now))
    }
}

/// Where a round over the feeds is.
private final class ItemRound: Sendable {
    /// So many are looked at in one run, about.
    private static let few = 500

    private struct Held {
        var place: FeedID?
        var last: Date?
    }

    private let held = Mutex(Held())

    /// Nil: not yet.
    func begin(at now: Date, pause: Double, feeds: Int) -> (place: FeedID?, Void)? {
        held.withLock { held in
            if let last = held.last, abs(now.timeIntervalSince(last)) < pause { return nil }
            if held.last == nil, feeds > Self.few { held.place = FeedID(.random(in: 0..<Int64(feeds))) }
            held.last = now
            return (held.place, ())
        }
    }

    func end(at place: FeedID?) { held.withLock { $0.place = place } }
}
