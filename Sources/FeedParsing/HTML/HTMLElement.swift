/// The name of a tag, in small letters.
struct HTMLName {
    /// Its first eight bytes, the first lowest.
    private(set) var head: UInt64 = 0
    /// The two behind them.
    private(set) var tail: UInt16 = 0
    private(set) var count = 0

    /// The letters and digits at `start`. Of a name longer than any that matters only the count is right.
    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
        while start + count < bytes.count, Entities.isNameByte(bytes[start + count]) { append(bytes[start + count]) }
    }

    init(_ name: Substring) {
        for byte in name.utf8 { append(byte) }
    }

    /// The bit makes letters small and leaves digits as they are.
    @inline(__always)
    private mutating func append(_ byte: UInt8) {
        if count < 8 {
            head |= UInt64(byte | 0x20) &<< (8 &* UInt64(count))
        } else if count < 10 {
            tail |= UInt16(byte | 0x20) &<< (8 &* UInt16(count &- 8))
        }
        count &+= 1
    }

    /// Whether the text goes on with this name, of eight letters at most.
    func begins(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        guard index + count <= bytes.count else { return false }
        var letters: UInt64 = 0
        for offset in 0..<count { letters |= UInt64(bytes[index + offset] | 0x20) &<< (8 &* UInt64(offset)) }
        return letters == head
    }
}

/// What a tag does to the text.
enum HTMLElement {
    case inline
    /// Begins and ends a line.
    case block
    case cell
    case image
    /// Its content is dropped.
    case raw

    init(_ name: HTMLName) {
        let slots = Self.slots
        let slot = slots[Self.slot(of: name, in: slots)]
        self = slot.head == name.head && slot.tail == name.tail && name.count <= 10 ? slot.element : .inline
    }

    /// Whether HTML has an element of that name.
    static func isKnown(_ name: HTMLName) -> Bool {
        let slots = Self.slots
        let slot = slots[slot(of: name, in: slots)]
        return slot.head != 0 && slot.head == name.head && slot.tail == name.tail && name.count <= 10
    }

    /// HTML, section 15.3: what is displayed as a block or a part of a table; and what stands apart within a line, such
    /// as controls and pictures.
    private static let names: [(String, HTMLElement)] = [
        (
            """
            p div br li ul ol tr table h1 h2 h3 h4 h5 h6 hr pre dl dt dd section article header footer figure \
            figcaption aside nav main blockquote form fieldset center address details summary caption tbody thead \
            tfoot colgroup option title legend hgroup menu dir dialog optgroup html head body search listing \
            plaintext xmp frameset frame noframes
            """, .block
        ),
        (
            """
            td th iframe video audio object embed applet canvas svg picture button input select datalist textarea \
            label meter progress output noscript marquee
            """, .cell
        ),
        ("img area", .image), ("script style template", .raw),
        (
            """
            a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd map mark nobr q rp rt ruby s samp \
            small span strike strong sub sup time tt u var wbr
            """, .inline
        ),
    ]

    private struct Slot {
        /// 0 in a slot that is free.
        var head: UInt64 = 0
        var tail: UInt16 = 0
        var element = HTMLElement.inline
    }

    /// Open addressing, most of it free.
    private static let slots: [Slot] = {
        var slots = [Slot](repeating: Slot(), count: 256)
        for (names, element) in names {
            for name in names.split(separator: " ").map(HTMLName.init) {
                slots[slot(of: name, in: slots)] = Slot(head: name.head, tail: name.tail, element: element)
            }
        }
        return slots
    }()

    /// Where the name is, or where it would be.
    @inline(__always)
    private static func slot(of name: HTMLName, in slots: [Slot]) -> Int {
        var slot = Int((name.head &* 0x9E37_79B9_7F4A_7C15) &>> 56)
        while slots[slot].head != 0, slots[slot].head != name.head { slot = (slot + 1) & 255 }
        return slot
    }
}
