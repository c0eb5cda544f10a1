/// A text to look for in many, whatever their letters' case: thousands of names are looked through for each page, so none of them is
/// written anew to compare it.
struct CaselessText {
    private let words: String
    /// Of a text in ASCII alone, its bytes in small letters.
    private let bytes: [UInt8]?

    init(_ text: String) {
        words = text.lowercased()
        bytes = text.utf8.allSatisfy { $0 < 0x80 } ? Array(words.utf8) : nil
    }

    func isPart(of text: String) -> Bool {
        guard let bytes else { return text.utf8.contains { $0 >= 0x80 } && text.lowercased().contains(words) }
        return Self.contains(Array(text.utf8), bytes)
    }

    func isWhole(_ text: String) -> Bool {
        text.utf8.count == words.utf8.count && isPart(of: text)
    }

    private static func contains(_ text: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard !wanted.isEmpty, text.count >= wanted.count else { return wanted.isEmpty }
        let first = wanted[0]
        for start in 0...(text.count - wanted.count) where small(text[start]) == first {
            var length = 1
            while length < wanted.count, small(text[start + length]) == wanted[length] { length += 1 }
            if length == wanted.count { return true }
        }
        return false
    }

    private static func small(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
