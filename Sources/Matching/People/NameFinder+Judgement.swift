import Model
import TextAnalysis

/// Whether a proposed name stands there: its parts compared one by one, and what lies between and around them.
extension NameFinder {
    /// The best reading of two words as two parts of a name.
    func judge(_ form: NameForm, _ first: Int, _ second: Int, _ hasCase: Bool) -> Hit? {
        var best: Hit?
        for (one, other) in form.pairs {
            for (left, right) in [(one, other), (other, one)] {
                guard let hit = judge(form, left, right, first, second, hasCase) else { continue }
                if hit.score > best?.score ?? 0 { best = hit }
            }
        }
        return best ?? form.polite.flatMap { judge(form, $0, first, second, hasCase) }
    }

    func judge(
        _ form: NameForm, _ left: Int, _ right: Int, _ first: Int, _ second: Int, _ hasCase: Bool
    ) -> Hit? {
        let limits = Limits(form.match)
        if form.isChinese, tokens[first].script != .arabic || tokens[second].script != .arabic {
            return nil
        }
        guard let a = compare(form, left, first), a.last < second else { return nil }
        guard let b = compare(form, right, second), b.first > a.last else { return nil }
        note(form, [(left, a), (right, b)])
        guard a.likeness >= limits.part, b.likeness >= limits.part else { return nil }
        // One doubtful part needs the other to be sure.
        guard max(a.likeness, b.likeness) >= 0.92 || min(a.likeness, b.likeness) >= 0.85 else { return nil }
        guard let between = gap(form, after: a.last, before: b.first, isFamilyFirst: left == form.family) else {
            return nil
        }
        var score = (a.likeness + b.likeness) / 2 * between
        var (from, to) = (a.first, b.last)
        if form.parts.count > 2 {
            let others = form.parts.indices.filter { $0 != left && $0 != right }
            score *= remaining(form, others, &from, &to)
        }
        if hasCase, !isCapital(a.first) || !isCapital(b.first) { return nil }
        // A family name in capitals stands beside its given name: Dolkun ISA, but not Dolkun of the ISA.
        if b.first > a.last + 1, isAcronym(a.first, beside: b.first) || isAcronym(b.first, beside: a.first) {
            score *= 0.8
        }
        guard score >= limits.whole else { return nil }
        return hit(form, from, to, score)
    }

    /// A line of an explanation: how alike two words are to two parts of a name.
    struct Note {
        var form: NameForm
        var likeness: Double
        var parts: [(part: Int, first: Int, last: Int, likeness: Double)]
        /// The words of the text, by part; filled in by who explains.
        var words: [String] = []
    }

    func note(_ form: NameForm, _ found: [(Int, Found)]) {
        guard notes != nil else { return }
        notes?.append(
            Note(
                form: form, likeness: found.map(\.1.likeness).min() ?? 0,
                parts: found.map { ($0.0, $0.1.first, $0.1.last, $0.1.likeness) }))
    }

    struct Limits {
        var whole: Double
        var part: Double

        init(_ match: PersonSpec.Strictness) {
            switch match {
            case .strict: (whole, part) = (0.92, 0.88)
            case .normal: (whole, part) = (0.84, 0.80)
            case .loose: (whole, part) = (0.74, 0.64)
            }
        }
    }

    func hit(_ form: NameForm, _ first: Int, _ last: Int, _ score: Double) -> Hit {
        Hit(
            pattern: form.pattern, part: part, first: UInt32(first), last: UInt32(last),
            start: tokens[first].start, end: tokens[last].end,
            score: UInt8(max(0, min(100, (score * 100).rounded()))))
    }

    /// Parts that the two found ones leave: seen beside them, or missing.
    private func remaining(_ form: NameForm, _ others: [Int], _ from: inout Int, _ to: inout Int) -> Double {
        var factor = 1.0
        for index in others {
            var seen = false
            for token in [to + 1, from - 1] + Array(from...to) where range.contains(token) && !isSuffix(token) {
                if token == to + 1, !joins(token) { continue }
                if token == from - 1, !joins(from) { continue }
                guard let found = compare(form, index, token), found.likeness >= 0.8 else { continue }
                seen = true
                from = min(from, found.first)
                to = max(to, found.last)
                break
            }
            if !seen { factor *= form.parts[index].core == nil ? 0.95 : 1 }
            if !seen, form.match == .strict { factor *= 0.9 }
        }
        return factor
    }

