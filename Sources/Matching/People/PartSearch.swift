import TextAnalysis

/// Holds a word against all parts of a `PartTrie` at once.
///
/// What it finds is never less alike than `NameAlignment` says: each cost is the least that the phones beside it can
/// make it. So nothing is lost here, and what is found is compared in earnest only when another part of the same name
/// stands near. Belongs to one thread at a time.
final class PartSearch {
    private static let width = NameAlignment.longest + 1

    private let rows: UnsafeMutablePointer<Int32>
    private let costs: UnsafeMutablePointer<UInt8>
    private let pairs = PhonePairs.shared
    // Of the word that is searched for.
    private let text: UnsafeMutablePointer<UInt8>
    private let textCosts: UnsafeMutablePointer<Int32>
    private let textPairs: UnsafeMutablePointer<UInt8>
    private let weights: UnsafeMutablePointer<Int32>
    /// The least of each row, and the phones down to it.
    private let leasts: UnsafeMutablePointer<Int32>
    private let path: UnsafeMutablePointer<UInt8>

    init() {
        rows = .allocate(capacity: Self.width * Self.width)
        costs = .allocate(capacity: 128 * 128)
        for (index, cost) in PhoneCosts.substitution.enumerated() { (costs + index).initialize(to: cost) }
        text = .allocate(capacity: Self.width)
        textCosts = .allocate(capacity: Self.width)
        textPairs = .allocate(capacity: Self.width)
        weights = .allocate(capacity: Self.width)
        leasts = .allocate(capacity: Self.width)
        path = .allocate(capacity: Self.width)
        path[0] = 0
    }

    deinit {
        rows.deallocate()
        costs.deallocate()
        text.deallocate()
        textCosts.deallocate()
        textPairs.deallocate()
        weights.deallocate()
        leasts.deallocate()
        path.deallocate()
    }

    /// Where a name may end in a word, a bit for each number of phones.
    private struct Ends {
        /// After the whole name: at the word's end, before an ending, before -uly.
        var whole: UInt64 = 0
        /// After a name whose last vowel gave way to an ending.
        var stem: UInt64 = 0
    }

    /// Appends the parts that a word may be, each with how alike they may be, in hundredths at most.
    func search(
        _ trie: PartTrie, _ word: ArraySlice<UInt8>, _ sound: WordSound, _ script: Script, omitsVowels: Bool,
        _ body: (_ part: UInt32, _ likeness: Int) -> Void
    ) {
        guard !trie.nodes.isEmpty, !word.isEmpty, word.count <= NameAlignment.longest else { return }
        let ends = prepare(Array(word), script, omitsVowels)
        trie.nodes.withUnsafeBufferPointer { nodes in
            trie.entries.withUnsafeBufferPointer { entries in
                walk(nodes, entries, word.count, sound, ends, omitsVowels, body)
            }
        }
    }

    private func prepare(_ word: [UInt8], _ script: Script, _ omitsVowels: Bool) -> Ends {
        let count = word.count
        var ends = Ends(whole: 1 << UInt64(count - 1))
        weights[0] = 0
        rows[0] = 0
        leasts[0] = 0
        for index in 0..<count {
            text[index] = word[index]
            weights[index + 1] = weights[index] + Int32(Phone.weight(word[index]))
            textCosts[index] = NameAlignment.single(word, index)
            textPairs[index] = index > 0 ? pairs.number(word[index - 1], word[index]) : PhonePairs.none
            guard index + 1 < count, !omitsVowels else { continue }
            let rest = word[(index + 1)...]
            if NameEndings.isEnding(rest, script, stem: NameAlignment.longest, after: word[index]) {
                ends.whole |= 1 << UInt64(index)
            }
            if NameEndings.replacesVowel(rest, script) { ends.stem |= 1 << UInt64(index) }
        }
        if omitsVowels, Phone.isVowel(word[count - 1]) { textCosts[count - 1] = 90 }
        if let former = NameFormers.findInflected(word[...], script), former.core > 0 {
            ends.whole |= 1 << UInt64(former.core - 1)
            // The father's name by itself.
            let father = Array(word.prefix(former.core))
            textCosts[former.core - 1] = min(textCosts[former.core - 1], NameAlignment.single(father, former.core - 1))
        }
        for index in 0..<count { rows[index + 1] = rows[index] + textCosts[index] }
        return ends
    }

