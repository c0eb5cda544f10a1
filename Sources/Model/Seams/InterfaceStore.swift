package import struct Foundation.Date

/// What the HTTP interface reads of the state beside what the page does. Every function is one look at it.
package protocol InterfaceStore: CensusStore {
    /// Those of the query, the newest first, as they were written: to read them as values would cost more than all the rest.
    func alertReports(_ query: AlertQuery) async throws(StoreError) -> AlertReportPage

    /// Feeds of the configuration, in its order, so that who goes through them by pages misses none.
    func feeds(_ filter: FeedFilter) async throws(StoreError) -> [FeedEntry]

    func sinkStates(of sinks: [SinkName]) async throws(StoreError) -> [SinkState]
}

package struct AlertReportPage: Sendable {
    package var reports: [AlertReport]
    /// For `AlertQuery.before`. Nil: there are no more.
    package var next: Int64?

    package init(reports: [AlertReport], next: Int64?) {
        self.reports = reports
        self.next = next
    }
}

package struct FeedFilter: Sendable {
    package var condition: FeedHealth.Condition?
    /// Whether somebody should look at them (`FeedState.needsSomebody`), at a time.
    package var needsSomebody: (is: Bool, at: Date)?
    /// Only those behind this one (`FeedEntry.position`).
    package var after: Int?
    package var limit: Int

    package init(limit: Int) {
        self.limit = limit
    }
}

/// A feed of the state at its place in the configuration.
package struct FeedEntry: Sendable {
    package var position: Int
    package var state: FeedState
    /// Nil: no hub is asked to push it.
    package var push: HubSubscription?

    package init(position: Int, state: FeedState, push: HubSubscription?) {
        self.position = position
        self.state = state
        self.push = push
    }
}
