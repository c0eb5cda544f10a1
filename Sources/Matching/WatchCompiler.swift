import Model

/// Watches as the user wrote them, to what the matcher runs on. Faults become issues; the rest still works.
struct WatchCompiler {
    var patterns: [Pattern] = []
    var terms = TermTable()
    var names = NameTable()
    var chineseNames = ChineseTable()
    private(set) var regexes: [RegexPattern] = []
    private(set) var regexTexts: [String] = []
    private(set) var watches: [CompiledWatch] = []
    var issues: [Issue] = []
    /// Names of the watch at hand that are found with the family name alone, each with the rest of it.
    var common: [(name: Located<String>, rest: String)] = []

    let termCompiler = TermCompiler()
    var patternIDs: [PatternKey: UInt32?] = [:]
    private var regexIDs: [String: Int?] = [:]
    private let concepts: [String: Concept]
    private var conceptPatterns: [String: Slot] = [:]

    struct PatternKey: Hashable {
        var text: String
        /// 0 a term, 1 as written, 2 to 4 a person by strictness.
        var form: UInt8
        var aliases: [String] = []
    }

    init(concepts: [Concept]) {
        self.concepts = Dictionary(concepts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func compile(_ watch: WatchSpec) {
        var slots: [Slot] = []
        var conditions: [Condition] = []
        var excludesOnly = false
        if !watch.any.isEmpty {
            conditions.append(slot(.any, watch.any, label: "any", &slots))
        }
        for term in watch.all {
            conditions.append(slot(.all, [term], label: term.value, &slots))
        }
        if !watch.people.isEmpty {
            conditions.append(people(watch.people, &slots))
        }
        if let query = watch.query {
            do throws(QueryFault) {
                let parsed = try QueryParser.parse(query.value)
                excludesOnly = self.excludesOnly(parsed)
                conditions.append(try condition(parsed, fields: .text, &slots, at: query))
            } catch {
                issues.append(issue(error, query))
            }
        }
        if conditions.isEmpty {
            if watch.query == nil {
                issues.append(
                    Issue(
                        "watch '\(watch.name)' does not say what to look for",
                        remedy: "give it 'any', 'all', 'people' or 'query'", at: watch.location))
            }
            return
        }
        if !watch.none.isEmpty {
            conditions.append(.not(slot(.none, watch.none, label: "none", &slots)))
        }
        let condition = conditions.count == 1 ? conditions[0] : .and(conditions)
        let needsWord = condition.needsWord(slots)
        if !needsWord { warnOfCost(watch, excludesOnly: excludesOnly && conditions.count == 1) }
        issues += WatchAdvice.drowning(watch, concepts: concepts)
        issues += WatchAdvice.contradictions(watch, concepts: concepts)
        watches.append(
            CompiledWatch(
                name: watch.name, languages: Set(watch.languages.map { primarySubtag($0.value) }),
                feeds: Set(watch.feeds.map { $0.value.lowercased() }), query: watch.query?.value, condition: condition,
                slots: slots, isAlwaysTried: !needsWord))
    }

    mutating func finish() {
        // Before the indices need memory of their own.
        patternIDs = [:]
        termIDs = ([:], [:])
        terms.buildIndex()
        names.buildIndex()
        chineseNames.buildIndex()
    }

    private mutating func warnOfCost(_ watch: WatchSpec, excludesOnly: Bool) {
        let place = watch.query?.location ?? watch.location
        if excludesOnly {
            issues.append(
                Issue(
                    "the query of watch '\(watch.name)' only excludes, so nearly every item matches it, each with an alert",
                    remedy: "add what must occur", at: place, severity: .warning))
            return
        }
        issues.append(
            Issue(
                "watch '\(watch.name)' has to be tried on every item, since no word of it must occur: an expression "
                    + "reads every text once more, and may take some 50 ms of one before it is given up",
                remedy: "join a word that must occur to it with AND, if items take long", at: place, severity: .warning)
        )
    }

    // MARK: Terms

    mutating func slot(
        _ role: Slot.Role, _ terms: [Located<String>], label: String, _ slots: inout [Slot]
    ) -> Condition {
        var slot = Slot(role: role, fields: .text, label: label)
        termIDs.plain.reserveCapacity(termIDs.plain.count + terms.count)
        self.terms.reserve(terms: terms.count)
        for term in terms { add(term, to: &slot, depth: 0) }
        slots.append(slot)
        return .slot(slots.count - 1)
    }

    private mutating func add(_ term: Located<String>, to slot: inout Slot, depth: Int) {
        let text = term.value
        // By bytes: a list may have a hundred thousand terms.
        if text.utf8.starts(with: "concept:".utf8) {
            guard depth == 0 else {
                issues.append(
                    Issue(
                        "a concept cannot hold another one ('\(text)')", remedy: "write its terms here",
                        at: term.location))
                return
            }
            let name = text.dropFirst("concept:".count).trimmingSpaces
            if !addConcept(name, to: &slot) { issues.append(unknownConcept(name, term.location)) }
            return
        }
        if text.utf8.count > 2, text.utf8.first == 0x2F, text.utf8.last == 0x2F {
            if let id = regex(String(text.dropFirst().dropLast()), at: term.location, shift: 1) {
                slot.regexes.append(id)
            }
            return
        }
        if let id = self.term(term, exact: false) { slot.patterns.append(id) }
    }

    private mutating func addConcept(_ name: String, to slot: inout Slot) -> Bool {
        guard let concept = concepts[name] else { return false }
        let found: Slot
        if let known = conceptPatterns[name] {
            found = known
        } else {
            var made = Slot(role: slot.role, fields: slot.fields, label: name)
            for term in concept.terms { add(term, to: &made, depth: 1) }
            conceptPatterns[name] = made
            found = made
        }
        slot.patterns += found.patterns
        slot.regexes += found.regexes
        return true
    }

    private func unknownConcept(_ name: String, _ location: SourceLocation?) -> Issue {
        let nearest = NearestName.find(name, among: concepts.keys.sorted())
        return Issue(
            "unknown concept '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""),
            remedy: "define it under 'concepts'", at: location)
    }

    /// Patterns of plain terms and of those as written; `noPattern` where the term has a fault. In tables of their own:
    /// a list may have a hundred thousand.
    private var termIDs: (plain: [String: UInt32], exact: [String: UInt32]) = ([:], [:])
    private static let noPattern = UInt32.max

    private mutating func term(_ term: Located<String>, exact: Bool) -> UInt32? {
        if let known = exact ? termIDs.exact[term.value] : termIDs.plain[term.value] {
            return known == Self.noPattern ? nil : known
        }
        var id = UInt32(patterns.count)
        do throws(TermCompiler.Fault) {
            let remark = try termCompiler.compile(term.value, pattern: id, exact: exact, into: &terms)
            let isSpecial = exact || term.value.utf8.first == 0x3D || term.value.utf8.contains(0x2A)
            patterns.append(Pattern(written: term.value, kind: isSpecial ? .special : .term))
            if let remark {
                issues.append(
                    Issue(remark, remedy: "give more of its letters", at: term.location, severity: .warning))
            }
        } catch {
            if case .message(let fault, let remedy) = error {
                issues.append(Issue(fault, remedy: remedy, at: term.location))
            }
            id = Self.noPattern
        }
        if exact { termIDs.exact[term.value] = id } else { termIDs.plain[term.value] = id }
        return id == Self.noPattern ? nil : id
    }

    private mutating func regex(_ expression: String, at location: SourceLocation?, shift: Int) -> Int? {
        if let known = regexIDs[expression] { return known }
        do throws(RegexPattern.Fault) {
            regexes.append(try RegexPattern(expression))
            regexTexts.append(expression)
            regexIDs[expression] = .some(regexes.count - 1)
            return regexes.count - 1
        } catch {
            let place = location.map {
                SourceLocation(file: $0.file, line: $0.line, column: $0.column + shift + error.offset)
            }
            issues.append(
                Issue(
                    "regular expression '\(expression)', character \(error.offset + 1): \(error.message)",
                    remedy: "mend the expression (PCRE2 syntax)", at: place))
            regexIDs[expression] = .some(nil)
            return nil
        }
    }

    // MARK: Queries

    private func issue(_ fault: QueryFault, _ query: Located<String>) -> Issue {
        // The column is exact in a plain scalar of one line; the count of characters always is.
        let place = query.location.map {
            SourceLocation(file: $0.file, line: $0.line, column: $0.column + fault.offset)
        }
        return Issue("\(fault.fault) (character \(fault.offset + 1) of the query)", remedy: fault.remedy, at: place)
    }

    private func place(_ offset: Int, _ query: Located<String>) -> SourceLocation? {
        query.location.map { SourceLocation(file: $0.file, line: $0.line, column: $0.column + offset) }
    }

    private mutating func condition(
        _ query: Query, fields: FieldSet, _ slots: inout [Slot], at source: Located<String>
    ) throws(QueryFault) -> Condition {
        switch query {
        case .and(let parts):
            var conditions: [Condition] = []
            for part in parts { conditions.append(try condition(part, fields: fields, &slots, at: source)) }
            return .and(conditions)
        case .or(let parts):
            return try alternatives(parts, fields, &slots, source)
        case .not(let inner, _):
            return .not(try condition(inner, fields: fields, &slots, at: source))
        case .field(let field, let inner, _):
            return try condition(inner, fields: FieldSet(field), &slots, at: source)
        case .near(let left, let right, let distance, let ordered, let offset):
            guard hasPlaces(left), hasPlaces(right) else {
                throw QueryFault(
                    fault: "NEAR needs a word, a phrase, a person or a group of them with OR on both sides",
                    remedy: "use AND for other conditions", offset: offset)
            }
            return .near(
                try condition(left, fields: fields, &slots, at: source),
                try condition(right, fields: fields, &slots, at: source), distance: distance, ordered: ordered)
        case .language(let language, _): return .language(primarySubtag(language))
        case .feed(let name, _): return .feed(name.lowercased())
        case .tag(let name, _): return .tag(name.lowercased())
        case .term(let term):
            if case .words(let slop?) = term.kind { return try loose(term, slop, fields, &slots, source) }
            var slot = Slot(role: .query, fields: fields, label: term.text)
            add(term, to: &slot, source)
            slots.append(slot)
            return .slot(slots.count - 1)
        case .person(let name, let offset):
            var slot = Slot(role: .query, fields: fields, label: name)
            if let id = person(PersonSpec(name: Located(name, at: place(offset, source)))) { slot.patterns.append(id) }
            slots.append(slot)
            return .slot(slots.count - 1)
        case .concept(let name, let offset):
            var slot = Slot(role: .query, fields: fields, label: "concept:\(name)")
            if !addConcept(name, to: &slot) { issues.append(unknownConcept(name, place(offset, source))) }
            slots.append(slot)
            return .slot(slots.count - 1)
        }
    }

    /// Terms of one `OR` share a slot, so that a long list costs no more than a short one.
    private mutating func alternatives(
        _ parts: [Query], _ fields: FieldSet, _ slots: inout [Slot], _ source: Located<String>
    ) throws(QueryFault) -> Condition {
        var conditions: [Condition] = []
        var shared: Slot?
        for part in parts {
            if case .term(let term) = part, term.kind == .words(slop: nil) || term.kind == .exact {
                var slot = shared ?? Slot(role: .query, fields: fields, label: "")
                slot.label += (slot.label.isEmpty ? "" : " OR ") + term.text
                add(term, to: &slot, source)
                shared = slot
            } else {
                conditions.append(try condition(part, fields: fields, &slots, at: source))
            }
        }
        if let shared {
            slots.append(shared)
            conditions.append(.slot(slots.count - 1))
        }
        return conditions.count == 1 ? conditions[0] : .or(conditions)
    }

    private mutating func add(_ term: QueryTerm, to slot: inout Slot, _ source: Located<String>) {
        let location = place(term.offset, source)
        if term.kind == .regex {
            if let id = regex(term.text, at: location, shift: 1) { slot.regexes.append(id) }
        } else if let id = self.term(Located(term.text, at: location), exact: term.kind == .exact) {
            slot.patterns.append(id)
        }
    }

    private mutating func loose(
        _ term: QueryTerm, _ slop: Int, _ fields: FieldSet, _ slots: inout [Slot], _ source: Located<String>
    ) throws(QueryFault) -> Condition {
        let words = term.text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count <= 16 else {
            throw QueryFault(
                fault: "this loose phrase has \(words.count) words", remedy: "use the 16 that matter",
                offset: term.offset)
        }
        var indices: [Int] = []
        for word in words {
            var slot = Slot(role: .query, fields: fields, label: word)
            if let id = self.term(Located(word, at: place(term.offset, source)), exact: false) {
                slot.patterns.append(id)
            }
            slots.append(slot)
            indices.append(slots.count - 1)
        }
        return indices.count == 1 ? .slot(indices[0]) : .loose(indices, slop: slop)
    }

    /// Whether a condition stands at places in a text, so that NEAR can measure from it.
    private func hasPlaces(_ query: Query) -> Bool {
        switch query {
        case .term(let term): term.kind != .regex
        case .person, .concept: true
        case .near(let left, let right, _, _, _): hasPlaces(left) && hasPlaces(right)
        case .or(let parts): parts.allSatisfy(hasPlaces)
        case .field(_, let inner, _): hasPlaces(inner)
        case .and, .not, .language, .feed, .tag: false
        }
    }

    private func excludesOnly(_ query: Query) -> Bool {
        switch query {
        case .not(let inner, _): !excludesOnly(inner)
        case .and(let parts): parts.allSatisfy(excludesOnly)
        case .or(let parts): parts.contains(where: excludesOnly)
        case .field(_, let inner, _): excludesOnly(inner)
        default: false
        }
    }
}

extension Substring {
    var trimmingSpaces: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