    private static let joining = ([.space, .hyphen, .dot, .apostrophe] as Gap).rawValue

    func joins(_ token: Int) -> Bool {
        tokens[token].gap.rawValue & ~Self.joining == 0
    }

    func compare(_ form: NameForm, _ part: Int, _ token: Int) -> Found? {
        let id = form.partIDs[part]
        let key = NameComparisons.key(id, UInt32(token), isStrict: form.match == .strict)
        if let found = near.comparisons.found(key) { return found }
        let found = compare(form.parts[part], id, token, form.match)
        near.comparisons.note(key, found)
        return found
    }

    /// One part against the words at a token: alone, with the word beside it, by its first word, by its core.
    func compare(
        _ part: NameForm.Part, _ id: UInt32, _ token: Int, _ match: PersonSpec.Strictness
    ) -> Found? {
        let known = table.parts[Int(id)]
        let script = tokens[token].script
        let word = heard(token)
        let own = slice(word)
        guard !own.isEmpty else { return nil }
        let omits = script == .arabic && omitsVowels(token)
        var best = Found(likeness: 0, first: token, last: token)
        func better(_ likeness: Double, _ first: Int, _ last: Int) {
            if likeness > best.likeness { best = Found(likeness: likeness, first: first, last: last) }
        }
        if known.mayHave(word.mask) {
            better(alone(part, id, numbers[token], script, omits, match), token, token)
            for prefix in arabicPrefixes(token) {
                let rest = own.dropFirst(prefix)
                better(alone(part, rest, script, omits, match) * 0.98, token, token)
            }
        }
        for run in runs(over: token) {
            let number = phones.number(ofRun: run)
            guard known.mayHave(words[Int(number)].mask) else { continue }
            better(
                alone(part, id, number, script, omits, match), Int(buffer.joined[run].first),
                Int(buffer.joined[run].last))
        }
        if best.likeness >= 0.98 { return best }
        // Two words for one: a given name written apart, a father's name and -uly.
        for (first, last) in [(token, token + 1), (token - 1, token)] {
            guard range.contains(first), range.contains(last), !isSuffix(last), joins(last),
                tokens[last].script == script
            else { continue }
            let (left, right) = (heard(first), heard(last))
            let count = Int(left.count) + Int(right.count)
            guard left.count > 0, right.count > 0, count + 3 >= known.shortest, count <= known.longest + 9,
                known.mayHave(left.mask | right.mask)
            else { continue }
            guard isSecondWord(last) else { continue }
            let isShort =
                (left.count <= 4 && right.count <= 5) || (left.count <= 5 && right.count <= 4)
                || (script == .arabic && left.count <= 5 && right.count <= 5)
            guard
                part.words.count > 1 || isShort || isServant(first) || isSecondHalf(last)
                    || (part.core != nil && right.traits.contains(.former))
            else { continue }
            better(together(part, id, first, script, omits, match), first, last)
        }
        return best.likeness > 0 ? best : nil
    }

    /// One part against two words read as one, or what was found when they were compared before.
    private func together(
        _ part: NameForm.Part, _ id: UInt32, _ first: Int, _ script: Script, _ omits: Bool,
        _ match: PersonSpec.Strictness
    ) -> Double {
        let key =
            notes == nil
            ? NameComparisons.key(id, numbers[first], numbers[first + 1], omits: omits, isStrict: match == .strict)
            : nil
        if let key, let likeness = near.comparisons.likeness(key) { return likeness }
        var best = 0.0
        for (number, both) in wordsInOne(first).enumerated() {
            best = max(best, alone(part, both[...], script, omits, match) * (number == 0 ? 0.98 : 1))
        }
        if let key { near.comparisons.note(key, best) }
        return best
    }

