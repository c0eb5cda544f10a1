import Model
import TextAnalysis

/// Which names may stand where: a look-up of each word among the parts of all names, before anything is compared.
extension NameFinder {
    /// Two words near each other that sound like two parts of one name, or like a family name with initials beside it.
    mutating func propose(_ candidates: inout [Candidate], _ hasCase: Bool) {
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

    static func sound(_ phones: [UInt8]) -> (key: UInt16, mask: UInt16) {
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
            (left.count <= 5 && right.count <= 5) || isServant(first) || isSecondHalf(last)
                || NameFormers.isFormer(slice(right))
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
    func arabicPrefixes(_ token: Int) -> [Int] {
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

    func proposeAll(_ candidates: inout [Candidate]) {
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
    func runs(over token: Int) -> [Int] {
        guard buffer.tokens[token].flags.contains(.joint) else { return [] }
        return runs(endingIn: token..<(token + Tokenizer.longestJoint)).filter { Int(buffer.joined[$0].first) <= token }
    }

    /// Runs by their last token; they are in its order, so that a text full of hyphens is not searched from its start.
    func runs(endingIn tokens: Range<Int>) -> Range<Int> {
        var (low, high) = (runs.lowerBound, runs.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if Int(buffer.joined[middle].last) < tokens.lowerBound { low = middle + 1 } else { high = middle }
        }
        var end = low
        while end < runs.upperBound, Int(buffer.joined[end].last) < tokens.upperBound { end += 1 }
        return low..<end
    }

    func isSuffix(_ index: Int) -> Bool { buffer.tokens[index].flags.contains(.suffix) }
}
