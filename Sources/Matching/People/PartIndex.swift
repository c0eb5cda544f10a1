import TextAnalysis

/// The spellings of watched parts by their keys (`NameKeys`): a word of a text is held against those that begin with its
/// consonants.
///
/// The list of a key is in the order of the phones, and knows how many of them each spelling shares with the one before:
/// spellings that begin alike share the rows of the edit distance (`PartSearch`). A spelling costs eight bytes a key, and
/// a part has two or three keys.
struct PartIndex: Sendable {
    /// A spelling of a part.
    struct Shape {
        var phones: [UInt8]
        var part: UInt32
        /// How unlike a word may be, in hundredths.
        var slack: UInt8
        /// Keys of the part, of four bits three times.
        var keys: [UInt16]
        /// Groups of consonants that the part needs, and how many may be missing: none or one.
        var needed: UInt16
        var tolerance: UInt8
    }

    /// A spelling, its phones in `phones`.
    struct Entry: Sendable {
        var start: UInt32
        var part: UInt32
        /// Of all phones.
        var weight: UInt16
        var count: UInt8
        var slack: UInt8
        /// How many phones at its end Russian may put an ending in the place of.
        var softEndings: UInt8
    }

    /// A spelling in the list of a key.
    struct Posting: Sendable {
        var entry: UInt32
        private var needed: UInt16
        private var tolerance: UInt8
        /// Phones at the beginning that are those of the posting before.
        var shared: UInt8

        init(entry: UInt32, _ shape: Shape, shared: Int) {
            self.entry = entry
            needed = shape.needed
            tolerance = shape.tolerance
            self.shared = UInt8(shared)
        }

        /// Whether a word with these groups of consonants has what the part needs.
        @inline(__always) func mayBe(_ mask: UInt16) -> Bool {
            let missing = needed & ~mask
            return missing == 0 || (tolerance > 0 && missing & (missing &- 1) == 0)
        }
    }

    private static let keyCount = 1 << 12

    /// By key, where its list begins in `postings`; one more at the end.
    private(set) var starts: [UInt32] = []
    private(set) var postings: [Posting] = []
    private(set) var entries: [Entry] = []
    private(set) var phones: [UInt8] = []
    /// By phone: the least that it costs to leave it out, in hundredths, where short vowels are written.
    private(set) var omissions: [UInt8] = []

    var isEmpty: Bool { entries.isEmpty }

    init() {}

    init(_ shapes: [Shape]) {
        let usable = shapes.filter { (1...NameAlignment.longest).contains($0.phones.count) }
        guard !usable.isEmpty else { return }
        let sorted = PhoneOrder.sorted(usable.map(\.phones)).map { usable[$0] }
        starts = Array(repeating: 0, count: Self.keyCount + 1)
        entries.reserveCapacity(sorted.count)
        phones.reserveCapacity(sorted.reduce(0) { $0 + $1.phones.count })
        omissions.reserveCapacity(phones.capacity)
        for shape in sorted {
            add(shape)
            for key in shape.keys { starts[Int(key) + 1] += 1 }
        }
        for key in 0..<Self.keyCount { starts[key + 1] += starts[key] }
        var next = starts
        var last: [Int] = Array(repeating: -1, count: Self.keyCount)
        postings = Array(repeating: Posting(entry: 0, sorted[0], shared: 0), count: Int(starts[Self.keyCount]))
        for (number, shape) in sorted.enumerated() {
            for key in shape.keys {
                let before = last[Int(key)]
                let shared = before < 0 ? 0 : Self.shared(sorted[before].phones, shape.phones)
                postings[Int(next[Int(key)])] = Posting(entry: UInt32(number), shape, shared: shared)
                next[Int(key)] += 1
                last[Int(key)] = number
            }
        }
    }

    private mutating func add(_ shape: Shape) {
        entries.append(
            Entry(
                start: UInt32(phones.count), part: shape.part,
                weight: UInt16(shape.phones.reduce(0) { $0 + Phone.weight($1) }), count: UInt8(shape.phones.count),
                slack: shape.slack, softEndings: UInt8(NameAlignment.softEndings(shape.phones).count)))
        var before: UInt8 = 0
        for phone in shape.phones {
            phones.append(phone)
            omissions.append(UInt8(NameAlignment.leastOmission(phone, after: before)))
            before = phone
        }
    }

    private static func shared(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var count = 0
        while count < one.count, count < other.count, one[count] == other[count] { count += 1 }
        return count
    }
}
