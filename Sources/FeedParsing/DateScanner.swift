/// Reads a date's text from left to right, over bytes: every item has a date, and characters cost twenty times as much.
struct DateScanner {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) {
        rest = Array(text.utf8)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    func peek(_ character: Unicode.Scalar) -> Bool { rest.first.map { UInt32($0) == character.value } ?? false }

    mutating func advance() { rest = rest.dropFirst() }

    @discardableResult
    mutating func skip(any characters: StaticString) -> Bool {
        guard let first = rest.first, characters.withUTF8Buffer({ $0.contains(first) }) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func skipSpaces() {
        rest = rest.drop { $0 == 0x20 }
    }

    /// A run of digits. Nil when there is none, or it is longer than `max`.
    mutating func digits(max: Int) -> (value: Int, count: Int)? {
        let run = rest.prefix { (0x30...0x39).contains($0) }
        if run.isEmpty { return nil }
        rest = rest.dropFirst(run.count)
        guard run.count <= min(max, 18) else { return nil }
        return (run.reduce(0) { $0 * 10 + Int($1 - 0x30) }, run.count)
    }

    /// A run of letters, in lower case. Whatever is not ASCII counts as a letter.
    mutating func word() -> String? {
        let run = rest.prefix { $0 >= 0x80 || (0x61...0x7A).contains($0 | 0x20) }
        guard !run.isEmpty else { return nil }
        rest = rest.dropFirst(run.count)
        return String(decoding: run, as: UTF8.self).lowercased()
    }

    /// `am`, `pm`, `a.m.`, by their first letter.
    mutating func half() -> Character? {
        guard let first = rest.first.map({ $0 | 0x20 }), first == UInt8(ascii: "a") || first == UInt8(ascii: "p") else {
            return nil
        }
        let head = rest.prefix(4).map { $0 == UInt8(ascii: ".") ? $0 : $0 | 0x20 }
        for form in ["\(Character(Unicode.Scalar(first))).m.", "\(Character(Unicode.Scalar(first)))m"] {
            guard head.starts(with: form.utf8) else { continue }
            let after = rest.dropFirst(form.utf8.count).first
            if let after, (0x61...0x7A).contains(after | 0x20) { continue }
            rest = rest.dropFirst(form.utf8.count)
            return Character(Unicode.Scalar(first))
        }
        return nil
    }

    /// `+06:00`, `-0500`, `+6`. Out of range (more than 24 hours): nil.
    mutating func offset() -> Int? {
        guard peek("+") || peek("-") else { return nil }
        let isWest = peek("-")
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
        return isWest ? -seconds : seconds
    }
}
