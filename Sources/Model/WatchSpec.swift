/// How much an alert matters. The order is the order of importance.
package enum Severity: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case low, normal, high, critical

    package static func < (left: Severity, right: Severity) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .low: 0
        case .normal: 1
        case .high: 2
        case .critical: 3
        }
    }
}

/// What to look for. Each condition that is given must hold: some term of `any`, every term of `all`, no term of
/// `none`, one of the people, and the query.
package struct WatchSpec: Sendable, Hashable {
    package var name: String
    package var any: [Located<String>] = []
    package var all: [Located<String>] = []
    package var none: [Located<String>] = []
    package var people: [PersonSpec] = []
    package var query: Located<String>?
    /// Names or tags of feeds. Empty: every feed.
    package var feeds: [Located<String>] = []
    /// BCP 47 primary subtags. Empty: every language, and items whose language is not known.
    package var languages: [Located<String>] = []
    package var severity: Severity = .normal
    /// What webhooks and mail call the watch, so that they do not tell whom it waits for. Nil: its name.
    package var codename: String?
    package var location: SourceLocation?

    package init(name: String, location: SourceLocation? = nil) {
        self.name = name
        self.location = location
    }
}

/// A person who is watched, by one spelling of the name and any that the user adds.
package struct PersonSpec: Sendable, Hashable {
    package enum Strictness: String, Sendable, Hashable, CaseIterable {
        case strict, normal, loose
    }

    package var name: Located<String>
    package var aliases: [Located<String>]
    package var match: Strictness
    /// Terms that speak for this person where one of them stands close to the name.
    package var near: [Located<String>] = []
    /// Whether the name counts only with one of `near` close by.
    package var needsNear = false
    /// Terms that tell of somebody else with this name.
    package var not: [Located<String>] = []
    /// How many words close is, for `near` and `not`.
    package var within = usualWithin

    package static let usualWithin = 50

    package init(name: Located<String>, aliases: [Located<String>] = [], match: Strictness = .normal) {
        self.name = name
        self.aliases = aliases
        self.match = match
    }

    package var hasContext: Bool { !near.isEmpty || !not.isEmpty }
}

/// A named list of terms, for use in any watch as `concept:NAME`.
package struct Concept: Sendable, Hashable {
    package var name: String
    package var terms: [Located<String>]
    package var location: SourceLocation?

    package init(name: String, terms: [Located<String>], location: SourceLocation? = nil) {
        self.name = name
        self.terms = terms
        self.location = location
    }
}
