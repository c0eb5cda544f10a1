import FeedParsing
import Model

/// What an HTTP status means for a feed, in words for people.
enum StatusText {
    static let gone = "the feed is gone (410) and is polled no more; take it out of the configuration"
    static let goneFromNewAddress = "the feed is gone from its new address (410); the configured one is asked again"

    /// Of a fault that is not the feed's.
    static func outage(_ fault: OutageWatch.Verdict) -> String {
        fault == .onePage ? "other sites lead to the same page" : "most other hosts do not answer as they should either"
    }

    private static let challenge = "the site's protection wants a browser"

    /// Whether a failure's reason is that a browser is wanted.
    static func isChallenge(_ reason: String) -> Bool {
        reason.hasPrefix(challenge) || ParseError.isChallenge("\(reason)")
    }

    static func failure(_ response: FetchResponse, _ cache: CacheHeaders) -> PollFailure {
        let status = response.status
        // Other statuses give the field another meaning, or none.
        let mayAskToWait = status >= 400
        // A page for browsers, unless it comes with a time to wait, which is all that counts then.
        let mayBePage = status == 403 || [429, 503].contains(status) && cache.retryAfter == nil
        let isChallenge =
            response.text(of: "cf-mitigated") == "challenge"
            || mayBePage && FeedParser.isChallenge(response.body)
        return PollFailure(
            isChallenge ? .challenge : .status(status), reason(status, isChallenge: isChallenge),
            retryAfter: mayAskToWait ? cache.retryAfter : nil)
    }

    private static func reason(_ status: Int, isChallenge: Bool) -> String {
        if isChallenge { return challenge + " (\(status)); its owner can let feeds through" }
        return switch status {
        case 204, 205: "the answer has no content (\(status))"
        case 206, 226: "the answer is a part of the feed only (\(status))"
        case 304: "the server says 'not modified' (304) of a feed that was asked for without conditions"
        case 300..<400: "the server redirects (\(status)) without saying where to"
        case 401:
            "the server wants a login (401); put one into the URL or into the feed's 'headers'. It is asked once more after a day, "
                + "and then no more until you do"
        case 403: "the server refuses (403)"
        case 404: "there is no such feed (404); check its address"
        case 407: "the proxy wants a login (407); put one into 'proxy'"
        case 429: "too many requests (429)"
        case 451: "withheld for legal reasons (451)"
        case 500...: "the server failed (\(status))"
        default: "the server answered with status \(status)"
        }
    }
}
