import TextAnalysis

/// Finds watched names in their Chinese transcriptions: 伊力哈木·土赫提.
///
/// Only around a name dot. Beside it, to the left a name ends and to the right one begins; how far they reach is tried.
struct HanNameFinder {
    private static let longest = 12

    let table: NameTable
    let buffer: TokenBuffer
    let range: Range<Int>
    let part: UInt32
    let alignment: NameAlignment
    private let tokens: UnsafePointer<Token>

    init(table: NameTable, buffer: TokenBuffer, range: Range<Int>, part: UInt32, alignment: NameAlignment) {
        self.table = table
        self.buffer = buffer
        self.range = range
        self.part = part
        self.alignment = alignment
        tokens = UnsafePointer(buffer.tokens)
    }

    func find(_ hits: inout [Hit], usingIndex: Bool) {
        for index in range.dropFirst() where tokens[index].script == .ideographic && isDot(before: index) {
            let left = run(endingAt: index - 1)
            let right = run(startingAt: index)
            guard !left.isEmpty, !right.isEmpty else { continue }
            // A further name may stand between the two: 穆罕默德·本·萨勒曼.
            let further = right.dropFirst().first(where: isDot(before:)).map { run(startingAt: $0) }
            for right in [right] + (further.map { [$0] } ?? []) where !right.isEmpty {
                for form in usingIndex ? proposals(left, right) : Array(table.forms.indices) {
                    judge(table.forms[form], left, right, &hits)
                }
            }
        }
    }

    @inline(__always) private func isDot(before index: Int) -> Bool {
        let gap = tokens[index].gap
        return (gap == .dot || gap == .hyphen || gap == .stop)
            && tokens[index].script == .ideographic && tokens[index - 1].script == .ideographic
    }

    private func phones(_ token: Int) -> [UInt8]? {
        guard tokens[token].unitCount == 1 else { return nil }
        return HanPhones.phones(buffer.units[Int(tokens[token].unitStart)])
    }

    private func isTranscription(_ token: Int) -> Bool {
        range.contains(token) && tokens[token].script == .ideographic && phones(token) != nil
    }

    private func run(endingAt last: Int) -> Range<Int> {
        var first = last
        guard isTranscription(last) else { return last..<last }
        while last - first + 1 < Self.longest, isTranscription(first - 1), isBeside(first) { first -= 1 }
        return first..<(last + 1)
    }

    private func run(startingAt first: Int) -> Range<Int> {
        var end = first
        while end - first < Self.longest, isTranscription(end), end == first || isBeside(end) { end += 1 }
        return first..<end
    }

    /// Directly after the character before, over a line break, or over a further dot of a name of three parts.
    private func isBeside(_ token: Int) -> Bool {
        let gap = tokens[token].gap
        return gap.isEmpty || gap == .space || gap == .dot || gap == .hyphen
    }

    /// One after another, each once.
    private func groups(_ tokens: some Sequence<Int>) -> [UInt8] {
        var groups: [UInt8] = []
        for token in tokens {
            for phone in phones(token) ?? [] {
                let group = HanKeys.group(phone)
                if group != 0, group != groups.last { groups.append(group) }
            }
        }
        return groups
    }

    private func proposals(_ left: Range<Int>, _ right: Range<Int>) -> [Int] {
        let ends = groups(left.suffix(5))
        let starts = groups(right.prefix(5))
        var found: Set<Int> = []
        for end in [ends.suffix(2), ends.suffix(1)] where !end.isEmpty {
            for start in [starts.prefix(2), starts.prefix(1)] where !start.isEmpty {
                let key = HanKeys.pairKey(HanKeys.key(end), HanKeys.key(start))
                guard table.hanPairs.mayHold(key) else { continue }
                table.hanPairs.forEach(key) { found.insert(Int($0)) }
            }
        }
        return found.sorted()
    }

    private func judge(_ form: NameForm, _ left: Range<Int>, _ right: Range<Int>, _ hits: inout [Hit]) {
        let limits = NameFinder.Limits(form.match)
        var best: Hit?
        guard !form.isChinese else { return }
        for pair in form.pairs {
            for (one, other) in [pair, (pair.1, pair.0)] {
                guard let a = ending(form.partIDs[one], left), a.likeness >= limits.part,
                    let b = beginning(form.partIDs[other], right), b.likeness >= limits.part,
                    max(a.likeness, b.likeness) >= 0.86
                else { continue }
                let score = (a.likeness + b.likeness) / 2 * 0.97
                guard score >= limits.whole, score * 100 > Double(best?.score ?? 0) else { continue }
                best = Hit(
                    pattern: form.pattern, part: part, first: UInt32(a.token), last: UInt32(b.token),
                    start: tokens[a.token].start, end: tokens[b.token].end,
                    score: UInt8(max(0, min(100, (score * 100).rounded()))))
            }
        }
        if let best { hits.append(best) }
    }

    /// The best reading of a part that ends at the dot; characters before it may belong to other words.
    private func ending(_ part: UInt32, _ run: Range<Int>) -> (likeness: Double, token: Int)? {
        var best: (likeness: Double, token: Int)?
        for first in run {
            let text = (first..<run.upperBound).flatMap { phones($0) ?? [] }
            // 古丽仙 is not 丽仙; but most words before a name end with other characters.
            let beginsBefore =
                run.contains(first - 1) && HanPhones.isUsual(buffer.units[Int(tokens[first - 1].unitStart)])
            for (shape, factor) in table.parts[Int(part)].han {
                let likeness = alignment.compareHan(shape, text) * factor * (beginsBefore ? 0.9 : 1)
                if likeness > best?.likeness ?? 0 { best = (likeness, first) }
            }
        }
        return best
    }

    /// The same at the other side of the dot. A transcription that goes on is another name: 艾沙江 is not 艾沙.
    private func beginning(_ part: UInt32, _ run: Range<Int>) -> (likeness: Double, token: Int)? {
        var best: (likeness: Double, token: Int)?
        for last in run {
            let text = (run.lowerBound...last).flatMap { phones($0) ?? [] }
            let next = last + 1
            let goesOn =
                run.contains(next) && !HanPhones.isCommon(buffer.units[Int(tokens[next].unitStart)])
            for (shape, factor) in table.parts[Int(part)].han {
                let likeness = alignment.compareHan(shape, text) * factor * (goesOn ? 0.8 : 1)
                if likeness > best?.likeness ?? 0 { best = (likeness, last) }
            }
        }
        return best
    }
}
