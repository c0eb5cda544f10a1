package import Matching
package import Model

/// All that the monitor works from. Immutable: a reload replaces it whole.
package struct MonitorSetup: Sendable {
    package var feeds: [FeedSpec]
    package var matcher: Matcher
    /// By the name of the watch.
    package var severities: [String: Severity]
    /// What watches are called outside of this machine, by their names.
    package var codenames: [String: String] = [:]
    /// What watches look for.
    package var aims: [WatchAim] = []
    package var backlog: Backlog
    package var limits: FetchLimits
    package var sinks: [any Sink]
    package var routes: [SinkRoute]
    /// Of sinks that have one.
    package var paces: [SinkName: SinkPace]
    /// Nil: no hub is asked to push.
    package var webSub: WebSubSpec?

    /// Notes what is read. Nil: nobody looks at it.
    package var recent: RecentItems?

    /// Keeps its names out of logs.
    package var guardian: NameGuard { NameGuard(matcher, secretWatches: Set(codenames.keys)) }

    package init(
        feeds: [FeedSpec], matcher: Matcher, severities: [String: Severity], backlog: Backlog, limits: FetchLimits,
        sinks: [any Sink], routes: [SinkRoute], paces: [SinkName: SinkPace] = [:], webSub: WebSubSpec? = nil
    ) {
        self.feeds = feeds
        self.matcher = matcher
        self.severities = severities
        self.backlog = backlog
        self.limits = limits
        self.sinks = sinks
        self.routes = routes
        self.paces = paces
        self.webSub = webSub
    }
}
