/// What a name of an element belongs to, whatever prefix it has.
enum XMLNamespace: UInt8 {
    /// RSS without one, and everything that is not known.
    case none, atom, rss, rdf, content, dublinCore, media, itunes, syndication, feedburner, thread, history, xhtml,
        other

    /// By its URI, tolerant of the variants that are met; where it was never declared, by the usual prefix.
    init(uri: String?, prefix: String?) {
        guard let uri, !uri.isEmpty else {
            self = Self.usual[prefix?.lowercased() ?? ""] ?? (prefix == nil ? .none : .other)
            return
        }
        let key = uri.lowercased()
        let known: [(String, XMLNamespace)] = [
            ("w3.org/2005/atom", .atom), ("purl.org/atom/ns", .atom), ("purl.org/rss/1.0/modules/content", .content),
            ("purl.org/rss/1.0/modules/syndication", .syndication), ("purl.org/rss/1.0/modules", .other),
            ("purl.org/rss/1.0", .rss), ("my.netscape.com/rdf/simple/0.9", .rss), ("my.netscape.com/publish", .rss),
            ("channel.netscape.com/rdf", .rss), ("backend.userland.com/rss", .rss),
            ("blogs.law.harvard.edu/tech/rss", .rss),
            ("cyber.law.harvard.edu/rss", .rss), ("1999/02/22-rdf-syntax-ns", .rdf), ("purl.org/dc/", .dublinCore),
            ("search.yahoo.com/mrss", .media), ("video.search.yahoo.com/mrss", .media),
            ("itunes.com/dtds/podcast", .itunes),
            ("itunes.com/dtds/podcast-1.0", .itunes), ("example.com/dtds/podcast", .itunes),
            ("rssnamespace.org/feedburner", .feedburner), ("purl.org/syndication/thread", .thread),
            ("purl.org/syndication/history", .history), ("w3.org/1999/xhtml", .xhtml),
        ]
        self = known.first { key.contains($0.0) }?.1 ?? .other
    }

    private static let usual: [String: XMLNamespace] = [
        "atom": .atom, "a10": .atom, "rdf": .rdf, "content": .content, "dc": .dublinCore, "dcterms": .dublinCore,
        "media": .media,
        "itunes": .itunes, "sy": .syndication, "feedburner": .feedburner, "thr": .thread, "fh": .history, "rss": .rss,
    ]
}
