import Model

/// The address of a feed's older page, as the feed gives it. It is foreign: nothing of the user's goes along but to the
/// feed's own origin.
enum PageAddress {
    /// Longer ones are no addresses of pages.
    private static let longest = 2048

    /// RFC 5005 `prev-archive`, whose documents do not change, before `next` of a paged feed and JSON Feed's `next_url`. Nil
    /// when there is none that may be asked for.
    static func next(of document: ParsedFeed, feed: FeedSpec) -> String? {
        guard !feed.isFile else { return nil }
        return [document.previousArchive, document.nextPage].compactMap { $0 }.first { page in
            guard page.utf8.count <= longest, let origin = Origin(page) else { return false }
            // From https never to http: what was asked for in secret stays so.
            return origin.scheme == "https" || origin.scheme == "http" && Origin(feed.url)?.scheme != "https"
        }
    }

    /// The request. Another origin gets no header fields and no credentials, and is never one of this network.
    static func request(_ page: String, feed: FeedSpec, maxBodyBytes: Int) -> FetchRequest {
        var policy = feed.policy
        policy.maxBodyBytes = maxBodyBytes
        guard let own = Origin(feed.url), let other = Origin(page), own.isSame(as: other) else {
            policy.headers = []
            policy.allowPrivateAddresses = false
            return FetchRequest(url: page, policy: policy)
        }
        let address = own.scheme + "://" + own.credentials + other.authority + other.rest
        return FetchRequest(url: address, policy: policy)
    }

    private struct Origin {
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
        func isSame(as page: Origin) -> Bool {
            scheme == page.scheme && authority == page.authority && page.credentials.isEmpty
                && authority.utf8.allSatisfy { byte in
                    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || ".-:[]".utf8.contains(byte)
                }
        }
    }
}
