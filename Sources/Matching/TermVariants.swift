import TextAnalysis

/// Other ways to write a term that follow from rules of a language: British and American spelling, `&` for `and`, the
/// letters of another romanisation, an action on the other side of what it is done to.
enum TermVariants {
    typealias Word = TermCompiler.Word

    /// Other spellings of one name at most.
    private static let manySpellings = 12

    static func all(_ words: [Word]) -> [(words: [Word], score: UInt8)] {
        guard words.allSatisfy({ !$0.isIdeograph && $0.kind == .word }) else { return [] }
        var result: [(words: [Word], score: UInt8)] = []
        let ways = [words] + british(words)
        result += ways.dropFirst().map { ($0, 98) }
        for way in ways {
            if let bare = withoutConjunction(way) { result.append((bare, 98)) }
            result += turned(way).map { ($0, 90) }
        }
        if words.count == 1 {
            result += romanised(words[0]).map { ([$0], 90) }
            if let participle = participle(words[0]) { result.append(([participle], 95)) }
        } else {
            result += respelt(words).map { ($0, 90) }
        }
        result += plurals(words[0]).map { ([$0] + words.dropFirst(), 90) }
        result += verbs(words[0]).map { verb in
            var object = Array(words.dropFirst())
            if !object.isEmpty { object[0].skip = gap }
            return ([verb] + object, 90)
        }
        return result
    }

    // MARK: British and American

    private static let spellings: [(british: [UInt16], american: [UInt16])] = Language.britishAndAmerican.map {
        (Array($0.british.utf16), Array($0.american.utf16))
    }

    private static let spellingEnds = Ends(spellings.flatMap { [$0.british, $0.american] })

    /// The ways to spell a term's words, each British or American, where that is another way: eight at most.
    private static func british(_ words: [Word]) -> [[Word]] {
        guard words.contains(where: { $0.script == .latin && $0.units.count >= 5 && spellingEnds.mayEnd($0.units) })
        else { return [] }
        var ways: [[Word]] = [[]]
        for word in words {
            let others = otherSpellings(word)
            ways = ways.flatMap { way in ([word] + others).map { way + [$0] } }
            if ways.count > manyWays { ways.removeLast(ways.count - manyWays) }
        }
        return Array(ways.dropFirst())
    }

    private static let manyWays = 8

    private static func otherSpellings(_ word: Word) -> [Word] {
        guard word.script == .latin, word.units.count >= 5 else { return [] }
        return [true, false].compactMap { toBritish in
            for rule in spellings {
                let (old, new) = toBritish ? (rule.american, rule.british) : (rule.british, rule.american)
                guard let place = place(of: old, in: word.units) else { continue }
                return word.spelt(Array(word.units[..<place]) + new + Array(word.units[(place + old.count)...]))
            }
            return nil
        }
    }

    /// At the end of a word, but for a plural.
    private static func place(of part: [UInt16], in word: [UInt16]) -> Int? {
        for tail in 0...1 {
            let place = word.count - part.count - tail
            if place >= 3, word[place..<(place + part.count)] == part[...], tail == 0 || word[word.count - 1] == 0x73 {
                return place
            }
        }
        return nil
    }

    // MARK: And

    private static let conjunctions: Set<[UInt16]> = Set(
        ["and", "und", "et", "ve", "va", "и", "және", "жана"].map { Array($0.utf16) })

    /// `Production and Construction` as `Production & Construction`: the sign is no word.
    private static func withoutConjunction(_ words: [Word]) -> [Word]? {
        guard words.count >= 3,
            let place = words.indices.dropFirst().dropLast().first(where: { conjunctions.contains(words[$0].units) })
        else { return nil }
        var result = words
        result.remove(at: place)
        return result
    }

    // MARK: Action and object

    private static let actions: [(script: Script, ends: [[UInt16]])] = Language.all.filter { !$0.actions.isEmpty }.map {
        ($0.script, $0.actions.map { Array($0.utf16) })
    }

    /// Small words between an action and its object.
    private static let links: Set<[UInt16]> = Set(
        ["of", "the", "a", "de", "des", "du", "la", "le", "les", "d", "l", "von", "der", "del", "el", "los", "las"]
            .map { Array($0.utf16) })

    /// Words between the two at most: confiscated her passport, паспорта студентов конфисковали.
    private static let gap: UInt8 = 2

