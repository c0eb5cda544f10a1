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
    /// As it dates itself, in seconds since 1970. Nil: it does not.
    package var published: Int64?
    /// Dated after the feed was read last, or no more than a day before, since dates are of days and other zones: its title
    /// alone does not make it an item that was seen before.
    package var isFresh = false
    /// The feed's documents have one item each. What they all have in common (an id, a link) cannot be seen in any of them, and
    /// tells less.
    package var standsAlone = false

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
                if item.revision == old.revision { return true }
                if repeatedGuids.contains(item.guid ?? 0) {
                    return item.sharesLink(with: old) && !repeatedLinks.contains(item.link ?? 0)
                }
                return item.sharesTitle(with: old) || item.sharesText(with: old)
                    || item.sharesLink(with: old) && !(item.standsAlone && item.mayFollow(old))
            }
        }
        for (index, item) in items.enumerated() {
            let isRepeated = item.link.map(repeatedLinks.contains) ?? false
            settle(index, item.link.flatMap { byLink[$0] }) { old in
                if item.sharesText(with: old) { return true }
                // A link tells nothing where several items have it, and of one that stands alone nobody knows.
                let tells = !isRepeated && !item.standsAlone
                if item.guid != nil, old.guid != nil {
                    return tells && item.sharesTitle(with: old)
                }
                if tells { return true }
                if !isRepeated { return item.sharesTitle(with: old) ? !item.isLater(than: old) : !item.mayFollow(old) }
                return item.sharesTitle(with: old) && !item.isLater(than: old)
                    && (item.sharesDate(with: old) || !repeatedTitles.contains(item.title ?? 0))
            }
        }
        for (index, item) in items.enumerated() where item.guid == nil && item.link == nil {
            settle(index, item.title.flatMap { byTitle[$0] }) { old in
                if item.sharesText(with: old) || item.text == nil { return true }
                return !repeatedTitles.contains(item.title ?? 0) && !item.isLater(than: old)
            }
        }
        // New id, new link, the very same words. With the same date it was published again; with another one it is the next of its
        // kind, under words that all of them have. Without dates it is the same where the whole document is so: then its ids and
        // links are new with each document, or the site has moved.
        let again = items.indices.filter { index in
            guard verdicts[index] == nil, let title = items[index].title, !repeatedTitles.contains(title) else {
                return false
            }
            return byTitle[title]?.contains { items[index].sharesText(with: $0.fingerprint) } ?? false
        }
        let areAgain = items.count >= 3 && again.count * 5 >= items.count * 4
        for (index, item) in items.enumerated() {
            settle(index, item.title.flatMap { byTitle[$0] }) { old in
                item.sharesText(with: old) && item.isSameByDate(as: old, undated: areAgain)
            }
        }
        if isMigration(verdicts, knownBefore: knownBefore ?? stored.count) {
            let unknown = items.indices.filter { verdicts[$0] == nil }
            let known = unknown.filter { index in
                guard let title = items[index].title, !repeatedTitles.contains(title) else { return false }
                return !items[index].isFresh
                    && byTitle[title]?.contains { items[index].isSameByDate(as: $0.fingerprint, undated: false) }
                        ?? false
            }
            // A site that has moved has its old titles, of the old dates; among new items, one that is called as another one was
            // ("Daily brief") is new as well.
            if known.count * 2 >= unknown.count {
                for index in known {
                    settle(index, items[index].title.flatMap { byTitle[$0] }) {
                        items[index].isSameByDate(as: $0, undated: false)
                    }
                }
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

    fileprivate func sharesDate(with other: ItemFingerprint) -> Bool {
        published != nil && published == other.published
    }

    fileprivate func isLater(than other: ItemFingerprint) -> Bool {
        guard let published, let date = other.published else { return false }
        return published > date
    }

    /// Whether all that it says is other than what `old` says, and it is not dated before that.
    fileprivate func mayFollow(_ old: ItemFingerprint) -> Bool {
        if let published, let date = old.published, published < date { return false }
        return !sharesTitle(with: old) && !sharesText(with: old)
    }

    /// - Parameter undated: what holds of an item that has no date.
    fileprivate func isSameByDate(as old: ItemFingerprint, undated: Bool) -> Bool {
        if published == nil { return undated }
        // Of what was recorded without its date, at least: it is not dated as what is new.
        return old.published == nil ? !isFresh : sharesDate(with: old)
    }
}
