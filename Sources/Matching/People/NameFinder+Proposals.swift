import Model
import TextAnalysis

/// Which names may stand where, before anything is compared in earnest.
///
/// Each different word is held once against all parts (`PartSearch`) and its list of near parts remembered
/// (`NearParts`), so most tokens cost a look-up. Two lists near each other are joined by walking the names of the rarer
/// parts (`PartnerIndex`): the cost is that of the words, not of the names that share a part.
extension NameFinder {
    /// A list of parts that a word sounds like.
    private struct Heard {
        var token: Int
        var number: UInt32
        var list: NearParts.List
    }

    /// Two words near each other that sound like two parts of one name, or like a family name with initials beside it.
    func propose(_ candidates: inout [Candidate]) {
        var last: [Heard] = []
        var own: [UInt32] = []
        var isApart = true
        near.listed.reserve(table.parts.count)
        for index in range where candidates.count < Self.mostCandidates {
            if tokens[index].gap.contains(.sentence) { isApart = true }
            guard numbers[index] != 0, !hasCase || isCapital(index), !tokens[index].flags.contains(.suffix) else {
                continue
            }
            gatherParts(near: index, into: &own)
            guard !own.isEmpty else { continue }
            if isApart { last.removeAll(keepingCapacity: true) }
            while let first = last.first, index - first.token > Self.reach + 2 { last.removeFirst() }
            isApart = false
            let hasInitial = hasInitialNear(index)
            let others = last.count
            for number in own {
                let heard = Heard(token: index, number: number, list: near.list(number))
                last.append(heard)
                for before in 0..<others { join(last[before], heard, &candidates) }
                if hasInitial { proposeInitials(heard.list, index, &candidates) }
            }
        }
    }

    /// Initials stand only beside a family name that is sure.
    private func proposeInitials(_ list: NearParts.List, _ token: Int, _ candidates: inout [Candidate]) {
        for position in list.start..<list.sure {
            table.families.forEach(NameTable.key(near.parts[position])) {
                candidates.append(Candidate(form: $0, first: UInt32(token), second: .max))
            }
        }
    }

    private func join(_ first: Heard, _ second: Heard, _ candidates: inout [Candidate]) {
        let (left, right) = (UInt32(first.token), UInt32(second.token))
        let isKnown = near.joins.forEach(first.number, second.number) {
            candidates.append(Candidate(form: $0, first: left, second: right))
        }
        guard !isKnown else { return }
        let start = candidates.count
        joinRarer(first.list, second.list) { candidates.append(Candidate(form: $0, first: left, second: right)) }
        joinRarer(second.list, first.list) { candidates.append(Candidate(form: $0, first: left, second: right)) }
        near.joins.note(first.number, second.number, candidates[start...].lazy.map(\.form))
    }

    /// Names of one list's parts with commoner ones of the other.
    @inline(__always) private func joinRarer(
        _ list: NearParts.List, _ others: NearParts.List, _ body: (_ form: UInt32) -> Void
    ) {
        near.parts.withUnsafeBufferPointer { parts in
            near.listed.mark(others, parts)
            for one in list.start..<list.end {
                table.partners.forEach(parts[one]) { partner in
                    if let other = near.listed.find(partner.part), NearParts.canJoin(list, one, others, other) {
                        body(partner.form)
                    }
                }
            }
        }
    }

    private func hasInitialNear(_ token: Int) -> Bool {
        hasInitialBeside(token)
            || runs(over: token).contains {
                hasInitialBeside(Int(buffer.joined[$0].first)) || hasInitialBeside(Int(buffer.joined[$0].last))
            }
            || hasInitialBeside(token + 1) || hasInitialBeside(token - 1)
    }

