/// A JSON value, as far as a feed needs it. Numbers stay text: a feed may hold one that no type can.
indirect enum JSONValue {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    /// In order. Of keys that are repeated, the last counts.
    case object([String: JSONValue])

    subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { return members[key] }
        return nil
    }

    /// A string, or a number as text: ids are written as either.
    var text: String? {
        switch self {
        case .string(let text): text
        case .number(let text): text
        default: nil
        }
    }

    var elements: [JSONValue] {
        if case .array(let elements) = self { return elements }
        return []
    }
}

/// Reads JSON that is not quite JSON, and says so: a lone surrogate, a number without bounds, a missing end, a wrong value
/// cost that value and not the document. Depth, and so the stack, is bounded.
struct JSONReader {
    private static let deepest = 64

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private(set) var warnings: [String] = []
    private(set) var isTruncated = false

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func read() -> JSONValue? {
        let value = value(depth: 0)
        skipSpace()
        if value != nil, index < bytes.count { warn("text behind the document") }
        return value
    }

    private mutating func value(depth: Int) -> JSONValue? {
        skipSpace()
        guard index < bytes.count else {
            isTruncated = true
            return nil
        }
        switch bytes[index] {
        case UInt8(ascii: "{"): return depth >= Self.deepest ? skipDeep() : object(depth: depth)
        case UInt8(ascii: "["): return depth >= Self.deepest ? skipDeep() : array(depth: depth)
        case UInt8(ascii: "\""): return string().map { .string($0) }
        default: return literal()
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        var members: [String: JSONValue] = [:]
        index += 1
        while true {
            skipSpace()
            guard index < bytes.count else {
                isTruncated = true
                return .object(members)
            }
            let byte = bytes[index]
            if byte == UInt8(ascii: "}") {
                index += 1
                return .object(members)
            }
            if byte == UInt8(ascii: ",") {
                index += 1
                continue
            }
            guard byte == UInt8(ascii: "\""), let key = string() else {
                warn("a key is missing")
                index += 1
                continue
            }
            skipSpace()
            if index < bytes.count, bytes[index] == UInt8(ascii: ":") { index += 1 } else { warn("a ':' is missing") }
            if let value = value(depth: depth + 1) { members[key] = value }
        }
    }

    private mutating func array(depth: Int) -> JSONValue? {
        var elements: [JSONValue] = []
        index += 1
        while true {
            skipSpace()
            guard index < bytes.count else {
                isTruncated = true
                return .array(elements)
            }
            let byte = bytes[index]
            if byte == UInt8(ascii: "]") {
                index += 1
                return .array(elements)
            }
            if byte == UInt8(ascii: ",") {
                index += 1
                continue
            }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: ":") {
                warn("a bracket too many")
                index += 1
                continue
            }
            if let value = value(depth: depth + 1) { elements.append(value) }
        }
    }

    /// Past a value that is nested deeper than any feed's, without a stack.
    private mutating func skipDeep() -> JSONValue? {
        var depth = 0
        warn("values nested deeper than \(Self.deepest) were skipped")
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    index += 1
                    return .null
                }
            case UInt8(ascii: "\""):
                _ = string()
                continue
            default: break
            }
            index += 1
        }
        isTruncated = true
        return nil
    }

    private mutating func literal() -> JSONValue? {
        let start = index
        while index < bytes.count, bytes[index] > 0x20, !",]}:\"{[".utf8.contains(bytes[index]) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        switch text {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        if let first = text.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first) {
            return .number(String(text.prefix(400)))
        }
        warn("'\(text.prefix(20))' is no value")
        if index == start { index += 1 }
        return nil
    }

    private mutating func string() -> String? {
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                return String(decoding: text, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") {
                escape(&text)
                continue
            }
            text.append(byte < 0x20 && byte != 0x0A && byte != 0x09 && byte != 0x0D ? 0x20 : byte)
            if byte < 0x20 { warn("a control character in a string") }
            index += 1
        }
        isTruncated = true
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escape(_ text: inout [UInt8]) {
        guard index + 1 < bytes.count else {
            index = bytes.count
            return
        }
        let kind = bytes[index + 1]
        index += 2
        switch kind {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"), UInt8(ascii: "f"): text.append(0x20)
        case UInt8(ascii: "u"): unicode(&text)
        case 0..<0x20:
            text.append(0x20)
            warn("a control character in a string")
        default: text.append(kind)
        }
    }

    private mutating func unicode(_ text: inout [UInt8]) {
        guard let unit = fourDigits() else {
            warn("a broken \\u escape")
            return text.append(contentsOf: [0xEF, 0xBF, 0xBD])
        }
        var scalar = UInt32(unit)
        if (0xD800...0xDBFF).contains(unit), index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        {
            let mark = index
            index += 2
            if let low = fourDigits(), (0xDC00...0xDFFF).contains(low) {
                scalar = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
            } else {
                index = mark
            }
        }
        if Unicode.Scalar(scalar) == nil { warn("a lone surrogate") }
        let character = Unicode.Scalar(scalar == 0 ? 0x20 : scalar) ?? "\u{FFFD}"
        text.append(contentsOf: String(Character(character)).utf8)
    }

    private mutating func fourDigits() -> UInt16? {
        guard index + 4 <= bytes.count,
            let value = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { return nil }
        index += 4
        return value
    }

    private mutating func skipSpace() {
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
    }

    private mutating func warn(_ fault: String) {
        guard warnings.count < 20 else { return }
        var line = 1
        var lineStart = 0
        for offset in 0..<min(index, bytes.count) where bytes[offset] == 0x0A {
            line += 1
            lineStart = offset + 1
        }
        warnings.append("line \(line), column \(index - lineStart + 1): \(fault)")
    }
}
