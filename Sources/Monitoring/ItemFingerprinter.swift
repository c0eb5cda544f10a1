import Foundation
package import Model

/// What each item of a document is recognised by, from the item and its document alone.
///
/// All hashes are SHA-256, cut: whoever writes one item of an honest aggregator could otherwise make one that hides
/// another's.
package struct ItemFingerprinter: Sendable {
    /// Shorter texts ("Read more", "Video") are shared by items that have nothing else in common.
    package static let shortestTellingText = 40

    private let feedURL: String
    private let homes: Set<CanonicalLink>

    /// - Parameter feedURL: the feed as the user subscribed to it. It stands for the feed in the keys of articles that
    ///   have no link.
    private init(feedURL: String, document: ParsedFeed) {
        self.feedURL = Self.withoutCredentials(feedURL)
        homes = Set([document.homePageURL, document.feedURL, feedURL].compactMap { $0 }.compactMap(CanonicalLink.init))
    }

    /// One for each item of the document, in order.
    package static func fingerprints(of document: ParsedFeed, feedURL: String) -> [ItemFingerprint] {
        ItemFingerprinter(feedURL: feedURL, document: document).fingerprints(of: document.items)
    }

    private func fingerprints(of items: [ParsedItem]) -> [ItemFingerprint] {
        // By their places: an item is large, and to copy one takes longer than to look at it.
        let titles = items.indices.map { Self.digest(ofTitle: items[$0].title) }
        let links = items.indices.map { link(items[$0].url ?? items[$0].externalURL) }
        let shared = Self.shared(links, titles)
        var fingerprints = items.indices.map { index in
            let link = links[index].flatMap { shared.contains($0) ? nil : $0 }
            return fingerprint(of: items[index], link: link, title: titles[index])
        }
        Self.tellApart(&fingerprints)
        return fingerprints
    }

    /// Items of one document that have one link or one id, and say different things or at different times, are articles of their own.
    private static func tellApart(_ items: inout [ItemFingerprint]) {
        guard Set(items.map(\.article)).count < items.count else { return }
        for places in Dictionary(grouping: items.indices, by: { items[$0].article }).values where places.count > 1 {
            let first = items[places[0]]
            let isOne = places.allSatisfy {
                items[$0].revision == first.revision && items[$0].published == first.published
            }
            if !isOne { for place in places { items[place].article = articleOfItsOwn(items[place]) } }
        }
    }

    private func fingerprint(of item: ParsedItem, link: CanonicalLink?, title: Digest128?) -> ItemFingerprint {
        // The long texts are hashed once; all that builds on them takes this digest.
        let text = Self.digest(ofTexts: item)
        let hasText = Self.tells(item.summary) || Self.tells(item.content)
        let id = item.id.flatMap { FoldedTitle.isBlank($0) ? nil : $0 }

        var revision = FieldDigest("revision")
        revision.add(item.title)
        revision.add(text)
        revision.add(item.authors.compactMap(\.name))
        revision.add(item.tags)
        revision.add(item.language)

        var fingerprint = ItemFingerprint(
            guid: id.map { Self.digest("guid", $0).high }, link: link.map { Self.digest("link", $0.text).high },
            title: title?.high, text: hasText ? text.high : nil,
            revision: revision.finish().high,
            article: Self.article(feedURL, id: id, link: link, title: title, text: text))
        if let link, let id { fingerprint.isLinkAsID = Self.isLink(id, link, item.url ?? item.externalURL) }
        // Not when it was changed: that is new with each edit.
        fingerprint.published = item.firstDate.map { Int64(min(max($0.timeIntervalSince1970, -1e15), 1e15)) }
        return fingerprint
    }

    /// The article of an item under whose link there was another one: of its link, its id, its words and its date together, and so
    /// the same in each feed that has it so.
    package static func articleOfItsOwn(_ item: ItemFingerprint) -> Digest128 {
        var digest = FieldDigest("article by link and words")
        for hash in [item.link, item.guid, item.title, item.text] { digest.add(hash.map { String($0, radix: 16) }) }
        digest.add(item.published.map(String.init))
        return digest.finish()
    }

    /// The article of an item whose words are all that it has, after others with the same words maybe: the feed's address with its
    /// words and its date.
    package static func articleByWords(of item: ParsedItem, feedURL: String, published: Int64?) -> Digest128 {
        let words = article(
            withoutCredentials(feedURL), id: nil, link: nil, title: digest(ofTitle: item.title),
            text: digest(ofTexts: item))
        guard let published else { return words }
        var digest = FieldDigest("article by words and date")
        digest.add(words)
        digest.add(String(published))
        return digest.finish()
    }

    /// Whether an id tells nothing that the link does not: it is the link, or the link with `#` and a count of the edits behind it (the
    /// BBC). Other marks there name a part of the page.
    private static func isLink(_ id: String, _ link: CanonicalLink, _ address: String?) -> Bool {
        if id == address { return !id.utf8.contains(UInt8(ascii: "#")) }
        guard CanonicalLink(id) == link else { return false }
        guard let mark = id.utf8.firstIndex(of: UInt8(ascii: "#")) else { return true }
        let count = id.utf8[id.utf8.index(after: mark)...]
        return count.count <= 3 && count.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func article(
        _ feedURL: String, id: String?, link: CanonicalLink?, title: Digest128?, text: Digest128
    ) -> Digest128 {
        if let link { return digest("article by link", link.text) }
        if let id { return digest("article by id", feedURL, id) }
        var digest = FieldDigest("article by words")
        digest.add(feedURL)
        digest.add(title)
        digest.add(text)
        return digest.finish()
    }

    /// The item's link when it tells the item from others: not a site's root, nor the home page of the feed.
    private func link(_ address: String?) -> CanonicalLink? {
        let link = address.flatMap(CanonicalLink.init)
        return link.flatMap { $0.isSiteRoot || homes.contains($0) ? nil : $0 }
    }

    /// Links under which the document has items of different titles: a page with a list of news, say.
    private static func shared(_ links: [CanonicalLink?], _ titles: [Digest128?]) -> Set<CanonicalLink> {
        var first = [CanonicalLink: Digest128?](minimumCapacity: links.count)
        var shared: Set<CanonicalLink> = []
        for (link, title) in zip(links, titles) {
            guard let link else { continue }
            if let known = first[link] {
                if known != title { shared.insert(link) }
            } else {
                first[link] = .some(title)
            }
        }
        return shared
    }

    private static func tells(_ text: FeedText?) -> Bool {
        guard let source = text?.source else { return false }
        // A character takes at most four bytes, so that most texts need not be counted.
        let bytes = source.utf8.count
        return bytes >= 4 * shortestTellingText
            || (bytes >= shortestTellingText && source.unicodeScalars.count >= shortestTellingText)
    }

    /// Nil when nothing is left of it.
    private static func digest(ofTitle title: String?) -> Digest128? {
        let folded = FoldedTitle.bytes(title ?? "")
        if folded.isEmpty { return nil }
        var digest = FieldDigest("title")
        digest.add(utf8: folded)
        return digest.finish()
    }

    private static func digest(ofTexts item: ParsedItem) -> Digest128 {
        var digest = FieldDigest("text")
        digest.add(item.summary?.source)
        digest.add(item.content?.source)
        // Only where it is: what states hold of items without one stays as it was.
        if let text = item.contentText { digest.add(text) }
        for text in item.otherTexts { digest.add(text.source) }
        return digest.finish()
    }

    private static func digest(_ purpose: String, _ texts: String?...) -> Digest128 {
        var digest = FieldDigest(purpose)
        for text in texts { digest.add(text) }
        return digest.finish()
    }

    /// With a new password it is still the same feed.
    private static func withoutCredentials(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://"), let at = url[scheme.upperBound...].firstIndex(of: "@"),
            !url[scheme.upperBound..<at].contains(where: { "/?#".contains($0) })
        else { return url }
        return String(url[..<scheme.upperBound] + url[url.index(after: at)...])
    }
}
