/// Hashes of words to lists of numbers, with a bit filter in front: most words of a text stop at the filter.
///
/// Immutable. A key may give more than was stored under it, never less: callers compare what they find.
struct WordIndex: Sendable {
    private struct Slot {
        var fingerprint: UInt32
        /// Where the list begins in `postings`; `empty` where nothing is.
        var start: UInt32
    }

    typealias Entry = (key: UInt64, value: UInt32)

    private static let empty = UInt32.max

    private var filter: [UInt64] = [0]
    private var filterShift: UInt64 = 63
    private var slots: [Slot] = []
    private var slotMask: UInt64 = 0
    /// Lists one after the other; the last entry of each has its top bit set.
    private var postings: [UInt32] = []
    private(set) var keyCount = 0

    var isEmpty: Bool { keyCount == 0 }

    init() {}

    /// - Parameter entries: keys and what to find under them; below 2^31 each.
    init(_ entries: consuming [Entry]) {
        guard !entries.isEmpty else { return }
        var sorted = entries
        sorted.sort { $0.key != $1.key ? $0.key < $1.key : $0.value < $1.value }
        var distinct = 1
        for index in sorted.indices.dropFirst() where sorted[index].key != sorted[index - 1].key { distinct += 1 }
        keyCount = distinct

        // Sixteen bits of filter a key, one of them set: one word in sixteen passes that is not there.
        var filterBits = 10
        while 1 << filterBits < distinct * 16, filterBits < 26 { filterBits += 1 }
        filter = Array(repeating: 0, count: (1 << filterBits) / 64)
        filterShift = UInt64(64 - filterBits)
        var slotBits = 4
        while 1 << slotBits < distinct * 2 { slotBits += 1 }
        slots = Array(repeating: Slot(fingerprint: 0, start: Self.empty), count: 1 << slotBits)
        slotMask = UInt64((1 << slotBits) - 1)
        postings.reserveCapacity(sorted.count)

        var index = 0
        while index < sorted.count {
            let key = sorted[index].key
            let start = UInt32(truncatingIfNeeded: postings.count)
            while index < sorted.count, sorted[index].key == key {
                if postings.count == Int(start) || postings[postings.count - 1] != sorted[index].value {
                    postings.append(sorted[index].value)
                }
                index += 1
            }
            postings[postings.count - 1] |= 1 << 31
            let bit = key >> filterShift
            filter[Int(bit >> 6)] |= 1 << (bit & 63)
            var slot = key & slotMask
            while slots[Int(slot)].start != Self.empty { slot = (slot &+ 1) & slotMask }
            slots[Int(slot)] = Slot(fingerprint: UInt32(truncatingIfNeeded: key >> 32), start: start)
        }
    }

    /// A view for a loop over many words. Valid inside `body`.
    @inline(__always) func withProbe<Result>(_ body: (Probe) -> Result) -> Result {
        filter.withUnsafeBufferPointer { bits in
            body(Probe(bits: bits.baseAddress, shift: filterShift))
        }
    }

    struct Probe {
        let bits: UnsafePointer<UInt64>?
        let shift: UInt64

        @inline(__always) func mayHold(_ key: UInt64) -> Bool {
            guard let bits else { return false }
            let bit = key >> shift
            return bits[Int(truncatingIfNeeded: bit >> 6)] >> (bit & 63) & 1 != 0
        }
    }

    func mayHold(_ key: UInt64) -> Bool {
        let bit = key >> filterShift
        return filter[Int(bit >> 6)] >> (bit & 63) & 1 != 0
    }

    @inline(__always) func forEach(_ key: UInt64, _ body: (UInt32) -> Void) {
        guard keyCount > 0 else { return }
        let fingerprint = UInt32(truncatingIfNeeded: key >> 32)
        var slot = key & slotMask
        while true {
            let entry = slots[Int(slot)]
            if entry.start == Self.empty { return }
            if entry.fingerprint == fingerprint {
                var position = Int(entry.start)
                while true {
                    let value = postings[position]
                    body(value & 0x7FFF_FFFF)
                    if value >> 31 != 0 { break }
                    position += 1
                }
            }
            slot = (slot &+ 1) & slotMask
        }
    }
}
