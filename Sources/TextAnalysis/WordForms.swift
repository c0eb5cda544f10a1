private import CStemmer

/// Tells whether a word of a text is a form of a word of a term, by stemmers and by lists of endings.
///
/// Not for every word of a text: for those that begin as a term does. Stems each distinct word once; belongs to one thread
/// at a time, as Snowball's stemmers do.
package final class WordForms {
    package static let longestWord = 48

    let tables = LanguageTables.shared
    private var stemmers: [OpaquePointer?]
    private let bytes: UnsafeMutablePointer<UInt8>
    private var cache: UnsafeMutablePointer<CachedStem>?
    private static let cacheBits = 13

    private struct CachedStem {
        var word: UInt64 = 0
        var stem = Stem()
    }

    struct Stem {
        /// What forms of one word have in common.
        var key: UInt64 = 0
        /// The same without an ending of `Language.derived`; 0 where there is none.
        var base: UInt64 = 0
        /// The word itself, to be compared with `base`.
        var whole: UInt64 = 0
        /// Letters that the stem shares with the word.
        var shared: UInt8 = 0
        /// The entry of `Language.different`; 0 where there is none.
        var different: UInt8 = 0
        /// The word itself without an ending of `Language.feminine`, to be compared with `whole`; 0 where there is none.
        var masculine: UInt64 = 0
        /// An end of `Language.loose` was taken off: a bare noun of the same letters is another word.
        var isLoose = false
        /// A verb, or the noun made of it.
        var isVerbal = false
        /// The ending is one letter that many nouns end in as well: задержал, капитал; 0 where it is not.
        var past: UInt8 = 0
    }

    package init() {
        stemmers = Array(repeating: nil, count: Language.all.count)
        bytes = .allocate(capacity: 4 * Self.longestWord)
    }

    deinit {
        for stemmer in stemmers { if let stemmer { sb_stemmer_delete(stemmer) } }
        bytes.deallocate()
        cache?.deallocate()
    }

    // MARK: Comparing

    /// A word in folded units.
    package struct Word {
        package var units: UnsafePointer<UInt16>
        package var count: Int
        package var hash: UInt64

        package init(_ units: UnsafePointer<UInt16>, _ count: Int, hash: UInt64) {
            self.units = units
            self.count = count
            self.hash = hash
        }

        func dropping(_ letters: Int) -> Word {
            Word(units + letters, count - letters, hash: hash)
        }
    }

    /// The languages in which `text` is a form of `term`; empty when it is none.
    package func languages(
        _ text: Word, of term: Word, _ script: Script, _ use: WordUse
    ) -> LanguageSet {
        var result = LanguageSet()
        var isVetoed = false
        var hasAgglutinated = false
        guard text.count <= Self.longestWord, term.count <= Self.longestWord else { return result }
        let shared = Self.sharedPrefix(text, term)
        if shared >= 1 {
            for number in tables.numbers(script) {
                let rules = tables.rules[number]
                if rules.stemmer != nil {
                    guard shared >= 3, term.count - shared <= 7, !rules.isForeign(term) else { continue }
                    // Lager and lag have one stem; Frauen and Frau as well.
                    if text.count == 3, term.count > 4 { continue }
                    let kinship =
                        use.contains(.acronym) || text.count - shared > 9 ? .none : self.kinship(text, term, number)
                    if kinship == .same
                        || (shared == term.count && shared >= 4 && rules.endings.accept(text.dropping(shared))
                            && !(rules.isVowel(term.units[shared - 1]) && rules.isVowel(text.units[shared])))
                        || dropsVowel(text, term, shared, rules) || insertsVowel(text, term, shared, rules)
                    {
                        result.insert(rules.isWeak ? LanguageSet(weak: number) : LanguageSet(number))
                    } else if rules.links != nil, use.contains(.noun), shared >= term.count - 2, result.isEmpty,
                        isCompound(text, term, shared, rules)
                    {
                        // Wahl, Wahlkampf: short words begin many others outside German.
                        result = [term.count < 6 ? LanguageSet(weak: number) : LanguageSet(number), .nouns]
                    } else if kinship == .different, rules.isEnglish {
                        isVetoed = true
                    }
                } else if let ending = agglutinated(text, term, shared, use, rules) {
                    hasAgglutinated = true
                    result.insert(ending < rules.shortest ? LanguageSet(weak: number) : LanguageSet(number))
                }
            }
        }
        // Prisoners are forms of prison for the German stemmer; a German noun would have its capital in the term.
        if isVetoed, !result.isEmpty, !hasAgglutinated {
            if !use.contains(.foreign) {
                result.insert(.notEnglish)
            } else if use.contains(.noun) {
                // And other languages give nouns no capital: Protest, protestant in French.
                result = result.weakerWithoutNouns
            }
        }
        if script == .arabic { withoutClitics(text, term, use, &result) }
        if use.contains(.name), !result.isEmpty { result.insert(.nouns) }
        return result
    }

    private func withoutClitics(_ text: Word, _ term: Word, _ use: WordUse, _ result: inout LanguageSet) {
        for number in tables.numbers(.arabic) where !tables.rules[number].clitics.isEmpty {
            let rules = tables.rules[number]
            let bareTerm = term.dropping(rules.article(term))
            for length in [0] + rules.cliticLengths(text) {
                if length == 0, bareTerm.count == term.count { continue }
                let bare = text.dropping(length)
                let shared = Self.sharedPrefix(bare, bareTerm)
                let isSame = shared == bare.count && shared == bareTerm.count
                if isSame || agglutinated(bare, bareTerm, shared, use, rules) != nil {
                    result.insert(LanguageSet(number))
                }
            }
        }
    }

    static func sharedPrefix(_ one: Word, _ other: Word) -> Int {
        let limit = min(one.count, other.count)
        var shared = 0
        while shared < limit, one.units[shared] == other.units[shared] { shared += 1 }
        return shared
    }

    enum Kinship {
        case none, same
        /// Of one stem, but with an ending that makes another word.
        case different
    }

    func kinship(_ text: Word, _ term: Word, _ number: Int) -> Kinship {
        let one = stem(term, number)
        let other = stem(text, number)
        guard one.shared >= 3, other.shared >= 3 else { return .none }
        // Made of the whole word, whatever the stemmer takes off it: Казахстан, казахстанский.
        let isOfWord =
            (other.base != 0 && other.base == one.whole) || (other.masculine != 0 && other.masculine == one.whole)
        guard isOfWord || one.key == other.key || (other.base != 0 && other.base == one.key) else { return .none }
        if !isOfWord, one.isLoose || other.isLoose, !one.isVerbal || !other.isVerbal { return .none }
        if one.past != 0, other.past != 0, one.past != other.past { return .none }
        return one.different == other.different ? .same : .different
    }

    /// Abschiebung, Abschiebungsstopp; of a plural, Sanktionen, Sanktionspaket.
    private func isCompound(_ text: Word, _ term: Word, _ shared: Int, _ rules: LanguageTables.Rules) -> Bool {
        let isPlural = term.count >= 8 && term.units[term.count - 2] == 0x65 && term.units[term.count - 1] == 0x6E
        guard term.count >= 6 || (term.count >= 4 && shared == term.count),
            shared == term.count || (shared == term.count - 1 && term.units[term.count - 1] == 0x65)
                || (shared == term.count - 2 && isPlural)
        else { return false }
        let rest = text.dropping(shared)
        return rest.count >= 4 && !rules.foreignEndings.contains { rest.begins($0) }
            && (rules.links ?? []).contains { rest.count >= $0.count + 4 && rest.begins($0) }
    }

    /// The length of the endings that `text` has in place of what the term has; nil when it has others.
    private func agglutinated(
        _ text: Word, _ term: Word, _ shared: Int, _ use: WordUse, _ rules: LanguageTables.Rules
    ) -> Int? {
        let count = term.count
        guard count >= 3, text.count - shared <= 20 else { return nil }
        if shared == count {
            let rest = text.dropping(count)
            if rest.count > 0, rules.isOpen(term.units[count - 1]), rules.isVowel(rest.units[0]) { return nil }
            if rules.isVoicedBefore(rest, term.units[count - 1]) { return nil }
            if rest.count > 0, count > 3 || rest.count > 1, rules.endings.accept(rest) { return rest.count }
        }
        if shared == count, count >= 4 {
            let rest = text.dropping(count)
            for ending in rules.denominals where rest.count > ending.count && rest.begins(ending) {
                if rules.verbEndings.accept(rest.dropping(ending.count)) { return rest.count }
            }
        }
        if count >= 4, shared >= count - 2, text.count > count {
            if shared == count - 1, rules.isSoftened(term.units[shared], text.units[shared]),
                rules.isVowel(text.units[count]) || rules.softensAlways, rules.endings.accept(text.dropping(count))
            {
                return max(2, text.count - count)
            }
            if rules.isRaised(term.units[shared], text.units[shared]),
                shared == count - 1
                    || (term.units[count - 1] == text.units[count - 1]
                        || rules.isSoftened(term.units[count - 1], text.units[count - 1])),
                rules.endings.accept(text.dropping(count))
            {
                return text.count - count
            }
        }
        if dropsVowel(text, term, shared, rules) { return max(2, text.count - shared - 1) }
        // A word of seven letters may be a compound by itself: cezaevi, cezaevleri.
        if use.contains(.phraseEnd) || count >= 7 {
            for ending in rules.possessives where term.ends(ending) {
                let stem = count - ending.count
                guard stem >= (use.contains(.phraseEnd) ? 4 : 6), text.count > stem else { continue }
                // yasağı, yasakları
                let isHardened = shared == stem - 1 && rules.isSoftened(text.units[shared], term.units[shared])
                guard shared >= stem || isHardened else { continue }
                var rest = text.dropping(stem)
                if rest.count > 1, rest.units[0] == 0x44C { rest = rest.dropping(1) }
                // inson huquqlari, inson huquqi: the phrase tells that the one letter is an ending.
                if rest.count > 0, rules.endings.accept(rest) {
                    return max(use.contains(.phraseEnd) ? 2 : 0, rest.count)
                }
            }
        }
        for ending in rules.plurals where term.ends(ending) && count - ending.count >= Self.leastSingular {
            let stem = count - ending.count
            guard shared >= stem else { continue }
            let rest = text.dropping(stem)
            if rules.isOfFeminine(term, stem), rest.count == 0 || ![0x647, 0x62A].contains(rest.units[0]) { continue }
            // wrestler, wrest: only where the text's language is known to be this one.
            if rest.count == 0 { return rules.isDoerElsewhere(term, stem) ? 1 : 2 }
            if rules.endings.accept(rest) { return max(2, rest.count) }
        }
        for ending in rules.verbalNouns where term.ends(ending) {
            let stem = count - ending.count
            guard stem >= rules.leastVerb(ending, use), text.count > stem else { continue }
            if shared == stem - 1, rules.narrowed.contains(where: { $0 == (term.units[shared], text.units[shared]) }) {
                let rest = text.dropping(stem)
                if rest.begins(rules.narrowing), rules.verbEndings.accept(rest) { return rest.count }
            }
            // etmek, edilen
            let isSoftened = shared == stem - 1 && rules.isSoftened(term.units[shared], text.units[shared])
            if shared >= stem || isSoftened
                || (shared >= stem - 2 && text.count > stem
                    && rules.isRaised(term.units[shared], text.units[shared])
                    && (shared == stem - 1 || term.units[stem - 1] == text.units[stem - 1]))
            {
                let rest = text.dropping(stem)
                if rules.verbEndings.accept(rest) { return rest.count }
            }
        }
        return nil
    }

    /// A shorter word that ends as a plural is none: dolar.
    private static let leastSingular = 5

    /// kayıp, kaybın; беженец, беженца
    private func dropsVowel(_ text: Word, _ term: Word, _ shared: Int, _ rules: LanguageTables.Rules) -> Bool {
        let last = term.count - 1
        return last >= 3 && shared == last - 1 && text.count > last && rules.isDropped(term.units[shared])
            && (term.units[last] == text.units[shared] || rules.isSoftened(term.units[last], text.units[shared]))
            && rules.isVowel(text.units[shared + 1]) && rules.endings.accept(text.dropping(shared + 1))
    }

    /// пытка, пыток; тюрьма, тюрем: a genitive plural without an ending.
    private func insertsVowel(_ text: Word, _ term: Word, _ shared: Int, _ rules: LanguageTables.Rules) -> Bool {
        let last = term.count - 1
        guard last >= 4, shared == text.count - 2, rules.isDropped(text.units[shared]),
            text.units[shared + 1] == term.units[last - 1], !rules.isVowel(term.units[last - 1])
        else { return false }
        let isSoft = term.units[last - 2] == 0x44C  // ь
        return (term.units[last] == 0x430 || term.units[last] == 0x43E) && shared == (isSoft ? last - 2 : last - 1)
            && !rules.isVowel(term.units[shared - 1])
    }

    /// Letters at a term's beginning that every form of it has, in each language of its script.
    package func stableLength(_ term: Word, _ script: Script, _ use: WordUse) -> Int {
        var stable = term.count
        guard term.count <= Self.longestWord else { return stable }
        for number in tables.numbers(script) {
            let rules = tables.rules[number]
            if rules.stemmer != nil {
                let length = Int(stem(term, number).shared)
                // Rules for ends of stems may change one letter more.
                if length >= 3 { stable = min(stable, max(3, length - 1)) }
                if term.count >= 4, rules.isDropped(term.units[term.count - 2]) { stable = min(stable, term.count - 2) }
                if term.count >= 5, rules.insertsVowels, rules.isVowel(term.units[term.count - 1]) {
                    stable = min(stable, term.count - 3)
                }
                continue
            }
            guard term.count >= 3 else { continue }
            var loss = 0
            if term.count >= 4 {
                if rules.softened.contains(where: { $0.0 == term.units[term.count - 1] }) { loss = 1 }
                if rules.isDropped(term.units[term.count - 2]) { loss = 2 }
                if rules.raised.contains(where: { $0.0 == term.units[term.count - 1] }) { loss = max(loss, 1) }
                if rules.raised.contains(where: { $0.0 == term.units[term.count - 2] }) { loss = max(loss, 2) }
            }
            if use.contains(.phraseEnd) || term.count >= 7 {
                for ending in rules.possessives
                where term.ends(ending) && term.count - ending.count >= (use.contains(.phraseEnd) ? 4 : 6) {
                    loss = max(loss, ending.count + (rules.softened.isEmpty ? 0 : 1))
                }
            }
            for ending in rules.plurals where term.ends(ending) && term.count - ending.count >= Self.leastSingular {
                loss = max(loss, ending.count)
            }
            for ending in rules.verbalNouns where term.ends(ending) {
                let stem = term.count - ending.count
                guard stem >= rules.leastVerb(ending, use) else { continue }
                let change = rules.raised.isEmpty ? rules.softened.isEmpty ? 0 : 1 : 2
                loss = max(loss, ending.count + min(change, stem - 1))
            }
            stable = min(stable, max(1, term.count - loss))
        }
        return stable
    }

    /// Letters of `ال` at a term's beginning.
    package func articleLength(_ term: Word, _ script: Script) -> Int {
        guard script == .arabic else { return 0 }
        return tables.numbers(.arabic).map { tables.rules[$0].article(term) }.max() ?? 0
    }

    /// Lengths of small words that a word of Arabic script may begin with.
    package func cliticLengths(_ text: Word) -> [Int] {
        tables.numbers(.arabic).flatMap { tables.rules[$0].cliticLengths(text) }
    }

    // MARK: Stemming

    private static let ir = Array("ир".utf8)

    private func stem(_ word: Word, _ number: Int) -> Stem {
        let mark = word.hash ^ (UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15)
        let table: UnsafeMutablePointer<CachedStem>
        if let cache {
            table = cache
        } else {
            table = .allocate(capacity: 1 << Self.cacheBits)
            table.initialize(repeating: CachedStem(), count: 1 << Self.cacheBits)
            cache = table
        }
        let place = Int(truncatingIfNeeded: (mark &* 0xBF58_476D_1CE4_E5B9) >> UInt64(64 - Self.cacheBits))
        if table[place].word == mark { return table[place].stem }
        let stem = makeStem(word, number)
        table[place] = CachedStem(word: mark, stem: stem)
        return stem
    }

    private func makeStem(_ word: Word, _ number: Int) -> Stem {
        let rules = tables.rules[number]
        var result = Stem()
        var size = 0
        for index in 0..<word.count {
            let unit = word.units[index]
            if unit < 0x80 {
                bytes[size] = UInt8(truncatingIfNeeded: unit)
                size += 1
            } else if unit < 0x800 {
                bytes[size] = UInt8(truncatingIfNeeded: 0xC0 | unit >> 6)
                bytes[size + 1] = UInt8(truncatingIfNeeded: 0x80 | unit & 0x3F)
                size += 2
            } else {
                bytes[size] = UInt8(truncatingIfNeeded: 0xE0 | unit >> 12)
                bytes[size + 1] = UInt8(truncatingIfNeeded: 0x80 | unit >> 6 & 0x3F)
                bytes[size + 2] = UInt8(truncatingIfNeeded: 0x80 | unit & 0x3F)
                size += 3
            }
        }
        result.whole = Self.hash(bytes, size)
        if stemmers[number] == nil, let name = rules.stemmer { stemmers[number] = sb_stemmer_new(name, nil) }
        guard let stemmer = stemmers[number], let found = sb_stemmer_stem(stemmer, bytes, Int32(size)) else {
            return result
        }
        var length = Int(sb_stemmer_length(stemmer))
        var shared = 0
        for index in 0..<min(length, size) {
            guard found[index] == bytes[index] else { break }
            shared = index + 1
        }
        result.different = rules.different(UnsafePointer(bytes), size, stem: found, length)
        // Erhaltung is no erhalten, which is to keep and to get.
        if Self.nounEnds.contains(where: word.ends), rules.inseparable.contains(where: word.begins),
            rules.everyday.contains(where: { Self.ends(found, length, $0) })
        {
            result.different = .max
        }
        // The stem and a rule's end of it, in the buffer that is not needed any more.
        bytes.update(from: found, count: min(length, 4 * Self.longestWord))
        // дискриминируют has the stem of дискриминировать without its у; командиру is no verb.
        let units = length / 2
        if rules.insertsVowels, length > 8, Self.ends(bytes, length, Self.ir), word.count > units + 1,
            word.units[units] == 0x443, [0x44E, 0x435, 0x44F, 0x439].contains(word.units[units + 1])
        {
            length -= 4
            shared = min(shared, length)
        }
        let ending = word.dropping(min(word.count, units))
        if rules.insertsVowels { readVerb(ending, length, &result) }
        let isFinite = rules.insertsVowels && Self.isFinite(ending)
        for rule in rules.alike
        where Self.ends(bytes, length, rule.end) && rule.before.contains(length - rule.end.count)
            && (!rule.isLoose || result.isVerbal) && (rule.suffix.isEmpty || word.contains(rule.suffix))
        {
            if rule.isLoose, rule.end.count > 2 || !isFinite { result.isLoose = true }
            length -= rule.end.count
            for byte in rule.other where length < 4 * Self.longestWord {
                bytes[length] = byte
                length += 1
            }
            shared = min(shared, length - rule.other.count + rule.kept)
            break
        }
        if let doer = rules.doers.first(where: { Self.isDoer($0, bytes, length) }) {
            length = doer.count
            let last = word.units[word.count - 1] == 0x73 ? word.count - 2 : word.count - 1
            if word.units[last] == 0x72 { result.different = 0 }
        }
        result.key = Self.hash(bytes, length)
        for rule in rules.wholeStems where rule.other.count == length && Self.ends(bytes, length, rule.other) {
            shared = min(shared, rule.kept)
        }
        for rule in rules.derived where Self.ends(bytes, length, rule.end) {
            let rest = length - rule.end.count
            // After one letter more the short stems are other words: стена, стенка.
            let least = rule.end.count == 2 && !rule.after.isEmpty ? 10 : 5
            guard rest >= least, Self.ends(bytes, rest, rule.after) else { continue }
            result.base = Self.hash(bytes, rest)
            break
        }
        for end in rules.closedParticiples
        where Self.ends(bytes, length, end) && rules.inseparable.contains(where: word.begins) {
            result.base = Self.hash(bytes, length - end.count)
        }
        for rule in rules.feminine where Self.ends(bytes, length, rule.end) {
            let rest = length - rule.end.count
            guard rest >= 10, Self.ends(bytes, rest, rule.after) else { continue }
            result.masculine = Self.hash(bytes, rest)
            break
        }
        var letters = 0
        for index in 0..<min(shared, length) where bytes[index] & 0xC0 != 0x80 { letters += 1 }
        result.shared = UInt8(clamping: letters)
        return result
    }

    /// Whether a word is a Russian verb, a participle or the noun in -ание or -ение, by its stem and what it has after it.
    private func readVerb(_ ending: Word, _ length: Int, _ stem: inout Stem) {
        guard length >= 4, ending.count > 0 else { return }
        // The stemmer leaves а and я only before a verb's endings.
        let isOpen = Self.ends(bytes, length, Self.openA) || Self.ends(bytes, length, Self.openYa)
        if isOpen, ending.count <= 2, ending.units[0] == 0x43B || ending.units[0] == 0x43D {
            stem.past = UInt8(truncatingIfNeeded: ending.units[0])
        }
        let isNoun = ending.units[0] == 0x438 || ending.units[0] == 0x43D  // -ание, -анный
        stem.isVerbal =
            isOpen || Self.verbEndings.contains(where: ending.begins)
            || (isNoun && Self.verbStems.contains { Self.ends(bytes, length, $0) })
    }

    /// Endings that no noun has after а or я: задержать, but not ветеран.
    private static func isFinite(_ ending: Word) -> Bool { finite.contains(where: ending.begins) }

    private static let nounEnds = ["ung", "ungen"].map { Array($0.utf16) }
    private static let openA = Array("а".utf8)
    private static let openYa = Array("я".utf8)
    private static let finite = ["ть", "ли", "ет", "ют", "ем", "йт", "вш"].map { Array($0.utf16) }
    private static let verbStems = ["ан", "ен", "ян", "нувш"].map { Array($0.utf8) }
    private static let verbEndings = [
        "ил", "ыл", "ить", "ыть", "ит", "ыт", "ят", "ишь", "ите", "ена", "ено", "ены", "ует", "уют", "уй", "ующ", "ивш",
        "ывш", "енн", "ен",
    ].map { Array($0.utf16) }

    /// Whether a stem is a verb's, or has -er or -or after it.
    private static func isDoer(_ verb: [UInt8], _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard count == verb.count || (count == verb.count + 2 && bytes[count - 1] == 0x72) else { return false }
        for index in verb.indices where bytes[index] != verb[index] { return false }
        return count == verb.count || bytes[count - 2] == 0x65 || bytes[count - 2] == 0x6F
    }

    private static func ends(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ end: [UInt8]) -> Bool {
        guard count >= end.count else { return false }
        for index in end.indices where bytes[count - end.count + index] != end[index] { return false }
        return true
    }

    private static func hash(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<count { hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
        return hash | 1
    }
}

extension WordForms.Word {
    func ends(_ end: [UInt16]) -> Bool {
        guard count >= end.count else { return false }
        for index in end.indices where units[count - end.count + index] != end[index] { return false }
        return true
    }

    func contains(_ part: [UInt16]) -> Bool {
        (0..<max(0, count - part.count + 1)).contains { dropping($0).begins(part) }
    }

    func begins(_ beginning: [UInt16]) -> Bool {
        guard count >= beginning.count else { return false }
        for index in beginning.indices where units[index] != beginning[index] { return false }
        return true
    }
}
