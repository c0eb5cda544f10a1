import Synchronization

/// What was read last: the newest items of all feeds, for whoever looks at what came near. In memory only, and gone with the
/// program: the state keeps no titles of items that matched nothing.
package final class RecentItems: Sendable {
    package struct Item: Sendable, Hashable {
        /// At most 300 characters.
        package var title: String
        package var url: String?
        /// BCP 47. Nil: not known.
        package var language: String?
        package var feed: AlertFeed
        /// The watches that it matched.
        package var watches: [String]

        package init(title: String, url: String?, language: String?, feed: AlertFeed, watches: [String]) {
            self.title = title
            self.url = url
            self.language = language
            self.feed = feed
            self.watches = watches
        }
    }

    /// So many items are kept.
    package static let most = 500

    private struct Ring {
        var items: [Item] = []
        var next = 0
    }

    private let ring = Mutex(Ring())

    package init() {}

    /// The oldest gives way.
    package func note(_ item: Item) {
        ring.withLock { ring in
            if ring.items.count < Self.most {
                ring.items.append(item)
            } else {
                ring.items[ring.next] = item
                ring.next = (ring.next + 1) % Self.most
            }
        }
    }

    /// The newest first.
    package var newest: [Item] {
        let (items, next) = ring.withLock { ($0.items, $0.next) }
        return (items[next...] + items[..<next]).reversed()
    }
}
