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

/// The name of an element: where it belongs, and what it is called, in lower case.
struct XMLName: Hashable {
    var namespace: XMLNamespace
    var local: String
}

/// A start tag, while libxml2 has it. Its pointers end with the call.
struct XMLStartTag: ~Copyable {
    let name: XMLName
    fileprivate let attributes: UnsafePointer<UnsafePointer<UInt8>?>?
    fileprivate let count: Int
    /// Two pointers each: prefix and URI.
    private let namespaces: UnsafePointer<UnsafePointer<UInt8>?>?
    private let namespaceCount: Int

    init(
        name: XMLName, attributes: UnsafePointer<UnsafePointer<UInt8>?>?, count: Int,
        namespaces: UnsafePointer<UnsafePointer<UInt8>?>?, namespaceCount: Int
    ) {
        self.name = name
        self.attributes = attributes
        self.count = count
        self.namespaces = namespaces
        self.namespaceCount = namespaceCount
    }

    /// Whether a namespace is declared here whose URI has this in it (lower case).
    func declares(_ part: String) -> Bool {
        guard let namespaces else { return false }
        return (0..<namespaceCount).contains { index in
            namespaces[index * 2 + 1].map { String(cString: $0).lowercased().contains(part) } ?? false
        }
    }

    /// The value of the attribute of that name (lower case), without regard to case and namespace.
    func attribute(_ wanted: String) -> String? {
        for index in 0..<count {
            // Five pointers each: local name, prefix, URI, and the value's begin and end.
            guard let attributes, let local = attributes[index * 5], let begin = attributes[index * 5 + 3],
                let end = attributes[index * 5 + 4], String(cString: local).lowercased() == wanted
            else { continue }
            return String(decoding: UnsafeBufferPointer(start: begin, count: end - begin), as: UTF8.self)
        }
        return nil
    }

    /// `xml:base`, `xml:lang`: only with the prefix.
    func xmlAttribute(_ wanted: String) -> String? {
        for index in 0..<count {
            guard let attributes, let local = attributes[index * 5], let prefix = attributes[index * 5 + 1],
                let begin = attributes[index * 5 + 3], let end = attributes[index * 5 + 4],
                String(cString: prefix) == "xml", String(cString: local) == wanted
            else { continue }
            return String(decoding: UnsafeBufferPointer(start: begin, count: end - begin), as: UTF8.self)
        }
        return nil
    }

    var hasAttributes: Bool { count > 0 }

    /// All of them, as markup: ` href="…"`. Links are made absolute where a base is given.
    func writeAttributes(to markup: inout [UInt8], base: String?) {
        for index in 0..<count {
            guard let attributes, let local = attributes[index * 5], let begin = attributes[index * 5 + 3],
                let end = attributes[index * 5 + 4]
            else { continue }
            markup.append(0x20)
            markup.append(contentsOf: String(cString: local).utf8)
            markup.append(contentsOf: "=\"".utf8)
            let value = UnsafeBufferPointer(start: begin, count: end - begin)
            if let base, ["href", "src"].contains(String(cString: local)),
                let url = URLReference.resolve(String(decoding: value, as: UTF8.self), against: base)
            {
                XMLMarkup.appendEscaped(url.utf8, to: &markup)
            } else {
                XMLMarkup.appendEscaped(value, to: &markup)
            }
            markup.append(UInt8(ascii: "\""))
        }
    }
}

enum XMLMarkup {
    static func appendEscaped(_ text: some Sequence<UInt8>, to markup: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "<"): markup.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): markup.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "&"): markup.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "\""): markup.append(contentsOf: "&quot;".utf8)
            default: markup.append(byte)
            }
        }
    }
}
