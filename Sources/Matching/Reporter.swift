import Model
import TextAnalysis

/// What is told of a watch that matched: a few places for each pattern and field.
struct Reporter {
    static let placesPerPattern = 3

    let core: MatcherCore
    let document: MatchDocument

    private struct Place {
        var kind: Match.Kind
        /// What the user wrote.
        var pattern: String
        var isPlain: Bool
        var span: Evaluation.Span
    }

    func matches(_ evaluation: inout Evaluation) -> [Match] {
        let watch = evaluation.watch
        var places: [Place] = []
        collect(watch.condition, &evaluation, &places)
        if places.isEmpty { return beginning(watch) }
        places = closest(places)
        places.sort { left, right in
            (left.span.part, left.span.start, left.span.end, left.pattern)
                < (right.span.part, right.span.start, right.span.end, right.pattern)
        }
        return capped(places).map { match($0, watch) }
    }

    /// The places of everything that is not excluded. Asks again, because a condition can hold by less than all of it.
    private func collect(_ condition: Condition, _ evaluation: inout Evaluation, _ places: inout [Place]) {
        switch condition {
        case .and(let parts), .or(let parts):
            for part in parts where evaluation.holds(part) { collect(part, &evaluation, &places) }
        case .not, .language, .feed, .tag: break
        case .near, .loose:
            for span in evaluation.spans(condition) {
                places.append(
                    Place(kind: .query, pattern: evaluation.watch.query ?? "", isPlain: false, span: span))
            }
        case .mention(let mention):
            for span in evaluation.spans(condition) {
                places.append(Place(kind: .person, pattern: mention.name, isPlain: false, span: span))
            }
        case .slot(let index):
            let slot = evaluation.watch.slots[index]
            for reference in evaluation.found(index) {
                let hit = evaluation.hits[Int(reference.hit)]
                let pattern = core.patterns[Int(hit.pattern)]
                let kind: Match.Kind = slot.role == .query ? .query : pattern.kind == .person ? .person : .term
                places.append(
                    Place(
                        kind: kind, pattern: slot.role == .query ? evaluation.watch.query ?? "" : pattern.written,
                        isPlain: pattern.kind == .term, span: span(hit)))
            }
            for regex in slot.regexes {
                let written = slot.role == .query ? evaluation.watch.query ?? "" : "/\(core.regexTexts[regex])/"
                for hit in evaluation.regexSpans(regex, slot.fields) {
                    places.append(
                        Place(
                            kind: slot.role == .query ? .query : .term, pattern: written, isPlain: false,
                            span: span(hit)))
                }
            }
        }
    }

    private func span(_ hit: Hit) -> Evaluation.Span {
        Evaluation.Span(
            part: hit.part, first: hit.first, last: hit.last, start: hit.start, end: hit.end, score: hit.score)
    }

    /// Where two terms of one watch stand at the same place because folding makes them one word, the one that is
    /// written as the text has it is the find.
    private func closest(_ places: [Place]) -> [Place] {
        struct Key: Hashable {
            var part: UInt32
            var start: UInt32
            var end: UInt32
        }
        var best: [Key: Int] = [:]
        var shared = false
        for place in places where place.isPlain {
            let key = Key(part: place.span.part, start: place.span.start, end: place.span.end)
            if best.updateValue(0, forKey: key) != nil { shared = true }
        }
        guard shared else { return places }
        let rated = places.map { place in
            place.isPlain ? Likeness.hundredths(surface(place.span), place.pattern, place.span.score) : 0
        }
        for (place, rate) in zip(places, rated) where place.isPlain {
            let key = Key(part: place.span.part, start: place.span.start, end: place.span.end)
            best[key] = max(best[key] ?? 0, rate)
        }
        return zip(places, rated).filter { place, rate in
            guard place.isPlain else { return true }
            return rate == best[Key(part: place.span.part, start: place.span.start, end: place.span.end)]
        }.map(\.0)
    }

    private func capped(_ places: [Place]) -> [Place] {
        struct Key: Hashable {
            var pattern: String
            var kind: Match.Kind
            var field: Field
        }
        var seen: [Key: [Evaluation.Span]] = [:]
        var result: [Place] = []
        for place in places {
            let key = Key(
                pattern: place.pattern, kind: place.kind, field: document.parts[Int(place.span.part)].field)
            let known = seen[key, default: []]
            // The same words found in two ways are one place.
            if let same = known.lastIndex(where: {
                $0.part == place.span.part && $0.start < place.span.end && place.span.start < $0.end
            }) {
                if place.kind != .query, place.span.end - place.span.start <= known[same].end - known[same].start {
                    continue
                }
                if known[same].start == place.span.start, known[same].end == place.span.end { continue }
            }
            guard known.count < Self.placesPerPattern else { continue }
            seen[key, default: []].append(place.span)
            result.append(place)
        }
        return result
    }

    private func surface(_ span: Evaluation.Span) -> String {
        var text = document.parts[Int(span.part)].text
        return text.withUTF8 { String(decoding: $0[Int(span.start)..<Int(span.end)], as: UTF8.self) }
    }

    private func match(_ place: Place, _ watch: CompiledWatch) -> Match {
        let part = document.parts[Int(place.span.part)]
        var text = part.text
        let (found, context) = text.withUTF8 { bytes in
            (
                String(decoding: bytes[Int(place.span.start)..<Int(place.span.end)], as: UTF8.self),
                Surface.context(bytes, Int(place.span.start), Int(place.span.end))
            )
        }
        let score =
            place.isPlain ? Likeness.hundredths(found, place.pattern, place.span.score) : Int(place.span.score)
        return Match(
            watch: watch.name, kind: place.kind, pattern: place.pattern, field: part.field, text: found,
            score: Double(score) / 100, context: context)
    }

    /// A watch that names feeds or languages and no words has matched the item as a whole.
    private func beginning(_ watch: CompiledWatch) -> [Match] {
        guard let part = document.parts.first(where: { !$0.text.isEmpty }) else { return [] }
        let text = String(part.text.prefix(80))
        return [
            Match(
                watch: watch.name, kind: .query, pattern: watch.query ?? "", field: part.field, text: text, score: 1,
                context: Surface.plain(text))
        ]
    }
}

/// How alike a text and the term that found it are.
enum Likeness {
    /// 100: the same letters but for case and invisible characters. 98: folding made them equal.
    static func hundredths(_ text: String, _ written: String, _ score: UInt8) -> Int {
        guard score == 100 else { return Int(score) }
        if text.utf8.elementsEqual(written.utf8) { return 100 }
        return letters(text) == letters(written) ? 100 : 98
    }

    private static func letters(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars
        where scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || scalar.properties.canonicalCombiningClass != .notReordered
        {
            result.append(scalar)
        }
        return String(result)
    }
}
