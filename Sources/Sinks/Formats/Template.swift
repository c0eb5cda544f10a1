import Config
import Foundation
import Model

/// A JSON body of the user's own. Placeholders stand in texts of a structure that is parsed once, when the configuration is
/// read; what is filled in is a value and never structure, so no word of a feed can break out of its place.
///
/// `{{title}}` is filled with the words, `{{title:100}}` with at most 100 UTF-16 units of them. `{{alert}}`, alone in its
/// text, becomes the alert object. Mentions are parted: what the receiver obeys is not known.
struct TemplateFormat: WebhookFormat {
    let url: String
    let isPut: Bool
    let body: TemplateNode

    func message(for parcel: Parcel, at now: Date) -> WebhookMessage? {
        guard let alert = parcel.alert, let json = parcel.json else { return nil }
        let values = TemplateValues(alert: alert, note: parcel.note(of: alert, isWhole: true), json: json)
        var writer = JSONWriter()
        body.write(to: &writer, values)
        return WebhookMessage(url: url, isPut: isPut, body: writer.bytes)
    }
}

/// What placeholders are filled with.
struct TemplateValues {
    static let names = [
        "id", "type", "severity", "priority", "timestamp", "watches", "title", "url", "host", "summary", "found",
        "text",
        "feed", "published", "language", "duplicate_of", "alert",
    ]

    let alert: Alert
    let note: Note
    let json: [UInt8]

    func text(_ name: String) -> String {
        let isPointer = note.source == nil
        return switch name {
        case "id": note.id.rawValue
        case "type": note.kind.rawValue
        case "severity": note.severity.rawValue
        case "priority": String(note.priority)
        case "timestamp": Timestamp.text(note.timestamp)
        case "watches": note.watches
        case "title": note.title
        case "url": note.link?.url ?? ""
        case "host": note.link?.host ?? ""
        case "summary": isPointer ? "" : TextFitting.tame(alert.item.summary ?? "")
        case "found": note.lines.map(\.text).joined(separator: "\n")
        case "text": note.text(3000, .utf16)
        case "feed": note.feed ?? ""
        case "published": isPointer ? "" : alert.item.published.map(Timestamp.text) ?? ""
        case "language": isPointer ? "" : TextFitting.tame(alert.item.language ?? "")
        case "duplicate_of": isPointer ? "" : alert.duplicateOf?.rawValue ?? ""
        case "alert": String(decoding: json, as: UTF8.self)
        default: ""
        }
    }
}

/// A JSON value with places to be filled.
indirect enum TemplateNode: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case words(String)
        /// Nil: as long as it is.
        case place(String, limit: Int?)
    }

    /// JSON as it is: a number, true, false, null.
    case literal(String)
    case text([Piece])
    case list([TemplateNode])
    case map([Member])

    struct Member: Sendable, Hashable {
        var key: String
        var value: TemplateNode
    }

    func write(to json: inout JSONWriter, _ values: TemplateValues) {
        switch self {
        case .literal(let text): json.raw(text.utf8)
        case .text(let pieces):
            if pieces == [.place("alert", limit: nil)] { return json.raw(values.json) }
            json.string(pieces.map { Self.fill($0, values) }.joined())
        case .list(let elements): json.array(elements) { json, element in element.write(to: &json, values) }
        case .map(let members):
            json.object { json in
                for member in members {
                    json.key(member.key)
                    member.value.write(to: &json, values)
                }
            }
        }
    }

    private static func fill(_ piece: Piece, _ values: TemplateValues) -> String {
        switch piece {
        case .words(let words): return words
        case .place(let name, let limit):
            // A link with a sign in it that was not there leads elsewhere.
            let isVerbatim = ["url", "id"].contains(name)
            return TextFitting.fit(
                values.text(name), limit ?? .max, .utf16, escape: isVerbatim ? { _ in nil } : TextFitting.defuse)
        }
    }
}

/// Reads the structure of a body.
struct TemplateReader {
    let section: ConfigSection
    /// Texts with a placeholder in them.
    private(set) var places = 0

    init(_ section: ConfigSection) {
        self.section = section
    }

