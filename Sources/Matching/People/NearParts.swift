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
    private static let mostPairs = 1 << 16

    /// By word: a list's number, with and without short vowels.
    private var places: [UInt32] = []
    /// By two words that are read as one.
    private var pairs: [UInt64: UInt32] = [:]
    private var lists: [List]
    private(set) var parts: [UInt32] = []
    private var gathered: [Entry] = []
    private var generation = 0
    private(set) var seen = PartsSeen()
    let search = PartSearch()

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
        if let number = pairs[words] { return number }
        let number = append(gather)
        pairs[words] = number
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

    /// The place of a part in a list.
    func find(_ part: UInt32, _ list: List) -> Int? {
        (list.start..<list.end).first { parts[$0] == part }
    }

    /// Two parts can be those of one name when one of them is sure, or both are likely.
    static func canJoin(_ list: List, _ one: Int, _ otherList: List, _ other: Int) -> Bool {
        one < list.sure || other < otherList.sure || (one < list.likely && other < otherList.likely)
    }

    // MARK: Parts near each other

    /// Notes that a list's parts stand at a token of the text that is being read.
    func see(_ list: List, at token: Int) {
        for index in list.start..<list.end { seen.note(parts[index], at: token) }
    }

    /// Before the tokens of a field: nothing is near.
    func startField(partCount: Int) {
        seen.start(partCount)
    }

    /// Between texts: forgets when there is too much, and when the numbers of words are given anew.
    func follow(_ phones: PhoneBuffer) {
        guard parts.count > Self.mostEntries || pairs.count > Self.mostPairs || phones.generation != generation
        else { return }
        generation = phones.generation
        places.removeAll()
        pairs.removeAll()
        lists.removeLast(lists.count - 1)
        parts.removeAll()
    }
}

/// At which token of a field each part was seen last.
struct PartsSeen {
    private var tokens: [Int] = []
    /// Tokens count on from field to field, so that nothing has to be cleared.
    private var base = 0
    private var last = 0

    mutating func start(_ count: Int) {
        if tokens.count < count { tokens += Array(repeating: -1_000, count: count - tokens.count) }
        base = last + 1_000
    }

    @inline(__always) mutating func note(_ part: UInt32, at token: Int) {
        last = max(last, base + token)
        tokens[Int(part)] = base + token
    }

    @inline(__always) func isSeen(_ part: UInt32, from token: Int) -> Bool {
        tokens[Int(part)] >= base + token
    }
}
