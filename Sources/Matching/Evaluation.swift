import Model
import TextAnalysis

/// One watch on one document: which conditions hold, and where.
struct Evaluation {
    /// A hit under the slot that it fills.
    struct Reference {
        var watch: UInt32
        var slot: UInt32
        var hit: UInt32
    }

    /// A stretch of tokens in one field.
    struct Span: Hashable {
        var part: UInt32
        var first: UInt32
        var last: UInt32
        var start: UInt32
        var end: UInt32
        var score: UInt8
    }

    let watch: CompiledWatch
    let core: MatcherCore
    let document: MatchDocument
    let hits: [Hit]
    /// This watch's, in the order of slots and then of hits.
    let references: ArraySlice<Reference>
    let language: String?
    private var regexHits: [Int: [Hit]] = [:]
    private(set) var gaveUp = false

    init(
        watch: CompiledWatch, core: MatcherCore, document: MatchDocument, hits: [Hit],
        references: ArraySlice<Reference>, language: String?
    ) {
        self.watch = watch
        self.core = core
        self.document = document
        self.hits = hits
        self.references = references
        self.language = language
    }

    /// Whether the watch is for this feed and language at all. An unknown language passes.
    var isInScope: Bool { isInFeeds && isInLanguages }

    var isInFeeds: Bool {
        guard !watch.feeds.isEmpty else { return true }
        if let name = document.feedName, watch.feeds.contains(name.lowercased()) { return true }
        return document.feedTags.contains { watch.feeds.contains($0.lowercased()) }
    }

    var isInLanguages: Bool {
        guard !watch.languages.isEmpty, let language else { return true }
        return watch.languages.contains(language)
    }

    // MARK: Truth

    mutating func holds(_ condition: Condition) -> Bool {
        switch condition {
        case .slot(let index): return isFilled(index)
        case .and(let parts):
            for part in parts where !holds(part) { return false }
            return true
        case .or(let parts):
            for part in parts where holds(part) { return true }
            return false
        case .not(.language(let excluded)): return language != excluded
        case .not(let inner): return !holds(inner)
        case .near, .loose, .mention: return !spans(condition).isEmpty
        case .language(let wanted): return language == nil || language == wanted
        case .feed(let name): return document.feedName?.lowercased() == name
        case .tag(let name): return document.feedTags.contains { $0.lowercased() == name }
        }
    }

    mutating func isFilled(_ slot: Int) -> Bool {
        if !found(slot).isEmpty { return true }
        return watch.slots[slot].regexes.contains { !regexSpans($0, watch.slots[slot].fields).isEmpty }
    }

    func found(_ slot: Int) -> ArraySlice<Reference> {
        // Few references a watch: a walk is quicker than a search.
        guard let first = references.firstIndex(where: { Int($0.slot) >= slot }) else { return [] }
        var end = first
        while end < references.endIndex, Int(references[end].slot) == slot { end += 1 }
        return references[first..<end]
    }

    mutating func regexSpans(_ index: Int, _ fields: FieldSet) -> [Hit] {
        if regexHits[index] == nil {
            var all: [Hit] = []
            for (number, part) in document.parts.enumerated() {
                var text = part.text
                let found = text.withUTF8 { core.regexes[index].find(in: $0) }
                gaveUp = gaveUp || found.gaveUp
                all += found.ranges.map {
                    Hit(
                        pattern: .max, part: UInt32(number), first: 0, last: 0, start: UInt32(clamping: $0.lowerBound),
                        end: UInt32(clamping: $0.upperBound), score: 100)
                }
            }
            regexHits[index] = all
        }
        return (regexHits[index] ?? []).filter { fields.contains(FieldSet(document.parts[Int($0.part)].field)) }
    }

    // MARK: Places

    /// Where a condition that has places stands, in the order of the text.
    mutating func spans(_ condition: Condition) -> [Span] {
        switch condition {
        case .slot(let index):
            var result: [Span] = []
            for reference in found(index) {
                let hit = hits[Int(reference.hit)]
                result.append(
                    Span(
                        part: hit.part, first: hit.first, last: hit.last, start: hit.start, end: hit.end,
                        score: hit.score))
            }
            return sorted(result)
        case .or(let parts):
            var result: [Span] = []
            for part in parts { result += spans(part) }
            return sorted(result)
        case .mention(let mention): return sorted(judgements(mention).compactMap(\.accepted))
        case .near(let left, let right, let distance, let ordered):
            return near(spans(left), spans(right), UInt32(distance), ordered)
        case .loose(let slots, let slop):
            var lists: [[Span]] = []
            for slot in slots {
                lists.append(Array(spans(.slot(slot)).prefix(2_000)))
                if lists[lists.count - 1].isEmpty { return [] }
            }
            return loose(lists, slop)
        case .and, .not, .language, .feed, .tag: return []
        }
    }

    private func sorted(_ spans: [Span]) -> [Span] {
        Array(Set(spans)).sorted { ($0.part, $0.first, $0.last) < ($1.part, $1.first, $1.last) }
    }

    /// Pairs with at most `distance` words from the end of one to the beginning of the other; no two share a word.
    private func near(_ left: [Span], _ right: [Span], _ distance: UInt32, _ ordered: Bool) -> [Span] {
        var result: [Span] = []
        var window = 0
        for one in left {
            while window < right.count,
                (right[window].part, UInt64(right[window].first) + UInt64(distance) + 128)
                    < (one.part, UInt64(one.first))
            { window += 1 }
            var index = window
            while index < right.count, right[index].part <= one.part {
                let other = right[index]
                index += 1
                guard other.part == one.part else { continue }
                if other.first > one.last {
                    if other.first - one.last > distance { break }
                } else if other.last < one.first {
                    if ordered || one.first - other.last > distance { continue }
                } else {
                    continue
                }
                result.append(
                    Span(
                        part: one.part, first: min(one.first, other.first), last: max(one.last, other.last),
                        start: min(one.start, other.start), end: max(one.end, other.end),
                        score: min(one.score, other.score)))
                if result.count >= 1_000 { return sorted(result) }
            }
        }
        return sorted(result)
    }

    /// For each place of the first list, the closest choice of one place from each other list.
    private func loose(_ lists: [[Span]], _ slop: Int) -> [Span] {
        var result: [Span] = []
        let reach = UInt32(slop + lists.count * 8)
        for seed in lists[0].prefix(500) {
            var chosen = [seed]
            for list in lists.dropFirst() {
                let best = list.filter { candidate in
                    candidate.part == seed.part && candidate.first + reach >= seed.first
                        && candidate.first <= seed.last + reach
                        && chosen.allSatisfy { $0.last < candidate.first || candidate.last < $0.first }
                }.min { abs(Int($0.first) - Int(seed.first)) < abs(Int($1.first) - Int(seed.first)) }
                guard let best else { break }
                chosen.append(best)
            }
            guard chosen.count == lists.count else { continue }
            let first = chosen.map(\.first).min() ?? seed.first
            let last = chosen.map(\.last).max() ?? seed.last
            let words = chosen.reduce(0) { $0 + Int($1.last - $1.first) + 1 }
            guard Int(last - first) + 1 - words <= slop else { continue }
            result.append(
                Span(
                    part: seed.part, first: first, last: last, start: chosen.map(\.start).min() ?? seed.start,
                    end: chosen.map(\.end).max() ?? seed.end, score: chosen.map(\.score).min() ?? 100))
        }
        return sorted(result)
    }
}
