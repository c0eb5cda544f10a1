import Foundation
import Model

/// Takes secrets out of words that others wrote: servers repeat what they were asked.
struct Redactor: Sendable {
    private let secrets: [String]

    /// - Parameter secrets: those with fewer than four characters are too common in other words to be taken out.
    init(_ secrets: [String]) {
        let forms = secrets.flatMap { secret in
            [
                secret, secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret,
                Data(secret.utf8).base64EncodedString(),
            ]
        }
        // The longest first: one can be a part of another.
        self.secrets = Set(forms).filter { $0.count >= 4 }.sorted { ($1.count, $0) < ($0.count, $1) }
    }

    /// The parts of a URL that can be secret: credentials, path, and the values of the query.
    static func secrets(in url: String) -> [String] {
        guard let scheme = url.firstRange(of: "://") else { return [url] }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        var found: [Substring] = [rest]
        if let at = authority.lastIndex(of: "@") { found += authority[..<at].split(separator: ":") }
        let tail = rest[authority.endIndex...]
        let path = tail.prefix { !"?#".contains($0) }
        if path.count >= 8 { found.append(path) }
        found += path.split(separator: "/").filter { $0.count >= 8 }
        for pair in tail.dropFirst(path.count + 1).split(separator: "&") {
            let value = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).last ?? ""
            if value.count >= 6 { found.append(value) }
        }
        return found.flatMap { [String($0), String($0).removingPercentEncoding ?? String($0)] }
    }

    func text(_ text: String) -> String {
        secrets.reduce(text) { $1.isEmpty ? $0 : $0.replacingOccurrences(of: $1, with: "•••") }
    }

    /// The beginning of a server's words, fit for a log: on one line, without secrets.
    func excerpt(_ words: some Collection<UInt8>, limit: Int = 200) -> String {
        // Redacted before it is cut: the half of a secret is not recognised.
        let text = String(decoding: words.prefix(4096), as: UTF8.self)
        return TextFitting.fit(TextFitting.tame(self.text(text)), limit, .utf16)
    }

    /// This one, and other words.
    func hiding(_ words: [String]) -> Redactor {
        Redactor(secrets + words)
    }
}
