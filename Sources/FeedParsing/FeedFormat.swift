/// The names of formats.
enum FeedFormat {
    static func rss(version: String?) -> String {
        let version = version?.trimmed ?? ""
        if version.isEmpty { return "rss" }
        return version.hasPrefix("2") ? "rss2.0" : "rss\(version)"
    }

    static func rdf(_ tag: borrowing XMLStartTag) -> String {
        tag.declares("netscape.com/rdf/simple/0.9") ? "rss0.90" : "rss1.0"
    }

    static func atom(_ tag: borrowing XMLStartTag) -> String {
        let version = tag.attribute("version")?.trimmed
        if let version, version.hasPrefix("0.") { return "atom0.3" }
        // purl.org/atom/ns# is 0.3; with #draft- behind it, it is a draft of RFC 4287.
        return tag.declares("purl.org/atom/") && !tag.declares("#draft") ? "atom0.3" : "atom1.0"
    }
}
