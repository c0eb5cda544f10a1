import Foundation
import Model
import Yams

/// A YAML file to nodes with places.
enum YAMLReader {
    /// No honest configuration is larger; 100,000 names are 3 MB.
    private static let maxBytes = 64_000_000
    /// Aliases can multiply a small file without end.
    private static let maxNodes = 4_000_000
    private static let maxDepth = 64

    /// Nil when the file cannot be read or is no YAML; then an issue says why.
    static func read(_ path: String, shownAs file: String, issues: inout [Issue]) -> ConfigNode? {
        guard let text = text(of: path, file, &issues) else { return nil }
        do {
            guard let root = try compose(yaml: text) else {
                return ConfigNode(content: .map([]), location: SourceLocation(file: file, line: 1, column: 1))
            }
            var converter = Converter(file: file)
            guard let node = converter.node(root, depth: 0) else {
                issues.append(
                    Issue(
                        "the file has more values than can be read, or they are nested too deep",
                        remedy: "look for an alias that repeats itself", at: nil))
                return nil
            }
            return node
        } catch {
            issues.append(issue(error, file))
            return nil
        }
    }

    private static func text(of path: String, _ file: String, _ issues: inout [Issue]) -> String? {
        let top = SourceLocation(file: file, line: 1, column: 1)
        guard let handle = FileHandle(forReadingAtPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            issues.append(
                exists
                    ? Issue("the file cannot be read", remedy: "check its permissions", at: top)
                    : Issue("there is no such file", remedy: "check the path, or make one as README shows", at: top))
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

    private static func issue(_ error: any Error, _ file: String) -> Issue {
        func place(_ mark: Mark) -> SourceLocation { SourceLocation(file: file, line: mark.line, column: mark.column) }
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            if problem.contains("cannot start any token") {
                return Issue(
                    "a tab or a sign that cannot stand here", remedy: "indent with spaces, and quote the value",
                    at: place(mark))
            }
            return Issue(
                "this is no valid YAML: \(problem)", remedy: "check the indentation and the quotes here and above",
                at: place(mark))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "'\($0.legible)'" }.joined(separator: ", ")
            return Issue("\(keys) is given twice", remedy: "merge the two, or remove one", at: place(context.mark))
        default:
            return Issue(
                "this is no valid YAML", remedy: "check it for control characters",
                at: SourceLocation(file: file, line: 1, column: 1))
        }
    }

    private struct Converter {
        let file: String
        var count = 0

        init(file: String) {
            self.file = file
        }

        /// Nil when there is too much.
        mutating func node(_ node: Node, depth: Int) -> ConfigNode? {
            count += 1
            guard count <= maxNodes, depth <= maxDepth else { return nil }
            let location = location(node)
            switch node {
            case .scalar(let scalar):
                let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
                return ConfigNode(content: .scalar(scalar.string, isQuoted: isQuoted), location: location)
            case .sequence(let sequence):
                var elements: [ConfigNode] = []
                for element in sequence {
                    guard let element = self.node(element, depth: depth + 1) else { return nil }
                    elements.append(element)
                }
                return ConfigNode(content: .list(elements), location: location)
            case .mapping(let mapping):
                var members: [ConfigNode.Member] = []
                for (key, value) in mapping {
                    guard let value = self.node(value, depth: depth + 1) else { return nil }
                    members.append(
                        .init(key: key.string ?? "", keyLocation: self.location(key, isKey: true), value: value))
                }
                return ConfigNode(content: .map(members), location: location)
            case .alias:
                return ConfigNode(content: .scalar("", isQuoted: false), location: location)
            }
        }

        /// Of the first character of the content: behind the quote of a quoted scalar.
        private func location(_ node: Node, isKey: Bool = false) -> SourceLocation {
            let line = node.mark?.line ?? 1
            var column = node.mark?.column ?? 1
            if !isKey, case .scalar(let scalar) = node, scalar.style == .singleQuoted || scalar.style == .doubleQuoted {
                column += 1
            }
            return SourceLocation(file: file, line: line, column: column)
        }
    }
}
