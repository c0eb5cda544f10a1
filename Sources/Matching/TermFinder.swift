import TextAnalysis

/// A place where a pattern was found.
struct Hit {
    var pattern: UInt32
    var part: UInt32
    /// Tokens of the buffer.
    var first: UInt32
    var last: UInt32
    /// Bytes of the field.
    var start: UInt32
    var end: UInt32
    /// Hundredths.
    var score: UInt8
    /// The languages whose rules made the words alike.
    var languages = LanguageSet.any
}

/// Finds the sequences of a `TermTable` in the tokens of one field.
final class TermFinder {
    let core: MatcherCore
    var table: TermTable { core.terms }
    let buffer: TokenBuffer
    let work: FormBuffer
    let bytes: UnsafeBufferPointer<UInt8>
    /// The tokens of this field, and its runs of joined ones.
    let range: Range<Int>
    let runs: Range<Int>
    let part: UInt32
    let tokens: UnsafePointer<Token>
    private let hashes: UnsafePointer<UInt64>
    let units: UnsafePointer<UInt16>

    init(
        core: MatcherCore, buffer: TokenBuffer, work: FormBuffer, bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>,
        runs: Range<Int>, part: UInt32
    ) {
        self.core = core
        self.buffer = buffer
        self.work = work
        self.bytes = bytes
        self.range = range
        self.runs = runs
        self.part = part
        tokens = UnsafePointer(buffer.tokens)
        hashes = UnsafePointer(buffer.hashes)
        units = UnsafePointer(buffer.units)
    }

    func find(_ hits: inout [Hit]) {
        work.removeAll()
        readWords(&hits)
        readRuns()
        for candidate in work.candidates {
            let index = Int(candidate)
            look(hashes[index], index, index, &hits)
        }
        for form in work.found {
            look(table.lexicon.lexemes[Int(form.lexeme)].hash, Int(form.first), Int(form.last), &hits)
        }
        for index in runs {
            let run = buffer.joined[index]
            look(run.hash, Int(run.first), Int(run.last), &hits)
            for length in table.prefixLengths { prefix(length, Int(run.first), Int(run.last), &hits) }
        }
        for form in work.foundRuns {
            look(table.lexicon.lexemes[Int(form.lexeme)].hash, Int(form.first), Int(form.last), &hits)
        }
        if !table.prefixLengths.isEmpty { findPrefixes(&hits) }
    }

    /// The loop over all words of a text: those that may be of a term become candidates. Characters of scripts without
    /// spaces are looked up at once, two by two.
    private func readWords(_ hits: inout [Hit]) {
        let hasPairs = !table.pairs.isEmpty
        let strangers = work.strangers
        table.words.withProbe { words in
            table.pairs.withProbe { pairs in
                var index = range.lowerBound
                let end = range.upperBound
                while index < end {
                    let hash = hashes[index]
                    if hash & 1 == 0 {
                        if strangers[FormBuffer.strangerPlace(hash)] != hash { readWord(index, hash) }
                    } else {
                        if words.mayHold(hash) { word(hash, index, index, &hits) }
                        if hasPairs, index &+ 1 < end, hashes[index &+ 1] & 1 != 0,
                            pairs.mayHold(TextHash.pair(hash, hashes[index &+ 1]))
                        {
                            pair(TextHash.pair(hash, hashes[index &+ 1]), index, index, &hits)
                        }
                    }
                    index &+= 1
                }
            }
        }
    }

    @inline(never) private func readWord(_ index: Int, _ hash: UInt64) {
        guard let places = work.forms(hash) ?? learn(index, index, hash) else { return }
        work.candidates.append(UInt32(truncatingIfNeeded: index))
        if places.isEmpty || tokens[index].flags.contains(.suffix) { return }
        add(places, index, index, to: &work.found)
    }

    private func readRuns() {
        guard !table.lexicon.lexemes.isEmpty else { return }
        for index in runs {
            let run = buffer.joined[index]
            if work.strangers[FormBuffer.strangerPlace(run.hash)] == run.hash { continue }
            guard let places = work.forms(run.hash) ?? learn(Int(run.first), Int(run.last), run.hash) else { continue }
            add(places, Int(run.first), Int(run.last), to: &work.foundRuns)
        }
    }

    private func add(_ places: Range<Int>, _ first: Int, _ last: Int, to list: inout [FormBuffer.Form]) {
        for place in places {
            let form = work.pool[place]
            if isSetOff(form.lexeme, first, last) { continue }
            guard let languages = seen(form.languages, first) else { continue }
            list.append(
                FormBuffer.Form(
                    first: UInt32(truncatingIfNeeded: first), last: UInt32(truncatingIfNeeded: last),
                    lexeme: form.lexeme, languages: languages))
        }
    }

