import Foundation
import Model

/// Takes secrets out of words that others wrote: servers repeat what they were asked.
struct Redactor: Sendable {
    private let words: [String]
    /// All that stands for one of them, the longest first: one can be a part of another.
    private let forms: [String]

    /// - Parameter words: those of fewer than four bytes are too common in others to be taken out. A name of two Chinese
    ///   characters has six.
    init(_ words: [String]) {
        self.words = words.filter { $0.utf8.count >= 4 }
        let forms = self.words.flatMap { word in
            [
                word, word.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? word,
                Data(word.utf8).base64EncodedString(), Self.escaped(word, uppercase: false),
                Self.escaped(word, uppercase: true),
            ]
        }
        self.forms = Set(forms).sorted { ($1.count, $0) < ($0.count, $1) }
    }

    /// As many programs write JSON: in ASCII.
    private static func escaped(_ word: String, uppercase: Bool) -> String {
        word.utf16.reduce(into: "") { result, unit in
            switch unit {
            case 0x22, 0x2F, 0x5C: result += "\\" + String(UnicodeScalar(UInt8(unit)))
            case 0x20..<0x7F: result.unicodeScalars.append(UnicodeScalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16, uppercase: uppercase)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
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
        forms.reduce(text) { $0.replacingOccurrences(of: $1, with: "•••") }
    }

    /// The beginning of a server's words, fit for a log: on one line, without secrets.
    func excerpt(_ words: some Collection<UInt8>, limit: Int = 200, _ unit: TextUnit = .utf16) -> String {
        // Redacted before it is cut: the half of a secret is not recognised.
        let text = self.text(String(decoding: words.prefix(Self.readBytes), as: UTF8.self))
        let isCut = words.dropFirst(Self.readBytes).first != nil
        let whole = isCut ? String(text.dropLast(forms.first?.count ?? 0)) : text
        return TextFitting.fit(TextFitting.tame(whole), limit, unit)
    }

    /// A receiver's answer, as it is kept.
    func answer(_ words: some Collection<UInt8>) -> String {
        words.isEmpty ? "" : excerpt(words, limit: DeliveryAttempt.maxAnswerBytes, .bytes)
    }

    /// Whether nothing is said but the usual words of a receiver that has taken something: `ok`, `{"status": "success"}`.
    static func isThanks(_ words: [UInt8]) -> Bool {
        guard words.count <= 64, words.allSatisfy({ $0 < 0x80 && !(0x30...0x39).contains($0) }) else { return false }
        return String(decoding: words, as: UTF8.self).lowercased().split { !$0.isLetter }.allSatisfy {
            thanks.contains($0)
        }
    }

    private static let thanks: Set<Substring> = [
        "ok", "okay", "true", "null", "success", "status", "accepted", "received", "queued", "result", "message",
    ]

    /// Of what somebody said.
    private static let readBytes = 8192

    /// This one, and other words.
    func hiding(_ words: [String]) -> Redactor {
        Redactor(self.words + words)
    }
}
