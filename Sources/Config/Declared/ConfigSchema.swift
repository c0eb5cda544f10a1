import Model

/// The JSON Schema (2020-12) of feeds.yaml, from the declarations that the loader goes by.
///
/// What the loader takes, the schema takes, but for a key that only brings a warning. It finds what a schema can: unknown and
/// missing keys, wrong kinds and words, numbers out of bounds; the rest is for `tocsin check`. It uses no word of 2020-12 that
/// draft 7 has not, beside `$defs`, since some editors know no more.
package enum ConfigSchema {
    /// - Parameter sinks: what can stand in an entry of `alerts:`.
    package static func document(sinks: [ConfigKey]) -> String {
        var file = ConfigShape.file
        for index in file.keys.indices where file.keys[index].name == "alerts" {
            file.keys[index].kind = .list(.tagged(sinks))
        }
        var writer = SchemaWriter()
        let top = writer.body(of: file)
        let root: [(key: String, value: SchemaValue)] = [
            ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", "feeds.yaml of Tocsin"),
        ]
        return SchemaValue.object(root + top + [("$defs", .object(writer.definitions))]).lines() + "\n"
    }
}

private struct SchemaWriter {
    private typealias Member = (key: String, value: SchemaValue)

    /// In the order in which they are first needed.
    private(set) var definitions: [(key: String, value: SchemaValue)] = []
    private var names: Set<String> = []

    /// `${NAME}` can stand in every single value.
    private static let variable = "\\$\\{"

    /// What a mapping of this shape is.
    mutating func body(of shape: ConfigShape) -> [(key: String, value: SchemaValue)] {
        var members: [Member] = [("description", .text(shape.about)), ("type", "object")]
        var properties: [Member] = []
        for key in shape.keys {
            let isNeeded = shape.needs.contains([key.name])
            properties.append((key.name, described(key, value(of: key.kind, orNull: !isNeeded && !key.needsValue))))
        }
        members.append(("properties", .object(properties)))
        let needed = shape.needs.filter { $0.count == 1 }.flatMap(\.self)
        if !needed.isEmpty { members.append(("required", .array(needed.map(SchemaValue.text)))) }
        let choices = shape.needs.filter { $0.count > 1 }.map { names in
            SchemaValue.object([("anyOf", .array(names.map { ["required": [.text($0)]] }))])
        }
        if !choices.isEmpty { members.append(("allOf", .array(choices))) }
        members.append(("additionalProperties", false))
        return members
    }

    private func described(_ key: ConfigKey, _ value: SchemaValue) -> SchemaValue {
        guard case .object(let members) = value else { return value }
        var head: [Member] = [("description", .text(key.about))]
        if let usual = key.usual { head.append(("default", Self.scalar(usual, key.kind))) }
        return .object(head + members)
    }

    /// As YAML would read it.
    private static func scalar(_ text: String, _ kind: ConfigKind) -> SchemaValue {
        guard case .value(let type, _) = kind else { return .text(text) }
        switch type.form {
        case .flag: return .flag(text == "true")
        case .wholeNumber: return Int(text).map(SchemaValue.number) ?? .text(text)
        default: return .text(text)
        }
    }

    /// - Parameter orNull: whether `key:` alone can stand there, which says nothing.
    private mutating func value(of kind: ConfigKind, orNull: Bool) -> SchemaValue {
        switch kind {
        case .value(let type, let bounds): return Self.single(type.form, bounds, orNull)
        case .word(let words, let anyCase): return Self.single(.words(words, anyCase: anyCase), nil, orNull)
        case .list(let element, let canBeEmpty):
            let one = entry(element)
            let least: [Member] = canBeEmpty ? [] : [("minItems", .number(1))]
            let several = SchemaValue.object([("type", "array"), ("items", one)] + least)
            return Self.any([one, several], orNull)
        case .names(let element):
            let inner: [Member] = [("type", "object"), ("additionalProperties", value(of: element, orNull: false))]
            return Self.any([.object(inner)], orNull)
        case .section(let shape): return Self.any([reference(to: shape)], orNull)
        case .short(let single, let shape):
            return Self.any([value(of: single, orNull: false), reference(to: shape)], orNull)
        case .variants(let variants): return Self.any([reference(to: variants)], orNull)
        case .tagged(let keys): return Self.any([tagged(keys)], orNull)
        case .tree:
            let types: SchemaValue = ["object", "array"]
            return Self.any([["type": types]], orNull)
        }
    }

    /// One of a list.
    private mutating func entry(_ kind: ConfigKind) -> SchemaValue {
        switch kind {
        case .short(_, let shape): define(shape.name + " entry") { $0.value(of: kind, orNull: false) }
        case .tagged: define("sink entry") { $0.value(of: kind, orNull: false) }
        default: value(of: kind, orNull: false)
        }
    }

