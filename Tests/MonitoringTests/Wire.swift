import Fetching
import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport

/// A feed on a recording server on loopback, polled over a real connection on a clock of its own.
final class Wire: Sendable {
    typealias Script = @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer

    let clock = ManualClock()
    let store: SQLiteStore
    let server: LoopbackServer
    let transport = CurlTransport(limits: FetchLimits())
    private let box: ScriptBox

    init() throws {
        let box = ScriptBox()
        self.box = box
        store = try SQLiteStore.inMemory()
        server = try LoopbackServer { box.script.withLock { $0 }($0) }
    }

    var feed: FeedSpec { spec("/feed") }

    func spec(_ path: String) -> FeedSpec { Self.spec(server.url + path) }

    static func spec(_ url: String) -> FeedSpec {
        var spec = FeedSpec(url: url)
        spec.policy.allowPrivateAddresses = true
        // Tests beside this one may keep every core busy.
        spec.policy.timeout = .seconds(3600)
        return spec
    }

    func answer(_ script: @escaping Script) { box.script.withLock { $0 = script } }

    func answer(_ status: Int, _ body: String = "", _ headers: [(String, String)] = []) {
        answer { _ in .status(status, body: body, headers: headers) }
    }

    /// Moves the clock to when the feed is due, and polls it.
    @discardableResult
    func poll(
        _ spec: FeedSpec? = nil, after pause: Double? = nil, jitter: Double = 0, store: (any Store)? = nil,
        hostHasMore: Bool = false
    ) async throws -> Poller.Report? {
        let spec = spec ?? feed
        try await self.store.register([spec], at: clock.now)
        if let pause {
            clock.advance(by: .seconds(pause))
        } else if let due = try await self.store.nextPollDue(), due > clock.now {
            clock.set(due)
        }
        guard let state = try await self.store.claimDueFeeds(at: clock.now, limit: 1, lease: .seconds(60)).first else {
            return nil
        }
        return try await poller(store ?? self.store, jitter).poll(
            state, spec, Lab.setup([spec], sinks: []), hostHasMore: hostHasMore)
    }

    func poller(_ store: any Store, _ jitter: Double = 0) -> Poller {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return Poller(
            transport: transport, store: store,
            keeper: StoreKeeper(clock: clock, logger: logger, keepsTrying: false), clock: clock, logger: logger,
            jitter: { jitter })
    }

    /// The fields of the last request.
    var sent: [String: String] { server.requests.last?.headers ?? [:] }

    var state: FeedState {
        get async throws { try await store.feeds()[0] }
    }

    /// Seconds until the feed is asked again.
    var pause: Double {
        get async throws { try await state.nextPoll.timeIntervalSince(clock.now) }
    }
}

private final class ScriptBox: Sendable {
    let script = Mutex<Wire.Script> { _ in .status(404) }
}
