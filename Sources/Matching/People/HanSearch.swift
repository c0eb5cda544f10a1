import TextAnalysis

/// Holds the characters beside a name dot against all parts of a `HanTrie` at once.
///
/// What it finds is never less alike than `NameAlignment.compareHan` says, which is asked only of parts that another
/// part of the same name stands beside. Belongs to one thread at a time.
final class HanSearch {
    /// Away from the dot.
    struct Text: Hashable {
        /// The phones, and what each costs that no name has, in hundredths.
        var phones: [UInt8] = []
        var costs: [Int32] = []
        /// Where a part may end, as a number of phones, and what its likeness is taken by there, in hundredths.
        var ends: [End] = []
    }

    struct End: Hashable {
        var count: Int
        var factor: Int32
    }

    private static let width = NameAlignment.longest + 1
    private static let never: Int32 = 1 << 20
    /// Texts that are remembered, of half a kilobyte each: all are forgotten when there are more. Those with longer lists
    /// of parts are not remembered.
    private static let mostKnown = 1 << 11
    private static let mostFound = 64

    private struct Asked: Hashable {
        var text: Text
        var direction: HanTrie.Direction
    }

    private var known: [Asked: [UInt32]] = [:]

    private let rows: UnsafeMutablePointer<Int32>
    private let costs: UnsafeMutablePointer<UInt8>
    private let phones: UnsafeMutablePointer<UInt8>
    private let textCosts: UnsafeMutablePointer<Int32>
    /// By depth: the cells of the row that are not too dear, from the first to the last.
    private let firsts: UnsafeMutablePointer<Int>
    private let lasts: UnsafeMutablePointer<Int>

    init() {
        rows = .allocate(capacity: Self.width * (NameAlignment.longest + 1))
        costs = .allocate(capacity: 128 * 128)
        for (index, cost) in PhoneCosts.han.enumerated() { (costs + index).initialize(to: cost) }
        phones = .allocate(capacity: NameAlignment.longest)
        textCosts = .allocate(capacity: NameAlignment.longest)
        firsts = .allocate(capacity: NameAlignment.longest + 1)
        lasts = .allocate(capacity: NameAlignment.longest + 1)
    }

    deinit {
        rows.deallocate()
        costs.deallocate()
        phones.deallocate()
        textCosts.deallocate()
        firsts.deallocate()
        lasts.deallocate()
    }

    /// The parts that the text may begin with, in ascending order. Remembered from text to text.
    func search(_ trie: HanTrie, _ text: Text, _ direction: HanTrie.Direction) -> [UInt32] {
        let asked = Asked(text: text, direction: direction)
        if let known = known[asked] { return known }
        let found = search(trie, text)
        guard found.count <= Self.mostFound else { return found }
        if known.count >= Self.mostKnown { known.removeAll() }
        known[asked] = found
        return found
    }

    private func search(_ trie: HanTrie, _ text: Text) -> [UInt32] {
        let count = text.phones.count
        guard !trie.isEmpty, count > 0, count <= NameAlignment.longest else { return [] }
        var found: Set<UInt32> = []
        start(text, Self.limit(trie.root))
        trie.nodes.withUnsafeBufferPointer { nodes in
            trie.entries.withUnsafeBufferPointer { entries in
                var index = 0
                while index < nodes.count - 1 {
                    let node = nodes[index]
                    guard fill(node, count) else {
                        index = Int(node.next)
                        continue
                    }
                    let (first, last) = (Int(node.entry), Int(nodes[index + 1].entry))
                    for entry in first..<last where reaches(node, entries[entry].slack, text) {
                        found.insert(entries[entry].part)
                    }
                    index += 1
                }
            }
        }
        return found.sorted()
    }

    /// What the parts at or below a node may cost.
    @inline(__always) private static func limit(_ node: HanTrie.Node) -> Int32 {
        Int32(node.heaviest) * Int32(node.slack) / 100 + 1
    }

    @inline(__always) private func row(_ depth: Int) -> UnsafeMutablePointer<Int32> { rows + depth * Self.width }

    private func start(_ text: Text, _ limit: Int32) {
        for (index, phone) in text.phones.enumerated() {
            phones[index] = phone
            textCosts[index] = text.costs[index]
        }
        let row = row(0)
        row[0] = 0
        var last = 0
        while last < text.phones.count, row[last] + textCosts[last] <= limit {
            row[last + 1] = row[last] + textCosts[last]
            last += 1
        }
        (firsts[0], lasts[0]) = (0, last)
    }

    /// - Returns: false when every way is too dear.
    @inline(__always) private func fill(_ node: HanTrie.Node, _ count: Int) -> Bool {
        let limit = Self.limit(node)
        let depth = Int(node.depth)
        let (above, row) = (row(depth - 1), row(depth))
        let costs = self.costs + Int(node.phone & 127) * 128
        let (start, end) = (firsts[depth - 1], lasts[depth - 1])
        var (first, last) = (Int.max, -1)
        var left = Self.never
        var place = start
        // Beyond the row above only what the text has too much leads on.
        while place <= count, place <= end + 1 || left <= limit {
            var cost = place <= end ? above[place] + Int32(node.omission) : Self.never
            if place > 0 {
                if place <= end + 1, place > start {
                    cost = min(cost, above[place - 1] + Int32(costs[Int(phones[place - 1] & 127)]))
                }
                cost = min(cost, left + textCosts[place - 1])
            }
            row[place] = cost
            left = cost
            if cost <= limit {
                if first > place { first = place }
                last = place
            }
            place += 1
        }
        (firsts[depth], lasts[depth]) = (first, last)
        return last >= 0
    }

    /// Whether a part that ends at a node may be as like as it must.
    @inline(__always) private func reaches(_ node: HanTrie.Node, _ slack: UInt8, _ text: Text) -> Bool {
        let row = row(Int(node.depth))
        let (first, last) = (firsts[Int(node.depth)], lasts[Int(node.depth)])
        let weight = max(Int32(node.weight), 1)
        return text.ends.contains { end in
            end.count >= first && end.count <= last
                && (weight - row[end.count]) * end.factor >= weight * (100 - Int32(slack))
        }
    }
}
