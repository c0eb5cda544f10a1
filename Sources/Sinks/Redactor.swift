import Foundation
import Model

/// Takes secrets out of words that others wrote: servers repeat what they were asked.
struct Redactor: Sendable {
    private let words: [String]
    /// What stands for one of them, by its first byte in small letters.
    private let needles: [UInt8: [Needle]]
    /// The bytes of the longest.
    private let longest: Int

    private struct Needle: Hashable {
        var bytes: [UInt8]
        /// In whichever case.
        var isCaseless = false
        /// It is the middle of what base64 makes of it: what is around it tells the rest.
        var isBase64 = false
    }

    /// In whichever case they are found: shorter ones are parts of other words too often.
    private static let leastCaseless = 8

    /// - Parameter words: those of fewer than four bytes are too common in others to be taken out. A name of two Chinese
    ///   characters has six.
    init(_ words: [String]) {
        self.words = words.filter { $0.utf8.count >= 4 }
        let needles = Set(self.words.flatMap(Self.needles))
        self.needles = Dictionary(grouping: needles) { Self.small($0.bytes[0]) }
        longest = needles.map(\.bytes.count).max() ?? 0
    }

    /// What a program makes of a word that is no escape (`Escapes`): hexadecimal, and base64 at each place of a longer text.
    private static func needles(_ word: String) -> [Needle] {
        let bytes = Array(word.utf8)
        var needles = [Needle(bytes: bytes, isCaseless: bytes.count >= leastCaseless)]
        let digits = bytes.flatMap { byte in [byte >> 4, byte & 15].map { Array("0123456789abcdef".utf8)[Int($0)] } }
        needles.append(Needle(bytes: digits, isCaseless: true))
        for shift in 0..<3 {
            let text = Array((Data(repeating: 0, count: shift) + Data(bytes)).base64EncodedString().utf8)
            // Those whose bits are all ours.
            let middle = Array(text[(shift * 8 + 5) / 6..<(shift + bytes.count) * 8 / 6])
            guard middle.count >= 5 else { continue }
            needles.append(Needle(bytes: middle, isBase64: true))
            needles.append(Needle(bytes: middle.map { $0 == 0x2B ? 0x2D : $0 == 0x2F ? 0x5F : $0 }, isBase64: true))
        }
        return needles
    }

    private static func small(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

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
        if needles.isEmpty { return text }
        let bytes = Array(text.utf8)
        var spans = spans(in: bytes)
        // What is escaped can have been escaped before.
        var form = Escapes(bytes)
        for _ in 0..<3 {
            guard let next = form.decoded() else { break }
            form = next
            spans += self.spans(in: form.bytes).map(form.source)
        }
        guard !spans.isEmpty else { return text }
        var result: [UInt8] = []
        var end = 0
        for span in spans.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) })
        where span.upperBound > end {
            if span.lowerBound >= end, !(end > 0 && span.lowerBound == end) {
                result += bytes[end..<span.lowerBound]
                result += "•••".utf8
            }
            end = span.upperBound
        }
        return String(decoding: result + bytes[end...], as: UTF8.self)
    }

    private func spans(in bytes: [UInt8]) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        for start in bytes.indices {
            for needle in needles[Self.small(bytes[start])] ?? [] where Self.stands(needle, in: bytes, at: start) {
                var span = start..<start + needle.bytes.count
                if needle.isBase64 {
                    while span.lowerBound > 0, Self.isBase64(bytes[span.lowerBound - 1]) {
                        span = span.lowerBound - 1..<span.upperBound
                    }
                    while span.upperBound < bytes.count, Self.isBase64(bytes[span.upperBound]) {
                        span = span.lowerBound..<span.upperBound + 1
                    }
                }
                spans.append(span)
            }
        }
        return spans
    }

    private static func stands(_ needle: Needle, in bytes: [UInt8], at start: Int) -> Bool {
        guard start + needle.bytes.count <= bytes.count else { return false }
        for (offset, byte) in needle.bytes.enumerated() {
            let other = bytes[start + offset]
            if other != byte, !needle.isCaseless || small(other) != small(byte) { return false }
        }
        return true
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(small(byte)) || "+/=-_".utf8.contains(byte)
    }

    /// The beginning of a server's words, fit for a log: on one line, without secrets.
    func excerpt(_ words: some Collection<UInt8>, limit: Int = 200, _ unit: TextUnit = .utf16) -> String {
        // Redacted before it is cut: the half of a secret is not recognised.
        let text = self.text(String(decoding: words.prefix(Self.readBytes), as: UTF8.self))
        let isCut = words.dropFirst(Self.readBytes).first != nil
        // An escape of a byte has six at most, mostly.
        let whole = isCut ? String(text.dropLast(longest * (text.contains { "%\\&".contains($0) } ? 6 : 1))) : text
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
