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
        guard let line = text.line else { return }
        add(Self.author(line))
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
            } else if isMail(outside), !inside.isEmpty {
                (name, mail) = (inside, outside)
            }
        }
        if mail == nil, isMail(text) { return ParsedAuthor(url: "mailto:" + text.replacing("mailto:", with: "")) }
        return ParsedAuthor(name: name, url: mail.map { "mailto:" + $0 })
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
