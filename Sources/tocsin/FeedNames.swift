import Model

/// What feeds are called in a table: as configured, or as they call themselves. Where that is the same for several, with the
/// host behind it, or the end of the address where even that is.
enum FeedNames {
    /// In columns; what is more would be cut off.
    private static let longestPlace = 25

    static func shown(_ feeds: [FeedSpec], _ states: [String: FeedState]) -> [String] {
        let names = feeds.map { $0.name ?? states[$0.url]?.title ?? RedactedURL.text($0.url) }
        let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
        let placed = zip(feeds, names).map { feed, name in name + "\n" + FeedSpec.host(of: feed.url) }
        let hosts = Dictionary(placed.map { ($0, 1) }, uniquingKeysWith: +)
        return feeds.indices.map { index in
            guard let count = counts[names[index]], count > 1 else { return names[index] }
            let host = FeedSpec.host(of: feeds[index].url)
            let place = hosts[placed[index]] == 1 && !host.isEmpty ? host : address(feeds[index].url)
            let end = place.count > longestPlace ? "…" + place.suffix(longestPlace - 1) : place
            return Table.cut(names[index], to: Table.widest - end.count - 3) + " (\(end))"
        }
    }

    private static func address(_ url: String) -> String {
        let text = RedactedURL.text(url)
        return text.firstRange(of: "://").map { String(text[$0.upperBound...]) } ?? text
    }
}
