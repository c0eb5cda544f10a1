/// Reads JSON (RFC 8259) value by value, without a tree of it: for what this program has written itself and reads by thousands.
///
/// What is no JSON, or another kind of value than is asked for, is an error. Of a member that is there twice, the last counts.
package struct JSONReader: Sendable {
    package struct Fault: Error, Sendable, Hashable {
        /// In bytes from the start.
        package var offset: Int
    }

    /// Arrays and objects within each other.
    private static let deepest = 64

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    // MARK: values

    /// - Parameter member: reads the value of each key, or skips it.
    package mutating func object(
        _ member: (inout JSONReader, _ key: String) throws(Fault) -> Void
    ) throws(Fault) {
        try begin(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return depth -= 1 }
        repeat {
            let key = try string()
            try want(UInt8(ascii: ":"))
            try member(&self, key)
        } while take(UInt8(ascii: ","))
        try want(UInt8(ascii: "}"))
        depth -= 1
    }

    package mutating func array<Element>(
        _ element: (inout JSONReader) throws(Fault) -> Element
    ) throws(Fault) -> [Element] {
        try begin(UInt8(ascii: "["))
        var result: [Element] = []
        if take(UInt8(ascii: "]")) {
            depth -= 1
            return result
        }
        repeat { result.append(try element(&self)) } while take(UInt8(ascii: ","))
        try want(UInt8(ascii: "]"))
        depth -= 1
        return result
    }

    package mutating func strings() throws(Fault) -> [String] {
        try array { json throws(Fault) in try json.string() }
    }

    package mutating func string() throws(Fault) -> String {
        try want(UInt8(ascii: "\""))
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                let text = try text(bytes[start..<index])
                index += 1
                return text
            case UInt8(ascii: "\\"): return try escaped(from: start)
            case 0..<0x20: throw fault
            default: index += 1
            }
        }
        throw fault
    }

    /// Nil for `null`.
    package mutating func optionalString() throws(Fault) -> String? {
        try null() ? nil : try string()
    }

    package mutating func number() throws(Fault) -> Double {
        skipSpace()
        let start = index
        while index < bytes.count, Self.isOfNumber(bytes[index]) { index += 1 }
        guard let first = bytes[start..<index].first, first == UInt8(ascii: "-") || Self.isDigit(first),
            let number = Double(try text(bytes[start..<index])), number.isFinite
        else { throw fault }
        return number
    }

    package mutating func bool() throws(Fault) -> Bool {
        if word("true") { return true }
        if word("false") { return false }
        throw fault
    }

    /// Whether `null` stands here; then it is read.
    package mutating func null() throws(Fault) -> Bool {
        word("null")
    }

    /// Any value, unread.
    package mutating func skip() throws(Fault) {
        skipSpace()
        guard index < bytes.count else { throw fault }
        switch bytes[index] {
        case UInt8(ascii: "{"): try object { json, _ throws(Fault) in try json.skip() }
        case UInt8(ascii: "["): _ = try array { json throws(Fault) in try json.skip() }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
        case UInt8(ascii: "n"): if try !null() { throw fault }
        default: _ = try number()
        }
    }

    /// That nothing follows.
    package mutating func end() throws(Fault) {
        skipSpace()
        if index < bytes.count { throw fault }
    }

    /// That a value is missing, or is none of those that it can be.
    package var fault: Fault { Fault(offset: index) }

    // MARK: bytes

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte == 0x45 || byte == 0x65
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func want(_ byte: UInt8) throws(Fault) {
        if !take(byte) { throw fault }
    }

    private mutating func begin(_ byte: UInt8) throws(Fault) {
        try want(byte)
        depth += 1
        if depth > Self.deepest { throw fault }
    }

    private mutating func word(_ word: StaticString) -> Bool {
        skipSpace()
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[index..<end].elementsEqual(word.description.utf8) else { return false }
        index = end
        return true
    }

    private func text(_ slice: ArraySlice<UInt8>) throws(Fault) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw fault }
        return text
    }

    /// The rest of a string that has escapes.
    private mutating func escaped(from start: Int) throws(Fault) -> String {
        var result = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(result[...])
            case UInt8(ascii: "\\"): result.append(contentsOf: try escape().utf8)
            case 0..<0x20: throw fault
            default: result.append(byte)
            }
        }
        throw fault
    }

    private mutating func escape() throws(Fault) -> String {
        guard index < bytes.count else { throw fault }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(UnicodeScalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try scalar()
        default: throw fault
        }
    }

    private mutating func scalar() throws(Fault) -> String {
        var units = [try unit()]
        if (0xD800..<0xDC00).contains(units[0]) {
            guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
            else { throw fault }
            index += 2
            units.append(try unit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw fault }
        return text
    }

    private mutating func unit() throws(Fault) -> UInt16 {
        guard index + 4 <= bytes.count else { throw fault }
        var value: UInt16 = 0
        for byte in bytes[index..<index + 4] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt16(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt16(byte - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt16(byte - 0x61 + 10)
            default: throw fault
            }
        }
        index += 4
        return value
    }
}
