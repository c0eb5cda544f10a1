package import Model
import Synchronization
import TextAnalysis

/// Watches compiled to one immutable value: shared by any number of threads, replaced whole on reload.
///
/// A text is read once; each of its words is looked up among the rarest words of all watches, and only watches of which
/// something was found are tried. So the cost is the text's, hardly the number of watches.
package struct Matcher: Sendable {
    let core: MatcherCore

    /// - Parameter issues: faults of the watches, each with its place; the watch or the term in question is left out.
    package init(_ watches: [WatchSpec], concepts: [Concept], issues: inout [Issue]) {
        core = MatcherCore(watches, concepts: concepts, issues: &issues)
    }

    /// The places where watches were found, in the order of the watches; at most three a pattern and field.
    package func matches(in document: MatchDocument) -> [Match] {
        core.matches(in: document, usingIndex: true)
    }

    /// Why each watch matched, or what it lacked. Nil: all watches.
    package func explain(_ document: MatchDocument, watch: String?) -> [Explanation] {
        Explainer(core: core).explain(document, watches: watch.map { [$0] })
    }

    /// The same of some watches, while `goesOn` says so: to explain takes much longer than to match, most of it for names that are not there.
    /// Those whose turn does not come are left out; one that was under way may have fewer reasons.
    package func explain(
        _ document: MatchDocument, watches: Set<String>, while goesOn: @escaping @Sendable () -> Bool = { true }
    ) -> [Explanation] {
        watches.isEmpty ? [] : Explainer(core: core, goesOn: goesOn).explain(document, watches: watches)
    }

    /// The same by comparing every pattern at every place, for tests: the index must not change what is found.
    package func matchesByBruteForce(in document: MatchDocument) -> [Match] {
        core.matches(in: document, usingIndex: false)
    }
}

/// What a matcher consists of.
final class MatcherCore: Sendable {
    let patterns: [Pattern]
    let terms: TermTable
    let names: NameTable
    let chineseNames: ChineseTable
    let regexes: [RegexPattern]
    let regexTexts: [String]
    let watches: [CompiledWatch]
    /// Watches to try on every item.
    let alwaysTried: [Int]
    /// Fields that some watch looks at.
    let fields: FieldSet
    let needsLanguage: Bool
    /// Whether somebody is watched.
    let hasPeople: Bool
    /// Slots that a pattern fills: `slotStarts[p]..<slotStarts[p + 1]`.
    let slotStarts: [UInt32]
    let slotOwners: [(watch: UInt32, slot: UInt32)]
    private let tokenizer = Tokenizer()
    private let idle = Mutex<[Scratch]>([])

    /// Memory of one call, used again by the next.
    final class Scratch: @unchecked Sendable {
        // Owned by one call at a time: taken out of `idle` for it.
        let buffer = TokenBuffer()
        let phones = PhoneBuffer()
        let forms = FormBuffer()
        let alignment = NameAlignment()
        let near = NearParts()
        let han = HanSearch()
        var hits: [Hit] = []
        var references: [Evaluation.Reference] = []
    }

    init(_ specs: [WatchSpec], concepts: [Concept], issues: inout [Issue]) {
        var compiler = WatchCompiler(concepts: concepts)
        for spec in specs { compiler.compile(spec) }
        compiler.finish()
        issues += compiler.issues
        patterns = compiler.patterns
        terms = compiler.terms
        names = compiler.names
        chineseNames = compiler.chineseNames
        regexes = compiler.regexes
        regexTexts = compiler.regexTexts
        watches = compiler.watches
        alwaysTried = watches.indices.filter { compiler.watches[$0].isAlwaysTried }

        var fields = FieldSet()
        var counts = Array(repeating: UInt32(0), count: compiler.patterns.count + 1)
        for watch in watches {
            for slot in watch.slots {
                fields.formUnion(slot.fields)
                for pattern in slot.patterns { counts[Int(pattern) + 1] += 1 }
            }
        }
        for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
        var owners = Array(repeating: (watch: UInt32(0), slot: UInt32(0)), count: Int(counts.last ?? 0))
        var next = counts
        for (number, watch) in watches.enumerated() {
            for (slotNumber, slot) in watch.slots.enumerated() {
                for pattern in slot.patterns {
                    owners[Int(next[Int(pattern)])] = (UInt32(number), UInt32(slotNumber))
                    next[Int(pattern)] += 1
                }
            }
        }
        self.fields = fields
        slotStarts = counts
        slotOwners = owners
        hasPeople = compiler.patterns.contains { if case .person = $0.kind { true } else { false } }
        needsLanguage = watches.contains { !$0.languages.isEmpty || $0.condition.asksForLanguage }
    }

