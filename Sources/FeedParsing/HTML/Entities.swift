/// Character references of HTML, by name and by number.
enum Entities {
    /// What a reference stands for: one character or two, of six bytes at most.
    struct Reference: Sequence {
        /// UTF-8, the first byte lowest.
        var utf8: UInt64
        /// How many bytes.
        var count: Int
        /// Where the text goes on.
        var end: Int

        func makeIterator() -> some IteratorProtocol<UInt8> {
            (0..<count).lazy.map { [utf8] in UInt8(truncatingIfNeeded: utf8 &>> (8 &* UInt64($0))) }.makeIterator()
        }

        var underestimatedCount: Int { count }
    }

    /// Reads a reference at `index`, where `&` stands. Nil when there is none. The end is after the semicolon.
    static func reference(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Reference? {
        let start = index + 1
        guard start < text.count else { return nil }
        if text[start] == UInt8(ascii: "#") { return numeric(text, from: start + 1) }
        if let reference = common(text, from: start) { return reference }
        var end = start
        while end < text.count, end - start < longestName, isNameByte(text[end]) { end += 1 }
        guard let entry = entry(UnsafeBufferPointer(rebasing: text[start..<end])) else { return nil }
        if end < text.count, text[end] == UInt8(ascii: ";") {
            return Reference(utf8: entry.utf8, count: Int(entry.count), end: end + 1)
        }
        // `&lt` needs no semicolon, but neither `&copy=1` nor `&copy2019` nor `&notit` is one: a query string has them.
        guard entry.isLegacy, end == text.count || text[end] != UInt8(ascii: "=") else { return nil }
        return Reference(utf8: entry.utf8, count: Int(entry.count), end: end)
    }

    /// What the name stands for, of the 2,125 names of HTML. The end is that of the name.
    static func named(_ name: UnsafeBufferPointer<UInt8>) -> Reference? {
        guard name.count <= longestName, let entry = entry(name) else { return nil }
        return Reference(utf8: entry.utf8, count: Int(entry.count), end: name.count)
    }

    /// What `&#N;` stands for: windows-1252 for 0x80 to 0x9F as browsers have it, U+FFFD for what is no character.
    static func scalar(_ number: UInt32) -> Unicode.Scalar {
        if (0x80...0x9F).contains(number) {
            return Unicode.Scalar(windows1252[Int(number - 0x80)]) ?? "\u{FFFD}"
        }
        if number < 0x20, number != 9, number != 10, number != 13 { return "\u{FFFD}" }
        if number == 0x7F { return "\u{FFFD}" }
        return Unicode.Scalar(number) ?? "\u{FFFD}"
    }

    private static let windows1252: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]

