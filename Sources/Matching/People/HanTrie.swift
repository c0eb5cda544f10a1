import TextAnalysis

/// The parts of all watched names as Chinese transcriptions have them, away from a name dot: one phone a node, so that
/// names that begin, or end, alike share what is compared (`HanSearch`).
struct HanTrie: Sendable {
    enum Direction {
        /// Parts that begin after the dot.
        case forward
        /// Parts that end before it: their last phone comes first.
        case backward
    }

    /// In the order of a walk: a node's first child follows it.
    struct Node: Sendable {
        var phone: UInt8
        var depth: UInt8
        /// The least that it costs to leave the phone out, in hundredths.
        var omission: UInt8
        /// How unlike a text may be, in hundredths: the most that a part at or below the node allows.
        var slack: UInt8
        /// Of the phones down to here, and of the heaviest part at or below.
        var weight: UInt16
        var heaviest: UInt16
        /// The node after all that are below.
        var next: UInt32
        /// Where its entries begin; they end where the next node's begin.
        var entry: UInt32
    }

    /// A spelling of a part, as `HanPhones.context` gives it.
    struct Shape {
        var phones: [UInt8]
        var part: UInt32
        var slack: UInt8
    }

    /// A spelling that ends at a node.
    struct Entry: Sendable {
        var part: UInt32
        var slack: UInt8
    }

    /// The last one is no node: it ends the others' entries.
    private(set) var nodes: [Node] = []
    private(set) var entries: [Entry] = []

    /// What all parts allow together.
    private(set) var root = Node(
        phone: 0, depth: 0, omission: 0, slack: 0, weight: 0, heaviest: 0, next: 0, entry: 0)

    var isEmpty: Bool { nodes.isEmpty }

    init() {}

    init(_ shapes: [Shape], _ direction: Direction) {
        var usable = shapes.filter { (1...NameAlignment.longest).contains($0.phones.count) }
        if direction == .backward {
            for index in usable.indices { usable[index].phones.reverse() }
        }
        guard !usable.isEmpty else { return }
        var path: [Int] = []
        for index in PhoneOrder.sorted(usable.map(\.phones)) {
            let shape = usable[index]
            let phones = shape.phones
            var shared = 0
            while shared < path.count, shared < phones.count, nodes[path[shared]].phone == phones[shared] {
                shared += 1
            }
            close(&path, downTo: shared)
            for depth in shared..<phones.count { append(phones, depth, direction, under: &path) }
            let last = path[path.count - 1]
            nodes[last].slack = max(nodes[last].slack, shape.slack)
            nodes[last].heaviest = max(nodes[last].heaviest, nodes[last].weight)
            // Spellings that are the same follow each other, before any that goes on.
            entries.append(Entry(part: shape.part, slack: shape.slack))
        }
        close(&path, downTo: 0)
        nodes.append(
            Node(
                phone: 0, depth: 0, omission: 0, slack: 0, weight: 0, heaviest: 0, next: UInt32(nodes.count),
                entry: UInt32(entries.count)))
    }

    private mutating func append(_ phones: [UInt8], _ index: Int, _ direction: Direction, under path: inout [Int]) {
        let (phone, known) = (phones[index], index > 0 ? phones[index - 1] : 0)
        let omission =
            direction == .forward
            ? NameAlignment.leastOmittedHan(phone, after: known)
            : NameAlignment.leastOmittedHan(phone, before: known)
        let weight = (path.last.map { nodes[$0].weight } ?? 0) + UInt16(Phone.weight(phone))
        path.append(nodes.count)
        nodes.append(
            Node(
                phone: phone, depth: UInt8(index + 1), omission: UInt8(omission), slack: 0, weight: weight, heaviest: 0,
                next: 0, entry: UInt32(entries.count)))
    }

    /// Ends branches, the deepest first, and tells the nodes above what is below.
    private mutating func close(_ path: inout [Int], downTo depth: Int) {
        while path.count > depth, let node = path.popLast() {
            nodes[node].next = UInt32(nodes.count)
            if let above = path.last {
                Self.tell(&nodes[above], nodes[node])
            } else {
                Self.tell(&root, nodes[node])
            }
        }
    }

    private static func tell(_ above: inout Node, _ below: Node) {
        above.slack = max(above.slack, below.slack)
        above.heaviest = max(above.heaviest, below.heaviest)
    }
}

/// Spellings in the order of their phones.
enum PhoneOrder {
    /// - Returns: the places of the spellings: by the first eight phones, which are nearly always enough, then by all.
    static func sorted(_ phones: [[UInt8]]) -> [Int] {
        var order = phones.enumerated().map { index, phones in
            let prefix = (0..<8).reduce(UInt64(0)) { $0 << 8 | ($1 < phones.count ? UInt64(phones[$1]) : 0) }
            return (prefix: prefix, index: index)
        }
        order.sort { one, other in
            one.prefix != other.prefix
                ? one.prefix < other.prefix : phones[one.index].lexicographicallyPrecedes(phones[other.index])
        }
        return order.map(\.index)
    }
}
