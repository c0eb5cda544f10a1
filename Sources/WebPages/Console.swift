package import Matching
package import Model
package import WebServing

/// What pages are made from.
package struct Console: Sendable {
    /// The configuration that holds now.
    package struct Setup: Sendable {
        package var watches: [WatchSpec]
        package var feeds: [FeedSpec] { didSet { feedNames = Self.names(of: feeds) } }
        /// Of those that the user has named, by their address as it is shown.
        private(set) var feedNames: [String: String]
        package var matcher: Matcher
        package var sinks: [SinkName]
        /// What they want.
        package var routes: [SinkRoute]
        /// Of `fetch:`.
        package var policy: FetchPolicy
        /// Why a configuration that was read since was not taken, for people. Nil: this is the one that was read last.
        package var refusal: String?
        /// Of the watches, in the order of the configuration.
        package var names: [String] { watches.map(\.name) }
        /// The name of an address's host, as whoever connects to it reads it.
        package var hostName: @Sendable (_ address: String) -> String

        package init(
            watches: [WatchSpec], feeds: [FeedSpec], matcher: Matcher, sinks: [SinkName],
            routes: [SinkRoute] = [], policy: FetchPolicy = FetchPolicy(),
            hostName: @escaping @Sendable (_ address: String) -> String = { FeedSpec(url: $0).hostName }
        ) {
            self.policy = policy
            self.routes = routes
            self.hostName = hostName
            self.watches = watches
            self.feeds = feeds
            feedNames = Self.names(of: feeds)
            self.matcher = matcher
            self.sinks = sinks
        }

        private static func names(of feeds: [FeedSpec]) -> [String: String] {
            Dictionary(feeds.compactMap { feed in feed.name.map { (FeedName.shown(feed.url), $0) } }) { first, _ in
                first
            }
        }

        /// By which an address is fetched for somebody: as the feed there is, or one at its host, at whatever port. What is reached by
        /// way of a proxy alone must not be asked from here, nor its name be asked for.
        package func policy(for address: String) -> FetchPolicy {
            if let feed = feeds.first(where: { $0.url == address }) { return feed.policy }
            let host = hostName(address)
            return feeds.first { $0.policy.proxy != nil && !$0.isFile && hostName($0.url) == host }?.policy ?? policy
        }
    }

    let store: any ConsoleStore & ConsoleActions
    let access: WebAccess
    let clock: any WallClock
    let setup: @Sendable () -> Setup
    /// Nil: addresses cannot be tried.
    let reader: AddressReader?
    let trials: TrialDesk
    /// What was read last, the newest first.
    let recent: @Sendable () -> [RecentItems.Item]
    /// Somebody has changed the schedule or the outbox.
    let onChange: @Sendable () -> Void

    /// - Parameters:
    ///   - setup: called for each request, so that a reload shows.
    ///   - reader: reads addresses that somebody wants to try.
    ///   - trials: where texts are tried.
    ///   - recent: what was read last, for what came near.
    ///   - onChange: called when an action has changed the schedule or the outbox in the state.
    package init(
        store: any ConsoleStore & ConsoleActions, access: WebAccess, clock: any WallClock,
        setup: @escaping @Sendable () -> Setup, reader: AddressReader? = nil, trials: TrialDesk = TrialDesk(),
        recent: @escaping @Sendable () -> [RecentItems.Item] = { [] },
        onChange: @escaping @Sendable () -> Void = {}
    ) {
        self.store = store
        self.access = access
        self.clock = clock
        self.setup = setup
        self.reader = reader
        self.trials = trials
        self.recent = recent
        self.onChange = onChange
    }

    /// Every page, with its login, style and script.
    package var routes: [WebRoute] {
        LoginPage.routes(self) + Assets.routes + AlertsPage.routes(self) + AlertPageView.routes(self)
            + FeedsPage.routes(self) + WatchesPage.routes(self) + WatchPage.routes(self) + TrialPage.routes(self)
            + AboutPage.routes(self) + Actions.routes(self) + NewsStream.routes(self)
    }

    /// How the router tells people what cannot be had.
    package static let refusal: WebRouter.Refusal = { status, words, head in
        WebResponse(page: refused(status, words), status)
    }

    static func refused(_ status: Int, _ words: String) -> HTMLWriter {
        PageFrame.render("Tocsin", for: nil) { html in
            html.element("div", [.style("login")]) { html in
                html.element("h1", title(status))
                html.element("p", words)
                html.element("p") { $0.element("a", [.href(.page("/"))], "Back to the alerts") }
            }
        }
    }

    private static func title(_ status: Int) -> String {
        switch status {
        case 404: "Not found"
        case 403: "Not allowed"
        case 408: "Too slow"
        case 413, 431: "Too large"
        case 429: "Too many tries"
        case 503: "Not just now"
        default: "That did not work"
        }
    }
}

extension WebResponse {
    package init(page: HTMLWriter, _ status: Int = 200) {
        self.init(status, kind: "text/html; charset=utf-8", Array(page.text.utf8))
    }

    /// To a page of ours, by `GET` (RFC 9110 §15.4.4).
    package static func seeOther(_ address: Address) -> WebResponse {
        WebResponse(303, headers: [HeaderField(name: "location", value: Array(address.text.utf8))])
    }
}
