import TextAnalysis

/// How alike a watched word and a text's word sound, from 0 to 1: a weighted edit distance over phones, in which what
/// follows the watched word in the text must be an ending.
///
/// Holds its rows; belongs to one thread at a time.
final class NameAlignment {
    static let longest = 64
    private static let width = longest + 1
    private var rows = [Int32](repeating: 0, count: width * width)
    private let costs = PhoneCosts.substitution
    private var nameCosts = [Int32](repeating: 0, count: longest)
    private let pairs = PhonePairs.shared
    private var textPairs = [UInt8](repeating: 0, count: longest)
    private var textCosts = [Int32](repeating: 0, count: longest)

    struct Result {
        var similarity: Double
        /// Phones of the text that are an ending.
        var ending: Int
    }

    /// - Parameter omitsVowels: the text is Arabic or Persian, where short vowels are not written.
    func compare(
        _ name: [UInt8], _ text: ArraySlice<UInt8>, _ script: Script, omitsVowels: Bool,
        takesEndings: Bool = true
    ) -> Result {
        let (n, m) = (name.count, text.count)
        guard n > 0, m > 0, n <= Self.longest, m <= Self.longest, m + 4 >= n / 2, n + 14 >= m else {
            return Result(similarity: 0, ending: 0)
        }
        let other = Array(text)
        guard fill(name, other, omitsVowels: omitsVowels) else { return Result(similarity: 0, ending: 0) }

        let nameWeight = name.reduce(0) { $0 + Phone.weight($1) }
        let softEndings = Self.softEndings(name)
        var best = Result(similarity: 0, ending: 0)
        var prefixWeight = 0
        for k in 1...m {
            prefixWeight += Phone.weight(other[k - 1])
            let rest = other[k...]
            let whole = Double(rows[n * Self.width + k])
            let scale = Double(nameWeight + prefixWeight) / 2
            var similarity = 1 - whole / max(scale, 1)
            // An ending follows a whole name: one whose last sound is gone is another name (Maria, Marina).
            let isWhole =
                takesEndings && !omitsVowels
                && rows[n * Self.width + k] < rows[(n - 1) * Self.width + k] + Self.single(name, n - 1)
                && (rest.isEmpty || keepsLastVowel(name, other, k))
            if similarity > best.similarity,
                rest.isEmpty || (isWhole && NameEndings.isEnding(rest, script, stem: n, after: other[k - 1]))
            {
                if !rest.isEmpty { similarity *= 0.98 }
                if similarity > best.similarity { best = Result(similarity: similarity, ending: rest.count) }
            }
            // Russian puts the ending in the place of the last vowel, or of -ий.
            guard takesEndings, NameEndings.replacesVowel(rest, script) else { continue }
            var weight = nameWeight
            for dropped in softEndings {
                weight -= Phone.weight(name[n - dropped])
                let part = Double(rows[(n - dropped) * Self.width + k])
                let similarity = (1 - part / max(Double(weight + prefixWeight) / 2, 1)) * 0.97
                if similarity > best.similarity { best = Result(similarity: similarity, ending: rest.count) }
            }
        }
        if Self.isOtherSibilant(name[0], other, script) { best.similarity *= 0.8 }
        return best
    }

    /// З and С begin two names, Zakharov and Sakharov; only German writes S for both, and then also w or -yj.
    private static func isOtherSibilant(_ first: UInt8, _ text: [UInt8], _ script: Script) -> Bool {
        guard (first == 0x7A && text[0] == 0x73) || (first == 0x73 && text[0] == 0x7A) else { return false }
        return script == .cyrillic
            || (script == .latin && !text.contains(0x77) && !text.suffix(2).contains(0x79) && !text.contains(0x58))
    }

    /// Whether the vowel before the name's last consonant is in the text as well: Turkel is not Turkl-e.
    private func keepsLastVowel(_ name: [UInt8], _ text: [UInt8], _ k: Int) -> Bool {
        let n = name.count
        guard n >= 3, k >= 3, !Phone.isVowel(name[n - 1]), Phone.isVowel(name[n - 2]) else { return true }
        // Nor is Putin Potan-in.
        if name[n - 2] == 0x69, text[k - 2] == 0x61, name[n - 1] == text[k - 1] { return false }
        return !(Phone.group(text[k - 1]) != 0 && Phone.group(text[k - 2]) != 0)
    }

