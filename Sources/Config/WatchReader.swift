import Model

/// `watch:` and `concepts:`.
enum WatchReader {
    static func concepts(_ section: inout ConfigSection, issues: inout [Issue]) -> [Concept] {
        guard let place = section.place(of: "concepts") else { return [] }
        guard var map = section.section("concepts", issues: &issues) else { return [] }
        let concepts = map.keys.map { key in
            Concept(name: key.value, terms: map.texts(key.value, issues: &issues), location: key.location ?? place)
        }
        for concept in concepts {
            NameText.check(Located(concept.name, at: concept.location), of: "a concept", issues: &issues)
            guard concept.terms.isEmpty else { continue }
            issues.append(
                Issue(
                    "the concept '\(concept.name.legible)' has no terms", remedy: "add some, or remove it",
                    at: concept.location))
        }
        return concepts
    }

    static func watch(_ node: ConfigNode, source: ConfigSource, issues: inout [Issue]) -> WatchSpec? {
        guard
            var section = ConfigSection.section(
                node, named: "a watch", shapes: [.watch], source: source, issues: &issues)
        else {
            return nil
        }
        let name: Located<String>? = section.located("name", issues: &issues)
        let hasName = section.place(of: "name") != nil
        var watch = WatchSpec(name: name?.value ?? "", location: name?.location ?? section.location)
        readConditions(&section, &watch, &issues)
        watch.feeds = section.texts("feeds", issues: &issues)
        watch.languages = section.texts("languages", issues: &issues)
        watch.severity = section.value("severity", default: .normal, issues: &issues)
        if let codename: Located<String> = section.located("as", issues: &issues) {
            NameText.check(codename, of: "a codename", issues: &issues)
            watch.codename = codename.value
        }
        let location = section.location
        section.finish(issues: &issues)

        for language in watch.languages where !LanguageTag.isWell(language.value) {
            issues.append(
                Issue(
                    "'\(language.value.legible)' is no language tag", remedy: "write it as kk, ru or zh (BCP 47)",
                    at: language.location))
        }
        if let name {
            NameText.check(name, of: "a watch", issues: &issues)
            if name.value == "." || name.value == ".." {
                issues.append(
                    Issue(
                        "a watch called '\(name.value)' has no page and no feed of its own: in addresses, that is a folder",
                        remedy: "call it otherwise", at: name.location, severity: .warning))
            }
            return watch
        }
        // One that could not be read has been told of.
        if !hasName {
            issues.append(
                Issue("a watch without a 'name'", remedy: "add 'name: …'; alerts and sinks refer to it", at: location))
        }
        return nil
    }

    private static func readConditions(
        _ section: inout ConfigSection, _ watch: inout WatchSpec, _ issues: inout [Issue]
    ) {
        let faults = issues.count
        watch.any = section.texts("any", issues: &issues)
        watch.all = section.texts("all", issues: &issues)
        watch.none = section.texts("none", issues: &issues)
        let source = section.source
        watch.people = section.nodes("people").compactMap { person($0, source: source, issues: &issues) }
        watch.query = section.located("query", issues: &issues)
        if let query = watch.query, query.value.allSatisfy(\.isWhitespace) {
            issues.append(Issue("'query' is empty", remedy: "write a query, or remove it", at: query.location))
            watch.query = nil
        }
        guard watch.any.isEmpty, watch.all.isEmpty, watch.people.isEmpty, watch.query == nil else { return }
        // A condition that is there and faulty has been told of.
        if issues.count == faults {
            let fault = watch.none.isEmpty ? "a watch that looks for nothing" : "a watch that only excludes"
            issues.append(Issue(fault, remedy: "add any, all, people or query", at: section.location))
        }
        // Something harmless, so that nobody tells of it again.
        watch.any = [Located("condition", at: section.location)]
    }

    private static func person(_ node: ConfigNode, source: ConfigSource, issues: inout [Issue]) -> PersonSpec? {
        if case .scalar = node.content {
            let reader = ConfigSection([], at: node.location, source: source)
            guard let name: Located<String> = reader.read(node, key: "people", issues: &issues) else { return nil }
            return checked(PersonSpec(name: name), &issues)
        }
        guard
            var section = ConfigSection.section(
                node, named: "a person", shapes: [.person], source: source, issues: &issues)
        else {
            return nil
        }
        let name: Located<String>? = section.located("name", issues: &issues)
        var person = PersonSpec(name: name ?? Located("", at: section.location))
        person.aliases = section.texts("aliases", issues: &issues)
        person.match = section.value("match", default: .normal, issues: &issues)
        readContext(&section, &person, &issues)
        // For people who read the file.
        for note in notes { _ = section.place(of: note) }
        let location = section.location
        section.finish(issues: &issues)
        guard name != nil else {
            issues.append(Issue("a person without a 'name'", remedy: "add 'name: …'", at: location))
            return nil
        }
        return checked(person, &issues)
    }

    /// Keys of a person that nothing is done with.
    private static let notes = ["born", "died", "note", "source"]

    private static func readContext(
        _ section: inout ConfigSection, _ person: inout PersonSpec, _ issues: inout [Issue]
    ) {
        person.near = section.texts("near", issues: &issues)
        person.not = section.texts("not", issues: &issues)
        person.needsNear = section.value("near_required", default: false, issues: &issues)
        let within: Located<Int>? = section.located("within", issues: &issues)
        if let within { person.within = within.value }
        if person.needsNear, person.near.isEmpty {
            issues.append(
                Issue(
                    "'near_required' without 'near', so the person would never be found",
                    remedy: "add the terms under 'near'", at: section.place(of: "near_required")))
        }
        if within != nil, !person.hasContext {
            issues.append(
                Issue(
                    "'within' without 'near' or 'not' does nothing", remedy: "add one of them, or remove it",
                    at: section.place(of: "within")))
        }
    }

    private static func checked(_ person: PersonSpec, _ issues: inout [Issue]) -> PersonSpec? {
        for name in [person.name] + person.aliases where !name.value.contains(where: \.isLetter) {
            issues.append(
                Issue("'\(name.value.legible)' is no name", remedy: "write the name, in any script", at: name.location))
            return nil
        }
        for name in [person.name] + person.aliases {
            guard let doubt = NameDoubt(name.value) ?? NameDoubt.smallLetters(name.value) else { continue }
            issues.append(
                Issue(
                    "'\(name.value.legible)' \(doubt.fault)", remedy: doubt.remedy, at: name.location,
                    severity: .warning))
        }
        return person
    }
}
