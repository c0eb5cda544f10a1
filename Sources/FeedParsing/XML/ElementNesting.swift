/// The elements that are open, as the document wrote them.
struct ElementNesting {
    struct Element {
        /// Of the name, without regard to case.
        var hash: UInt32
        var nameLength: UInt32
        /// Whether libxml2 takes the name as it is.
        var isPlain: Bool
        var nameStart: Int
    }

    private(set) var elements: [Element] = []
    /// How many of them may hold a whole feed (`NameHash.isContent`).
    private(set) var contents = 0
    /// A look for an ancestor costs as much as it is deep; a document of nothing but faults may not make that quadratic.
    private var budget = 0

    /// Nothing is open yet.
    mutating func begin(documentBytes: Int) {
        elements.removeAll(keepingCapacity: true)
        contents = 0
        budget = 8 * documentBytes + 10_000
    }

    var depth: Int { elements.count }
    var capacity: Int { elements.capacity }
    var top: Element? { elements.last }

    mutating func push(_ element: Element) {
        elements.append(element)
        if NameHash.isContent(element.hash) { contents += 1 }
    }

    mutating func pop() {
        guard let element = elements.popLast() else { return }
        if NameHash.isContent(element.hash) { contents -= 1 }
    }

    /// Where the innermost element of that name stands. Nil when none is open.
    mutating func depth(closing hash: UInt32) -> Int? {
        var index = elements.count - 1
        while index >= 0, budget > 0 {
            if elements[index].hash == hash { return index }
            budget -= 1
            index -= 1
        }
        return nil
    }
}

/// Hashes of element names, in lower case (FNV-1a), and the kinds of elements that nesting goes by.
enum NameHash {
    static let seed: UInt32 = 0x811C_9DC5

    static func mixed(_ hash: UInt32, _ byte: UInt8) -> UInt32 {
        (hash ^ UInt32((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)) &* 0x0100_0193
    }

    static func isItem(_ hash: UInt32) -> Bool { items.contains(hash) }
    static func isContent(_ hash: UInt32) -> Bool { contents.contains(hash) }
    /// Elements of HTML that have no end tag.
    static func isVoid(_ hash: UInt32) -> Bool { voids.contains(hash) }

    /// Elements of an item that hold no other, and those that stand in none of these.
    static func isLine(_ hash: UInt32) -> Bool { lines.contains(hash) }
    static func isField(_ hash: UInt32) -> Bool { fields.contains(hash) }

    /// Elements with a text of their own, in which no item stands.
    static func isText(_ hash: UInt32) -> Bool { fields.contains(hash) || texts.contains(hash) }

    /// Elements that hold those.
    static func isContainer(_ hash: UInt32) -> Bool { containers.contains(hash) }
    /// Elements of HTML that end where the next of their kind begins.
    static func endsItself(_ hash: UInt32) -> Bool { ending.contains(hash) }
    /// Roots of feeds, without their prefixes.
    static func isRoot(_ hash: UInt32) -> Bool { roots.contains(hash) }

    private static let lines = Names(
        "title link guid pubdate published updated id language copyright ttl lastbuilddate category comments enclosure")
    private static let fields = Names(
        """
        title link guid pubdate published updated id language copyright ttl lastbuilddate description summary content author \
        subtitle tagline category comments enclosure source dc:creator dc:date content:encoded media:content \
        itunes:author
        """)
    /// Elements whose text may have markup in it.
    private static let texts = Names(
        """
        body div fullitem abstract managingeditor webmaster itunes:summary dc:title dc:description media:description \
        fulltext full-text yandex:full-text turbo:content
        """)
    private static let containers = Names("item entry channel feed rss rdf:rdf image")
    private static let ending = Names("p li dt dd option tr td th")
    private static let roots = Names("rss feed rdf channel entry")
    private static let items = Names("item entry")
    private static let contents = Names("content atom:content")
    private static let voids = Names("br img hr input wbr area col embed param meta")

    /// Asked for every tag: most that are not in it are told by one bit.
    private struct Names {
        private var hashes: Set<UInt32> = []
        private var bits: UInt64 = 0

        init(_ names: String) {
            for name in names.split(separator: " ") {
                let hash = name.utf8.reduce(NameHash.seed, NameHash.mixed)
                hashes.insert(hash)
                bits |= 1 << UInt64(hash & 63)
            }
        }

        @inline(__always)
        func contains(_ hash: UInt32) -> Bool { bits & 1 << UInt64(hash & 63) != 0 && hashes.contains(hash) }
    }
}
