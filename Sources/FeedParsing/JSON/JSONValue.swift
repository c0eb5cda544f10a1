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

    /// - Parameters:
    ///   - key: of the outermost object. The elements of the array under it are handed over one by one and not kept, so
    ///     that an archive is not in memory twice.
    ///   - visit: gets the members before it, and an element; nil where an array begins.
    mutating func read(
        elementsOf key: String, _ visit: ([String: JSONValue], JSONValue?) -> Void
    ) -> JSONValue? {
        skipSpace()
        let isObject = index < bytes.count && bytes[index] == UInt8(ascii: "{")
        let value = isObject ? object(depth: 0, elementsOf: key, visit) : value(depth: 0)
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

    private mutating func object(
        depth: Int, elementsOf streamed: String? = nil, _ visit: ([String: JSONValue], JSONValue?) -> Void = { _, _ in }
    ) -> JSONValue? {
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
            if key == streamed {
                skipSpace()
                if index < bytes.count, bytes[index] == UInt8(ascii: "[") {
                    visit(members, nil)
                    members[key] = array(depth: depth + 1) {
                        visit(members, $0)
                        return true
                    }
                    continue
                }
            }
            if let value = value(depth: depth + 1) { members[key] = value }
        }
    }

    /// - Parameter take: gets the elements. Those that it does not take are kept.
    private mutating func array(depth: Int, _ take: (JSONValue) -> Bool = { _ in false }) -> JSONValue? {
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
            guard let value = value(depth: depth + 1) else { continue }
            if !take(value) { elements.append(value) }
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
        while true {
            let start = index
            index = plainEnd(from: start)
            if index < bytes.count, bytes[index] == UInt8(ascii: "\""), text.isEmpty {
                // Nearly all. The document is UTF-8, and cut at quotes only.
                defer { index += 1 }
                return String(validUTF8: UnsafeBufferPointer(rebasing: bytes[start..<index]))
            }
            text += bytes[start..<index]
            guard index < bytes.count else {
                isTruncated = true
                return String(decoding: text, as: UTF8.self)
            }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): escape(&text)
            case let byte:
                text.append(byte == 0x0A || byte == 0x09 || byte == 0x0D ? byte : 0x20)
                warn("a control character in a string")
                index += 1
            }
        }
    }

    private static let firstPlain = SixteenBytes(repeating: 0x20)
    private static let quote = SixteenBytes(repeating: UInt8(ascii: "\""))
    private static let backslash = SixteenBytes(repeating: UInt8(ascii: "\\"))

    /// Where the next byte is that ends a string or is not as it stands.
    private func plainEnd(from start: Int) -> Int {
        guard let base = bytes.baseAddress else { return start }
        var index = start
        while index &+ 16 <= bytes.count {
            let lanes = SixteenBytes(at: base + index)
            if any((lanes .< Self.firstPlain) .| (lanes .== Self.quote) .| (lanes .== Self.backslash)) { break }
            index &+= 16
        }
        while index < bytes.count, bytes[index] >= 0x20, bytes[index] != UInt8(ascii: "\""),
            bytes[index] != UInt8(ascii: "\\")
        {
            index &+= 1
        }
        return index
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
