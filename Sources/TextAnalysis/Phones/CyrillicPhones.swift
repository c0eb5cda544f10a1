/// Cyrillic to phones: one table for all languages. Letters that differ by language (ж г о у ы) have one phone; the
/// costs of the comparison take up the rest.
enum CyrillicPhones {
    private static let table: [UInt32: String] = [
        "а": "a", "ә": "E", "б": "b", "в": "v", "г": "g", "ғ": "G", "ҕ": "G", "ґ": "g", "д": "d", "е": "e", "ё": "yo",
        "є": "ye",
        "э": "e", "ж": "Z", "җ": "J", "ҷ": "J", "ӂ": "J", "џ": "J", "ђ": "J", "з": "z", "ѕ": "z", "и": "i", "й": "y",
        "і": "i",
        "ї": "i", "ӣ": "i", "ј": "y", "к": "k", "қ": "q", "ҡ": "q", "ќ": "k", "л": "l", "љ": "l", "м": "m", "н": "n",
        "ң": "N",
        "ҥ": "N", "ӈ": "N", "њ": "n", "о": "o", "ө": "O", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "C", "у": "u",
        "ұ": "u",
        "ү": "U", "ў": "o", "ӯ": "u", "ӱ": "U", "ф": "f", "х": "x", "һ": "h", "ҳ": "h", "ц": "c", "ч": "C", "ш": "X",
        "щ": "X",
        "ъ": "", "ь": "", "ы": "I", "ю": "yu", "я": "ya", "ѓ": "g",
    ].reduce(into: [:]) { result, pair in
        if let scalar = pair.key.unicodeScalars.first { result[scalar.value] = pair.value }
    }

    /// By letter from U+0400: two phones at most, zero where there is none.
    private static let phones: [(UInt8, UInt8)] = (0x400..<0x530).map { scalar in
        let text = Array((table[UInt32(scalar)] ?? "").utf8)
        return (text.first ?? 0, text.count > 1 ? text[1] : 0)
    }

    static func read(_ letters: [UInt32], into result: inout [UInt8]) {
        var index = 0
        while index < letters.count {
            let letter = letters[index]
            let next = index + 1 < letters.count ? letters[index + 1] : 0
            index += 1
            guard letter >= 0x400, letter < 0x530 else { continue }
            // дж before a vowel is one sound; нг at the end or before a consonant is ң.
            if letter == 0x434, next == 0x436 {
                result.append(0x4A)
                index += 1
                continue
            }
            if letter == 0x43D, next == 0x433, index + 1 >= letters.count || !isVowel(letters[index + 1]) {
                result.append(0x4E)
                index += 1
                continue
            }
            let (first, second) = phones[Int(letter - 0x400)]
            if first != 0 { result.append(first) }
            if second != 0 { result.append(second) }
        }
    }

    private static func isVowel(_ letter: UInt32) -> Bool {
        guard letter >= 0x400, letter < 0x530 else { return false }
        let (first, second) = phones[Int(letter - 0x400)]
        return Phone.isVowel(first) || Phone.isVowel(second)
    }
}
