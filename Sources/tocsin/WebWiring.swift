import Config
import Logging
import Model
import Monitoring
import SQLiteStorage
import Sinks
import Synchronization
import WebPages
import WebServing

/// The web page and the HTTP interface, put together.
struct WebWiring: Sendable {
    let server: WebServer
    let listen: ListenAddress
    private let access: WebAccess
    private let current: Current

    /// What pages are made from; a reload replaces it.
    private final class Current: Sendable {
        let setup: Mutex<Console.Setup>

        init(_ setup: Console.Setup) {
            self.setup = Mutex(setup)
        }
    }

    init(_ spec: WebSpec, _ setup: Setup, store: SQLiteStore, monitor: Monitor, logger: Logger) {
        let clock = SystemClock()
        let access = WebAccess(spec, clock: clock)
        let current = Current(setup.console)
        let console = Console(
            store: store, access: access, clock: clock, setup: { current.setup.withLock { $0 } },
            onChange: { [weak monitor] in monitor?.wake() })
        let router = WebRouter(console.routes, access: access, refusal: Console.refusal, logger: logger)
        server = WebServer(listen: spec.listen, handler: router, limits: .page, logger: logger)
        listen = spec.listen
        self.access = access
        self.current = current
    }

    func update(_ setup: Setup) {
        current.setup.withLock { $0 = setup.console }
        if let web = setup.web { access.update(web) }
    }
}

extension Setup {
    fileprivate var console: Console.Setup {
        Console.Setup(
            watches: configuration.watches, feeds: configuration.feeds, matcher: matcher,
            sinks: sinks.sinks.map(\.name))
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
