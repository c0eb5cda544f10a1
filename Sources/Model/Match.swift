/// A part of an item that can be matched.
package enum Field: String, Sendable, Hashable, Codable, CaseIterable {
    case title, summary, content, article, author, url, category
}

/// An item as the matcher reads it: plain text by field, and what scopes a watch.
package struct MatchDocument: Sendable {
    package struct Part: Sendable {
        package var field: Field
        /// Plain text. What matches are quoted from.
        package var text: String

        package init(_ field: Field, _ text: String) {
            self.field = field
            self.text = text
        }
    }

    package var parts: [Part]
    /// BCP 47, declared by the user, the item or the feed. Nil: not known.
    package var language: String?
    package var feedName: String?
    package var feedTags: [String]

    package init(parts: [Part], language: String? = nil, feedName: String? = nil, feedTags: [String] = []) {
        self.parts = parts
        self.language = language
        self.feedName = feedName
        self.feedTags = feedTags
    }
}

/// One place in an item where a watch was found.
package struct Match: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        case term, person, query
    }

    package var watch: String
    package var kind: Kind
    /// The term, name or query as the user wrote it.
    package var pattern: String
    package var field: Field
    /// What stands in the item, letter for letter.
    package var text: String
    /// 0 to 1. Exact finds have 1.
    package var score: Double
    /// The words around it, from the same field, on one line.
    package var context: String

    package init(
        watch: String, kind: Kind, pattern: String, field: Field, text: String, score: Double, context: String
    ) {
        self.watch = watch
        self.kind = kind
        self.pattern = pattern
        self.field = field
        self.text = text
        self.score = score
        self.context = context
    }
}

/// Why a watch matched a document, or why it did not.
package struct Explanation: Sendable, Hashable {
    package var watch: String
    package var matched: Bool
    package var matches: [Match]
    /// One step a line, for people: each rule that equated two spellings, or the nearest miss and what it lacked.
    package var reasons: [String]

    package init(watch: String, matched: Bool, matches: [Match], reasons: [String]) {
        self.watch = watch
        self.matched = matched
        self.matches = matches
        self.reasons = reasons
    }
}
