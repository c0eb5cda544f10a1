import Model
import TextAnalysis

/// Warnings of watches that would drown their reader, and of those that can never match.
enum WatchAdvice {
    // MARK: Terms

    /// Terms of which one is enough for an alert, and which are on every page.
    static func drowning(_ watch: WatchSpec, concepts: [String: Concept]) -> [Issue] {
        guard watch.query == nil, watch.people.isEmpty, watch.any.isEmpty || watch.all.isEmpty, watch.all.count < 2
        else { return [] }
        return terms(watch.any + watch.all, concepts).compactMap { term in
            guard let fault = drowning(term.value) else { return nil }
            return Issue(fault.what, remedy: fault.remedy, at: term.location, severity: .warning)
        }
    }

    private static func drowning(_ term: String) -> (what: String, remedy: String)? {
        // By bytes first: a list may have a hundred thousand terms.
        guard term.utf8.count <= 24, term.utf8.first != 0x3D, term.utf8.first != 0x2F, !term.utf8.contains(0x2A) else {
            return nil
        }
        let scalars = term.unicodeScalars
        if term.utf8.count <= 8, scalars.count <= 2, scalars.contains(where: \.properties.isAlphabetic),
            scalars.allSatisfy({ !$0.properties.isIdeographic && !isSyllable($0) })
        {
            return (
                "'\(term.legible)' is \(scalars.count == 1 ? "one letter" : "two letters"), a word in many languages, so this watch "
                    + "would alert on much that is not meant",
                "write a longer term, \"=\(term.legible)\" to mean these very letters, or add 'all' with another word"
            )
        }
        // The first word alone tells of nearly all terms that they are none of these.
        let first = String(decoding: term.utf8.prefix { $0 != 0x20 }, as: UTF8.self)
        guard first.isEmpty || CommonWords.isNothingElse(first) else { return nil }
        guard CommonWords.isNothingElse(term) else { return nil }
        return (
            "'\(term.legible)' stands in nearly every text of its language, so this watch would alert on all of them",
            "take it out, or make it part of a longer term"
        )
    }

    /// Kana and Hangul: a sign is as much as two or three letters.
    private static func isSyllable(_ scalar: Unicode.Scalar) -> Bool {
        (0x3040..<0x3100).contains(scalar.value) || (0xAC00..<0xD7B0).contains(scalar.value)
    }

    /// Terms with those of the concepts that they name.
    private static func terms(_ written: [Located<String>], _ concepts: [String: Concept]) -> [Located<String>] {
        written.flatMap { term -> [Located<String>] in
            guard term.value.utf8.starts(with: "concept:".utf8) else { return [term] }
            return concepts[term.value.dropFirst("concept:".count).trimmingSpaces]?.terms ?? []
        }
    }

    // MARK: Contradictions

    /// Longer lists are compared only in part.
    private static let mostCompared = 2_000

    /// Terms of `any` and `all` that `none` rules out wherever they stand.
    static func contradictions(_ watch: WatchSpec, concepts: [String: Concept]) -> [Issue] {
        // What is excluded only as written, or by an expression, leaves other forms.
        let excluded = terms(watch.none, concepts).filter { $0.value.utf8.first != 0x3D && $0.value.utf8.first != 0x2F }
        guard !excluded.isEmpty, !(watch.any.isEmpty && watch.all.isEmpty) else { return [] }
        var probe = WatchSpec(name: watch.name)
        probe.any = excluded
        var ignored: [Issue] = []
        let matcher = Matcher([probe], concepts: [], issues: &ignored)
        func ruling(_ term: Located<String>) -> String? {
            guard term.value.utf8.first != 0x2F else { return nil }
            let text = term.value.filter { $0 != "=" && $0 != "*" }
            return matcher.matches(in: MatchDocument(parts: [.init(.content, text)])).first?.pattern
        }

        var issues: [Issue] = []
        for term in watch.all {
            let choices = terms([term], concepts).prefix(mostCompared).map { (term: $0, by: ruling($0)) }
            guard !choices.isEmpty, choices.allSatisfy({ $0.by != nil }), let by = choices[0].by else { continue }
            issues.append(never(watch, "'\(term.value.legible)' of 'all'", by, term.location))
        }
        let choices = terms(watch.any, concepts).prefix(mostCompared).map { (term: $0, by: ruling($0)) }
        if !choices.isEmpty, choices.allSatisfy({ $0.by != nil }), let by = choices[0].by {
            let what = choices.count == 1 ? "'\(choices[0].term.value.legible)' of 'any'" : "each term of 'any'"
            issues.append(never(watch, what, by, choices[0].term.location))
            return issues
        }
        for case (let term, let by?) in choices {
            issues.append(
                Issue(
                    "'\(term.value.legible)' is never found by watch '\(watch.name.legible)': wherever it stands, "
                        + "'\(by.legible)' of 'none' rules the item out",
                    remedy: "take one of them out", at: term.location, severity: .warning))
        }
        return issues
    }

