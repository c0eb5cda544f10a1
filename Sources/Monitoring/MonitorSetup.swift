package import Matching
package import Model

/// What is known of hosts that nobody has configured: redirects lead to them.
package struct HostRules: Sendable {
    /// The domain whose servers a host is on. Nil: it is for itself.
    package var site: @Sendable (_ host: String) -> String?
    /// Between the starts of two requests to a host. Zero where nobody needs to be spared.
    package var gap: @Sendable (_ host: String) -> Duration

    package init(
        site: @escaping @Sendable (String) -> String? = { _ in nil },
        gap: @escaping @Sendable (String) -> Duration = { _ in .zero }
    ) {
        self.site = site
        self.gap = gap
    }
}

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
    package var hosts = HostRules()

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

extension MonitorSetup {
    /// The site of an address that a feed is asked at, or was led to.
    package func site(of address: String, _ spec: FeedSpec) -> String? {
        let host = FeedSpec.host(of: address)
        return host == spec.host ? spec.site : hosts.site(host)
    }

    /// The same for the pause between two requests.
    package func gap(of address: String, _ spec: FeedSpec) -> Duration {
        let host = FeedSpec.host(of: address)
        return host == spec.host ? spec.hostGap : hosts.gap(host)
    }
}
