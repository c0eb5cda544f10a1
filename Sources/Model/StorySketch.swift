/// What a text is recognised by when it comes again a little changed: a sample of its shingles (words, or characters, that
/// stand next to each other), and its numbers; and what tells whether another text has the same words.
///
/// The sample is of the smallest hashes (bottom-k: Broder 1997; Cohen and Kaplan 2007): two texts that share shingles sample
/// the same of them, so two samples tell how much the texts share, and how much of one the other has. Some 500 bytes.
package struct StorySketch: Sendable, Hashable {
    /// With the array's own 32 bytes, 512 of memory.
    package static let mostShingles = 120
    package static let mostNumbers = 16

    /// The smallest hashes of shingles, ascending, none twice. Fewer than `mostShingles`: of all there are.
    package let shingles: [UInt32]
    /// The smallest hashes of the numbers in the text, likewise.
    package let numbers: [UInt32]
    /// How long the text is. Characters of scripts without spaces count half.
    package let words: Int
    /// Of all shingles that the text has, however often and in whichever order. Nil: it was not read to its end.
    package let whole: UInt64?

    /// - Parameters:
    ///   - shingles: in any order, and as often as they come.
    ///   - numbers: likewise.
    ///   - isWhole: that is all of the text.
    package init(shingles: [UInt32], numbers: [UInt32], words: Int, isWhole: Bool = true) {
        let distinct = Self.distinct(shingles)
        self.shingles = Array(distinct.prefix(Self.mostShingles))
        self.numbers = Array(Self.distinct(numbers).prefix(Self.mostNumbers))
        self.words = min(max(0, words), Int(UInt16.max))
        whole = isWhole ? Self.whole(distinct) : nil
    }

    /// A sum of mixed hashes (the finish of SplitMix64).
    ///
    /// - Parameter shingles: none twice.
    private static func whole(_ shingles: [UInt32]) -> UInt64 {
        var sum: UInt64 = 0
        for hash in shingles {
            var mixed = UInt64(hash) &+ 0x9E37_79B9_7F4A_7C15
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            sum &+= mixed ^ mixed >> 31
        }
        return sum
    }

    /// Ascending, none twice.
    private static func distinct(_ hashes: some Sequence<UInt32>) -> [UInt32] {
        var result: [UInt32] = []
        for hash in hashes.sorted() where hash != result.last { result.append(hash) }
        return result
    }

    // MARK: copies

    /// Shorter texts ("Headlines at 9") are said again by chance.
    private static let fewestWords = 8
    /// From so many words on, a text that another one holds is a cut copy of it.
    private static let fewestWordsOfPart = 25
    private static let leastResemblance = 0.7
    private static let leastContainment = 0.85
    private static let leastNumbers = 0.5

    /// Whether this text says what `first` has said, and hardly anything else: a copy with another headline or lead, or the
    /// beginning of it. One that is longer and says more is none, and neither is one with other numbers, such as a daily
    /// report.
    package func isCopy(of first: StorySketch) -> Bool {
        if shingles.isEmpty || first.shingles.isEmpty { return false }
        if words < Self.fewestWords { return self == first }
        if Self.share(of: numbers, in: first.numbers, most: Self.mostNumbers).map({ $0 < Self.leastNumbers }) ?? false {
            return false
        }
        let (shared, all) = Self.compare(shingles, first.shingles, most: Self.mostShingles)
        if Double(shared) >= Self.leastResemblance * Double(all) { return true }
        guard words >= Self.fewestWordsOfPart,
            let share = Self.share(of: shingles, in: first.shingles, most: Self.mostShingles)
        else { return false }
        return share >= Self.leastContainment
    }

    /// Fewer are said of two people by chance ("Zhainar Serikqyzy: a new entry").
    private static let fewestWordsOfSame = 8
    private static let fewestShinglesOfSame = 6

    /// Whether this text has the very same words as `other`, next to each other, and no more: one word that was changed or
    /// added ("released", another county) makes it another text.
    package func isSame(as other: StorySketch) -> Bool {
        min(words, other.words) >= Self.fewestWordsOfSame && shingles.count >= Self.fewestShinglesOfSame
            && whole != nil && whole == other.whole && shingles == other.shingles && numbers == other.numbers
    }

    /// How many hashes both have, and how many there are in either, as far as both samples reach.
    private static func compare(_ left: [UInt32], _ right: [UInt32], most: Int) -> (shared: Int, all: Int) {
        let end = min(reach(left, most), reach(right, most))
        let left = left.prefix { $0 <= end }
        let right = right.prefix { $0 <= end }
        let shared = common(left, right)
        return (shared, left.count + right.count - shared)
    }

    /// Of two ascending lists.
    private static func common(_ left: ArraySlice<UInt32>, _ right: ArraySlice<UInt32>) -> Int {
        var (first, second, count) = (left.startIndex, right.startIndex, 0)
        while first < left.endIndex, second < right.endIndex {
            let (one, other) = (left[first], right[second])
            if one == other { count += 1 }
            if one <= other { first += 1 }
            if other <= one { second += 1 }
        }
        return count
    }

    /// How much of one the other has. Nil where the samples share no ground.
    private static func share(of part: [UInt32], in whole: [UInt32], most: Int) -> Double? {
        let end = min(reach(part, most), reach(whole, most))
        let part = part.prefix { $0 <= end }
        guard !part.isEmpty else { return nil }
        return Double(common(part, whole[...])) / Double(part.count)
    }

    /// The largest hash that a sample would have if the text had it.
    private static func reach(_ sample: [UInt32], _ most: Int) -> UInt32 {
        sample.count < most ? .max : sample.last ?? .max
    }

    // MARK: lookup

    /// What the text is looked up by: a text that has a fifth of another's shingles misses all of these in three of a hundred
    /// cases.
    package var keys: [UInt32] { Array(shingles.prefix(16)) }

    // MARK: bytes

    /// As the state keeps it.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [UInt8(words & 0xFF), UInt8(words >> 8), UInt8(numbers.count)]
        if let whole {
            bytes[2] |= Self.hasWhole
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: whole >> shift))
            }
        }
        for hash in numbers + shingles {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: hash >> shift))
            }
        }
        return bytes
    }

    /// In the count of numbers, of which there are fewer.
    private static let hasWhole: UInt8 = 0x80

    /// Nil for anything but what `bytes` gave.
    package init?(bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 3, (bytes.count - 3).isMultiple(of: 4) else { return nil }
        let hashes = stride(from: 3, to: bytes.count, by: 4).map { index in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
        }
        let isWhole = bytes[2] & Self.hasWhole != 0
        let count = Int(bytes[2] & ~Self.hasWhole)
        let rest = hashes.dropFirst(isWhole ? 2 : 0)
        guard hashes.count >= (isWhole ? 2 : 0), count <= rest.count else { return nil }
        shingles = Array(Self.distinct(rest.dropFirst(count)).prefix(Self.mostShingles))
        numbers = Array(Self.distinct(rest.prefix(count)).prefix(Self.mostNumbers))
        words = Int(bytes[0]) | Int(bytes[1]) << 8
        whole = isWhole ? UInt64(hashes[0]) | UInt64(hashes[1]) << 32 : nil
    }
}
