import Model
import TextAnalysis

/// Why watches matched a document or did not, in lines for people.
struct Explainer {
    let core: MatcherCore

    func explain(_ document: MatchDocument, watch name: String?) -> [Explanation] {
        let scratch = MatcherCore.Scratch()
        core.find(document, scratch, usingIndex: true)
        core.refer(document, scratch)
        let language = core.language(of: document, scratch.buffer)
        let words = Self.words(scratch.buffer)
        let reporter = Reporter(core: core, document: document)
        return core.watches.indices.compactMap { number in
            let watch = core.watches[number]
            guard name == nil || watch.name == name else { return nil }
            var evaluation = Evaluation(
                watch: watch, core: core, document: document, hits: scratch.hits,
                references: core.references(number, scratch), language: language)
            var reasons: [String] = []
            if !evaluation.isInFeeds {
                reasons.append(
                    "scope: only for feeds \(Self.list(watch.feeds.sorted())); this is \(Self.feed(document))")
            }
            if !evaluation.isInLanguages {
                reasons.append(
                    "scope: only for languages \(Self.list(watch.languages.sorted())); this is "
                        + (language.map { "'\($0)'" } ?? "unknown")
                        + (document.language == nil ? " by its letters and words" : ""))
            }
            let isInScope = reasons.isEmpty
            let matched = evaluation.holds(watch.condition) && isInScope
            guard matched else {
                reasons += misses(watch.condition, &evaluation, words)
                reasons += nearestPerson(watch, evaluation, document, scratch)
                if evaluation.gaveUp { reasons.append("a regular expression was given up: it took too long") }
                return Explanation(watch: watch.name, matched: false, matches: [], reasons: reasons)
            }
            let matches = reporter.matches(&evaluation)
            for match in matches {
                reasons.append(line(match))
                if match.kind == .person { reasons += sounds(match, document, scratch, watch) }
            }
            return Explanation(watch: watch.name, matched: true, matches: matches, reasons: reasons)
        }
    }

    // MARK: Matches

    private func line(_ match: Match) -> String {
        let rules = match.kind != .term ? [] : Self.rules(match.text, Self.bare(match.pattern))
        let how: String
        switch match.kind {
        case .query: how = "by the query"
        case .person: how = "person '\(match.pattern)'"
        case .term:
            how =
                match.pattern.hasPrefix("/")
                ? "by \(match.pattern)"
                : "term '\(match.pattern)'" + (rules.isEmpty ? ", as written" : " (\(rules.joined(separator: "; ")))")
        }
        return "\(match.field.rawValue): “\(Surface.plain(match.text))” is \(how)"
    }

    /// What the fold made equal; or, where the words differ, by which language's rules each is a form of the term's.
    private static func rules(_ text: String, _ written: String) -> [String] {
        let compiler = TermCompiler()
        let (found, wanted) = (compiler.scan(text), compiler.scan(written))
        let forms = WordForms()
        var rules: [String] = []
        for word in found where !wanted.contains(where: { $0.hash == word.hash }) {
            guard let script = word.script else { continue }
            let rule = wanted.indices.lazy.compactMap { index -> String? in
                var use: WordUse = wanted.count > 1 ? .phraseEnd : []
                if wanted.count == 1, wanted[index].flags.contains(.upperInitial) { use.insert(.noun) }
                return forms.rule(
                    String(decoding: word.units, as: UTF16.self),
                    of: String(decoding: wanted[index].units, as: UTF16.self), use, script)
            }.first
            if let rule, !rules.contains(rule) { rules.append(rule) }
        }
        return rules.isEmpty ? FoldTrace.rules(text, written) : rules
    }

    // MARK: People

