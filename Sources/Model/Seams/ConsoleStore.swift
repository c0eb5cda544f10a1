package import struct Foundation.Date

/// What the web page and the HTTP interface read of the state. Every function is one transaction, and costs what it returns and
/// not what is kept: pages are read by cursors and indexes.
package protocol ConsoleStore: Sendable {
    /// Those of the query, the newest first.
    func alertPage(_ query: AlertQuery) async throws(StoreError) -> AlertPage

    /// One alert, with its deliveries and their tries. Nil: none is kept of this id.
    func keptAlert(_ id: AlertID) async throws(StoreError) -> KeptAlert?

    /// The place of the newest alert; 0 when there is none. For who waits for the next.
    func newestAlert() async throws(StoreError) -> Int64

    /// How many alerts there are behind this place.
    func alertCount(after place: Int64) async throws(StoreError) -> Int

    /// The same without those of which nobody should hear (`AlertQuery.onlyHeard`). Of more than a thousand, a thousand.
    func heardAlertCount(after place: Int64) async throws(StoreError) -> Int

    /// How many alerts were raised since, by watch and day (UTC), the oldest day first.
    ///
    /// - Parameter watch: nil for all of them.
    func alertsByDay(since: Date, watch: String?) async throws(StoreError) -> [DayCount]

    /// The last alert of each watch, and how many there are.
    func watchTotals() async throws(StoreError) -> [WatchTotal]

    /// What alerts that are kept can be told apart by.
    func alertChoices() async throws(StoreError) -> AlertChoices

    /// Registered feeds, those that need somebody first, then in the order of the configuration.
    func feedPage(_ query: FeedQuery) async throws(StoreError) -> FeedPage

    /// A registered feed by its address. Nil: there is none.
    func feedState(at url: String) async throws(StoreError) -> FeedState?

    /// The same by its row.
    func feedState(_ id: FeedID) async throws(StoreError) -> FeedState?

    /// How many registered feeds are of each condition.
    func feedConditions() async throws(StoreError) -> [FeedHealth.Condition: Int]

    /// How many new items each of these feeds has brought in each of the last `days` days, the oldest first, today last. Of
    /// feeds with thousands of items a day, the newest thousands count.
    func newItems(of feeds: [FeedID], days: Int, at now: Date) async throws(StoreError) -> [FeedID: [Int]]

    /// Those that hold, the first to end first.
    func silences(at now: Date) async throws(StoreError) -> [Silence]
}

package struct AlertQuery: Sendable, Hashable {
    package var watch: String?
    package var severity: Severity?
    /// BCP 47 primary subtag.
    package var language: String?
    /// A feed's address as alerts have it.
    package var feed: String?
    /// Nil: alerts and news of health.
    package var kind: Alert.Kind?
    package var since: Date?
    package var until: Date?
    /// Only those that nobody has acknowledged.
    package var onlyOpen = false
    /// Without those that are quiet for the watch, or for all of their watches: it was silenced when they were raised, or they are
    /// marked as not meant.
    package var onlyHeard = false
    /// Only alerts with a smaller `place`: where the page before has ended.
    package var before: Int64?
    package var limit = 50

    package init() {}
}

package struct AlertPage: Sendable {
    package var alerts: [KeptAlert]
    /// For `AlertQuery.before`. Nil: there are no more.
    package var next: Int64?

    package init(alerts: [KeptAlert], next: Int64?) {
        self.alerts = alerts
        self.next = next
    }
}

/// An alert that is kept, and what has become of it.
package struct KeptAlert: Sendable {
    /// Grows with each alert; unique.
    package var place: Int64
    package var alert: Alert
    /// As JSON (CONTRACT, *Alert*).
    package var body: [UInt8]
    /// Their tries are there only where one alert was asked for.
    package var deliveries: [DeliveryReport]
    /// When somebody has seen to it.
    package var acknowledged: Date?

    package init(
        place: Int64, alert: Alert, body: [UInt8], deliveries: [DeliveryReport], acknowledged: Date? = nil
    ) {
        self.place = place
        self.alert = alert
        self.body = body
        self.deliveries = deliveries
        self.acknowledged = acknowledged
    }
}

package struct DayCount: Sendable, Hashable {
    package var watch: String
    /// Since 1970-01-01, UTC.
    package var day: Int
    package var count: Int

    package init(watch: String, day: Int, count: Int) {
        self.watch = watch
        self.day = day
        self.count = count
    }
}

package struct WatchTotal: Sendable, Hashable {
    package var watch: String
    package var alerts: Int
    package var last: Date

    package init(watch: String, alerts: Int, last: Date) {
        self.watch = watch
        self.alerts = alerts
        self.last = last
    }
}

package struct AlertChoices: Sendable, Hashable {
    package var watches: [String]
    package var languages: [String]
    /// Addresses as alerts have them, those with most alerts first.
    package var feeds: [String]

    package init(watches: [String], languages: [String], feeds: [String]) {
        self.watches = watches
        self.languages = languages
        self.feeds = feeds
    }
}

package struct FeedQuery: Sendable, Hashable {
    /// Empty: any.
    package var conditions: Set<FeedHealth.Condition> = []
    /// A part of the address or of the title that the feed gives itself.
    package var text: String?
    /// Feeds that the text means by another name, by their addresses.
    package var named: [String] = []
    package var offset = 0
    package var limit = 50

    package init() {}
}

package struct FeedPage: Sendable {
    package var feeds: [FeedState]
    /// How many there are on all pages.
    package var total: Int

    package init(feeds: [FeedState], total: Int) {
        self.feeds = feeds
        self.total = total
    }
}