    /// `passport confiscation` as `confiscation … passport` and `passport … confiscated`.
    private static func turned(_ words: [Word]) -> [[Word]] {
        guard words.count >= 2, words.contains(where: isAction), words.dropFirst().allSatisfy({ $0.gap == .space })
        else { return [] }
        let content = words.filter { !links.contains($0.units) }
        guard content.count >= 2, content.count <= 3 else { return [] }
        let action: Word
        var object: [Word]
        if isAction(content[0]) {
            action = content[0]
            object = Array(content.dropFirst())
        } else if isAction(content[content.count - 1]) {
            action = content[content.count - 1]
            object = Array(content.dropLast())
        } else {
            return []
        }
        var last = action
        last.skip = gap
        let before = object + [last]
        object[0].skip = gap
        return [before, [action] + object]
    }

    private static let actionEnds = Ends(actions.flatMap(\.ends))

    private static func isAction(_ word: Word) -> Bool {
        word.units.count >= 6 && actionEnds.mayEnd(word.units)
            && actions.contains { script, ends in
                word.script == script && ends.contains { word.units.suffix($0.count) == $0[...] }
            }
    }

    // MARK: Plurals

    /// Arabic plurals that are made inside the word, by the patterns that one singular has: سجين, سجناء.
    private static func plurals(_ word: Word) -> [Word] {
        guard word.script == .arabic else { return [] }
        let (alif, waw, ya, mim, ha, hamza): (UInt16, UInt16, UInt16, UInt16, UInt16, UInt16) =
            (0x627, 0x648, 0x64A, 0x645, 0x647, 0x621)
        let hasArticle = word.units.count >= 5 && word.units.starts(with: [alif, 0x644])
        let letters = Array(word.units.dropFirst(hasArticle ? 2 : 0))
        let weak: Set<UInt16> = [alif, waw, ya]
        var found: [[UInt16]] = []
        switch letters.count {
        case 3 where weak.isDisjoint(with: letters):  // حرف: حروف, خبر: اخبار
            found = [[letters[0], letters[1], waw, letters[2]], [alif, letters[0], letters[1], alif, letters[2]]]
        case 4 where letters[2] == ya && !weak.contains(letters[3]):  // سجين: سجناء
            found = [[letters[0], letters[1], letters[3], alif, hamza]]
        case 4 where letters[1] == alif:  // عامل: عمال, ناشط: نشطاء, حادث: حوادث, شاهد: شهود
            found = [
                [letters[0], letters[2], alif, letters[3]], [letters[0], letters[2], letters[3], alif, hamza],
                [letters[0], waw, alif, letters[2], letters[3]],
            ]
            // Of most such words this is no plural: حكومة is no حاكم.
            if pluralsWithWaw.contains(letters) { found.append([letters[0], letters[2], waw, letters[3]]) }
        case 5 where letters[3] == alif && weak.isDisjoint(with: letters.prefix(3)):  // زلزال: زلازل
            found = [[letters[0], letters[1], alif, letters[2], letters[4]]]
        case 4 where letters[0] == mim && weak.isDisjoint(with: letters),  // مسجد: مساجد, محكمة: محاكم
            5 where letters[0] == mim && letters[4] == ha && weak.isDisjoint(with: letters):
            found = [[mim, letters[1], alif, letters[2], letters[3]]]
        default: break
        }
        return found.map { word.spelt((hasArticle ? [alif, 0x644] : []) + $0) }
    }

    private static let pluralsWithWaw = Set(Language.arabic.pluralsWithWaw.map { Array($0.utf16) })

    // MARK: Verbs

    private static let doers = Set(Language.arabic.doers.map { Array($0.utf16) })

    /// Arabic verbs and participles of nouns of action, by the patterns of which the verb is told from others: مصادرة, صادر; اعتقال, اعتقل.
    private static func verbs(_ word: Word) -> [Word] {
        guard word.script == .arabic else { return [] }
        let (alif, ta, mim, ha, ya): (UInt16, UInt16, UInt16, UInt16, UInt16) = (0x627, 0x62A, 0x645, 0x647, 0x64A)
        let (waw, nun): (UInt16, UInt16) = (0x648, 0x646)
        let letters = word.units
        let last = letters.count - 1
        var found: [[UInt16]] = []
        if letters.count == 6, letters[0] == mim, letters[2] == alif, letters[last] == ha {
            let stem = Array(letters[1..<last])
            found = [stem, [ya] + stem]
        } else if letters.count >= 6, letters[0] == alif, letters[last - 1] == alif,
            letters[2] == ta || letters[1] == 0x646
                || letters.starts(with: [alif, 0x633, ta])
        {
            let stem = Array(letters[1..<(last - 1)]) + [letters[last]]
            found = [[alif] + stem, [ya] + stem]
            // احتجاج, احتج
            let isDouble = letters[last] == letters[last - 2]
            if isDouble { found.append([alif] + stem.dropLast()) }
            // And who does it, or who it is done to: people, where the ending says so. مجتمع is no اجتماع.
            let person = [mim] + (isDouble ? Array(stem.dropLast()) : stem)
            found += doers.contains(stem) ? [person] : [person + [waw, nun], person + [ya, nun]]
        }
        return found.map { word.spelt($0) }
    }