    /// What the parts of a name were compared with, best first: notes of every name of a watch, without the index.
    private func notes(
        _ patterns: Set<UInt32>, _ document: MatchDocument, _ scratch: MatcherCore.Scratch
    ) -> [(note: NameFinder.Note, form: NameForm, part: Int)] {
        var table = NameTable()
        for form in core.names.forms where patterns.contains(form.pattern) && table.forms.count < 50 {
            table.add(form)
        }
        guard !table.isEmpty else { return [] }
        var result: [(note: NameFinder.Note, form: NameForm, part: Int)] = []
        let tokenizer = Tokenizer()
        for (number, part) in document.parts.enumerated() where FieldSet.text.contains(FieldSet(part.field)) {
            let (buffer, phones) = (TokenBuffer(), PhoneBuffer())
            var text = part.text
            text.withUTF8 { bytes in
                // Names are looked for anew: enough of a long text to explain by.
                let shown = UnsafeBufferPointer(rebasing: bytes.prefix(8_000))
                tokenizer.scan(shown, into: buffer)
                let hasCase = NameFinder.hasCaseEvidence(buffer, 0..<buffer.count)
                phones.read(buffer, shown, onlyCapitals: hasCase)
                var finder = NameFinder(
                    table: table, buffer: buffer, phones: phones, range: 0..<buffer.count,
                    runs: buffer.joined.indices, part: UInt32(number), hasCase: hasCase,
                    alignment: scratch.alignment, near: scratch.near)
                finder.notes = []
                var hits: [Hit] = []
                finder.find(&hits, usingIndex: false)
                for note in finder.notes ?? [] {
                    if let form = table.forms.first(where: { $0.pattern == note.pattern }) {
                        let words = note.parts.map { part in
                            let start = Int(buffer.tokens[part.first].start)
                            let end = Int(buffer.tokens[part.last].end)
                            return Surface.plain(String(decoding: bytes[start..<end], as: UTF8.self))
                        }
                        var note = note
                        note.words = words
                        result.append((note, form, number))
                    }
                }
            }
        }
        return result.sorted { $0.note.likeness > $1.note.likeness }
    }

    /// `Tokayev ~ Тоқаевтың 0.96`, for each part of a name that was found.
    private func sounds(
        _ match: Match, _ document: MatchDocument, _ scratch: MatcherCore.Scratch, _ watch: CompiledWatch
    ) -> [String] {
        let ids = Set(core.patterns.indices.filter { core.patterns[$0].written == match.pattern }.map { UInt32($0) })
        guard
            let best = notes(ids, document, scratch).first(where: { entry in
                document.parts[entry.part].field == match.field
                    && entry.note.words.allSatisfy { Surface.plain(match.text).contains($0) }
            })
        else { return [] }
        return lines(best.note, best.form) + ["  score \(Self.number(match.score)), \(Self.limits(best.form.match))"]
    }

    private func lines(_ note: NameFinder.Note, _ form: NameForm) -> [String] {
        zip(note.parts, note.words).map { part, word in
            "  \(form.parts[part.part].written) ~ \(word) \(Self.number(part.likeness))"
        }
    }

    /// The two words of the text that come nearest to a watched name, and what they lack.
    private func nearestPerson(
        _ watch: CompiledWatch, _ evaluation: Evaluation, _ document: MatchDocument, _ scratch: MatcherCore.Scratch
    ) -> [String] {
        var ids: Set<UInt32> = []
        for (index, slot) in watch.slots.enumerated() where evaluation.found(index).isEmpty {
            ids.formUnion(slot.patterns.filter { core.patterns[Int($0)].kind == .person })
        }
        guard !ids.isEmpty, let best = notes(ids, document, scratch).first, best.note.likeness >= 0.3 else { return [] }
        let doubtful = best.note.parts.filter { $0.likeness < NameFinder.Limits(best.form.match).part }
        let lack =
            doubtful.isEmpty
            ? "  the sounds agree, but what stands between the parts, their letters' case or their order speaks against it"
            : "  too far: " + doubtful.map { best.form.parts[$0.part].written }.joined(separator: ", ")
        return [
            "nearest to '\(core.patterns[Int(best.note.pattern)].written)' in \(document.parts[best.part].field.rawValue):"
        ]
            + lines(best.note, best.form) + [lack + " (\(Self.limits(best.form.match)))"]
    }

    private static func limits(_ match: PersonSpec.Strictness) -> String {
        let limits = NameFinder.Limits(match)
        return "\(match.rawValue) needs \(number(limits.whole)), each part \(number(limits.part))"
    }

    private static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    private static func bare(_ pattern: String) -> String {
        String((pattern.hasPrefix("=") ? pattern.dropFirst() : pattern[...]).filter { $0 != "*" })
    }

    // MARK: Misses

