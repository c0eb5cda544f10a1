package import struct Foundation.Date

/// The state: the schedule of polls, what was seen, the alerts, and the outbox.
///
/// Nothing that a crash would lose is held anywhere else. Every function is one transaction. A claim is a lease: what is
/// not recorded or settled before it ends can be claimed again.
package protocol Store: MessageStore {
    // The schedule

    /// Makes the state's list of feeds that of the configuration: adds what is new, due at `now`; what is no longer
    /// listed keeps its state but is not polled. Feeds whose `every` is shorter than it was are due sooner; those that a
    /// process which is gone had in hand are due an interval after that.
    ///
    /// What the state has of an address that a feed had before (`FeedSpec.was`), or that said it had moved to the feed's, goes over
    /// to the feed: its items, its history, what was covered and the gaps. Not what the old server said. Returns which did.
    @discardableResult
    func register(_ feeds: [FeedSpec], at now: Date) async throws(StoreError) -> [FeedSuccession]

    /// Keeps since when each watch has looked for what it looks for, and forgets those that there are no longer.
    ///
    /// - Parameter now: when the last document has been read without them.
    func register(watches: [WatchAim], at now: Date) async throws(StoreError)

    /// Feeds that are due, the longest overdue first, marked as taken until `now + lease`.
    ///
    /// A feed whose last poll lies in the future is due: the clock was set back.
    func claimDueFeeds(at now: Date, limit: Int, lease: Duration) async throws(StoreError) -> [FeedState]

    /// Every registered feed that is not gone, whenever it is due, in the order of the configuration, for `tocsin once`. All but
    /// those whose server asked to wait (`notBefore`) are marked as taken until `now + lease`.
    func claimAllFeeds(at now: Date, lease: Duration) async throws(StoreError) -> [FeedID]

    /// These feeds, in this order. Those that the state does not have are left out.
    func feeds(_ ids: [FeedID]) async throws(StoreError) -> [FeedState]

    /// What of a document's items the state has not seen, a verdict an item, in order.
    func novelties(among items: [ItemFingerprint], of feed: FeedID) async throws(StoreError) -> [Novelty]

    /// Which of these links and ids (`ItemFingerprint.link`, `guid`) items of the feed have had.
    func keys(
        links: [UInt64], ids: [UInt64], seenIn feed: FeedID
    ) async throws(StoreError) -> (links: Set<UInt64>, ids: Set<UInt64>)

    /// Records a poll: the feed's state, new and changed items, the alerts that they raise, and a delivery for each sink
    /// that wants the alert; all or nothing, and on the disk when it returns if it raised an alert.
    ///
    /// Novelty is judged anew inside the transaction. Returns the alerts that were raised.
    func record(_ poll: PollRecord) async throws(StoreError) -> [Alert]

    /// Takes a failure back that was not its feed's: of these states, what tells of failures and health, and when it is asked
    /// again, if that is sooner. Nothing where the feed has been polled since.
    func pardon(_ feeds: [FeedState]) async throws(StoreError)

    /// Keeps news that is of no feed, with a delivery for each sink that wants it. Nil: it is there already.
    func raise(_ news: Alert, to routes: [SinkRoute], at now: Date) async throws(StoreError) -> Alert?

    /// Gives a feed back unpolled: due again at `nextPoll`.
    func release(_ feed: FeedID, nextPoll: Date) async throws(StoreError)

    /// The same for many: each due again at its time.
    func release(_ feeds: [FeedID: Date]) async throws(StoreError)

    /// When the next feed is due. Nil when there is none.
    func nextPollDue() async throws(StoreError) -> Date?

    /// Every registered feed, in the order of the configuration.
    func feeds() async throws(StoreError) -> [FeedState]

    /// How many sites have registered feeds whose servers say that they are at this host for good. A feed without a site
    /// counts by its host; feeds that were on the host already do not count.
    func sites(movedTo host: String) async throws(StoreError) -> Int

    // Coverage

    /// The gap of a feed whose closing is not over.
    func openGap(of feed: FeedID) async throws(StoreError) -> CoverageGap?

    /// The gaps of all feeds that end after `date`, the oldest first.
    func gaps(since date: Date) async throws(StoreError) -> [CoverageGap]

    // The outbox

    /// Deliveries to `sink` that are due, in that order. None while the sink is paused or stopped.
    func claimDeliveries(
        to sink: SinkName, at now: Date, limit: Int, order: DeliveryOrder, lease: Duration
    ) async throws(StoreError) -> [Delivery]

    /// Records what came of tries, in the order in which they ended.
    func settle(_ settlements: [Settlement]) async throws(StoreError)

    /// Gives deliveries back untried.
    func release(_ deliveries: [Delivery.ID]) async throws(StoreError)

    /// The sink sends elsewhere from now on: a stop, a pause that was asked for, and failures are forgotten, and what waits or has
    /// failed with the stop is due.
    func restart(_ sink: SinkName, at now: Date) async throws(StoreError)

    /// When the next delivery to `sink` is due. Nil when none is pending, or the sink is stopped.
    func nextDeliveryDue(to sink: SinkName) async throws(StoreError) -> Date?

    /// Makes failed deliveries pending and due at once, and dead ones that are named; starts sinks that were stopped.
    /// Returns how many deliveries.
    func retry(_ choice: DeliveryChoice, at now: Date) async throws(StoreError) -> Int

    /// Gives up deliveries that are pending or failed: they become dead, and only `retry` by their ids sends them. Returns
    /// how many.
    func drop(_ choice: DeliveryChoice) async throws(StoreError) -> Int

    /// How many deliveries to these sinks are pending.
    func pendingDeliveries(to sinks: [SinkName]) async throws(StoreError) -> Int

    // What was kept

    /// The newest first.
    func alerts(_ filter: AlertFilter) async throws(StoreError) -> [AlertReport]
}

