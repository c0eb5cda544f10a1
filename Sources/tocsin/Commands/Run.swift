import ArgumentParser
import Config
import Fetching
import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import ServiceLifecycle
import Synchronization
import UnixSignals
import WebServing

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Polls, matches and delivers until SIGTERM or SIGINT.",
        discussion: """
            The configuration is read again at SIGHUP, and by itself some seconds after one of its files has changed. One \
            with faults is refused and named in the log, and the old one stays. It ends with the terminal that it was started \
            on, unless by 'nohup'.
            """)

    @OptionGroup var options: CommonOptions

    /// The configuration's own checks refuse it as well; a page that is open by mistake is the worst that they could let through.
    static let unguarded =
        "the web page could be read from other machines without a token, and is not opened"

    func run() async throws {
        let logger = options.logger
        // From the start, and before anybody is told that we run: one that is not trapped ends the program with a status that
        // says that it failed. What comes before the services are there is waiting for them.
        let stops = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        let files = ConfigFiles()
        let setup = try Wiring.setup(options.config, transport: transport, files: files)
        let read = Date()
        if setup.web?.isUnguarded == true {
            Terminal.message("tocsin: \(Self.unguarded)")
            throw ExitStatus.configuration
        }
        transport.update(limits: setup.limits)
        StandardErrorLog.names.withLock { $0 = setup.monitor.guardian }
        let store = try SQLiteStore(path: setup.state, access: .owner)
        for issue in await StateReview.issues(setup, in: store) { Terminal.message("\(issue)") }
        try await SinkStatus.warnOfUnknown(besides: setup.monitor.sinks.map(\.name), in: store, logger)

        let metrics = setup.web.map { _ in MonitorMetrics() }
        let recent = setup.web.map { _ in RecentItems() }
        let monitor = Monitor(
            setup: setup.monitor(noting: recent), transport: transport, store: store, hubs: store, outbox: store,
            metrics: metrics,
            clock: SystemClock(), logger: logger)
        let notifier = SystemdNotifier(environment: ProcessInfo.processInfo.environment)
        let tether = Tether()
        // Trapped before anybody is told that we run: a SIGHUP that is not trapped ends the program.
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let web = setup.web.flatMap { spec in
            metrics.map {
                WebWiring(
                    spec, setup, transport: transport, monitor: monitor, metrics: $0, recent: recent, store: store,
                    logger: logger)
            }
        }
        // From here on a SIGHUP reloads, and commands beside us may send one.
        let record = MonitorRecord(configuration: Wiring.absolute(options.config), read: read, files: files.all)
        store.announce(record.note)
        let reloader = Reloader(
            hangups: hangups, tether: tether, path: options.config, record: record, state: setup.state,
            listen: setup.webSub?.listen,
            web: web,
            recent: recent, transport: transport,
            monitor: monitor, store: store, notifier: notifier, logger: logger)
        let watchdog = Watchdog(notifier: notifier, store: store)
        let firstPolls = FirstPolls(store: store)

        var services: [any Service] = [
            monitor, reloader, watchdog, firstPolls, Farewell(notifier: notifier),
        ]
        if let webSub = setup.webSub, let callback = monitor.hubCallback {
            services.append(
                Listener(logger: logger) { WebServer(listen: webSub.listen, handler: callback, logger: logger) })
        }
        if let web { services.append(web.listener) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: Together(services: services)),
                    .init(service: StopSignals(signals: stops), successTerminationBehavior: .gracefullyShutdownGroup),
                ],
                logger: Logger(label: "tocsin.services") { _ in SwiftLogNoOpLogHandler() }))
        logger.notice(
            "watching",
            metadata: [
                "version": "\(Product.version)", "feeds": "\(setup.feedCount)",
                "watches": "\(setup.watchNames.count)",
                "sinks": "\(setup.sinkNames.joined(separator: " "))",
            ])
        notifier.ready()
        try await group.run()
        transport.shutDown()
        await store.close()
        logger.notice("stopped")
    }
}

/// Ends with the first signal to stop, and so ends the group.
private struct StopSignals: Service {
    var signals: UnixSignalsSequence

    func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() { return }
    }
}

/// Tells systemd that the program is alive, as long as its state answers.
private struct Watchdog: Service {
    var notifier: SystemdNotifier
    var store: any Store

    func run() async throws {
        guard let interval = notifier.watchdogInterval else {
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // A state that cannot be read is told of by the monitor, and may be a full disk that passes.
                _ = try? await store.nextPollDue()
                notifier.alive()
                try? await Task.sleep(for: interval)
            }
        }
    }
}

/// Sees to it that the program ends in time.
///
/// What is under way gets some seconds to finish. A name server that never answers, or a disk that hangs, does not get
/// more: all that matters is in the state, so it is safe to end at any point.
private struct Farewell: Service {
    /// Less than the ten that a container gets, and the fifteen of the systemd unit.
    static let patience = 8.0

    var notifier: SystemdNotifier

    func run() async throws {
        try? await gracefulShutdown()
        notifier.stopping()
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: Self.patience)
            _exit(0)
        }
    }
}
