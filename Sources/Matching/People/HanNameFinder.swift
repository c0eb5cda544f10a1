import TextAnalysis

/// Finds watched names in their Chinese transcriptions: 伊力哈木·土赫提.
///
/// Only around a name dot. Beside it, to the left a name ends and to the right one begins: each side is held against all
/// parts (`HanSearch`), and only names of which a part may stand at each side are compared; how far they reach is tried.
struct HanNameFinder {
    private static let longest = 12

    let table: NameTable
    let buffer: TokenBuffer
    let range: Range<Int>
    let part: UInt32
    let alignment: NameAlignment
    let search: HanSearch
    private let tokens: UnsafePointer<Token>

    init(
        table: NameTable, buffer: TokenBuffer, range: Range<Int>, part: UInt32, alignment: NameAlignment,
        search: HanSearch
    ) {
        self.search = search
        self.table = table
        self.buffer = buffer
        self.range = range
        self.part = part
        self.alignment = alignment
        tokens = UnsafePointer(buffer.tokens)
    }

    /// What stands at one side of a dot, and how like it parts are that were compared.
    private struct Side {
        var run: Range<Int>
        var found: [UInt32: (likeness: Double, token: Int)?] = [:]
    }

    func find(_ hits: inout [Hit], usingIndex: Bool) {
        for index in range.dropFirst() where tokens[index].script == .ideographic && isDot(before: index) {
            var left = Side(run: run(endingAt: index - 1))
            let right = run(startingAt: index)
            guard !left.run.isEmpty, !right.isEmpty else { continue }
            let ending = usingIndex ? search.search(table.hanEnds, text(endingWith: left.run), .backward) : []
            if usingIndex, ending.isEmpty { continue }
            // A further name may stand between the two: 穆罕默德·本·萨勒曼.
            let further = right.dropFirst().first(where: isDot(before:)).map { run(startingAt: $0) }
            for right in [right] + (further.map { [$0] } ?? []) where !right.isEmpty {
                var right = Side(run: right)
                for form in usingIndex ? proposals(ending, left.run, right.run) : Array(table.forms.indices) {
                    judge(table.forms[form], &left, &right, &hits)
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

    // MARK: Proposals

    /// Names of which one part may end at the left and another begin at the right.
    private func proposals(_ ending: [UInt32], _ left: Range<Int>, _ right: Range<Int>) -> [Int] {
        let beginning = search.search(table.hanStarts, text(beginningWith: right), .forward)
        guard !beginning.isEmpty else { return [] }
        var found: Set<Int> = []
        func join(_ parts: [UInt32], _ others: [UInt32]) {
            let others = Set(others)
            for part in parts {
                table.partners.forEach(part) { partner in
                    if others.contains(partner.part) { found.insert(Int(partner.form)) }
                }
            }
        }
        join(ending, beginning)
        join(beginning, ending)
        guard !found.isEmpty else { return [] }
        let (ends, starts) = (endKeys(left), startKeys(right))
        return found.filter { hasKeys(table.forms[$0], ends, starts) }.sorted()
    }

    /// Keys of what may end with a run, and of what may begin with it: of two groups and of one.
    private func endKeys(_ run: Range<Int>) -> HanKeySet {
        let groups = groups(run.suffix(5))
        return groups.isEmpty ? [] : [HanKeys.key(groups.suffix(2)), HanKeys.key(groups.suffix(1))]
    }

    private func startKeys(_ run: Range<Int>) -> HanKeySet {
        let groups = groups(run.prefix(5))
        return groups.isEmpty ? [] : [HanKeys.key(groups.prefix(2)), HanKeys.key(groups.prefix(1))]
    }

    private func hasKeys(_ form: NameForm, _ ends: HanKeySet, _ starts: HanKeySet) -> Bool {
        form.pairs.contains { one, other in
            let (one, other) = (table.parts[Int(form.partIDs[one])], table.parts[Int(form.partIDs[other])])
            return (one.hanEnds.meets(ends) && other.hanStarts.meets(starts))
                || (other.hanEnds.meets(ends) && one.hanStarts.meets(starts))
        }
    }

    /// A run after a dot. See `beginning`.
    private func text(beginningWith run: Range<Int>) -> HanSearch.Text {
        var text = HanSearch.Text()
        for token in run {
            text.phones += phones(token) ?? []
            text.ends.append(HanSearch.End(count: text.phones.count, factor: goesOn(after: token, run) ? 80 : 100))
        }
        // What follows can only make a phone cheaper.
        text.costs = text.phones.indices.map { NameAlignment.insertedHan(text.phones, $0) }
        return text
    }

    /// A run before a dot, its last phone first. See `ending`.
    private func text(endingWith run: Range<Int>) -> HanSearch.Text {
        var text = HanSearch.Text()
        let all = run.flatMap { phones($0) ?? [] }
        for token in run.reversed() {
            text.phones += (phones(token) ?? []).reversed()
            text.ends.append(HanSearch.End(count: text.phones.count, factor: beginsBefore(token, run) ? 90 : 100))
        }
        // What stands before can only make a phone cheaper.
        text.costs = all.indices.reversed().map { NameAlignment.insertedHan(all, $0) }
        return text
    }

    // MARK: Judgement

    private func judge(_ form: NameForm, _ left: inout Side, _ right: inout Side, _ hits: inout [Hit]) {
        let limits = NameFinder.Limits(form.match)
        var best: Hit?
        guard !form.isChinese else { return }
        for pair in form.pairs {
            for (one, other) in [pair, (pair.1, pair.0)] {
                guard let a = ending(form.partIDs[one], &left), a.likeness >= limits.part,
                    let b = beginning(form.partIDs[other], &right), b.likeness >= limits.part,
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

    private func ending(_ part: UInt32, _ side: inout Side) -> (likeness: Double, token: Int)? {
        if let known = side.found[part] { return known }
        let found = ending(part, side.run)
        side.found[part] = .some(found)
        return found
    }

    private func beginning(_ part: UInt32, _ side: inout Side) -> (likeness: Double, token: Int)? {
        if let known = side.found[part] { return known }
        let found = beginning(part, side.run)
        side.found[part] = .some(found)
        return found
    }

    /// 古丽仙 is not 丽仙; but most words before a name end with other characters.
    private func beginsBefore(_ first: Int, _ run: Range<Int>) -> Bool {
        run.contains(first - 1) && HanPhones.isUsual(buffer.units[Int(tokens[first - 1].unitStart)])
    }

    /// A transcription that goes on is another name: 艾沙江 is not 艾沙.
    private func goesOn(after last: Int, _ run: Range<Int>) -> Bool {
        run.contains(last + 1) && !HanPhones.isCommon(buffer.units[Int(tokens[last + 1].unitStart)])
    }

    /// The best reading of a part that ends at the dot; characters before it may belong to other words.
    private func ending(_ part: UInt32, _ run: Range<Int>) -> (likeness: Double, token: Int)? {
        var best: (likeness: Double, token: Int)?
        for first in run {
            let text = (first..<run.upperBound).flatMap { phones($0) ?? [] }
            let beginsBefore = beginsBefore(first, run)
            for (shape, factor) in table.parts[Int(part)].han {
                let likeness = alignment.compareHan(shape, text) * factor * (beginsBefore ? 0.9 : 1)
                if likeness > best?.likeness ?? 0 { best = (likeness, first) }
            }
        }
        return best
    }

    /// The same at the other side of the dot.
    private func beginning(_ part: UInt32, _ run: Range<Int>) -> (likeness: Double, token: Int)? {
        var best: (likeness: Double, token: Int)?
        for last in run {
            let text = (run.lowerBound...last).flatMap { phones($0) ?? [] }
            let goesOn = goesOn(after: last, run)
            for (shape, factor) in table.parts[Int(part)].han {
                let likeness = alignment.compareHan(shape, text) * factor * (goesOn ? 0.8 : 1)
                if likeness > best?.likeness ?? 0 { best = (likeness, last) }
            }
        }
        return best
    }
}