extension Store {
    /// The oldest alert first.
    package func claimDeliveries(
        to sink: SinkName, at now: Date, limit: Int, lease: Duration
    ) async throws(StoreError) -> [Delivery] {
        try await claimDeliveries(to: sink, at: now, limit: limit, order: .oldest, lease: lease)
    }

    /// One try, with what is to be kept of it where that is known.
    package func settle(
        _ delivery: Delivery.ID, _ verdict: DeliveryVerdict, after attempt: DeliveryAttempt? = nil, at now: Date
    ) async throws(StoreError) {
        try await settle([Settlement(delivery, verdict, after: attempt, at: now)])
    }

    /// Those of these alerts, or all that failed.
    package func retry(_ ids: [AlertID]?, at now: Date) async throws(StoreError) -> Int {
        try await retry(ids.map { .alerts($0) } ?? .failed, at: now)
    }
}

/// Which of the deliveries that are due come first.
package enum DeliveryOrder: Sendable, Hashable {
    /// The oldest alert.
    case oldest
    /// What was tried the least, so that a few that the receiver never takes keep nobody else back; then what is critical; and of
    /// those the oldest alert, or the newest.
    case leastTried(newestFirst: Bool)
}

/// Which deliveries somebody means.
package enum DeliveryChoice: Sendable, Hashable {
    /// Those of these alerts.
    case alerts([AlertID])
    /// Those that failed for good.
    case failed
    /// Those of alerts that were raised since.
    case since(Date)
    /// All of one sink.
    case sink(SinkName)
}

package struct AlertFilter: Sendable, Hashable {
    /// Nil: of any age.
    package var since: Date?
    package var watch: String?
    /// The whole id, or its beginning.
    package var id: String?
    package var limit: Int?
    /// Whether the tries of their deliveries are wanted too.
    package var withHistory = false

    package init(since: Date? = nil, watch: String? = nil, id: String? = nil, limit: Int? = nil) {
        self.since = since
        self.watch = watch
        self.id = id
        self.limit = limit
    }
}

/// An alert that is kept, and how its deliveries stand.
package struct AlertReport: Sendable, Hashable {
    package var id: AlertID
    /// As JSON (CONTRACT, *Alert*), without `deliveries`.
    package var body: [UInt8]
    package var deliveries: [DeliveryReport]
    /// When somebody has seen to it. Read only for who tells of it.
    package var acknowledged: Date?

    package init(id: AlertID, body: [UInt8], deliveries: [DeliveryReport]) {
        self.id = id
        self.body = body
        self.deliveries = deliveries
    }
}

/// What keeps the state from working.
package enum StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another process has the state.
    case inUse(path: String)
    case cannotCreate(path: String, reason: String)
    case notADatabase(path: String)
    /// A database, but not one of Tocsin's.
    case foreign(path: String)
    case corrupt(path: String, reason: String)
    case newerVersion(path: String, found: Int, known: Int)
    /// The disk is full, or a limit on file sizes is reached.
    case full(path: String)
    case readOnly(path: String)
    case failed(path: String, reason: String)

    package var description: String {
        switch self {
        case .inUse(let path):
            "\(path) is in use by another tocsin process; stop that one first, or give this one a 'state' of its own"
        case .cannotCreate(let path, let reason): "cannot create \(path): \(reason)"
        case .notADatabase(let path):
            "\(path) is not an SQLite database; nothing was changed; set 'state' to another file"
        case .foreign(let path):
            "\(path) is a database of another program; nothing was changed; set 'state' to another file"
        case .corrupt(let path, let reason):
            "\(path) is damaged (\(reason)); nothing was changed; restore a backup, or move the file away to begin anew"
        case .newerVersion(let path, let found, let known):
            "\(path) was written by a later version of tocsin (schema \(found), this one knows \(known)); "
                + "nothing was changed; use that version"
        case .full(let path): "no room to write \(path); free some space; nothing is lost meanwhile"
        case .readOnly(let path): "\(path) cannot be written; check its permissions"
        case .failed(let path, let reason): "\(path): \(reason)"
        }
    }
}