    /// Gives `body` the memory of one call.
    func withScratch<Value>(_ body: (Scratch) -> Value) -> Value {
        let scratch = idle.withLock { $0.popLast() } ?? Scratch()
        defer {
            idle.withLock { if $0.count < 16 { $0.append(scratch) } }
        }
        return body(scratch)
    }

    func matches(in document: MatchDocument, usingIndex: Bool) -> [Match] {
        let scratch = idle.withLock { $0.popLast() } ?? Scratch()
        defer {
            idle.withLock { if $0.count < 16 { $0.append(scratch) } }
        }
        find(document, scratch, usingIndex: usingIndex)
        if scratch.hits.isEmpty, alwaysTried.isEmpty { return [] }
        refer(document, scratch)

        var result: [Match] = []
        let reporter = Reporter(core: self, document: document)
        let language = needsLanguage ? self.language(of: document, scratch.buffer) : nil
        forEachCandidate(scratch) { number, references in
            var evaluation = Evaluation(
                watch: watches[number], core: self, document: document, hits: scratch.hits, references: references,
                language: language)
            guard evaluation.isInScope, evaluation.holds(watches[number].condition) else { return }
            result += reporter.matches(&evaluation)
        }
        return result
    }

    func language(of document: MatchDocument, _ buffer: TokenBuffer) -> String? {
        if let declared = document.language, !declared.isEmpty { return primarySubtag(declared) }
        return LanguageDetector.detect(buffer)
    }

    /// Tokens and hits of every field that is looked at.
    func find(_ document: MatchDocument, _ scratch: Scratch, usingIndex: Bool) {
        let buffer = scratch.buffer
        buffer.removeAll()
        if !names.isEmpty {
            scratch.phones.removeAll()
            scratch.near.follow(scratch.phones)
        }
        scratch.hits.removeAll(keepingCapacity: true)
        for (number, part) in document.parts.enumerated() where fields.contains(FieldSet(part.field)) {
            var text = part.text
            text.withUTF8 { bytes in
                let tokens = buffer.count
                let joined = buffer.joined.count
                tokenizer.scan(bytes, into: buffer)
                let finder = TermFinder(
                    core: self, buffer: buffer, work: scratch.forms, bytes: bytes, range: tokens..<buffer.count,
                    runs: joined..<buffer.joined.count, part: UInt32(number))
                if usingIndex {
                    finder.find(&scratch.hits)
                } else {
                    finder.findWithoutIndex(&scratch.hits)
                }
                if !names.isEmpty {
                    let hasCase = NameFinder.hasCaseEvidence(buffer, tokens..<buffer.count)
                    scratch.phones.read(buffer, bytes, onlyCapitals: hasCase)
                    let nameFinder = NameFinder(
                        table: names, buffer: buffer, phones: scratch.phones, range: tokens..<buffer.count,
                        runs: joined..<buffer.joined.count, part: UInt32(number), hasCase: hasCase,
                        alignment: scratch.alignment, near: scratch.near)
                    nameFinder.find(&scratch.hits, usingIndex: usingIndex)
                    let hanFinder = HanNameFinder(
                        table: names, buffer: buffer, range: tokens..<buffer.count, part: UInt32(number),
                        alignment: scratch.alignment, search: scratch.han)
                    hanFinder.find(&scratch.hits, usingIndex: usingIndex)
                    if !chineseNames.isEmpty {
                        ChineseNameFinder(
                            table: chineseNames, buffer: buffer, range: tokens..<buffer.count,
                            runs: joined..<buffer.joined.count, part: UInt32(number), hasCase: hasCase
                        ).find(&scratch.hits)
                    }
                }
            }
        }
        dropForeignForms(document, scratch)
    }

