import Model
import Yams

/// Yams' nodes to ours, with the places that messages need.
struct YAMLConverter {
    /// Aliases can multiply a small file without end.
    private static let maxNodes = 4_000_000
    private static let maxDepth = 64

    let file: String
    let text: String
    private var count = 0
    /// Made when the first block of text needs it.
    private lazy var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)

    init(file: String, text: String) {
        self.file = file
        self.text = text
    }

    /// Nil when there is too much.
    mutating func node(_ node: Node, depth: Int = 0) -> ConfigNode? {
        count += 1
        guard count <= Self.maxNodes, depth <= Self.maxDepth else { return nil }
        switch node {
        case .scalar(let scalar):
            let isQuoted = scalar.style != .plain && scalar.style != .any
            return ConfigNode(content: .scalar(scalar.string, isQuoted: isQuoted), location: location(of: scalar))
        case .sequence(let sequence):
            var elements: [ConfigNode] = []
            for element in sequence {
                guard let element = self.node(element, depth: depth + 1) else { return nil }
                elements.append(element)
            }
            return ConfigNode(content: .list(elements), location: location(sequence.mark))
        case .mapping(let mapping):
            guard let members = members(mapping, depth: depth) else { return nil }
            return ConfigNode(content: .map(members), location: location(mapping.mark))
        case .alias(let alias):
            return ConfigNode(content: .scalar("", isQuoted: false), location: location(alias.mark))
        }
    }

    /// With what `<<: *anchor` brings in: keys that stand in the mapping itself come first.
    private mutating func members(_ mapping: Node.Mapping, depth: Int) -> [ConfigNode.Member]? {
        var members: [ConfigNode.Member] = []
        var merged: [ConfigNode] = []
        for (key, value) in mapping {
            guard let value = node(value, depth: depth + 1) else { return nil }
            let name = key.string ?? "[…]"
            if name == "<<", case .list(let sources) = value.content {
                merged += sources
            } else if name == "<<", case .map = value.content {
                merged.append(value)
            } else {
                members.append(.init(key: name, keyLocation: location(key.mark), value: value))
            }
        }
        for source in merged {
            guard case .map(let inherited) = source.content else { continue }
            members += inherited.filter { member in !members.contains { $0.key == member.key } }
        }
        return members
    }

    private func location(_ mark: Mark?) -> SourceLocation {
        SourceLocation(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    /// Of the first character of the content: behind a quote, and below a `|` or `>`.
    private mutating func location(of scalar: Node.Scalar) -> SourceLocation {
        var place = location(scalar.mark)
        switch scalar.style {
        case .singleQuoted, .doubleQuoted: place.column += 1
        case .literal, .folded:
            let below = lines.indices.contains(place.line) ? lines[place.line...] : []
            for (offset, line) in below.enumerated() {
                let content = line.drop { $0 == " " }
                if content.isEmpty { continue }
                return SourceLocation(file: file, line: place.line + 1 + offset, column: line.count - content.count + 1)
            }
        default: break
        }
        return place
    }
}
