import Model
import TextAnalysis

/// Why watches matched a document or did not, in lines for people.
struct Explainer {
    let core: MatcherCore
    /// Asked before each watch and each name or term that is compared; false ends it there, with what is known by then.
    var goesOn: @Sendable () -> Bool = { true }

    /// - Parameter names: of the watches to explain. Nil: all of them.
    func explain(_ document: MatchDocument, watches names: Set<String>?) -> [Explanation] {
        let scratch = MatcherCore.Scratch()
        core.find(document, scratch, usingIndex: true)
        core.refer(document, scratch)
        let language = core.language(of: document, scratch.buffer)
        let words = Self.words(scratch.buffer)
        let reporter = Reporter(core: core, document: document)
        return core.watches.indices.compactMap { number in
            let watch = core.watches[number]
            guard names?.contains(watch.name) ?? true, goesOn() else { return nil }
            var evaluation = Evaluation(
                watch: watch, core: core, document: document, hits: scratch.hits,
                references: core.references(number, scratch), language: language)
            var reasons = scopeReasons(evaluation)
            let isInScope = reasons.isEmpty
            let matched = evaluation.holds(watch.condition) && isInScope
            guard matched else {
                reasons += misses(watch.condition, &evaluation, words)
                reasons += nearestPerson(evaluation, scratch)
                if evaluation.gaveUp { reasons.append("a regular expression was given up: it took too long") }
                return Explanation(watch: watch.name, matched: false, matches: [], reasons: reasons)
            }
            let matches = reporter.matches(&evaluation)
            for match in matches {
                reasons.append(line(match, evaluation))
                if match.kind == .person, goesOn() { reasons += person(match, evaluation, scratch) }
            }
            return Explanation(watch: watch.name, matched: true, matches: matches, reasons: reasons)
        }
    }

    /// Why the watch is not for this feed or language.
    func scopeReasons(_ evaluation: Evaluation) -> [String] {
        let watch = evaluation.watch
        let document = evaluation.document
        var reasons: [String] = []
        if !evaluation.isInFeeds {
            reasons.append("scope: only for feeds \(Self.list(watch.feeds.sorted())); this is \(Self.feed(document))")
        }
        if !evaluation.isInLanguages {
            reasons.append(
                "scope: only for languages \(Self.list(watch.languages.sorted())); this is "
                    + (evaluation.language.map { "'\($0)'" } ?? "unknown")
                    + (document.language == nil ? " by its letters and words" : ""))
        }
        return reasons
    }

    // MARK: Matches

    private func line(_ match: Match, _ evaluation: Evaluation) -> String {
        let rules = match.kind != .term ? [] : Self.allRules(match.text, match.pattern)
        let how: String
        switch match.kind {
        case .query: how = "by the query" + fillings(match, evaluation)
        case .person: how = "person '\(match.pattern)'"
        case .term:
            how =
                match.pattern.hasPrefix("/")
                ? "by \(match.pattern)"
                : "term '\(match.pattern)'" + (rules.isEmpty ? ", as written" : " (\(rules.joined(separator: "; ")))")
        }
        return "\(match.field.rawValue): “\(Surface.plain(match.text))” is \(how)"
    }

    /// The terms and people of a query that stand in what is quoted, each with the rules that equated them.
    private func fillings(_ match: Match, _ evaluation: Evaluation) -> String {
        var found: [String] = []
        for reference in evaluation.references {
            let hit = evaluation.hits[Int(reference.hit)]
            let pattern = core.patterns[Int(hit.pattern)]
            let text = surface(hit, evaluation)
            guard evaluation.watch.slots[Int(reference.slot)].role == .query,
                evaluation.document.parts[Int(hit.part)].field == match.field,
                Surface.plain(match.text).contains(text)
            else { continue }
            let rules = pattern.kind == .person ? [] : Self.allRules(text, pattern.written)
            let filling = "'\(pattern.written)'" + (rules.isEmpty ? "" : " (\(rules.joined(separator: "; ")))")
            if !found.contains(filling) { found.append(filling) }
        }
        return found.isEmpty ? "" : ": \(found.prefix(6).joined(separator: ", "))"
    }

    private static func allRules(_ text: String, _ written: String) -> [String] {
        guard written.contains("*") else { return rules(text, bare(written)) }
        // Each word by itself: what `*` stands for is no other form of a word.
        let compiler = TermCompiler()
        let isWhole = compiler.fold(text) == compiler.fold(bare(written))
        return isWhole ? rules(text, bare(written)) : ["any ending for *"]
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

    private static func bare(_ pattern: String) -> String {
        String((pattern.hasPrefix("=") ? pattern.dropFirst() : pattern[...]).filter { $0 != "*" })
    }

    // MARK: Misses

    /// One line for each condition that failed.
    func misses(_ condition: Condition, _ evaluation: inout Evaluation, _ words: [String]) -> [String] {
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
        case .mention(let mention): return misses(mention, evaluation, words)
        case .language(let wanted): return ["the language is '\(evaluation.language ?? "unknown")', not '\(wanted)'"]
        case .feed(let name): return ["the feed is not '\(name)': it is \(Self.feed(evaluation.document))"]
        case .tag(let name): return ["the feed has no tag '\(name)': it is \(Self.feed(evaluation.document))"]
        case .slot(let index): return [miss(evaluation.watch.slots[index], words)]
        }
    }

    /// The pattern of a slot that comes nearest: the one of whose words most are there.
    func miss(_ slot: Slot, _ words: [String]) -> String {
        let compiler = TermCompiler()
        let known = Set(words)
        var best: (share: Double, line: String)?
        for id in slot.patterns.prefix(2_000) where goesOn() {
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
        case .context: role = "context: "
        }
        return role + (best?.line ?? "'\(slot.label)' does not occur")
    }

    private func nearest(_ word: String, _ known: Set<String>) -> String? {
        guard word.unicodeScalars.count >= 4 else { return nil }
        return NearestName.find(word, among: known.sorted())
    }

    func surface(_ hit: Hit, _ evaluation: Evaluation) -> String {
        var text = evaluation.document.parts[Int(hit.part)].text
        return text.withUTF8 {
            Surface.plain(String(decoding: $0[Int(hit.start)..<Int(hit.end)], as: UTF8.self))
        }
    }

    static func words(_ buffer: TokenBuffer) -> [String] {
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
