import Foundation
import Model
import Synchronization

/// A state whose disk is full whenever a test says so.
final class UnreliableStore: Store {
    private let base: any Store
    private let fault = Mutex<StoreError?>(nil)
    private let failures = Mutex(0)
    /// Waited for before tries are written down.
    private let onSettle: @Sendable ([Settlement]) async -> Void

    init(_ base: any Store, onSettle: @escaping @Sendable ([Settlement]) async -> Void = { _ in }) {
        self.base = base
        self.onSettle = onSettle
    }

    func fail(with error: StoreError?) { fault.withLock { $0 = error } }

    /// How many writes have failed.
    var failureCount: Int { failures.withLock { $0 } }

    private func check() throws(StoreError) {
        guard let error = fault.withLock({ $0 }) else { return }
        failures.withLock { $0 += 1 }
        throw error
    }

    @discardableResult
    func register(_ feeds: [FeedSpec], at now: Date) async throws(StoreError) -> [FeedSuccession] {
        try check()
        return try await base.register(feeds, at: now)
    }

    func register(watches: [WatchAim], at now: Date) async throws(StoreError) {
        try check()
        try await base.register(watches: watches, at: now)
    }

    func claimDueFeeds(at now: Date, limit: Int, lease: Duration) async throws(StoreError) -> [FeedState] {
        try check()
        return try await base.claimDueFeeds(at: now, limit: limit, lease: lease)
    }

    func feeds(_ ids: [FeedID]) async throws(StoreError) -> [FeedState] {
        try check()
        return try await base.feeds(ids)
    }

    func claimAllFeeds(at now: Date, lease: Duration) async throws(StoreError) -> [FeedID] {
        try check()
        return try await base.claimAllFeeds(at: now, lease: lease)
    }

    func keys(
        links: [UInt64], ids: [UInt64], seenIn feed: FeedID
    ) async throws(StoreError) -> (links: Set<UInt64>, ids: Set<UInt64>) {
        try await base.keys(links: links, ids: ids, seenIn: feed)
    }

    func novelties(among items: [ItemFingerprint], of feed: FeedID) async throws(StoreError) -> [Novelty] {
        try await base.novelties(among: items, of: feed)
    }

    func record(_ poll: PollRecord) async throws(StoreError) -> [Alert] {
        try check()
        return try await base.record(poll)
    }

    func pardon(_ feeds: [FeedState]) async throws(StoreError) {
        try check()
        try await base.pardon(feeds)
    }

    func raise(_ news: Alert, to routes: [SinkRoute], at now: Date) async throws(StoreError) -> Alert? {
        try check()
        return try await base.raise(news, to: routes, at: now)
    }

    func release(_ feed: FeedID, nextPoll: Date) async throws(StoreError) {
        try check()
        try await base.release(feed, nextPoll: nextPoll)
    }

    func release(_ feeds: [FeedID: Date]) async throws(StoreError) {
        try check()
        try await base.release(feeds)
    }

    func nextPollDue() async throws(StoreError) -> Date? { try await base.nextPollDue() }

    func sites(movedTo host: String) async throws(StoreError) -> Int { try await base.sites(movedTo: host) }

    func feeds() async throws(StoreError) -> [FeedState] { try await base.feeds() }

    func openGap(of feed: FeedID) async throws(StoreError) -> CoverageGap? { try await base.openGap(of: feed) }

    func gaps(since date: Date) async throws(StoreError) -> [CoverageGap] { try await base.gaps(since: date) }

    func claimDeliveries(
        to sink: SinkName, at now: Date, limit: Int, order: DeliveryOrder, lease: Duration
    ) async throws(StoreError) -> [Delivery] {
        try await base.claimDeliveries(to: sink, at: now, limit: limit, order: order, lease: lease)
    }

    func settle(_ settlements: [Settlement]) async throws(StoreError) {
        await onSettle(settlements)
        try check()
        try await base.settle(settlements)
    }

    func claimMessage(
        to sink: SinkName, at now: Date, rule: MessageRule, lease: Duration
    ) async throws(StoreError) -> MessageClaim {
        try check()
        return try await base.claimMessage(to: sink, at: now, rule: rule, lease: lease)
    }

    func settle(
        message deliveries: [Delivery.ID], _ verdict: DeliveryVerdict, after attempt: DeliveryAttempt?, at now: Date
    ) async throws(StoreError) {
        try check()
        try await base.settle(message: deliveries, verdict, after: attempt, at: now)
    }

    func hasTaken(_ sink: SinkName, since date: Date) async throws(StoreError) -> Bool {
        try await base.hasTaken(sink, since: date)
    }

    func part(
        message deliveries: [Delivery.ID], into messages: [[Delivery.ID]], at now: Date
    ) async throws(StoreError) {
        try check()
        try await base.part(message: deliveries, into: messages, at: now)
    }

    func split(
        message deliveries: [Delivery.ID], reason: String, after attempt: DeliveryAttempt?, at now: Date
    ) async throws(StoreError) {
        try check()
        try await base.split(message: deliveries, reason: reason, after: attempt, at: now)
    }

    func release(_ deliveries: [Delivery.ID]) async throws(StoreError) {
        try check()
        try await base.release(deliveries)
    }

    func restart(_ sink: SinkName, at now: Date) async throws(StoreError) {
        try check()
        try await base.restart(sink, at: now)
    }

    func nextDeliveryDue(to sink: SinkName) async throws(StoreError) -> Date? {
        try await base.nextDeliveryDue(to: sink)
    }

    func retry(_ choice: DeliveryChoice, at now: Date) async throws(StoreError) -> Int {
        try await base.retry(choice, at: now)
    }

    func drop(_ choice: DeliveryChoice) async throws(StoreError) -> Int { try await base.drop(choice) }

    func pendingDeliveries(to sinks: [SinkName]) async throws(StoreError) -> Int {
        try await base.pendingDeliveries(to: sinks)
    }

    func alerts(_ filter: AlertFilter) async throws(StoreError) -> [AlertReport] { try await base.alerts(filter) }
}
