package import Foundation
package import Model

/// What a host is given: how long between the starts of two requests, and how many at once.
package struct HostPace: Sendable, Hashable {
    package var host: String
    /// Seconds.
    package var gap: Double
    package var atOnce: Int

    package init(host: String, gap: Double, atOnce: Int) {
        self.host = host
        self.gap = max(0.1, gap)
        self.atOnce = max(1, atOnce)
    }
}

/// Whose turn it is at which host.
///
/// Feeds of a host that is busy wait here, and hold neither a connection nor anybody else up; who is next is drawn by lot, so
/// that no server sees its feeds asked for in the order of a list. What waits here is bounded: feeds that would wait long go
/// back to the schedule with a turn of their own, so thousands of feeds on one host cost no memory and take no feed's place.
///
/// A value: the loop owns it.
package struct HostTurns: Sendable {
    package enum Verdict: Sendable, Hashable {
        /// To be polled now: it counts as started.
        case go
        /// Its host is free, but there is no room for another poll.
        case unserved
        /// Kept here until `next` hands it out.
        case waits
        /// Not kept: due again then.
        case later(Date)
    }

    /// A feed that is to be polled now.
    package struct Turn: Sendable {
        package var feed: FeedState
        /// To be told of the end of the poll (`finish`). Nil where no host is spared.
        package var host: String?
    }

    private struct Host {
        var lastStart = Date.distantPast
        var pace: HostPace
        var active = 0
        var waiting: [FeedState] = []
        /// The turns up to then are given away.
        var bookedUntil = Date.distantPast

        func isFree(at now: Date) -> Bool {
            active < pace.atOnce && (now >= lastStart + pace.gap || now < lastStart)
        }
    }

    /// How long a feed may wait here, in seconds: one more of its host always may.
    private static let longestWait = 30.0

    /// Feeds that wait here, in all.
    private let room: Int
    private var hosts: [String: Host] = [:]
    /// Hosts with a feed that waits, the longest unserved first.
    private var line: [String] = []
    private var waitingIDs: Set<FeedID> = []
    private var pruneAt = 1024

    /// - Parameter room: how many feeds wait here at most. `.max` for a run that ends: then none goes back.
    package init(room: Int = 1024) {
        self.room = room
    }

    package var waitingCount: Int { waitingIDs.count }

    package func holds(_ feed: FeedID) -> Bool { waitingIDs.contains(feed) }

    /// Whether another feed of the host waits: then its connection is worth keeping.
    package func hasWaiting(_ host: String?) -> Bool {
        host.flatMap { hosts[$0] }.map { !$0.waiting.isEmpty } ?? false
    }

    /// - Parameter mayStart: whether there is room for another poll.
    package mutating func admit(
        _ feed: FeedState, _ pace: HostPace, at now: Date, mayStart: Bool
    ) -> Verdict {
        prune(at: now)
        var host = hosts[pace.host] ?? Host(pace: pace)
        defer { hosts[pace.host] = host }
        host.pace = pace
        if now < host.lastStart {
            // The clock was set back: what was planned by it is void.
            host.lastStart = .distantPast
            host.bookedUntil = .distantPast
        }
        if host.waiting.isEmpty, host.isFree(at: now) {
            guard mayStart else { return .unserved }
            host.lastStart = now
            host.active += 1
            return .go
        }
        let ofHost = max(1, Int(Self.longestWait / pace.gap))
        if room == .max || host.waiting.count < ofHost && waitingIDs.count < room {
            if host.waiting.isEmpty { line.append(pace.host) }
            host.waiting.append(feed)
            waitingIDs.insert(feed.id)
            return .waits
        }
        let free = max(now, host.lastStart + pace.gap) + pace.gap * Double(host.waiting.count)
        host.bookedUntil = max(host.bookedUntil + pace.gap, free)
        return .later(host.bookedUntil)
    }

    /// Feeds that waited and have their turn, each counted as started from here on.
    package mutating func next(at now: Date, limit: Int) -> [Turn] {
        var started: [Turn] = []
        var rest: [String] = []
        var hosts = line[...]
        while started.count < limit, let name = hosts.popFirst() {
            guard var host = self.hosts[name], !host.waiting.isEmpty else { continue }
            if host.isFree(at: now) {
                let feed = host.waiting.remove(at: .random(in: host.waiting.indices))
                waitingIDs.remove(feed.id)
                host.lastStart = now
                host.active += 1
                started.append(Turn(feed: feed, host: name))
                self.hosts[name] = host
            }
            // Those served stand behind those that were not.
            if !host.waiting.isEmpty { rest.append(name) }
        }
        line = Array(hosts) + rest
        return started
    }

    /// When `next` has something to hand out, as far as time decides. Nil when nothing waits, or a poll has to end first.
    package func nextTurn() -> Date? {
        line.compactMap { name -> Date? in
            guard let host = hosts[name], host.active < host.pace.atOnce else { return nil }
            return host.lastStart + host.pace.gap
        }.min()
    }

    /// A poll has ended. Returns whether its host can serve another that waits, now or at its turn.
    @discardableResult
    package mutating func finish(_ name: String?) -> Bool {
        guard let name, let host = hosts[name], host.active > 0 else { return false }
        hosts[name]?.active -= 1
        return !host.waiting.isEmpty
    }

    /// Takes out all who wait.
    package mutating func drain() -> [FeedState] {
        let feeds = line.flatMap { hosts[$0]?.waiting ?? [] }
        for name in line { hosts[name]?.waiting = [] }
        line = []
        waitingIDs = []
        return feeds
    }

    /// Hosts that owe nobody anything are forgotten, from time to time.
    private mutating func prune(at now: Date) {
        guard hosts.count >= pruneAt else { return }
        hosts = hosts.filter { _, host in
            host.active > 0 || !host.waiting.isEmpty || host.bookedUntil > now
                || host.lastStart + host.pace.gap > now && host.lastStart <= now
        }
        pruneAt = max(1024, hosts.count * 2)
    }
}
