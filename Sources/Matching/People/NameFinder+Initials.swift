import Model
import TextAnalysis

/// Capitals, and names of which a part is an initial.
extension NameFinder {
    func isCased(_ token: Int) -> Bool {
        let script = tokens[token].script
        return script == .latin || script == .cyrillic
    }

    func isCapital(_ token: Int) -> Bool {
        !isCased(token) || tokens[token].flags.contains(.upperInitial)
    }

    /// A short word in capitals: ISA, among words that are not.
    func isAcronym(_ token: Int, beside other: Int) -> Bool {
        let word = tokens[token]
        return word.flags.contains(.allUpper) && word.unitCount <= 4 && !tokens[other].flags.contains(.allUpper)
    }

    /// Whether capitals mean something in this field: it has words that begin with one and words that do not.
    static func hasCaseEvidence(_ buffer: TokenBuffer, _ range: Range<Int>) -> Bool {
        let tokens = buffer.tokens
        var (upper, lower) = (false, false)
        for index in range.prefix(200) {
            let script = tokens[index].script
            guard script == .latin || script == .cyrillic, tokens[index].unitCount > 2 else { continue }
            if tokens[index].flags.contains(.upperInitial) { upper = true } else { lower = true }
            if upper, lower { return true }
        }
        return false
    }

    // MARK: Initials

    func isInitial(_ token: Int) -> Bool {
        guard range.contains(token) else { return false }
        let word = tokens[token]
        guard word.unitCount <= 2, word.flags.contains(.upperInitial), heard(token).count > 0 else {
            return false
        }
        if word.unitCount == 2, word.flags.contains(.allUpper) { return false }
        let next = token + 1
        let stopped = next < range.upperBound ? tokens[next].gap.contains(.stop) : true
        return stopped || (word.unitCount == 1 && next < range.upperBound && tokens[next].gap == .hyphen)
    }

    func hasInitialBeside(_ token: Int) -> Bool {
        isInitial(token - 1) || isInitial(token + 1)
    }

    /// `А. Смадияров`, `Смадияров А.`, `К.-Ж. Токаев`, `Токаев К. К.`
    func judgeInitials(_ form: NameForm, _ token: Int, _ hasCase: Bool) -> Hit? {
        guard !form.isChinese, form.match != .strict, !hasCase || isCapital(token) else { return nil }
        let family = form.parts[form.family]
        // A short family name must be the whole word and the very sounds; a long one may be spelt in other ways.
        let count = family.joined.count
        guard count >= 3, let found = compare(form, form.family, token),
            found.likeness >= (count >= 8 ? 0.9 : count >= 4 ? 0.93 : 0.97)
        else { return nil }
        for isBefore in [true, false] {
            var initials: [Int] = []
            var index = isBefore ? found.first - 1 : found.last + 1
            // A. al-Sharaa
            if isBefore, index > range.lowerBound, isParticle(index) || isArticle(index), joins(found.first) {
                index -= 1
            }
            while isInitial(index), initials.count < 3 {
                let joint = isBefore ? index + 1 : index
                guard tokens[joint].gap.isSubset(of: [.space, .stop, .hyphen, .dot]) else { break }
                initials.append(index)
                index += isBefore ? -1 : 1
            }
            if isBefore { initials.reverse() }
            guard let first = initials.first, let last = initials.last, fits(form, initials) else { continue }
            return hit(form, min(first, found.first), max(last, found.last), min(0.86, found.likeness * 0.9))
        }
        return nil
    }

    /// Whether initials stand for the given names: each for one, further ones for a patronymic.
    private func fits(_ form: NameForm, _ initials: [Int]) -> Bool {
        let given = form.parts.dropLast().flatMap { $0.words }
        guard fits(initials[0], given[0]) else { return false }
        if form.parts[0].words.count > 1, initials.count > 1 { return fits(initials[1], form.parts[0].words[1]) }
        if form.parts.count > 2, initials.count > 1 { return fits(initials[1], given[1]) }
        return true
    }

    func fits(_ initial: Int, _ name: [UInt8]) -> Bool {
        let letters = slice(heard(initial))
        guard var letter = letters.first, var first = name.first else { return false }
        // Е. is Ye or E; Я. is ya.
        // Y. alone reads as a vowel; German has J. for it.
        if first == 0x79, tokens[initial].script == .latin, letters.count == 1, letter == 0x49 || letter == 0x6A {
            return true
        }
        if letter == 0x79, letters.count > 1, first != 0x79 { letter = letters[letters.startIndex + 1] }
        if first == 0x79, name.count > 1, letter != 0x79 { first = name[1] }
        // The initial of Shohrat is S, of Zhanna Z.
        if tokens[initial].script == .latin {
            switch (first, letter) {
            case (0x58, 0x73), (0x43, 0x3F), (0x5A, 0x7A), (0x78, 0x6B), (0x4A, 0x64), (0x63, 0x74): return true
            default: break
            }
        }
        return PhoneCosts.substitution[Int(letter & 127) * 128 + Int(first & 127)] <= 20
    }
}
