package import Foundation
package import Model

/// What a poll proves of what was seen, and what may have been missed.
///
/// A document that shares an item with the one before it leaves no room between them; a 304, or the same bytes, say so
/// too. One that shares none may have missed some, unless its own dates reach back. Failures in between do not matter when
/// the documents on both sides overlap, nor does it when Tocsin itself was down.
package enum CoverageRule {
    /// So many documents in a row that share nothing and tell no dates: the feed gives its items new ids each time.
    private static let fewestUnlinked = 4
    /// After a document without items, so few new ones are no sign that more came.
    private static let fewItems = 5
    private static let day = 86_400.0
    /// Between neighbouring items of a feed, where its other items do not show that it has longer pauses.
    private static let usualPause = 7 * day

    /// Notes in `record` what the poll proves, and plans the next one without delay when items may have been missed.
    ///
    /// - Parameters:
    ///   - record: with the feed's state as it is after the poll, and what it says of the server's 304s.
    ///   - novelties: of the document's items. None when there is no document.
    package static func note(
        _ record: inout PollRecord, before: FeedState, _ reading: FeedReading, _ novelties: [Novelty], started: Date,
        _ spec: FeedSpec
    ) {
        guard reading.isSuccess else { return }
        var coverage = before.coverage
        defer { record.feed.coverage = coverage }
        // The earlier one: a clock that was set back.
        coverage.since = min(coverage.since ?? started, started)
        let trust = record.feed.history.trust
        // Who was found to say 'not modified' of what was proves nothing by saying so.
        if reading.status == 304, trust.isUnreliable(at: started) { return }
        guard let document = reading.document, !document.items.isEmpty else {
            // A feed that seems to be empty tells nothing of the items that it had: the next document does.
            if !record.feed.history.isEmpty || coverage.anchor == nil { coverage.until = started }
            return
        }
        let known = novelties.compactMap { $0.item?.rawValue }
        let newItems = novelties.count - known.count
        // The 304s since the last whole answer are void when this one shows that they were wrong. What is known to be one
        // was asked for without conditions, or brought something new.
        let whole = [before.history.trust.lastUnconditional, before.history.lastNewItem].compactMap { $0 }.max()
        let denied = trust.unreliable == started ? whole ?? coverage.since : nil
        var anchor = DocumentAnchor(known: known, newItems: newItems)
        if let gap = gap(document, novelties, before, started, spec, denied: denied) {
            // It may be the document that is foreign, once: the next one may follow the last as well.
            if coverage.misses == 0, let last = coverage.anchor { anchor.extend(to: last.lowerBound) }
            record.gap = gap
            coverage.misses = min(coverage.misses, 1000) + 1
            coverage.lastMiss = gap.cause.isDoubt ? nil : started
            coverage.openGap = gap.page == nil ? nil : gap.start
            if denied == nil {
                let soonest = PollPlan.nextPoll(
                    after: reading.outcome, record.feed.history, policy: spec.policy, now: started, jitter: 0)
                record.feed.nextPoll = min(record.feed.nextPoll, soonest)
            }
        } else {
            coverage.misses = 0
        }
        if newItems > 0 {
            record.anchor = anchor
        } else if let range = anchor.range(above: known.max() ?? 0) {
            if isStale(novelties, before) {
                // What has come since is not in it: the next document shows whether anything was missed, and may follow either.
                let last = coverage.anchor ?? range
                coverage.anchor = min(range.lowerBound, last.lowerBound)...max(range.upperBound, last.upperBound)
                return
            }
            coverage.anchor = range
        }
        coverage.until = started
        coverage.documentItems = novelties.count
    }

    /// Nil when the document overlaps with the one before.
    private static func gap(
        _ document: ParsedFeed, _ novelties: [Novelty], _ before: FeedState, _ started: Date, _ spec: FeedSpec,
        denied: Date?
    ) -> CoverageGap? {
        let coverage = before.coverage
        guard let anchor = coverage.anchor, let seen = coverage.until, case let start = min(denied ?? seen, seen),
            start < started,
            !isStale(novelties, before)
        else { return nil }
        // Where places are in the order of dates, a document that still has an item has those that came after it: one alone from further
        // below is pinned, or was published again. An anchor of two documents has two tops.
        let isInOrder = isInOrder(document)
        let mustReachTop = isInOrder && anchor.count <= coverage.documentItems
        let pinned = isInOrder ? pinned(document, novelties) : []
        if overlaps(novelties, anchor, atTop: mustReachTop, but: pinned) { return nil }
        // What a hub has pushed since the last document stands between the two, where most of this one came so.
        let pushed = novelties.count { ($0.item?.rawValue ?? 0) > anchor.upperBound }
        if before.pushes != nil, pushed * 2 > novelties.count { return nil }
        // It was empty, and little has come since.
        if before.history.isEmpty, novelties.count < max(fewItems, coverage.documentItems) { return nil }
        if reaches(document, novelties, back: start) { return nil }
        var gap = CoverageGap(
            feed: before.id, start: start, end: started,
            cause: denied == nil ? cause(document, novelties, before, started, spec) : .denied)
        if gap.cause == .failure { gap.detail = before.history.lastError?.cut(to: 300) }
        if !gap.cause.isDoubt {
            gap.page = PageAddress.next(of: document, feed: spec)
            gap.anchor = anchor
        }
        return gap
    }

    /// Whether a document is an older one again, as a mirror that lags behind gives it: it has nothing new, and nothing of the last.
    private static func isStale(_ novelties: [Novelty], _ before: FeedState) -> Bool {
        guard let anchor = before.coverage.anchor, !novelties.contains(.new) else { return false }
        return !overlaps(novelties, anchor)
    }

    /// Whether a document holds items of the newer half of another. One that reads differently now may have been recognised
    /// by its title alone, which a weekly column has as well: it takes a quarter of them.
    ///
    /// - Parameters:
    ///   - atTop: whether only those of the newer half of the anchor count.
    ///   - pinned: the places of those that do not count.
    static func overlaps(
        _ novelties: [Novelty], _ anchor: ClosedRange<Int64>, atTop: Bool = false, but pinned: Set<Int> = []
    ) -> Bool {
        var changed = 0
        let lowest = atTop ? anchor.upperBound - (anchor.upperBound - anchor.lowerBound) / 2 : anchor.lowerBound
        let anchor = lowest...anchor.upperBound
        for (place, novelty) in novelties.enumerated() {
            guard let item = novelty.item, anchor.contains(item.rawValue), !pinned.contains(place) else { continue }
            if novelty.isKnown { return true }
            changed += 1
        }
        return changed > 0 && changed * 4 >= novelties.count
    }

    /// Documents with more are not looked through for pinned items.
    private static let mostPinned = 2000

    /// Known items that stand before new ones although they are older, in a document that has its new items from the newest on: they
    /// are held at the top, and do not show where the document before ended. One that was pinned while it was the newest is of that
    /// one's newer half.
    static func pinned(_ document: ParsedFeed, _ novelties: [Novelty]) -> Set<Int> {
        // Each is held against each, and no front page is so long.
        guard document.items.count <= mostPinned else { return [] }
        let dates = document.items.indices.map { document.items[$0].firstDate }
        let new = novelties.indices.filter { novelties[$0] == .new && dates[$0] != nil }
        let newDates = new.compactMap { dates[$0] }
        let falling = zip(newDates, newDates.dropFirst()).count { $0 > $1 }
        let rising = zip(newDates, newDates.dropFirst()).count { $0 < $1 }
        guard falling > 4 * rising else { return [] }
        return Set(
            novelties.indices.filter { place in
                guard novelties[place].item != nil, let date = dates[place] else { return false }
                // Most of them: a date that is out of its order is no pin.
                let below = new.count { $0 > place && dates[$0].map { $0 > date } == true }
                return below * 2 > new.count
            })
    }

    /// Whether a document's new items go back beyond `date`, so that what came after it stands before them: they are in the order
    /// of their dates, and its older end lies there. A day older, since many feeds have wrong time zones; a quarter of them, since
    /// an old item can be published late; and not much longer before than from one to the next of the others, since some feeds put an
    /// item of years ago beside each few new ones.
    static func reaches(_ document: ParsedFeed, _ novelties: [Novelty], back date: Date) -> Bool {
        let new = zip(document.items, novelties).filter { $0.1 == .new }.map { $0.0.firstDate }
        let isOld = new.map { $0.map { $0 < date - day } ?? false }
        let old = isOld.count { $0 }
        guard old > 0, old * 4 >= new.count else { return false }
        guard isOld.suffix(old).allSatisfy({ $0 }) || isOld.prefix(old).allSatisfy({ $0 }) else { return false }
        let dates = new.compactMap(\.self).sorted()
        // Those that have no date are on the newer side.
        guard old < dates.count else { return true }
        let pauses = zip(dates, dates.dropFirst()).map { $1.timeIntervalSince($0) }
        let others = (pauses[..<(old - 1)] + pauses[old...]).max() ?? 0
        return pauses[old - 1] <= max(usualPause, 4 * others)
    }

    /// Whether the items can be put in order by their dates: all have one, and most another than the next.
    private static func isInOrder(_ document: ParsedFeed) -> Bool {
        let dates = document.items.indices.compactMap { document.items[$0].firstDate }
        return dates.count == document.items.count && Set(dates).count * 2 > dates.count
    }

    private static func cause(
        _ document: ParsedFeed, _ novelties: [Novelty], _ before: FeedState, _ started: Date, _ spec: FeedSpec
    ) -> CoverageGap.Cause {
        if novelties.count == 1, before.coverage.documentItems <= 1 { return .single }
        if before.coverage.misses + 1 >= fewestUnlinked, Set(document.items.map(\.firstDate)).count == 1 {
            return .unlinked
        }
        if before.history.failures > 0 { return .failure }
        let pause = max(spec.policy.every, before.history.freshFor ?? .zero) / .seconds(1)
        let wasAsked = before.history.lastPoll.map { started.timeIntervalSince($0) <= 2 * pause + 3600 } ?? false
        return wasAsked ? .overflow : .notAsked
    }
}

extension Novelty {
    /// The item of the state that it is, changed or not.
    var item: ItemID? {
        switch self {
        case .new: nil
        case .changed(let id), .known(let id): id
        }
    }
}
