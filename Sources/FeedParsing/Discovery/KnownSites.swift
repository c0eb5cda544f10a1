/// Where sites keep their feeds that do not say so on every page, by the shape of an address. A table: one place to add to.
package enum KnownSites {
    /// The feeds of the page with that address. Empty where nothing is known of the site.
    package static func feeds(of url: String) -> [String] {
        guard let address = Address(url) else { return [] }
        let path = address.path
        switch address.site {
        case "youtube.com": return youTube(path, address.query)
        case "reddit.com":
            guard let kind = path.first, ["r", "u", "user"].contains(kind), path.count > 1 else { return [] }
            return ["https://www.reddit.com/\(kind)/\(path[1])/.rss"]
        case "github.com":
            if path.count == 1 { return ["https://github.com/\(path[0]).atom"] }
            guard path.count >= 2 else { return [] }
            return ["releases", "commits", "tags"].map { "https://github.com/\(path[0])/\(path[1])/\($0).atom" }
        case "gitlab.com":
            guard path.count == 2 else { return [] }
            return ["https://gitlab.com/\(path[0])/\(path[1])/-/tags?format=atom"]
        case "medium.com":
            guard let first = path.first else { return [] }
            return ["https://medium.com/feed/\(first)"]
        case "bsky.app":
            guard path.count >= 2, path[0] == "profile" else { return [] }
            return ["https://bsky.app/profile/\(path[1])/rss"]
        default: break
        }
        // Mastodon and its kin: a person's page on any server.
        if path.count == 1, path[0].hasPrefix("@"), path[0].count > 1 {
            return ["\(address.scheme)://\(address.host)/\(path[0]).rss"]
        }
        return []
    }

    private static func youTube(_ path: [Substring], _ query: Substring) -> [String] {
        let base = "https://www.youtube.com/feeds/videos.xml?"
        let list = query.split(separator: "&").first { $0.hasPrefix("list=") }?.dropFirst(5)
        if path.first == "playlist", let list { return [base + "playlist_id=\(list)"] }
        guard path.count >= 2 else { return [] }
        return switch path[0] {
        case "channel": [base + "channel_id=\(path[1])"]
        case "user": [base + "user=\(path[1])"]
        default: []
        }
    }

    /// Where feeds are on most servers, for a page that names none. The likeliest first.
    package static func commonPlaces(of url: String) -> [String] {
        guard let address = Address(url) else { return [] }
        let root = "\(address.scheme)://\(address.host)"
        return [
            "/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed/atom", "/feed.json",
            "/feeds/posts/default", "/?feed=rss2",
        ].map { root + $0 }
    }

    private struct Address {
        var scheme: Substring
        /// With its port.
        var host: Substring
        /// The host without what all hosts have in front of their names.
        var site: String
        var path: [Substring]
        var query: Substring

        init?(_ url: String) {
            guard let end = url.firstRange(of: "://") else { return nil }
            scheme = url[..<end.lowerBound]
            let rest = url[end.upperBound...].prefix { $0 != "#" }
            host = rest.prefix { !"/?".contains($0) }
            guard !host.isEmpty, !host.contains("@") else { return nil }
            let behind = rest[host.endIndex...]
            path = behind.prefix { $0 != "?" }.split(separator: "/")
            query = behind.drop { $0 != "?" }.dropFirst()
            site = host.lowercased()
            for prefix in ["www.", "m.", "old.", "mobile."] where site.hasPrefix(prefix) {
                site.removeFirst(prefix.count)
            }
        }
    }
}
