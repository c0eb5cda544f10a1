import Foundation
import Logging
import Matching
import Model
import Monitoring
import SQLiteStorage
import TestSupport

/// One feed on a scripted server, polled by the real poller into a real state.
final class Lab: Sendable {
    static let url = "https://example.org/rss"

    let clock = ManualClock()
    let store: SQLiteStore
    let transport = ScriptedTransport { _ in .failure(.cannotResolve(host: "example.org")) }
    let spec: FeedSpec
    let backlog: Backlog
    let sink = RecordingSink("sink")

    convenience init(_ url: String = Lab.url, backlog: Backlog = .newerThan(.seconds(7 * 86_400))) throws {
        try self.init(FeedSpec(url: url), backlog: backlog)
    }

    init(_ spec: FeedSpec, backlog: Backlog = .newerThan(.seconds(7 * 86_400))) throws {
        store = try SQLiteStore.inMemory()
        self.spec = spec
        self.backlog = backlog
    }

    var setup: MonitorSetup { Lab.setup([spec], backlog: backlog, sinks: [sink]) }

    static func setup(
        _ feeds: [FeedSpec], watches: [(name: String, term: String)]? = nil, backlog: Backlog = .all,
        sinks: [any Sink], only: [String: Set<String>] = [:]
    ) -> MonitorSetup {
        MonitorSetup(
            feeds: feeds, matcher: watches.map(matcher) ?? standardMatcher, severities: ["family": .high],
            backlog: backlog, limits: FetchLimits(), sinks: sinks,
            routes: sinks.map { SinkRoute(sink: $0.name, only: only[$0.name.rawValue] ?? []) })
    }

    /// Made once: it costs more than a poll, and most tests poll often.
    private static let standardMatcher = matcher([("family", "Serikqyzy"), ("camps", "camp")])

    private static func matcher(_ watches: [(name: String, term: String)]) -> Matcher {
        let specs = watches.map { watch in
            var spec = WatchSpec(name: watch.name)
            spec.any = [Located(watch.term)]
            return spec
        }
        var issues: [Issue] = []
        return Matcher(specs, concepts: [], issues: &issues)
    }

    func answer(
        _ status: Int, _ body: String = "", _ headers: [(String, String)] = [], url: String? = nil
    ) {
        let response = FetchResponse(
            status: status, headers: headers.map { HeaderField(name: $0.0, value: Array($0.1.utf8)) },
            body: Array(body.utf8), url: url ?? spec.url)
        transport.answer { _ in .success(response) }
    }

    /// Polls when the feed is due: moves the clock there, unless the feed asks for more than `patience`.
    @discardableResult
    func poll(patience: Double = 2 * 86_400) async throws -> Poller.Report? {
        try await store.register([spec], at: clock.now)
        if let due = try await store.nextPollDue(), due > clock.now, due < clock.now + patience { clock.set(due) }
        guard let feed = try await store.claimDueFeeds(at: clock.now, limit: 1, lease: .seconds(60)).first else {
            return nil
        }
        return try await poller.poll(feed, spec, setup)
    }

    var poller: Poller {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let keeper = StoreKeeper(clock: clock, logger: logger, keepsTrying: false)
        return Poller(
            transport: transport, store: store, keeper: keeper, clock: clock, logger: logger, jitter: { 0 })
    }

    /// Asks for the feed whenever it is due, as `tocsin once` does.
    func once() async throws -> OnceReport {
        try await Monitor(
            setup: setup, transport: transport, store: store, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).once()
    }

    /// The titles of the items that were alerted by a poll of this document.
    func alerts(_ document: String) async throws -> [String] {
        answer(200, document)
        return try await poll()?.alerts.compactMap(\.item.title) ?? []
    }

    var state: FeedState {
        get async throws { try await store.feeds()[0] }
    }

    /// The validators of the last request.
    var sent: Validators? { transport.requests.last?.validators }
}

/// Waits until something is so. Ends with the suite's time limit if it never is.
func until(_ condition: () async throws -> Bool) async throws {
    while try await !condition() {
        // A pause between two looks, which leaves the processor to what is waited for.
        try await Task.sleep(for: .milliseconds(1))
    }
}

/// Runs the monitor beside the test, and shuts it down after.
func running(_ monitor: Monitor, _ body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await monitor.run() }
        do {
            try await body()
        } catch {
            group.cancelAll()
            throw error
        }
        monitor.shutDown()
        try await group.waitForAll()
    }
}

extension ManualClock {
    /// Lets a host's pause of two seconds pass, and waits for the request that comes of it: the time stands still until then.
    func passTurn(_ hasStarted: () -> Bool) async throws {
        advance(by: .milliseconds(1900))
        // Whoever would start too early does so now.
        for _ in 0..<20 { await Task.yield() }
        advance(by: .milliseconds(200))
        while !hasStarted() {
            try Task.checkCancellation()
            try? await Task.sleep(for: .milliseconds(1))
        }
    }
}

/// An item of a feed, as a test writes it.
struct Entry {
    var guid: String?
    var link: String?
    var title: String?
    var text: String?
    /// Days before the first poll.
    var age: Double?

    init(guid: String? = nil, link: String? = nil, title: String? = nil, text: String? = nil, age: Double? = nil) {
        self.guid = guid
        self.link = link
        self.title = title
        self.text = text
        self.age = age
    }

    /// With an id and a link of its own.
    init(_ name: String, _ title: String, text: String? = nil, age: Double? = nil) {
        self.init(
            guid: "id-\(name)", link: "https://example.org/\(name)", title: title, text: text, age: age)
    }

    var xml: String {
        func element(_ name: String, _ value: String?) -> String { value.map { "<\(name)>\($0)</\(name)>" } ?? "" }
        return "<item>" + element("guid", guid) + element("link", link) + element("title", title)
            + element("description", text) + element("pubDate", age.map(Entry.date)) + "</item>"
    }

    /// RFC 822, for the clock's first day.
    private static func date(_ age: Double) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = ManualClock().now - age * 86_400
        let text = Timestamp.text(date)
        let day = Int(date.timeIntervalSince1970 / 86_400)
        let month = Int(text.dropFirst(5).prefix(2)) ?? 1
        return "\(days[day % 7]), \(text.dropFirst(8).prefix(2)) \(months[month - 1]) \(text.prefix(4)) "
            + "\(text.dropFirst(11).prefix(8)) GMT"
    }
}

func rss(_ items: Entry..., channel: String = "", isCut: Bool = false) -> String {
    rss(items, channel: channel, isCut: isCut)
}

func rss(_ items: [Entry], channel: String = "", isCut: Bool = false) -> String {
    "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title><link>https://example.org/</link>"
        + "<description>All news</description>" + channel + items.map(\.xml).joined()
        + (isCut ? "<item><title>Cut Serikq" : "</channel></rss>")
}
