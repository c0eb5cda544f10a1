/// What the fold made equal, for people: which letters of a text differ from those of a term, and by which rule.
package enum FoldTrace {
    /// The rules under which two texts with the same folded words are the same, in the order of the text.
    package static func rules(_ text: String, _ written: String) -> [String] {
        var rules: [String] = []
        let left = letters(text)
        let right = letters(written)
        func add(_ rule: String) {
            if !rules.contains(rule) { rules.append(rule) }
        }
        if left.hidden { add("invisible characters left out") }
        if left.joints != right.joints, left.letters.count == right.letters.count {
            add("hyphen, apostrophe or space between parts")
        }
        guard left.letters.count == right.letters.count else {
            add("other spelling of the same word")
            return rules
        }
        for (one, other) in zip(left.letters, right.letters) where one != other {
            add(rule(one, other))
        }
        return rules
    }

    private static func rule(_ one: String, _ other: String) -> String {
        if one.lowercased() == other.lowercased() { return "case" }
        let pair = "\(one) = \(other)"
        let bases = (base(one), base(other))
        if bases.0 == bases.1 { return "mark: \(pair)" }
        let (a, b) = (scalar(one), scalar(other))
        if MixedScript.toCyrillic[a] == b || MixedScript.toLatin[a] == b || MixedScript.toCyrillic[b] == a
            || MixedScript.toLatin[b] == a
        {
            return "look-alike of another alphabet: \(pair)"
        }
        if a >= 0x3400, a <= 0x9FFF, b >= 0x3400, b <= 0x9FFF { return "traditional and simplified: \(pair)" }
        if (a >= 0xFF00 && a <= 0xFFEF) || (b >= 0xFF00 && b <= 0xFFEF) { return "width: \(pair)" }
        return "letter: \(pair)"
    }

    private static func scalar(_ text: String) -> UInt32 { text.unicodeScalars.first?.value ?? 0 }

    /// The folded units of a letter as text.
    private static func base(_ letter: String) -> String {
        let table = CharacterTable.shared
        var units: [UInt16] = []
        for scalar in letter.unicodeScalars {
            let entry = scalar.value < 0x10000 ? table.basic[Int(scalar.value)] : table.supplementary(scalar.value)
            switch entry.kind {
            case CharacterKind.word: units.append(entry.unit)
            case CharacterKind.multiple: units += table.expansions[Int(entry.unit)]
            case CharacterKind.mark, CharacterKind.drop: break
            default: return letter
            }
        }
        return String(decoding: units, as: UTF16.self)
    }

    /// Letters with their marks; whether something invisible stood among them; how many joints and spaces.
    private static func letters(_ text: String) -> (letters: [String], hidden: Bool, joints: [Int]) {
        let table = CharacterTable.shared
        var letters: [String] = []
        var hidden = false
        var joints: [Int] = []
        for scalar in text.unicodeScalars {
            let entry = scalar.value < 0x10000 ? table.basic[Int(scalar.value)] : table.supplementary(scalar.value)
            switch entry.kind {
            case CharacterKind.word, CharacterKind.ideograph, CharacterKind.extend: letters.append(String(scalar))
            case CharacterKind.multiple:
                // Several units: as many letters on the other side.
                letters.append(
                    contentsOf: String(decoding: table.expansions[Int(entry.unit)], as: UTF16.self).map(String.init))
            case CharacterKind.mark where !letters.isEmpty: letters[letters.count - 1].unicodeScalars.append(scalar)
            case CharacterKind.drop: hidden = true
            default: joints.append(letters.count)
            }
        }
        return (letters, hidden, Array(Set(joints)).sorted())
    }
}
