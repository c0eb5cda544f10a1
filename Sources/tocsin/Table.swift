import Model

/// Lines of text in columns, for a terminal.
enum Table {
    /// As wide as a cell gets, in characters. The last column has no limit.
    static let widest = 40

    static func lines(_ heading: [String], _ rows: [[String]]) -> [String] {
        let cells = ([heading] + rows).map { row in
            row.enumerated().map { index, cell in index == row.count - 1 ? cell : cut(cell) }
        }
        let widths = heading.indices.map { column in cells.map { width($0[column]) }.max() ?? 0 }
        return cells.map { row in
            let padded = row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - width(cell))
            }
            return padded.joined(separator: "  ").trimmingTrailingSpaces
        }
    }

    /// The same for a terminal of so many columns. What does not fit is cut in the first column, and the last goes below.
    static func lines(_ heading: [String], _ rows: [[String]], columns: Int?) -> [String] {
        let whole = lines(heading, rows)
        guard let columns, whole.contains(where: { width($0) > columns }) else { return whole }
        let middle = ([heading] + rows).map { $0.dropLast().map { cut($0) } }
        let taken = heading.indices.dropFirst().dropLast().map { column in
            middle.map { width($0[column]) }.max().map { $0 + 2 } ?? 0
        }
        let room = max(12, columns - taken.reduce(0, +))
        // The last column of a table is not padded.
        let upper = lines(
            heading.dropLast().enumerated().map { $0.offset == 0 ? cut($0.element, to: room) : $0.element },
            middle.map { $0 }.dropFirst().map { row in
                row.enumerated().map { $0.offset == 0 ? cut($0.element, to: room) : $0.element }
            })
        var result = [cut(upper[0], to: columns)]
        for (line, row) in zip(upper.dropFirst(), rows) {
            result.append(cut(line, to: columns))
            if let last = row.last, !last.isEmpty { result += wrapped("    " + last, to: columns) }
        }
        return result
    }

    /// At most so many columns, the last of them `…` where something is missing.
    static func cut(_ text: String, to columns: Int = widest) -> String {
        guard width(text) > columns else { return text }
        var result = ""
        var taken = 0
        for character in text {
            taken += width(String(character))
            if taken >= columns { break }
            result.append(character)
        }
        return result + "…"
    }

    /// Lines of at most so many columns, broken between words where that can be done, each with the spaces that the first begins with.
    static func wrapped(_ text: String, to columns: Int) -> [String] {
        let indent = String(text.prefix { $0 == " " })
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, width(last) + 1 + width(String(word)) <= columns {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(indent + word)
            }
        }
        return lines.isEmpty ? [""] : lines
    }

    /// Columns on a terminal: East Asian wide characters take two.
    static func width(_ text: String) -> Int {
        text.reduce(0) { total, character in
            let scalar = character.unicodeScalars.first?.value ?? 0
            let isWide =
                (0x1100...0x115F).contains(scalar) || (0x2E80...0xA4CF).contains(scalar)
                || (0xAC00...0xD7A3).contains(scalar) || (0xF900...0xFAFF).contains(scalar)
                || (0xFE30...0xFE6F).contains(scalar) || (0xFF00...0xFF60).contains(scalar)
                || (0x1F300...0x1FAFF).contains(scalar) || (0x20000...0x3FFFD).contains(scalar)
            return total + (isWide ? 2 : 1)
        }
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var result = self
        while result.hasSuffix(" ") { result.removeLast() }
        return result
    }
}
