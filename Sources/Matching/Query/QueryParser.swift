import Model

/// Queries by recursive descent, with a bound on how deep they nest.
///
/// `OR` binds loosest, then `AND` (also by standing side by side), then `NOT` and `-`, then `NEAR/n` and `ONEAR/n`.
struct QueryParser {
    static let deepest = 64
    static let keys = Field.allCases.map(\.rawValue) + ["person", "concept", "lang", "feed", "tag"]

    private let lexemes: [QueryLexer.Lexeme]
    private var index = 0
    private var depth = 0

    static func parse(_ text: String) throws(QueryFault) -> Query {
        var parser = QueryParser(lexemes: try QueryLexer.lex(text))
        guard parser.current.kind != .end else {
            throw QueryFault(
                fault: "the query is empty", remedy: "write what to look for, or leave 'query' out", offset: 0)
        }
        let query = try parser.alternatives()
        guard parser.current.kind == .end else {
            throw QueryFault(
                fault: "this ')' closes nothing", remedy: "take it out, or add '(' before it",
                offset: parser.current.offset)
        }
        return query
    }

    private init(lexemes: [QueryLexer.Lexeme]) {
        self.lexemes = lexemes
    }

    private var current: QueryLexer.Lexeme { lexemes[index] }

    private mutating func advance() {
        if index < lexemes.count - 1 { index += 1 }
    }

    private mutating func alternatives() throws(QueryFault) -> Query {
        var parts = [try conjunction()]
        while current.kind == .or {
            advance()
            parts.append(try conjunction())
        }
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    private mutating func conjunction() throws(QueryFault) -> Query {
        var parts = [try negation()]
        while true {
            switch current.kind {
            case .end, .close, .or:
                return parts.count == 1 ? parts[0] : .and(parts)
            case .and:
                advance()
                parts.append(try negation())
            default:
                parts.append(try negation())
            }
        }
    }

    private mutating func negation() throws(QueryFault) -> Query {
        let offset = current.offset
        guard current.kind == .not || current.kind == .minus else { return try proximity() }
        try deepen(offset)
        defer { depth -= 1 }
        advance()
        return .not(try negation(), offset: offset)
    }

    private mutating func proximity() throws(QueryFault) -> Query {
        var left = try primary()
        while case .near(let distance, let ordered) = current.kind {
            let offset = current.offset
            advance()
            left = .near(left, try primary(), distance: distance, ordered: ordered, offset: offset)
        }
        return left
    }

    private mutating func primary() throws(QueryFault) -> Query {
        let lexeme = current
        switch lexeme.kind {
        case .open:
            try deepen(lexeme.offset)
            defer { depth -= 1 }
            advance()
            if current.kind == .close {
                throw QueryFault(
                    fault: "there is nothing between these parentheses", remedy: "take them out, or write a condition",
                    offset: lexeme.offset)
            }
            let inner = try alternatives()
            guard current.kind == .close else {
                throw QueryFault(
                    fault: "this '(' never closes", remedy: "add ')' where the group ends", offset: lexeme.offset)
            }
            advance()
            return inner
        case .word(let text):
            advance()
            if text.hasPrefix("=") {
                guard text.count > 1 else {
                    throw QueryFault(
                        fault: "'=' has no word after it", remedy: "write the word as it must stand, as in =Camp",
                        offset: lexeme.offset)
                }
                return .term(QueryTerm(text: String(text.dropFirst()), kind: .exact, offset: lexeme.offset))
            }
            return .term(QueryTerm(text: text, kind: .words(slop: nil), offset: lexeme.offset))
        case .phrase(let text, let slop, let exact):
            advance()
            return .term(QueryTerm(text: text, kind: exact ? .exact : .words(slop: slop), offset: lexeme.offset))
        case .regex(let text):
            advance()
            return .term(QueryTerm(text: text, kind: .regex, offset: lexeme.offset))
        case .key(let name):
            return try keyed(name, lexeme.offset)
        case .close:
            throw QueryFault(
                fault: "this ')' closes nothing", remedy: "take it out, or add '(' before it", offset: lexeme.offset)
        case .and, .or:
            throw missing(lexeme.kind == .and ? "AND" : "OR", lexeme.offset)
        case .near(_, let ordered):
            throw missing(ordered ? "ONEAR" : "NEAR", lexeme.offset)
        case .end:
            throw QueryFault(
                fault: "the query ends where a condition should stand",
                remedy: "write what to look for, or take the last word out",
                offset: lexeme.offset)
        case .not, .minus:
            throw QueryFault(
                fault: "NEAR cannot have an exclusion beside it",
                remedy: "write NOT before the whole of it, in parentheses",
                offset: lexeme.offset)
        }
    }

    private func missing(_ word: String, _ offset: Int) -> QueryFault {
        QueryFault(
            fault: "'\(word)' has nothing before it",
            remedy: "write a condition on both sides, or \"\(word)\" in quotes if the word itself is meant",
            offset: offset)
    }

    private mutating func keyed(_ name: String, _ offset: Int) throws(QueryFault) -> Query {
        let key = name.lowercased()
        guard Self.keys.contains(key) else {
            let nearest = NearestName.find(key, among: Self.keys)
            throw QueryFault(
                fault: "unknown field '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""),
                remedy: "the fields are \(Self.keys.joined(separator: ", ")); put text with a colon in quotes",
                offset: offset)
        }
        advance()
        if let field = Field(rawValue: key) {
            try deepen(offset)
            defer { depth -= 1 }
            return .field(field, try primary(), offset: offset)
        }
        let value = current
        let text: String
        switch value.kind {
        case .word(let word): text = word
        case .phrase(let phrase, slop: nil, exact: false): text = phrase
        default:
            throw QueryFault(
                fault: "'\(key):' has no name after it",
                remedy: "write it directly after the colon, in quotes if it has spaces",
                offset: offset)
        }
        advance()
        switch key {
        case "person": return .person(name: text, offset: value.offset)
        case "concept": return .concept(name: text, offset: value.offset)
        case "lang": return .language(text, offset: value.offset)
        case "feed": return .feed(text, offset: value.offset)
        default: return .tag(text, offset: value.offset)
        }
    }

    private mutating func deepen(_ offset: Int) throws(QueryFault) {
        depth += 1
        guard depth <= Self.deepest else {
            throw QueryFault(
                fault: "the query nests deeper than \(Self.deepest) levels",
                remedy: "take parentheses out, or split the watch",
                offset: offset)
        }
    }
}
