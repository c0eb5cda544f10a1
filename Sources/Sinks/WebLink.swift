import Config
import Model

/// A link that may stand in a message: `http` or `https`, without credentials, in ASCII but for its host, and not longer
/// than every receiver takes. One that is cut would lead elsewhere, so a longer one is left out.
struct WebLink: Sendable, Hashable {
    /// Discord takes 2048 characters, Slack 3000.
    static let maxBytes = 2000

    let url: String
    /// What the link is shown as: a title could claim to lead elsewhere.
    let host: String

    init?(_ text: String?) {
        guard let text, WebURL.fault(text) == nil, let scheme = text.firstRange(of: "://") else { return nil }
        let rest = text[scheme.upperBound...]
        let authority = rest.prefix { !"/?#\\".contains($0) }
        // Browsers take a backslash for a slash.
        let tail = rest[authority.endIndex...].replacing(/^\\/, with: "/")
        guard let place = authority.split(separator: "@", omittingEmptySubsequences: false).last else { return nil }
        let host = place.lowercased().legible
        guard !host.isEmpty, host.utf8.count <= 255 else { return nil }
        url = "\(text[..<scheme.lowerBound].lowercased())://\(host)\(Self.encoded(tail))"
        self.host = host
        // Looked at again as it goes out: browsers end a host at a backslash, and what was looked at first stood behind it.
        if url.utf8.count > Self.maxBytes || WebURL.fault(url) != nil { return nil }
    }

    /// Where a link leads that is too long for a message. Nil of one that is not, or that is no link.
    static func hostOfLong(_ text: String?) -> String? {
        guard let text, text.utf8.count > maxBytes / 4, WebLink(text) == nil else { return nil }
        let head = text.prefix { $0 != "?" && $0 != "#" }
        return WebLink(String(head.prefix(maxBytes / 4)))?.host
    }

    /// Nothing that stands for itself in markup is left.
    private static func encoded(_ text: some StringProtocol) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar.isASCII, !"\"'<>\\^`{|}()[]*".unicodeScalars.contains(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                for byte in String(scalar).utf8 { result += "%" + Self.hexadecimal(byte) }
            }
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
