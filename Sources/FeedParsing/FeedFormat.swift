/// The formats, told by the root element.
enum FeedFormat {
    /// The dialect that reads a document with this root. Nil when it is no feed's: another element may be.
    static func dialect(for tag: borrowing XMLStartTag) -> (any Dialect)? {
        switch tag.name.local {
        case "rss": RSSDialect(format: rss(version: tag.attribute("version")))
        case "rdf" where tag.name.namespace == .rdf || tag.name.namespace == .none: RSSDialect(format: "rss1.0")
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

    private static func atom(_ tag: borrowing XMLStartTag) -> String {
        tag.attribute("version")?.hasPrefix("0.") == true ? "atom0.3" : "atom1.0"
    }
}
