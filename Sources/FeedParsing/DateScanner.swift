/// Reads a date's text from left to right.
struct DateScanner {
    private var rest: Substring

    init(_ text: String) {
        rest = text[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    func peek(_ character: Character) -> Bool { rest.first == character }

    mutating func advance() { rest = rest.dropFirst() }

    @discardableResult
    mutating func skip(any characters: String) -> Bool {
        guard let first = rest.first, characters.contains(first) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func skipSpaces() {
        rest = rest.drop { $0 == " " }
    }

    /// A run of digits. Nil when there is none, or it is longer than `max`.
    mutating func digits(max: Int) -> (value: Int, count: Int)? {
        let run = rest.prefix { $0.isASCII && $0.isNumber }
        guard !run.isEmpty, run.count <= max, let value = Int(run) else {
            if run.count > max { rest = rest.dropFirst(run.count) }
            return nil
        }
        rest = rest.dropFirst(run.count)
        return (value, run.count)
    }

    /// A run of letters, in lower case. Points of abbreviations are left out.
    mutating func word() -> String? {
        let run = rest.prefix { $0.isLetter || $0.unicodeScalars.contains { $0.properties.isDiacritic } }
        guard !run.isEmpty else { return nil }
        rest = rest.dropFirst(run.count)
        return run.lowercased()
    }

    /// `am`, `pm`, `a.m.`
    mutating func half() -> Character? {
        let start = rest.prefix(4).lowercased()
        for (text, half) in [("a.m.", "a"), ("p.m.", "p"), ("am", "a"), ("pm", "p")] as [(String, Character)]
        where start.hasPrefix(text) {
            let after = rest.dropFirst(text.count).first
            if after?.isLetter == true { continue }
            rest = rest.dropFirst(text.count)
            return half
        }
        return nil
    }

    /// `+06:00`, `-0500`, `+6`. Out of range (more than 24 hours): nil.
    mutating func offset() -> Int? {
        guard let sign = rest.first, sign == "+" || sign == "-" else { return nil }
        rest = rest.dropFirst()
        guard let first = digits(max: 6) else { return nil }
        var hours = first.value
        var minutes = 0
        if first.count >= 5 {
            (hours, minutes) = (first.value / 10_000, first.value / 100 % 100)
        } else if first.count >= 3 {
            (hours, minutes) = (first.value / 100, first.value % 100)
        } else if skip(any: ":"), let rest = digits(max: 2) {
            minutes = rest.value
        }
        guard hours <= 24, minutes < 60 else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return sign == "-" ? -seconds : seconds
    }
}
