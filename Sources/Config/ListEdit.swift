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
            let more = elements.isEmpty ? short : short + ", "
            lines[start].insert(contentsOf: more, at: lines[start].index(after: column))
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
