/// What an item is recognised by. Every hash is a function of the item alone, so that it is the same after a crash, on
/// another machine, or from a restored backup.
package struct ItemFingerprint: Sendable, Hashable {
    /// Of the id that the feed gave. Nil: it gave none.
    package var guid: UInt64?
    /// Of the canonical link. Nil: there is none, or it tells nothing (the feed's home page).
    package var link: UInt64?
    package var title: UInt64?
    /// Of summary and content. Nil: there is neither, or too little to tell one item from another.
    package var text: UInt64?
    /// Of all that can be matched. When it changes, the item is looked at again.
    package var revision: UInt64
    /// The article that the item points at: the same in every feed that carries it.
    package var article: Digest128
    /// Dated after the feed was read last, or no more than a day before, since dates are of days and other zones: its title
    /// alone does not make it an item that was seen before.
    package var isFresh = false

    package init(
        guid: UInt64?, link: UInt64?, title: UInt64?, text: UInt64?, revision: UInt64, article: Digest128
    ) {
        self.guid = guid
        self.link = link
        self.title = title
        self.text = text
        self.revision = revision
        self.article = article
    }
}

/// What the store knows of an item that is held against one of its feed.
package enum Novelty: Sendable, Hashable {
    /// Never seen in this feed.
    case new
    /// Seen, and it reads differently now.
    case changed(ItemID)
    /// Seen, and unchanged.
    case known(ItemID)
}

/// The rules by which an item of a document is, or is not, one that was seen before.
///
/// Ids are changed by site migrations, repeated by broken templates and left out; links are shared by all items of some
/// feeds; titles and texts are edited. So no single key decides: two errors are possible, and hiding an item is worse
/// than alerting on it twice.
package enum ItemIdentity {
    package struct Stored: Sendable, Hashable {
        package var id: ItemID
        package var fingerprint: ItemFingerprint

        package init(id: ItemID, fingerprint: ItemFingerprint) {
            self.id = id
            self.fingerprint = fingerprint
        }
    }

    /// One verdict for each of `items`, in order. `stored` holds every item of the feed that shares a guid, link, title
    /// or text with one of them; others may be among it. `knownBefore` is how many items the feed has, if not all of them are.
    package static func classify(
        _ items: [ItemFingerprint], against stored: [Stored], knownBefore: Int? = nil
    ) -> [Novelty] {
        let repeatedGuids = repeated(items.compactMap(\.guid))
        let repeatedLinks = repeated(items.compactMap(\.link))
        let repeatedTitles = repeated(items.compactMap(\.title))
        let byGuid = Dictionary(grouping: stored.filter { $0.fingerprint.guid != nil }, by: { $0.fingerprint.guid })
        let byLink = Dictionary(grouping: stored.filter { $0.fingerprint.link != nil }, by: { $0.fingerprint.link })
        let byTitle = Dictionary(grouping: stored.filter { $0.fingerprint.title != nil }, by: { $0.fingerprint.title })

        var taken: Set<ItemID> = []
        var verdicts = [Novelty?](repeating: nil, count: items.count)
        func settle(_ index: Int, _ candidates: [Stored]?, where isSame: (ItemFingerprint) -> Bool) {
            guard verdicts[index] == nil, let candidates else { return }
            let item = items[index]
            let fitting = candidates.filter { !taken.contains($0.id) && isSame($0.fingerprint) }
            guard let best = fitting.first(where: { $0.fingerprint.revision == item.revision }) ?? fitting.last else {
                return
            }
            taken.insert(best.id)
            verdicts[index] = best.fingerprint.revision == item.revision ? .known(best.id) : .changed(best.id)
        }

        // The surest evidence first, for all items, so that a weak find never takes a stored item from a sure one.
        for (index, item) in items.enumerated() {
            settle(index, item.guid.flatMap { byGuid[$0] }) { old in
                // The same id with nothing else in common is another item under a constant id.
                item.revision == old.revision
                    || (!repeatedGuids.contains(item.guid ?? 0)
                        && (item.sharesLink(with: old) || item.sharesTitle(with: old) || item.sharesText(with: old)))
                    || (repeatedGuids.contains(item.guid ?? 0) && item.sharesLink(with: old)
                        && !repeatedLinks.contains(item.link ?? 0))
            }
        }
        for (index, item) in items.enumerated() {
            settle(index, item.link.flatMap { byLink[$0] }) { old in
                // A link that several items share tells nothing by itself; nor does one under two different ids.
                item.sharesTitle(with: old) || item.sharesText(with: old)
                    || (!repeatedLinks.contains(item.link ?? 0) && (item.guid == nil || old.guid == nil))
            }
        }
        for (index, item) in items.enumerated() where item.guid == nil && item.link == nil {
            settle(index, item.title.flatMap { byTitle[$0] }) { old in
                item.sharesText(with: old) || item.text == nil || !repeatedTitles.contains(item.title ?? 0)
            }
        }
        for (index, item) in items.enumerated() {
            // New id, new link, the very same words: the site has moved, or the item was published again.
            settle(index, item.title.flatMap { byTitle[$0] }) { item.sharesText(with: $0) }
        }
        if isMigration(verdicts, knownBefore: knownBefore ?? stored.count) {
            let unknown = items.indices.filter { verdicts[$0] == nil }
            let known = unknown.filter { index in
                guard let title = items[index].title, !items[index].isFresh else { return false }
                return !repeatedTitles.contains(title) && byTitle[title] != nil
            }
            // A site that has moved has its old titles; among new items, one that is called as another one was ("Daily
            // brief") is new as well.
            if known.count * 2 >= unknown.count {
                for index in known { settle(index, items[index].title.flatMap { byTitle[$0] }) { _ in true } }
            }
        }
        return verdicts.map { $0 ?? .new }
    }

    /// Whether so much of a document was recognised by its words alone, or is unknown although the feed is not, that the
    /// ids and links of the feed must have been changed.
    private static func isMigration(_ verdicts: [Novelty?], knownBefore: Int) -> Bool {
        let unknown = verdicts.count { $0 == nil }
        return verdicts.count >= 3 && knownBefore >= 3 && unknown * 5 >= verdicts.count * 4
    }

    private static func repeated(_ values: [UInt64]) -> Set<UInt64> {
        var seen: Set<UInt64> = []
        return Set(values.filter { !seen.insert($0).inserted })
    }
}

extension ItemFingerprint {
    fileprivate func sharesLink(with other: ItemFingerprint) -> Bool { link != nil && link == other.link }
    fileprivate func sharesTitle(with other: ItemFingerprint) -> Bool { title != nil && title == other.title }
    fileprivate func sharesText(with other: ItemFingerprint) -> Bool { text != nil && text == other.text }
}
