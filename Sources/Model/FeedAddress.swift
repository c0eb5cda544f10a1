/// A feed's address as alerts tell of it, and lists of feeds for other programs, which find it again by it. Logs and what
/// is said of other addresses go by `RedactedURL`, which hides more.
package enum FeedAddress {
    /// Without credentials. The query stays, since it tells one feed of a site from another, but for values that look
    /// like tokens: an alert goes to other machines. What was shown already stays as it is.
    package static func shown(_ url: String) -> String {
        guard let parts = URLParts(url) else { return url.legible }
        var text = "\(parts.scheme)://\(parts.hostAndPort)\(parts.path)"
        if let query = parts.query, !query.isEmpty {
            text += "?" + query.split(separator: "&", omittingEmptySubsequences: false).map(pair).joined(separator: "&")
        }
        return text.legible
    }

    private static func pair(_ pair: Substring) -> String {
        guard let equals = pair.firstIndex(of: "=") else { return looksSecret(pair) ? "•••" : String(pair) }
        let name = pair[..<equals].lowercased()
        let value = pair[pair.index(after: equals)...]
        let isSecret = secretNames.contains(where: name.contains) || looksSecret(value)
        return pair[..<equals] + "=" + (isSecret ? "•••" : value)
    }

    private static let secretNames = [
        "token", "key", "secret", "auth", "pass", "pwd", "sig", "session", "sid", "jwt", "credential", "user", "login",
    ]

    /// Long, and made of digits and letters without a word in it.
    private static func looksSecret(_ value: Substring) -> Bool {
        guard value.utf8.count >= 28 else { return false }
        let digits = value.utf8.count { (0x30...0x39).contains($0) }
        return digits >= 4 && value.utf8.allSatisfy { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ".") }
    }
}