    mutating func read(_ node: ConfigNode, _ issues: inout [Issue]) -> TemplateNode {
        switch node.content {
        case .list(let elements): return .list(elements.map { read($0, &issues) })
        case .map(let members):
            // To YAML, braces without quotes are a mapping with a mapping as its key.
            if members.count == 1, members[0].key == "[…]" {
                issues.append(
                    Issue(
                        "a placeholder without quotes", remedy: "write it as \"{{title}}\"", at: node.location))
                return .literal("null")
            }
            for member in members where member.key.contains("{{") {
                issues.append(
                    Issue(
                        "a placeholder in a key stays as it is written", remedy: "let it stand in a value",
                        at: member.keyLocation, severity: .warning))
            }
            return .map(members.map { .init(key: $0.key, value: read($0.value, &issues)) })
        case .scalar(let text, let isQuoted):
            if !isQuoted, let literal = Self.literal(text) { return .literal(literal) }
            guard let words: Located<String> = section.read(node, key: "body", issues: &issues) else {
                return .literal("null")
            }
            return .text(pieces(words, &issues))
        }
    }

    /// What YAML's core schema takes for something else than a text, where JSON has it as well.
    private static func literal(_ text: String) -> String? {
        switch text {
        case "true", "True", "TRUE": return "true"
        case "false", "False", "FALSE": return "false"
        case "null", "Null", "NULL", "~", "": return "null"
        default:
            let isNumber = text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil
            return isNumber && text.count <= 30 ? text : nil
        }
    }

    private mutating func pieces(_ text: Located<String>, _ issues: inout [Issue]) -> [TemplateNode.Piece] {
        var pieces: [TemplateNode.Piece] = []
        var rest = text.value[...]
        while let start = rest.firstRange(of: "{{") {
            guard let end = rest[start.upperBound...].firstRange(of: "}}") else {
                issues.append(
                    Issue("a '{{' that never closes", remedy: "add '}}', or write one brace", at: text.location))
                break
            }
            if start.lowerBound > rest.startIndex { pieces.append(.words(String(rest[..<start.lowerBound]))) }
            let inside = rest[start.upperBound..<end.lowerBound].filter { $0 != " " }
            if let place = place(inside, text.location, &issues) { pieces.append(place) }
            rest = rest[end.upperBound...]
        }
        if !rest.isEmpty || pieces.isEmpty { pieces.append(.words(String(rest))) }
        return pieces
    }

    private mutating func place(
        _ text: String, _ location: SourceLocation?, _ issues: inout [Issue]
    ) -> TemplateNode.Piece? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard TemplateValues.names.contains(name) else {
            let nearest = NearestKey.nearest(to: name, among: TemplateValues.names).map { "did you mean '{{\($0)}}'?" }
            issues.append(
                Issue(
                    "nothing is called '{{\(name.legible.prefix(40))}}'",
                    remedy: nearest ?? "known are \(TemplateValues.names.joined(separator: ", "))", at: location))
            return nil
        }
        places += 1
        guard parts.count == 2 else { return .place(name, limit: nil) }
        guard let limit = Int(parts[1]), (1...100_000).contains(limit) else {
            issues.append(
                Issue(
                    "'{{\(text.legible.prefix(40))}}' has no proper length", remedy: "write it as {{\(name):200}}",
                    at: location))
            return nil
        }
        return .place(name, limit: limit)
    }
}

extension WebhookFormatKind {
    static let template = WebhookFormatKind(
        name: "template", signing: .possible,
        shape: .format(
            "template", "JSON of your own.", needs: [["body"]],
            [
                ConfigKey("method", .word(["POST", "PUT"], anyCase: true), "The request's method.", usual: "POST"),
                ConfigKey("body", .tree, "A mapping or a list, with {{title}}, {{url}} and the like in its texts."),
            ]),
        takesSeveral: false
    ) { reader, issues in
        let url = reader.url(issues: &issues)
        let method: Located<String>? = reader.section.located("method", issues: &issues)
        if let method, !["POST", "PUT"].contains(method.value.uppercased()) {
            issues.append(Issue("'method' is neither POST nor PUT", remedy: "use one of them", at: method.location))
        }
        guard let node = reader.section.tree("body") else {
            issues.append(
                Issue(
                    "the format 'template' needs a 'body'", remedy: "add 'body: {text: \"{{title}} {{url}}\"}'",
                    at: reader.section.location))
            return nil
        }
        if case .scalar = node.content {
            issues.append(
                Issue(
                    "'body' is a single value",
                    remedy: "write it as a mapping or a list; JSON can stand there as it is",
                    at: node.location))
            return nil
        }
        var template = TemplateReader(reader.section)
        let faults = issues.count
        let body = template.read(node, &issues)
        if template.places == 0, issues.count == faults {
            issues.append(
                Issue(
                    "'body' has no placeholder: every alert would be the same", remedy: "add one, such as {{title}}",
                    at: node.location, severity: .warning))
        }
        return url.map { TemplateFormat(url: $0, isPut: method?.value.uppercased() == "PUT", body: body) }
    }
}
