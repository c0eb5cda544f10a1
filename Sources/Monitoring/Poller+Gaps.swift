import FeedParsing
import Foundation
import Logging
package import Model

// Older pages of a feed, read where its documents do not overlap (RFC 5005; JSON Feed's `next_url`).
extension Poller {
    /// Pages in one go. The rest comes with the next poll: the gap stays in the state until it is closed or given up.
    private static let mostAtOnce = 10
    /// Pages and items of one gap. Behind these lies an archive, or a trap.
    private static let mostPages = 50
    /// So many pages may have nothing but what the document has had.
    private static let mostOverlapping = 10
    private static let mostItems = 5000
    /// Tries of one page, one a poll.
    private static let mostTries = 5
    /// Items on older pages that were published so long before the gap are backlog.
    private static let margin = 86_400.0

    /// Goes back from the feed's last document, a page after the other, until one holds an item of the document before the
    /// gap. Each page is recorded with its alerts before the next one is asked for.
    ///
    /// - Parameter turn: returns when the feed's host may be asked, false when the program ends first.
    /// - Returns: the alerts that were raised.
    package func closeGap(
        of feed: FeedState, _ spec: FeedSpec, _ setup: MonitorSetup,
        turn: @Sendable () async -> Bool = { true }
    ) async throws(StoreError) -> [Alert] {
        guard var gap = try await store.openGap(of: feed.id) else { return [] }
        let started = clock.now
        var budget = spec.policy.maxBodyBytes
        var alerts: [Alert] = []
        for _ in 0..<Self.mostAtOnce {
            guard let page = gap.page, budget > 0,
                clock.now.timeIntervalSince(started) < spec.policy.timeout / .seconds(1)
            else { break }
            // One host, most often: not in one breath. A pause that is cut short is seen below.
            try? await clock.sleep(until: clock.now + pagePause / .seconds(1))
            guard await turn(), !Task.isCancelled,
                setup.site(of: page, spec).flatMap({ holds.end(of: $0, at: clock.now) }) == nil
            else { break }
            let reading = await read(page, of: feed, spec, maxBodyBytes: budget)
            if reading.isCancelled { break }
            budget -= reading.bytes
            var record = PollRecord(feed: feed, at: clock.now, routes: setup.routes)
            var novelties: [Novelty] = []
            if var document = reading.document {
                // An archive may call itself otherwise; watches go by the feed's name.
                document.title = feed.title ?? document.title
                var fingerprints = ItemFingerprinter.fingerprints(of: document, feedURL: spec.url)
                novelties = try await store.novelties(among: fingerprints, of: feed.id)
                try await tellApart(&fingerprints, novelties, of: document, feed, spec)
                record.items = ItemReader(
                    document, of: spec, setup: setup, backlog: .since(gap.start - Self.margin)
                ).records(fingerprints, novelties)
                record.document = fingerprints
                Self.judge(&gap, document, novelties, spec, at: clock.now)
            } else {
                gap.tries += 1
                if reading.isFinal || gap.tries >= Self.mostTries { gap.page = nil }
            }
            record.closing = gap
            if let end = reading.holdUntil, let site = setup.site(of: reading.url ?? page, spec) {
                record.siteHold = (site, end)
                holds.hold(site, until: end, at: clock.now)
            }
            let raised = try await keeper.persist { () async throws(StoreError) in try await store.record(record) }
            metrics?.notePage(novelties, record.items, raised, bytes: reading.bytes)
            alerts += raised
            tell(gap, reading, spec)
            if reading.document == nil { break }
        }
        return alerts
    }

    private struct PageReading {
        var document: ParsedFeed?
        var bytes = 0
        var failure: String?
        /// Asking again does not help.
        var isFinal = false
        var isCancelled = false
        var holdUntil: Date?
        /// What answered.
        var url: String?
    }

    private func read(
        _ page: String, of feed: FeedState, _ spec: FeedSpec, maxBodyBytes: Int
    ) async -> PageReading {
        var reading = PageReading()
        let response: FetchResponse
        do throws(TransportError) {
            response = try await transport.send(PageAddress.request(page, feed: spec, maxBodyBytes: maxBodyBytes))
        } catch {
            reading.isCancelled = error == .cancelled
            if case .forbiddenAddress = error { reading.isFinal = true }
            reading.failure = "\(error)"
            return reading
        }
        reading.bytes = response.body.count
        reading.url = response.url
        guard response.isWhole else {
            let cache = CacheHeaders(response, at: clock.now)
            let failure = StatusText.failure(response, cache)
            reading.failure = failure.reason
            reading.isFinal = response.status == 404 || response.status == 410
            if response.status == 429 || response.status == 503 && failure.retryAfter != nil {
                reading.holdUntil = clock.now + (failure.retryAfter ?? .seconds(3600)) / .seconds(1)
            }
            return reading
        }
        do throws(ParseError) {
            let document = try FeedParser.parse(
                FeedDocument(
                    bytes: response.body, url: response.url, contentType: response.text(of: "content-type"),
                    contentLocation: response.text(of: "content-location"), encoding: spec.encoding?.name))
            // The items of half a page come again when the whole one does.
            if document.isTruncated { reading.failure = "the page is cut off" } else { reading.document = document }
        } catch {
            reading.failure = "\(error)"
        }
        return reading
    }

    /// What a page that was read means for its gap: closed, the next page, or no way on.
    private static func judge(
        _ gap: inout CoverageGap, _ document: ParsedFeed, _ novelties: [Novelty], _ spec: FeedSpec, at now: Date
    ) {
        let new = novelties.count { $0 == .new }
        // The first pages may have what the document has (RFC 5005 §4): one of which all was read a moment ago is not the end.
        var leadsOn = new > 0
        let last = gap.page
        gap.pages += 1
        gap.found += new
        gap.tries = 0
        gap.page = nil
        if let anchor = gap.anchor {
            // Items that the closing itself has brought do not count: they have higher places than the anchor.
            let old = novelties.count { ($0.item?.rawValue ?? .max) <= anchor.upperBound }
            if old == 0, gap.found == 0, gap.pages <= mostOverlapping { leadsOn = true }
            if CoverageRule.overlaps(novelties, anchor) || old * 2 > novelties.count { gap.closed = now }
        }
        if CoverageRule.reaches(document, novelties, back: gap.start) { gap.closed = now }
        guard gap.closed == nil, leadsOn, gap.pages < mostPages, gap.found < mostItems,
            let next = PageAddress.next(of: document, feed: spec), next != last
        else { return }
        gap.page = next
    }

    private func tell(_ gap: CoverageGap, _ reading: PageReading, _ spec: FeedSpec) {
        var fields: Logger.Metadata = [
            "feed.url": "\(RedactedURL.text(spec.url))", "from": "\(Timestamp.text(gap.start))",
            "to": "\(Timestamp.text(gap.end))", "pages": "\(gap.pages)", "items": "\(gap.found)",
        ]
        if let failure = reading.failure { fields["error"] = "\(failure)" }
        if gap.closed != nil {
            logger.notice("older pages brought what was missing", metadata: fields)
        } else if gap.page == nil {
            logger.warning("older pages do not close the gap; items may have been missed", metadata: fields)
        } else {
            logger.log(
                level: reading.failure == nil ? .debug : .info, "reading older pages of a feed", metadata: fields)
        }
    }
}
