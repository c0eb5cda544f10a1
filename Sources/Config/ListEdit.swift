import Model

/// An entry of a list of YAML, added to a text as a person would: no other line is touched.
enum ListEdit {
    /// Nil when it cannot be done by adding lines to a list of lines, or one entry to a list in brackets. What comes of it
    /// has to be read again: YAML has ways to write a list that this does not know.
    ///
    /// - Parameters:
    ///   - entry: its lines, without the dash.
    ///   - short: the same on one line, for a list in brackets.
    static func adding(_ entry: [String], short: String, to list: ConfigNode, in text: String) -> String? {
        guard case .list(let elements) = list.content else { return nil }
        let hasWide = text.contains("\r\n")
        if hasWide, text.contains(where: { $0 == "\n" || $0 == "\r" }) { return nil }
        let end = hasWide ? "\r\n" : "\n"
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
        let start = list.location.line - 1
        guard lines.indices.contains(start) else { return nil }
        let column = lines[start].unicodeScalars.index(
            lines[start].startIndex, offsetBy: list.location.column - 1, limitedBy: lines[start].endIndex)
        if let column, column < lines[start].endIndex, lines[start][column] == "[" {
            guard let (line, place, hasComma) = BracketScan.end(of: lines, from: start, column) else { return nil }
            let more = elements.isEmpty ? short : (hasComma ? " " : ", ") + short
            lines[line].insert(contentsOf: more, at: place)
            return lines.joined(separator: end)
        }
        guard let first = elements.first, let last = elements.last, lines.indices.contains(first.location.line - 1)
        else {
            return nil
        }
        let indent = lines[first.location.line - 1].prefix { $0 == " " }
        guard lines[first.location.line - 1].dropFirst(indent.count).hasPrefix("- ") else { return nil }
        var next = deepest(last)
        // Texts of several lines, and brackets that close further down.
        while next < lines.count {
            let depth = lines[next].prefix { $0 == " " }.count
            guard depth > indent.count, depth < lines[next].count, !lines[next].dropFirst(depth).hasPrefix("#") else {
                break
            }
            next += 1
        }
        guard next <= lines.count else { return nil }
        let added = entry.enumerated().map { indent + ($0.offset == 0 ? "- " : "  ") + $0.element }
        // The last line may have no end.
        if next == lines.count { return lines.joined(separator: end) + end + added.joined(separator: end) + end }
        lines.insert(contentsOf: added, at: next)
        return lines.joined(separator: end)
    }

    /// The number of the last line on which something of a node begins.
    private static func deepest(_ node: ConfigNode) -> Int {
        switch node.content {
        case .scalar: node.location.line
        case .list(let elements): elements.reduce(node.location.line) { max($0, deepest($1)) }
        case .map(let members):
            members.reduce(node.location.line) { max($0, $1.keyLocation.line, deepest($1.value)) }
        }
    }
}

/// Where the entries of a list in brackets end.
private struct BracketScan {
    private var depth = 0
    /// The quote that a text began with, until it ends.
    private var quote: Character?
    /// Whether a quote would begin a text here: elsewhere it is an apostrophe.
    private var isStart = true
    private var hasComma = false

    /// - Parameter column: of the opening bracket.
    /// - Returns: the place behind the last entry, or behind the comma that follows it. Nil where the list never closes.
    static func end(
        of lines: [String], from first: Int, _ column: String.Index
    ) -> (line: Int, place: String.Index, hasComma: Bool)? {
        var scan = BracketScan()
        var last = (line: first, place: lines[first].index(after: column))
        for line in first..<lines.count {
            let text = lines[line]
            var place = line == first ? column : text.startIndex
            while place < text.endIndex {
                if scan.isComment(text, place) { break }
                let next = scan.step(text, place)
                if scan.depth == 0 { return (last.line, last.place, scan.hasComma) }
                if !text[place].isWhitespace { last = (line, next) }
                place = next
            }
        }
        return nil
    }

    private func isComment(_ text: String, _ place: String.Index) -> Bool {
        quote == nil && text[place] == "#"
            && (place == text.startIndex || text[text.index(before: place)].isWhitespace)
    }

    /// - Returns: where to go on.
    private mutating func step(_ text: String, _ place: String.Index) -> String.Index {
        let next = text.index(after: place)
        let character = text[place]
        let following = next < text.endIndex ? text[next] : nil
        if let quote {
            if quote == "\"", character == "\\", following != nil { return text.index(after: next) }
            if character == quote {
                // Two of them are one (YAML 1.2 §7.3.2).
                if quote == "'", following == "'" { return text.index(after: next) }
                self.quote = nil
            }
            return next
        }
        if character.isWhitespace { return next }
        if character == "]" || character == "}" { depth -= 1 }
        // What closes the list leaves what is known of its last entry.
        if depth == 0, character == "]" { return next }
        let wasStart = isStart
        hasComma = character == ","
        isStart = false
        switch character {
        case "[", "{":
            depth += 1
            isStart = true
        case ",": isStart = true
        // `a: b`, and `"a":"b"`; but not `https://`.
        case ":": isStart = following.map { $0.isWhitespace || $0 == "\"" || $0 == "'" } ?? true
        case "\"", "'": if wasStart { quote = character }
        default: break
        }
        return next
    }
}
