package import struct Foundation.Date

/// What people do with the state from the web page. Every function is one transaction, on the disk when it returns.
package protocol ConsoleActions: Sendable {
    /// Somebody has seen to the alert. Nil: nobody has, after all. False: there is none of this id.
    func acknowledge(_ alert: AlertID, at date: Date?) async throws(StoreError) -> Bool

    /// What the alert tells of is not what the watch waits for: for that watch its article, and others that have the same text, those
    /// that are there and those that come, are sent no more. What waits to be sent, or has failed, is given up where nobody else wants it,
    /// and otherwise tells of the other watches alone.
    ///
    /// - Parameter routes: the sinks there are: what one wants without the watch is still for it.
    /// - Returns: false where there is no alert of this id and watch.
    func dismiss(
        _ alert: AlertID, watch: String, routes: [SinkRoute], at now: Date
    ) async throws(StoreError) -> Bool

    /// Takes a dismissal back: what was given up for it and has not been sent is sent now. False where there is none.
    ///
    /// - Parameter alert: the dismissal's, or another one that is quiet for it.
    func restore(
        _ alert: AlertID, watch: String, routes: [SinkRoute], at now: Date
    ) async throws(StoreError) -> Bool

    /// The newest first.
    ///
    /// - Parameter watch: nil for those of all watches.
    func dismissals(of watch: String?, offset: Int, limit: Int) async throws(StoreError) -> DismissalPage

    /// Those for which an alert is quiet.
    func dismissals(of alert: AlertID) async throws(StoreError) -> [Dismissal]

    /// Makes a registered feed due, as soon as it may be asked: not before its server lets it, and not within `gap` of the last
    /// poll.
    func pollSoon(_ url: String, gap: Duration, at now: Date) async throws(StoreError) -> PollWish

    func retry(_ choice: DeliveryChoice, at now: Date) async throws(StoreError) -> Int
    func silence(_ silence: Silence) async throws(StoreError)
    func endSilence(of watch: String, at now: Date) async throws(StoreError) -> Bool
}

/// “Not my person”: an article that a watch has found and that is none of its business.
package struct Dismissal: Sendable, Hashable {
    package var watch: String
    /// The one that was marked.
    package var alert: AlertID
    package var title: String?
    package var since: Date

    package init(watch: String, alert: AlertID, title: String?, since: Date) {
        self.watch = watch
        self.alert = alert
        self.title = title
        self.since = since
    }
}

package struct DismissalPage: Sendable, Hashable {
    package var dismissals: [Dismissal]
    /// How many there are on all pages.
    package var total: Int

    package init(dismissals: [Dismissal], total: Int) {
        self.dismissals = dismissals
        self.total = total
    }
}

/// What comes of the wish that a feed be polled now.
package enum PollWish: Sendable, Hashable {
    /// It is due.
    case due
    /// It is polled just now.
    case underWay
    /// Its server has asked not to be asked before.
    case serverWaits(until: Date)
    /// It was asked a moment ago.
    case tooSoon(until: Date)
    /// It has said that it is gone for good.
    case gone
    case unknown
}
