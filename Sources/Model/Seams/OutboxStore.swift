package import struct Foundation.Date

/// The state's part of the health of sinks. Every function is one transaction.
package protocol OutboxStore: Sendable {
    /// How these sinks have fared, in this order.
    func sinkStates(of sinks: [SinkName]) async throws(StoreError) -> [SinkState]

    /// Notes where sinks send to (`Sink.address`). One that was stopped at another address is started, and what the stop has failed
    /// is due again; the pause that another address has asked for is over, and its failures are not this one's.
    ///
    /// - Returns: those that begin anew so, and how many of their deliveries are due again.
    func register(_ addresses: [SinkName: String], at now: Date) async throws(StoreError) -> [SinkName: Int]

    /// Those that have deliveries, whatever the configuration says, by name.
    func sinksWithDeliveries() async throws(StoreError) -> [SinkName]

    /// Raises the alert of a notice, with a delivery for each of its routes that wants it, and remembers it at the sink.
    /// It is on the disk when this returns.
    func note(_ notice: SinkNotice) async throws(StoreError)

    /// Gives the fallback what it has to take over: deliveries of `sink` that have waited since `date` or longer, critical ones
    /// since `urgent`, and those that have failed; all of them when the sink is stopped. Each once, as a delivery of its own. What
    /// is about the fallback itself stays, and so do heartbeats.
    ///
    /// - Returns: how many.
    func divert(
        _ sink: SinkName, to fallback: SinkName, waitingSince date: Date, urgentSince urgent: Date, at now: Date
    ) async throws(StoreError) -> Int

    /// What a heartbeat tells.
    func pulse(since date: Date) async throws(StoreError) -> Pulse

    /// Forgets the oldest alerts, with their deliveries and tries, where there are more than `limit`; those that wait to be
    /// delivered are kept, and so are the newest `failed` that have failed for a sink. A few at a time.
    func prune(keeping limit: Int, failed: Int) async throws(StoreError) -> Pruning

    /// Forgets items of some feeds, in a round over all that the state has, listed or not: those that no document has had for
    /// 400 days (what the feed's last document had stays, however long ago that was); and where a feed has more than `bound`, the oldest of those that its documents have not had for a day, of
    /// more than twice as many all but those that its last document had.
    ///
    /// - Parameters:
    ///   - feed: where the round is. Nil: at its beginning.
    ///   - bound: items of one feed.
    /// - Returns: where to go on. Nil: the round is over.
    func forgetItems(after feed: FeedID?, at now: Date, bound: Int) async throws(StoreError) -> FeedID?
}

/// What was forgotten.
package struct Pruning: Sendable, Hashable {
    /// There may be more.
    package var hasMore = false
    /// How many of them had failed, and nobody has sent them again or dropped them.
    package var failed = 0

    package init() {}
}

extension OutboxStore {
    package func prune(keeping limit: Int) async throws(StoreError) -> Bool {
        try await prune(keeping: limit, failed: .max).hasMore
    }
}

/// What there is to say when all is well.
package struct Pulse: Sendable, Hashable {
    package var feeds: Int
    /// Feeds whose items come, as far as is known.
    package var fineFeeds: Int
    /// Without those of the type `health`.
    package var alerts: Int

    package init(feeds: Int, fineFeeds: Int, alerts: Int) {
        self.feeds = feeds
        self.fineFeeds = fineFeeds
        self.alerts = alerts
    }
}
