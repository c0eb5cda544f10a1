/// What a document shows of how its feed makes ids, links and dates: what it has of items that read as they did before.
///
/// Where nothing shows that a key changes by itself, a new one is of a new item.
struct FeedHabits {
    /// Ids are new with every document: most of what is unchanged, under the link that it had, has another one.
    private(set) var idsChange = false
    /// Links are: most of what is unchanged, under the id that it had, has another one.
    private(set) var linksChange = false
    /// Dates are those of the reading: something unchanged was dated with the reading, then and now.
    private(set) var datesAreOfReading = false

    private struct Version: Hashable {
        var key: UInt64?
        var revision: UInt64
    }

    init(_ items: [ItemFingerprint], against stored: [ItemIdentity.Stored]) {
        if stored.isEmpty { return }
        let guids = Set(stored.compactMap(\.fingerprint.guid))
        let links = Set(stored.compactMap(\.fingerprint.link))
        var underLink: Set<Version> = []
        var underID: [Version: ItemFingerprint] = [:]
        for old in stored.map(\.fingerprint) {
            if let link = old.link, old.guid != nil { underLink.insert(Version(key: link, revision: old.revision)) }
            underID[Version(key: old.guid, revision: old.revision)] = old
        }
        var (newIDs, oldIDs, newLinks, oldLinks) = (0, 0, 0, 0)
        for item in items {
            if let guid = item.guid, guids.contains(guid) {
                oldIDs += 1
            } else if item.hasIDOfItsOwn, let link = item.link,
                underLink.contains(Version(key: link, revision: item.revision))
            {
                newIDs += 1
            }
            if let link = item.link, links.contains(link) { oldLinks += 1 }
            guard let old = underID[Version(key: item.guid, revision: item.revision)] else { continue }
            if item.isDatedNow, old.isDatedNow, item.published != old.published { datesAreOfReading = true }
            if item.guid != nil, item.hasOtherLink(than: old), item.published == old.published { newLinks += 1 }
        }
        idsChange = newIDs > 0 && newIDs >= oldIDs
        linksChange = newLinks > 0 && newLinks >= oldLinks
    }
}