    /// The same against the syllables of a Chinese transcription, whole against whole.
    ///
    /// - Parameter name: with the phones that `HanPhones.context` gives.
    func compareHan(_ name: [UInt8], _ text: [UInt8]) -> Double {
        let (n, m) = (name.count, text.count)
        guard n > 0, m > 0, n <= Self.longest, m <= Self.longest else { return 0 }
        let width = Self.width
        let costs = PhoneCosts.han
        rows[0] = 0
        for j in 1...m { rows[j] = rows[j - 1] + Self.insertedHan(text, j - 1) }
        for i in 1...n {
            let gone = Self.omittedHan(name, i - 1)
            rows[i * width] = rows[(i - 1) * width] + gone
            for j in 1...m {
                let change = Int32(costs[Int(name[i - 1] & 127) * 128 + Int(text[j - 1] & 127)])
                rows[i * width + j] = min(
                    rows[(i - 1) * width + j - 1] + change, rows[(i - 1) * width + j] + gone,
                    rows[i * width + j - 1] + Self.insertedHan(text, j - 1))
            }
        }
        let weight = name.reduce(0) { $0 + Phone.weight($1) }
        return max(0, 1 - Double(rows[n * width + m]) / Double(max(weight, 1)))
    }

    /// A syllable's vowel may stand for none.
    static func insertedHan(_ text: [UInt8], _ index: Int) -> Int32 {
        let phone = text[index]
        if Phone.isVowel(phone) || phone == 0x79 { return 8 }
        switch phone {
        case 0x77: return 25  // w
        case 0x68:  // hua for wa; Rahesh for Raesh
            let (before, after) = (index > 0 ? text[index - 1] : 0, index + 1 < text.count ? text[index + 1] : 0)
            return after == 0x75 || Phone.isVowel(before) ? 25 : 45
        case 0x72, 0x6C: return 60
        case 0x6E:
            // One n may close a syllable and open the next: Donald is tang-na-de.
            let (before, after) = (index > 0 ? text[index - 1] : 0, index + 1 < text.count ? text[index + 1] : 0)
            return before == 0x6E || after == 0x6E || after == 0x6D ? 5 : 60
        default: return 120
        }
    }

    /// What Chinese leaves out: glides, h and gh after a vowel, r and l before a consonant, a last n or k.
    private static func omittedHan(_ name: [UInt8], _ index: Int) -> Int32 {
        let phone = name[index]
        let isLast = index + 1 == name.count
        let beforeConsonant = isLast || !Phone.isVowel(name[index + 1])
        if Phone.isVowel(phone) { return isLast ? 40 : 20 }
        switch phone {
        case 0x79: return 8
        case 0x77, 0x76: return isLast ? 100 : beforeConsonant ? 40 : 30
        case 0x68, 0x47, 0x78, 0x48: return 20
        case 0x67:  // also Turkish ğ without its mark
            return index == 0 || !Phone.isVowel(name[index - 1]) ? 120 : beforeConsonant ? 30 : 60
        case 0x72: return isLast ? 35 : beforeConsonant ? 18 : 120
        case 0x6C: return isLast ? 60 : beforeConsonant ? 18 : 120
        case 0x6E, 0x4E, 0x6B, 0x71: return isLast ? 60 : 120
        case 0x74, 0x64: return beforeConsonant ? 70 : 120
        default: return 120
        }
    }

    /// The least that `omittedHan` can be, whatever phone follows.
    static func leastOmittedHan(_ phone: UInt8, after before: UInt8) -> Int32 {
        if Phone.isVowel(phone) { return 20 }
        switch phone {
        case 0x79: return 8
        case 0x77, 0x76: return 30
        case 0x68, 0x47, 0x78, 0x48: return 20
        case 0x67: return Phone.isVowel(before) ? 30 : 120
        case 0x72, 0x6C: return 18
        case 0x6E, 0x4E, 0x6B, 0x71: return 60
        case 0x74, 0x64: return 70
        default: return 120
        }
    }

    /// The least that `omittedHan` can be, whatever phone stands before.
    ///
    /// - Parameter next: 0 where the phone is the last.
    static func leastOmittedHan(_ phone: UInt8, before next: UInt8) -> Int32 {
        if phone == 0x67 { return Phone.isVowel(next) ? 60 : 30 }
        return omittedHan(next == 0 ? [phone] : [phone, next], 0)
    }

    private static func isSoft(_ phone: UInt8) -> Bool { Phone.isVowel(phone) || phone == 0x79 }

    /// How many phones at a name's end Russian may put an ending in the place of: none, one, one or two.
    static func softEndings(_ name: [UInt8]) -> Range<Int> {
        let n = name.count
        var dropped = 0
        while dropped < 2, n - dropped > (n == 3 ? 2 : 3), isSoft(name[n - dropped - 1]) { dropped += 1 }
        return 1..<(dropped + 1)
    }

