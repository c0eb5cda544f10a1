import FeedParsing
import Foundation
import Logging
import Model

/// A document that a hub has pushed, with a right signature.
struct Push: Sendable {
    var token: HubToken
    var body: [UInt8]
    var contentType: String?
}

extension Poller {
    /// Reads, matches and records a push: the same road as that of a polled document.
    ///
    /// It may hold the new items only, so it says nothing of what the feed no longer has, and nothing of its schedule. Nil
    /// when it is no feed.
    func take(_ push: Push, of feed: FeedState, _ spec: FeedSpec, _ setup: MonitorSetup) async throws(StoreError)
        -> [Alert]?
    {
        let started = clock.now
        let document: ParsedFeed
        do throws(ParseError) {
            document = try FeedParser.parse(
                FeedDocument(
                    bytes: push.body, url: feed.validators?.url ?? feed.address, contentType: push.contentType,
                    encoding: spec.encoding?.name))
        } catch {
            return nil
        }
        var record = PollRecord(feed: feed, at: started, routes: setup.routes)
        record.hub.pushedBy = push.token
        let novelties = try await read(document, into: &record, before: feed, spec, setup, started: started)
        let alerts = try await store.record(record)
        metrics?.notePush(novelties, record.items, alerts, bytes: push.body.count)
        announce(alerts, spec)
        logger.debug(
            "feed pushed",
            metadata: [
                "feed.url": "\(RedactedURL.text(spec.url))", "bytes": "\(push.body.count)",
                "items": "\(record.items.count)",
            ])
        return alerts
    }
}
