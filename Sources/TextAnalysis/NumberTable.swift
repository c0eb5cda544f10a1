/// Numbers by keys of 64 bits, for what is remembered from text to text.
///
/// Each key is in the first free place from its own; half of the places at least are free. Belongs to one thread at a time.
/// Public, and inlinable, since a look-up is a few steps in the loops over tokens (ARCHITECTURE.md, *Decisions*).
public struct NumberTable: ~Copyable {
    @usableFromInline struct Slot {
        @usableFromInline var key: UInt64
        @usableFromInline var number: UInt32

        @usableFromInline init(key: UInt64, number: UInt32) {
            self.key = key
            self.number = number
        }
    }

    private static let fewestBits: UInt64 = 10

    /// What marks a free place: no key is that.
    @usableFromInline let none: UInt64
    @usableFromInline var slots: UnsafeMutablePointer<Slot>
    @usableFromInline var bits = Self.fewestBits
    public private(set) var count = 0

    public init(none: UInt64) {
        self.none = none
        slots = Self.free(Self.fewestBits, none)
    }

    deinit { slots.deallocate() }

    @inlinable public func number(of key: UInt64) -> UInt32? {
        let slot = slots[place(of: key)]
        return slot.key == key ? slot.number : nil
    }

    /// - Parameter key: one that is not there.
    public mutating func add(_ key: UInt64, _ number: UInt32) {
        count += 1
        if count >> Int(bits - 1) > 0 { grow() }
        slots[place(of: key)] = Slot(key: key, number: number)
    }

    public mutating func removeAll() {
        slots.deallocate()
        bits = Self.fewestBits
        count = 0
        slots = Self.free(bits, none)
    }

    private mutating func grow() {
        let (old, size) = (slots, 1 << Int(bits))
        bits += 1
        slots = Self.free(bits, none)
        for index in 0..<size where old[index].key != none { slots[place(of: old[index].key)] = old[index] }
        old.deallocate()
    }

    /// Where the key is, or would be.
    @inlinable func place(of key: UInt64) -> Int {
        let mask = 1 << Int(bits) - 1
        var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> (64 - bits))
        while slots[place].key != key, slots[place].key != none { place = (place + 1) & mask }
        return place
    }

    private static func free(_ bits: UInt64, _ none: UInt64) -> UnsafeMutablePointer<Slot> {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: 1 << Int(bits))
        slots.initialize(repeating: Slot(key: none, number: 0), count: 1 << Int(bits))
        return slots
    }
}