    /// What is left of a word's languages where it stands so: with a capital or without, with marks or without, which English
    /// has not.
    private func seen(_ languages: LanguageSet, _ token: Int) -> LanguageSet? {
        let flags = tokens[token].flags
        let left = flags.contains(.marked) ? languages.subtracting(.notEnglish) : languages
        return left.of(isCapital: flags.contains(.upperInitial))
    }

    /// Whether a run is the lexeme's own word and an ending after an apostrophe: found as the word alone.
    private func isSetOff(_ lexeme: UInt32, _ first: Int, _ last: Int) -> Bool {
        guard first < last, tokens[last].flags.contains(.suffix) else { return false }
        let start = Int(tokens[first].unitStart)
        return TextHash.token(units + start, Int(tokens[last].unitStart) - start, isIdeograph: false)
            == table.lexicon.lexemes[Int(lexeme)].hash
    }

    /// Finds out the lexemes that a word is a form of; nil when it is of no term at all.
    private func learn(_ first: Int, _ last: Int, _ hash: UInt64) -> Range<Int>? {
        let start = units + Int(tokens[first].unitStart)
        let count = unitEnd(last) &- Int(tokens[first].unitStart)
        let script = tokens[first].script
        let isWanted = table.words.mayHold(hash) || table.pairWords.mayHold(hash)
        var result: [(lexeme: UInt32, languages: LanguageSet)] = []
        if count >= 3, count <= WordForms.longestWord, !table.lexicon.lexemes.isEmpty {
            let word = WordForms.Word(start, count, hash: hash)
            func compare(_ number: UInt32) {
                let lexeme = table.lexicon.lexemes[Int(number)]
                guard lexeme.script == script, lexeme.hash != hash else { return }
                let languages = languages(word, lexeme)
                if !languages.isEmpty, !result.contains(where: { $0.lexeme == number }) {
                    result.append((number, languages))
                }
            }
            func compareAll(after skipped: Int) {
                for length in Lexicon.lengths where length <= count - skipped {
                    let key = Lexicon.key(start + skipped, length)
                    if table.lexicon.beginnings.mayHold(key) { table.lexicon.beginnings.forEach(key, compare) }
                }
            }
            compareAll(after: 0)
            if script == .arabic { work.forms.cliticLengths(word).forEach(compareAll) }
        }
        if result.isEmpty, !isWanted {
            work.keepStranger(hash)
            return nil
        }
        return work.keep(hash, result)
    }