    // MARK: Romanisation

    /// Letters of names that others write otherwise, everywhere in a word.
    private static let letters: [([UInt16], [UInt16])] = [
        ("zh", "j"), ("j", "zh"), ("j", "c"), ("gh", "g"), ("kh", "h"), ("ou", "u"), ("ts", "c"), ("q", "k"),
        ("x", "kh"), ("uy", "ui"), ("ay", "ai"), ("ey", "ei"), ("oy", "oi"), ("ui", "uy"), ("ai", "ay"), ("dzh", "j"),
        ("dj", "j"), ("sch", "sh"), ("tch", "ch"), ("sh", "s"),
        ("ch", "c"), ("qi", "chi"),
    ].map { (Array($0.0.utf16), Array($0.1.utf16)) }

    /// What tells a transcribed name from a word of English or its neighbours.
    private static let foreign: [([UInt16], [UInt16])] = [("uy", "ui"), ("zh", "j"), ("gh", "g"), ("kh", "h")].map {
        (Array($0.0.utf16), Array($0.1.utf16))
    }

    /// The same of the names in a phrase, each in one other spelling: World Uyghur Congress, World Uighur Congress.
    private static func respelt(_ words: [Word]) -> [[Word]] {
        guard words.count <= 6 else { return [] }
        var ways: [[Word]] = []
        for (index, word) in words.enumerated() {
            guard word.script == .latin, word.units.count >= 5, word.flags.contains(.upperInitial),
                !word.flags.contains(.allUpper)
            else { continue }
            for (one, other) in foreign {
                for (old, new) in [(one, other), (other, one)] where old.count > 1 {
                    guard ways.count < manyWays, has(old, in: word.units) else { continue }
                    var way = words
                    way[index] = word.spelt(replace(old, by: new, in: word.units))
                    ways.append(way)
                }
            }
        }
        return ways
    }

    /// A name in other romanisations: Atajurt as Atazhurt and Atacurt.
    private static func romanised(_ word: Word) -> [Word] {
        guard word.script == .latin, word.units.count >= 6, word.flags.contains(.upperInitial),
            !word.flags.contains(.allUpper)
        else { return [] }
        var spellings: [[UInt16]] = [word.units]
        for (old, new) in letters {
            for spelling in spellings {
                guard spellings.count <= manySpellings else { break }
                guard has(old, in: spelling) else { continue }
                let other = replace(old, by: new, in: spelling)
                if other.count >= 5, !spellings.contains(other) { spellings.append(other) }
            }
        }
        return spellings.dropFirst().map { word.spelt($0) }
    }

    private static func has(_ part: [UInt16], in word: [UInt16]) -> Bool {
        word.indices.contains { stands(part, in: word, at: $0) }
    }

    private static func stands(_ part: [UInt16], in word: [UInt16], at place: Int) -> Bool {
        guard word[place] == part[0], place + part.count <= word.count else { return false }
        return part.indices.allSatisfy { word[place + $0] == part[$0] }
    }

    private static func replace(_ old: [UInt16], by new: [UInt16], in word: [UInt16]) -> [UInt16] {
        var result: [UInt16] = []
        var index = 0
        while index < word.count {
            if stands(old, in: word, at: index) {
                result += new
                index += old.count
            } else {
                result.append(word[index])
                index += 1
            }
        }
        return result
    }
}

/// The last two letters of some endings, to pass most words by.
private struct Ends: Sendable {
    private static let bits: UInt32 = 12
    /// A bit for each pair of letters that ends one; others share it.
    private var pairs = [UInt64](repeating: 0, count: 1 << bits / 64)

    init(_ ends: [[UInt16]]) {
        for end in ends where end.count >= 2 {
            let place = Self.place(end, end.count)
            pairs[place / 64] |= 1 << UInt64(place % 64)
        }
    }

    /// Also before a plural's s.
    func mayEnd(_ word: [UInt16]) -> Bool {
        word.count >= 3 && (has(word, word.count) || (word[word.count - 1] == 0x73 && has(word, word.count - 1)))
    }

    private func has(_ word: [UInt16], _ count: Int) -> Bool {
        let place = Self.place(word, count)
        return pairs[place / 64] >> UInt64(place % 64) & 1 != 0
    }

    private static func place(_ word: [UInt16], _ count: Int) -> Int {
        let pair = UInt32(word[count - 2]) << 16 | UInt32(word[count - 1])
        return Int((pair &* 0x9E37_79B9) >> (32 - bits))
    }
}
