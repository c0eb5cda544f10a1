/// Arabic script to phones: Uyghur and Kazakh write every vowel, Arabic and Persian the long ones.
enum ArabicPhones {
    private static let table: [UInt32: String] = [
        "ا": "a", "آ": "a", "أ": "a", "إ": "i", "ە": "E", "ب": "b", "پ": "p", "ت": "t", "ط": "t", "ة": "E", "ث": "s",
        "ج": "J", "چ": "C",
        "ژ": "Z", "ح": "h", "خ": "x", "د": "d", "ذ": "z", "ض": "z", "ظ": "z", "ر": "r", "ز": "z", "س": "s", "ش": "X",
        "ص": "s", "ع": "",
        "غ": "G", "گ": "g", "ق": "q", "ك": "k", "ک": "k", "ف": "f", "ل": "l", "م": "m", "ن": "n", "ڭ": "N", "ڠ": "N",
        "ھ": "h", "ه": "h",
        "ہ": "h", "و": "o", "ؤ": "u", "ۇ": "u", "ۈ": "U", "ۋ": "w", "ې": "e", "ى": "i", "ی": "i", "ي": "y", "ئ": "",
        "ء": "", "ۆ": "O",
    ].reduce(into: [:]) { result, pair in
        if let scalar = pair.key.unicodeScalars.first { result[scalar.value] = pair.value }
    }

    private static let phones: [UInt8] = (0x600..<0x700).map { (table[UInt32($0)] ?? "").utf8.first ?? 0 }

    static func read(_ letters: [UInt32], into result: inout [UInt8]) {
        for (index, letter) in letters.enumerated() {
            guard letter >= 0x600, letter < 0x700 else { continue }
            let before = result.last ?? 0
            switch letter {
            case 0x6C6:
                // Kazakh has ۆ for v: after a vowel. Uyghur has it for ö.
                result.append(index > 0 && (Phone.isVowel(before) || before == 0x79) ? 0x76 : 0x4F)
            case 0x64A:
                // Between consonants a vowel, else a glide.
                let next = index + 1 < letters.count ? letters[index + 1] : 0
                let vowelAfter = next >= 0x600 && next < 0x700 && Phone.isVowel(phones[Int(next - 0x600)])
                result.append(index == 0 || Phone.isVowel(before) || vowelAfter ? 0x79 : 0x69)
            default:
                let phone = phones[Int(letter - 0x600)]
                if phone != 0 { result.append(phone) }
            }
        }
    }
}
