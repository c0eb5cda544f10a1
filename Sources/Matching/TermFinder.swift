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
}

/// Finds the sequences of a `TermTable` in the tokens of one field.
struct TermFinder {
    let table: TermTable
    let buffer: TokenBuffer
    let bytes: UnsafeBufferPointer<UInt8>
    /// The tokens of this field.
    let range: Range<Int>
    let part: UInt32
    private let tokens: UnsafePointer<Token>
    private let hashes: UnsafePointer<UInt64>
    private let units: UnsafePointer<UInt16>

    init(
        table: TermTable, buffer: TokenBuffer, bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>, part: UInt32
    ) {
        self.table = table
        self.buffer = buffer
        self.bytes = bytes
        self.range = range
        self.part = part
        tokens = UnsafePointer(buffer.tokens)
        hashes = UnsafePointer(buffer.hashes)
        units = UnsafePointer(buffer.units)
    }

    func find(_ hits: inout [Hit]) {
        let hasWords = !table.words.isEmpty
        let hasPairs = !table.pairs.isEmpty
        table.words.withProbe { words in
            table.pairWords.withProbe { pairWords in
                table.pairs.withProbe { pairs in
                    var index = range.lowerBound
                    let end = range.upperBound
                    while index < end {
                        let hash = hashes[index]
                        if hasWords, words.mayHold(hash) { word(hash, index, index, &hits) }
                        if hasPairs {
                            if hash & 1 == 0 {
                                if pairWords.mayHold(hash) { pairsAround(hash, index, index, &hits) }
                            } else if index &+ 1 < end, hashes[index &+ 1] & 1 != 0,
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
        if !table.prefixLengths.isEmpty { findPrefixes(&hits) }
    }

    /// The words that joined tokens make. Once for a text: `joined` covers the fields in one list.
    func findJoined(_ joined: Range<Int>, _ hits: inout [Hit]) {
        for index in joined {
            let run = buffer.joined[index]
            if table.words.mayHold(run.hash) { word(run.hash, Int(run.first), Int(run.last), &hits) }
            if table.pairWords.mayHold(run.hash) { pairsAround(run.hash, Int(run.first), Int(run.last), &hits) }
            for length in table.prefixLengths { prefix(length, Int(run.first), Int(run.last), &hits) }
        }
    }

    /// Compares every sequence at every place: what the index must not differ from.
    func findWithoutIndex(_ hits: inout [Hit]) {
        for sequence in table.sequences.indices {
            for index in range { accept(sequence, element: 0, index, index, &hits) }
            for run in buffer.joined where range.contains(Int(run.first)) {
                accept(sequence, element: 0, Int(run.first), Int(run.last), &hits)
            }
        }
    }

    private func findPrefixes(_ hits: inout [Hit]) {
        for index in range where hashes[index] & 1 == 0 {
            for length in table.prefixLengths { prefix(length, index, index, &hits) }
        }
    }

    @inline(__always) private func prefix(_ length: Int, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
        let unitStart = Int(tokens[first].unitStart)
        guard unitEnd(last) &- unitStart >= length else { return }
        let key = TextHash.word(units + unitStart, length)
        guard table.prefixes.mayHold(key) else { return }
        table.prefixes.forEach(key) { sequence in
            accept(Int(sequence), element: Int(table.anchors[Int(sequence)]), first, last, &hits)
        }
    }

    @inline(never) private func word(_ hash: UInt64, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
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
            if next < range.upperBound { pair(TextHash.pair(hash, hashes[next]), first, last, &hits) }
            forEachRun(from: next) { run in pair(TextHash.pair(hash, run.hash), first, last, &hits) }
        }
        if sides.right {
            let previous = preceding(first)
            if previous >= range.lowerBound {
                pair(TextHash.pair(hashes[previous], hash), previous, previous, &hits)
            }
            forEachRun(to: previous) { run in
                pair(TextHash.pair(run.hash, hash), Int(run.first), Int(run.last), &hits)
            }
        }
    }

    /// Sequences whose left word of the pair is the tokens `first` to `last`.
    @inline(never) private func pair(_ key: UInt64, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
        table.pairs.forEach(key) { sequence in
            accept(Int(sequence), element: Int(table.anchors[Int(sequence)]), first, last, &hits)
        }
    }

    /// The token after, without an ending that an apostrophe sets off: `Xinjiang's police`.
    private func following(_ last: Int) -> Int {
        var next = last &+ 1
        if next < range.upperBound, tokens[next].flags.contains(.suffix) { next &+= 1 }
        return next
    }

    private func preceding(_ first: Int) -> Int {
        var previous = first &- 1
        if previous > range.lowerBound, tokens[previous].flags.contains(.suffix) { previous &-= 1 }
        return previous
    }

    /// Joined runs that begin at a token.
    private func forEachRun(from first: Int, _ body: (JoinedToken) -> Void) {
        guard first < range.upperBound, tokens[first].flags.contains(.joint) else { return }
        var index = runIndex(last: first &+ 1)
        while index < buffer.joined.count, Int(buffer.joined[index].last) < first &+ 4 {
            if Int(buffer.joined[index].first) == first { body(buffer.joined[index]) }
            index &+= 1
        }
    }

    /// Joined runs that end at a token.
    private func forEachRun(to last: Int, _ body: (JoinedToken) -> Void) {
        guard last >= range.lowerBound, tokens[last].flags.contains(.joint) else { return }
        var index = runIndex(last: last)
        while index < buffer.joined.count, Int(buffer.joined[index].last) == last {
            body(buffer.joined[index])
            index &+= 1
        }
    }

    /// The first run that ends at or after a token: runs are in the order of their last tokens.
    private func runIndex(last: Int) -> Int {
        var (low, high) = (0, buffer.joined.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(buffer.joined[middle].last) < last { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func unitEnd(_ token: Int) -> Int {
        Int(tokens[token].unitStart) &+ Int(tokens[token].unitCount)
    }

    private func accept(_ index: Int, element anchor: Int, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
        let sequence = table.sequences[index]
        let start = Int(sequence.elementStart)
        guard matches(table.elements[start + anchor], first, last) else { return }
        var from = first
        var to = last
        var element = anchor
        while element > 0 {
            guard allowed(table.elements[start + element], at: from),
                let left = toTheLeft(of: from, table.elements[start + element - 1])
            else { return }
            from = left
            element -= 1
        }
        element = anchor + 1
        while element < Int(sequence.count) {
            let next = following(to)
            guard next < range.upperBound, allowed(table.elements[start + element], at: next),
                let right = toTheRight(from: next, table.elements[start + element])
            else { return }
            to = right
            element += 1
        }
        let startByte = tokens[from].start
        let endByte = tokens[to].end
        if sequence.exact, !isExact(index, Int(startByte), Int(endByte)) { return }
        hits.append(
            Hit(
                pattern: sequence.pattern, part: part, first: UInt32(from), last: UInt32(to), start: startByte,
                end: endByte, score: sequence.score))
    }

    private func allowed(_ element: Element, at token: Int) -> Bool {
        tokens[token].gap.isDisjoint(with: element.forbidden)
    }

    private func toTheLeft(of from: Int, _ element: Element) -> Int? {
        let previous = preceding(from)
        guard previous >= range.lowerBound else { return nil }
        if matches(element, previous, previous) { return previous }
        var found: Int?
        forEachRun(to: previous) { run in
            if found == nil, matches(element, Int(run.first), Int(run.last)) { found = Int(run.first) }
        }
        return found
    }

    private func toTheRight(from next: Int, _ element: Element) -> Int? {
        if matches(element, next, next) { return next }
        var found: Int?
        forEachRun(from: next) { run in
            if found == nil, matches(element, Int(run.first), Int(run.last)) { found = Int(run.last) }
        }
        return found
    }

    private func matches(_ element: Element, _ first: Int, _ last: Int) -> Bool {
        let token = tokens[first]
        if first == last, token.flags.contains(.suffix) { return false }
        let unitStart = Int(token.unitStart)
        let count = unitEnd(last) - unitStart
        let wanted = Int(element.unitCount)
        switch element.kind {
        case .word: guard count == wanted else { return false }
        case .prefix: guard count >= wanted else { return false }
        case .initial: guard count == 1, wanted == 1, token.flags.contains(.upperInitial) else { return false }
        }
        let own = Int(element.unitStart)
        for offset in 0..<wanted where units[unitStart + offset] != table.units[own + offset] { return false }
        return true
    }

    /// Whether the text is the pattern as it was written: canonically equal, spaces of any kind and number, and
    /// characters that nobody sees apart.
    private func isExact(_ index: Int, _ start: Int, _ end: Int) -> Bool {
        guard let wanted = table.exactTexts[UInt32(index)] else { return false }
        let surface = String(decoding: bytes[start..<end], as: UTF8.self)
        return surface == wanted || Surface.plain(surface) == wanted
    }
}
