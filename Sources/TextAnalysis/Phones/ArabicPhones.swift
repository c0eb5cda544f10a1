/// Arabic script to phones: Uyghur and Kazakh write every vowel, Arabic and Persian the long ones.
enum ArabicPhones {
    private static let table: [UInt32: String] = [
        "ا": "a", "آ": "a", "أ": "a", "إ": "i", "ە": "E", "ب": "b", "پ": "p", "ت": "t", "ط": "t", "ة": "E", "ث": "S",
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
        let start = result.count
        for (index, letter) in letters.enumerated() {
            guard letter >= 0x600, letter < 0x700 else { continue }
            let before = result.count > start ? result[result.count - 1] : 0
            switch letter {
            // What begins الله is not heard after عبد.
            case 0x627 where index == 0 && letters == [0x627, 0x644, 0x644, 0x647]: continue
            case 0x627 where isArticle(letters, index): continue
            case 0x644 where isArticle(letters, index): continue
            // The article of -uddin in one word is heard as the d after it.
            case 0x627 where index + 5 == letters.count && endsInDin(letters): continue
            case 0x644 where index + 4 == letters.count && endsInDin(letters): continue
            case 0x634 where index > 0 && letters[index - 1] == 0x62A:
                // Arabic writes ch as t and sh.
                result[result.count - 1] = 0x43
            case 0x647
            where index >= 2 && index + 1 == letters.count && letters[index - 1] == 0x644
                && letters[index - 2] == 0x644:
                // الله has an a that is not written: Nasrallah.
                result.append(0x61)
                result.append(0x68)
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

    private static func endsInDin(_ letters: [UInt32]) -> Bool {
        letters.count >= 7 && letters.suffix(5).elementsEqual([0x627, 0x644, 0x62F, 0x64A, 0x646])
    }

    /// The article inside a name of a servant of God, of which speech and other alphabets keep little: عبدالرحيم.
    private static func isArticle(_ letters: [UInt32], _ index: Int) -> Bool {
        guard index == 3 || index == 4, letters.count > 6, letters[0] == 0x639, letters[1] == 0x628,
            letters[2] == 0x62F, letters[3] == 0x627, letters[4] == 0x644
        else { return false }
        return true
    }
}