    /// One line for each condition that failed.
    private func misses(_ condition: Condition, _ evaluation: inout Evaluation, _ words: [String]) -> [String] {
        if evaluation.holds(condition) { return [] }
        switch condition {
        case .and(let parts):
            var lines: [String] = []
            for part in parts { lines += misses(part, &evaluation, words) }
            return lines
        case .or(let parts):
            var lines = ["none of \(parts.count) alternatives holds:"]
            for part in parts.prefix(6) { lines += misses(part, &evaluation, words).map { "  " + $0 } }
            return lines
        case .not(let inner):
            if case .slot(let index) = inner, let reference = evaluation.found(index).first {
                let hit = evaluation.hits[Int(reference.hit)]
                return ["excluded: '\(core.patterns[Int(hit.pattern)].written)' occurs: “\(surface(hit, evaluation))”"]
            }
            return ["excluded: what the query rules out occurs"]
        case .near(let left, let right, let distance, let ordered):
            let found = (evaluation.spans(left).isEmpty, evaluation.spans(right).isEmpty)
            if !found.0, !found.1 {
                return ["both sides of NEAR/\(distance) occur, but not that close" + (ordered ? " in this order" : "")]
            }
            return (found.0 ? misses(left, &evaluation, words) : [])
                + (found.1 ? misses(right, &evaluation, words) : [])
        case .loose(let slots, let slop):
            var lines: [String] = []
            for slot in slots { lines += misses(.slot(slot), &evaluation, words) }
            return lines.isEmpty
                ? ["the words of the phrase occur, but with more than \(slop) others among them"] : lines
        case .language(let wanted): return ["the language is '\(evaluation.language ?? "unknown")', not '\(wanted)'"]
        case .feed(let name): return ["the feed is not '\(name)': it is \(Self.feed(evaluation.document))"]
        case .tag(let name): return ["the feed has no tag '\(name)': it is \(Self.feed(evaluation.document))"]
        case .slot(let index): return [miss(evaluation.watch.slots[index], words)]
        }
    }

    /// The pattern of a slot that comes nearest: the one of whose words most are there.
    private func miss(_ slot: Slot, _ words: [String]) -> String {
        let compiler = TermCompiler()
        let known = Set(words)
        var best: (share: Double, line: String)?
        for id in slot.patterns.prefix(2_000) {
            let written = core.patterns[Int(id)].written
            let wanted = compiler.fold(Self.bare(written))
            guard !wanted.isEmpty else { continue }
            let present = wanted.filter(known.contains)
            var share = Double(present.count) / Double(wanted.count)
            var line = "'\(written)' does not occur"
            if present.count == wanted.count {
                line += ": its words do, but not together in this order, or with other letters than '=' asks for"
            } else if !present.isEmpty {
                line += ": of its words, only \(Self.list(present))"
            } else if let near = nearest(wanted[0], known) {
                share = 0.01
                line += "; the nearest word is '\(near)'"
            }
            if share > best?.share ?? -1 { best = (share, line) }
        }
        let role: String
        switch slot.role {
        case .any:
            role =
                slot.patterns.count + slot.regexes.count > 1
                ? "any: none of \(slot.patterns.count + slot.regexes.count) terms occurs; " : "any: "
        case .all: role = "all: "
        case .none: role = "none: "
        case .people: role = slot.patterns.count > 1 ? "people: none of \(slot.patterns.count) occurs; " : "people: "
        case .query: role = "query: "
        }
        return role + (best?.line ?? "'\(slot.label)' does not occur")
    }

    private func nearest(_ word: String, _ known: Set<String>) -> String? {
        guard word.unicodeScalars.count >= 4 else { return nil }
        return NearestName.find(word, among: known.sorted())
    }

    private func surface(_ hit: Hit, _ evaluation: Evaluation) -> String {
        var text = evaluation.document.parts[Int(hit.part)].text
        return text.withUTF8 {
            Surface.plain(String(decoding: $0[Int(hit.start)..<Int(hit.end)], as: UTF8.self))
        }
    }

    private static func words(_ buffer: TokenBuffer) -> [String] {
        let single = (0..<min(buffer.count, 20_000)).map {
            String(decoding: buffer.units(of: buffer.tokens[$0]), as: UTF16.self)
        }
        return single
    }

    private static func feed(_ document: MatchDocument) -> String {
        let name = document.feedName.map { "'\($0)'" } ?? "a feed without a name"
        return document.feedTags.isEmpty ? name : "\(name) with the tags \(list(document.feedTags))"
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(8).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 8 ? " …" : "")
    }
}
