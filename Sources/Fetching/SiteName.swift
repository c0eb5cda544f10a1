import CPSL
import Glibc

/// Whose servers a host is of: the domain that somebody registered (public suffix list, publicsuffix.org). A server that
/// asks for fewer requests speaks for all hosts of its site.
package enum SiteName {
    /// Hosts that fetch for others, so that one feed's limit says nothing of the next; by the end of their names.
    private static let shared = [
        "rsshub.app", "rss-bridge.org", "openrss.org", "feedburner.com", "feedburner.google.com",
    ]

    /// Nil for addresses, names of one part, public suffixes, and hosts that fetch for others: those are each their own.
    /// `a.blogspot.com` is the site of one who writes there, and no part of a larger one.
    ///
    /// - Parameter host: with or without its port.
    package static func site(of host: String) -> String? {
        let name = withoutPort(host).lowercased()
        guard name.contains("."), IPAddress(name) == nil, !name.hasSuffix(".localhost"), !name.hasSuffix(".local"),
            !shared.contains(where: { name == $0 || name.hasSuffix("." + $0) }), let list,
            let domain = psl_registrable_domain(list.raw, name)
        else { return nil }
        return String(cString: domain)
    }

    /// Whether an address, with a scheme or without, is plainly one of this machine or its network.
    package static func isLocal(_ address: String) -> Bool {
        let rest = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? address[...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let host = withoutPort(String(authority.split(separator: "@").last ?? "")).lowercased()
        if let ip = IPAddress(host) { return !AddressPolicy.isPublic(ip) }
        return !host.contains(".") || host.hasSuffix(".localhost") || host.hasSuffix(".local")
    }

    /// The shortest time between the starts of two requests to a host. Zero for our own network and for files.
    ///
    /// Two seconds are what hosts ask of readers; some have said that they want more.
    ///
    /// - Parameter host: with or without its port.
    package static func gap(of host: String) -> Duration {
        if host.isEmpty || isLocal(host) { return .zero }
        let name = withoutPort(host).lowercased()
        return slow.first { name == $0.host || name.hasSuffix("." + $0.host) }?.gap ?? .seconds(2)
    }

    /// Reddit answers about one request a minute of those who have no login; GDELT asks for five seconds.
    private static let slow: [(host: String, gap: Duration)] = [
        ("reddit.com", .seconds(60)), ("gdeltproject.org", .seconds(5)),
    ]

    private static func withoutPort(_ host: String) -> String {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
        guard !host.hasPrefix("["), let colon = host.lastIndex(of: ":") else { return host }
        return String(host[..<colon])
    }

    /// The list that the library was built with. `@unchecked`: it is never changed and never freed.
    private struct List: @unchecked Sendable {
        let raw: OpaquePointer
    }

    private static let list: List? = psl_builtin().map { List(raw: $0) }
}
