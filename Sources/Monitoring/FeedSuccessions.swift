import Logging
package import Model

/// Feeds whose addresses a person changes: what was seen under the old one must not be forgotten over it.
package enum FeedSuccessions {
    /// So many are asked about one by one.
    private static let most = 10

    /// What to ask the person about: a feed that is new, and one that is listed no longer, which may be the same.
    ///
    /// - Parameter feeds: the configuration's.
    package static func questions(_ change: FeedListChange, _ feeds: [FeedSpec]) -> [Issue] {
        if change.lost.isEmpty || change.new.isEmpty { return [] }
        let claimed = Set(feeds.flatMap(\.was))
        let listed = Set(feeds.map(\.url))
        // Some need no question.
        let lost = change.lost.filter { !claimed.contains($0.url) && !($0.movesTo.map(listed.contains) ?? false) }
        let byName = Dictionary(grouping: lost.filter { $0.title != nil }) { $0.title?.lowercased() ?? "" }
        let byPlace = Dictionary(grouping: lost) { place(of: $0.url, $0.site) }
        var asked: Set<String> = []
        var issues: [Issue] = []
        var more = 0
        for feed in feeds where feed.was.isEmpty && change.new.contains(feed.url) {
            let alike = feed.name.flatMap { byName[$0.lowercased()] } ?? byPlace[place(of: feed.url, feed.site)] ?? []
            guard let former = alike.first(where: { !asked.contains($0.url) }) else { continue }
            asked.insert(former.url)
            if issues.count < most { issues.append(question(feed, former)) } else { more += 1 }
        }
        if more > 0 { issues[issues.count - 1].fault += "; so it is with \(more) more" }
        return issues
    }

    private static func question(_ feed: FeedSpec, _ former: KnownFeed) -> Issue {
        let name = former.title.map { " ('\($0.cut(to: 80).legible)')" } ?? ""
        return Issue(
            "this feed is new, and \(RedactedURL.text(former.url))\(name) is listed no longer",
            remedy: "if it is the same feed, write its old address under it as 'was: URL', so that nothing is missed",
            at: feed.location, severity: .warning)
    }

    /// Whose servers it is on. A file is beside no other.
    private static func place(of url: String, _ site: String?) -> String {
        if let site { return site }
        let host = FeedSpec.host(of: url)
        return host.isEmpty ? url : host
    }
}

extension Poller {
    /// Feeds that go on under another address.
    func tell(of successions: [FeedSuccession]) {
        for succession in successions {
            logger.notice(
                "the feed goes on under another address",
                metadata: [
                    "feed.url": "\(RedactedURL.text(succession.to))", "was": "\(RedactedURL.text(succession.from))",
                ])
        }
    }
}
