/// Stored items by one of their keys, to be taken one after the other.
///
/// A feed can give thousands of items one id or one title. So a look goes over a bounded number of those that share a key, and what is
/// unchanged is found by its revision.
struct ItemPool {
    /// Beyond, those that share a key are not told apart by it.
    private static let mostLooked = 128

    private struct Entry {
        var key: UInt64
        var revision: UInt64
        /// In what the pool was made of.
        var place: Int
    }

    /// What the pool knows items by.
    let key: (ItemFingerprint) -> UInt64?
    /// By key, revision and place; and by key and place.
    private var byVersion: [Entry]
    private var byPlace: [Entry]
    /// Where the places of one version, or of one key, that are not known to be taken begin or end: at the index of its first entry.
    private var starts: [Int: Int] = [:]
    private var ends: [Int: Int] = [:]

    init(_ stored: [ItemIdentity.Stored], key: @escaping (ItemFingerprint) -> UInt64?) {
        self.key = key
        byPlace = []
        byPlace.reserveCapacity(stored.count)
        for place in stored.indices {
            if let value = key(stored[place].fingerprint) {
                byPlace.append(Entry(key: value, revision: stored[place].fingerprint.revision, place: place))
            }
        }
        byVersion = byPlace.sorted { ($0.key, $0.revision, $0.place) < ($1.key, $1.revision, $1.place) }
        byPlace.sort { ($0.key, $0.place) < ($1.key, $1.place) }
    }

    /// The place of one that has the key, is not taken and fits. The first of those that have the revision, or else the last of all.
    mutating func first(
        of key: UInt64, revision: UInt64?, _ taken: [Bool], where fits: (Int) -> Bool
    ) -> Int? {
        guard let revision else {
            let first = Self.first(in: byPlace) { $0.key >= key }
            guard first < byPlace.count, byPlace[first].key == key else { return nil }
            let known = ends[first]
            var end = known ?? Self.first(in: byPlace, from: first) { $0.key > key }
            while end > first, taken[byPlace[end - 1].place] { end -= 1 }
            if known != end { ends[first] = end }
            return byPlace[first..<end].suffix(Self.mostLooked).last { !taken[$0.place] && fits($0.place) }?.place
        }
        let first = Self.first(in: byVersion) { ($0.key, $0.revision) >= (key, revision) }
        var start = starts[first] ?? first
        func isOne(_ index: Int) -> Bool {
            index < byVersion.count && byVersion[index].key == key && byVersion[index].revision == revision
        }
        while isOne(start), taken[byVersion[start].place] { start += 1 }
        if start > first { starts[first] = start }
        var index = start
        while isOne(index), index - start < Self.mostLooked {
            let place = byVersion[index].place
            if !taken[place], fits(place) { return place }
            index += 1
        }
        return nil
    }

    /// Whether one that has the key fits, taken or not; those at the end that `first` has found to be taken are no longer looked at.
    func contains(_ key: UInt64, where fits: (Int) -> Bool) -> Bool {
        let first = Self.first(in: byPlace) { $0.key >= key }
        guard first < byPlace.count, byPlace[first].key == key else { return false }
        let end = ends[first] ?? Self.first(in: byPlace, from: first) { $0.key > key }
        return byPlace[first..<end].suffix(Self.mostLooked).contains { fits($0.place) }
    }

    /// The first index from which on all entries are so, by halving.
    private static func first(in entries: [Entry], from start: Int = 0, where isSo: (Entry) -> Bool) -> Int {
        var (low, high) = (start, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if isSo(entries[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
