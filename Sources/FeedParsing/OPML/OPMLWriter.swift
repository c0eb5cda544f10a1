import Model

/// Writes a list that every reader takes: UTF-8, feeds in a folder by their first tag, all tags as categories but those that only a
/// folder can hold.
package enum OPMLWriter {
    package static func text(_ document: OPMLDocument) -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n"
        text += "    <title>\(escaped(document.title ?? "Feeds"))</title>\n  </head>\n  <body>\n"
        text += outlines(document.feeds.map { ($0, folders($0)[...]) }, indent: "    ")
        return text + "  </body>\n</opml>\n"
    }

    /// A comma or a slash in a tag would make two of it among the categories; a folder keeps it whole.
    private static func folders(_ feed: Subscription) -> [String] {
        Array(feed.tags.prefix(1)) + feed.tags.dropFirst().filter { !isCategory($0) }
    }

    private static func isCategory(_ tag: String) -> Bool { !tag.contains(",") && !tag.contains("/") }

    /// Feeds without a folder first.
    private static func outlines(_ feeds: [(feed: Subscription, path: ArraySlice<String>)], indent: String) -> String {
        var text = ""
        for (feed, path) in feeds where path.isEmpty { text += indent + outline(feed) }
        var names: [String] = []
        var folders: [String: [(feed: Subscription, path: ArraySlice<String>)]] = [:]
        for (feed, path) in feeds {
            guard let name = path.first else { continue }
            if folders[name] == nil { names.append(name) }
            folders[name, default: []].append((feed, path.dropFirst()))
        }
        for name in names {
            text += indent + "<outline text=\"\(escaped(name))\">\n"
            text += outlines(folders[name] ?? [], indent: indent + "  ") + indent + "</outline>\n"
        }
        return text
    }

    private static func outline(_ feed: Subscription) -> String {
        let name = escaped(feed.name ?? feed.url)
        var attributes = "type=\"rss\" text=\"\(name)\" title=\"\(name)\" xmlUrl=\"\(escaped(feed.url))\""
        let categories = feed.tags.filter(isCategory)
        if !categories.isEmpty { attributes += " category=\"\(escaped(categories.joined(separator: ",")))\"" }
        if let language = feed.language { attributes += " language=\"\(escaped(language))\"" }
        return "<outline \(attributes)/>\n"
    }

    /// For an attribute. What XML does not have (control characters) is left out (XML 1.0 §2.2).
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\r", "\t": result += " "
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
