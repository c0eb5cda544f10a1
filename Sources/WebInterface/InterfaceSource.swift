package import Foundation
package import Measuring
package import Model
package import WebServing

/// What the interface tells of, put together by the program.
package struct InterfaceSource: Sendable {
    /// The part of the configuration that is told of.
    package struct Setup: Sendable {
        package var feeds: [FeedSpec]
        package var watches: [WatchSpec]
        package var sinks: [SinkName]
        /// Those of `web:`. Empty: whoever reaches the address may read.
        package var tokens: [Secret]

        package init(feeds: [FeedSpec], watches: [WatchSpec], sinks: [SinkName], tokens: [Secret]) {
            self.feeds = feeds
            self.watches = watches
            self.sinks = sinks
            self.tokens = tokens
        }
    }

    package var store: any ConsoleStore & InterfaceStore
    package var access: WebAccess
    package var clock: any WallClock
    /// When the program began.
    package var started: Date
    /// As it is now: a reload replaces it.
    package var setup: @Sendable () -> Setup
    /// Why the program is not ready, for anybody to read: without paths and names. Nil: it polls, and the state answers.
    package var unreadiness: @Sendable () async -> String?
    /// What of a sink needs a person.
    package var trouble: @Sendable (SinkState, Date) -> SinkState.Told?
    /// All metrics.
    package var metrics: @Sendable () async throws -> MetricsText

    package init(
        store: any ConsoleStore & InterfaceStore, access: WebAccess, clock: any WallClock, started: Date,
        setup: @escaping @Sendable () -> Setup, unreadiness: @escaping @Sendable () async -> String?,
        trouble: @escaping @Sendable (SinkState, Date) -> SinkState.Told?,
        metrics: @escaping @Sendable () async throws -> MetricsText
    ) {
        self.store = store
        self.access = access
        self.clock = clock
        self.started = started
        self.setup = setup
        self.unreadiness = unreadiness
        self.trouble = trouble
        self.metrics = metrics
    }
}
