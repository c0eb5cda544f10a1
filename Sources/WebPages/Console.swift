package import Matching
package import Model
package import WebServing

/// What pages are made from.
package struct Console: Sendable {
    /// The configuration that holds now.
    package struct Setup: Sendable {
        package var watches: [WatchSpec]
        package var feeds: [FeedSpec]
        package var matcher: Matcher
        package var sinks: [SinkName]

        package init(watches: [WatchSpec], feeds: [FeedSpec], matcher: Matcher, sinks: [SinkName]) {
            self.watches = watches
            self.feeds = feeds
            self.matcher = matcher
            self.sinks = sinks
        }
    }

    let store: any ConsoleStore
    let access: WebAccess
    let clock: any WallClock
    let setup: @Sendable () -> Setup

    /// - Parameter setup: called for each request, so that a reload shows.
    package init(
        store: any ConsoleStore, access: WebAccess, clock: any WallClock, setup: @escaping @Sendable () -> Setup
    ) {
        self.store = store
        self.access = access
        self.clock = clock
        self.setup = setup
    }

    /// Every page, with its login, style and script.
    package var routes: [WebRoute] { LoginPage.routes(self) }

    /// How the router tells people what cannot be had.
    package static let refusal: WebRouter.Refusal = { status, words, head in
        let response = PageFrame.render("Tocsin", for: nil) { html in
            html.element("h1", Self.title(status))
            html.element("p", words)
            html.element("p") { $0.element("a", [.href(.page("/"))], "Back to the alerts") }
        }
        return WebResponse(page: response, status)
    }

    private static func title(_ status: Int) -> String {
        switch status {
        case 404: "Not found"
        case 403: "Not allowed"
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

    package init(_ status: Int, kind: String, _ body: [UInt8]) {
        self.init(status)
        headers.append(HeaderField(name: "content-type", value: Array(kind.utf8)))
        self.body = body
    }

    /// To a page of ours, by `GET` (RFC 9110 §15.4.4).
    package static func seeOther(_ address: Address) -> WebResponse {
        WebResponse(303, headers: [HeaderField(name: "location", value: Array(address.text.utf8))])
    }
}
