import TextAnalysis

/// The parts of all watched names by their phones, one phone a node: names that begin alike share what is compared.
///
/// A word is held against all parts at once (`PartSearch`): the rows of the edit distance belong to nodes, and a branch
/// ends where every way is too dear. So a word that is like no name costs a few hundred nodes near the root, whether ten
/// names are watched or a hundred thousand.
struct PartTrie: Sendable {
    /// In the order of a walk: a node's first child follows it.
    struct Node: Sendable {
        var phone: UInt8
        var depth: UInt8
        /// The least that it costs to leave the phone out, in hundredths, where short vowels are written.
        var omission: UInt8
        /// How unlike a word may be, in hundredths: the most that a part at or below the node allows.
        var slack: UInt8
        /// Of the phones down to here, and of the heaviest part at or below.
        var weight: UInt16
        var heaviest: UInt16
        /// Keys of the parts at or below, the groups of consonants that all of them need, and how many may be missing.
        var keys: KeySet
        var needed: UInt16
        var tolerance: UInt8
        /// The node after all that are below.
        var next: UInt32
        /// Where its entries begin; they end where the next node's begin.
        var entry: UInt32
    }

    /// A spelling of a part.
    struct Shape {
        var phones: [UInt8]
        var part: UInt32
        var slack: UInt8
        var keys: KeySet
        var needed: UInt16
        var tolerance: UInt8
    }

    /// A part whose spelling ends at a node.
    struct Entry: Sendable {
        private let value: UInt32

        init(part: UInt32, isStem: Bool) {
            value = part << 1 | (isStem ? 1 : 0)
        }

        var part: UInt32 { value >> 1 }
        /// The spelling goes on with a vowel or two, in whose place Russian puts its endings.
        var isStem: Bool { value & 1 != 0 }
    }

    /// The last one is no node: it ends the others' entries.
    private(set) var nodes: [Node] = []
    private(set) var entries: [Entry] = []

    init() {}

    init(_ shapes: [Shape]) {
        let usable = shapes.filter { (1...NameAlignment.longest).contains($0.phones.count) }
        let sorted = usable.sorted { $0.phones.lexicographicallyPrecedes($1.phones) }
        guard !sorted.isEmpty else { return }
        var placed: [(node: UInt32, entry: Entry)] = []
        var path: [Int] = []
        for shape in sorted {
            let phones = shape.phones
            var shared = 0
            while shared < path.count, shared < phones.count, nodes[path[shared]].phone == phones[shared] {
                shared += 1
            }
            close(&path, downTo: shared)
            for depth in shared..<phones.count {
                path.append(nodes.count)
                append(phones, depth, under: path.dropLast())
            }
            let last = path[path.count - 1]
            nodes[last].keys.formUnion(shape.keys)
            nodes[last].needed &= shape.needed
            nodes[last].tolerance = max(nodes[last].tolerance, shape.tolerance)
            nodes[last].slack = max(nodes[last].slack, shape.slack)
            nodes[last].heaviest = max(nodes[last].heaviest, nodes[last].weight)
            placed.append((UInt32(last), Entry(part: shape.part, isStem: false)))
            for dropped in NameAlignment.softEndings(phones) {
                let node = path[phones.count - dropped - 1]
                placed.append((UInt32(node), Entry(part: shape.part, isStem: true)))
            }
        }
        close(&path, downTo: 0)
        placed.sort { ($0.node, $0.entry.part) < ($1.node, $1.entry.part) }
        entries = placed.map(\.entry)
        var position = 0
        for index in nodes.indices {
            nodes[index].entry = UInt32(position)
            while position < placed.count, Int(placed[position].node) == index { position += 1 }
        }
        nodes.append(
            Node(
                phone: 0, depth: 0, omission: 0, slack: 0, weight: 0, heaviest: 0, keys: KeySet(), needed: 0,
                tolerance: 0,
                next: UInt32(nodes.count), entry: UInt32(position)))
    }

    private mutating func append(_ phones: [UInt8], _ index: Int, under path: ArraySlice<Int>) {
        let (phone, before) = (phones[index], index > 0 ? phones[index - 1] : 0)
        let weight = (path.last.map { nodes[$0].weight } ?? 0) + UInt16(Phone.weight(phone))
        nodes.append(
            Node(
                phone: phone, depth: UInt8(index + 1),
                omission: UInt8(NameAlignment.leastOmission(phone, after: before)),
                slack: 0, weight: weight, heaviest: weight, keys: KeySet(), needed: ~0, tolerance: 0,
                next: 0, entry: 0))
    }

    /// Ends branches, the deepest first, and tells the nodes above what is below.
    private mutating func close(_ path: inout [Int], downTo depth: Int) {
        while path.count > depth, let node = path.popLast() {
            nodes[node].next = UInt32(nodes.count)
            guard let above = path.last else { continue }
            nodes[above].slack = max(nodes[above].slack, nodes[node].slack)
            nodes[above].keys.formUnion(nodes[node].keys)
            nodes[above].needed &= nodes[node].needed
            nodes[above].tolerance = max(nodes[above].tolerance, nodes[node].tolerance)
            nodes[above].heaviest = max(nodes[above].heaviest, nodes[node].heaviest)
        }
    }
}
