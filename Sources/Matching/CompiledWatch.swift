import Model

/// Fields as a set.
struct FieldSet: OptionSet, Sendable {
    let rawValue: UInt8

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(_ field: Field) {
        switch field {
        case .title: self = FieldSet(rawValue: 1)
        case .summary: self = FieldSet(rawValue: 2)
        case .content: self = FieldSet(rawValue: 4)
        case .article: self = FieldSet(rawValue: 8)
        case .author: self = FieldSet(rawValue: 16)
        case .url: self = FieldSet(rawValue: 32)
        case .category: self = FieldSet(rawValue: 64)
        }
    }

    /// What is searched when nothing is said: what a reader reads.
    static let text = FieldSet(rawValue: 1 | 2 | 4 | 8)
}

/// A term, name or regular expression that any number of watches look for. Found once for all of them.
struct Pattern: Sendable {
    enum Kind: Sendable {
        case term
        /// Words as written and words by their beginning: never put aside for a closer spelling.
        case special
        case person
    }

    var written: String
    var kind: Kind
    /// A person's other spellings.
    var aliases: [String] = []
}

/// A place in a watch that patterns fill: it holds when one of them is found in its fields.
struct Slot: Sendable {
    enum Role: Sendable, Hashable {
        case any, all, none, people, query
        /// `near` and `not` of a person.
        case context
    }

    var role: Role
    var fields: FieldSet
    var patterns: [UInt32] = []
    var regexes: [Int] = []
    /// What the user wrote there, for explanations.
    var label: String
}

/// What must hold for a watch.
indirect enum Condition: Sendable {
    case slot(Int)
    case and([Condition])
    case or([Condition])
    case not(Condition)
    case near(Condition, Condition, distance: Int, ordered: Bool)
    /// Each slot once, in any order, with at most that many other words among them.
    case loose([Int], slop: Int)
    /// A person by what stands around the name.
    case mention(Mention)
    case language(String)
    case feed(String)
    case tag(String)

    /// Whether it can only hold when some word that the index knows is in the text.
    func needsWord(_ slots: [Slot]) -> Bool {
        switch self {
        case .slot(let index): slots[index].regexes.isEmpty
        case .and(let parts): parts.contains { $0.needsWord(slots) }
        case .or(let parts): parts.allSatisfy { $0.needsWord(slots) }
        case .not, .language, .feed, .tag: false
        case .near, .loose, .mention: true
        }
    }
}

struct CompiledWatch: Sendable {
    var name: String
    /// Primary subtags.
    var languages: Set<String>
    /// Names and tags, in lower case.
    var feeds: Set<String>
    var query: String?
    var condition: Condition
    var slots: [Slot]
    /// Nothing that the index knows has to be in the text: tried on every item.
    var isAlwaysTried: Bool
}

/// Lower case, and the part before the first hyphen: `zh-Hans` is `zh`.
func primarySubtag(_ language: String) -> String {
    let tag = language.lowercased()
    return String(tag.prefix(while: { $0 != "-" && $0 != "_" }))
}
