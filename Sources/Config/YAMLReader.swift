import Foundation
import Model
import Yams

/// A YAML file to nodes with places.
enum YAMLReader {
    /// No honest configuration is larger; 100,000 names are 3 MB.
    private static let maxBytes = 64_000_000

    /// Nil when the file cannot be read or is no YAML; then an issue says why.
    static func read(_ path: String, shownAs file: String, issues: inout [Issue]) -> ConfigNode? {
        text(of: path, file, &issues).flatMap { node($0, shownAs: file, issues: &issues) }
    }

    /// The same, for a text that is here.
    static func node(_ text: String, shownAs file: String, issues: inout [Issue]) -> ConfigNode? {
        do {
            // Nothing is resolved: a value's type is its key's, and Yams' own look at every key costs more than the reading.
            guard let root = try compose(yaml: text, .basic) else {
                return ConfigNode(content: .map([]), location: SourceLocation(file: file, line: 1, column: 1))
            }
            var converter = YAMLConverter(file: file, text: text)
            if let node = converter.node(root) { return node }
            issues.append(
                Issue(
                    "the file has more values than can be read, or they are nested too deep",
                    remedy: "look for an alias that repeats itself", at: SourceLocation(file: file, line: 1, column: 1))
            )
        } catch {
            issues.append(issue(error, file, text))
        }
        return nil
    }

    private static func text(of path: String, _ file: String, _ issues: inout [Issue]) -> String? {
        let top = SourceLocation(file: file, line: 1, column: 1)
        guard let handle = FileHandle(forReadingAtPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            issues.append(
                exists
                    ? Issue("the file cannot be read", remedy: "check its permissions", at: top)
                    : Issue("there is no such file", remedy: "check the path, or make one with 'tocsin init'", at: top))
            return nil
        }
        defer { try? handle.close() }
        let data: Data
        do {
            data = try handle.read(upToCount: maxBytes + 1) ?? Data()
        } catch {
            issues.append(Issue("the file cannot be read", remedy: "check that it is a regular file", at: top))
            return nil
        }
        guard data.count <= maxBytes else {
            issues.append(
                Issue("the file is larger than \(maxBytes) bytes", remedy: "split it with 'include'", at: top))
            return nil
        }
        guard let text = String(data: data, encoding: .utf8) else {
            issues.append(Issue("the file is not UTF-8", remedy: "save it as UTF-8", at: top))
            return nil
        }
        return text
    }

    private static func issue(_ error: any Error, _ file: String, _ text: String) -> Issue {
        func place(_ mark: Mark) -> SourceLocation { SourceLocation(file: file, line: mark.line, column: mark.column) }
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            if let context, context.text.contains("quoted scalar"), problem.contains("end of stream") {
                return Issue("a quote opens here and never closes", remedy: "close it", at: place(context.mark))
            }
            let fault = words(problem).fault
            var remedy = words(problem).remedy
            if let context, context.text.contains("flow"), context.mark.line != mark.line {
                remedy += "; the bracket opens at \(place(context.mark))"
            }
            return Issue(fault, remedy: remedy, at: place(mark))
        case .reader(_, let offset, _, _):
            return Issue(
                "a control character, which YAML does not allow",
                remedy: "remove it, or write it as \\x00 in double quotes",
                at: offset.map { self.place($0, in: text, file) })
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "'\($0.legible)'" }.joined(separator: ", ")
            let first = place(context.mark)
            let second = duplicates.first.flatMap { repetition(of: $0, after: context.mark, in: text, file) }
            return Issue(
                "\(keys) \(duplicates.count == 1 ? "is" : "are") given twice",
                remedy: "merge the two, or remove one\(second == nil ? "" : "; the first is at \(first)")",
                at: second ?? first)
        default:
            return Issue(
                "this is no valid YAML", remedy: "check it for control characters",
                at: SourceLocation(file: file, line: 1, column: 1))
        }
    }

    /// libyaml's words, where ours say more to somebody who does not know its grammar.
    private static func words(_ problem: String) -> (fault: String, remedy: String) {
        if problem.contains("cannot start any token") {
            return ("a tab or a sign that cannot stand here", "indent with spaces, and quote the value")
        }
        if problem.contains("mapping values are not allowed") {
            return ("a ':' that cannot stand here", "quote the value that has it, or check the indentation")
        }
        if problem.contains("undefined alias") {
            return ("a '*' refers to an anchor that is not there", "quote the value if the '*' is meant as it is")
        }
        if problem.contains("another document") {
            return ("a second document begins here", "remove the line '---'")
        }
        if problem.contains("Maximum nesting") {
            return ("the values are nested too deep", "check the brackets")
        }
        return ("this is no valid YAML: \(problem.legible)", "check the indentation and the quotes here and above")
    }

    private static func place(_ offset: Int, in text: String, _ file: String) -> SourceLocation {
        let before = text.utf8.prefix(max(0, offset))
        let line = 1 + before.count { $0 == 0x0A }
        let start = before.lastIndex(of: 0x0A).map { text.utf8.index(after: $0) } ?? text.startIndex
        let column = 1 + text.unicodeScalars[start..<before.endIndex].count
        return SourceLocation(file: file, line: line, column: column)
    }

    /// Where a key of a block mapping stands for the second time: Yams tells of the first only.
    private static func repetition(of key: String, after mark: Mark, in text: String, _ file: String) -> SourceLocation?
    {
        let indent = mark.column - 1
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).dropFirst(mark.line)
        for (number, line) in zip((mark.line + 1)..., lines) {
            let content = line.drop { $0 == " " }
            if content.isEmpty || content.hasPrefix("#") { continue }
            let depth = line.count - content.count
            if depth < indent { return nil }
            guard depth == indent else { continue }
            for form in [key, "'\(key)'", "\"\(key)\""] where content.hasPrefix(form) {
                if content.dropFirst(form.count).drop(while: { $0 == " " }).hasPrefix(":") {
                    return SourceLocation(file: file, line: number, column: indent + 1)
                }
            }
        }
        return nil
    }
}
