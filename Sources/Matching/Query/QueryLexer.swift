/// The words and signs of a query, each with its place.
struct QueryLexer {
    struct Lexeme: Equatable {
        enum Kind: Equatable {
            case open, close
            case and, or, not, minus
            case near(Int, ordered: Bool)
            /// `name:` before a word, a phrase or a parenthesis.
            case key(String)
            case word(String)
            case phrase(String, slop: Int?, exact: Bool)
            case regex(String)
            case end
        }

        var kind: Kind
        var offset: Int
    }

    static let longest = 100_000

    private let characters: [Character]
    private var position = 0
    private var lexemes: [Lexeme] = []

    private init(_ text: String) {
        characters = Array(text)
    }

    static func lex(_ text: String) throws(QueryFault) -> [Lexeme] {
        guard text.utf8.count <= longest else {
            throw QueryFault(
                fault: "the query is longer than \(longest) bytes", remedy: "put its terms into a concept", offset: 0)
        }
        var lexer = QueryLexer(text)
        try lexer.run()
        return lexer.lexemes
    }

    private mutating func run() throws(QueryFault) {
        while position < characters.count {
            let character = characters[position]
            let start = position
            if character.isWhitespace {
                position += 1
            } else if character == "(" || character == "（" {
                position += 1
                lexemes.append(Lexeme(kind: .open, offset: start))
            } else if character == ")" || character == "）" {
                position += 1
                lexemes.append(Lexeme(kind: .close, offset: start))
            } else if Self.isQuote(character) {
                try phrase(exact: false, start: start)
            } else if character == "=", position + 1 < characters.count, Self.isQuote(characters[position + 1]) {
                position += 1
                try phrase(exact: true, start: start)
            } else if character == "/" {
                try regex()
            } else if character == "-" || character == "−" {
                let next = position + 1 < characters.count ? characters[position + 1] : " "
                guard !next.isWhitespace, next != ")" else {
                    throw QueryFault(
                        fault: "'-' stands alone", remedy: "write it directly before what must not occur", offset: start
                    )
                }
                position += 1
                lexemes.append(Lexeme(kind: .minus, offset: start))
            } else {
                try word()
            }
        }
        lexemes.append(Lexeme(kind: .end, offset: characters.count))
    }

    static func isQuote(_ character: Character) -> Bool {
        character == "\"" || character == "“" || character == "”" || character == "„" || character == "«"
            || character == "»"
    }

    /// A straight quote closes a straight one; typographic ones close each other, whatever the language's habit.
    private static func closes(_ character: Character, _ opening: Character) -> Bool {
        opening == "\"" ? character == "\"" : isQuote(character)
    }

    private mutating func phrase(exact: Bool, start: Int) throws(QueryFault) {
        let quote = position
        position += 1
        let first = position
        while position < characters.count, !Self.closes(characters[position], characters[quote]) { position += 1 }
        guard position < characters.count else {
            throw QueryFault(
                fault: "the phrase that opens here never closes", remedy: "add a closing quote", offset: quote)
        }
        let text = String(characters[first..<position])
        position += 1
        var slop: Int?
        if position < characters.count, characters[position] == "~" {
            let tilde = position
            position += 1
            guard let number = number(), (1...1_000).contains(number) else {
                throw QueryFault(
                    fault: "'~' has no number after it",
                    remedy: "write how many other words may stand between, as in ~5",
                    offset: tilde)
            }
            slop = number
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw QueryFault(fault: "the phrase is empty", remedy: "write the words to look for", offset: quote)
        }
        if exact, slop != nil {
            throw QueryFault(
                fault: "a phrase cannot be as written and loose at once", remedy: "take out '=' or '~'", offset: start)
        }
        lexemes.append(Lexeme(kind: .phrase(text, slop: slop, exact: exact), offset: start))
    }

    private mutating func regex() throws(QueryFault) {
        let start = position
        position += 1
        var text = ""
        while position < characters.count, characters[position] != "/" {
            if characters[position] == "\\", position + 1 < characters.count {
                // `\/` is a slash; every other escape is the expression's.
                if characters[position + 1] != "/" { text.append("\\") }
                position += 1
            }
            text.append(characters[position])
            position += 1
        }
        guard position < characters.count else {
            throw QueryFault(
                fault: "the regular expression that opens here never closes",
                remedy: "add a closing '/', and write '\\/' for a slash in it", offset: start)
        }
        position += 1
        guard !text.isEmpty else {
            throw QueryFault(
                fault: "the regular expression is empty", remedy: "write it between the slashes", offset: start)
        }
        lexemes.append(Lexeme(kind: .regex(text), offset: start))
    }

    private mutating func word() throws(QueryFault) {
        let start = position
        while position < characters.count, !endsWord(characters[position]) {
            if characters[position] == ":", position > start,
                characters[start..<position].allSatisfy({ $0.isLetter && $0.isASCII }),
                position + 1 < characters.count, !characters[position + 1].isWhitespace,
                characters[position + 1] != "/" || position + 2 >= characters.count || characters[position + 2] != "/"
            {
                let name = String(characters[start..<position])
                position += 1
                lexemes.append(Lexeme(kind: .key(name), offset: start))
                return
            }
            position += 1
        }
        let text = String(characters[start..<position])
        switch text {
        case "AND", "&&": lexemes.append(Lexeme(kind: .and, offset: start))
        case "OR", "||", "|": lexemes.append(Lexeme(kind: .or, offset: start))
        case "NOT", "!": lexemes.append(Lexeme(kind: .not, offset: start))
        default:
            if let near = try near(text, start) {
                lexemes.append(Lexeme(kind: near, offset: start))
            } else {
                lexemes.append(Lexeme(kind: .word(text), offset: start))
            }
        }
    }

    private func endsWord(_ character: Character) -> Bool {
        character.isWhitespace || character == "(" || character == ")" || character == "（" || character == "）"
            || Self.isQuote(character)
    }

    private func near(_ text: String, _ start: Int) throws(QueryFault) -> Lexeme.Kind? {
        for (name, ordered) in [("NEAR", false), ("ONEAR", true)] {
            if text == name { return .near(10, ordered: ordered) }
            guard text.hasPrefix(name + "/") else { continue }
            guard let number = Int(text.dropFirst(name.count + 1)), (1...1_000).contains(number) else {
                throw QueryFault(
                    fault: "'\(text)' has no distance between 1 and 1000",
                    remedy: "write it in words, as in \(name)/10",
                    offset: start)
            }
            return .near(number, ordered: ordered)
        }
        return nil
    }

    private mutating func number() -> Int? {
        let start = position
        while position < characters.count, characters[position].isASCII, characters[position].isNumber { position += 1 }
        return Int(String(characters[start..<position]))
    }
}
