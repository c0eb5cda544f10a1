import Config
import Model
import Synchronization

/// Keeps watched names out of what a sink is told of feeds, where it is not told whom the watches wait for: search feeds are
/// called after whom they look for, and so are their addresses.
struct FeedVeil: Sendable {
    /// Nothing is kept from anybody.
    static let none = FeedVeil()
    private static let mark = "•••"

    private let names: (any WatchedNames)?
    /// Watches that the sink sees whole, and more of them where a feed has one of its tags.
    private let seen: Set<String>
    private let seenByTag: Set<String>
    private let only: Set<String>
    private let seesAll: Bool
    private let cache = Cache()

    private init() {
        (names, seen, seenByTag, only, seesAll) = (nil, [], [], [], true)
    }

    init(_ tools: SinkTools, _ disclosure: Disclosure) {
        // What has another name outside has no other one there.
        let open = disclosure == .full ? tools.watches.filter { tools.codenames[$0.key] == nil } : [:]
        let only = tools.only
        self.only = only
        seenByTag = Set(open.keys)
        seen =
            only.isEmpty
            ? seenByTag : Set(open.filter { only.contains($0.key) || only.contains($0.value.rawValue) }.keys)
        names = tools.watchedNames
        seesAll = seen.count == tools.watches.count
    }

    var isNone: Bool { names == nil || seesAll }

    /// The alert as the sink may have it. Nil: as it is.
    ///
    /// - Parameter strictly: one of its watches had another name outside when it was raised: no name is told.
    func veiled(_ alert: Alert, strictly: Bool = false) -> Alert? {
        guard let names, strictly || !seesAll else { return nil }
        let isTagged = !only.isEmpty && alert.feed.tags.contains(where: only.contains)
        let known = strictly ? [] : isTagged ? seenByTag : seen
        func text(_ words: String) -> String {
            cache.text(words, isTagged: isTagged, strictly: strictly) { names.hidden(in: $0, known: known) }
        }
        var result = alert
        result.feed = feed(alert.feed, text)
        result.alsoIn = alert.alsoIn.map { feed($0, text) }
        if alert.kind == .health {
            var title = alert.item.title ?? ""
            let (old, new) = (alert.feed.name ?? alert.feed.url, result.feed.name ?? result.feed.url)
            if old != new, title.hasPrefix(old) { title = new + title.dropFirst(old.count) }
            result.item.title = alert.item.title == nil ? nil : text(title)
            result.item.summary = alert.item.summary.map(text)
        }
        return result == alert ? nil : result
    }

    private func feed(_ feed: AlertFeed, _ text: (String) -> String) -> AlertFeed {
        var result = feed
        result.url = text(feed.url)
        if result.url == Self.mark, feed.url.hasPrefix("tocsin:") { result.url = "tocsin:\(Self.mark)" }
        result.name = feed.name.map { name in
            let shown = text(name)
            // Its host says more than nothing.
            return shown == Self.mark ? WebLink(result.url)?.host ?? shown : shown
        }
        result.tags = feed.tags.filter { text($0) == $0 }
        return result
    }

    /// Feeds are few, and their alerts many.
    private final class Cache: Sendable {
        private static let most = 2000

        private struct Key: Hashable {
            var words: String
            var isTagged: Bool
            var strictly: Bool
        }

        private let texts = Mutex<[Key: String]>([:])

        func text(_ words: String, isTagged: Bool, strictly: Bool, _ make: (String) -> String) -> String {
            let key = Key(words: words, isTagged: isTagged, strictly: strictly)
            if let known = texts.withLock({ $0[key] }) { return known }
            let made = make(words)
            texts.withLock { texts in
                if texts.count >= Self.most { texts = [:] }
                texts[key] = made
            }
            return made
        }
    }
}

/// Who knows the names that are watched, in every script and spelling.
package protocol WatchedNames: Sendable {
    /// The words without watched names, but for those of the watches that are known.
    func hidden(in words: String, known: Set<String>) -> String
}