    private static func never(
        _ watch: WatchSpec, _ what: String, _ by: String, _ location: SourceLocation?
    ) -> Issue {
        Issue(
            "watch '\(watch.name.legible)' can never match: wherever \(what) stands, '\(by.legible)' of 'none' rules the "
                + "item out",
            remedy: "take one of them out", at: location, severity: .warning)
    }

    // MARK: People

    /// What is wrong with a spelling of a name as something to look for; nil for most.
    ///
    /// - Parameter hasOthers: the person has other spellings too, so one word was chosen knowingly.
    static func name(_ spelling: Located<String>, _ name: PersonName, hasOthers: Bool, isAlias: Bool) -> Issue? {
        func issue(_ what: String, _ remedy: String) -> Issue {
            Issue("'\(spelling.value.legible)' \(what)", remedy: remedy, at: spelling.location, severity: .warning)
        }
        let words = name.parts.flatMap(\.words)
        guard !words.contains(where: \.isIdeograph) else { return nil }
        if words.allSatisfy({ NameForm.particles.contains($0.source.lowercased()) }) {
            return issue(
                "has only words such as 'bin' and 'van', which are no part of a name",
                "add the name that belongs to them")
        }
        if let initial = name.parts.first(where: { $0.words.allSatisfy { isInitial($0) } }), name.parts.count > 1 {
            return issue(
                "has an initial, so only texts with '\(initial.words[0].source)' are found",
                "write the name out: its initials are found as well")
        }
        if name.parts.count == 1 {
            let isCommon = isCommonName(name.parts[0])
            if isAlias {
                guard isCommon else { return nil }
                return issue(
                    "is a name that millions bear, and everybody who is called so is found",
                    "write the whole name, or take the alias out")
            }
            guard !hasOthers else { return nil }
            return issue(
                "is one word: everybody who is called so is found"
                    + (isCommon ? ", and millions are" : ""),
                "add another part of the name, or 'near' with 'near_required: true'")
        }
        if name.parts.count == 2, name.parts.allSatisfy(isCommonName) {
            return issue(
                "is two names that millions bear, so many people are called so",
                "add the patronymic, or terms that tell this one from others under 'near' and 'not'")
        }
        return nil
    }

    /// Full names of which given name and patronymic are no find: told of once a watch, for they are right as they are.
    static func needsFamily(_ names: [(name: Located<String>, rest: String)]) -> Issue? {
        guard let (name, rest) = names.first else { return nil }
        let others = names.count > 1 ? " (and \(names.count - 1) like it)" : ""
        return Issue(
            "'\(name.value.legible)'\(others) is found with the family name only: very many are called "
                + "'\(rest.legible)'",
            remedy: "where texts leave the family name out, add '\(rest.legible)' as an alias, with terms under 'near'",
            at: name.location, severity: .warning)
    }

    /// A spelling that is no name but a word of every page: an answer to a question that became one, for instance.
    static func commonWord(_ spelling: Located<String>) -> Issue? {
        // 'Ben An' is somebody.
        guard !spelling.value.contains(where: \.isWhitespace), CommonWords.isNothingElse(spelling.value) else {
            return nil
        }
        return Issue(
            "'\(spelling.value.legible)' stands in nearly every text of its language, so whoever is called so is found "
                + "in all of them",
            remedy: "write the whole name, or take it out", at: spelling.location, severity: .warning)
    }

    /// A name in pinyin with one given syllable.
    static func chinese(_ spelling: Located<String>, _ name: ChineseName, of spec: PersonSpec) -> Issue? {
        let isKnown = spec.aliases.contains { $0.value.unicodeScalars.contains(where: \.properties.isIdeographic) }
        guard name.characters == nil, name.given.count == 1, !isKnown else { return nil }
        return Issue(
            "'\(spelling.value.legible)' is read the same in many Chinese names, and all of them are found",
            remedy: "write the name in characters: its other spellings are derived from them", at: spelling.location,
            severity: .warning)
    }

    private static func isInitial(_ word: TermCompiler.Word) -> Bool {
        word.script != .arabic && word.units.count == 1
    }

    private static func isCommonName(_ part: PersonName.Part) -> Bool {
        guard part.words.count == 1, let script = part.words[0].script else { return false }
        let reader = PhoneReader()
        var phones: [UInt8] = []
        reader.read(reader.letters(of: part.words[0].source), script, into: &phones)
        // The table is spelt in Latin letters: h for х, e or a for ә, and each vowel at will.
        let swaps: [(UInt8, UInt8)] = [(0x78, 0x68), (0x45, 0x65), (0x45, 0x61), (0x65, 0x61)]
        var spellings = [phones]
        for (from, to) in swaps {
            spellings += spellings.filter { $0.contains(from) }.map { $0.map { $0 == from ? to : $0 } }
        }
        return spellings.contains { !NameEquivalents.others($0).isEmpty }
    }
}
