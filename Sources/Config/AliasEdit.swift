import Model

/// Other spellings of a person who stands in a watch already, added to a text as a person would: beside those that are there,
/// or with a key of their own. No other line is touched.
enum AliasEdit {
    /// What comes of it has to be read again: YAML has ways to write a person that this does not know.
    ///
    /// - Parameters:
    ///   - aliases: in quotes.
    ///   - person: an entry of `people:`.
    /// - Returns: nil when it cannot be done by adding.
    static func adding(_ aliases: [String], to person: ConfigNode, in text: String) -> String? {
        switch person.content {
        case .scalar: return named(person, with: aliases, in: text)
        case .list: return nil
        case .map(let members):
            if let known = members.first(where: { $0.key == "aliases" }) {
                var text = text
                var list = known.value
                for alias in aliases {
                    guard let edited = ListEdit.adding([alias], short: alias, to: list, in: text) else { return nil }
                    text = edited
                    guard let next = place(of: list, in: text) else { return nil }
                    list = next
                }
                return text
            }
            guard let name = members.first(where: { $0.key == "name" }), var lines = Lines(text) else { return nil }
            let key = "aliases: [\(aliases.joined(separator: ", "))]"
            guard let start = lines.index(of: name.keyLocation) else { return nil }
            if lines.isInBraces(person.location) {
                lines.insert(key + ", ", at: start, on: name.keyLocation.line)
            } else {
                lines.insertLine(indent(name.keyLocation) + key, after: name.value.location.line)
            }
            return lines.text
        }
    }

    /// `- NAME` becomes `- name: NAME` with the spellings below, and `[NAME]` the same in braces.
    private static func named(_ person: ConfigNode, with aliases: [String], in text: String) -> String? {
        guard case .scalar(_, let isQuoted) = person.content, var lines = Lines(text) else { return nil }
        let line = person.location.line
        guard var start = lines.index(of: person.location) else { return nil }
        // The place of a quoted text is behind its quote.
        if isQuoted, start > lines[line].startIndex, !["\"", "'"].contains(lines[line][start]) {
            start = lines[line].index(before: start)
        }
        let key = "aliases: [\(aliases.joined(separator: ", "))]"
        let before = lines[line][..<start]
        if before.allSatisfy({ $0 == " " || $0 == "-" }) {
            lines.insertLine(String(repeating: " ", count: before.count) + key, after: line)
            lines.insert("name: ", at: start, on: line)
            return lines.text
        }
        guard let end = Lines.scalarEnd(lines[line], from: start) else { return nil }
        lines.insert(", \(key)}", at: end, on: line)
        lines.insert("{name: ", at: start, on: line)
        return lines.text
    }

    /// The same list in a text in which something was added behind its beginning.
    private static func place(of list: ConfigNode, in text: String) -> ConfigNode? {
        var issues: [Issue] = []
        return YAMLReader.node(text, shownAs: "", issues: &issues).flatMap { find(list.location, in: $0) }
    }

    private static func find(_ location: SourceLocation, in node: ConfigNode) -> ConfigNode? {
        switch node.content {
        case .scalar: return nil
        case .list(let elements):
            let isHere = node.location.line == location.line && node.location.column == location.column
            return isHere ? node : elements.lazy.compactMap { find(location, in: $0) }.first
        case .map(let members): return members.lazy.compactMap { find(location, in: $0.value) }.first
        }
    }

    private static func indent(_ location: SourceLocation) -> String {
        String(repeating: " ", count: location.column - 1)
    }
}

/// The lines of a text, by the places that a reader of YAML gives.
private struct Lines {
    private var lines: [String]
    private let end: String

    /// Nil for a text with both kinds of line ends: that is a person's to change.
    init?(_ text: String) {
        let hasWide = text.contains("\r\n")
        if hasWide, text.contains(where: { $0 == "\n" || $0 == "\r" }) { return nil }
        end = hasWide ? "\r\n" : "\n"
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
    }

    var text: String { lines.joined(separator: end) }

    /// - Parameter number: from 1.
    subscript(_ number: Int) -> String { lines[number - 1] }

    func index(of place: SourceLocation) -> String.Index? {
        guard lines.indices.contains(place.line - 1) else { return nil }
        let line = lines[place.line - 1]
        return line.unicodeScalars.index(line.startIndex, offsetBy: place.column - 1, limitedBy: line.endIndex)
            .flatMap { $0 < line.endIndex ? $0 : nil }
    }

    func isInBraces(_ place: SourceLocation) -> Bool { index(of: place).map { self[place.line][$0] == "{" } ?? false }

    mutating func insert(_ text: String, at index: String.Index, on number: Int) {
        lines[number - 1].insert(contentsOf: text, at: index)
    }

    mutating func insertLine(_ text: String, after number: Int) {
        lines.insert(text, at: min(number, lines.count))
    }

    /// Where a scalar within brackets ends, on its line.
    static func scalarEnd(_ line: String, from start: String.Index) -> String.Index? {
        let quote = line[start]
        guard quote == "\"" || quote == "'" else {
            var end = line[start...].firstIndex { ",[]{}".contains($0) } ?? line.endIndex
            if let comment = line[start..<end].firstRange(of: " #") { end = comment.lowerBound }
            while end > start, line[line.index(before: end)].isWhitespace { end = line.index(before: end) }
            return end > start ? end : nil
        }
        var place = line.index(after: start)
        while place < line.endIndex {
            let next = line.index(after: place)
            if quote == "\"", line[place] == "\\" {
                guard next < line.endIndex else { return nil }
                place = line.index(after: next)
                continue
            }
            if line[place] == quote {
                guard quote == "'", next < line.endIndex, line[next] == "'" else { return next }
                place = line.index(after: next)
                continue
            }
            place = next
        }
        return nil
    }
}
