package import Model

/// A configuration that was read and checked.
package struct Configuration: Sendable {
    /// As it was named on the command line.
    package var file: String
    /// The absolute path of the state.
    package var state: String
    package var limits = FetchLimits()
    /// `fetch:`, for feeds that say nothing else.
    package var defaults = FetchPolicy()
    package var feeds: [FeedSpec] = []
    package var concepts: [Concept] = []
    package var watches: [WatchSpec] = []
    package var backlog = Backlog.newerThan(.seconds(7 * 86_400))
    /// Nil: no hub is asked to push, and no port is opened for it.
    package var webSub: Located<WebSubSpec>?
    /// Nil: there is no web page, and no port is opened for it.
    package var web: WebSpec?
    /// For people: `token_file (feeds.yaml:7)`. Nil: the page has no token.
    package var webTokenPlace: String?
    /// What stands under `alerts:`, for the sinks to read.
    package var alerts: [SinkEntry] = []
}

/// One entry of `alerts:`. The sink of its kind reads the rest.
package struct SinkEntry: Sendable {
    package var kind: Located<String>
    package var section: ConfigSection
}
