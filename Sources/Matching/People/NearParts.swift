import TextAnalysis

/// Which watched parts a word sounds like, remembered from text to text: news say the same words over and over.
///
/// Words go by their numbers in a `PhoneBuffer`; what is known of them is forgotten when it forgets. Belongs to one
/// thread at a time.
final class NearParts {
    /// How sure a part is, to tell which two can be of one name. See `NameFinder.judge`.
    enum Likeness: UInt32 {
        case sure, likely, possible

        init(hundredths: Int) {
            self = hundredths >= 92 ? .sure : hundredths >= 85 ? .likely : .possible
        }
    }

    /// A part in a list that is being gathered: the surest sort first.
    struct Entry: Comparable {
        private let value: UInt32

        init(_ part: UInt32, _ likeness: Likeness) {
            value = likeness.rawValue << 30 | part
        }

        var part: UInt32 { value & 0x3FFF_FFFF }
        var likeness: UInt32 { value >> 30 }

        static func < (one: Entry, other: Entry) -> Bool { one.value < other.value }
    }

    /// Where a list lies in `lists`: its sure parts, those that are likely, the rest.
    struct List {
        var start: Int
        var sure: Int
        var likely: Int
        var end: Int

        @inline(__always) var isEmpty: Bool { start == end }
    }

    private static let unknown = UInt32.max
    private static let mostEntries = 1 << 20

    // Nobody is handed one of these to change while it is read: the checks for that cost more than the look-ups.
    /// By word: a list's number, with and without short vowels.
    @exclusivity(unchecked) private var places: [UInt32] = []
    /// By two words that are read as one; 0 is that of two without phones, which are never asked for.
    @exclusivity(unchecked) private var pairs = NumberTable(none: 0)
    private static let mostPairs = 1 << 17
    @exclusivity(unchecked) private var lists: [List]
    @exclusivity(unchecked) private(set) var parts: [UInt32] = []
    @exclusivity(unchecked) private var gathered: [Entry] = []
    @exclusivity(unchecked) private var generation = 0
    let listed = PartPlaces()
    let joins = KnownJoins()
    let search = PartSearch()
    let comparisons = NameComparisons()

    init() {
        lists = [List(start: 0, sure: 0, likely: 0, end: 0)]
    }

    /// The empty list is number 0.
    @inline(__always) func list(_ number: UInt32) -> List { lists[Int(number)] }

    /// The list of a word, gathered when it is not known.
    @inline(__always) func list(
        ofWord word: UInt32, omitsVowels: Bool, _ gather: (inout [Entry]) -> Void
    ) -> UInt32 {
        let place = Int(word) << 1 | (omitsVowels ? 1 : 0)
        if place < places.count, places[place] != Self.unknown { return places[place] }
        while places.count <= place { places.append(Self.unknown) }
        let number = append(gather)
        places[place] = number
        return number
    }

    /// The list of two words that are read as one.
    func list(
        ofWords first: UInt32, _ second: UInt32, omitsVowels: Bool, _ gather: (inout [Entry]) -> Void
    ) -> UInt32 {
        let words = UInt64(first) << 33 | UInt64(second) << 1 | (omitsVowels ? 1 : 0)
        if let number = pairs.number(of: words) { return number }
        let number = append(gather)
        pairs.add(words, number)
        return number
    }

    private func append(_ gather: (inout [Entry]) -> Void) -> UInt32 {
        gathered.removeAll(keepingCapacity: true)
        gather(&gathered)
        guard !gathered.isEmpty else { return 0 }
        gathered.sort()
        var list = List(start: parts.count, sure: 0, likely: 0, end: 0)
        var counts = (sure: 0, likely: 0)
        for index in gathered.indices where index == 0 || gathered[index - 1] < gathered[index] {
            let entry = gathered[index]
            parts.append(entry.part)
            if entry.likeness == Likeness.sure.rawValue { counts.sure += 1 }
            if entry.likeness <= Likeness.likely.rawValue { counts.likely += 1 }
        }
        list.sure = list.start + counts.sure
        list.likely = list.start + counts.likely
        list.end = parts.count
        lists.append(list)
        return UInt32(lists.count - 1)
    }

    /// Two parts can be those of one name when one of them is sure, or both are likely.
    static func canJoin(_ list: List, _ one: Int, _ otherList: List, _ other: Int) -> Bool {
        one < list.sure || other < otherList.sure || (one < list.likely && other < otherList.likely)
    }

    /// Between texts: forgets when there is too much, and when the numbers of words are given anew.
    func follow(_ phones: PhoneBuffer) {
        if pairs.count > Self.mostPairs { pairs.removeAll() }
        joins.follow()
        guard parts.count > Self.mostEntries || phones.generation != generation else { return }
        if phones.generation != generation { comparisons.forgetWords() }
        generation = phones.generation
        places.removeAll()
        pairs.removeAll()
        joins.removeAll()
        lists.removeLast(lists.count - 1)
        parts.removeAll()
    }
}

/// Where in one list each part stands.
final class PartPlaces {
    /// Small enough to stay near the processor, by the lowest bits of a part's number: most parts are in no list.
    private static let digestBits = 12

    /// By part: the list's stamp, and the place in it.
    @exclusivity(unchecked) private var places: UnsafeMutablePointer<UInt64>
    @exclusivity(unchecked) private var count = 0
    @exclusivity(unchecked) private var stamp: UInt64 = 0
    private let digest: UnsafeMutablePointer<UInt64>

    init() {
        places = .allocate(capacity: 1)
        digest = .allocate(capacity: 1 << Self.digestBits / 64)
    }

    deinit {
        places.deallocate()
        digest.deallocate()
    }

    func reserve(_ count: Int) {
        guard count > self.count else { return }
        places.deallocate()
        places = .allocate(capacity: count)
        places.initialize(repeating: 0, count: count)
        self.count = count
        stamp = 0
    }

    func mark(_ list: NearParts.List, _ parts: UnsafeBufferPointer<UInt32>) {
        stamp = (stamp &+ 1) & 0xFFFF_FFFF
        if stamp == 0 {
            places.update(repeating: 0, count: count)
            stamp = 1
        }
        digest.initialize(repeating: 0, count: 1 << Self.digestBits / 64)
        // A part may be there twice, as surely as not: the first place, the surer one, is written last.
        for place in (list.start..<list.end).reversed() {
            let part = Int(parts[place])
            places[part] = stamp << 32 | UInt64(truncatingIfNeeded: place)
            let bit = part & (1 << Self.digestBits - 1)
            digest[bit >> 6] |= 1 << UInt64(bit & 63)
        }
    }

    @inline(__always) func find(_ part: UInt32) -> Int? {
        let bit = Int(part) & (1 << Self.digestBits - 1)
        guard digest[bit >> 6] >> UInt64(bit & 63) & 1 != 0 else { return nil }
        let place = places[Int(part)]
        return place >> 32 == stamp ? Int(truncatingIfNeeded: place & 0xFFFF_FFFF) : nil
    }
}
