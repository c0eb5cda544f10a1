import Model

/// One person, as a watch has it.
struct PersonEntry {
    /// Its lines, and the same on one.
    private let lines: [String]
    private let short: String
    private let name: String
    /// Nil: any that looks for people alone.
    private let watch: String?

    init(_ person: PersonSpec, _ watch: String?) {
        let name = FeedAdditions.quoted(person.name.value)
        let aliases = person.aliases.map { FeedAdditions.quoted($0.value) }.joined(separator: ", ")
        lines = aliases.isEmpty ? [name] : ["name: \(name)", "aliases: [\(aliases)]"]
        short = aliases.isEmpty ? name : "{\(lines.joined(separator: ", "))}"
        self.name = person.name.value
        self.watch = watch
    }

    /// The text of a file with the person in its watch. Nil where it has none, or none that can be added to.
    func added(to text: String) -> String? {
        guard let root = ConfigAddition.root(text), case .list(let watches)? = root["watch"]?.content else {
            return nil
        }
        let people = watches.first { node in
            guard let people = node["people"], case .list = people.content else { return false }
            return watch == nil ? Self.asksForNothingElse(node) : node["name"]?.text == watch
        }?["people"]
        return people.flatMap { ListEdit.adding(lines, short: short, to: $0, in: text) }
    }

    /// The text of a file with more spellings for the person, who is in its watch. Nil where that is not so, or lines cannot be
    /// added.
    func added(_ aliases: [String], to text: String) -> String? {
        guard let root = ConfigAddition.root(text), case .list(let watches)? = root["watch"]?.content,
            case .list(let people)? = watches.first(where: { $0["name"]?.text == watch })?["people"]?.content,
            let person = people.first(where: { ($0["name"]?.text ?? $0.text) == name })
        else { return nil }
        return AliasEdit.adding(aliases, to: person, in: text)
    }

    /// Whether whoever is among the people of a watch is found wherever the name stands, and told of at once.
    private static func asksForNothingElse(_ watch: ConfigNode) -> Bool {
        guard case .map(let members) = watch.content else { return false }
        return members.allSatisfy { ["name", "people", "severity", "as"].contains($0.key) }
            && watch["severity"]?.text != Severity.low.rawValue
    }

    /// The file of its own, with one watch more.
    func list(after text: String?, watch: String) -> String {
        if let text, let edited = added(to: text) { return edited }
        let heading = "# People that 'tocsin add person' added. Change what you like; it adds at the end.\nwatch:\n"
        let start = text.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : FeedAdditions.continued($0) } ?? heading
        let entry = lines.enumerated().map { ($0.offset == 0 ? "      - " : "        ") + $0.element }
        return start + "  - name: \(FeedAdditions.quoted(watch))\n    severity: high\n    people:\n"
            + entry.joined(separator: "\n") + "\n"
    }
}

extension ConfigNode {
    /// What stands under a key of a mapping.
    subscript(_ key: String) -> ConfigNode? {
        guard case .map(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// A single value as it is written.
    var text: String? {
        if case .scalar(let text, _) = content { return text }
        return nil
    }
}
