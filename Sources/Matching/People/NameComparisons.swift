/// How alike parts and words were when they were compared: many names share a part, news repeat their words, and one pair
/// of words proposes many names.
///
/// Each comparison has one place, and a later one that has the same takes it. Belongs to one thread at a time.
final class NameComparisons {
    private struct Likeness {
        var key: UInt64
        var value: Double
    }

    private struct Finding {
        var key: UInt64
        var field: Int
        var found: NameFinder.Found?
    }

    private static let none = UInt64.max
    private static let likenessBits: UInt64 = 16
    private static let findingBits: UInt64 = 9

    /// From text to text, by part and word.
    private let likenesses: UnsafeMutablePointer<Likeness>
    /// Of one field, by part and token.
    private let findings: UnsafeMutablePointer<Finding>
    @exclusivity(unchecked) private var field = 0

    init() {
        likenesses = .allocate(capacity: 1 << Int(Self.likenessBits))
        findings = .allocate(capacity: 1 << Int(Self.findingBits))
        findings.initialize(repeating: Finding(key: 0, field: 0, found: nil), count: 1 << Int(Self.findingBits))
        forgetWords()
    }

    deinit {
        likenesses.deallocate()
        findings.deallocate()
    }

    @inline(__always) static func key(_ part: UInt32, _ word: UInt32, isStrict: Bool) -> UInt64 {
        UInt64(part & 0x3FFF_FFFF) << 33 | UInt64(word) << 1 | (isStrict ? 1 : 0)
    }

    /// Of two words that are read as one; nil for numbers that a key has no room for.
    @inline(__always) static func key(
        _ part: UInt32, _ first: UInt32, _ second: UInt32, omits: Bool, isStrict: Bool
    ) -> UInt64? {
        guard part >> 26 == 0, (first | second) >> 17 == 0 else { return nil }
        let words = UInt64(first) << 19 | UInt64(second) << 2
        return 1 << 63 | UInt64(part) << 36 | words | (omits ? 2 : 0) | (isStrict ? 1 : 0)
    }

    @inline(__always) private static func place(_ key: UInt64, _ bits: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> (64 - bits))
    }

    /// Before the tokens of a field.
    func startField() { field += 1 }

    /// When the numbers of words are given anew.
    func forgetWords() {
        likenesses.initialize(repeating: Likeness(key: Self.none, value: 0), count: 1 << Int(Self.likenessBits))
    }

    @inline(__always) func likeness(_ key: UInt64) -> Double? {
        let known = likenesses[Self.place(key, Self.likenessBits)]
        return known.key == key ? known.value : nil
    }

    @inline(__always) func note(_ key: UInt64, _ likeness: Double) {
        likenesses[Self.place(key, Self.likenessBits)] = Likeness(key: key, value: likeness)
    }

    /// Nil when it is not known; nil inside when nothing was found.
    @inline(__always) func found(_ key: UInt64) -> NameFinder.Found?? {
        let known = findings[Self.place(key, Self.findingBits)]
        return known.key == key && known.field == field ? .some(known.found) : nil
    }

    @inline(__always) func note(_ key: UInt64, _ found: NameFinder.Found?) {
        findings[Self.place(key, Self.findingBits)] = Finding(key: key, field: field, found: found)
    }
}
