/// The name of a language, as feeds give it (RFC 5646 §2.1).
enum LanguageTag {
    /// Those in use have no more (RFC 5646 §4.4.1).
    private static let maxBytes = 35

    /// The first of a list where it has the form of a tag, which also some write as `en_GB`. Nil of anything else: it goes into alerts.
    static func wellFormed(_ text: some StringProtocol) -> String? {
        let start = text.utf8.drop { $0 <= 0x20 }
        let word = start.prefix(maxBytes + 1).prefix { $0 > 0x20 && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: ";") }
        guard (2...maxBytes).contains(word.count) else { return nil }
        let parts = word.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        guard let first = parts.first, first.allSatisfy(isLetter),
            parts.allSatisfy({ (1...8).contains($0.count) && $0.allSatisfy { isLetter($0) || isDigit($0) } })
        else { return nil }
        return String(decoding: word.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
