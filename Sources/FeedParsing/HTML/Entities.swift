/// Character references of HTML, by name.
enum Entities {
    /// UTF-8 by name, for the 2,125 names of HTML.
    static let utf8: [String: [UInt8]] = {
        var table: [String: [UInt8]] = [:]
        table.reserveCapacity(2200)
        for entry in EntityTable.named.split(separator: "|") {
            let parts = entry.split(separator: " ")
            guard parts.count == 2 else { continue }
            let scalars = parts[1].split(separator: ",").compactMap {
                UInt32($0, radix: 16).flatMap(Unicode.Scalar.init)
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            table[String(parts[0])] = Array(String(text).utf8)
        }
        return table
    }()

    /// The names that HTML reads without a semicolon too.
    static let legacy = Set(EntityTable.legacy.split(separator: " ").map(String.init))

    /// What `&#N;` stands for: windows-1252 for 0x80 to 0x9F as browsers have it, U+FFFD for what is no character.
    static func scalar(_ number: UInt32) -> Unicode.Scalar {
        if (0x80...0x9F).contains(number) {
            return Unicode.Scalar(windows1252[Int(number - 0x80)]) ?? "\u{FFFD}"
        }
        if number == 0 || (number < 0x20 && ![9, 10, 13].contains(number)) || number == 0x7F { return "\u{FFFD}" }
        return Unicode.Scalar(number) ?? "\u{FFFD}"
    }

    private static let windows1252: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]

    /// Reads a reference at `index`, where `&` stands. Nil when there is none. The end is after the semicolon.
    static func reference(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (utf8: [UInt8], end: Int)? {
        var end = index + 1
        guard end < text.count else { return nil }
        if text[end] == UInt8(ascii: "#") { return numeric(text, from: end + 1) }
        while end < text.count, end - index <= 32, isNameByte(text[end]) { end += 1 }
        let name = String(decoding: text[(index + 1)..<end], as: UTF8.self)
        if end < text.count, text[end] == UInt8(ascii: ";"), let utf8 = utf8[name] { return (utf8, end + 1) }
        // `&copy2019`: the longest old name that fits. `&lt` needs no semicolon; `&notit` in a query string is not `&not`.
        var prefix = name
        while prefix.utf8.count >= 2 {
            if legacy.contains(prefix), let utf8 = utf8[prefix] {
                let after = index + 1 + prefix.utf8.count
                let isQuery = after < text.count && (text[after] == UInt8(ascii: "=") || isNameByte(text[after]))
                return isQuery ? nil : (utf8, after)
            }
            prefix.removeLast()
        }
        return nil
    }

    private static func numeric(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> (utf8: [UInt8], end: Int)? {
        var index = start
        var radix: UInt32 = 10
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "x") {
            radix = 16
            index += 1
        }
        let firstDigit = index
        var number: UInt32 = 0
        while index < text.count, let digit = Character(Unicode.Scalar(text[index])).hexDigitValue, digit < radix {
            number = min(number &* radix &+ UInt32(digit), 0x11_0000)
            index += 1
        }
        guard index > firstDigit else { return nil }
        if index < text.count, text[index] == UInt8(ascii: ";") { index += 1 }
        return (Array(String(Character(scalar(number))).utf8), index)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
