import Model
import TextAnalysis

/// Finds watched names by sound in the tokens of one field.
///
/// The index proposes names for pairs of words near each other; comparing the sounds of every part, what stands between
/// them and how they are written decides.
struct NameFinder {
    /// How far apart two parts may stand, in tokens.
    private static let reach = 3
    /// A field of a real item has some hundreds at most.
    private static let mostCandidates = 200_000
    private static let mostPlaces = 20

    let table: NameTable
    let buffer: TokenBuffer
    let phones: PhoneBuffer
    let range: Range<Int>
    /// Joined runs of this field.
    let runs: Range<Int>
    let part: UInt32
    private var alignment = NameAlignment()
    /// Comparisons already made, by part and token: many names share a part, and one pair proposes many names.
    private var known: [UInt64: Found?] = [:]
    /// Set to gather what was compared, for explanations.
    var notes: [Note]?
    private var checksKeys = true

    struct Candidate: Hashable {
        var form: UInt32
        var first: UInt32
        var second: UInt32
    }

    /// What one part of a name was found as.
    private struct Found {
        var likeness: Double
        var first: Int
        var last: Int
    }

    init(table: NameTable, buffer: TokenBuffer, phones: PhoneBuffer, range: Range<Int>, runs: Range<Int>, part: UInt32)
    {
        self.table = table
        self.buffer = buffer
        self.phones = phones
        self.range = range
        self.runs = runs
        self.part = part
    }

    mutating func find(_ hits: inout [Hit], usingIndex: Bool) {
        var candidates: [Candidate] = []
        let hasCase = hasCaseEvidence()
        checksKeys = usingIndex
        usingIndex ? propose(&candidates, hasCase) : proposeAll(&candidates)
        guard !candidates.isEmpty else { return }
        candidates.sort { ($0.first, $0.second, $0.form) < ($1.first, $1.second, $1.form) }
        var last: Candidate?
        var found: [UInt32: Int] = [:]
        // The bounds are for texts that are made to take time: a name is enough when it was found twenty times.
        for candidate in candidates.prefix(Self.mostCandidates) where candidate != last {
            last = candidate
            guard found[candidate.form, default: 0] < Self.mostPlaces else { continue }
            let form = table.forms[Int(candidate.form)]
            let hit =
                candidate.second == .max
                ? judgeInitials(form, Int(candidate.first), hasCase)
                : judge(form, Int(candidate.first), Int(candidate.second), hasCase)
            if let hit {
                hits.append(hit)
                found[candidate.form, default: 0] += 1
            }
        }
    }

    // MARK: Proposals

    private func propose(_ candidates: inout [Candidate], _ hasCase: Bool) {
        table.pairs.withProbe { pairs in
            table.families.withProbe { families in
                for index in range {
                    let word = phones.words[index]
                    guard word.count > 0, !isSuffix(index) else { continue }
                    var next = index &+ 1
                    var steps = 0
                    while next < range.upperBound, steps < Self.reach {
                        if !isSuffix(next) {
                            steps += 1
                            if buffer.tokens[next].gap.contains(.sentence) { break }
                            if phones.words[next].count > 0, !hasCase || isCapital(index) || isCapital(next) {
                                let key = NameTable.pairKey(word.key, phones.words[next].key)
                                if pairs.mayHold(key) { add(key, index, next, &candidates) }
                            }
                        }
                        next &+= 1
                    }
                    if buffer.tokens[index].script == .arabic { proposeWithoutPrefix(index, &candidates) }
                    let family = NameTable.familyKey(word.key)
                    if word.count > 1, families.mayHold(family), hasInitialBeside(index) {
                        table.families.forEach(family) {
                            candidates.append(Candidate(form: $0, first: UInt32(index), second: .max))
                        }
                    }
                }
                for run in runs { proposeRun(run, &candidates) }
            }
        }
    }

    /// Arabic writes and, to, with, so and as together with the word after: لأيبيك.
    private func hasArabicPrefix(_ token: Int) -> Bool {
        let word = buffer.tokens[token]
        guard word.script == .arabic, word.unitCount >= 4 else { return false }
        switch buffer.units[Int(word.unitStart)] {
        case 0x648, 0x641, 0x628, 0x644, 0x643: return true
        default: return false
        }
    }

