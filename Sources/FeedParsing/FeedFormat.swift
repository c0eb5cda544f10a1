/// The formats, told by the root element.
enum FeedFormat {
    /// The dialect that reads a document with this root. Nil when it is no feed's: another element may be.
    static func dialect(for tag: borrowing XMLStartTag) -> (any Dialect)? {
        switch tag.name.local {
        case "rss": RSSDialect(format: rss(version: tag.attribute("version")))
        case "rdf" where tag.name.namespace == .rdf || tag.name.namespace == .none: RSSDialect(format: rdf(tag))
        case "feed": AtomDialect(format: atom(tag))
        case "channel": RSSDialect(format: tag.name.namespace == .none ? "cdf" : "rss2.0")
        case "entry" where tag.name.namespace == .atom: AtomDialect(format: "atom1.0", isEntry: true)
        default: nil
        }
    }

    private static func rss(version: String?) -> String {
        let version = version?.trimmed ?? ""
        if version.isEmpty { return "rss" }
        return version.hasPrefix("2") ? "rss2.0" : "rss\(version)"
    }

    private static func rdf(_ tag: borrowing XMLStartTag) -> String {
        tag.declares("netscape.com/rdf/simple/0.9") ? "rss0.90" : "rss1.0"
    }

    private static func atom(_ tag: borrowing XMLStartTag) -> String {
        let version = tag.attribute("version")?.trimmed
        if let version, version.hasPrefix("0.") { return "atom0.3" }
        // purl.org/atom/ns# is 0.3; with #draft- behind it, it is a draft of RFC 4287.
        return tag.declares("purl.org/atom/") && !tag.declares("#draft") ? "atom0.3" : "atom1.0"
    }
}
