/// A person who is known by more than the name: slots of one watch.
struct Mention: Sendable {
    /// Filled by the name as its level asks for it, and by the next looser level.
    var sure: Int
    var weak: Int?
    var near: Int?
    var not: Int?
    /// Words between a mention and its context, at most.
    var within: Int
    var needsNear: Bool
    /// As the user wrote it.
    var name: String
}

/// One mention of a name, and what the words around it say.
struct MentionJudgement {
    enum Verdict {
        case accepted
        /// Below the level, and nothing near lifts it.
        case weak
        /// The watch asks for a term of `near`.
        case lacksNear
        /// A term of `not` is close to this mention; or to another one, which settles who the item means.
        case somebodyElse
        case somebodyElseByAnother
    }

    var hit: Hit
    var isWeak: Bool
    var verdict: Verdict
    /// The closest term of `near`, or that of `not` which rules the mention out, and how many words lie between.
    var context: Hit?
    var distance = 0
    /// With what the context adds.
    var score: UInt8

    var accepted: Evaluation.Span? {
        guard verdict == .accepted else { return nil }
        return Evaluation.Span(
            part: hit.part, first: hit.first, last: hit.last, start: hit.start, end: hit.end, score: score)
    }
}

extension Evaluation {
    /// Every mention of a person, with its verdict.
    ///
    /// A term of `near` takes half of the doubt away: 0.74, the least of `loose`, becomes 0.87, and 0.84, the least of
    /// `normal`, 0.92. So each level's weakest hit reaches the level above it.
    func judgements(_ mention: Mention) -> [MentionJudgement] {
        let sure = found(mention.sure).map { (hit: hits[Int($0.hit)], isWeak: false) }
        var weak: [(hit: Hit, isWeak: Bool)] = []
        for reference in mention.weak.map(found) ?? [] {
            let hit = hits[Int(reference.hit)]
            if sure.allSatisfy({ Self.gap($0.hit, hit) != nil }) { weak.append((hit, true)) }
        }
        let near = mention.near.map(found) ?? []
        let not = mention.not.map(found) ?? []
        var judgements = (sure + weak).map { found in
            var judgement = MentionJudgement(
                hit: found.hit, isWeak: found.isWeak, verdict: .accepted, score: found.hit.score)
            if let (term, distance) = closest(not, to: found.hit, mention.within) {
                (judgement.verdict, judgement.context, judgement.distance) = (.somebodyElse, term, distance)
            } else if let (term, distance) = closest(near, to: found.hit, mention.within) {
                (judgement.context, judgement.distance) = (term, distance)
                judgement.score = UInt8(min(100, 50 + (Int(found.hit.score) + 1) / 2))
            } else if mention.needsNear {
                judgement.verdict = .lacksNear
            } else if found.isWeak {
                judgement.verdict = .weak
            }
            return judgement
        }
        // One mention beside a term of `not` says who is meant throughout, save where a term of `near` says otherwise.
        if judgements.contains(where: { $0.verdict == .somebodyElse }) {
            for index in judgements.indices where judgements[index].context == nil {
                judgements[index].verdict = .somebodyElseByAnother
            }
        }
        return judgements
    }

    /// Words between two hits; nil when they share one. Fields follow each other: what ends a title is close to what
    /// begins the text.
    private static func gap(_ one: Hit, _ other: Hit) -> Int? {
        if other.first > one.last { return Int(other.first - one.last) - 1 }
        if one.first > other.last { return Int(one.first - other.last) - 1 }
        return nil
    }

    private func closest(
        _ references: ArraySlice<Reference>, to hit: Hit, _ within: Int
    ) -> (term: Hit, distance: Int)? {
        var best: (term: Hit, distance: Int)?
        for reference in references {
            let term = hits[Int(reference.hit)]
            guard let distance = Self.gap(hit, term), distance <= within, distance < best?.distance ?? .max else {
                continue
            }
            best = (term, distance)
        }
        return best
    }
}