    /// Two words read as one: without the article between two halves of a name, and after عبد with its l too.
    func wordsInOne(_ first: Int) -> [[UInt8]] {
        let (left, right) = (firstHalf(first), slice(heard(first + 1)))
        guard tokens[first].script == .arabic else {
            // Abdul Rahim is said, and often written, Abdurrahim.
            let isAssimilated = isServant(first) && left.last == 0x6C
            return [Array(left + right)] + (isAssimilated ? [Array(left.dropLast() + right)] : [])
        }
        guard isServant(first) || isSecondHalf(first + 1) else { return [Array(left + right)] }
        // عبد الرحيم: the l of the article is spoken as the letter after it, and counts for nothing here.
        let hasArticle = right.count > 3 && right.prefix(2).elementsEqual([0x61, 0x6C])
        let rest = hasArticle ? right.dropFirst(2) : right
        let both = Array(left + rest)
        if isServant(first) { return [both, Array(both.prefix(2) + [0x6C] + rest)] }
        // لصلاح الدين
        return [both] + arabicPrefixes(first).map { Array(left.dropFirst($0) + rest) }
    }

    /// A word without the small word that Arabic writes together with عبد. Of بعبد one b is heard anyway.
    func firstHalf(_ token: Int) -> ArraySlice<UInt8> {
        let own = slice(heard(token))
        let isPrefixed = tokens[token].script == .arabic && tokens[token].unitCount == 4 && isServant(token)
        return own.dropFirst(isPrefixed && own.count > 2 ? 1 : 0)
    }

    /// The second word of a name is written like the first; only -uly, kyzy and their like may be small.
    func isSecondWord(_ token: Int) -> Bool {
        !hasCase || isCapital(token) || heard(token).traits.contains(.former)
    }

    func isServant(_ token: Int) -> Bool { heard(token).traits.contains(.servant) }

    func isSecondHalf(_ token: Int) -> Bool { heard(token).traits.contains(.secondHalf) }

    /// One part against one word, or what was found when they were compared before.
    private func alone(
        _ part: NameForm.Part, _ id: UInt32, _ number: UInt32, _ script: Script, _ omits: Bool,
        _ match: PersonSpec.Strictness
    ) -> Double {
        // Explanations have a table of their own, with other numbers.
        guard notes == nil else { return alone(part, slice(words[Int(number)]), script, omits, match) }
        let key = NameComparisons.key(id, number << 1 | (omits ? 1 : 0), isStrict: match == .strict)
        if let likeness = near.comparisons.likeness(key) { return likeness }
        let likeness = alone(part, slice(words[Int(number)]), script, omits, match)
        near.comparisons.note(key, likeness)
        return likeness
    }

    /// One part against one word.
    func alone(
        _ part: NameForm.Part, _ word: ArraySlice<UInt8>, _ script: Script, _ omits: Bool,
        _ match: PersonSpec.Strictness
    ) -> Double {
        var best = alignment.compare(part.joined, word, script, omitsVowels: omits).similarity
        for other in part.others {
            best = max(best, alignment.compare(other, word, script, omitsVowels: omits).similarity * 0.97)
        }
        for other in part.heard where best < 0.97 {
            if script != .latin {
                best = max(best, alignment.compare(other, word, script, omitsVowels: omits).similarity * 0.97)
            } else if word.elementsEqual(other) {
                best = 0.97
            }
        }
        if script != .latin {
            for other in part.foreign {
                best = max(best, alignment.compare(other, word, script, omitsVowels: omits).similarity * 0.97)
            }
        }
        if part.words.count > 1, match != .strict {
            for other in part.isFamily ? part.words[...] : part.words.prefix(1) {
                best = max(best, alignment.compare(other, word, script, omitsVowels: omits).similarity * 0.92)
            }
        }
        guard best < 0.97 || part.core != nil else { return best }
        let former = NameFormers.findInflected(word, script)
        if let core = part.core {
            if let former {
                guard former.kind.agrees(with: part.former) else { return 0 }
                let father = word.prefix(former.core)
                let likeness = alignment.compare(core, father, script, omitsVowels: omits, takesEndings: false)
                    .similarity
                best = max(best, likeness * 0.97)
            } else {
                best = max(best, alignment.compare(core, word, script, omitsVowels: omits).similarity * 0.9)
            }
        } else if let former, former.kind == .son || former.kind == .daughter {
            // Kadir is not Kadiroğlu. But a Kazakh is Bilash in one paper, Bilashuly in the next.
            if part.joined.count <= former.core + 1 { best *= 0.8 }
            if former.isOptional, part.isFamily {
                let father = alignment.compare(
                    part.joined, word.prefix(former.core), script, omitsVowels: omits, takesEndings: false)
                best = max(best, father.similarity * 0.94)
            }
        }
        return best
    }

