import TextAnalysis

/// Whether a term of several words stands around one of them.
extension TermFinder {
    func accept(_ index: Int, element anchor: Int, _ first: Int, _ last: Int, _ hits: inout [Hit]) {
        let sequence = table.sequences[index]
        let start = Int(sequence.elementStart)
        var languages = matches(table.elements[start + anchor], first, last)
        guard !languages.isEmpty else { return }
        var from = first
        var to = last
        var element = anchor
        while element > 0 {
            guard
                let left = toTheLeft(
                    of: from, table.elements[start + element - 1], before: table.elements[start + element])
            else { return }
            from = left.token
            languages.formIntersection(left.languages)
            element -= 1
        }
        element = anchor + 1
        while element < Int(sequence.count) {
            guard let right = toTheRight(of: to, table.elements[start + element]) else { return }
            to = right.token
            languages.formIntersection(right.languages)
            element += 1
        }
        let startByte = tokens[from].start
        let endByte = tokens[to].end
        if sequence.exact, !isExact(index, Int(startByte), Int(endByte)) { return }
        guard !languages.isEmpty else { return }
        hits.append(
            Hit(
                pattern: sequence.pattern, part: part, first: UInt32(from), last: UInt32(to), start: startByte,
                end: endByte, score: languages == .any ? sequence.score : min(sequence.score, Self.inflectedScore),
                languages: languages))
    }

    /// Hundredths, of what is found in another form.
    private static let inflectedScore: UInt8 = 95

    private typealias Step = (token: Int, languages: LanguageSet)

    private func toTheLeft(of from: Int, _ element: Element, before next: Element) -> Step? {
        var token = from
        for skipped in 0...Int(next.skip) {
            guard tokens[token].gap.isDisjoint(with: next.forbidden) else { return nil }
            let previous = preceding(token)
            guard previous >= range.lowerBound else { return nil }
            let languages = matches(element, previous, previous)
            if !languages.isEmpty { return (previous, languages) }
            var found: Step?
            forEachRunBefore(token) { run in
                guard found == nil else { return }
                let languages = matches(element, Int(run.first), Int(run.last))
                if !languages.isEmpty { found = (Int(run.first), languages) }
            }
            if let found { return found }
            if skipped == Int(next.skip) || previous == range.lowerBound { return nil }
            token = previous
        }
        return nil
    }

    private func toTheRight(of to: Int, _ element: Element) -> Step? {
        var token = to
        for skipped in 0...Int(element.skip) {
            let next = following(token)
            guard next < range.upperBound, tokens[next].gap.isDisjoint(with: element.forbidden) else { return nil }
            let languages = matches(element, next, next)
            if !languages.isEmpty { return (next, languages) }
            var found: Step?
            forEachRun(from: next) { run in
                guard found == nil else { return }
                let languages = matches(element, Int(run.first), Int(run.last))
                if !languages.isEmpty { found = (Int(run.last), languages) }
            }
            if let found { return found }
            if skipped == Int(element.skip) { return nil }
            token = next
        }
        return nil
    }

    private func matches(_ element: Element, _ first: Int, _ last: Int) -> LanguageSet {
        let token = tokens[first]
        if first == last, token.flags.contains(.suffix) { return [] }
        let unitStart = Int(token.unitStart)
        let count = unitEnd(last) - unitStart
        let wanted = Int(element.unitCount)
        var isSame: Bool
        switch element.kind {
        case .word: isSame = count == wanted
        case .prefix: isSame = count >= wanted
        case .initial: isSame = count == 1 && wanted == 1 && token.flags.contains(.upperInitial)
        }
        if isSame {
            let own = Int(element.unitStart)
            for offset in 0..<wanted where units[unitStart + offset] != table.units[own + offset] {
                isSame = false
                break
            }
        }
        if isSame { return .any }
        return element.lexeme == Element.none ? [] : languages(element.lexeme, first, last)
    }

    /// Whether the text is the pattern as it was written: canonically equal, spaces of any kind and number, and
    /// characters that nobody sees apart.
    private func isExact(_ index: Int, _ start: Int, _ end: Int) -> Bool {
        guard let wanted = table.exactTexts[UInt32(index)] else { return false }
        let surface = String(decoding: bytes[start..<end], as: UTF8.self)
        return surface == wanted || Surface.plain(surface) == wanted
    }
}
