/// Which names two lists of parts make, remembered from text to text: mostly none.
///
/// Each two lists have one place, and later ones that have the same take it. Belongs to one thread at a time.
final class KnownJoins {
    private struct Known {
        /// Two lists' numbers; none is 0, the empty list.
        var lists: UInt64
        var start: UInt32
        var count: UInt32
    }

    private static let bits: UInt64 = 14
    private static let mostForms = 1 << 16

    private let known: UnsafeMutablePointer<Known>
    @exclusivity(unchecked) private var forms: [UInt32] = []

    init() {
        known = .allocate(capacity: 1 << Int(Self.bits))
        removeAll()
    }

    deinit {
        known.deallocate()
    }

    @inline(__always) private static func key(_ first: UInt32, _ second: UInt32) -> (lists: UInt64, place: Int) {
        let lists = UInt64(first) << 32 | UInt64(second)
        return (lists, Int(truncatingIfNeeded: (lists &* 0x9E37_79B9_7F4A_7C15) >> (64 - bits)))
    }

    /// - Returns: false when the two lists are not known.
    @inline(__always) func forEach(_ first: UInt32, _ second: UInt32, _ body: (_ form: UInt32) -> Void) -> Bool {
        let (lists, place) = Self.key(first, second)
        guard known[place].lists == lists else { return false }
        for index in Int(known[place].start)..<Int(known[place].start + known[place].count) { body(forms[index]) }
        return true
    }

    func note(_ first: UInt32, _ second: UInt32, _ joined: some Collection<UInt32>) {
        guard forms.count + joined.count <= Self.mostForms else { return }
        let (lists, place) = Self.key(first, second)
        known[place] = Known(lists: lists, start: UInt32(forms.count), count: UInt32(joined.count))
        forms += joined
    }

    /// Between texts: forgets all when there is too much.
    func follow() {
        if forms.count > Self.mostForms / 2 { removeAll() }
    }

    func removeAll() {
        known.initialize(repeating: Known(lists: 0, start: 0, count: 0), count: 1 << Int(Self.bits))
        forms.removeAll(keepingCapacity: true)
    }
}
