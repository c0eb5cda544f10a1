import Model

/// The dialect of a document, once its root has told it. One of the two, in place: most of what a document costs beyond
/// its bytes are these calls.
struct OpenDialect {
    private var rss: RSSDialect?
    private var atom: AtomDialect?

    var isOpen: Bool { rss != nil || atom != nil }
    var isFull: Bool { rss?.isFull ?? atom?.isFull ?? false }

    /// The formats, told by the root element. Stays closed when it is no feed's: another element may be.
    mutating func open(_ tag: borrowing XMLStartTag) {
        switch tag.name.local {
        case .rss: rss = RSSDialect(format: FeedFormat.rss(version: tag.attribute("version")))
        case .rdf where tag.name.namespace == .rdf || tag.name.namespace == .none:
            rss = RSSDialect(format: FeedFormat.rdf(tag))
        case .channel: rss = RSSDialect(format: tag.name.namespace == .none ? "cdf" : "rss2.0")
        case .feed: atom = AtomDialect(format: FeedFormat.atom(tag))
        case .entry where tag.name.namespace == .atom: atom = AtomDialect(format: "atom1.0", isEntry: true)
        default: break
        }
    }

    mutating func start(_ tag: borrowing XMLStartTag, _ scope: XMLScope) {
        rss?.start(tag, scope)
        atom?.start(tag, scope)
    }

    mutating func end(_ name: XMLName, _ text: XMLText, _ scope: XMLScope) {
        rss?.end(name, text, scope)
        atom?.end(name, text, scope)
    }

    func capturesMarkup(of name: XMLName) -> Bool {
        rss?.capturesMarkup(of: name) ?? atom?.capturesMarkup(of: name) ?? false
    }

    consuming func finish() -> ParsedFeed? {
        if let rss { return rss.finish() }
        return atom?.finish()
    }
}

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
