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
    /// Its id is its link, or its link and a mark behind it: it tells nothing that the link does not.
    package var isLinkAsID = false
    /// Dated in the minute in which it was first read: the date may be that of the reading.
    package var isDatedNow = false

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

    /// How far the clocks of servers are from ours, and how long a document is on its way, in seconds.
    private static let reading = 60.0

    /// - Parameter seconds: since 1970; when the item was first read.
    package mutating func noteReading(at seconds: Double) {
        isDatedNow = published.map { abs(Double($0) - seconds) <= Self.reading } ?? false
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
    ///
    /// Takes a time that grows with the number of items alone, whatever they share.
    package static func classify(
        _ items: [ItemFingerprint], against stored: [Stored], knownBefore: Int? = nil
    ) -> [Novelty] {
        // What is held against nothing is new, whatever it has in common.
        if stored.isEmpty { return [Novelty](repeating: .new, count: items.count) }
        let repeatedGuids = repeated(items.compactMap(\.guid))
        let repeatedLinks = repeated(items.compactMap(\.link))
        let repeatedTitles = repeated(items.compactMap(\.title))
        // Hardly any document needs them.
        lazy var habits = FeedHabits(items, against: stored)
        var byGuid = ItemPool(stored) { $0.guid }
        var byLink = ItemPool(stored) { $0.link }
        var byTitle = ItemPool(stored) { $0.title }

        var taken = [Bool](repeating: false, count: stored.count)
        var verdicts = [Novelty?](repeating: nil, count: items.count)
        /// Of those that fit, first what is unchanged, for all items: so that a change never takes it from one that is.
        func settle(
            _ pool: inout ItemPool, only indices: [Int]? = nil,
            where isSame: (_ item: ItemFingerprint, _ old: ItemFingerprint) -> Bool
        ) {
            for isUnchanged in [true, false] {
                for index in indices ?? Array(items.indices) where verdicts[index] == nil {
                    let item = items[index]
                    guard let value = pool.key(item),
                        let place = pool.first(
                            of: value, revision: isUnchanged ? item.revision : nil, taken,
                            where: { isSame(item, stored[$0].fingerprint) })
                    else { continue }
                    taken[place] = true
                    let old = stored[place]
                    verdicts[index] = old.fingerprint.revision == item.revision ? .known(old.id) : .changed(old.id)
                }
            }
        }

        // The surest evidence first, for all items, so that a weak find never takes a stored item from a sure one.
        settle(&byGuid) { item, old in
            let hasOtherPage = item.hasOtherLink(than: old) && !habits.linksChange
            // A page of its own and a later date: the next one, of constant words.
            if item.reads(as: old) { return !(hasOtherPage && item.isLater(than: old, habits)) }
            if repeatedGuids.contains(item.guid ?? 0) {
                return item.sharesLink(with: old) && !repeatedLinks.contains(item.link ?? 0)
            }
            // The same id with nothing else in common is another item under a constant id; so is the next one that is called as the
            // last one was, if it has a page of its own, or if the feed never has more than one and it is later.
            if item.sharesTitle(with: old) {
                if hasOtherPage { return item.wasWritten(with: old) }
                return !(item.standsAlone && item.isLater(than: old, habits))
            }
            return item.sharesLink(with: old) && !(item.standsAlone && item.mayFollow(old))
        }
        settle(&byLink) { item, old in
            let isRepeated = repeatedLinks.contains(item.link ?? 0)
            // A link tells nothing where several items have it, and of one that stands alone nobody knows.
            let tells = !isRepeated && !item.standsAlone
            if item.hasIDOfItsOwn, old.guid != nil {
                // With another id and a later date, it is the next one on a page that they all have.
                if item.isLater(than: old, habits) { return false }
                // With other words too, unless it was written at that very moment, or the feed's ids tell nothing.
                return item.reads(as: old)
                    || tells && (item.wasWritten(with: old) || habits.idsChange && item.sharesTitle(with: old))
            }
            if item.sharesText(with: old) { return true }
            let isLater = item.isLater(than: old, habits)
            if tells { return item.sharesTitle(with: old) || !isLater }
            if !isRepeated { return item.sharesTitle(with: old) ? !isLater : !item.mayFollow(old) }
            return item.sharesTitle(with: old) && !isLater
                && (item.sharesDate(with: old) || !repeatedTitles.contains(item.title ?? 0))
        }
        // Of new words the titles are looked up once: where nearly the whole document has those of old items, its dates are of its
        // making, or its ids and links are new with each document, or the site has moved.
        let again = items.indices.filter { index in
            guard let title = items[index].title, !repeatedTitles.contains(title) else { return false }
            return byTitle.contains(title) { items[index].sharesText(with: stored[$0].fingerprint) }
        }
        let isAgain = items.count >= 3 && again.count * 5 >= items.count * 4
        settle(&byTitle, only: items.indices.filter { items[$0].guid == nil && items[$0].link == nil }) {
            item, old in
            if item.sharesText(with: old), isAgain { return true }
            // Constant words with a later date are the next of their kind.
            if item.isLater(than: old, habits) { return false }
            if item.sharesText(with: old) || item.text == nil { return true }
            return !item.standsAlone && !repeatedTitles.contains(item.title ?? 0)
        }
        // New id, new link, the very same words. With the same date it was published again; with another one it is the next of its
        // kind, under words that all of them have. Without dates it is the same where the whole document is so, or half of one in
        // which no id and no link is an old one: they hold of nothing then. So with a date of the day alone.
        let unsettled = again.count { verdicts[$0] == nil }
        let holdsNothing = verdicts.allSatisfy { $0 == nil }
        let areAgain =
            items.count >= 3 && (holdsNothing ? unsettled * 2 >= items.count : unsettled * 5 >= items.count * 4)
        settle(&byTitle) { item, old in
            guard item.sharesText(with: old) else { return false }
            if item.published == nil { return areAgain }
            return item.isSameByDate(as: old) && (areAgain || old.published == nil || item.sharesMoment(with: old))
        }
        if isMigration(verdicts, knownBefore: knownBefore ?? stored.count) {
            let unknown = items.indices.filter { verdicts[$0] == nil }
            let known = unknown.filter { index in
                guard let title = items[index].title, !repeatedTitles.contains(title) else { return false }
                return byTitle.contains(title) { items[index].hasMoved(from: stored[$0].fingerprint) }
            }
            // A site that has moved has its old titles, of the old dates; among new items, one that is called as another one was
            // ("Daily brief") is new as well.
            if known.count * 2 >= unknown.count {
                settle(&byTitle, only: known) { item, old in item.hasMoved(from: old) }
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
        let sorted = values.sorted()
        return Set(zip(sorted, sorted.dropFirst()).filter { $0 == $1 }.map(\.0))
    }
}

extension ItemFingerprint {
    fileprivate func sharesLink(with other: ItemFingerprint) -> Bool { link != nil && link == other.link }
    fileprivate func sharesTitle(with other: ItemFingerprint) -> Bool { title != nil && title == other.title }
    fileprivate func sharesText(with other: ItemFingerprint) -> Bool { text != nil && text == other.text }

    fileprivate func sharesDate(with other: ItemFingerprint) -> Bool {
        published != nil && published == other.published
    }

    /// The same date, and one that was not rounded to a day or an hour, as those of many items are.
    fileprivate func sharesMoment(with other: ItemFingerprint) -> Bool {
        sharesDate(with: other) && !(published ?? 0).isMultiple(of: 3600)
    }

    /// At the same moment. What was read as soon as it was written tells nothing by that: two items may have come at once.
    fileprivate func wasWritten(with other: ItemFingerprint) -> Bool {
        sharesMoment(with: other) && !(isDatedNow && other.isDatedNow)
    }

    fileprivate func isLater(than other: ItemFingerprint, _ habits: @autoclosure () -> FeedHabits) -> Bool {
        guard let published, let date = other.published, published > date else { return false }
        return !(isDatedNow && other.isDatedNow && habits().datesAreOfReading)
    }

    fileprivate func reads(as other: ItemFingerprint) -> Bool {
        revision == other.revision || sharesText(with: other)
    }

    func hasOtherLink(than other: ItemFingerprint) -> Bool {
        link != nil && other.link != nil && link != other.link
    }

    var hasIDOfItsOwn: Bool { guid != nil && !isLinkAsID }

    /// The same title under a new id and a new link, and the same date.
    fileprivate func hasMoved(from old: ItemFingerprint) -> Bool {
        isFresh ? sharesMoment(with: old) : isSameByDate(as: old)
    }

    /// Whether all that it says is other than what `old` says, and it is not dated before that.
    fileprivate func mayFollow(_ old: ItemFingerprint) -> Bool {
        if let published, let date = old.published, published < date { return false }
        return !sharesTitle(with: old) && !sharesText(with: old)
    }

    /// Never without a date.
    fileprivate func isSameByDate(as old: ItemFingerprint) -> Bool {
        if published == nil { return false }
        // Of what was recorded without its date, at least: it is not dated as what is new.
        return old.published == nil ? !isFresh : sharesDate(with: old)
    }
}
