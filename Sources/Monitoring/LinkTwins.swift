/// What is known of addresses that show the same page as another: AMP twins, folders' index pages, and links that only lead on
/// to one that stands in them. Where a site may mean something else by it, links stay apart.
enum LinkTwins {
    /// The link that this one carries along and leads to. Nil when it is one itself, or does not tell where it leads
    /// (`feedproxy.google.com/~r/…`, `news.google.com/rss/articles/CBMi…`).
    ///
    /// - Parameters:
    ///   - host: in lower case, without `www.`.
    ///   - rest: path, query and fragment.
    static func target(host: [UInt8], rest: ArraySlice<UInt8>) -> [UInt8]? {
        let isGoogle = isGoogle(host)
        if host == amp || host.ends(with: ampSuffix) || isGoogle && rest.starts(with: "/amp/".utf8) {
            return cached(rest)
        }
        // Yahoo's old feeds.
        if host.ends(with: rdYahoo), let star = rest.firstIndex(of: UInt8(ascii: "*")) {
            return link(rest[(star + 1)...])
        }
        guard let (_, path, keys) = isGoogle ? google : redirects.first(where: { $0.host == host }) else { return nil }
        let parts = rest.split(separator: UInt8(ascii: "#"), maxSplits: 1).first ?? []
        let query = parts.split(separator: UInt8(ascii: "?"), maxSplits: 1)
        guard query.count == 2, query[0].elementsEqual(path.utf8) else { return nil }
        for pair in query[1].split(separator: UInt8(ascii: "&")) {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            if keys.contains(where: { name.elementsEqual($0.utf8) }) {
                return link(unescaped(pair.dropFirst(name.count + 1)))
            }
        }
        return nil
    }

    private static let amp = Array("cdn.ampproject.org".utf8)
    private static let ampSuffix = Array(".cdn.ampproject.org".utf8)
    private static let rdYahoo = Array("rd.yahoo.com".utf8)

    /// The host, the path of what leads on, and the names of what it leads to.
    private typealias Redirect = (host: [UInt8], path: String, keys: [String])
    private static let google: Redirect = ([], "/url", ["url", "q"])
    // Few, and hardly any as long as another: to hash a host takes longer.
    private static let redirects: [Redirect] = [
        ("bing.com", "/news/apiclick.aspx", ["url"]), ("l.facebook.com", "/l.php", ["u"]),
        ("lm.facebook.com", "/l.php", ["u"]), ("news.google.com", "/news/url", ["url"]),
        ("vk.com", "/away.php", ["to"]), ("t.umblr.com", "/redirect", ["z"]),
    ].map { (Array($0.0.utf8), $0.1, $0.2) }

    /// `google.com`, `google.kz`, `google.co.uk`, `google.com.tr`.
    private static func isGoogle(_ host: [UInt8]) -> Bool {
        guard host.starts(with: googleName) else { return false }
        let labels = host.dropFirst(googleName.count).split(separator: UInt8(ascii: "."))
        return (1...2).contains(labels.count) && labels.allSatisfy { $0.count <= 3 }
    }

    private static let googleName = Array("google.".utf8)

    /// `/c/s/example.org/a`: `c`, `v` and `amp` for pages, `s` for https.
    private static func cached(_ rest: ArraySlice<UInt8>) -> [UInt8]? {
        for kind in ["/c/", "/v/", "/amp/"] where rest.starts(with: kind.utf8) {
            var page = rest.dropFirst(kind.utf8.count)
            if page.starts(with: "s/".utf8) { page = page.dropFirst(2) }
            let host = page.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            return host.contains(UInt8(ascii: ".")) ? Array("https://".utf8) + page : nil
        }
        return nil
    }

    private static func link(_ bytes: some Collection<UInt8>) -> [UInt8]? {
        let isLink = bytes.starts(with: "https://".utf8) || bytes.starts(with: "http://".utf8)
        return isLink ? Array(bytes) : nil
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
                let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                result.append(value)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    // MARK: paths

    /// Without slashes at its end, the name of a folder's index page, and the marks of an AMP twin.
    static func page(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var path = path
        while true {
            while path.last == slash { path.removeLast() }
            let name = last(path)
            if isIndex(name) {
                path.removeLast(name.count)
            } else if name.elementsEqual("amp".utf8), isArticle(last(path.dropLast(4))) {
                path.removeLast(4)
            } else if path.starts(with: "/amp/".utf8), isArticle(name) {
                path = path.dropFirst(4)
            } else if name.count > 4, path.ends(with: ampEnding), isArticle(name.dropLast(4)) {
                path.removeLast(4)
            } else if name.count > 9, path.ends(with: ampPage) {
                return (path.dropLast(9) + ".html".utf8)[...]
            } else {
                return path
            }
        }
    }

    private static let slash = UInt8(ascii: "/")
    private static let ampEnding = Array(".amp".utf8)
    private static let ampPage = Array(".amp.html".utf8)
    private static let indexNames = [
        "index.html", "index.htm", "index.shtml", "index.php", "index.asp", "index.aspx", "default.asp", "default.aspx",
    ].map { Array($0.utf8) }

    private static func isIndex(_ name: ArraySlice<UInt8>) -> Bool {
        guard name.first == UInt8(ascii: "i") || name.first == UInt8(ascii: "d") else { return false }
        return indexNames.contains { $0[...] == name }
    }

    private static func last(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        path.lastIndex(of: slash).map { path[($0 + 1)...] } ?? path[path.endIndex...]
    }

    /// Whether a part of a path names one article, and not a section that may have a page on amplifiers: it has a number, or
    /// several words.
    private static func isArticle(_ name: ArraySlice<UInt8>) -> Bool {
        name.contains { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    // MARK: queries

    /// Whether a pair of the query asks for the AMP twin or tells how it was reached.
    ///
    /// - Parameter pair: in lower case.
    static func isTwin(_ pair: String) -> Bool {
        pairs.contains(pair) || names.contains { pair == $0 || pair.hasPrefix($0 + "=") }
    }

    /// What caches and viewers of amplified pages add.
    private static let names = [
        "amp_js_v", "amp_gsa", "amp_r", "amp_ct", "amp_tf", "amp_agsa", "amp_latest_update_time", "amp_lite",
    ]

    private static let pairs: Set<String> = {
        let names = ["ref", "from", "source", "src", "via", "origin", "cid", "medium"]
        let feeds = ["rss", "feed", "feeds", "atom", "rssfeed", "rss-feed", "rss_feed", "feedburner"]
        return Set(names.flatMap { name in feeds.map { "\(name)=\($0)" } }).union([
            "amp", "amp=", "amp=1", "amp=true", "amp=yes", "outputtype=amp", "outputtype=default-amp", "output=amp",
            "partner=rss", "partner=rssnyt", "emc=rss", "rss", "rss=", "rss=1", "feed=rss",
        ])
    }()
}

extension RandomAccessCollection<UInt8> {
    fileprivate func ends(with end: [UInt8]) -> Bool { count >= end.count && suffix(end.count).elementsEqual(end) }
}
