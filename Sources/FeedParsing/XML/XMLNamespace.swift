/// What a name of an element belongs to, whatever prefix it has.
enum XMLNamespace: UInt8 {
    /// RSS, which has none, and those that were given to it.
    case none, atom, rdf, content, dublinCore, media, itunes, syndication, feedburner, thread, history, xhtml,
        yandex, other

    /// By its URI, tolerant of the variants that are met; where it was never declared, by the usual prefix.
    ///
    /// - Parameters: strings of C, each nil where there is none.
    init(uri: UnsafePointer<UInt8>?, prefix: UnsafePointer<UInt8>?) {
        guard let uri, uri.pointee != 0 else {
            self = XMLNamespace(prefix: prefix)
            return
        }
        let known = XMLNamespace.known.first { part, _ in XMLMarkup.holds(uri, part) }
        self = known?.1 ?? XMLNamespace(prefix: prefix)
    }

    /// Where the URI tells nothing.
    private init(prefix: UnsafePointer<UInt8>?) {
        self = prefix.map { Self.usual[String(cString: $0).lowercased()] ?? .other } ?? .none
    }

    /// Parts of URIs, in lower case.
    private static let known: [(StaticString, XMLNamespace)] = [
        ("w3.org/2005/atom", .atom), ("purl.org/atom/ns", .atom), ("purl.org/rss/1.0/modules/content", .content),
        ("purl.org/rss/1.0/modules/syndication", .syndication), ("purl.org/rss/1.0/modules", .other),
        ("purl.org/rss/1.0", .none), ("my.netscape.com/rdf/simple/0.9", .none), ("my.netscape.com/publish", .none),
        ("channel.netscape.com/rdf", .none), ("backend.userland.com/rss", .none),
        ("blogs.law.harvard.edu/tech/rss", .none), ("cyber.law.harvard.edu/rss", .none),
        ("1999/02/22-rdf-syntax-ns", .rdf), ("purl.org/dc/", .dublinCore), ("search.yahoo.com/mrss", .media),
        ("itunes.com/dtds/podcast", .itunes), ("example.com/dtds/podcast", .itunes),
        ("rssnamespace.org/feedburner", .feedburner), ("purl.org/syndication/thread", .thread),
        ("rssboard.org/media-rss", .media), ("purl.org/syndication/history", .history), ("w3.org/1999/xhtml", .xhtml),
        ("news.yandex.ru", .yandex), ("turbo.yandex.ru", .yandex),
    ]

    private static let usual: [String: XMLNamespace] = [
        "atom": .atom, "a10": .atom, "rdf": .rdf, "content": .content, "dc": .dublinCore, "dcterms": .dublinCore,
        "media": .media, "itunes": .itunes, "sy": .syndication, "feedburner": .feedburner, "thr": .thread,
        "fh": .history, "rss": .none, "yandex": .yandex, "turbo": .yandex,
    ]
}
