/// The ways in which programs write what is no plain text: per cent (RFC 3986 §2.1), as references of HTML, as escapes of JSON.
///
/// What stands for each byte of the original is known, so that who finds something in the plain text can take it out of the other.
package struct Escapes: Sendable {
    /// What is meant.
    package private(set) var bytes: [UInt8]
    /// For each byte, the part of the original that stands for it.
    private var sources: [Range<Int32>]

    /// A text that has no escapes yet, as far as is known.
    package init(_ original: [UInt8]) {
        bytes = original
        sources = original.indices.map { Int32($0)..<Int32($0) + 1 }
    }

    /// Nil when there are none: what is escaped can have been escaped before, so ask again.
    package func decoded() -> Escapes? {
        guard let result = Self.decode(bytes, sources), result.bytes != bytes else { return nil }
        return result
    }

    /// The part of the original that stands for some bytes.
    package func source(of range: Range<Int>) -> Range<Int> {
        guard let first = sources[range].first, let last = sources[range].last else { return 0..<0 }
        return Int(first.lowerBound)..<Int(last.upperBound)
    }

    /// Once. What is not well-formed stays; what is no UTF-8 becomes U+FFFD.
    package static func decoded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        // Most texts have none of them.
        guard bytes.contains(where: isSign) else { return text }
        return Escapes(bytes).decoded().map { String(decoding: $0.bytes, as: UTF8.self) } ?? text
    }

    /// The bytes of a text whose `%XX` are no UTF-8: of an older encoding. Nil where they are, or there are none.
    package static func foreignBytes(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "%")) else { return nil }
        var plain: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), let value = number(bytes, index + 1, digits: 2, radix: 16) {
                plain.append(UInt8(value))
                index += 3
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return String(validating: plain, as: UTF8.self) == nil ? plain : nil
    }

    private init(bytes: [UInt8], sources: [Range<Int32>]) {
        self.bytes = bytes
        self.sources = sources
    }

    private static func isSign(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "&")
    }

    private static func decode(_ bytes: [UInt8], _ sources: [Range<Int32>]) -> Escapes? {
        guard bytes.contains(where: isSign) else { return nil }
        var (plain, origins): ([UInt8], [Range<Int32>]) = ([], [])
        plain.reserveCapacity(bytes.count)
        origins.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if isSign(bytes[index]), let (value, length) = escape(bytes, index) {
                let origin = sources[index].lowerBound..<sources[index + length - 1].upperBound
                plain += value
                origins += value.map { _ in origin }
                index += length
            } else {
                plain.append(bytes[index])
                origins.append(sources[index])
                index += 1
            }
        }
        return Escapes(bytes: plain, sources: origins)
    }

    private static func escape(_ bytes: [UInt8], _ index: Int) -> (value: [UInt8], length: Int)? {
        switch bytes[index] {
        case UInt8(ascii: "%"): number(bytes, index + 1, digits: 2, radix: 16).map { ([UInt8($0)], 3) }
        case UInt8(ascii: "\\"): backslash(bytes, index)
        default: reference(bytes, index)
        }
    }

    private static func backslash(_ bytes: [UInt8], _ index: Int) -> (value: [UInt8], length: Int)? {
        guard index + 1 < bytes.count else { return nil }
        let next = bytes[index + 1]
        if [UInt8(ascii: "/"), UInt8(ascii: "\""), UInt8(ascii: "\\")].contains(next) { return ([next], 2) }
        guard next == UInt8(ascii: "u"), let unit = number(bytes, index + 2, digits: 4, radix: 16) else { return nil }
        if unit & 0xFC00 == 0xD800, index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
            bytes[index + 7] == UInt8(ascii: "u"), let low = number(bytes, index + 8, digits: 4, radix: 16),
            low & 0xFC00 == 0xDC00
        {
            return utf8(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF).map { ($0, 12) }
        }
        return utf8(unit).map { ($0, 6) }
    }

    /// `&#1046;`, `&#x416`, and those names that every writer of markup uses.
    private static func reference(_ bytes: [UInt8], _ index: Int) -> (value: [UInt8], length: Int)? {
        let rest = bytes[(index + 1)...].prefix(10)
        if rest.first == UInt8(ascii: "#") {
            let isHex = rest.dropFirst().first.map { $0 | 0x20 == UInt8(ascii: "x") } ?? false
            let start = index + (isHex ? 3 : 2)
            let digits = bytes[min(start, bytes.count)...].prefix(isHex ? 6 : 7)
                .prefix { isHex ? hexValue($0) != nil : (0x30...0x39).contains($0) }.count
            guard digits > 0, let value = number(bytes, start, digits: digits, radix: isHex ? 16 : 10),
                let text = utf8(value)
            else { return nil }
            let end = start + digits
            return (text, end - index + (end < bytes.count && bytes[end] == UInt8(ascii: ";") ? 1 : 0))
        }
        for (name, character) in named where rest.starts(with: name.utf8) {
            return (Array(character.utf8), 1 + name.utf8.count)
        }
        return nil
    }

    private static let named = [
        ("nbsp;", " "), ("quot;", "\""), ("apos;", "'"), ("lt;", "<"), ("gt;", ">"), ("amp;", "&"),
    ]

    private static func utf8(_ value: UInt32) -> [UInt8]? {
        Unicode.Scalar(value).map { Array(String(Character($0)).utf8) }
    }

    private static func number(_ bytes: [UInt8], _ start: Int, digits: Int, radix: UInt32) -> UInt32? {
        guard start + digits <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[start..<start + digits] {
            guard let digit = hexValue(byte), digit < radix else { return nil }
            value = value * radix + digit
        }
        return value
    }

    private static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46: UInt32(byte) - 0x37
        case 0x61...0x66: UInt32(byte) - 0x57
        default: nil
        }
    }
}
