/// A URL as it may be shown: without credentials, and without the values of its query, where tokens are kept.
package enum RedactedURL {
    /// `https://user:pass@host/a?key=value#f` becomes `https://host/a?key=•••`. Text that is no URL comes back legible,
    /// and nothing else.
    package static func text(_ url: String) -> String {
        guard let parts = URLParts(url) else { return url.legible }
        var text = "\(parts.scheme)://\(parts.hostAndPort)\(parts.path)"
        if let query = parts.query, !query.isEmpty {
            let shown = query.split(separator: "&", omittingEmptySubsequences: false).map(Self.shown)
            text += "?" + shown.joined(separator: "&")
        }
        return text.legible
    }

    private static func shown(_ pair: Substring) -> String {
        guard let equals = pair.firstIndex(of: "=") else { return pair.count > 24 ? "•••" : String(pair) }
        return pair[..<equals] + "=" + (isHarmless(pair) ? String(pair[pair.index(after: equals)...]) : "•••")
    }

    /// Short numbers and words tell two feeds of a site apart (`?format=rss`, `?page=2`) and are no secrets.
    private static func isHarmless(_ pair: Substring) -> Bool {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let names = ["format", "feed", "type", "page", "lang", "language", "section", "cat", "category", "i", "n"]
        return names.contains(parts[0].lowercased()) && parts.count == 2 && parts[1].count <= 12
    }
}