    func languages(_ word: WordForms.Word, _ lexeme: Lexicon.Lexeme) -> LanguageSet {
        table.lexicon.units.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return [] }
            let own = WordForms.Word(
                base + Int(lexeme.unitStart), Int(lexeme.unitCount), hash: lexeme.hash)
            return work.forms.languages(word, of: own, lexeme.script, lexeme.use)
        }
    }

    func look(_ hash: UInt64, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
        if table.words.mayHold(hash) { word(hash, first, last, &hits) }
        if table.pairWords.mayHold(hash) { pairsAround(hash, first, last, &hits) }
    }

    /// Compares every sequence at every place: what the index must not differ from.
    func findWithoutIndex(_ hits: inout [Hit]) {
        work.removeAll()
        work.isThorough = true
        defer { work.isThorough = false }
        for sequence in table.sequences.indices {
            for index in range { accept(sequence, element: 0, index, index, &hits) }
            for run in buffer.joined[runs] { accept(sequence, element: 0, Int(run.first), Int(run.last), &hits) }
        }
    }

    private func findPrefixes(_ hits: inout [Hit]) {
        for index in range where hashes[index] & 1 == 0 {
            for length in table.prefixLengths { prefix(length, index, index, &hits) }
        }
    }

    @inline(__always) func prefix(_ length: Int, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
        let unitStart = Int(tokens[first].unitStart)
        guard unitEnd(last) &- unitStart >= length else { return }
        let key = TextHash.word(units + unitStart, length)
        guard table.prefixes.mayHold(key) else { return }
        table.prefixes.forEach(key) { sequence in
            accept(Int(sequence), element: Int(table.anchors[Int(sequence)]), first, last, &hits)
        }
    }

    @inline(never) func word(_ hash: UInt64, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
        table.words.forEach(hash) { sequence in
            accept(Int(sequence), element: Int(table.anchors[Int(sequence)]), first, last, &hits)
        }
    }

    @inline(never) private func pairsAround(_ hash: UInt64, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
        var sides: (left: Bool, right: Bool) = (false, false)
        table.pairWords.forEach(hash) { side in
            if side == 0 { sides.left = true } else { sides.right = true }
        }
        if sides.left {
            let next = following(last)
            if next < range.upperBound {
                pair(TextHash.pair(hash, hashes[next]), first, last, &hits)
                forEachLexeme(next) { pair(TextHash.pair(hash, $0), first, last, &hits) }
            }
            forEachRun(from: next) { run in
                pair(TextHash.pair(hash, run.hash), first, last, &hits)
                forEachLexeme(run) { pair(TextHash.pair(hash, $0), first, last, &hits) }
            }
        }
        if sides.right {
            let previous = preceding(first)
            if previous >= range.lowerBound {
                pair(TextHash.pair(hashes[previous], hash), previous, previous, &hits)
                forEachLexeme(previous) { pair(TextHash.pair($0, hash), previous, previous, &hits) }
            }
            forEachRunBefore(first) { run in
                pair(TextHash.pair(run.hash, hash), Int(run.first), Int(run.last), &hits)
                forEachLexeme(run) { pair(TextHash.pair($0, hash), Int(run.first), Int(run.last), &hits) }
            }
        }
    }

    /// Sequences whose left word of the pair is the tokens `first` to `last`.
    @inline(never) private func pair(_ key: UInt64, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
        table.pairs.forEach(key) { sequence in
            accept(Int(sequence), element: Int(table.anchors[Int(sequence)]), first, last, &hits)
        }
    }

    /// Hashes of the words that a token is a form of.
    private func forEachLexeme(_ token: Int, _ body: (UInt64) -> Void) {
        var index = formIndex(work.found) { Int($0.first) < token }
        while index < work.found.count, Int(work.found[index].first) == token {
            body(table.lexicon.lexemes[Int(work.found[index].lexeme)].hash)
            index += 1
        }
    }

    private func forEachLexeme(_ run: JoinedToken, _ body: (UInt64) -> Void) {
        var index = formIndex(work.foundRuns) { $0.last < run.last }
        while index < work.foundRuns.count, work.foundRuns[index].last == run.last {
            if work.foundRuns[index].first == run.first {
                body(table.lexicon.lexemes[Int(work.foundRuns[index].lexeme)].hash)
            }
            index += 1
        }
    }

    private func formIndex(_ list: [FormBuffer.Form], _ isBefore: (FormBuffer.Form) -> Bool) -> Int {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(list[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// By whose rules tokens are a form of a lexeme.
    func languages(_ lexeme: UInt32, _ first: Int, _ last: Int) -> LanguageSet {
        if work.isThorough {
            if isSetOff(lexeme, first, last) { return [] }
            let start = Int(tokens[first].unitStart)
            let count = unitEnd(last) &- start
            let own = table.lexicon.lexemes[Int(lexeme)]
            guard count >= 3, count <= WordForms.longestWord, own.script == tokens[first].script else { return [] }
            let hash = TextHash.token(units + start, count, isIdeograph: false)
            return seen(languages(WordForms.Word(units + start, count, hash: hash), own), first) ?? []
        }
        let list = first == last ? work.found : work.foundRuns
        var index =
            first == last ? formIndex(list) { Int($0.first) < first } : formIndex(list) { Int($0.last) < last }
        while index < list.count, Int(list[index].last) == last {
            if Int(list[index].first) == first, list[index].lexeme == lexeme { return list[index].languages }
            index += 1
        }
        return []
    }

    /// The token after, without an ending that an apostrophe sets off: `Xinjiang's police`.
    func following(_ last: Int) -> Int {
        var next = last &+ 1
        if next < range.upperBound, tokens[next].flags.contains(.suffix) { next &+= 1 }
        return next
    }

    func preceding(_ first: Int) -> Int {
        var previous = first &- 1
        if previous > range.lowerBound, tokens[previous].flags.contains(.suffix) { previous &-= 1 }
        return previous
    }

    /// Joined runs that begin at a token.
    func forEachRun(from first: Int, _ body: (JoinedToken) -> Void) {
        guard first < range.upperBound, tokens[first].flags.contains(.joint) else { return }
        for run in buffer.runs(runs, near: first) where Int(buffer.joined[run].first) == first {
            body(buffer.joined[run])
        }
    }

    /// Joined runs that end before a token, with what an apostrophe sets off and without it: `uyg‘ur` before `tili`.
    func forEachRunBefore(_ first: Int, _ body: (JoinedToken) -> Void) {
        let previous = preceding(first)
        if previous < first &- 1 { forEachRun(to: first &- 1, body) }
        forEachRun(to: previous, body)
    }

    /// Joined runs that end at a token.
    private func forEachRun(to last: Int, _ body: (JoinedToken) -> Void) {
        guard last >= range.lowerBound, tokens[last].flags.contains(.joint) else { return }
        for run in buffer.runs(runs, endingIn: last..<(last &+ 1)) { body(buffer.joined[run]) }
    }

    func unitEnd(_ token: Int) -> Int {
        Int(tokens[token].unitStart) &+ Int(tokens[token].unitCount)
    }
}
