import Foundation

/// A URL as it may be shown: without credentials, and without the values of its query, where tokens are kept.
package enum RedactedURL {
    /// `https://user:pass@host/a?key=value#f` becomes `https://host/a?key=•••`. Text that is no URL comes back legible,
    /// and nothing else.
    package static func text(_ url: String) -> String {
        guard let scheme = url.range(of: "://") else { return url.legible }
        let rest = url[scheme.upperBound...]
        let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let tail = rest[authorityEnd...].prefix { $0 != "#" }
        let path = tail.prefix { $0 != "?" }
        let query = tail.dropFirst(path.count + 1)
        let shown = query.split(separator: "&", omittingEmptySubsequences: false).map { pair in
            guard let equals = pair.firstIndex(of: "=") else { return pair.count > 24 ? "•••" : String(pair) }
            return pair[..<equals] + "=" + (Self.isHarmless(pair) ? String(pair[pair.index(after: equals)...]) : "•••")
        }
        return (url[..<scheme.upperBound] + host + path + (query.isEmpty ? "" : "?" + shown.joined(separator: "&")))
            .legible
    }

    /// Short numbers and words tell two feeds of a site apart (`?format=rss`, `?page=2`) and are no secrets.
    private static func isHarmless(_ pair: Substring) -> Bool {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let names = ["format", "feed", "type", "page", "lang", "language", "section", "cat", "category", "i", "n"]
        return names.contains(parts[0].lowercased()) && parts.count == 2 && parts[1].count <= 12
    }
}
