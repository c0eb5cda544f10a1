import Foundation
package import Model

/// The keys that feeds and webhooks share: what is sent along, and by which way.
package enum RequestKeys {
    /// A proxy's URL, which can hold a password: never shown.
    package static func proxy(_ section: inout ConfigSection, issues: inout [Issue]) -> Secret? {
        guard let proxy: Located<String> = section.located("proxy", issues: &issues) else { return nil }
        let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
        guard let url = URLComponents(string: proxy.value), let scheme = url.scheme?.lowercased(),
            schemes.contains(scheme),
            let host = url.host, !host.isEmpty
        else {
            issues.append(
                Issue(
                    "'proxy' is no URL of a proxy",
                    remedy: "write it as socks5h://127.0.0.1:9050; \(schemes.joined(separator: ", ")) are known",
                    at: proxy.location))
            return nil
        }
        return Secret(proxy.value)
    }

    package static func headers(_ section: inout ConfigSection, issues: inout [Issue]) -> [RequestHeader] {
        section.pairs("headers", issues: &issues).compactMap { name, value in
            let isToken =
                !name.value.isEmpty
                && name.value.unicodeScalars.allSatisfy {
                    $0.isASCII
                        && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
                            || "!#$%&'*+-.^_`|~".unicodeScalars.contains($0))
                }
            guard isToken else {
                issues.append(
                    Issue(
                        "'\(name.value.legible)' is no name of a header field", remedy: "use letters, digits and '-'",
                        at: name.location))
                return nil
            }
            if ["host", "content-length", "transfer-encoding", "connection"].contains(name.value.lowercased()) {
                issues.append(
                    Issue(
                        "the header field '\(name.value)' cannot be set",
                        remedy: "remove it; it is made by the transfer", at: name.location))
                return nil
            }
            guard !value.value.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F })
            else {
                issues.append(
                    Issue(
                        "the value of the header field '\(name.value)' has a line break or a control character",
                        remedy: "remove it", at: value.location))
                return nil
            }
            return RequestHeader(name: name.value, value: Secret(value.value))
        }
    }
}