    private func walk(
        _ nodes: UnsafeBufferPointer<PartTrie.Node>, _ entries: UnsafeBufferPointer<PartTrie.Entry>, _ count: Int,
        _ sound: WordSound, _ ends: Ends, _ omitsVowels: Bool, _ body: (UInt32, Int) -> Void
    ) {
        let total = weights[count]
        let (keys, mask) = (sound.keySet, sound.mask)
        var index = 0
        while index < nodes.count - 1 {
            let node = nodes[index]
            let depth = Int(node.depth)
            guard node.keys.meets(keys), Self.has(mask, node) else {
                index = Int(node.next)
                continue
            }
            let pair = depth > 1 ? pairs.number(path[depth - 1], node.phone) : PhonePairs.none
            let limit = (Int32(node.heaviest) + total) * Int32(node.slack) / 200 + 1
            // Below a row that is too dear only two phones lead on that are one of the text.
            if pair == PhonePairs.none, leasts[depth - 1] > limit {
                index = Int(node.next)
                continue
            }
            path[depth] = node.phone
            let omission = omitsVowels && Phone.isVowel(node.phone) ? 10 : Int32(node.omission)
            let least = fillRow(depth, omission, pair, count)
            leasts[depth] = least
            if least > limit, leasts[depth - 1] > limit || !pairs.begins(node.phone) {
                index = Int(node.next)
                continue
            }
            let (first, last) = (Int(node.entry), Int(nodes[index + 1].entry))
            if first < last {
                let row = rows + depth * Self.width
                let whole = likeness(row, node, ends.whole)
                let stem = ends.stem == 0 ? -1 : likeness(row, node, ends.stem)
                for entry in first..<last {
                    let likeness = entries[entry].isStem ? stem : whole
                    if likeness >= 100 - Int(node.slack) { body(entries[entry].part, likeness) }
                }
            }
            index += 1
        }
    }

    /// Whether a word has the consonants that all parts at or below a node need.
    @inline(__always) private static func has(_ mask: UInt16, _ node: PartTrie.Node) -> Bool {
        let missing = node.needed & ~mask
        return missing == 0 || (node.tolerance > 0 && missing & (missing &- 1) == 0)
    }

    /// The best over the places where a name may end, in hundredths, rounded up.
    @inline(__always) private func likeness(
        _ row: UnsafeMutablePointer<Int32>, _ node: PartTrie.Node, _ ends: UInt64
    ) -> Int {
        var best: Int32 = -1
        var rest = ends
        while rest != 0 {
            let place = rest.trailingZeroBitCount + 1
            rest &= rest - 1
            let weight = max(Int32(node.weight) + weights[place], 2)
            best = max(best, 100 - row[place] * 200 / weight)
        }
        return Int(best)
    }

    /// - Returns: the least of the row.
    @inline(__always) private func fillRow(_ depth: Int, _ omission: Int32, _ namePair: UInt8, _ count: Int) -> Int32 {
        let (text, textCosts, textPairs, pairs) = (self.text, self.textCosts, self.textPairs, self.pairs)
        let phone = path[depth]
        let row = rows + depth * Self.width
        let above = row - Self.width
        let costs = self.costs + Int(phone & 127) * 128
        row[0] = above[0] + omission
        var (left, least) = (row[0], row[0])
        for place in 1...count {
            let other = text[place - 1]
            var cost = min(above[place - 1] + Int32(costs[Int(other & 127)]), above[place] + omission)
            cost = min(cost, left + textCosts[place - 1])
            if textPairs[place - 1] != PhonePairs.none, let pair = pairs.cost(textPairs[place - 1], phone) {
                cost = min(cost, above[place - 2] + pair)
            }
            if namePair != PhonePairs.none, let pair = pairs.cost(namePair, other) {
                cost = min(cost, (above - Self.width)[place - 1] + pair)
            }
            row[place] = cost
            left = cost
            least = min(least, cost)
        }
        return least
    }
}
