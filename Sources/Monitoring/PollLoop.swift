import Foundation
import Logging
import Model
import Synchronization

/// Claims feeds as they become due, and keeps as many polls under way as there may be connections.
final class PollLoop: Sendable {
    /// Feeds are claimed in batches: a claim is a commit.
    private static let batch = 64
    /// The longest sleep. Bounds what a wrong plan or a jump of the clock can cost.
    private static let longestSleep = 60.0
    /// Between two claims when little is due: 10,000 feeds are due twelve times a second.
    private static let shortestSleep = 0.5

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
        var feeds: Set<FeedID> = []
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
                        try await store.register(active.setup.feeds, at: clock.now)
                        registered = active.generation
                        onRegistered()
                    }
                    let wasFull = claimed.isEmpty ? try await claim(&claimed, active) : true
                    start(&claimed, active, &pacing, in: &group)
                    failures = 0
                    if !stop.isSet, !(claimed.isEmpty && wasFull) { try await rest(claimed, active) }
                } catch {
                    failures += 1
                    keeper.note(error)
                    await bell.wait(until: clock.now + min(Self.longestSleep, Double(failures * failures)), clock)
                }
            }
            for feed in claimed { await giveBack(feed, nextPoll: feed.nextPoll) }
        }
    }

    /// Returns whether there may be more.
    private func claim(_ claimed: inout [FeedState], _ active: CurrentSetup.Value) async throws(StoreError) -> Bool {
        let feeds = try await store.claimDueFeeds(at: clock.now, limit: Self.batch, lease: Self.lease(active))
        // A lease that ran out while its poll still runs: one poll of a feed at a time.
        claimed = inHand.withLock { hand in feeds.filter { !hand.feeds.contains($0.id) } }
        // Files cost nobody anything, and the samples should alert at once.
        if claimed.contains(where: \.isFile) { claimed = claimed.filter(\.isFile) + claimed.filter { !$0.isFile } }
        return feeds.count == Self.batch
    }

    /// Long enough for the wait for a connection, the poll itself and the commit.
    private static func lease(_ active: CurrentSetup.Value) -> Duration {
        active.slowest * 2 + .seconds(60)
    }

    private func start(
        _ claimed: inout [FeedState], _ active: CurrentSetup.Value, _ pacing: inout StartPacing,
        in group: inout DiscardingTaskGroup
    ) {
        let connections = max(1, active.setup.limits.connections)
        let room = inHand.withLock { max(0, connections - $0.feeds.count) }
        let polls = claimed.prefix(min(room, pacing.allowance(at: clock.now)))
        claimed.removeFirst(polls.count)
        pacing.count(polls.count)
        for feed in polls {
            inHand.withLock { _ = $0.feeds.insert(feed.id) }
            group.addTask { [self] in
                let due = await poll(feed)
                let mustWake = inHand.withLock { hand in
                    hand.feeds.remove(feed.id)
                    return hand.isAwaited || due < hand.nextLook
                }
                if mustWake { bell.ring() }
            }
        }
    }

    /// Returns when the feed is due again.
    private func poll(_ feed: FeedState) async -> Date {
        let active = current.value
        guard let spec = active.specs[feed.url] else {
            // It was taken out of the configuration after it was claimed, and is claimed no more.
            await giveBack(feed, nextPoll: feed.nextPoll)
            return .distantFuture
        }
        let started = clock.now
        do throws(StoreError) {
            guard let report = try await poller.poll(feed, spec, active.setup) else { return .distantFuture }
            if !report.alerts.isEmpty { onAlerts() }
            return report.nextPoll
        } catch {
            keeper.note(error)
            // Nothing of the poll was kept, validators included, so the next one finds all of it again.
            let nextPoll = started + max(spec.policy.every / .seconds(1), 1)
            await giveBack(feed, nextPoll: nextPoll)
            return nextPoll
        }
    }

    private func giveBack(_ feed: FeedState, nextPoll: Date) async {
        do throws(StoreError) {
            try await store.release(feed.id, nextPoll: nextPoll)
        } catch {
            // Its lease ends by itself.
            keeper.note(error)
        }
    }

    /// Sleeps until there is something to do.
    private func rest(_ claimed: [FeedState], _ active: CurrentSetup.Value) async throws(StoreError) {
        let connections = max(1, active.setup.limits.connections)
        let now = clock.now
        // Set before the schedule is read: a poll that ends meanwhile rings, and the bell keeps it.
        let isFull = inHand.withLock { hand in
            hand.isAwaited = hand.feeds.count >= connections
            hand.nextLook = now + Self.longestSleep
            return hand.isAwaited
        }
        var deadline = now + Self.longestSleep
        if !isFull {
            if claimed.isEmpty {
                if let due = try await store.nextPollDue() { deadline = min(deadline, due) }
                deadline = max(deadline, now + Self.shortestSleep)
            } else {
                // More may be started soon.
                deadline = now + 0.1
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
