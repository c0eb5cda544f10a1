import Fetching
import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing
import WebServing

/// A feed, its hub, and a monitor that is pushed to: real sockets, a real file, and the test's time.
final class PushLab: Sendable {
    /// Stands for the user's web server: what it leads to can change while it runs.
    private final class Gate: WebHandler {
        let inner = Mutex<(any WebHandler)?>(nil)

        func admit(_ head: WebRequestHead) async -> WebAdmission {
            guard let handler = inner.withLock({ $0 }) else { return .answer(WebResponse(502)) }
            return await handler.admit(head)
        }

        func respond(to head: WebRequestHead, body: [UInt8]) async -> WebResponse {
            guard let handler = inner.withLock({ $0 }) else { return WebResponse(502) }
            return await handler.respond(to: head, body: body)
        }
    }

    private final class Page: Sendable {
        let value = Mutex((body: "", headers: [(String, String)]()))
    }

    static let topic = "https://news.example/self"
    static let every = Duration.seconds(900)

    let clock = ManualClock()
    let hub: LoopbackHub
    let sink = RecordingSink("sink")
    private let server: LoopbackServer
    private let page: Page
    private let gate: Gate
    private let web: Task<Void, any Error>
    private let path: String
    private let transport = CurlTransport(limits: FetchLimits())
    /// What hubs call, over all runs.
    let callback: String

    init() async throws {
        hub = try LoopbackHub()
        let gate = Gate()
        self.gate = gate
        let web = WebServer(
            listen: ListenAddress(host: "127.0.0.1", port: 0), handler: gate,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        self.web = Task { try await web.run() }
        callback = "http://127.0.0.1:\(try #require(await web.port))/tocsin"
        let page = Page()
        self.page = page
        server = try LoopbackServer { _ in
            let (body, headers) = page.value.withLock { $0 }
            return .status(200, body: body, headers: headers)
        }
        path = try Fixture.temporaryFolder().appendingPathComponent("state.db").path
        publish(Entry("1", "Serikqyzy 1"))
    }

    deinit {
        transport.shutDown()
        web.cancel()
    }

    /// The feed's state, between two runs.
    var feed: FeedState {
        get async throws {
            let store = try SQLiteStore(path: path, access: .visitor)
            let feed = try await store.feeds()[0]
            await store.close()
            return feed
        }
    }

    var url: String { server.url + "/feed" }
    var polls: Int { server.requests.count }

    var spec: FeedSpec {
        var spec = FeedSpec(url: url)
        spec.policy.every = Self.every
        spec.policy.allowPrivateAddresses = true
        spec.policy.maxBodyBytes = 20_000
        return spec
    }

    /// What the feed has from now on.
    func publish(_ entries: Entry..., hub: String? = nil, headers: [(String, String)] = []) {
        let body = document(entries, hub: hub)
        page.value.withLock { $0 = (body, headers) }
    }

    func document(_ entries: [Entry], hub: String? = nil) -> String {
        rss(
            entries,
            channel: "<link xmlns=\"http://www.w3.org/2005/Atom\" rel=\"hub\" href=\"\(hub ?? self.hub.url)\"/>"
                + "<link xmlns=\"http://www.w3.org/2005/Atom\" rel=\"self\" href=\"\(Self.topic)\"/>")
    }

    /// A run of the monitor over the state, until the test ends.
    func running(
        feeds: [FeedSpec]? = nil, isPushed: Bool = true, store wrapped: ((SQLiteStore) -> any Store)? = nil,
        _ test: (Run) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try SQLiteStore(path: path, access: .owner)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let run = Run(lab: self, store: store)
            let monitor = Monitor(
                setup: run.setup(feeds ?? [spec], isPushed: isPushed), transport: transport,
                store: wrapped?(store) ?? store, hubs: store, clock: clock, logger: logger)
            run.monitor.withLock { $0 = monitor }
            gate.inner.withLock { $0 = monitor.hubCallback }
            group.addTask { try await monitor.run() }
            do {
                try await test(run)
            } catch {
                group.cancelAll()
                throw error
            }
            monitor.shutDown()
            group.cancelAll()
            while (try? await group.next()) != nil {}
        }
        gate.inner.withLock { $0 = nil }
        await store.close()
    }

    /// One run of the monitor.
    final class Run: Sendable {
        let lab: PushLab
        let store: SQLiteStore
        let monitor = Mutex<Monitor?>(nil)

        init(lab: PushLab, store: SQLiteStore) {
            self.lab = lab
            self.store = store
        }

        func setup(_ feeds: [FeedSpec], isPushed: Bool = true, mayBePrivate: Bool = true) -> MonitorSetup {
            var setup = Lab.setup(feeds, sinks: [lab.sink])
            if isPushed {
                // Of the whole configuration: a hub is at another port than its feed.
                var policy = lab.spec.policy
                policy.allowPrivateAddresses = mayBePrivate
                setup.webSub = WebSubSpec(
                    callback: lab.callback, listen: ListenAddress(host: "127.0.0.1", port: 8421),
                    policy: policy)
            }
            return setup
        }

        func reload(_ feeds: [FeedSpec], isPushed: Bool = true, mayBePrivate: Bool = true) async {
            await monitor.withLock { $0 }?.reload(setup(feeds, isPushed: isPushed, mayBePrivate: mayBePrivate))
        }

        var subscriptions: [HubSubscription] { get async throws { try await store.hubSubscriptions() } }

        /// The one that there is.
        var subscription: HubSubscription {
            get async throws {
                let all = try await subscriptions
                try #require(all.count == 1)
                return all[0]
            }
        }

        var feed: FeedState { get async throws { try await store.feeds()[0] } }

        /// Waits until something is so. Ends with the suite's time limit if it never is.
        func until(_ condition: () async throws -> Bool) async throws {
            while try await !condition() {
                // A pause between two looks: who yields only keeps a thread from the sockets, and from other suites.
                try await Task.sleep(for: .milliseconds(5))
            }
        }

        func untilActive() async throws {
            try await until { try await subscriptions.first?.phase == .active && lab.hub.subscriptions.count == 1 }
        }

        /// Moves the time on to when the feed is to be polled, and waits for the poll.
        func poll() async throws {
            let polls = lab.polls
            let due = try await feed.nextPoll
            try await settled()
            lab.clock.set(due)
            try await until { lab.polls > polls }
            try await until { try await feed.nextPoll > due }
        }

        /// Moves the time on to when a hub is to be asked.
        func passToRequest() async throws {
            try await settled()
            if let next = try await subscriptions.map(\.nextTry).min(), next > lab.clock.now { lab.clock.set(next) }
        }

        /// Moves the time on, once the loops sleep.
        func pass(_ duration: Duration) async throws {
            try await settled()
            lab.clock.advance(by: duration)
        }

        /// The polls, the hubs and the sink wait for the time.
        private func settled() async throws {
            try await until { lab.clock.sleeperCount >= 3 }
        }
    }
}