    /// The parts that a word sounds like: alone, without an Arabic prefix, joined or with the word beside it.
    private func gatherParts(near token: Int, into lists: inout [UInt32]) {
        lists.removeAll(keepingCapacity: true)
        let script = tokens[token].script
        let omits = script == .arabic && omitsVowels(token)
        func add(_ list: UInt32) {
            if list != 0 { lists.append(list) }
        }
        add(
            near.list(ofWord: numbers[token], omitsVowels: omits) { entries in
                let sounds = slice(heard(token))
                search(sounds, WordSound(sounds), script, omits, &entries)
                for prefix in arabicPrefixes(token) {
                    let rest = sounds.dropFirst(prefix)
                    search(rest, WordSound(rest), script, omits, &entries)
                }
            })
        if tokens[token].flags.contains(.joint) {
            for run in runs(over: token) {
                let number = phones.number(ofRun: run)
                guard number != 0 else { continue }
                add(
                    near.list(ofWord: number, omitsVowels: omits) { entries in
                        let sounds = slice(words[Int(number)])
                        search(sounds, WordSound(sounds), script, omits, &entries)
                    })
            }
        }
        add(nearTwoWords(token - 1, script, omits))
        add(nearTwoWords(token, script, omits))
    }

    private func nearTwoWords(_ first: Int, _ script: Script, _ omits: Bool) -> UInt32 {
        // Asked by the first word, then by the second.
        if lastTwo.first == first, lastTwo.omits == omits { return lastTwo.list }
        let list = mayBeTwoWords(first) ? gatherTwoWords(first, script, omits) : 0
        lastTwo = (first, omits, list)
        return list
    }

    private func gatherTwoWords(_ first: Int, _ script: Script, _ omits: Bool) -> UInt32 {
        near.list(ofWords: numbers[first], numbers[first + 1], omitsVowels: omits) { entries in
            let asWritten = WordSound(firstHalf(first) + slice(heard(first + 1)), takesEndings: false)
            for both in wordsInOne(first) {
                search(both[...], asWritten, script, omits, &entries)
                // Without the article it has other consonants.
                let asSpoken = WordSound(both[...], takesEndings: false)
                if asSpoken.groups != asWritten.groups { search(both[...], asSpoken, script, omits, &entries) }
            }
        }
    }

    private func search(
        _ phones: ArraySlice<UInt8>, _ sound: WordSound, _ script: Script, _ omits: Bool,
        _ entries: inout [NearParts.Entry]
    ) {
        func search(_ index: PartIndex) {
            near.search.search(index, table.needs, phones, sound, script, omitsVowels: omits) { number, likeness in
                // A name with a hyphen may be written apart, and then the second word adds to the likeness.
                let isSure = table.partShapes[Int(number)].words.count > 1
                entries.append(NearParts.Entry(number, isSure ? .sure : NearParts.Likeness(hundredths: likeness)))
            }
        }
        search(table.soundParts)
        if script == .arabic { search(table.chineseParts) }
    }

    private func mayBeTwoWords(_ first: Int) -> Bool {
        let last = first + 1
        guard first >= range.lowerBound, last < range.upperBound, numbers[first] != 0, numbers[last] != 0,
            tokens[first].script == tokens[last].script, !isSuffix(last), joins(last)
        else { return false }
        let (left, right) = (heard(first), heard(last))
        guard
            (left.count <= 5 && right.count <= 5) || left.traits.contains(.servant)
                || right.traits.contains(.former) || right.traits.contains(.secondHalf)
        else { return false }
        return isSecondWord(last)
    }

    /// How many phones at an Arabic word's start may be the article, or and, to, with, so, as: لأيبيك, البدوي, والبدوي.
    func arabicPrefixes(_ token: Int) -> [Int] {
        let word = tokens[token]
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
        guard tokens[token].flags.contains(.joint) else { return [] }
        return buffer.runs(runs, near: token).filter { Int(buffer.joined[$0].first) <= token }
    }

    func isSuffix(_ index: Int) -> Bool { tokens[index].flags.contains(.suffix) }
}
