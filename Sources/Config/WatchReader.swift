import Model

/// `watch:` and `concepts:`.
enum WatchReader {
    static func concepts(_ section: inout ConfigSection, issues: inout [Issue]) -> [Concept] {
        guard let place = section.place(of: "concepts") else { return [] }
        guard var map = section.section("concepts", issues: &issues) else { return [] }
        let concepts = map.keys.map { key in
            Concept(name: key.value, terms: map.texts(key.value, issues: &issues), location: key.location ?? place)
        }
        for concept in concepts where concept.terms.isEmpty {
            issues.append(
                Issue(
                    "the concept '\(concept.name.legible)' has no terms", remedy: "add some, or remove it",
                    at: concept.location))
        }
        return concepts
    }

    static func watch(_ node: ConfigNode, source: ConfigSource, issues: inout [Issue]) -> WatchSpec? {
        guard var section = ConfigSection.section(node, named: "a watch", source: source, issues: &issues) else {
            return nil
        }
        let name: Located<String>? = section.located("name", issues: &issues)
        var watch = WatchSpec(name: name?.value ?? "", location: name?.location ?? section.location)
        watch.any = section.texts("any", issues: &issues)
        watch.all = section.texts("all", issues: &issues)
        watch.none = section.texts("none", issues: &issues)
        watch.people = section.nodes("people").compactMap { person($0, source: source, issues: &issues) }
        watch.query = section.located("query", issues: &issues)
        watch.feeds = section.texts("feeds", issues: &issues)
        watch.languages = section.texts("languages", issues: &issues)
        watch.severity = section.value("severity", default: .normal, issues: &issues)
        let location = section.location
        // A condition that is there and faulty has been told of.
        let hasCondition = ["any", "all", "people", "query"].contains { section.place(of: $0) != nil }
        section.finish(issues: &issues)

        for language in watch.languages where !LanguageTag.isWell(language.value) {
            issues.append(
                Issue(
                    "'\(language.value.legible)' is no language tag", remedy: "write it as kk, ru or zh (BCP 47)",
                    at: language.location))
        }
        if !hasCondition {
            issues.append(
                watch.none.isEmpty
                    ? Issue("a watch that looks for nothing", remedy: "add any, all, people or query", at: location)
                    : Issue("a watch that only excludes", remedy: "add any, all, people or query", at: location))
        }
        guard let name, !name.value.allSatisfy(\.isWhitespace) else {
            issues.append(
                Issue("a watch without a 'name'", remedy: "add 'name: …'; alerts and sinks refer to it", at: location))
            return nil
        }
        if name.value.contains(where: { $0.isNewline }) || name.value.count > 100 {
            issues.append(
                Issue("a watch's name is one line of at most 100 characters", remedy: "shorten it", at: name.location))
        }
        return watch
    }

    private static func person(_ node: ConfigNode, source: ConfigSource, issues: inout [Issue]) -> PersonSpec? {
        if case .scalar = node.content {
            let reader = ConfigSection([], at: node.location, source: source)
            guard let name: Located<String> = reader.read(node, key: "people", issues: &issues) else { return nil }
            return checked(PersonSpec(name: name), &issues)
        }
        guard var section = ConfigSection.section(node, named: "a person", source: source, issues: &issues) else {
            return nil
        }
        let name: Located<String>? = section.located("name", issues: &issues)
        let aliases = section.texts("aliases", issues: &issues)
        let match = section.value("match", default: PersonSpec.Strictness.normal, issues: &issues)
        let location = section.location
        section.finish(issues: &issues)
        guard let name else {
            issues.append(Issue("a person without a 'name'", remedy: "add 'name: …'", at: location))
            return nil
        }
        return checked(PersonSpec(name: name, aliases: aliases, match: match), &issues)
    }

    private static func checked(_ person: PersonSpec, _ issues: inout [Issue]) -> PersonSpec? {
        for name in [person.name] + person.aliases where !name.value.contains(where: \.isLetter) {
            issues.append(
                Issue("'\(name.value.legible)' is no name", remedy: "write the name, in any script", at: name.location))
            return nil
        }
        return person
    }
}
