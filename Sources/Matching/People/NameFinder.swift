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
    /// Capitals mean something in this field.
    let hasCase: Bool
    private let alignment: NameAlignment
    private let near: NearParts
    /// Comparisons already made, by part and token: many names share a part, and one pair proposes many names.
    private var known: [UInt64: Found?] = [:]
    /// The Arabic letters of this field are an alphabet with all its vowels: Uyghur, Kazakh.
    private lazy var writesVowels = Self.writesVowels(buffer, range)
    /// Set to gather what was compared, for explanations.
    var notes: [Note]?

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

    init(
        table: NameTable, buffer: TokenBuffer, phones: PhoneBuffer, range: Range<Int>, runs: Range<Int>, part: UInt32,
        hasCase: Bool, alignment: NameAlignment, near: NearParts
    ) {
        self.near = near
        self.alignment = alignment
        self.hasCase = hasCase
        self.table = table
        self.buffer = buffer
        self.phones = phones
        self.range = range
        self.runs = runs
        self.part = part
    }

    mutating func find(_ hits: inout [Hit], usingIndex: Bool) {
        var candidates: [Candidate] = []
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

    /// Two words near each other that sound like two parts of one name, or like a family name with initials beside it.
    private mutating func propose(_ candidates: inout [Candidate], _ hasCase: Bool) {
        var last: [(token: Int, list: Int)] = []
        for index in range {
            guard phones.words[index].count > 0, !hasCase || isCapital(index), !isSuffix(index) else { continue }
            let list = nearParts(of: index)
            guard list != 0 else { continue }
            last.removeAll { index - $0.token > Self.reach + 2 || hasSentence(after: $0.token, through: index) }
            for before in last { join(before.list, list, before.token, index, &candidates) }
            last.append((index, list))
            if hasInitialNear(index) {
                for position in 0..<near.count(list) {
                    table.families.forEach(NameTable.key(near.part(list, position))) {
                        candidates.append(Candidate(form: $0, first: UInt32(index), second: .max))
                    }
                }
            }
        }
    }

    private func join(_ left: Int, _ right: Int, _ first: Int, _ second: Int, _ candidates: inout [Candidate]) {
        for one in 0..<near.count(left) {
            for other in 0..<near.count(right) {
                let key = NameTable.pairKey(near.part(left, one), near.part(right, other))
                guard table.pairs.mayHold(key) else { continue }
                table.pairs.forEach(key) {
                    candidates.append(Candidate(form: $0, first: UInt32(first), second: UInt32(second)))
                }
            }
        }
    }

    private func hasSentence(after first: Int, through last: Int) -> Bool {
        (first + 1...last).contains { buffer.tokens[$0].gap.contains(.sentence) }
    }

    private func hasInitialNear(_ token: Int) -> Bool {
        hasInitialBeside(token)
            || runs(over: token).contains {
                hasInitialBeside(Int(buffer.joined[$0].first)) || hasInitialBeside(Int(buffer.joined[$0].last))
            }
            || hasInitialBeside(token + 1) || hasInitialBeside(token - 1)
    }

    /// The parts that a word sounds like: alone, without an Arabic prefix, joined or with the word beside it.
    private mutating func nearParts(of token: Int) -> Int {
        let script = buffer.tokens[token].script
        let omits = script == .arabic && omitsVowels(token)
        let alone = nearParts(phones.words[token], script, omits)
        let joint = runs(over: token)
        let prefixes = arabicPrefixes(token)
        let (isFirst, isSecond) = (mayBeTwoWords(token), mayBeTwoWords(token - 1))
        if joint.isEmpty, prefixes.isEmpty, !isFirst, !isSecond { return alone }
        var all: [UInt32] = []
        func add(_ list: Int) {
            for position in 0..<near.count(list) where !all.contains(near.part(list, position)) {
                all.append(near.part(list, position))
            }
        }
        add(alone)
        for run in joint { add(nearParts(phones.joined[run], script, omits)) }
        for prefix in prefixes {
            let rest = Array(slice(phones.words[token]).dropFirst(prefix))
            let (key, mask) = Self.sound(rest)
            let word = PhoneBuffer.Word(start: 0, count: UInt8(rest.count), key: key, mask: mask)
            add(near.list(Self.hash(rest[...], script, omits)) { search(rest[...], word, script, omits, &$0) })
        }
        for first in [token - 1, token] where first == token ? isFirst : isSecond {
            let both = Array(slice(phones.words[first])) + slice(phones.words[first + 1])
            let (key, mask) = Self.sound(both)
            let word = PhoneBuffer.Word(start: 0, count: UInt8(min(255, both.count)), key: key, mask: mask)
            guard table.partKeys.mayHold(NameTable.key(word.key)) else { continue }
            add(near.list(Self.hash(both[...], script, omits) ^ 2) { searchTwoWords(both, word, script, omits, &$0) })
        }
        return all.count == near.count(alone) ? alone : near.append { $0 += all }
    }

    private static func sound(_ phones: [UInt8]) -> (key: UInt16, mask: UInt16) {
        phones.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { Phone.key($0, buffer.count) } ?? (0, 0) }
    }

    private func hasKey(_ key: UInt16) -> Bool {
        var found = false
        forEachPrefix(key) { found = found || table.partKeys.mayHold(NameTable.key($0)) }
        return found
    }

    private func nearParts(_ word: PhoneBuffer.Word, _ script: Script, _ omits: Bool) -> Int {
        guard word.count > 0, hasKey(word.key) else { return 0 }
        let sounds = slice(word)
        return near.list(Self.hash(sounds, script, omits)) { search(sounds, word, script, omits, &$0) }
    }

    private static func hash(_ phones: ArraySlice<UInt8>, _ script: Script, _ omits: Bool) -> UInt64 {
        var hash = UInt64(script.rawValue) &* 2 &+ (omits ? 1 : 0)
        for phone in phones { hash = TextHash.pair(hash, UInt64(phone)) }
        return hash
    }

    private func search(
        _ sounds: ArraySlice<UInt8>, _ word: PhoneBuffer.Word, _ script: Script, _ omits: Bool, _ list: inout [UInt32]
    ) {
        forEachPart(word, Self.groups(sounds)) { part in
            if alone(table.partShapes[part], sounds, script, omits, .normal) >= table.least - 0.02 {
                list.append(UInt32(part))
            }
        }
    }

    /// A word's groups of consonants one after another, as `NameKeys.sequence` packs them.
    private static func groups(_ phones: ArraySlice<UInt8>) -> UInt64 {
        var (groups, count, last): (UInt64, UInt64, UInt8) = (0, 0, 0)
        for phone in phones where count < 15 {
            let group = Phone.group(phone)
            guard group != 0, group != last else { continue }
            last = group
            groups |= UInt64(group) << (4 * count)
            count += 1
        }
        return groups
    }

    /// Parts whose keys a word has, and whose needs.
    @inline(__always) private func forEachPart(
        _ word: PhoneBuffer.Word, _ groups: UInt64, _ body: (Int) -> Void
    ) {
        forEachPrefix(word.key) { prefix in
            let key = NameTable.key(prefix)
            guard table.partKeys.mayHold(key) else { return }
            table.partKeys.forEach(key) { number in
                let part = Int(number)
                guard table.needs[part].holds(word, groups) else { return }
                body(part)
            }
        }
    }

    private func mayBeTwoWords(_ first: Int) -> Bool {
        let last = first + 1
        guard range.contains(first), range.contains(last), !isSuffix(last), joins(last),
            buffer.tokens[first].script == buffer.tokens[last].script
        else { return false }
        let (left, right) = (phones.words[first], phones.words[last])
        guard left.count > 0, right.count > 0, isSecondWord(last),
            (left.count <= 5 && right.count <= 5) || isServant(first) || NameFormers.isFormer(slice(right))
        else { return false }
        return table.partKeys.mayHold(NameTable.key(Self.joinedKey(left.key, right.key)))
    }

    /// The key of two words read as one.
    private static func joinedKey(_ left: UInt16, _ right: UInt16) -> UInt16 {
        if left & 0xF != 0 { return left }
        var key = left
        var free: UInt16 = left & 0xF0 != 0 ? 1 : left & 0xF00 != 0 ? 2 : 3
        var last = free == 3 ? 0 : left >> (4 * free) & 0xF
        for shift in [UInt16(8), 4, 0] {
            let group = right >> shift & 0xF
            guard group != 0, free > 0 else { break }
            if group == last { continue }
            free -= 1
            key |= group << (4 * free)
            last = group
        }
        return key
    }

    /// Two words together: no chains of endings, and the whole key.
    private func searchTwoWords(
        _ both: [UInt8], _ word: PhoneBuffer.Word, _ script: Script, _ omits: Bool, _ list: inout [UInt32]
    ) {
        let groups = Self.groups(both[...])
        table.partKeys.forEach(NameTable.key(word.key)) { number in
            guard table.needs[Int(number)].holds(word, groups) else { return }
            let part = table.parts[Int(number)]
            guard both.count + 4 >= part.shortest, both.count <= part.longest + 6, part.mayHave(word.mask) else {
                return
            }
            let shape = table.partShapes[Int(number)]
            // Without the article as well, as `compare` tries it.
            let whole = alone(shape, both[...], script, omits, .normal)
            if whole >= table.least - 0.02 || (omits && both.count > 6) { list.append(number) }
        }
    }

    /// A word's key, and those of shorter names that it may be with an ending.
    @inline(__always) private func forEachPrefix(_ key: UInt16, _ body: (UInt16) -> Void) {
        body(key)
        if key & 0xF != 0 { body(key & 0xFF0) }
        if key & 0xF0 != 0 { body(key & 0xF00) }
        // A name without consonants, as Yi, and an ending.
        if key & 0xF == 0, key != 0 { body(0) }
    }

    /// How many phones at an Arabic word's start may be the article, or and, to, with, so, as: لأيبيك, البدوي, والبدوي.
    private func arabicPrefixes(_ token: Int) -> [Int] {
        let word = buffer.tokens[token]
        guard word.script == .arabic, word.unitCount >= 4 else { return [] }
        let units = buffer.units + Int(word.unitStart)
        let isArticle = units[0] == 0x627 && units[1] == 0x644
        switch units[0] {
        case 0x648, 0x641, 0x628, 0x644, 0x643:
            if units[1] == 0x627, units[2] == 0x644, word.unitCount >= 6 { return [1, 3] }
            return [1]
        default: return isArticle && word.unitCount >= 5 ? [2] : []
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
                guard let hit = judge(form, left, right, first, second, hasCase) else { continue }
                if hit.score > best?.score ?? 0 { best = hit }
            }
        }
        return best
    }

    private mutating func judge(
        _ form: NameForm, _ left: Int, _ right: Int, _ first: Int, _ second: Int, _ hasCase: Bool
    ) -> Hit? {
        let limits = Limits(form.match)
        if form.isChinese, buffer.tokens[first].script != .arabic || buffer.tokens[second].script != .arabic {
            return nil
        }
        guard let a = compare(form, left, first), a.last < second else { return nil }
        guard let b = compare(form, right, second), b.first > a.last else { return nil }
        note(form, [(left, a), (right, b)])
        guard a.likeness >= limits.part, b.likeness >= limits.part else { return nil }
        // One doubtful part needs the other to be sure.
        guard max(a.likeness, b.likeness) >= 0.92 || min(a.likeness, b.likeness) >= 0.85 else { return nil }
        guard let between = gap(form, after: a.last, before: b.first, reversed: left > right) else { return nil }
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

    private static let joining = ([.space, .hyphen, .dot, .apostrophe] as Gap).rawValue

    private func joins(_ token: Int) -> Bool {
        buffer.tokens[token].gap.rawValue & ~Self.joining == 0
    }

    private mutating func compare(_ form: NameForm, _ part: Int, _ token: Int) -> Found? {
        let strict: UInt64 = form.match == .strict ? 1 : 0
        let key = UInt64(form.partIDs[part]) << 32 | UInt64(token) << 1 | strict
        if let found = known[key] { return found }
        let found = compare(form.parts[part], table.parts[Int(form.partIDs[part])], token, form.match)
        known[key] = .some(found)
        return found
    }

    /// One part against the words at a token: alone, with the word beside it, by its first word, by its core.
    private mutating func compare(
        _ part: NameForm.Part, _ known: NamePart, _ token: Int, _ match: PersonSpec.Strictness
    ) -> Found? {
        let script = buffer.tokens[token].script
        let word = phones.words[token]
        let own = slice(word)
        guard !own.isEmpty else { return nil }
        let omits = script == .arabic && omitsVowels(token)
        var best = Found(likeness: 0, first: token, last: token)
        func better(_ likeness: Double, _ first: Int, _ last: Int) {
            if likeness > best.likeness { best = Found(likeness: likeness, first: first, last: last) }
        }
        if known.mayHave(word.mask) {
            better(alone(part, own, script, omits, match), token, token)
            for prefix in arabicPrefixes(token) {
                let rest = own.dropFirst(prefix)
                better(alone(part, rest, script, omits, match) * 0.98, token, token)
            }
        }
        for run in runs(over: token) where known.mayHave(phones.joined[run].mask) {
            better(
                alone(part, slice(phones.joined[run]), script, omits, match), Int(buffer.joined[run].first),
                Int(buffer.joined[run].last))
        }
        if best.likeness >= 0.98 { return best }
        // Two words for one: a given name written apart, a father's name and -uly.
        for (first, last) in [(token, token + 1), (token - 1, token)] {
            guard range.contains(first), range.contains(last), !isSuffix(last), joins(last),
                buffer.tokens[last].script == script
            else { continue }
            let (left, right) = (phones.words[first], phones.words[last])
            let count = Int(left.count) + Int(right.count)
            guard left.count > 0, right.count > 0, count + 3 >= known.shortest, count <= known.longest + 9,
                known.mayHave(left.mask | right.mask)
            else { continue }
            guard isSecondWord(last) else { continue }
            let isShort = (left.count <= 4 && right.count <= 5) || (left.count <= 5 && right.count <= 4)
            guard
                part.words.count > 1 || isShort || isServant(first)
                    || (part.core != nil && NameFormers.isFormer(slice(right)))
            else { continue }
            var both = Array(slice(left))
            var rest = slice(right)
            // عبد الرحيم: the l of the article is spoken as the letter after it, and counts for nothing here.
            if isServant(first), rest.count > 3, rest.prefix(2).elementsEqual([0x61, 0x6C]) {
                rest = rest.dropFirst(2)
            }
            both += rest
            better(alone(part, both[...], script, omits, match) * 0.98, first, last)
            if isServant(first) {
                better(alone(part, (both.prefix(2) + [0x6C] + rest)[...], script, omits, match), first, last)
            }
        }
        return best.likeness > 0 ? best : nil
    }

    /// The second word of a name is written like the first; only -uly, kyzy and their like may be small.
    private func isSecondWord(_ token: Int) -> Bool {
        !hasCase || isCapital(token) || NameFormers.isFormer(slice(phones.words[token]))
    }

    private func isServant(_ token: Int) -> Bool {
        let word = buffer.tokens[token]
        guard word.script == .arabic, word.unitCount == 3 else { return false }
        let units = buffer.units + Int(word.unitStart)
        return units[0] == 0x639 && units[1] == 0x628 && units[2] == 0x62F
    }

    /// One part against one word.
    private func alone(
        _ part: NameForm.Part, _ word: ArraySlice<UInt8>, _ script: Script, _ omits: Bool,
        _ match: PersonSpec.Strictness
    ) -> Double {
        var best = alignment.compare(part.joined, word, script, omitsVowels: omits).similarity
        for other in part.others {
            best = max(best, alignment.compare(other, word, script, omitsVowels: omits).similarity * 0.97)
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
            // Kadir is not Kadiroğlu.
            if part.joined.count <= former.core + 1 { best *= 0.8 }
        }
        return best
    }

    private func slice(_ word: PhoneBuffer.Word) -> ArraySlice<UInt8> {
        phones.phones[Int(word.start)..<(Int(word.start) + Int(word.count))]
    }

    private static func writesVowels(_ buffer: TokenBuffer, _ range: Range<Int>) -> Bool {
        var (words, vowels) = (0, 0)
        for index in range.prefix(200) where buffer.tokens[index].script == .arabic {
            words += 1
            for unit in 0..<Int(buffer.tokens[index].unitCount) {
                switch buffer.units[Int(buffer.tokens[index].unitStart) + unit] {
                case 0x6D5, 0x6D0, 0x6C7, 0x6C6, 0x6C8, 0x6CB: vowels += 1
                default: continue
                }
            }
        }
        return vowels > 0 && vowels * 3 >= words
    }

    /// Arabic and Persian words: no letter that only alphabets with all their vowels have.
    private mutating func omitsVowels(_ token: Int) -> Bool {
        guard !writesVowels else { return false }
        let word = buffer.tokens[token]
        // ئ before a vowel begins a word in Uyghur only.
        if word.unitCount > 2, buffer.units[Int(word.unitStart)] == 0x626 { return false }
        for index in 0..<Int(word.unitCount) {
            switch buffer.units[Int(word.unitStart) + index] {
            case 0x6D5, 0x6D0, 0x6C7, 0x6C6, 0x6C8, 0x6CB, 0x6AD: return false
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
        let own = slice(phones.words[token])
        guard isCapital(token) || !isCased(token) else { return false }
        return NameFormers.findInflected(own, buffer.tokens[token].script) != nil
    }

    private static let particles: Set<UInt64> = Set(
        (NameForm.particles + [
            "mr", "mrs", "ms", "dr", "prof", "haji", "hoca", "bey", "г", "н", "оглы", "улы", "ұлы", "кызы", "қызы",
            "гызы", "ogli", "oglu", "uly", "qizi", "qyzy", "kyzy",
        ]).map { TextHash.word(Array($0.utf16)) & ~1 })

    private func isParticle(_ token: Int) -> Bool {
        buffer.tokens[token].unitCount <= 5 && Self.particles.contains(buffer.hashes[token] & ~1)
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
    static func hasCaseEvidence(_ buffer: TokenBuffer, _ range: Range<Int>) -> Bool {
        var (upper, lower) = (0, 0)
        for index in range.prefix(200) {
            let token = buffer.tokens[index]
            guard token.unitCount > 2, token.script == .latin || token.script == .cyrillic else { continue }
            if token.flags.contains(.upperInitial) { upper += 1 } else { lower += 1 }
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
        guard !form.isChinese, form.match != .strict, !hasCase || isCapital(token) else { return nil }
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
        // The initial of Shohrat is S, of Zhanna Z.
        if buffer.tokens[initial].script == .latin {
            switch (first, letter) {
            case (0x58, 0x73), (0x43, 0x3F), (0x5A, 0x7A), (0x78, 0x6B), (0x4A, 0x64), (0x63, 0x74): return true
            default: break
            }
        }
        return PhoneCosts.substitution[Int(letter & 127) * 128 + Int(first & 127)] <= 20
    }
}
