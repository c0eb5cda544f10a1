import Foundation

/// How hard it is to guess a token, as an estimate for a warning.
///
/// In the way of zxcvbn (D. Wheeler, USENIX Security 2016): the text is taken apart into what people make tokens of (common words,
/// things that read like words, repetitions, rows of keys or digits), each of which costs little however long it is, and what is left over
/// costs what its alphabet has. Random digits come out at about what they are worth.
enum TokenStrength {
    /// Of 2 to their power, half have to be tried.
    static func bits(_ token: String) -> Double {
        let text = Array(token.lowercased().utf8)
        let alphabet = log2(Double(size(of: text)))
        var bits = 0.0
        var index = 0
        while index < text.count {
            if let length = pattern(text, at: index) {
                bits += patternBits
                index += length
                continue
            }
            let letters = text[index...].prefix(while: isLetter).count
            let run = text[index..<(index + max(letters, 1))]
            // A run that holds a common word further on is taken apart there.
            let plain = run.indices.dropFirst().first { pattern(text, at: $0) != nil } ?? run.endIndex
            bits += min(Double(plain - index) * alphabet, wordBits(text[index..<plain]))
            index = plain
        }
        return bits
    }

    /// One of some dozens of words, places to repeat or rows.
    private static let patternBits = 6.0
    /// One of some thousands of words.
    private static let bitsOfWord = 12.0

    /// Letters and digits that the token uses, by kind: a token of hexadecimal digits is made of sixteen.
    private static func size(of text: [UInt8]) -> Int {
        let isHexadecimal = text.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        if isHexadecimal { return text.contains(where: isLetter) ? 16 : 10 }
        var size = 0
        if text.contains(where: isLetter) { size += 26 }
        if text.contains(where: { (0x30...0x39).contains($0) }) { size += 10 }
        if text.contains(where: { !isLetter($0) && !(0x30...0x39).contains($0) }) { size += 8 }
        return max(size, 2)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

    /// What letters cost that may be a word: many of its pairs are those of words.
    private static func wordBits(_ run: ArraySlice<UInt8>) -> Double {
        guard run.count >= 4, run.allSatisfy(isLetter) else { return .infinity }
        let pairs = run.count - 1
        let usual = zip(run, run.dropFirst()).count { usualPairs.contains([$0, $1]) }
        // Of the pairs of words about six in seven are; of random ones, two in seven.
        guard Double(usual) >= 0.75 * Double(pairs) else { return .infinity }
        return bitsOfWord + 1.5 * Double(max(0, run.count - 8))
    }

    // MARK: patterns

    /// How much of the text from there on is one. Nil: none begins there.
    private static func pattern(_ text: [UInt8], at index: Int) -> Int? {
        let longest = max(word(text, at: index), row(text, at: index), repetition(text, at: index))
        return longest >= 3 ? longest : nil
    }

    private static func word(_ text: [UInt8], at index: Int) -> Int {
        commonWords.filter { text[index...].starts(with: $0) }.map(\.count).max() ?? 0
    }

    /// `aaaa`, `1234`, `zyx`, and neighbours on a keyboard.
    private static func row(_ text: [UInt8], at index: Int) -> Int {
        var longest = 0
        for step in [-1, 0, 1] {
            var end = index + 1
            while end < text.count, Int(text[end]) - Int(text[end - 1]) == step { end += 1 }
            longest = max(longest, end - index)
        }
        for keys in keyRows {
            guard let place = keys.firstIndex(of: text[index]) else { continue }
            let length = zip(text[index...], keys[place...]).prefix { $0 == $1 }.count
            longest = max(longest, length)
        }
        // Three in a row come by chance.
        return longest >= 4 ? longest : 0
    }

    /// What stands somewhere before.
    private static func repetition(_ text: [UInt8], at index: Int) -> Int {
        var longest = 0
        for start in 0..<index {
            var length = 0
            while index + length < text.count, text[start + length] == text[index + length] { length += 1 }
            longest = max(longest, length)
        }
        return longest >= 4 ? longest : 0
    }

    private static let keyRows = [
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azerty", "1qaz2wsx3edc4rfv",
    ].map { Array($0.utf8) }

    /// What stands in tokens that people make up.
    private static let commonWords = [
        "password", "passwort", "passwd", "pass", "token", "secret", "admin", "administrator", "root", "user", "login",
        "access",
        "letmein", "welcome", "changeme", "change", "default", "example", "test", "testing", "tocsin", "alert",
        "alerts",
        "operator", "master", "monitor", "news", "newsroom", "feed", "feeds", "page", "web", "website", "server",
        "local",
        "localhost", "private", "public", "secure", "security", "safe", "key", "keys", "hello", "world", "dragon",
        "monkey",
        "football", "sunshine", "princess", "shadow", "iloveyou", "love", "family", "home", "house", "freedom", "china",
        "xinjiang", "uyghur", "kazakh", "kazakhstan", "please", "only", "this", "that", "long", "enough", "very",
        "strong", "good",
        "best", "abc", "spring", "summer", "autumn", "winter", "monday", "friday", "january", "december", "2024",
        "2025", "2026", "2027",
    ].map { Array($0.utf8) }

    /// More than half of the pairs of letters in English and its neighbours.
    private static let usualPairs: Set<[UInt8]> = Set(
        """
        th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea
        ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie
        wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab
        gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl du ga qu
        """.split(whereSeparator: \.isWhitespace).map { Array($0.utf8) })
}
