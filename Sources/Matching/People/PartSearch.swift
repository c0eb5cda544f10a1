import TextAnalysis

/// Holds a word against the parts of a `PartIndex` that begin with its consonants.
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
    @exclusivity(unchecked) private var hasTextPairs = false
    private let weights: UnsafeMutablePointer<Int32>
    /// The least of each row, and the phones down to it.
    private let leasts: UnsafeMutablePointer<Int32>
    private let path: UnsafeMutablePointer<UInt8>
    /// Spellings that have what the word's consonants ask for. No more than the index has.
    @exclusivity(unchecked) private var survivors: [Survivor] = []

    private struct Survivor {
        var entry: UInt32
        /// Phones at the beginning that are those of the survivor before.
        var shared: Int
    }

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

    /// Gives the parts that a word may be, each with how alike they may be, in hundredths at most.
    ///
    /// - Parameter needs: what a word must have, by part.
    func search(
        _ index: PartIndex, _ needs: [PartNeeds], _ word: ArraySlice<UInt8>, _ sound: WordSound, _ script: Script,
        omitsVowels: Bool, _ body: (_ part: UInt32, _ likeness: Int) -> Void
    ) {
        guard !index.isEmpty, !word.isEmpty, word.count <= NameAlignment.longest else { return }
        gather(index, needs, sound)
        guard !survivors.isEmpty else { return }
        let ends = prepare(Array(word), script, omitsVowels)
        index.phones.withUnsafeBufferPointer { phones in
            index.omissions.withUnsafeBufferPointer { omissions in
                guard let phones = phones.baseAddress, let omissions = omissions.baseAddress else { return }
                var filled = 0
                for survivor in survivors {
                    let entry = index.entries[Int(survivor.entry)]
                    let (own, costs) = (phones + Int(entry.start), omissions + Int(entry.start))
                    filled = fill(min(filled, survivor.shared), own, costs, entry, word.count, omitsVowels)
                    report(entry, own, filled, ends, body)
                }
            }
        }
    }

    private func gather(_ index: PartIndex, _ needs: [PartNeeds], _ sound: WordSound) {
        survivors.removeAll(keepingCapacity: true)
        let mask = sound.mask
        index.postings.withUnsafeBufferPointer { postings in
            for key in sound.keys {
                // The first of a list shares nothing with what came before.
                var shared = UInt8(0)
                for place in Int(index.starts[Int(key)])..<Int(index.starts[Int(key) + 1]) {
                    let posting = postings[place]
                    shared = min(shared, posting.shared)
                    guard posting.mayBe(mask), needs[Int(index.entries[Int(posting.entry)].part)].holds(sound) else {
                        continue
                    }
                    survivors.append(Survivor(entry: posting.entry, shared: Int(shared)))
                    shared = .max
                }
            }
        }
    }

    private func prepare(_ word: [UInt8], _ script: Script, _ omitsVowels: Bool) -> Ends {
        let count = word.count
        var ends = Ends(whole: 1 << UInt64(count - 1))
        weights[0] = 0
        rows[0] = 0
        leasts[0] = 0
        hasTextPairs = false
        for index in 0..<count {
            text[index] = word[index]
            weights[index + 1] = weights[index] + Int32(Phone.weight(word[index]))
            textCosts[index] = NameAlignment.single(word, index)
            textPairs[index] = index > 0 ? pairs.number(word[index - 1], word[index]) : PhonePairs.none
            if textPairs[index] != PhonePairs.none { hasTextPairs = true }
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

    /// Fills rows for a spelling until all of it is there or every way is too dear.
    ///
    /// - Parameter filled: rows that are there.
    /// - Returns: rows that are there then.
    @inline(__always) private func fill(
        _ filled: Int, _ phones: UnsafePointer<UInt8>, _ omissions: UnsafePointer<UInt8>, _ entry: PartIndex.Entry,
        _ count: Int, _ omitsVowels: Bool
    ) -> Int {
        let limit = (Int32(entry.weight) + weights[count]) * Int32(entry.slack) / 200 + 1
        var depth = filled
        while depth < Int(entry.count) {
            let phone = phones[depth]
            let pair = depth > 0 ? pairs.number(path[depth], phone) : PhonePairs.none
            // Below a row that is too dear only two phones lead on that are one of the text.
            if leasts[depth] > limit, pair == PhonePairs.none || leasts[depth - 1] > limit { break }
            let omission = omitsVowels && Phone.isVowel(phone) ? 10 : Int32(omissions[depth])
            depth += 1
            path[depth] = phone
            leasts[depth] = fillRow(depth, omission, pair, count)
        }
        return depth
    }

    @inline(__always) private func report(
        _ entry: PartIndex.Entry, _ phones: UnsafePointer<UInt8>, _ filled: Int, _ ends: Ends,
        _ body: (_ part: UInt32, _ likeness: Int) -> Void
    ) {
        let count = Int(entry.count)
        let least = 100 - Int(entry.slack)
        if filled == count {
            let likeness = likeness(rows + count * Self.width, Int32(entry.weight), ends.whole)
            if likeness >= least { body(entry.part, likeness) }
        }
        guard ends.stem != 0, entry.softEndings > 0 else { return }
        var weight = Int32(entry.weight)
        // The spelling goes on with a vowel or two, in whose place Russian puts its endings.
        for dropped in 1...Int(entry.softEndings) {
            weight -= Int32(Phone.weight(phones[count - dropped]))
            guard filled >= count - dropped else { continue }
            let likeness = likeness(rows + (count - dropped) * Self.width, weight, ends.stem)
            if likeness >= least { body(entry.part, likeness) }
        }
    }

    /// The best over the places where a name may end, in hundredths, rounded up.
    @inline(__always) private func likeness(
        _ row: UnsafeMutablePointer<Int32>, _ nameWeight: Int32, _ ends: UInt64
    ) -> Int {
        var best: Int32 = -1
        var rest = ends
        while rest != 0 {
            let place = rest.trailingZeroBitCount + 1
            rest &= rest - 1
            let weight = max(nameWeight + weights[place], 2)
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
        if !hasTextPairs, namePair == PhonePairs.none {
            var diagonal = above[0]
            for place in 1...count {
                let over = above[place]
                let changed = diagonal + Int32(costs[Int(text[place - 1] & 127)])
                left = min(min(changed, over + omission), left + textCosts[place - 1])
                diagonal = over
                row[place] = left
                least = min(least, left)
            }
            return least
        }
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