    private func proposeWithoutPrefix(_ index: Int, _ candidates: inout [Candidate]) {
        guard hasArabicPrefix(index) else { return }
        let rest = Array(slice(phones.words[index]).dropFirst())
        let key = rest.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { Phone.key($0, buffer.count) } ?? 0 }
        for other in [index - 2, index - 1, index + 1, index + 2]
        where range.contains(other) && phones.words[other].count > 0 {
            add(NameTable.pairKey(key, phones.words[other].key), min(index, other), max(index, other), &candidates)
        }
    }

    private func proposeRun(_ run: Int, _ candidates: inout [Candidate]) {
        let word = phones.joined[run]
        guard word.count > 0 else { return }
        let (first, last) = (Int(buffer.joined[run].first), Int(buffer.joined[run].last))
        for other in [last + 1, last + 2, last + 3] where other < range.upperBound && phones.words[other].count > 0 {
            add(NameTable.pairKey(word.key, phones.words[other].key), first, other, &candidates)
        }
        for other in [first - 1, first - 2, first - 3] where other >= range.lowerBound && phones.words[other].count > 0
        {
            add(NameTable.pairKey(word.key, phones.words[other].key), other, first, &candidates)
        }
        for other in runs(endingIn: (last + 2)..<(last + 7))
        where Int(buffer.joined[other].first) > last && Int(buffer.joined[other].first) <= last + 3 {
            let key = NameTable.pairKey(word.key, phones.joined[other].key)
            add(key, first, Int(buffer.joined[other].first), &candidates)
        }
        if hasInitialBeside(first) || hasInitialBeside(last) {
            table.families.forEach(NameTable.familyKey(word.key)) {
                candidates.append(Candidate(form: $0, first: UInt32(first), second: .max))
            }
        }
    }

    private func add(_ key: UInt64, _ first: Int, _ second: Int, _ candidates: inout [Candidate]) {
        table.pairs.forEach(key) {
            candidates.append(Candidate(form: $0, first: UInt32(first), second: UInt32(second)))
        }
    }

    private func proposeAll(_ candidates: inout [Candidate]) {
        for form in table.forms.indices {
            for index in range where !isSuffix(index) {
                candidates.append(Candidate(form: UInt32(form), first: UInt32(index), second: .max))
                for next in (index + 1)...(index + 5) where next < range.upperBound && !isSuffix(next) {
                    candidates.append(Candidate(form: UInt32(form), first: UInt32(index), second: UInt32(next)))
                }
            }
        }
    }

    /// Runs that a token is in.
    private func runs(over token: Int) -> [Int] {
        guard buffer.tokens[token].flags.contains(.joint) else { return [] }
        return runs(endingIn: token..<(token + Tokenizer.longestJoint)).filter { Int(buffer.joined[$0].first) <= token }
    }

    /// Runs by their last token; they are in its order, so that a text full of hyphens is not searched from its start.
    private func runs(endingIn tokens: Range<Int>) -> Range<Int> {
        var (low, high) = (runs.lowerBound, runs.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if Int(buffer.joined[middle].last) < tokens.lowerBound { low = middle + 1 } else { high = middle }
        }
        var end = low
        while end < runs.upperBound, Int(buffer.joined[end].last) < tokens.upperBound { end += 1 }
        return low..<end
    }

    private func isSuffix(_ index: Int) -> Bool { buffer.tokens[index].flags.contains(.suffix) }

    // MARK: Judgement

    /// The best reading of two words as two parts of a name.
    private mutating func judge(_ form: NameForm, _ first: Int, _ second: Int, _ hasCase: Bool) -> Hit? {
        var best: Hit?
        for (one, other) in form.pairs {
            for (left, right) in [(one, other), (other, one)] {
                if checksKeys, !mayBe(form, left, first) || !mayBe(form, right, second) { continue }
                guard let hit = judge(form, left, right, first, second, hasCase) else { continue }
                if hit.score > best?.score ?? 0 { best = hit }
            }
        }
        return best
    }

    /// Whether the words at a token have a key of a part: one that starts or ends there, alone or joined.
    private func mayBe(_ form: NameForm, _ part: Int, _ token: Int) -> Bool {
        if form.mayBe(part, phones.words[token].key) || hasArabicPrefix(token) { return true }
        guard buffer.tokens[token].flags.contains(.joint) else { return false }
        return runs(over: token).contains { form.mayBe(part, phones.joined[$0].key) }
    }

    private mutating func judge(
        _ form: NameForm, _ left: Int, _ right: Int, _ first: Int, _ second: Int, _ hasCase: Bool
    ) -> Hit? {
        let limits = Limits(form.match)
        guard let a = compare(form, left, first), a.last < second else { return nil }
        guard let b = compare(form, right, second), b.first > a.last else { return nil }
        note(form, [(left, a), (right, b)])
        guard a.likeness >= limits.part, b.likeness >= limits.part else { return nil }
        // One doubtful part needs the other to be sure.
        guard max(a.likeness, b.likeness) >= 0.93 || min(a.likeness, b.likeness) >= 0.85 else { return nil }
        guard let between = gap(form, after: a.last, before: b.first, reversed: left > right) else { return nil }
        var score = (a.likeness + b.likeness) / 2 * between
        var (from, to) = (a.first, b.last)
        if form.parts.count > 2 {
            let others = form.parts.indices.filter { $0 != left && $0 != right }
            score *= remaining(form, others, &from, &to)
        }
        if hasCase {
            if !isCapital(a.first), !isCapital(b.first) { return nil }
            // A short name in small letters is a common word more often than not.
            for (found, part) in [(a, left), (b, right)] where !isCapital(found.first) {
                score *= form.parts[part].joined.count <= 3 ? 0.75 : 0.9
            }
        }
        if isAcronym(a.first, beside: b.first) || isAcronym(b.first, beside: a.first) { score *= 0.8 }
        guard score >= limits.whole else { return nil }
        return hit(form, from, to, score)
    }

    /// A line of an explanation: how alike two words are to two parts of a name.
    struct Note {
        var pattern: UInt32
        var likeness: Double
        var parts: [(part: Int, first: Int, last: Int, likeness: Double)]
        /// The words of the text, by part; filled in by who explains.
        var words: [String] = []
    }

    private mutating func note(_ form: NameForm, _ found: [(Int, Found)]) {
        guard notes != nil else { return }
        notes?.append(
            Note(
                pattern: form.pattern, likeness: found.map(\.1.likeness).min() ?? 0,
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

    private func hit(_ form: NameForm, _ first: Int, _ last: Int, _ score: Double) -> Hit {
        Hit(
            pattern: form.pattern, part: part, first: UInt32(first), last: UInt32(last),
            start: buffer.tokens[first].start, end: buffer.tokens[last].end,
            score: UInt8(max(0, min(100, (score * 100).rounded()))))
    }

    /// Parts that the two found ones leave: seen beside them, or missing.
    private mutating func remaining(_ form: NameForm, _ others: [Int], _ from: inout Int, _ to: inout Int) -> Double {
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

    private func joins(_ token: Int) -> Bool {
        buffer.tokens[token].gap.isSubset(of: [.space, .hyphen, .dot, .apostrophe])
    }

    private mutating func compare(_ form: NameForm, _ part: Int, _ token: Int) -> Found? {
        let strict: UInt64 = form.match == .strict ? 1 : 0
        let key = UInt64(form.partIDs[part]) << 32 | UInt64(token) << 1 | strict
        if let found = known[key] { return found }
        let found = compare(form.parts[part], token, form.match)
        known[key] = .some(found)
        return found
    }

    /// One part against the words at a token: alone, with the word beside it, by its first word, by its core.
    private mutating func compare(_ part: NameForm.Part, _ token: Int, _ match: PersonSpec.Strictness) -> Found? {
        let script = buffer.tokens[token].script
        let own = slice(phones.words[token])
        guard !own.isEmpty else { return nil }
        let omits = script == .arabic && omitsVowels(token)
        var best = Found(likeness: 0, first: token, last: token)
        func better(_ likeness: Double, _ first: Int, _ last: Int) {
            if likeness > best.likeness { best = Found(likeness: likeness, first: first, last: last) }
        }
        better(alignment.compare(part.joined, own, script, omitsVowels: omits).similarity, token, token)
        if hasArabicPrefix(token) {
            better(
                alignment.compare(part.joined, own.dropFirst(), script, omitsVowels: omits).similarity * 0.98, token,
                token)
        }
        if let core = part.core {
            better(alignment.compare(core, own, script, omitsVowels: omits).similarity * 0.9, token, token)
        }
        if part.words.count > 1, match != .strict {
            better(alignment.compare(part.words[0], own, script, omitsVowels: omits).similarity * 0.92, token, token)
        }
        for run in runs(over: token) {
            let joined = slice(phones.joined[run])
            better(
                alignment.compare(part.joined, joined, script, omitsVowels: omits).similarity,
                Int(buffer.joined[run].first), Int(buffer.joined[run].last))
        }
        // Two words for one: a given name written apart, a father's name and -uly.
        for (first, last) in [(token, token + 1), (token - 1, token)] {
            guard range.contains(first), range.contains(last), !isSuffix(last), joins(last),
                buffer.tokens[last].script == script
            else { continue }
            let (left, right) = (slice(phones.words[first]), slice(phones.words[last]))
            guard !left.isEmpty, !right.isEmpty else { continue }
            let isFormer = NameForm.formers.contains { $0.elementsEqual(right.prefix($0.count)) }
            guard part.words.count > 1 || (left.count <= 4 && right.count <= 4) || (part.core != nil && isFormer) else {
                continue
            }
            let both = Array(left) + Array(right)
            better(alignment.compare(part.joined, both[...], script, omitsVowels: omits).similarity * 0.98, first, last)
        }
        return best.likeness > 0 ? best : nil
    }

    private func slice(_ word: PhoneBuffer.Word) -> ArraySlice<UInt8> {
        phones.phones[Int(word.start)..<(Int(word.start) + Int(word.count))]
    }

    /// Arabic and Persian words: no letter that only alphabets with all their vowels have.
    private func omitsVowels(_ token: Int) -> Bool {
        let word = buffer.tokens[token]
        for index in 0..<Int(word.unitCount) {
            switch buffer.units[Int(word.unitStart) + index] {
            case 0x6D5, 0x6D0, 0x6C7, 0x6C6, 0x6C8, 0x6CB: return false
            default: continue
            }
        }
        return true
    }

    /// What may stand between two parts, as a factor; nil when it makes them two people.
    private mutating func gap(_ form: NameForm, after last: Int, before first: Int, reversed: Bool) -> Double? {
        guard first > last else { return nil }
        var factor = 1.0
        for index in (last + 1)...first {
            let gap = buffer.tokens[index].gap
            if isSuffix(index) { continue }
            if !gap.isDisjoint(with: [.sentence, .other]) { return nil }
            // A comma only between family and given name.
            if gap.contains(.comma), !(reversed && first == last + 1) { return nil }
            if gap.contains(.stop), index > last + 1 || buffer.tokens[last].unitCount > 3 {
                if buffer.tokens[index - 1].unitCount > 3 { return nil }
            }
            if index == first { break }
            if isInitial(index) || isPatronymic(index) || isParticle(index) { continue }
            if form.parts.count > 2, isPart(form, index) { continue }
            if form.match == .loose, isCapital(index), first == last + 2 {
                factor *= 0.95
                continue
            }
            return nil
        }
        return factor
    }

    private mutating func isPart(_ form: NameForm, _ token: Int) -> Bool {
        for part in form.parts.indices {
            if let found = compare(form, part, token), found.likeness >= 0.76 { return true }
        }
        return false
    }

    private func isPatronymic(_ token: Int) -> Bool {
        let own = Array(slice(phones.words[token]))
        guard isCapital(token) || !isCased(token) else { return false }
        if NameForm.core(own) != nil { return true }
        // Declined: -овича, -овне, -ұлының.
        return (1...4).contains { own.count > $0 + 5 && NameForm.core(Array(own.dropLast($0))) != nil }
    }

    private static let particles: Set<String> = [
        "bin", "ibn", "ben", "bint", "al", "el", "ul", "van", "von", "de", "mr", "mrs", "ms", "dr", "prof", "haji",
        "hoca",
        "bey", "г", "н", "бин", "оглы", "улы", "ұлы", "кызы", "қызы", "гызы", "ogli", "oglu", "uly", "qizi", "qyzy",
        "kyzy",
    ]

    private func isParticle(_ token: Int) -> Bool {
        let word = buffer.tokens[token]
        guard word.unitCount <= 5 else { return false }
        return Self.particles.contains(String(decoding: buffer.units(of: word), as: UTF16.self))
    }

    // MARK: Case

    private func isCased(_ token: Int) -> Bool {
        let script = buffer.tokens[token].script
        return script == .latin || script == .cyrillic
    }

    private func isCapital(_ token: Int) -> Bool {
        !isCased(token) || buffer.tokens[token].flags.contains(.upperInitial)
    }

    /// A short word in capitals: ISA, among words that are not.
    private func isAcronym(_ token: Int, beside other: Int) -> Bool {
        let word = buffer.tokens[token]
        return word.flags.contains(.allUpper) && word.unitCount <= 4 && !buffer.tokens[other].flags.contains(.allUpper)
    }

    /// Whether capitals mean something in this field: it has words that begin with one and words that do not.
    private func hasCaseEvidence() -> Bool {
        var (upper, lower) = (0, 0)
        for index in range.prefix(200) where isCased(index) && buffer.tokens[index].unitCount > 2 {
            if buffer.tokens[index].flags.contains(.upperInitial) { upper += 1 } else { lower += 1 }
        }
        return upper > 0 && lower > 0
    }

    // MARK: Initials

    private func isInitial(_ token: Int) -> Bool {
        guard range.contains(token) else { return false }
        let word = buffer.tokens[token]
        guard word.unitCount <= 2, word.flags.contains(.upperInitial), phones.words[token].count > 0 else {
            return false
        }
        if word.unitCount == 2, word.flags.contains(.allUpper) { return false }
        let next = token + 1
        let stopped = next < range.upperBound ? buffer.tokens[next].gap.contains(.stop) : true
        return stopped || (word.unitCount == 1 && next < range.upperBound && buffer.tokens[next].gap == .hyphen)
    }

    private func hasInitialBeside(_ token: Int) -> Bool {
        isInitial(token - 1) || isInitial(token + 1)
    }

    /// `А. Смадияров`, `Смадияров А.`, `К.-Ж. Токаев`, `Токаев К. К.`
    private mutating func judgeInitials(_ form: NameForm, _ token: Int, _ hasCase: Bool) -> Hit? {
        guard form.match != .strict, !hasCase || isCapital(token) else { return nil }
        let family = form.parts[form.family]
        // A short family name must be the whole word and the very sounds.
        guard family.joined.count >= 3, let found = compare(form, form.family, token),
            found.likeness >= (family.joined.count >= 4 ? 0.93 : 0.97)
        else { return nil }
        for isBefore in [true, false] {
            var initials: [Int] = []
            var index = isBefore ? found.first - 1 : found.last + 1
            while isInitial(index), initials.count < 3 {
                let joint = isBefore ? index + 1 : index
                guard buffer.tokens[joint].gap.isSubset(of: [.space, .stop, .hyphen, .dot]) else { break }
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

    private func fits(_ initial: Int, _ name: [UInt8]) -> Bool {
        let letters = slice(phones.words[initial])
        guard var letter = letters.first, var first = name.first else { return false }
        // Е. is Ye or E; Я. is ya.
        if letter == 0x79, letters.count > 1, first != 0x79 { letter = letters[letters.startIndex + 1] }
        if first == 0x79, name.count > 1, letter != 0x79 { first = name[1] }
        return PhoneCosts.substitution[Int(letter & 127) * 128 + Int(first & 127)] <= 20
    }
}
