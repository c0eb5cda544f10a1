import Model

/// Of an address that a document names: whether it is where the document came from.
struct AddressOrigin {
    var scheme: String
    /// With the `@`. Empty when there are none.
    var credentials: String
    var authority: String
    /// Path, query and fragment.
    var rest: Substring

    init?(_ url: String) {
        guard let mark = url.firstRange(of: "://") else { return nil }
        scheme = url[..<mark.lowerBound].lowercased()
        let behind = url[mark.upperBound...]
        let end = behind.firstIndex { "/?#\\".contains($0) } ?? behind.endIndex
        let whole = behind[..<end]
        let at = whole.lastIndex(of: "@")
        credentials = at.map { String(whole[...$0]) } ?? ""
        authority = (at.map { whole[whole.index(after: $0)...] } ?? whole).lowercased()
        rest = behind[end...]
        guard !authority.isEmpty else { return nil }
    }

    /// By the letter: what any parser might read in another way is another origin.
    func isSame(as page: AddressOrigin) -> Bool {
        scheme == page.scheme && authority == page.authority && page.credentials.isEmpty
            && authority.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || ".-:[]".utf8.contains(byte)
            }
    }

    /// What a feed is permitted in its own network is not permitted to whoever its document names: it may be relayed, and its writer
    /// could otherwise reach the machines beside it.
    ///
    /// - Parameters:
    ///   - policy: the feed's own.
    ///   - others: whether the user permits private addresses to all feeds.
    static func mayBePrivate(_ url: String, named feedURL: String, _ policy: FetchPolicy, others: Bool) -> Bool {
        guard policy.allowPrivateAddresses else { return false }
        if others { return true }
        guard let own = AddressOrigin(feedURL), let other = AddressOrigin(url) else { return false }
        return own.isSame(as: other)
    }
}