    private static func any(_ choices: [SchemaValue], _ orNull: Bool) -> SchemaValue {
        let nothing: SchemaValue = ["type": "null"]
        let all = choices + (orNull ? [nothing] : [])
        return all.count == 1 ? all[0] : ["anyOf": .array(all)]
    }

    private mutating func reference(to shape: ConfigShape) -> SchemaValue {
        define(shape.name) { writer in .object(writer.body(of: shape)) }
    }

    /// Words and keys are told apart by `if`, so that a fault is told of the keys that are meant.
    private mutating func reference(to variants: SectionVariants) -> SchemaValue {
        define(variants.name) { writer in
            let key = variants.key
            let cases = variants.shapes.enumerated().map { index, variant -> SchemaValue in
                let words = [SchemaValue.text(variant.word)] + (index == 0 ? [SchemaValue.null] : [])
                let isOne: SchemaValue = ["enum": .array(words)]
                let isMeant: SchemaValue = ["properties": .object([(key, isOne)])]
                let isThere: SchemaValue = ["required": .array([.text(key)])]
                let condition: SchemaValue = index == 0 ? isMeant : ["allOf": .array([isMeant, isThere])]
                return ["if": condition, "then": writer.reference(to: variant.shape)]
            }
            let words = writer.value(
                of: .word(variants.shapes.map(\.word)), orNull: true, describedBy: variants.shapes[0].shape[key])
            return [
                "description": .text(variants.about), "type": "object", "properties": .object([(key, words)]),
                "allOf": .array(cases),
            ]
        }
    }

    private mutating func value(of kind: ConfigKind, orNull: Bool, describedBy key: ConfigKey?) -> SchemaValue {
        let plain = value(of: kind, orNull: orNull)
        return key.map { described($0, plain) } ?? plain
    }

    /// `- stdout`, or `- webhook: {…}`.
    private mutating func tagged(_ keys: [ConfigKey]) -> SchemaValue {
        func isAlone(_ key: ConfigKey) -> Bool {
            if case .section(let shape) = key.kind { return shape.needs.isEmpty }
            return false
        }
        let words = keys.filter(isAlone).map { SchemaValue.text($0.name) }
        let properties = keys.map { key -> Member in
            (key.name, described(key, value(of: key.kind, orNull: isAlone(key))))
        }
        return [
            "anyOf": [
                ["enum": .array(words)],
                [
                    "type": "object", "properties": .object(properties), "additionalProperties": false,
                    "minProperties": .number(1), "maxProperties": .number(1),
                ],
            ]
        ]
    }

    private mutating func define(_ name: String, _ make: (inout SchemaWriter) -> SchemaValue) -> SchemaValue {
        let name = name.replacing(" ", with: "-")
        if names.insert(name).inserted {
            let index = definitions.count
            definitions.append((name, .null))
            definitions[index].value = make(&self)
        }
        return .object([("$ref", .text("#/$defs/" + name))])
    }

    // MARK: single values

    private static func single(_ form: ValueForm, _ bounds: ValueBounds?, _ orNull: Bool) -> SchemaValue {
        func types(_ names: [String]) -> Member {
            ("type", .array((names + (orNull ? ["null"] : [])).map(SchemaValue.text)))
        }
        switch form {
        case .text: return .object([types(["string", "number", "boolean"])])
        case .flag:
            let words = ["true", "false", "yes", "no", "on", "off"].map(anyCase).joined(separator: "|")
            return .object([types(["boolean", "string"]), pattern(words)])
        case .wholeNumber:
            var members = [types(["integer", "string"]), pattern("[+-]?[0-9]+")]
            if case .count(let range)? = bounds {
                members += [("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound))]
            }
            return .object(members)
        case .pattern(let text, let examples, let takesNumbers):
            let members = [types(["string"] + (takesNumbers ? ["integer"] : [])), pattern(text)]
            return .object(members + [("examples", .array(examples.map(SchemaValue.text)))])
        case .words(let words, let isAnyCase):
            let more = isAnyCase ? "^(\(words.map(anyCase).joined(separator: "|")))$|\(variable)" : variable
            let list: SchemaValue = ["enum": .array(words.map(SchemaValue.text))]
            return any([list, ["type": "string", "pattern": .text(more)]], orNull)
        }
    }

    private static func pattern(_ text: String) -> Member {
        ("pattern", .text("^(\(text))$|\(variable)"))
    }

    /// A pattern of a word in capitals or not: the flags for it are not the same in all engines.
    private static func anyCase(_ word: String) -> String {
        word.map { letter in "[\(letter.lowercased())\(letter.uppercased())]" }.joined()
    }
}
