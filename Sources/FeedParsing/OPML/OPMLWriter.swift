import Model

/// Writes a list that every reader takes: UTF-8, feeds in a folder by their first tag, all tags as categories.
package enum OPMLWriter {
    package static func text(_ document: OPMLDocument) -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n"
        text += "    <title>\(escaped(document.title ?? "Feeds"))</title>\n  </head>\n  <body>\n"
        for feed in document.feeds where feed.tags.isEmpty { text += "    " + outline(feed) }
        var folders: [String] = []
        for folder in document.feeds.compactMap(\.tags.first) where !folders.contains(folder) { folders.append(folder) }
        for folder in folders {
            text += "    <outline text=\"\(escaped(folder))\">\n"
            for feed in document.feeds where feed.tags.first == folder { text += "      " + outline(feed) }
            text += "    </outline>\n"
        }
        return text + "  </body>\n</opml>\n"
    }

    private static func outline(_ feed: Subscription) -> String {
        let name = escaped(feed.name ?? feed.url)
        var attributes = "type=\"rss\" text=\"\(name)\" title=\"\(name)\" xmlUrl=\"\(escaped(feed.url))\""
        // A comma or a slash in a tag would make two of it; the folder keeps it whole.
        let categories = feed.tags.filter { !$0.contains(",") && !$0.contains("/") }
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
