import Foundation
import Logging
import Model
import Synchronization

/// Keeps the subscriptions at hubs: asks for those that are missing, renews them before their leases end, and ends those
/// that nobody needs.
final class HubKeeper: Sendable {
    /// Requests to hubs under way at once.
    private static let width = 4
    private static let batch = 16
    /// The longest sleep. Bounds what a jump of the clock can cost.
    static let longestSleep = 600.0

    private let current: CurrentSetup
    private let request: HubRequest
    private let store: any HubStore
    private let keeper: StoreKeeper
    private let clock: any WallClock
    private let logger: Logger
    private let stop: StopSign
    /// Some feeds may be due sooner than they were.
    private let onSooner: @Sendable () -> Void
    private let bell = Bell()
    private let hasBegun = Atomic(false)

    init(
        current: CurrentSetup, transport: any Transport, store: any HubStore, keeper: StoreKeeper, clock: any WallClock,
        logger: Logger, stop: StopSign, onSooner: @escaping @Sendable () -> Void
    ) {
        self.current = current
        request = HubRequest(transport: transport)
        self.store = store
        self.keeper = keeper
        self.clock = clock
        self.logger = logger
        self.stop = stop
        self.onSooner = onSooner
        stop.rings(bell)
    }

    /// Looks at the feeds and their hubs again.
    func wake() {
        bell.ring()
    }

    /// Something of a subscription is due sooner than it was. Does not begin the work.
    func hurry() {
        if hasBegun.load(ordering: .acquiring) { bell.ring() }
    }

    /// Until the stop sign is set. Begins when it is woken for the first time: until the feeds are registered, the state has
    /// those of the last run.
    func run() async {
        await bell.wait()
        hasBegun.store(true, ordering: .releasing)
        var failures = 0
        var isFirst = true
        while !stop.isSet, !Task.isCancelled {
            var deadline = clock.now + Self.longestSleep
            do throws(StoreError) {
                if isFirst {
                    try await store.distrustPushes(at: clock.now)
                    onSooner()
                    isFirst = false
                }
                let isFull = try await work()
                if let due = try await store.nextHubDue() { deadline = min(deadline, due) }
                deadline = isFull ? clock.now : max(deadline, clock.now + 1)
                failures = 0
            } catch {
                failures += 1
                keeper.note(error)
                deadline = clock.now + min(60, Double(failures * failures))
            }
            if !stop.isSet { await bell.wait(until: deadline, clock) }
        }
    }

    /// Returns whether there may be more to do.
    private func work() async throws(StoreError) -> Bool {
        let active = current.value
        let webSub = active.setup.webSub
        if try await store.arrangeHubs(callback: webSub?.callback, at: clock.now) { onSooner() }
        guard let webSub else { return false }
        let requests = try await store.claimHubRequests(at: clock.now, limit: Self.batch, patience: Self.patience)
        let failures = await withTaskGroup(of: (HubToken, HubFailure?).self) { group in
            var failures: [(HubToken, HubFailure)] = []
            for (index, subscription) in requests.enumerated() {
                if index >= Self.width, let (token, failure) = await group.next(), let failure {
                    failures.append((token, failure))
                }
                let policy = active.specs[subscription.feedURL]?.policy ?? webSub.policy
                let mayBePrivate = webSub.policy.allowPrivateAddresses
                group.addTask { [self] in (subscription.token, await ask(subscription, policy, mayBePrivate)) }
            }
            for await (token, failure) in group {
                if let failure { failures.append((token, failure)) }
            }
            return failures
        }
        for (token, failure) in failures { try await store.failHubRequest(token, failure) }
        return requests.count == Self.batch
    }

    private func ask(
        _ subscription: HubSubscription, _ policy: FetchPolicy, _ mayBePrivate: Bool
    ) async -> HubFailure? {
        var fields: Logger.Metadata = [
            "feed.url": "\(RedactedURL.text(subscription.feedURL))",
            "hub": "\(RedactedURL.text(subscription.offer.hub))",
        ]
        if subscription.failures == 1, subscription.lastError == HubSubscription.unverified {
            // Told once: a callback that cannot be reached from outside is the commonest fault of all.
            fields["error"] = "\(HubSubscription.unverified)"
            logger.warning("a hub does not push; the feed is polled as always", metadata: fields)
            fields["error"] = nil
        }
        let failure = await request.send(
            subscription, policy: policy, mayBePrivate: mayBePrivate, now: clock.now, jitter: .random(in: 0...1))
        if let failure {
            fields["error"] = "\(failure.reason)"
            fields["next_try"] = "\(Timestamp.text(failure.nextTry))"
            logger.log(level: subscription.failures == 0 ? .warning : .info, "a hub took no request", metadata: fields)
        } else {
            logger.debug(
                subscription.phase == .ending ? "asked a hub to end its pushes" : "asked a hub for its pushes",
                metadata: fields)
        }
        return failure
    }

    /// How long a hub has to verify a request, in seconds.
    private static func patience(_ failures: Int) -> Double {
        min(600 * Double(1 << min(failures, 8)), 86_400) * .random(in: 1...1.2)
    }
}
