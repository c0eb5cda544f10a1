package import Model

/// How near a watch came to a document that it does not match.
package struct NearMiss: Sendable, Hashable {
    /// 0 to 1: how like the nearest name is. 1 where what it looks for is there, and something else stood in the way: another
    /// condition, an exclusion, its feeds or languages.
    package var nearness: Double
    /// One step a line, for people.
    package var reasons: [String]
}

extension Matcher {
    /// Nil: the watch matches, there is none of this name, or nothing of what it looks for is there.
    ///
    /// Costs less than `explain`, for many documents: no term is compared with words that are only like it. Of watches with many
    /// names, the first 50 forms are compared.
    package func nearMiss(in document: MatchDocument, of watch: String) -> NearMiss? {
        Explainer(core: core).nearMiss(document, watch)
    }
}

extension Explainer {
    private static let mostReasons = 6

    fileprivate func nearMiss(_ document: MatchDocument, _ name: String) -> NearMiss? {
        guard let number = core.watches.firstIndex(where: { $0.name == name }) else { return nil }
        return core.withScratch { scratch in
            core.find(document, scratch, usingIndex: true)
            core.refer(document, scratch)
            var evaluation = Evaluation(
                watch: core.watches[number], core: core, document: document, hits: scratch.hits,
                references: core.references(number, scratch), language: core.language(of: document, scratch.buffer))
            if evaluation.holds(evaluation.watch.condition) {
                let reasons = scopeReasons(evaluation)
                return reasons.isEmpty ? nil : NearMiss(nearness: 1, reasons: reasons)
            }
            if comesNear(evaluation.watch.condition, &evaluation) {
                let words = Self.words(scratch.buffer)
                let reasons = scopeReasons(evaluation) + misses(evaluation.watch.condition, &evaluation, words)
                return NearMiss(nearness: 1, reasons: Array(reasons.prefix(Self.mostReasons)))
            }
            guard let person = likestPerson(evaluation, scratch) else { return nil }
            return NearMiss(nearness: person.likeness, reasons: Array(person.lines.prefix(Self.mostReasons)))
        }
    }

    /// Whether some of what has to be there is, and something else is missing or in the way.
    private func comesNear(_ condition: Condition, _ evaluation: inout Evaluation) -> Bool {
        switch condition {
        case .and(let parts):
            for part in parts {
                if part.isFound, evaluation.holds(part) { return true }
                if comesNear(part, &evaluation) { return true }
            }
            return false
        case .or(let parts):
            for part in parts where comesNear(part, &evaluation) { return true }
            return false
        case .near(let left, let right, _, _):
            return !evaluation.spans(left).isEmpty && !evaluation.spans(right).isEmpty
        case .loose(let slots, _): return slots.allSatisfy { !evaluation.found($0).isEmpty }
        case .mention(let mention): return !evaluation.judgements(mention).isEmpty
        case .slot, .not, .language, .feed, .tag: return false
        }
    }
}

extension Condition {
    /// Whether it holds by what stands in the text, and not by what does not, or by where the text comes from.
    fileprivate var isFound: Bool {
        switch self {
        case .slot, .near, .loose, .mention: true
        case .and(let parts): parts.contains(where: \.isFound)
        case .or(let parts): parts.allSatisfy(\.isFound)
        case .not, .language, .feed, .tag: false
        }
    }
}
