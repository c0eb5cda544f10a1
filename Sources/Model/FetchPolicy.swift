/// How one feed is fetched. Every key of `fetch:` that can stand in a feed as well.
package struct FetchPolicy: Sendable, Hashable {
    /// The shortest time between two polls that the user wants. The server's own wishes can make it longer.
    package var every: Duration = .seconds(15 * 60)
    /// The whole of a fetch, redirects included.
    package var timeout: Duration = .seconds(30)
    /// Counted after decompression.
    package var maxBodyBytes: Int = 20_000_000
    /// Requests under way at one host.
    package var perHost: Int = 2
    /// A proxy URL of libcurl's (`http https socks4 socks4a socks5 socks5h`). It can hold a password.
    package var proxy: Secret?
    /// Nil: `Tocsin/VERSION (+URL)`.
    package var userAgent: String?
    /// Whether loopback, private, link-local and metadata addresses may be connected to.
    package var allowPrivateAddresses: Bool = false
    /// The user's own header fields. They go to the feed's own origin only.
    package var headers: [RequestHeader] = []
    /// Whether an answer of 2xx counts as soon as its head is there: its body may be too long, or stop before its end, and is then
    /// taken for empty.
    package var headSettles = false

    package init() {}
}

/// A header field that the user wrote. Its value is a secret, since it often holds a token.
package struct RequestHeader: Sendable, Hashable {
    package var name: String
    package var value: Secret

    package init(name: String, value: Secret) {
        self.name = name
        self.value = value
    }
}

/// Limits on all fetches together.
package struct FetchLimits: Sendable, Hashable {
    /// Requests under way in all.
    package var connections: Int = 256
    /// What its user knows of hosts, beside what Tocsin does.
    package var hosts = KnownHosts()

    package init() {}
}