    /// - Returns: false when no prefix of the text can be near enough.
    private func fill(_ name: [UInt8], _ text: [UInt8], omitsVowels: Bool) -> Bool {
        let (n, m) = (name.count, text.count)
        let width = Self.width
        var budget: Int32 = 0
        for i in 0..<n {
            // Short vowels are not written, but those that end a word are.
            let isShort = omitsVowels && Phone.isVowel(name[i])
            nameCosts[i] =
                isShort ? i + 1 < n || name[i] == 0x61 || name[i] == 0x45 ? 10 : 70 : Self.single(name, i, isGone: true)
            budget += Int32(Phone.weight(name[i]))
        }
        for j in 0..<m {
            textCosts[j] = Self.single(text, j)
            textPairs[j] = j > 0 ? pairs.number(text[j - 1], text[j]) : PhonePairs.none
        }
        if omitsVowels, Phone.isVowel(text[m - 1]) { textCosts[m - 1] = 90 }
        // At 0.6 of the weight even a match of parts is out of the question; a later row can give back half a phone.
        budget = budget * 6 / 10 + 60
        return rows.withUnsafeMutableBufferPointer { rows in
            costs.withUnsafeBufferPointer { costs in
                rows[0] = 0
                for j in 1...m { rows[j] = rows[j - 1] + textCosts[j - 1] }
                for i in 1...n {
                    let a = name[i - 1]
                    let gone = nameCosts[i - 1]
                    let row = i * width
                    let above = row - width
                    rows[row] = rows[above] + gone
                    var least = rows[row]
                    let namePair = i > 1 ? pairs.number(name[i - 2], a) : PhonePairs.none
                    for j in 1...m {
                        let b = text[j - 1]
                        var cost = rows[above + j - 1] + Int32(costs[Int(a & 127) * 128 + Int(b & 127)])
                        cost = min(cost, rows[above + j] + gone)
                        cost = min(cost, rows[row + j - 1] + textCosts[j - 1])
                        if namePair != PhonePairs.none, let pair = pairs.cost(namePair, b) {
                            cost = min(cost, rows[above - width + j - 1] + pair)
                        }
                        if textPairs[j - 1] != PhonePairs.none, let pair = pairs.cost(textPairs[j - 1], a) {
                            cost = min(cost, rows[above + j - 2] + pair)
                        }
                        rows[row + j] = cost
                        least = min(least, cost)
                    }
                    if least > budget { return false }
                }
                return true
            }
        }
    }

    /// What it costs to leave a phone out, or to put it in.
    static func single(_ phones: [UInt8], _ index: Int, isGone: Bool = false) -> Int32 {
        let phone = phones[index]
        let before = index > 0 ? phones[index - 1] : 0
        let after = index + 1 < phones.count ? phones[index + 1] : 0
        if Phone.isVowel(phone) {
            let consonantAfter = after != 0 && !Phone.isVowel(after)
            if before == 0, consonantAfter { return 30 }
            // Between consonants a vowel comes, and less often goes: Kurman, Kuruman; Marat is not Murat.
            if before != 0, !Phone.isVowel(before), consonantAfter { return isGone ? 55 : 25 }
            if Phone.isVowel(before) || Phone.isVowel(after) { return 25 }
            return after == 0 ? 80 : 40
        }
        switch phone {
        case 0x79:  // y, but for -ay and -oy, with which many a woman's name ends: Tursunay, Tursunoy
            if before == 0x61 || (before == 0x6F && !isGone), after == 0 { return isGone ? 70 : 120 }
            return isFront(before) || isFront(after) ? 10 : 30
        case 0x77, 0x76:  // w v between vowels, but for -ov and -ova, which make another name
            if isFormerV(phones, index) { return 120 }
            return Phone.isVowel(before) && Phone.isVowel(after) ? 30 : phone == 0x77 ? 35 : 100
        case 0x68: return 45
        case 0x6E where before == 0x6E: return 10
        case 0x64, 0x74: return before == 0x6E && after == 0 ? 40 : 120  // Samarkand, Самарқан
        default: return 120
        }
    }

    /// The least that `single` can be, whatever phone follows.
    static func leastOmission(_ phone: UInt8, after before: UInt8) -> Int32 {
        if Phone.isVowel(phone) { return 25 }
        switch phone {
        case 0x79: return 10
        case 0x77, 0x76: return Phone.isVowel(before) ? 30 : phone == 0x77 ? 35 : 100
        case 0x68: return 45
        case 0x6E: return before == 0x6E ? 10 : 120
        case 0x64, 0x74: return before == 0x6E ? 40 : 120
        default: return 120
        }
    }

    private static func isFormerV(_ phones: [UInt8], _ index: Int) -> Bool {
        guard index > 2, phones[index - 1] == 0x6F || phones[index - 1] == 0x65 || phones[index - 1] == 0x45 else {
            return false
        }
        // -ov, -ova, -ovu, -ovym, -ovymi
        return phones.count - index <= 5
            && phones[(index + 1)...].allSatisfy { Phone.isVowel($0) || $0 == 0x6D || $0 == 0x79 }
    }

    private static func isFront(_ phone: UInt8) -> Bool {
        phone == 0x69 || phone == 0x65 || phone == 0x49 || phone == 0x45
    }
}
