import Foundation
package import Logging
package import Model
import ServiceLifecycle
import Synchronization

/// The work: due feeds in, settled deliveries out.
///
/// Everything that a crash must not lose is in the store. What is here is how far the work at hand has come.
package final class Monitor: Service {
    /// How long polls and deliveries that are under way may go on after the word to stop.
    private static let grace = 5.0

    let current: CurrentSetup
    let transport: any Transport
    let store: any Store
    /// Nil where there are no pushes.
    private let hubs: (any HubStore)?
    /// Nil where nobody asks how sinks fare.
    let outbox: (any OutboxStore)?
    /// Nil where nobody asks what it has done.
    package let metrics: MonitorMetrics?
    let clock: any WallClock
    let logger: Logger

    private let keeper: StoreKeeper
    private let stop = StopSign()
    private let stopBell = Bell()
    private let reloadBell = Bell()
    private let workers = Mutex<[SinkName: SinkWorker]>([:])
    private let pollLoop = Mutex<PollLoop?>(nil)
    private let outboxKeeper = Mutex<OutboxKeeper?>(nil)
    private let hubKeeper = Mutex<HubKeeper?>(nil)

    package init(
        setup: MonitorSetup, transport: any Transport, store: any Store, hubs: (any HubStore)? = nil,
        outbox: (any OutboxStore)? = nil, metrics: MonitorMetrics? = nil, clock: any WallClock, logger: Logger
    ) {
        current = CurrentSetup(setup)
        self.transport = transport
        self.store = store
        self.hubs = hubs
        self.outbox = outbox
        self.metrics = metrics
        self.clock = clock
        self.logger = logger
        keeper = StoreKeeper(clock: clock, logger: logger, keepsTrying: true)
        stop.rings(stopBell)
        stop.rings(reloadBell)
    }

    /// Polls and delivers until the task is cancelled or its service group shuts down; can be run once. Then nothing new
    /// is begun; what is under way gets five seconds. No fault of the state ends it.
    package func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await serve()
        } onCancelOrGracefulShutdown: {
            self.shutDown()
        }
    }

    /// Ends `run` as a service group does: nothing new is begun from now on.
    package func shutDown() {
        stop.set()
    }

    /// Replaces the setup, whole, for every poll and delivery that begins from now on.
    package func reload(_ setup: MonitorSetup) async {
        current.replace(setup)
        reloadBell.ring()
        pollLoop.withLock { $0 }?.wake()
        wakeWorkers()
        outboxKeeper.withLock { $0 }?.wake()
    }

    /// What it has in hand.
    package var load: MonitorLoad {
        var load = pollLoop.withLock { $0 }?.load ?? MonitorLoad()
        load.stateErrors = keeper.faultCount
        load.isTroubled = keeper.isTroubled
        return load
    }

    /// The sinks that it delivers to now.
    package var sinks: [SinkName] { current.value.setup.sinks.map(\.name) }

    /// Looks at the schedule and the outbox again: somebody has changed them in the state.
    package func wake() {
        pollLoop.withLock { $0 }?.wake()
        wakeWorkers()
    }

    /// What hubs call. Nil where there are no pushes.
    package var hubCallback: (any WebHandler)? {
        guard let hubs else { return nil }
        // A hub does not wait for a full disk: it comes again.
        let keeper = StoreKeeper(clock: clock, logger: logger, keepsTrying: false)
        var poller = Poller(transport: transport, store: store, keeper: keeper, clock: clock, logger: logger)
        poller.metrics = metrics
        return HubCallback(
            current: current, poller: poller, store: hubs, clock: clock, logger: logger,
            onAlerts: { [weak self] in self?.wakeWorkers() },
            onShortLease: { [weak self] in self?.hubKeeper.withLock { $0 }?.hurry() })
    }

    private func serve() async {
        let keeper = keeper
        let outboxKeeper = outbox.map { store in
            OutboxKeeper(
                current: current, store: store, keeper: keeper, clock: clock, logger: logger, stop: stop,
                onAlerts: { [weak self] in self?.wakeWorkers() })
        }
        self.outboxKeeper.withLock { $0 = outboxKeeper }
        var dispatcher = Dispatcher(
            store: store, keeper: keeper, clock: clock, logger: logger, metrics: metrics,
            onNews: { _, _ in outboxKeeper?.wake() })
        dispatcher.tame = { [current] in current.value.setup.guardian.text($0) }
        var poller = Poller(transport: transport, store: store, keeper: keeper, clock: clock, logger: logger)
        let hubKeeper = hubs.map { hubs in
            HubKeeper(
                current: current, transport: transport, store: hubs, keeper: keeper, clock: clock, logger: logger,
                stop: stop, onSooner: { [weak self] in self?.pollLoop.withLock { $0 }?.wake() })
        }
        self.hubKeeper.withLock { $0 = hubKeeper }
        poller.onHubNews = { hubKeeper?.wake() }
        poller.metrics = metrics
        let loop = PollLoop(
            current: current, poller: poller, store: store, keeper: keeper, clock: clock, stop: stop,
            onAlerts: { [weak self] in self?.wakeWorkers() }, onRegistered: { hubKeeper?.wake() })
        pollLoop.withLock { $0 = loop }

        enum Part { case work, patience }
        await withTaskGroup(of: Part.self) { group in
            group.addTask {
                await loop.run()
                return .work
            }
            group.addTask { [dispatcher] in
                await self.serveSinks(dispatcher)
                return .work
            }
            group.addTask {
                await outboxKeeper?.run()
                return .work
            }
            group.addTask {
                await hubKeeper?.run()
                return .work
            }
            group.addTask {
                await self.stopBell.wait()
                // Cancelled when the work is done before.
                try? await self.clock.sleep(until: self.clock.now + Self.grace)
                return .patience
            }
            var working = 4
            while working > 0, let part = await group.next() {
                switch part {
                case .work: working -= 1
                case .patience: group.cancelAll()
                }
            }
            group.cancelAll()
        }
        pollLoop.withLock { $0 = nil }
        self.outboxKeeper.withLock { $0 = nil }
        self.hubKeeper.withLock { $0 = nil }
    }

    /// One worker a sink. Those of sinks that a reload took away stay, idle.
    private func serveSinks(_ dispatcher: Dispatcher) async {
        await withDiscardingTaskGroup { group in
            while !stop.isSet {
                for name in current.value.sinks.keys {
                    let worker = SinkWorker(name, current: current, dispatcher: dispatcher, stop: stop)
                    let isNew = workers.withLock { workers in
                        if workers[name] != nil { return false }
                        workers[name] = worker
                        return true
                    }
                    if isNew { group.addTask { await worker.run() } }
                }
                await reloadBell.wait()
            }
        }
    }

    private func wakeWorkers() {
        for worker in workers.withLock({ Array($0.values) }) { worker.wake() }
    }
}
