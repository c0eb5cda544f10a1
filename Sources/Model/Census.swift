package import struct Foundation.Date

/// The state in numbers.
package struct Census: Sendable, Hashable {
    /// Feeds of the configuration. Conditions without a feed may be missing.
    package var feeds: [FeedHealth.Condition: Int] = [:]
    /// Those of them that somebody should look at.
    package var toldFeeds = 0
    /// Those that are due and not taken by anybody.
    package var dueFeeds = 0
    /// Since when the one has been due that has waited longest.
    package var dueSince: Date?
    /// When a feed was last read to its end, or found to be as it was.
    package var lastSuccess: Date?
    /// That are kept.
    package var alerts = 0
    /// Alerts that wait for a person to release them.
    package var held = 0
    /// Watches that are silent now.
    package var silences = 0
    /// Of the file of the state, and of what lies beside it.
    package var bytes = 0

    package init() {}
}
