/// A key of a configuration: only what is declared can be read, and the JSON Schema has what is declared.
package struct ConfigKey: Sendable {
    package var name: String
    package var kind: ConfigKind
    /// For the person who writes it, in a line.
    package var about: String
    /// What holds where it is not there, as it would be written.
    package var usual: String?
    /// Whether `key:` alone is a fault, and not as if it were not there.
    package var needsValue = false

    package init(_ name: String, _ kind: ConfigKind, _ about: String, usual: String? = nil) {
        self.name = name
        self.kind = kind
        self.about = about
        self.usual = usual
    }
}

extension ConfigKey {
    /// One that has to say something.
    static func filled(_ name: String, _ kind: ConfigKind, _ about: String) -> ConfigKey {
        var key = ConfigKey(name, kind, about)
        key.needsValue = true
        return key
    }
}

/// What can stand under a key.
package indirect enum ConfigKind: Sendable {
    case value(any ConfigValue.Type, ValueBounds? = nil)
    /// A text that is read by its reader, and is one of these words.
    case word([String], anyCase: Bool = false)
    /// Several; one alone is a list of one.
    case list(ConfigKind, canBeEmpty: Bool = true)
    /// Names of the user's own, each with one of these under it.
    case names(ConfigKind)
    case section(ConfigShape)
    /// A single value where the rest of a section says nothing.
    case short(ConfigKind, or: ConfigShape)
    /// A section whose keys depend on what stands in it.
    case variants(SectionVariants)
    /// One of several, each under its own key; or that key alone.
    case tagged([ConfigKey])
    /// Any tree of values.
    case tree

    package static let text = ConfigKind.value(String.self)
    package static let texts = ConfigKind.list(.text)
    package static let flag = ConfigKind.value(Bool.self)

    package static func time(_ low: String, _ high: String) -> ConfigKind {
        .value(Duration.self, .time(low, high))
    }

    package static func number(_ range: ClosedRange<Int>) -> ConfigKind {
        .value(Int.self, .count(range))
    }

    /// The bounds of a single value.
    var bounds: ValueBounds? {
        if case .value(_, let bounds) = self { return bounds }
        return nil
    }

    /// The keys of a mapping under the key, where it can be one.
    var shape: ConfigShape? {
        switch self {
        case .section(let shape), .short(_, or: let shape): shape
        case .names: .ofNames
        default: nil
        }
    }
}

/// The keys of one kind of mapping.
package struct ConfigShape: Sendable {
    /// Its name in the schema.
    package var name: String
    package var about: String
    package var keys: [ConfigKey]
    /// Of each of these, one must be there.
    package var needs: [[String]]
    /// What such a mapping holds can be called as the user likes: a concept, a header field.
    package var isOpen = false

    package init(_ name: String, _ about: String, needs: [[String]] = [], _ keys: [ConfigKey]) {
        self.name = name
        self.about = about
        self.needs = needs
        self.keys = keys
    }

    static let ofNames: ConfigShape = {
        var shape = ConfigShape("names", "", [])
        shape.isOpen = true
        return shape
    }()

    package subscript(_ name: String) -> ConfigKey? {
        keys.first { $0.name == name }
    }

    /// Both, as one.
    package func with(_ other: ConfigShape) -> ConfigShape {
        ConfigShape(name, about, needs: needs + other.needs, keys + other.keys)
    }
}

/// Sections that are told apart by a word in them.
package struct SectionVariants: Sendable {
    package var name: String
    package var about: String
    /// The key that the word stands under.
    package var key: String
    /// By their words. The first is meant where there is none.
    package var shapes: [(word: String, shape: ConfigShape)]

    package init(_ name: String, _ about: String, key: String, _ shapes: [(word: String, shape: ConfigShape)]) {
        self.name = name
        self.about = about
        self.key = key
        self.shapes = shapes
    }
}

extension [ConfigKey] {
    /// A secret, and the file that it can lie in instead.
    package static func secret(_ name: String, _ about: String, severalOf: Bool = false) -> [ConfigKey] {
        let kind = severalOf ? ConfigKind.list(.text, canBeEmpty: false) : .text
        return [
            ConfigKey(name, kind, about),
            ConfigKey(
                name + "_file", kind, "A file that holds '\(name)' and nothing else; better than writing it here."),
        ]
    }
}
