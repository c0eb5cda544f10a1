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
            guard page.utf8.count <= longest, let origin = AddressOrigin(page) else { return false }
            // From https never to http: what was asked for in secret stays so.
            return origin.scheme == "https" || origin.scheme == "http" && AddressOrigin(feed.url)?.scheme != "https"
        }
    }

    /// The request. Another origin gets no header fields and no credentials, and is never one of this network.
    static func request(_ page: String, feed: FeedSpec, maxBodyBytes: Int) -> FetchRequest {
        var policy = feed.policy
        policy.maxBodyBytes = maxBodyBytes
        guard let own = AddressOrigin(feed.url), let other = AddressOrigin(page), own.isSame(as: other) else {
            policy.headers = []
            policy.allowPrivateAddresses = false
            return FetchRequest(url: page, policy: policy)
        }
        let address = own.scheme + "://" + own.credentials + other.authority + other.rest
        return FetchRequest(url: address, policy: policy)
    }
}
