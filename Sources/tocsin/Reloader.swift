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

/// Reads the configuration again, at SIGHUP and when its files have changed: whole, or not at all.
struct Reloader: Service {
    private enum Cause {
        case signal
        case change
    }

    /// The files, for who looks at them and who reads them.
    private final class Watch: Sendable {
        private let watch: Mutex<ConfigWatch>

        /// Whether a SIGHUP has come, be it from a person or from a terminal that closes.
        let wasHungUp = Atomic(false)

        init(_ files: [ConfigFile]) { watch = Mutex(ConfigWatch(files)) }

        var isChanged: Bool {
            let known = watch.withLock { $0.files }
            return known.map(\.now) != known
        }

        func look() -> Bool {
            let files = watch.withLock { $0.files }.map(\.now)
            return watch.withLock { $0.look(files) }
        }

        func wasRead(_ files: [ConfigFile]) { watch.withLock { $0.wasRead(files) } }
    }

    var hangups: UnixSignalsSequence
    var tether: Tether
    var path: String
    /// As the configuration was read at the start.
    var record: MonitorRecord
    var state: String
    /// Where hubs are listened for.
    var listen: ListenAddress?
    /// Nil: no page.
    var web: WebWiring?
    /// What the page looks at for near misses.
    var recent: RecentItems?
    var transport: CurlTransport
    var monitor: Monitor
    var store: SQLiteStore
    var notifier: SystemdNotifier
    var logger: Logger

    func run() async throws {
        var record = record
        let watch = Watch(record.files)
        let (causes, source) = AsyncStream.makeStream(of: Cause.self)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in hangups.cancelOnGracefulShutdown() {
                    watch.wasHungUp.store(true, ordering: .relaxed)
                    if !endsWithTerminal() { source.yield(.signal) }
                }
                source.finish()
            }
            group.addTask {
                await cancelWhenGracefulShutdown {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: ConfigWatch.pause)
                        if watch.wasHungUp.load(ordering: .relaxed), endsWithTerminal() { return }
                        if watch.look() { source.yield(.change) }
                    }
                }
            }
            for await cause in causes {
                if cause == .change {
                    // It may have been read meanwhile, at a signal.
                    guard watch.isChanged else { continue }
                    logger.notice("the configuration has changed, and is read again", metadata: ["config": "\(path)"])
                }
                notifier.reloading()
                let files = ConfigFiles()
                let read = Date()
                if let fault = await reload(files) {
                    record.refusal = MonitorRecord.Refusal(at: read, fault: fault, files: files.all)
                } else {
                    record = MonitorRecord(configuration: record.configuration, read: read, files: files.all)
                }
                watch.wasRead(files.all)
                store.announce(record.note)
                notifier.ready()
            }
            group.cancelAll()
        }
    }

    /// Ends the program, in order, where a SIGHUP came of a terminal that was closed.
    private func endsWithTerminal() -> Bool {
        guard tether.isCut else { return false }
        logger.notice("the terminal is gone, so this ends; 'nohup' or a service keeps it running")
        kill(getpid(), SIGTERM)
        return true
    }

    /// What has changed that cannot.
    private func fixedKey(in setup: Setup) -> String? {
        if setup.state != state { return "state" }
        if setup.webSub?.listen != listen { return "websub: listen" }
        return setup.web?.listen != web?.listen ? "web: listen" : nil
    }

    /// - Returns: why the old one stays. Nil: the new one holds.
    private func reload(_ files: ConfigFiles) async -> String? {
        let (setup, issues) = Wiring.load(path, transport: transport, files: files)
        for issue in issues {
            logger.log(level: issue.severity == .error ? .error : .warning, "\(issue)")
        }
        guard let setup else {
            let fault = issues.first { $0.severity == .error }.map { "\($0)" } ?? "it cannot be read"
            return refused("the configuration is wrong; the old one stays", fault)
        }
        if setup.web?.isUnguarded == true {
            return refused("\(Run.unguarded); the old configuration stays", Run.unguarded)
        }
        if let key = fixedKey(in: setup) {
            let fault = "'\(key)' cannot change while tocsin runs"
            return refused("\(fault); the old configuration stays; restart to use the new one", "\(fault); restart it")
        }
        transport.update(limits: setup.limits)
        StandardErrorLog.names.withLock { $0 = setup.monitor.guardian }
        for issue in await AddressChanges.questions(setup, in: store) { logger.warning("\(issue)") }
        await monitor.reload(setup.monitor(noting: recent))
        web?.update(setup)
        do {
            try await SinkStatus.warnOfUnknown(besides: setup.monitor.sinks.map(\.name), in: store, logger)
        } catch {
            logger.warning("the state cannot be read", metadata: ["error": "\(error)"])
        }
        logger.notice(
            "configuration reloaded",
            metadata: [
                "config": "\(path)", "feeds": "\(setup.feedCount)",
                "watches": "\(setup.watchNames.count)",
            ])
        return nil
    }

    private func refused(_ words: String, _ fault: String) -> String {
        web?.note(fault: fault)
        logger.error("\(words)", metadata: ["config": "\(path)"])
        return fault
    }
}
