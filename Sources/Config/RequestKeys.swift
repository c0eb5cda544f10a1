import Foundation
package import Model

/// The keys that feeds and webhooks share: what is sent along, and by which way.
package enum RequestKeys {
    package static let proxyKey = ConfigKey(
        "proxy", .text,
        "The proxy to go through, such as socks5h://127.0.0.1:9050 for Tor, which also resolves the names; or none.")
    package static let headersKey = ConfigKey(
        "headers", .names(.text),
        "Header fields to send, to the host itself only: {Authorization: \"Bearer ${TOKEN}\"}.")

    private static let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
    /// What the transfer makes itself, and what the monitor decides: with these a 304 or a part would come unasked.
    private static let reserved: Set = [
        "host", "content-length", "transfer-encoding", "connection", "accept-encoding", "expect", "te", "trailer",
        "upgrade",
        "if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range",
    ]

    /// A proxy's URL, which can hold a password: never shown.
    ///
    /// - Parameter inherited: what holds when nothing is said. `none` undoes it.
    package static func proxy(
        _ section: inout ConfigSection, inherited: Secret? = nil, issues: inout [Issue]
    ) -> Secret? {
        guard let proxy: Located<String> = section.located("proxy", issues: &issues) else { return inherited }
        if proxy.value == "none" { return nil }
        guard let url = URLComponents(string: proxy.value), let scheme = url.scheme?.lowercased(),
            schemes.contains(scheme),
            let host = url.host, !host.isEmpty, url.port.map({ (1...65_535).contains($0) }) ?? true
        else {
            issues.append(
                Issue(
                    "'proxy' is no URL of a proxy",
                    remedy:
                        "write it as socks5h://127.0.0.1:9050; \(schemes.joined(separator: ", ")) and 'none' are known",
                    at: proxy.location))
            return inherited
        }
        return Secret(proxy.value)
    }

    /// Header fields. Nil when the key is not there: an empty mapping undoes what is inherited.
    ///
    /// - Parameter more: names that cannot be set here, in lower case.
    package static func headers(
        _ section: inout ConfigSection, reserving more: Set<String> = [], issues: inout [Issue]
    ) -> [RequestHeader]? {
        let pairs = section.pairs("headers", issues: &issues)
        guard section.place(of: "headers") != nil else { return nil }
        var seen: Set<String> = []
        return pairs.compactMap { name, value in
            let key = name.value.lowercased()
            if let (fault, remedy) = fault(name: name.value, isReserved: reserved.union(more).contains(key)) {
                issues.append(Issue(fault, remedy: remedy, at: name.location))
                return nil
            }
            guard seen.insert(key).inserted else {
                issues.append(
                    Issue("the header field '\(name.value)' is there twice", remedy: "remove one", at: name.location))
                return nil
            }
            if let (fault, remedy) = fault(value: value.value, of: name.value) {
                issues.append(Issue(fault, remedy: remedy, at: value.location))
                return nil
            }
            return RequestHeader(name: name.value, value: Secret(value.value))
        }
    }

    private static func fault(name: String, isReserved: Bool) -> (String, String)? {
        let isToken =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        if !isToken { return ("'\(name.legible)' is no name of a header field", "use letters, digits and '-'") }
        if isReserved { return ("the header field '\(name)' cannot be set", "remove it; it is made by the transfer") }
        return nil
    }

    /// Never shows the value: it is mostly a token.
    private static func fault(value: String, of name: String) -> (String, String)? {
        if value.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }) {
            return ("the value of the header field '\(name)' has a line break or a control character", "remove it")
        }
        if value.allSatisfy(\.isWhitespace) {
            return ("the header field '\(name)' has no value", "write one, or remove the field")
        }
        return nil
    }
}
