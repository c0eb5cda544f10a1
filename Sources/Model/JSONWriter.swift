package import struct Foundation.Date

/// Writes JSON (RFC 8259) into bytes: keys in the order given, one line, no spaces.
///
/// Beyond what JSON asks for, it escapes every character that could harm a terminal or break a line: DEL and C1 controls,
/// bidirectional overrides and isolates, U+2028 and U+2029. Foundation's encoder leaves those as they are.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() {}

    /// Hands over what was written since the last time, so that a long text need not be in memory as a whole.
    package mutating func takeBytes() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    package mutating func object(_ write: (inout JSONWriter) throws -> Void) rethrows {
        try enclosed(by: UInt8(ascii: "{"), UInt8(ascii: "}"), write)
    }

    package mutating func array<Element>(
        _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) throws -> Void
    ) rethrows {
        try enclosed(by: UInt8(ascii: "["), UInt8(ascii: "]")) { writer in
            for element in elements { try write(&writer, element) }
        }
    }

    package mutating func strings(_ elements: some Sequence<String>) {
        array(elements) { $0.string($1) }
    }

    /// The key of the value that is written next.
    package mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A key and its value.
    package mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    /// A key and its value, or neither when the value is nil.
    package mutating func member(_ name: String, ifPresent value: String?) {
        if let value { member(name, value) }
    }

    package mutating func string(_ value: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { text in
            var index = 0
            while index < text.count { index = unsafe append(text, at: index) }
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    package mutating func integer(_ value: Int) {
        literal(String(value))
    }

    /// Up to three decimals; infinities and not-a-number, which JSON lacks, become null.
    package mutating func number(_ value: Double) {
        guard value.isFinite, abs(value) < 1e15 else { return null() }
        let rounded = (value * 1000).rounded() / 1000
        literal(rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded))
    }

    package mutating func bool(_ value: Bool) {
        literal(value ? "true" : "false")
    }

    package mutating func null() {
        literal("null")
    }

    /// RFC 3339, in UTC, whole seconds.
    package mutating func date(_ value: Date) {
        string(Timestamp.text(value))
    }

    /// A value that is JSON already.
    package mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func enclosed(
        by open: UInt8, _ close: UInt8, _ write: (inout JSONWriter) throws -> Void
    ) rethrows {
        separate()
        bytes.append(open)
        try write(&self)
        bytes.append(close)
        needsComma = true
    }

    /// Appends the character at `index` and returns where the next one begins.
    private mutating func append(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let byte = unsafe text[index]
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x00..<0x20, 0x7F: escape(UInt16(byte))
        case 0xC2 where index + 1 < text.count:
            // U+0080 to U+009F: the C1 controls. Some terminals obey them.
            let next = unsafe text[index + 1]
            guard next < 0xA0 else { break }
            escape(UInt16(next))
            return index + 2
        case 0xE2 where index + 2 < text.count:
            let scalar = unsafe 0x2000 | UInt16(text[index + 1] & 0x3F) << 6 | UInt16(text[index + 2] & 0x3F)
            guard (0x2028...0x202E).contains(scalar) || (0x2066...0x2069).contains(scalar) else { break }
            escape(scalar)
            return index + 3
        default: break
        }
        if byte >= 0x20, byte != 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { bytes.append(byte) }
        return index + 1
    }

    private mutating func escape(_ scalar: UInt16) {
        let digits = String(scalar, radix: 16)
        bytes.append(contentsOf: "\\u".utf8)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
        bytes.append(contentsOf: digits.utf8)
    }
}
