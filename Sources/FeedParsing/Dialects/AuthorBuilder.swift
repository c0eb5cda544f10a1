import Model

/// Authors, as feeds write them: `Name`, `mail@host`, `mail@host (Name)`, `Name <mail@host>`.
struct AuthorBuilder {
    private(set) var authors: [ParsedAuthor] = []

    var isEmpty: Bool { authors.isEmpty }

    mutating func add(_ author: ParsedAuthor) {
        let isKnown = authors.contains { $0 == author || ($0.name != nil && $0.name == author.name) }
        guard !isKnown, authors.count < 100 else { return }
        authors.append(author)
    }

    mutating func add(text: XMLText) {
        // As markup, `<mail@host>` would be a tag.
        if !text.hasMarkup, text.utf8.contains(UInt8(ascii: "@")), let author = Self.bracketed(text.string) {
            return add(author)
        }
        guard let line = text.line else { return }
        add(Self.author(line))
    }

    /// `Name <mail@host>` with nothing behind (RFC 5322 §3.4), as it stands in a document.
    private static func bracketed(_ text: String) -> ParsedAuthor? {
        guard let open = text.lastRange(of: "<"), text.trimmed.hasSuffix(">"), let close = text.lastRange(of: ">"),
            open.upperBound <= close.lowerBound
        else { return nil }
        let mail = text[open.upperBound..<close.lowerBound].trimmed.replacing("mailto:", with: "")
        let before = text[..<open.lowerBound]
        guard isMail(mail), !mail.contains(where: { "\"'=/&".contains($0) }) else { return nil }
        // Of several, all are the name.
        if before.contains("@") { return ParsedAuthor(name: PlainText.line(FeedText(text, isHTML: false)).nonEmpty) }
        return ParsedAuthor(name: unquoted(PlainText.line(String(before))).nonEmpty, url: "mailto:" + mail)
    }

    private static func unquoted(_ name: String) -> String {
        name.count > 2 && name.hasPrefix("\"") && name.hasSuffix("\"") ? name.dropFirst().dropLast().trimmed : name
    }

    private static func author(_ text: String) -> ParsedAuthor {
        // Most write a name.
        if !text.utf8.contains(UInt8(ascii: "@")) { return ParsedAuthor(name: text) }
        var name = text
        var mail: String?
        for (open, close) in [("<", ">"), ("(", ")")] {
            guard let start = text.firstRange(of: open), let end = text.lastRange(of: close),
                start.upperBound <= end.lowerBound
            else { continue }
            let inside = text[start.upperBound..<end.lowerBound].trimmed
            let outside = text[..<start.lowerBound].trimmed
            if isMail(inside), !outside.isEmpty {
                (name, mail) = (outside, inside)
            } else if isMail(outside), !inside.isEmpty, isBalanced(inside) {
                (name, mail) = (inside, outside)
            }
        }
        if mail == nil, isMail(text) { return ParsedAuthor(url: "mailto:" + text.replacing("mailto:", with: "")) }
        return ParsedAuthor(name: name, url: mail.map { "mailto:" + $0 })
    }

    /// Whether no parenthesis closes that did not open: `X) and d@e.f (Y` is of two authors.
    private static func isBalanced(_ text: String) -> Bool {
        var depth = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if depth < 0 { return false }
        }
        return true
    }

    private static func isMail(_ text: String) -> Bool {
        !text.contains(" ") && text.split(separator: "@").count == 2
    }
}

extension StringProtocol {
    fileprivate func lastRange(of needle: String) -> Range<Index>? {
        ranges(of: needle).last
    }
}
