/// Latin letters to phones, the longest group of letters first. No language is needed: what differs between languages
/// (c, j, x, y) has a phone of its own that the costs of the comparison make cheap to equate.
enum LatinPhones {
    /// Groups of letters, the longest first within a first letter.
    private static let groups: [(letters: [UInt32], phones: [UInt8])] = [
        ("schtsch", "X"), ("tsch", "C"), ("tzh", "tZ"), ("tsh", "tX"), ("dsch", "J"), ("shch", "X"), ("sch", "X"),
        ("tch", "C"), ("dzh", "J"),
        ("zh", "Z"), ("kh", "x"),
        ("gh", "G"), ("ch", "C"), ("sh", "X"), ("dj", "J"), ("dž", "J"), ("ts", "c"), ("tz", "c"), ("ph", "f"),
        ("th", "t"), ("ck", "k"),
        ("cz", "C"), ("ng", "N"), ("oo", "u"), ("ou", "u"), ("ee", "i"), ("oe", "O"), ("ue", "U"), ("iy", "i"),
        ("ij", "i"), ("yy", "i"),
        ("g'", "G"), ("o'", "o"), ("n'", "N"), ("s'", "X"), ("c'", "C"), ("a'", "E"), ("u'", "U"), ("i'", "i"),
        ("y'", "u"),
    ].map { (Array($0.0.unicodeScalars.map(\.value)), Array($0.1.utf8)) }

    /// By first letter, from a.
    private static let byFirst: [[(letters: [UInt32], phones: [UInt8])]] = (0x61...0x7A).map { first in
        groups.filter { $0.letters[0] == first }
    }

    private static let marked: [UInt32: UInt8] = [
        "ä": "E", "ə": "E", "æ": "E", "á": "a", "ö": "O", "ó": "o", "ø": "O", "œ": "O", "ő": "O", "ü": "U", "ű": "U",
        "ú": "u", "ū": "u",
        "ı": "I", "î": "I", "ğ": "G", "ǵ": "G", "ġ": "G", "ḡ": "G", "ş": "X", "š": "X", "ș": "X", "ŝ": "X", "ś": "X",
        "ç": "C", "č": "C",
        "ĉ": "C", "ć": "C", "ž": "Z", "ż": "Z", "ź": "Z", "ĵ": "Z", "ǰ": "Z", "ñ": "N", "ń": "N", "ŋ": "N", "ņ": "N",
        "ł": "l", "ß": "s",
        "ï": "i", "ë": "e", "é": "e", "è": "e", "ý": "y", "đ": "d", "ð": "d", "þ": "t",
    ].reduce(into: [:]) { result, pair in
        if let scalar = pair.key.unicodeScalars.first, let phone = pair.value.utf8.first {
            result[scalar.value] = phone
        }
    }

    /// The same by letter from U+00C0, and the bases of letters that the table does not name.
    private static let phones: [UInt8] = (0xC0..<0x260).map { letter in
        if let phone = marked[UInt32(letter)] { return phone }
        let entry = CharacterTable.shared.basic[letter]
        guard entry.kind == CharacterKind.word, entry.unit >= 0x61, entry.unit <= 0x7A else { return 0 }
        return entry.unit == 0x63 ? 0x3F : UInt8(truncatingIfNeeded: entry.unit)
    }

    static func read(_ letters: [UInt32], into result: inout [UInt8]) {
        var index = 0
        outer: while index < letters.count {
            let letter = letters[index]
            if letter >= 0x61, letter <= 0x7A {
                for group in byFirst[Int(letter - 0x61)] where index + group.letters.count <= letters.count {
                    if letters[index + 1] == group.letters[1], matches(group.letters, letters, index),
                        fits(group.letters, letters, index)
                    {
                        for phone in group.phones { result.append(phone) }
                        index += group.letters.count
                        continue outer
                    }
                }
                switch letter {
                case 0x63: result.append(0x3F)  // c: ?
                case 0x6A
                where index > 0 && isVowelOrY(letters[index - 1])
                    && !(index + 1 < letters.count
                        && isVowelOrY(letters[index + 1])):
                    result.append(0x79)  // German and Finnish j after a vowel: Ajdos, Selenskyj
                case 0x79: result.append(consonantalY(letters, index) ? 0x79 : 0x49)
                default: result.append(UInt8(truncatingIfNeeded: letter))
                }
            } else if letter >= 0xC0, letter < 0x260 {
                let phone = phones[Int(letter - 0xC0)]
                if phone != 0 { result.append(phone) }
            }
            index += 1
        }
    }

    private static func matches(_ group: [UInt32], _ letters: [UInt32], _ index: Int) -> Bool {
        for offset in group.indices where letters[index + offset] != group[offset] { return false }
        return true
    }

    /// `ng` is one sound only before a consonant or at the end: Tengri, Rong, but Ongar. Apostrophes mark Uzbek and
    /// older Kazakh letters only before another letter.
    private static func fits(_ group: [UInt32], _ letters: [UInt32], _ index: Int) -> Bool {
        let after = index + group.count < letters.count ? letters[index + group.count] : 0
        // At the end, t and a German genitive's s: Kanats. Kravets loses nothing.
        if group.count == 2, group[0] == 0x74, group[1] == 0x73, after == 0 { return false }
        if group[0] == 0x6E, group[1] == 0x67 {
            // Imanghali, Imang‘ali: n before gh or g‘.
            return after == 0 || !(isVowel(after) || after == 0x68 || after == 0x27)
        }
        if group[group.count - 1] == 0x27 { return after != 0 }
        // -oev and -uev are no ö and ü: Mirziyoev. Nor are oe and ue after a vowel: Auezov.
        if group.count == 2, group[1] == 0x65, group[0] == 0x6F || group[0] == 0x75 {
            return after != 0x76 && !(index > 0 && isVowel(letters[index - 1]))
        }
        return true
    }

    private static func consonantalY(_ letters: [UInt32], _ index: Int) -> Bool {
        let before = index > 0 ? letters[index - 1] : 0
        let after = index + 1 < letters.count ? letters[index + 1] : 0
        if before == 0 { return isVowel(after) }
        return isVowel(before) || isVowel(after)
    }

    private static func isVowelOrY(_ letter: UInt32) -> Bool { letter == 0x79 || isVowel(letter) }

    private static func isVowel(_ letter: UInt32) -> Bool {
        switch letter {
        case 0x61, 0x65, 0x69, 0x6F, 0x75: true
        default: letter >= 0xC0 && letter < 0x260 && Phone.isVowel(phones[Int(letter - 0xC0)])
        }
    }

    /// Letters written as a base and a combining mark.
    static func composed(_ letter: UInt32, _ mark: UInt32) -> UInt32? {
        switch (letter, mark) {
        case (0x73, 0x327), (0x73, 0x30C): 0x15F
        case (0x63, 0x327), (0x63, 0x30C): 0xE7
        case (0x7A, 0x30C): 0x17E
        case (0x67, 0x306): 0x11F
        case (0x61, 0x308): 0xE4
        case (0x6F, 0x308): 0xF6
        case (0x75, 0x308): 0xFC
        case (0x6E, 0x303): 0xF1
        case (0x438, 0x306): 0x439
        case (0x443, 0x306): 0x45E
        case (0x435, 0x308): 0x451
        default: nil
        }
    }
}
