import Foundation
import Logging
import Model
import Synchronization

/// Claims feeds as they become due, and keeps as many polls under way as there may be connections. Feeds whose host has
/// no turn for them yet wait in `HostTurns`, or in the schedule.
final class PollLoop: Sendable {
    /// Feeds are claimed in batches: a claim is a commit.
    private static let batch = 64
    /// The longest sleep. Bounds what a wrong plan or a jump of the clock can cost.
    private static let longestSleep = 60.0
    /// Between two claims when little is due: 10,000 feeds are due twelve times a second.
    private static let shortestSleep = 0.5
    /// … and when feeds wait for their turns.
    private static let shortestPause = 0.1
    /// How long a feed is left alone that was due while it was still in hand.
    private static let busyPause = 30.0

    private let current: CurrentSetup
    private let poller: Poller
    private let store: any Store
    private let keeper: StoreKeeper
    private let clock: any WallClock
    private let stop: StopSign
    private let onAlerts: @Sendable () -> Void
    private let onRegistered: @Sendable () -> Void

    private let bell = Bell()
    private let inHand = Mutex(InHand())

    private struct InHand {
        /// Those that are polled.
        var feeds: Set<FeedID> = []
        var turns = HostTurns()
        /// The loop waits for a poll to end.
        var isAwaited = false
        /// When the loop looks at the schedule again. A feed that is polled is due at the end of its lease as far as the
        /// schedule knows; when the poll ends, it may be due before that.
        var nextLook = Date.distantPast
    }

    init(
        current: CurrentSetup, poller: Poller, store: any Store, keeper: StoreKeeper, clock: any WallClock,
        stop: StopSign, onAlerts: @escaping @Sendable () -> Void, onRegistered: @escaping @Sendable () -> Void
    ) {
        self.current = current
        self.poller = poller
        self.store = store
        self.keeper = keeper
        self.clock = clock
        self.stop = stop
        self.onAlerts = onAlerts
        self.onRegistered = onRegistered
        stop.rings(bell)
    }

    /// What it has in hand.
    var load: MonitorLoad {
        var load = MonitorLoad()
        load.isPolling = !stop.isSet
        (load.reading, load.waitingToBeRead) = poller.desk.load
        inHand.withLock { hand in
            load.polls = hand.feeds.count
            load.waitingForHost = hand.turns.waitingCount
        }
        return load
    }

    /// Looks at the setup and the schedule again.
    func wake() {
        bell.ring()
    }

    /// Until the stop sign is set. Then no feed is claimed any more, and the polls under way are waited for.
    func run() async {
        var registered: Int?
        var failures = 0
        var claimed: [FeedState] = []
        var pacing = StartPacing(feeds: current.value.setup.feeds.count, start: clock.now)
        await withDiscardingTaskGroup { group in
            while !stop.isSet {
                let active = current.value
                do throws(StoreError) {
                    if registered != active.generation {
                        poller.tell(of: try await store.register(active.setup.feeds, at: clock.now))
                        // Polls that are under way still look for what was looked for before.
                        let isIdle = inHand.withLock { $0.feeds.isEmpty }
                        try await store.register(
                            watches: active.setup.aims,
                            at: clock.now + (isIdle ? 0 : Self.lease(active) / .seconds(1)))
                        registered = active.generation
                        onRegistered()
                    }
                    let wasFull = claimed.isEmpty ? try await claim(&claimed, active) : true
                    let later = start(&claimed, active, &pacing, in: &group)
                    try await store.release(later)
                    failures = 0
                    if !stop.isSet, !(claimed.isEmpty && wasFull) { try await rest(claimed, active) }
                } catch {
                    failures += 1
                    keeper.note(error)
                    await bell.wait(until: clock.now + min(Self.longestSleep, Double(failures * failures)), clock)
                }
            }
            claimed += inHand.withLock { $0.turns.drain() }
            await giveBack(Dictionary(claimed.map { ($0.id, $0.nextPoll) }) { first, _ in first })
        }
    }

    /// Returns whether there may be more.
    private func claim(_ claimed: inout [FeedState], _ active: CurrentSetup.Value) async throws(StoreError) -> Bool {
        let feeds = try await store.claimDueFeeds(at: clock.now, limit: Self.batch, lease: Self.lease(active))
        // Due again while its poll still runs, or its older pages are read: one poll of a feed at a time.
        let busy = inHand.withLock { hand in
            feeds.filter { hand.feeds.contains($0.id) || hand.turns.holds($0.id) }.map(\.id)
        }
        claimed = feeds.filter { !busy.contains($0.id) }
        if !busy.isEmpty {
            let later = clock.now + Self.busyPause
            try await store.release(Dictionary(busy.map { ($0, later) }) { first, _ in first })
        }
        // Files cost nobody anything, and the samples should alert at once.
        if claimed.contains(where: \.isFile) { claimed = claimed.filter(\.isFile) + claimed.filter { !$0.isFile } }
        return feeds.count == Self.batch
    }

    /// Long enough for the wait for its turn and for a connection, the poll itself and the commit.
    private static func lease(_ active: CurrentSetup.Value) -> Duration {
        active.slowest * 2 + .seconds(180)
    }

