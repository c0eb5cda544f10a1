import Model
import TextAnalysis

/// Why a person was found, or what the nearest candidate lacked.
extension Explainer {
    /// Two words of a text beside two parts of a watched name.
    struct NameCandidate {
        struct Part {
            var written: String
            var word: String
            var likeness: Double
            /// The letters that stand for each other, and the ending.
            var trace: [String]
        }

        var form: NameForm
        var field: Field
        var parts: [Part]
        /// Parts of the name that are not there.
        var missing: [String]
        var isReversed: Bool
        /// The first condition that fails.
        var lack: String?

        var likeness: Double { parts.map(\.likeness).min() ?? 0 }
        var mean: Double { parts.reduce(0) { $0 + $1.likeness } / Double(max(1, parts.count)) }

        /// Its alias, where it is one, and the parts.
        var lines: [String] {
            (form.alias.map { ["  as the alias '\($0)':"] } ?? [])
                + parts.map { part in
                    let trace = part.trace.prefix(16).joined(separator: ", ")
                    return "  \(part.written) ~ \(part.word) \(Explainer.number(part.likeness))"
                        + (trace.isEmpty ? "" : " (\(trace))")
                }
        }
    }

    /// All of some names' candidates, the nearest first, found without the index.
    func candidates(_ patterns: Set<UInt32>, _ document: MatchDocument, _ scratch: MatcherCore.Scratch)
        -> [NameCandidate]
    {
        var table = NameTable()
        for form in core.names.forms where patterns.contains(form.pattern) && table.forms.count < 50 {
            table.add(form)
        }
        guard !table.isEmpty else { return [] }
        var result: [NameCandidate] = []
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
                let finder = NameFinder(
                    table: table, buffer: buffer, phones: phones, range: 0..<buffer.count,
                    runs: buffer.joined.indices, part: UInt32(number), hasCase: hasCase,
                    alignment: scratch.alignment, near: scratch.near)
                finder.notes = []
                var hits: [Hit] = []
                finder.find(&hits, usingIndex: false)
                let notes = (finder.notes ?? []).sorted { $0.likeness > $1.likeness }
                for note in notes.prefix(200) {
                    result.append(candidate(note, part.field, finder, shown))
                }
                if let single = single(table, finder, part.field, shown) { result.append(single) }
                result += chineseCandidates(table, buffer, shown, part.field, scratch.alignment)
            }
        }
        return result.sorted { $0.likeness > $1.likeness }
    }

    private func candidate(
        _ note: NameFinder.Note, _ field: Field, _ finder: NameFinder, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> NameCandidate {
        let form = note.form
        let tokens = finder.buffer.tokens
        var parts: [NameCandidate.Part] = []
        for found in note.parts {
            let word = Surface.plain(
                String(
                    decoding: bytes[Int(tokens[found.first].start)..<Int(tokens[found.last].end)], as: UTF8.self))
            let script = tokens[found.first].script
            let trace = NameTrace(
                form.parts[found.part], word, script,
                omitsVowels: script == .arabic && finder.omitsVowels(found.first))
            parts.append(
                NameCandidate.Part(
                    written: form.parts[found.part].written, word: word, likeness: found.likeness,
                    trace: trace.pairs + (trace.ending.isEmpty ? [] : [NameCases.text(trace.ending)])))
        }
        let there = note.parts.map(\.part)
        return NameCandidate(
            form: form, field: field, parts: parts,
            missing: form.parts.indices.filter { !there.contains($0) }.map { form.parts[$0].written },
            isReversed: there.count == 2 && there[0] > there[1], lack: lack(note, finder, bytes))
    }

    /// The word that comes nearest to a part of a name, where no two do.
    private func single(
        _ table: NameTable, _ finder: NameFinder, _ field: Field, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> NameCandidate? {
        var best: NameFinder.Note?
        for form in table.forms {
            for token in finder.range.prefix(2_000) where !finder.isSuffix(token) {
                for part in form.parts.indices {
                    guard let found = finder.compare(form, part, token), found.likeness >= 0.8,
                        found.likeness > best?.likeness ?? 0
                    else { continue }
                    best = NameFinder.Note(
                        form: form, likeness: found.likeness,
                        parts: [(part, found.first, found.last, found.likeness)])
                }
            }
        }
        guard let best else { return nil }
        var candidate = candidate(best, field, finder, bytes)
        candidate.lack = "not there: \(candidate.missing.joined(separator: ", "))"
        return candidate
    }

    private func lack(
        _ note: NameFinder.Note, _ finder: NameFinder, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> String? {
        let form = note.form
        let limits = NameFinder.Limits(form.match)
        let far = note.parts.filter { $0.likeness < limits.part }
        if !far.isEmpty { return "too far: " + far.map { form.parts[$0.part].written }.joined(separator: ", ") }
        let values = note.parts.map(\.likeness)
        if (values.max() ?? 0) < 0.92, (values.min() ?? 0) < 0.85 {
            return "both parts are doubtful: one must reach 0.92, or each 0.85"
        }
        guard note.parts.count == 2 else { return nil }
        let (last, first) = (note.parts[0].last, note.parts[1].first)
        let tokens = finder.buffer.tokens
        for index in (last + 1)..<(first + 1) where first > last {
            if tokens[index].gap.contains(.sentence) { return "a sentence ends between the parts" }
            if tokens[index].gap.contains(.other) { return "a sign that separates stands between the parts" }
            if tokens[index].gap.contains(.comma), index < first || note.parts[0].part != form.family {
                return "a comma stands between the parts"
            }
            if index < first, !tokens[index].flags.contains(.suffix), !finder.isInitial(index) {
                let word = String(
                    decoding: bytes[Int(tokens[index].start)..<Int(tokens[index].end)], as: UTF8.self)
                return "'\(Surface.plain(word))' stands between the parts"
            }
        }
        if let polite = form.polite, note.parts.map(\.part) == [polite.given, polite.father],
            let lack = polite.lack(form, values)
        {
            return lack
        }
        if finder.hasCase, let small = note.parts.first(where: { !finder.isCapital($0.first) }) {
            return "\(form.parts[small.part].written) is written small"
        }
        return nil
    }

    // MARK: Matches

    /// What was compared with what, and what the score is made of.
    func person(_ match: Match, _ evaluation: Evaluation, _ scratch: MatcherCore.Scratch) -> [String] {
        let ids = patterns(of: match.pattern, in: evaluation)
        let best = candidates(ids, evaluation.document, scratch).first { candidate in
            candidate.field == match.field && candidate.lack == nil
                && candidate.parts.allSatisfy { Surface.plain(match.text).contains($0.word) }
        }
        var lines: [String]
        let contexts = contextLines(match, evaluation)
        if let best {
            let order = best.isReversed ? ["\(best.parts[0].written) stands first"] : []
            // What surrounds the parts takes from their mean.
            let gone = contexts.isEmpty && !best.missing.isEmpty && match.score < best.mean - 0.015
            let missing = gone ? ["less for \(best.missing.joined(separator: ", ")), which may not be there"] : []
            lines = best.lines
            lines.append(
                "  score \(Self.number(match.score)): "
                    + (["mean of the parts \(Self.number(best.mean))"] + order + missing + contexts)
                    .joined(separator: ", ") + "; \(Self.limits(best.form.match))")
        } else {
            // Beside initials, the family name alone is compared.
            let isInitials = Surface.plain(match.text).contains(".")
            let alone = isInitials ? candidates(ids, document(of: match), scratch).first { $0.parts.count == 1 } : nil
            lines =
                (alone?.lines ?? []) + ["  \(spelling(match, ids, isInitials))", "  score \(Self.number(match.score))"]
            lines[lines.count - 1] += contexts.map { ", \($0)" }.joined()
            if let form = core.names.forms.first(where: { ids.contains($0.pattern) }) {
                lines[lines.count - 1] += "; \(Self.limits(form.match))"
            }
        }
        return lines
    }

    private func document(of match: Match) -> MatchDocument {
        MatchDocument(parts: [.init(match.field, match.text)])
    }

    private func patterns(of name: String, in evaluation: Evaluation) -> Set<UInt32> {
        let all = evaluation.watch.slots.filter { $0.role == .people }.flatMap(\.patterns)
        return Set(all.filter { core.patterns[Int($0)].written == name })
    }

    /// How a name was found other than by the sounds of two parts.
    private func spelling(_ match: Match, _ ids: Set<UInt32>, _ isInitials: Bool) -> String {
        if isInitials { return "the family name, with initials that fit: at most 0.86" }
        let aliases = ids.sorted().flatMap { core.patterns[Int($0)].aliases }
        guard let alias = ([match.pattern] + aliases).first(where: { isFound($0, in: match) }), alias != match.pattern
        else { return Self.spelling(match.pattern, Surface.plain(match.text)) ?? "as it is spelt" }
        let how = Self.spelling(alias, Surface.plain(match.text)).map { ": \($0)" } ?? " is spelt"
        return "as the alias '\(alias)'\(how)"
    }

    /// Whether one of a person's spellings is what was found.
    private func isFound(_ spelling: String, in match: Match) -> Bool {
        var watch = WatchSpec(name: match.pattern)
        watch.people = [PersonSpec(name: Located(spelling))]
        var ignored: [Issue] = []
        return !Matcher([watch], concepts: [], issues: &ignored).matches(in: document(of: match)).isEmpty
    }

    /// Which spelling of a Chinese name a text has; nil where it is none.
    private static func spelling(_ name: String, _ text: String) -> String? {
        let compiler = TermCompiler()
        if let chinese = ChineseName(PersonName(name, compiler)) {
            let units = Array(text.utf16)
            if text.unicodeScalars.allSatisfy(\.properties.isIdeographic) {
                let readings = units.compactMap { unit in
                    Pinyin.syllable(unit).map { "\(String(decoding: [unit], as: UTF16.self)) \($0)" }
                }
                return "characters that are read so: \(readings.joined(separator: ", "))"
            }
            let folded = compiler.fold(text).joined()
            let labels = zip(["pinyin", "Russian (Palladius)", "Wade-Giles", "Turkish"], Pinyin.Spelling.allCases)
            for (label, spelling) in labels {
                let words = chinese.words(spelling).map { compiler.fold($0).joined() }
                if words.allSatisfy(folded.contains) { return "its spelling in \(label)" }
            }
        }
        return nil
    }

    // MARK: Context

    private func mentions(_ condition: Condition) -> [Mention] {
        switch condition {
        case .mention(let mention): [mention]
        case .and(let parts), .or(let parts): parts.flatMap(mentions)
        default: []
        }
    }

    private func contextLines(_ match: Match, _ evaluation: Evaluation) -> [String] {
        for mention in mentions(evaluation.watch.condition) where mention.name == match.pattern {
            for judgement in evaluation.judgements(mention) where judgement.verdict == .accepted {
                guard let context = judgement.context, Int((match.score * 100).rounded()) == Int(judgement.score),
                    evaluation.document.parts[Int(judgement.hit.part)].field == match.field,
                    surface(judgement.hit, evaluation) == Surface.plain(match.text)
                else { continue }
                return [
                    "\(Self.number(Double(judgement.hit.score) / 100)) by the name alone, of whose doubt "
                        + "“\(surface(context, evaluation))” \(Self.words(judgement.distance)) away takes half"
                ]
            }
        }
        return []
    }

    private static func words(_ count: Int) -> String { count == 1 ? "1 word" : "\(count) words" }

    /// Mentions that there are, and why they do not count.
    func misses(_ mention: Mention, _ evaluation: Evaluation, _ words: [String]) -> [String] {
        let judgements = evaluation.judgements(mention)
        guard !judgements.isEmpty else { return [miss(evaluation.watch.slots[mention.sure], words)] }
        let far = "none of its 'near' terms stands within \(Self.words(mention.within))"
        var lines: [String] = []
        for judgement in judgements {
            let start = "people: “\(surface(judgement.hit, evaluation))” for '\(mention.name)' "
            let score = Self.number(Double(judgement.hit.score) / 100)
            let line: String
            switch judgement.verdict {
            case .accepted: continue
            case .weak: line = start + "is weak (\(score)), and \(far)"
            case .lacksNear: line = start + "has \(score), but \(far), and 'near_required' is on"
            case .somebodyElse:
                let term = judgement.context.map { surface($0, evaluation) } ?? ""
                line = start + "is somebody else: “\(term)” of 'not' stands \(Self.words(judgement.distance)) away"
            case .somebodyElseByAnother:
                line = start + "is somebody else, since a term of 'not' stands by another mention"
            }
            if !lines.contains(line) { lines.append(line) }
        }
        return Array(lines.prefix(4))
    }

    // MARK: Misses

    /// The two words of the text that come nearest to a watched name, and what they lack.
    func nearestPerson(_ evaluation: Evaluation, _ scratch: MatcherCore.Scratch) -> [String] {
        // Two parts of which neither is far; else one part that is there.
        let all = missedNames(evaluation, scratch)
        let pair = all.first { $0.parts.count > 1 && $0.likeness >= 0.3 }
        guard let best = pair ?? all.first(where: { $0.parts.contains { $0.likeness >= 0.86 } }) else { return [] }
        return lines(best, evaluation)
    }

    /// The same for many documents of which few come near: nil where no name is like enough to be taken for the watched one.
    func likestPerson(_ evaluation: Evaluation, _ scratch: MatcherCore.Scratch) -> (likeness: Double, lines: [String])?
    {
        let best = missedNames(evaluation, scratch).max { Self.nearness($0) < Self.nearness($1) }
        guard let best, Self.nearness(best) >= 0.5 else { return nil }
        return (Self.nearness(best), lines(best, evaluation))
    }

    /// One part alone says little: half of a family has it.
    private static func nearness(_ candidate: NameCandidate) -> Double {
        candidate.parts.count > 1 ? candidate.likeness : candidate.likeness * 0.6
    }

    /// Candidates for the names that were not found, the nearest first.
    private func missedNames(_ evaluation: Evaluation, _ scratch: MatcherCore.Scratch) -> [NameCandidate] {
        let watch = evaluation.watch
        let weak = Set(mentions(watch.condition).compactMap(\.weak))
        var ids: Set<UInt32> = []
        for (index, slot) in watch.slots.enumerated() where !weak.contains(index) && evaluation.found(index).isEmpty {
            ids.formUnion(slot.patterns.filter { core.patterns[Int($0)].kind == .person })
        }
        return ids.isEmpty ? [] : candidates(ids, evaluation.document, scratch)
    }

    private func lines(_ best: NameCandidate, _ evaluation: Evaluation) -> [String] {
        let name = core.patterns[Int(best.form.pattern)].written
        var lack = best.lack ?? "the sounds agree, but what stands between and around the parts speaks against it"
        if best.lack == nil,
            core.matches(in: evaluation.document, usingIndex: false).contains(where: { $0.pattern == name })
        {
            lack = "near enough, but passed over: a fault of the index, which Tocsin's makers want to know of"
        }
        return ["nearest to '\(name)' in \(best.field.rawValue):"]
            + best.lines + ["  \(lack) (\(Self.limits(best.form.match)))"]
    }

    private static func limits(_ match: PersonSpec.Strictness) -> String {
        let limits = NameFinder.Limits(match)
        return "\(match.rawValue) needs \(number(limits.whole)), each part \(number(limits.part))"
    }

    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
