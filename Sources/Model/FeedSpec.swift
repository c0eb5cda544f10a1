/// A feed as the user subscribed to it.
package struct FeedSpec: Sendable, Hashable {
    /// `http:`, `https:`, or `file:` with an absolute path. What the feed is known by in the state.
    package var url: String
    /// What people call it. Nil: the title that it gives itself.
    package var name: String?
    /// BCP 47. Nil: what the feed says of itself.
    package var language: String?
    /// What the feed's bytes are, whatever it says of them. Nil: what it says.
    package var encoding: EncodingLabel?
    package var tags: [String]
    /// Addresses that it was known by before: what the state has of them is this feed's.
    package var was: [String] = []
    /// How long it may bring nothing new before somebody is told. Nil: what is usual with it.
    package var silentAfter: Duration?
    /// The domain whose servers it is on. Feeds of a site wait together when it asks for fewer requests. Nil: each for
    /// itself.
    package var site: String?
    /// Between the starts of two requests to its host. Zero where nobody needs to be spared: our own network, a file.
    package var hostGap: Duration = .zero
    package var policy: FetchPolicy
    /// Of what the user has changed in its requests (`ValidatorTrust.representation`). Nil: nothing.
    package var representation: Digest128?
    package var location: SourceLocation?

    package init(
        url: String, name: String? = nil, language: String? = nil, encoding: EncodingLabel? = nil,
        tags: [String] = [], policy: FetchPolicy = FetchPolicy(), location: SourceLocation? = nil
    ) {
        self.url = url
        self.name = name
        self.language = language
        self.encoding = encoding
        self.tags = tags
        self.policy = policy
        self.location = location
    }
}

extension FeedSpec {
    /// Whether it is a file on this machine.
    package var isFile: Bool { url.hasPrefix("file:") }

    /// As hosts are compared (`HostName`), with its port where that is not the scheme's own. Empty for a file.
    package var host: String { Self.host(of: url) }

    /// The same of any address: `http://a.example/`, `http://A.Example:80/` and `http://a.example./` are on one host.
    package static func host(of url: String) -> String {
        guard !url.hasPrefix("file:"), let parts = URLParts(url) else { return "" }
        return HostName.canonical(hostAndPort: parts.hostAndPort, scheme: parts.scheme)
    }

    /// `host` without its port; an IPv6 address keeps its brackets.
    package var hostName: String {
        if let end = host.lastIndex(of: "]") { return String(host[...end]) }
        return String(host.prefix { $0 != ":" })
    }
}

/// What is done on a feed's first poll with the items that it already holds.
package enum Backlog: Sendable, Hashable {
    /// Alert on every item.
    case all
    /// Alert on none: they are remembered as seen.
    case none
    /// Alert on items no older than this. An item without a date counts as new.
    case newerThan(Duration)
}