    /// Starts what may be started. Returns those whose turn is far off, with the time of it.
    private func start(
        _ claimed: inout [FeedState], _ active: CurrentSetup.Value, _ pacing: inout StartPacing,
        in group: inout DiscardingTaskGroup
    ) -> [FeedID: Date] {
        let now = clock.now
        let connections = max(1, active.setup.limits.connections)
        let allowance = pacing.allowance(at: now)
        var later: [FeedID: Date] = [:]
        let polls = inHand.withLock { hand in
            let room = poller.desk.isCrowded ? 0 : min(max(0, connections - hand.feeds.count), allowance)
            var polls = hand.turns.next(at: now, limit: room)
            var rest: [FeedState] = []
            for feed in claimed {
                let mayStart = polls.count < room
                guard let pace = active.pace(of: feed) else {
                    if mayStart { polls.append(.init(feed: feed)) } else { rest.append(feed) }
                    continue
                }
                switch hand.turns.admit(feed, pace, at: now, mayStart: mayStart) {
                case .go: polls.append(.init(feed: feed, host: pace.host))
                case .unserved: rest.append(feed)
                case .waits: break
                case .later(let feed, let date): later[feed] = date
                }
            }
            claimed = rest
            hand.feeds.formUnion(polls.map(\.feed.id))
            return polls.map { (turn: $0, hostHasMore: hand.turns.hasWaiting($0.host)) }
        }
        pacing.count(polls.count)
        for (turn, hostHasMore) in polls {
            group.addTask { [self] in
                let due = await poll(turn, hostHasMore: hostHasMore)
                let mustWake = inHand.withLock { hand in
                    hand.feeds.remove(turn.feed.id)
                    let isAwaited = hand.turns.finish(turn.host)
                    return isAwaited || hand.isAwaited || due < hand.nextLook
                }
                if mustWake { bell.ring() }
            }
        }
        return later
    }

    /// Returns when the feed is due again.
    private func poll(_ turn: HostTurns.Turn, hostHasMore: Bool) async -> Date {
        let feed = turn.feed
        let active = current.value
        guard let spec = active.specs[feed.url] else {
            // It was taken out of the configuration after it was claimed, and is claimed no more.
            await giveBack(feed, nextPoll: feed.nextPoll)
            return .distantFuture
        }
        let started = clock.now
        do throws(StoreError) {
            guard let report = try await poller.poll(feed, spec, active.setup, hostHasMore: hostHasMore) else {
                return .distantFuture
            }
            if !report.alerts.isEmpty { onAlerts() }
            if let gap = report.gapOf, !stop.isSet { await closeGap(of: gap, at: turn.host, spec, active.setup) }
            return report.nextPoll
        } catch {
            keeper.note(error)
            // Nothing of the poll was kept, validators included, so the next one finds all of it again.
            let nextPoll = started + max(spec.policy.every / .seconds(1), 1)
            await giveBack(feed, nextPoll: nextPoll)
            return nextPoll
        }
    }

    /// Whatever comes of it, the poll itself is recorded, and so is the gap.
    private func closeGap(of feed: FeedState, at host: String?, _ spec: FeedSpec, _ setup: MonitorSetup) async {
        do throws(StoreError) {
            let alerts = try await poller.closeGap(of: feed, spec, setup) { await self.turn(at: host) }
            if !alerts.isEmpty { onAlerts() }
        } catch {
            keeper.note(error)
        }
    }

    /// Waits until a host may be asked again, beside the other feeds that it has. Returns false when the program ends first.
    private func turn(at host: String?) async -> Bool {
        while !stop.isSet, !Task.isCancelled {
            guard let later = inHand.withLock({ $0.turns.again(host, at: clock.now) }) else { return true }
            // Cancellation ends the wait, and is seen above.
            try? await clock.sleep(until: later)
        }
        return false
    }

    private func giveBack(_ feed: FeedState, nextPoll: Date) async {
        await giveBack([feed.id: nextPoll])
    }

    private func giveBack(_ feeds: [FeedID: Date]) async {
        do throws(StoreError) {
            try await store.release(feeds)
        } catch {
            // The lease ends by itself.
            keeper.note(error)
        }
    }

    /// Sleeps until there is something to do.
    private func rest(_ claimed: [FeedState], _ active: CurrentSetup.Value) async throws(StoreError) {
        let connections = max(1, active.setup.limits.connections)
        let now = clock.now
        // Set before the schedule is read: a poll that ends meanwhile rings, and the bell keeps it.
        let (isFull, turn) = inHand.withLock { hand in
            hand.isAwaited = hand.feeds.count >= connections || poller.desk.isCrowded
            hand.nextLook = now + Self.longestSleep
            return (hand.isAwaited, hand.turns.nextTurn())
        }
        var deadline = now + Self.longestSleep
        if !isFull {
            if !claimed.isEmpty {
                // More may be started soon.
                deadline = now + Self.shortestPause
            } else if let turn, turn < now + Self.shortestSleep {
                deadline = max(turn, now + Self.shortestPause)
            } else {
                if let due = try await store.nextPollDue() { deadline = min(deadline, due) }
                deadline = min(max(deadline, now + Self.shortestSleep), turn ?? .distantFuture)
            }
        }
        inHand.withLock { $0.nextLook = deadline }
        await bell.wait(until: deadline, clock)
        inHand.withLock { hand in
            hand.isAwaited = false
            hand.nextLook = .distantPast
        }
    }
}

extension FeedState {
    fileprivate var isFile: Bool { url.hasPrefix("file:") }
}
