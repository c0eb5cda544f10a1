import FeedParsing
import Foundation
import Matching
import Model

/// Turns new and changed items of one document into what is recorded of them.
struct ItemReader {
    var document: ParsedFeed
    var spec: FeedSpec
    var setup: MonitorSetup
    var backlog: BacklogRule

    private let feed: AlertFeed

    init(_ document: ParsedFeed, of spec: FeedSpec, setup: MonitorSetup, backlog: BacklogRule) {
        self.document = document
        self.spec = spec
        self.setup = setup
        self.backlog = backlog
        feed = AlertFeed(
            url: FeedAddress.shown(spec.url), name: spec.name ?? document.title?.cut(to: 300), tags: spec.tags)
    }

    /// The new and changed items: the oldest first, so that alerts come in the order in which things happened.
    func records(_ fingerprints: [ItemFingerprint], _ novelties: [Novelty]) -> [ItemRecord] {
        let count = min(document.items.count, fingerprints.count, novelties.count)
        // Documents have the newest first, mostly: items without a date are taken the other way round.
        let positions = (0..<count).reversed().filter { !novelties[$0].isKnown }
        // Their order first: a record is large, and to move one takes longer than to look at its date.
        return Self.sorted(positions) { document.items[$0].date }.map { position in
            var record = record(
                document.items[position], fingerprints[position], isNew: novelties[position] == .new)
            record.position = position
            return record
        }
    }

    private func record(_ item: ParsedItem, _ fingerprint: ItemFingerprint, isNew: Bool) -> ItemRecord {
        let texts = ItemTexts(item)
        let language = item.language ?? spec.language ?? document.language
        let document = texts.document(of: item, language: language, feed: feed)
        let hits = setup.hits(in: document, article: fingerprint.article)
        if isNew, let recent = setup.recent, let title = item.title?.cut(to: 300) {
            recent.note(
                RecentItems.Item(
                    title: title, url: item.url, language: language, feed: feed, watches: hits.map(\.watch)))
        }
        let published = item.date
        var record = ItemRecord(
            fingerprint: fingerprint, published: published,
            item: hits.isEmpty ? nil : texts.alertItem(of: item, language: language, article: fingerprint.article),
            feed: feed, hits: hits, raisesAlert: !isNew || backlog.alerts(on: published))
        if isNew, !hits.isEmpty, fingerprint.link != nil {
            let article = ItemFingerprinter.articleOfItsOwn(fingerprint)
            record.apart = .init(
                article: article, keys: hits.map { MonitorSetup.key(article: article, watch: $0.watch) })
        }
        if record.raisesAlert, !hits.isEmpty {
            record.sketch = StorySketcher.sketch(title: item.title, texts: [texts.summary, texts.content])
        }
        return record
    }

    /// By date, and stable; what has no date stays where it is.
    private static func sorted(_ positions: [Int], by date: (Int) -> Date?) -> [Int] {
        var last = Date.distantPast
        let keyed = positions.enumerated().map { index, position in
            last = date(position) ?? last
            return (key: last, index: index, position: position)
        }
        return keyed.sorted { ($0.key, $0.index) < ($1.key, $1.index) }.map(\.position)
    }
}

extension Novelty {
    /// The item of the state that it is, unchanged.
    var known: ItemID? {
        if case .known(let id) = self { id } else { nil }
    }

    var isKnown: Bool { known != nil }
}

extension MonitorSetup {
    /// The watches that match, each with the key that the alert's id is made from.
    fileprivate func hits(in document: MatchDocument, article: Digest128) -> [WatchHit] {
        var hits: [WatchHit] = []
        for match in matcher.matches(in: document) {
            let index: Int
            if let known = hits.firstIndex(where: { $0.watch == match.watch }) {
                index = known
                hits[index].matches.append(match)
            } else {
                index = hits.count
                hits.append(
                    WatchHit(
                        watch: match.watch, key: Self.key(article: article, watch: match.watch),
                        severity: severities[match.watch] ?? .normal, matches: [match],
                        codename: codenames[match.watch]))
            }
            if match.kind == .person, hits[index].people[match.pattern] == nil {
                // Of the watch too: ids are joined by exclusive or, where the same of two would be nothing.
                var digest = FieldDigest("person")
                digest.add(match.watch)
                digest.add(match.pattern)
                hits[index].people[match.pattern] = digest.finish()
            }
        }
        return hits
    }

    fileprivate static func key(article: Digest128, watch: String) -> Digest128 {
        var digest = FieldDigest("alert")
        digest.add(article)
        digest.add(watch)
        return digest.finish()
    }
}