    /// The five of XML and the no-break space are nearly all that feeds have: one load, no look-up.
    @inline(__always)
    private static func common(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Reference? {
        guard let base = text.baseAddress, start + 8 <= text.count else { return nil }
        let word = UInt64(littleEndian: UnsafeRawPointer(base + start).loadUnaligned(as: UInt64.self))
        switch word & 0xFFFF_FFFF {
        case 0x3B70_6D61: return Reference(utf8: 0x26, count: 1, end: start + 4)  // amp;
        case 0x7073_626E where text[start + 4] == UInt8(ascii: ";"):  // nbsp
            return Reference(utf8: 0xA0C2, count: 2, end: start + 5)
        case 0x746F_7571 where text[start + 4] == UInt8(ascii: ";"):  // quot
            return Reference(utf8: 0x22, count: 1, end: start + 5)
        case 0x736F_7061 where text[start + 4] == UInt8(ascii: ";"):  // apos
            return Reference(utf8: 0x27, count: 1, end: start + 5)
        default: break
        }
        switch word & 0xFF_FFFF {
        case 0x3B_746C: return Reference(utf8: 0x3C, count: 1, end: start + 3)  // lt;
        case 0x3B_7467: return Reference(utf8: 0x3E, count: 1, end: start + 3)  // gt;
        default: return nil
        }
    }

    private static func numeric(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Reference? {
        var index = start
        var radix: UInt32 = 10
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "x") {
            radix = 16
            index += 1
        }
        let firstDigit = index
        var number: UInt32 = 0
        while index < text.count {
            let byte = text[index]
            let digit = UInt32((0x30...0x39).contains(byte) ? byte &- 0x30 : (byte | 0x20) &- 0x57)
            let isDigit = (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
            guard isDigit, digit < radix else { break }
            number = min(number &* radix &+ digit, 0x11_0000)
            index += 1
        }
        guard index > firstDigit else { return nil }
        if index < text.count, text[index] == UInt8(ascii: ";") { index += 1 }
        let (utf8, count) = packed(scalar(number))
        return Reference(utf8: utf8, count: count, end: index)
    }

    /// UTF-8 (RFC 3629), the first byte lowest.
    private static func packed(_ scalar: Unicode.Scalar) -> (utf8: UInt64, count: Int) {
        let value = UInt64(scalar.value)
        if value < 0x80 { return (value, 1) }
        let last = 0x80 | value & 0x3F
        if value < 0x800 { return (0xC0 | value &>> 6 | last &<< 8, 2) }
        let middle = 0x80 | value &>> 6 & 0x3F
        if value < 0x1_0000 { return (0xE0 | value &>> 12 | middle &<< 8 | last &<< 16, 3) }
        return (0xF0 | value &>> 18 | (0x80 | value &>> 12 & 0x3F) &<< 8 | middle &<< 16 | last &<< 24, 4)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

// MARK: - by name

extension Entities {
    private static let longestName = 32

    /// One name of `EntityTable`.
    private struct Entry {
        var utf8: UInt64 = 0
        /// Where the name stands in the table.
        var start: UInt32 = 0
        /// Of the name. 0 in a slot that is free.
        var length: UInt8 = 0
        var count: UInt8 = 0
        /// Whether HTML reads it without a semicolon too.
        var isLegacy = false
    }

    /// Open addressing: a power of two, about half of it free.
    private static let slotBits: UInt64 = 12

    private static let slots: [Entry] = {
        var slots = [Entry](repeating: Entry(), count: 1 << Int(slotBits))
        let table = UnsafeBufferPointer(
            start: EntityTable.named.utf8Start, count: EntityTable.named.utf8CodeUnitCount)
        var index = 0
        while index < table.count {
            var entry = Entry()
            entry.start = UInt32(index)
            while table[index] != 0x20 { index += 1 }
            entry.length = UInt8(index - Int(entry.start))
            index += 1
            var number: UInt32 = 0
            while true {
                let byte = index < table.count ? table[index] : UInt8(ascii: "|")
                index += 1
                if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "|") {
                    let (utf8, count) = packed(Unicode.Scalar(number) ?? "\u{FFFD}")
                    entry.utf8 |= utf8 << (8 * UInt64(entry.count))
                    entry.count += UInt8(count)
                    number = 0
                    if byte == UInt8(ascii: "|") { break }
                } else {
                    number = number << 4 | UInt32(byte <= 0x39 ? byte - 0x30 : byte - 0x37)
                }
            }
            let name = UnsafeBufferPointer(rebasing: table[Int(entry.start)..<(Int(entry.start) + Int(entry.length))])
            slots[slot(of: name, in: slots)] = entry
        }
        for name in EntityTable.legacy.split(separator: " ") {
            Array(name.utf8).withUnsafeBufferPointer { slots[slot(of: $0, in: slots)].isLegacy = true }
        }
        return slots
    }()

    private static func entry(_ name: UnsafeBufferPointer<UInt8>) -> Entry? {
        let slots = slots
        let entry = slots[slot(of: name, in: slots)]
        return entry.length == 0 ? nil : entry
    }

    /// Where the name is, or where it would be.
    @inline(__always)
    private static func slot(of name: UnsafeBufferPointer<UInt8>, in slots: [Entry]) -> Int {
        // FNV-1a, and its bits mixed once more for the upper ones.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        var slot = Int((hash &* 0x9E37_79B9_7F4A_7C15) &>> (64 - slotBits))
        while slots[slot].length != 0, !isName(slots[slot], name) { slot = (slot + 1) & (1 << Int(slotBits) - 1) }
        return slot
    }

    private static func isName(_ entry: Entry, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard Int(entry.length) == name.count else { return false }
        let start = EntityTable.named.utf8Start + Int(entry.start)
        return (0..<name.count).allSatisfy { start[$0] == name[$0] }
    }
}
