import CPSL
import Glibc
package import Model

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
    /// - Parameters:
    ///   - host: with or without its port.
    ///   - known: what its user says of hosts.
    package static func site(of host: String, _ known: KnownHosts = KnownHosts()) -> String? {
        let name = HostName.canonical(withoutPort(host))
        guard name.utf8.contains(UInt8(ascii: ".")), IPAddress(name) == nil, !name.hasSuffix(".localhost"),
            !name.hasSuffix(".local"), !shared.contains(where: { isName(name, within: $0) }),
            !known.shared.contains(where: { isName(name, within: $0) }), let list
        else { return nil }
        // What it returns points into the name that it is given.
        return name.withCString { psl_registrable_domain(list.raw, $0).map { String(cString: $0) } }
    }

    /// Whether an address, with a scheme or without, is plainly one of this machine or its network.
    package static func isLocal(_ address: String) -> Bool {
        let rest = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? address[...]
        let authority = rest.prefix { !"/?#".contains($0) }
        return isLocalName(HostName.canonical(withoutPort(String(authority.split(separator: "@").last ?? ""))))
    }

    private static func isLocalName(_ name: String) -> Bool {
        if let ip = IPAddress(name) { return !AddressPolicy.isPublic(ip) }
        return !name.utf8.contains(UInt8(ascii: ".")) || name.hasSuffix(".localhost") || name.hasSuffix(".local")
    }

    /// The shortest time between the starts of two requests to a host. Zero for our own network and for files.
    ///
    /// Two seconds are what hosts ask of readers; some have said that they want more.
    ///
    /// - Parameters:
    ///   - host: with or without its port.
    ///   - known: what its user says of hosts; the longest gap of those that it is below.
    package static func gap(of host: String, _ known: KnownHosts = KnownHosts()) -> Duration {
        let name = HostName.canonical(withoutPort(host))
        if host.isEmpty { return .zero }
        if let gap = known.gaps.filter({ isName(name, within: $0.key) }).values.max() { return gap }
        if isLocalName(name) { return .zero }
        return slow.first { isName(name, within: $0.host) }?.gap ?? .seconds(2)
    }

    private static func isName(_ name: String, within domain: String) -> Bool {
        let rest = name.utf8.count - domain.utf8.count
        return name.hasSuffix(domain) && (rest == 0 || name.utf8.dropFirst(rest - 1).first == UInt8(ascii: "."))
    }

    /// Reddit answers about one request a minute of those who have no login; GDELT asks for five seconds.
    private static let slow: [(host: String, gap: Duration)] = [
        ("reddit.com", .seconds(60)), ("gdeltproject.org", .seconds(5)),
    ]

    private static func withoutPort(_ host: String) -> String {
        let bytes = host.utf8
        if bytes.first == UInt8(ascii: "[") {
            return bytes.firstIndex(of: UInt8(ascii: "]")).map { String(host[...$0]) } ?? host
        }
        return bytes.lastIndex(of: UInt8(ascii: ":")).map { String(host[..<$0]) } ?? host
    }

    /// The list that the library was built with. `@unchecked`: it is never changed and never freed.
    private struct List: @unchecked Sendable {
        let raw: OpaquePointer
    }

    private static let list: List? = psl_builtin().map { List(raw: $0) }
}
