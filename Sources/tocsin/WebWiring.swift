import Config
import FeedParsing
import Fetching
import Logging
import Model
import Monitoring
import SQLiteStorage
import Sinks
import Synchronization
import WebInterface
import WebPages
import WebServing

/// The web page and the HTTP interface, put together.
struct WebWiring: Sendable {
    let listener: Listener
    let listen: ListenAddress
    private let access: WebAccess
    private let current: Current
    private let reloads: ReloadRecord

    /// What pages are made from; a reload replaces it.
    private final class Current: Sendable {
        let setup: Mutex<Console.Setup>
        let interface: Mutex<InterfaceSource.Setup>

        init(_ setup: Setup) {
            self.setup = Mutex(setup.console)
            interface = Mutex(setup.interface)
        }

        func replace(_ new: Setup) {
            setup.withLock { $0 = new.console }
            interface.withLock { $0 = new.interface }
        }
    }

    /// - Parameters:
    ///   - transport: of addresses that somebody tries.
    ///   - recent: what the monitor has read last.
    ///   - monitor: counts what it does in `metrics`.
    init(
        _ spec: WebSpec, _ setup: Setup, transport: any Transport, monitor: Monitor, metrics: MonitorMetrics,
        recent: RecentItems?, store: SQLiteStore, logger: Logger
    ) {
        let clock = SystemClock()
        let access = WebAccess(spec, clock: clock)
        let current = Current(setup)
        let reloads = ReloadRecord(clock.now)
        let measures = WebMeasures()
        let report = MetricsReport(
            monitor: monitor, metrics: metrics, store: store, web: measures, reloads: reloads, clock: clock)
        let interface = InterfaceSource(
            store: store, access: access, clock: clock, started: clock.now,
            setup: { current.interface.withLock { $0 } }, unreadiness: { await report.unreadiness() },
            trouble: { SinkRule.trouble($0, at: $1) }, metrics: { try await report.text() })
        let reader = AddressReader(
            transport: transport, policy: { address in current.setup.withLock { $0 }.policy(for: address) },
            parse: { response in
                let (parts, isFeed) = Explainable.parts(of: FeedDocument(response))
                return AddressReader.Reading(
                    parts: parts.map { .init(heading: $0.heading, document: $0.document) }, isFeed: isFeed)
            })
        let console = Console(
            store: store, access: access, clock: clock, setup: { current.setup.withLock { $0 } }, reader: reader,
            recent: { recent?.newest ?? [] },
            onChange: { [weak monitor] in monitor?.wake() })
        let router = WebRouter(
            WebInterface.routes(interface) + console.routes, access: access, refusal: Console.refusal, logger: logger)
        let token = setup.configuration.webTokenPlace.map { "that of \($0)" } ?? "none: who uses this machine can read"
        listener = Listener(logger: logger) {
            WebServer(
                listen: spec.listen, handler: router, limits: .page, measures: measures, notes: ["token": "\(token)"],
                logger: logger)
        }
        listen = spec.listen
        self.access = access
        self.current = current
        self.reloads = reloads
    }

    /// - Parameter setup: one whose page is guarded, or has none.
    func update(_ setup: Setup) {
        current.replace(setup)
        if let web = setup.web { access.update(web) }
        reloads.noteGood(at: SystemClock().now)
    }

    /// A configuration that was not taken.
    func note(fault: String) {
        current.setup.withLock { $0.refusal = fault }
        reloads.noteFault()
    }
}

extension Setup {
    fileprivate var console: Console.Setup {
        Console.Setup(
            watches: configuration.watches, feeds: configuration.feeds, matcher: matcher,
            sinks: sinks.sinks.map(\.name), routes: sinks.routes, policy: configuration.defaults,
            hostName: { HostName.of($0) ?? FeedSpec(url: $0).hostName })
    }

    fileprivate var interface: InterfaceSource.Setup {
        InterfaceSource.Setup(
            feeds: configuration.feeds, watches: configuration.watches, sinks: sinks.sinks.map(\.name),
            tokens: web?.tokens ?? [])
    }
}

extension WebLimits {
    /// For browsers: hundreds that are slow leave room for more.
    static var page: WebLimits {
        var limits = WebLimits()
        limits.connections = 512
        limits.bufferedBytes = 8_000_000
        return limits
    }
}