    /// Takes out what only the rules of other languages than the text's made alike.
    private func dropForeignForms(_ document: MatchDocument, _ scratch: Scratch) {
        guard scratch.hits.contains(where: { $0.languages != .any }) else { return }
        let language = language(of: document, scratch.buffer)
        scratch.hits.removeAll { !$0.languages.suits(language) }
    }

    /// A text that repeats a word without end must not take memory without end.
    private static let manyHits = 100_000

    /// The first thousand hits of each pattern.
    private static func thin(_ hits: inout [Hit]) {
        var counts: [UInt32: Int] = [:]
        hits.removeAll { hit in
            counts[hit.pattern, default: 0] += 1
            return counts[hit.pattern, default: 0] > 1_000
        }
    }

    /// Hits to the slots that they fill, in the order of watches and slots.
    func refer(_ document: MatchDocument, _ scratch: Scratch) {
        scratch.hits.sort {
            ($0.part, $0.first, $0.last, $0.pattern, $1.score) < ($1.part, $1.first, $1.last, $1.pattern, $0.score)
        }
        // The same words in two ways, as joined and apart: the better one stays.
        var kept = 0
        for index in scratch.hits.indices {
            let hit = scratch.hits[index]
            if kept > 0 {
                let last = scratch.hits[kept - 1]
                if last.pattern == hit.pattern, last.part == hit.part, last.first == hit.first, last.last == hit.last {
                    continue
                }
            }
            scratch.hits[kept] = hit
            kept += 1
        }
        scratch.hits.removeLast(scratch.hits.count - kept)

        if scratch.hits.count > Self.manyHits { Self.thin(&scratch.hits) }
        scratch.references.removeAll(keepingCapacity: true)
        for (index, hit) in scratch.hits.enumerated() {
            let field = FieldSet(document.parts[Int(hit.part)].field)
            for owner in Int(slotStarts[Int(hit.pattern)])..<Int(slotStarts[Int(hit.pattern) + 1]) {
                let (watch, slot) = slotOwners[owner]
                guard watches[Int(watch)].slots[Int(slot)].fields.contains(field) else { continue }
                scratch.references.append(Evaluation.Reference(watch: watch, slot: slot, hit: UInt32(index)))
            }
        }
        scratch.references.sort { ($0.watch, $0.slot, $0.hit) < ($1.watch, $1.slot, $1.hit) }
    }

    /// Watches with a hit, and those that are always tried, in their order.
    private func forEachCandidate(_ scratch: Scratch, _ body: (Int, ArraySlice<Evaluation.Reference>) -> Void) {
        let references = scratch.references
        var position = 0
        var always = 0
        while position < references.count || always < alwaysTried.count {
            let byHit = position < references.count ? Int(references[position].watch) : Int.max
            let byRule = always < alwaysTried.count ? alwaysTried[always] : Int.max
            let number = min(byHit, byRule)
            var end = position
            while end < references.count, Int(references[end].watch) == number { end += 1 }
            body(number, references[position..<end])
            position = end
            if byRule == number { always += 1 }
        }
    }

    /// A watch's references, after `refer`.
    func references(_ number: Int, _ scratch: Scratch) -> ArraySlice<Evaluation.Reference> {
        guard let first = scratch.references.firstIndex(where: { Int($0.watch) == number }) else { return [] }
        var end = first
        while end < scratch.references.count, Int(scratch.references[end].watch) == number { end += 1 }
        return scratch.references[first..<end]
    }
}

extension Condition {
    var asksForLanguage: Bool {
        switch self {
        case .language: true
        case .and(let parts), .or(let parts): parts.contains(where: \.asksForLanguage)
        case .not(let inner): inner.asksForLanguage
        default: false
        }
    }
}
