/// Entities that a DOCTYPE declares as plain characters (XML 1.0 §4.2), which templates use for letters and addresses.
///
/// One that holds markup or what is not known is none here, and neither is a long one: no document can grow by more than
/// `mostAdded` bytes, whatever it declares.
struct DeclaredEntities {
    private static let most = 300
    private static let longest = 64
    private static let mostAdded = 1_000_000

    /// Nil for those that are none here: a later declaration does not count either.
    private var values: [String: [UInt8]?] = [:]
    private var added = 0

    var isEmpty: Bool { values.isEmpty }

    /// - Parameter doctype: the whole declaration.
    mutating func read(_ doctype: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while values.count < Self.most, let start = ByteSearch.end(of: "<!ENTITY", in: doctype, from: index) {
            index = start
            guard let name = word(doctype, &index) else { continue }
            let value = literal(doctype, &index)
            // The first declaration is binding.
            if values[name] == nil { values[name] = .some(value) }
        }
    }

    func declares(_ name: String) -> Bool { values[name] != nil }

    /// What a name stands for. Nil when it was not declared, and when there was enough of it.
    mutating func value(of name: String) -> [UInt8]? {
        guard let value = values[name] ?? nil else { return nil }
        added += value.count
        return added > Self.mostAdded ? nil : value
    }

    private func word(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> String? {
        skipSpace(text, &index)
        let start = index
        while index < text.count, XMLByte.isName(text[index]), index - start < Self.longest { index += 1 }
        return index > start ? String(decoding: text[start..<index], as: UTF8.self) : nil
    }

    private func literal(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> [UInt8]? {
        skipSpace(text, &index)
        guard index < text.count, text[index] == UInt8(ascii: "\"") || text[index] == UInt8(ascii: "'") else {
            return nil
        }
        let quote = text[index]
        index += 1
        let start = index
        while index < text.count, index - start < Self.longest, text[index] != quote {
            if text[index] == UInt8(ascii: "<") || text[index] == UInt8(ascii: "%") { return nil }
            index += 1
        }
        guard index < text.count, text[index] == quote else { return nil }
        return decoded(UnsafeBufferPointer(rebasing: text[start..<index]))
    }

    /// With the references to characters and to entities that were declared before; no other is any of our business.
    private func decoded(_ literal: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var value: [UInt8] = []
        var index = 0
        while index < literal.count {
            guard literal[index] == UInt8(ascii: "&") else {
                value.append(max(literal[index], 0x20))
                index += 1
                continue
            }
            if index + 1 < literal.count, literal[index + 1] == UInt8(ascii: "#"),
                let reference = Entities.reference(literal, at: index)
            {
                value += reference
                index = reference.end
            } else if let (known, end) = declared(literal, at: index) {
                value += known
                index = end
            } else {
                return nil
            }
            if value.count > Self.longest { return nil }
        }
        return value
    }

    /// The value of an entity that was declared before.
    private func declared(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> (value: [UInt8], end: Int)? {
        var end = start + 1
        while end < text.count, XMLByte.isName(text[end]) { end += 1 }
        guard end < text.count, text[end] == UInt8(ascii: ";") else { return nil }
        return (values[String(decoding: text[(start + 1)..<end], as: UTF8.self)] ?? nil).map { ($0, end + 1) }
    }

    private func skipSpace(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) {
        while index < text.count, XMLByte.isSpace(text[index]) { index += 1 }
    }
}
