package import struct Foundation.Date

/// Tells old news under new ids (a site that has moved, a system that publishes all of its archive again) from much news.
///
/// Hiding an item is worse than many alerts, so what is fresh goes out at once, however much there is: a mass arrest has one title and
/// the same sentences a hundred times. Dates of today make nothing fresh that the feed has had word for word.
package struct StormRule: Sendable {
    /// So many old alerts of one poll wake nobody twice.
    package static let fewest = 20
    private static let factor = 5.0

    /// How many new items the feed usually has in the time since its last poll.
    package var usual: Double
    /// What was published before must have been in an earlier document.
    package var oldBefore: Date
    /// News of alerts that are held: how many, of how many that the poll has raised.
    package var notice: @Sendable (_ held: Int, _ raised: Int) -> Alert

    package init(usual: Double, oldBefore: Date, notice: @escaping @Sendable (_ held: Int, _ raised: Int) -> Alert) {
        self.usual = usual
        self.oldBefore = oldBefore
        self.notice = notice
    }

    /// Whether the old ones among the alerts of a poll are held.
    package func isStorm(old: Int, of raised: Int) -> Bool {
        old > Self.fewest && Double(raised) > Self.factor * usual && old * 2 > raised
    }
}

/// Alerts of a feed that are held until a person releases or discards them.
package struct HeldAlerts: Sendable, Hashable {
    package var feedURL: String
    /// As the feed calls itself.
    package var feedTitle: String?
    package var alerts: Int
    package var since: Date
    /// The title of one of them.
    package var example: String?

    package init(feedURL: String, feedTitle: String?, alerts: Int, since: Date, example: String?) {
        self.feedURL = feedURL
        self.feedTitle = feedTitle
        self.alerts = alerts
        self.since = since
        self.example = example
    }
}