    func slice(_ word: PhoneBuffer.Word) -> ArraySlice<UInt8> {
        phones.phones[Int(word.start)..<(Int(word.start) + Int(word.count))]
    }

    static func writesVowels(_ buffer: TokenBuffer, _ range: Range<Int>) -> Bool {
        var (words, vowels) = (0, 0)
        for index in range.prefix(200) where buffer.tokens[index].script == .arabic {
            words += 1
            for unit in 0..<Int(buffer.tokens[index].unitCount) {
                let letter = buffer.units[Int(buffer.tokens[index].unitStart) + unit]
                if PhoneBuffer.Traits.isVowelOfAlphabet(letter) { vowels += 1 }
            }
        }
        return vowels > 0 && vowels * 3 >= words
    }

    /// Arabic and Persian words: no letter that only alphabets with all their vowels have.
    func omitsVowels(_ token: Int) -> Bool {
        heard(token).traits.contains(.omitsVowels) && !writesVowels
    }

    /// What may stand between two parts, as a factor; nil when it makes them two people.
    func gap(_ form: NameForm, after last: Int, before first: Int, isFamilyFirst: Bool) -> Double? {
        guard first > last else { return nil }
        var factor = 1.0
        for index in (last + 1)...first {
            let gap = tokens[index].gap
            if isSuffix(index) { continue }
            if !gap.isDisjoint(with: [.sentence, .other]) { return nil }
            // A comma only between family and given name.
            if gap.contains(.comma), !(isFamilyFirst && first == last + 1) { return nil }
            if gap.contains(.stop), index > last + 1 || tokens[last].unitCount > 3 {
                if tokens[index - 1].unitCount > 3 { return nil }
            }
            if index == first { break }
            if isInitial(index) || isPatronymic(index) || isParticle(index) || isArticle(index) { continue }
            if form.parts.count > 2, isPart(form, index) { continue }
            if form.match == .loose, isCapital(index), first == last + 2 {
                factor *= 0.95
                continue
            }
            return nil
        }
        return factor
    }

    private func isPart(_ form: NameForm, _ token: Int) -> Bool {
        for part in form.parts.indices {
            if let found = compare(form, part, token), found.likeness >= 0.76 { return true }
        }
        return false
    }

    private func isPatronymic(_ token: Int) -> Bool {
        let own = slice(heard(token))
        guard isCapital(token) || !isCased(token) else { return false }
        return NameFormers.findInflected(own, tokens[token].script) != nil
    }

    private static let particles: Set<UInt64> = Set(
        (NameForm.particles + [
            "mr", "mrs", "ms", "dr", "prof", "haji", "hoca", "bey", "г", "н", "оглы", "улы", "ұлы", "кызы", "қызы",
            "гызы", "ogli", "oglu", "uly", "qizi", "qyzy", "kyzy",
        ]).map { TextHash.word(Array($0.utf16)) & ~1 })

    /// The Arabic article as it is said before the next sound, with its hyphen: аш-Шараа, eş-Şara.
    private static let articles: Set<UInt64> = Set(
        [
            "as", "ash", "at", "ar", "an", "ad", "az", "es", "esh", "et", "er", "en", "ed", "ez", "us", "ur", "un",
            "ас", "аш", "ат", "ар", "ан", "ад", "аз", "ес", "әс", "әш", "әл", "ал", "эль", "эш", "эс",
        ].map { TextHash.word(Array($0.utf16)) & ~1 })

    func isArticle(_ token: Int) -> Bool {
        tokens[token].unitCount <= 3 && token + 1 < range.upperBound && tokens[token + 1].gap == .hyphen
            && Self.articles.contains(buffer.hashes[token] & ~1)
    }

    func isParticle(_ token: Int) -> Bool {
        tokens[token].unitCount <= 5 && Self.particles.contains(buffer.hashes[token] & ~1)
    }
}
