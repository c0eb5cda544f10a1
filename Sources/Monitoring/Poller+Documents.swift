import FeedParsing
import Foundation
import Model

// What a document brings: what of it is new, and what of that matches.
extension Poller {
    /// Dates are of the day only, of another zone, or of when an item was begun.
    private static let dateSlack = 86_400.0

    func readDocument(_ document: ParsedFeed, _ draft: PollDraft, _ setup: MonitorSetup)
        async throws(StoreError)
    {
        draft.novelties = try await read(
            document, into: &draft.record, before: draft.feed, draft.spec, setup, started: draft.started)
        draft.isSameFeed = MoveRule.isSameFeed(document.title, draft.novelties, before: draft.feed)
        draft.news = draft.novelties.indices.filter { draft.novelties[$0] == .new }.map { document.items[$0].firstDate }
    }

    /// What of a document is new, and what of that matches. A verdict an item, in order.
    func read(
        _ document: ParsedFeed, into record: inout PollRecord, before feed: FeedState, _ spec: FeedSpec,
        _ setup: MonitorSetup, started: Date
    ) async throws(StoreError) -> [Novelty] {
        var fingerprints = fingerprints(of: document, before: feed, spec, at: started)
        // Of a feed that was never read nothing is known; `record` judges again.
        let novelties =
            feed.history.wasEverRead
            ? try await store.novelties(among: fingerprints, of: feed.id)
            : ItemIdentity.classify(fingerprints, against: [], knownBefore: 0)
        if feed.history.wasEverRead { try await tellApart(&fingerprints, novelties, of: document, feed, spec) }
        fill(&record, with: document, fingerprints, novelties, before: feed, spec, setup, started: started)
        return novelties
    }

    @inline(never)
    private func fingerprints(
        of document: ParsedFeed, before feed: FeedState, _ spec: FeedSpec, at now: Date
    ) -> [ItemFingerprint] {
        var fingerprints = ItemFingerprinter.fingerprints(of: document, feedURL: spec.url)
        let standsAlone = document.items.count == 1 && feed.coverage.documentItems <= 1
        for index in document.items.indices {
            if let last = feed.history.lastSuccess {
                fingerprints[index].isFresh =
                    document.items[index].firstDate.map { $0 > last - Self.dateSlack } ?? false
            }
            fingerprints[index].standsAlone = standsAlone
            fingerprints[index].noteReading(at: now.timeIntervalSince1970)
        }
        return fingerprints
    }

    @inline(never)
    private func fill(
        _ record: inout PollRecord, with document: ParsedFeed, _ fingerprints: [ItemFingerprint],
        _ novelties: [Novelty], before feed: FeedState, _ spec: FeedSpec, _ setup: MonitorSetup, started: Date
    ) {
        let backlog = BacklogRule(setup.backlog, for: feed, at: started)
        let reader = ItemReader(document, of: spec, setup: setup, backlog: backlog)
        record.items = reader.records(fingerprints, novelties)
        record.known = novelties.compactMap(\.known)
        record.document = fingerprints
        record.storm = StormWatch.rule(for: record, before: feed, spec, at: clock.now)
        if !spec.isFile {
            record.feed.history.cadence = HealthRule.cadence(
                feed.history, published: document.items.indices.compactMap { document.items[$0].firstDate },
                hasNew: novelties.contains(.new),
                now: clock.now)
        }
        record.feed.history.lastNewItem = newest(in: record, novelties, isBacklog: backlog != .all)
    }

    /// New items under a link that another item of the feed has had are articles of their own; so are those without a link whose id
    /// another item has had, and those that have neither, whose words may come again. A document with one item, as hubs push them, does not show that its link is one for all.
    func tellApart(
        _ fingerprints: inout [ItemFingerprint], _ novelties: [Novelty], of document: ParsedFeed, _ feed: FeedState,
        _ spec: FeedSpec
    ) async throws(StoreError) {
        let new = novelties.indices.filter { novelties[$0] == .new }
        guard !new.isEmpty else { return }
        let (links, ids) = (new.compactMap { fingerprints[$0].link }, new.compactMap { fingerprints[$0].guid })
        let seen =
            links.isEmpty && ids.isEmpty
            ? (links: [], ids: []) : try await store.keys(links: links, ids: ids, seenIn: feed.id)
        for index in new {
            let item = fingerprints[index]
            if let link = item.link {
                if seen.links.contains(link) { fingerprints[index].article = ItemFingerprinter.articleOfItsOwn(item) }
            } else if item.guid.map(seen.ids.contains) ?? true {
                fingerprints[index].article = ItemFingerprinter.articleByWords(
                    of: document.items[index], feedURL: spec.url, published: item.published)
            }
        }
    }

    /// When the newest item of the feed came: now, or for backlog, when it was published.
    private func newest(in record: PollRecord, _ novelties: [Novelty], isBacklog: Bool) -> Date? {
        guard novelties.contains(.new) else { return record.feed.history.lastNewItem }
        let published = record.items.compactMap(\.published).filter { $0 <= record.at }.max()
        return isBacklog ? published ?? record.at : record.at
    }
}
