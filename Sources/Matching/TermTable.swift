import TextAnalysis

/// One word of a sequence.
struct Element: Sendable {
    enum Kind: UInt8, Sendable {
        /// The whole word.
        case word
        /// A word that begins so.
        case prefix
        /// A capital letter alone, with or without its full stop.
        case initial
    }

    var unitStart: UInt32
    var unitCount: UInt16
    var kind: Kind
    /// What must not stand between the word before and this one.
    var forbidden: Gap
    /// Other words that may stand between the word before and this one, at most.
    var skip: UInt8 = 0
    /// The entry of `Lexicon` whose forms will do as well; `none` where the word is meant as it is.
    var lexeme = Element.none

    static let none = UInt32.max
}

/// Words in order: one way in which a pattern can be written.
struct WordSequence: Sendable {
    var pattern: UInt32
    var elementStart: UInt32
    var count: UInt8
    /// Hundredths.
    var score: UInt8
    /// The text must be as the pattern is written, letter for letter.
    var exact: Bool
}

/// Every sequence of every pattern, flat, and the index that finds those that a text may hold.
///
/// A sequence hangs on its rarest word. One word leads to lists of sequences by the word beside it, so that a common
/// given name before a hundred family names costs one look-up and not a hundred comparisons.
struct TermTable: Sendable {
    private(set) var sequences: [WordSequence] = []
    private(set) var elements: [Element] = []
    private(set) var units: [UInt16] = []
    /// The hash of each element's word, until the index is built.
    private var hashes: [UInt64] = []
    /// What an exact sequence must look like, by sequence.
    private(set) var exactTexts: [UInt32: String] = [:]

    /// By a word: sequences that begin to be compared there, `sequence`, at the element in `anchors`.
    private(set) var words = WordIndex()
    /// By two words beside each other.
    private(set) var pairs = WordIndex()
    /// Words that stand in `pairs`, on the left (0) or on the right (1).
    private(set) var pairWords = WordIndex()
    private(set) var prefixes = WordIndex()
    /// The words whose other forms are looked for too.
    private(set) var lexicon = Lexicon()
    private(set) var prefixLengths: [Int] = []
    /// The element that a sequence is indexed by, by sequence.
    private(set) var anchors: [UInt8] = []

    mutating func add(
        _ parts: [ElementDraft], pattern: UInt32, score: UInt8, exact: String? = nil
    ) {
        guard !parts.isEmpty, parts.count <= 255 else { return }
        if let exact { exactTexts[UInt32(sequences.count)] = exact }
        sequences.append(
            WordSequence(
                pattern: pattern, elementStart: UInt32(elements.count), count: UInt8(parts.count), score: score,
                exact: exact != nil))
        for part in parts {
            elements.append(
                Element(
                    unitStart: UInt32(units.count), unitCount: UInt16(part.units.count),
                    kind: part.kind, forbidden: part.forbidden, skip: part.skip,
                    lexeme: part.use.map { lexicon.add(part, $0) } ?? Element.none))
            units.append(contentsOf: part.units)
            hashes.append(part.hash)
        }
    }

    /// Makes room for a list that is longer than all terms before it: arrays that double would be half empty.
    mutating func reserve(terms: Int) {
        guard terms > sequences.count else { return }
        sequences.reserveCapacity(sequences.count + terms * 5 / 4)
        elements.reserveCapacity(elements.count + terms * 3)
        hashes.reserveCapacity(hashes.count + terms * 3)
    }

    /// The length at which a prefix is looked up: few different ones, since each costs a look-up a word of the text.
    static func lookupLength(_ count: Int) -> Int {
        switch count {
        case ..<4: count
        case 4, 5: 4
        case 6, 7: 6
        default: 8
        }
    }

    mutating func buildIndex() {
        lexicon.buildIndex()
        var entries = entries()
        hashes = []
        // Each list goes before the next index needs memory.
        words = WordIndex(take(&entries.words))
        pairs = WordIndex(take(&entries.pairs))
        pairWords = WordIndex(take(&entries.pairWords))
        prefixes = WordIndex(take(&entries.prefixes))
    }

    private func take(_ list: inout [WordIndex.Entry]) -> [WordIndex.Entry] {
        defer { list = [] }
        return list
    }

    /// What the indices are made of.
    private struct Entries {
        var words: [WordIndex.Entry] = []
        var pairs: [WordIndex.Entry] = []
        var pairWords: [WordIndex.Entry] = []
        var prefixes: [WordIndex.Entry] = []
    }

    private mutating func entries() -> Entries {
        var frequency: [UInt64: Int32] = [:]
        frequency.reserveCapacity(elements.count / 4)
        for index in elements.indices where elements[index].kind == .word { frequency[hashes[index], default: 0] += 1 }

        var entries = Entries()
        var lengths: Set<Int> = []
        anchors = Array(repeating: 0, count: sequences.count)

        for index in sequences.indices {
            let sequence = sequences[index]
            let start = Int(sequence.elementStart)
            let range = start..<(start + Int(sequence.count))
            let value = UInt32(index)
            // Where words may be skipped, what is found depends on the end that one begins at.
            if range.contains(where: { elements[$0].skip > 0 }) {
                anchors[index] = 0
                entries.words.append((hashes[start], value))
                continue
            }
            guard let rarest = rarest(range, frequency) else {
                guard let first = range.first(where: { elements[$0].kind == .prefix }) else { continue }
                let element = elements[first]
                let length = Self.lookupLength(Int(element.unitCount))
                lengths.insert(length)
                anchors[index] = UInt8(first - start)
                entries.prefixes.append((prefixKey(Int(element.unitStart), length), value))
                continue
            }
            let hash = hashes[rarest]
            let isIdeograph = hash & 1 != 0
            let neighbours = [rarest - 1, rarest + 1].filter { range.contains($0) }
            guard let neighbour = self.rarest(neighbours, frequency) else {
                anchors[index] = UInt8(rarest - start)
                entries.words.append((hash, value))
                continue
            }
            let left = min(rarest, neighbour)
            anchors[index] = UInt8(left - start)
            entries.pairs.append((TextHash.pair(hashes[left], hashes[left + 1]), value))
            // Two characters of a script without spaces are looked up at every place, without a word to lead there.
            if !isIdeograph || hashes[neighbour] & 1 == 0 {
                entries.pairWords.append((hash, left == rarest ? 0 : 1))
            }
        }
        prefixLengths = lengths.sorted()
        return entries
    }

    /// Of equally rare words, the longer one: it is rarer in a text.
    private func rarest(_ candidates: some Sequence<Int>, _ frequency: [UInt64: Int32]) -> Int? {
        var best: (index: Int, weight: Int)?
        for index in candidates where elements[index].kind == .word {
            let element = elements[index]
            let weight = Int(frequency[hashes[index]] ?? 1) * 64 - Int(min(element.unitCount, 63))
            if weight < best?.weight ?? .max { best = (index, weight) }
        }
        return best?.index
    }

    private func prefixKey(_ unitStart: Int, _ length: Int) -> UInt64 {
        TextHash.word(Array(units[unitStart..<(unitStart + length)]))
    }
}

/// An element before its units have a place.
struct ElementDraft {
    var hash: UInt64
    var units: [UInt16]
    var kind: Element.Kind
    var forbidden: Gap
    var skip: UInt8 = 0
    /// How the term has the word, where its other forms will do as well.
    var use: WordUse?
    var script: Script = []
}
