package import Model

/// A mapping of a configuration, with the keys that are declared for it. A key that is not cannot be read, and is told of
/// as unknown: so no key can be missing from the JSON Schema, which is made of the same declarations.
package struct ConfigSection: Sendable {
    package let source: ConfigSource
    package let location: SourceLocation
    private let members: [ConfigNode.Member]
    private var shapes: [ConfigShape]
    /// Known, but of no use here: not to be offered.
    private var refused: [String] = []

    /// - Parameter shapes: what can stand in it.
    package init(
        _ members: [ConfigNode.Member], at location: SourceLocation, source: ConfigSource, shapes: [ConfigShape] = []
    ) {
        self.members = members
        self.location = location
        self.source = source
        self.shapes = shapes
    }

    /// More keys that can stand here, for a section of which only now is known what it is.
    package mutating func declare(_ shape: ConfigShape) {
        shapes.append(shape)
    }

    /// The keys that stand here, in order.
    var keys: [Located<String>] { members.map { Located($0.key, at: $0.keyLocation) } }

    package mutating func value<V: ConfigValue>(_ key: String, default: V, issues: inout [Issue]) -> V {
        optional(key, issues: &issues) ?? `default`
    }

    /// Nil when the key is not there, or its value cannot be read or is out of bounds; then an issue says so.
    package mutating func optional<V: ConfigValue>(_ key: String, issues: inout [Issue]) -> V? {
        located(key, issues: &issues)?.value
    }

    package mutating func located<V: ConfigValue>(_ key: String, issues: inout [Issue]) -> Located<V>? {
        guard let node = node(key, as: V.self), !node.isNull,
            let value: Located<V> = read(node, key: key, issues: &issues)
        else { return nil }
        guard let remedy = declared(key)?.kind.bounds?.remedy(for: value.value) else { return value }
        issues.append(Issue("'\(key)' is out of bounds", remedy: remedy, at: value.location))
        return nil
    }

    /// A path as it was written; `source.path(_:)` makes it absolute.
    package mutating func path(_ key: String, issues: inout [Issue]) -> Located<String>? {
        guard let path: Located<String> = located(key, issues: &issues) else { return nil }
        if path.value.isEmpty || path.value.hasSuffix("/")
            || path.value.unicodeScalars.contains(where: { $0.value < 0x20 })
        {
            issues.append(Issue("'\(key)' names no file", remedy: "write the path of one", at: path.location))
            return nil
        }
        return path
    }

    /// The texts of a list. A single text is a list of one.
    package mutating func texts(_ key: String, issues: inout [Issue]) -> [Located<String>] {
        texts(key, areSecret: false, issues: &issues)
    }

    private mutating func texts(_ key: String, areSecret: Bool, issues: inout [Issue]) -> [Located<String>] {
        source.audit?.note(key, in: shapes, as: String.self)
        return nodes(key).compactMap { node in
            if node.isNull {
                issues.append(
                    Issue(
                        "an empty value in '\(key)'", remedy: "write something, in quotes, or remove it",
                        at: node.location))
                return nil
            }
            guard let text: Located<String> = read(node, key: key, isSecret: areSecret, issues: &issues) else {
                return nil
            }
            if text.value.allSatisfy(\.isWhitespace) {
                issues.append(
                    Issue(
                        "an empty value in '\(key)'", remedy: "write something, in quotes, or remove it",
                        at: node.location))
                return nil
            }
            return text
        }
    }

    /// The elements of a list. A single value is a list of one.
    package mutating func nodes(_ key: String) -> [ConfigNode] {
        guard let node = node(key), !node.isNull else { return [] }
        if case .list(let elements) = node.content { return elements }
        return [node]
    }

    /// The text under a key as it was written, without its `${…}`, whether the key is known here or not. Nil for what is no text.
    package func written(_ key: String) -> Located<String>? {
        guard let node = members.first(where: { $0.key == key })?.value, case .scalar(let text, _) = node.content else {
            return nil
        }
        return Located(text, at: node.location)
    }

    /// Every text that stands somewhere below a key, as it was read, the names of members too.
    package func writtenTexts(_ key: String) -> [Located<String>] {
        func texts(_ node: ConfigNode) -> [Located<String>] {
            switch node.content {
            case .scalar(let text, _): [Located(text, at: node.location)]
            case .list(let nodes): nodes.flatMap(texts)
            case .map(let members): members.flatMap { [Located($0.key, at: $0.keyLocation)] + texts($0.value) }
            }
        }
        return members.first { $0.key == key }.map { texts($0.value) } ?? []
    }

    /// What stands under a key, as it is. Nil when nothing does.
    package mutating func tree(_ key: String) -> ConfigNode? {
        node(key).flatMap { $0.isNull ? nil : $0 }
    }

    /// Header fields that let somebody in.
    private static let secretFields: Set = ["authorization", "proxy-authorization", "cookie", "x-api-key"]

    /// Header fields, or another mapping from names to texts.
    package mutating func pairs(_ key: String, issues: inout [Issue]) -> [(
        key: Located<String>, value: Located<String>
    )] {
        guard let node = node(key), !node.isNull else { return [] }
        guard case .map(let members) = node.content else {
            issues.append(
                Issue("'\(key)' is \(node.kind)", remedy: "write it as 'name: value' pairs", at: node.location))
            return []
        }
        return members.compactMap { member in
            let isSecret = Self.secretFields.contains(member.key.lowercased())
            guard
                let value: Located<String> = read(member.value, key: member.key, isSecret: isSecret, issues: &issues)
            else { return nil }
            return (Located(member.key, at: member.keyLocation), value)
        }
    }

    /// The mapping under a key.
    package mutating func section(_ key: String, issues: inout [Issue]) -> ConfigSection? {
        guard let node = node(key), !node.isNull else { return nil }
        let shape = declared(key)?.kind.shape
        return Self.section(
            node, named: "'\(key)'", shapes: [shape].compactMap(\.self), source: source, issues: &issues)
    }

    /// Whether the key is there, with its place.
    package mutating func place(of key: String) -> SourceLocation? {
        source.audit?.note(key, in: shapes, as: nil)
        return members.first { $0.key == key }?.keyLocation
    }

    /// Whether nothing was written there: not the key, or no value.
    package mutating func isMissing(_ key: String) -> Bool {
        node(key)?.isNull ?? true
    }

    /// For a key that is known and cannot stand here.
    package mutating func refuse(
        _ key: String, _ fault: String, remedy: String, severity: Issue.Severity = .error, issues: inout [Issue]
    ) {
        refused.append(key)
        guard let member = members.first(where: { $0.key == key }) else { return }
        issues.append(Issue(fault, remedy: remedy, at: member.keyLocation, severity: severity))
    }

    /// Asks for everything that stands here: where it is not known what a section is, its keys are no faults.
    package mutating func ignoreRest() {
        refused += members.map(\.key)
    }

    /// Secrets: the values themselves, or what is in the files that `KEY_file` names. One of each is usual; with several,
    /// the first is the current one.
    package mutating func secrets(_ key: String, issues: inout [Issue]) -> [Located<Secret>] {
        for name in [key, key + "_file"] {
            guard let node = node(name), case .list(let elements) = node.content, elements.isEmpty else { continue }
            issues.append(
                Issue("'\(name)' is an empty list", remedy: "write one in it, or remove it", at: node.location))
        }
        let texts = self.texts(key, areSecret: true, issues: &issues)
        let files = self.texts(key + "_file", issues: &issues)
        if !texts.isEmpty, let file = files.first {
            issues.append(
                Issue("both '\(key)' and '\(key)_file' are given", remedy: "remove one of them", at: file.location))
        }
        let read = files.compactMap { file in
            source.files?.note(source.path(file.value), isSecret: true)
            return SecretFile.read(source.path(file.value), at: file.location, issues: &issues).map {
                Located($0, at: file.location)
            }
        }
        return texts.map { Located(Secret($0.value), at: $0.location) } + read
    }

    /// Names the keys that are not declared.
    package consuming func finish(issues: inout [Issue]) {
        if shapes.contains(where: \.isOpen) { return }
        for member in members where declared(member.key) == nil && !refused.contains(member.key) {
            let known = shapes.flatMap(\.keys).map(\.name).filter { !refused.contains($0) }
            let nearest = NearestKey.nearest(to: member.key, among: known)
            let remedy =
                nearest.map { "did you mean '\($0)'?" } ?? "known here: \(known.sorted().joined(separator: ", "))"
            issues.append(Issue("unknown key '\(member.key.legible)'", remedy: remedy, at: member.keyLocation))
        }
    }

    package static func section(
        _ node: ConfigNode, named name: String, shapes: [ConfigShape], source: ConfigSource, issues: inout [Issue]
    ) -> ConfigSection? {
        guard case .map(let members) = node.content else {
            issues.append(Issue("\(name) is \(node.kind)", remedy: "write it as 'key: value' pairs", at: node.location))
            return nil
        }
        return ConfigSection(
            members, at: members.first?.keyLocation ?? node.location, source: source, shapes: shapes)
    }

    /// A value that stands in a list or a tree under `key`.
    ///
    /// - Parameter isSecret: so it is no value to have a default in the file.
    package func read<V: ConfigValue>(
        _ node: ConfigNode, key: String, isSecret: Bool = false, issues: inout [Issue]
    ) -> Located<V>? {
        guard case .scalar(let text, _) = node.content else {
            issues.append(Issue("'\(key)' is \(node.kind)", remedy: "it takes \(V.expectation)", at: node.location))
            return nil
        }
        guard
            let expanded = Expansion.expand(
                text, source.environment, at: node.location, isSecret: isSecret, issues: &issues)
        else { return nil }
        guard let value = V(configText: expanded) else {
            // What came from the environment may be a secret.
            let shown = text.contains("${") ? text : expanded
            issues.append(
                Issue(
                    "'\(key)' cannot be '\(shown.legible.prefix(80))'", remedy: "it takes \(V.expectation)",
                    at: node.location))
            return nil
        }
        return Located(value, at: node.location)
    }

    private func node(_ key: String, as type: (any ConfigValue.Type)? = nil) -> ConfigNode? {
        source.audit?.note(key, in: shapes, as: type)
        guard let member = members.first(where: { $0.key == key }) else { return nil }
        return declared(key) == nil && !shapes.contains(where: \.isOpen) ? nil : member.value
    }

    private func declared(_ key: String) -> ConfigKey? {
        for shape in shapes { if let found = shape[key] { return found } }
        return nil
    }
}
