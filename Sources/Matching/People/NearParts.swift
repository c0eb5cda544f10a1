import TextAnalysis

/// Which watched parts a word sounds like, remembered from text to text: news say the same words over and over.
///
/// Belongs to one thread at a time.
final class NearParts {
    private static let most = 1 << 17

    private var keys = [UInt64](repeating: 0, count: 1 << 12)
    private var places = [UInt64](repeating: 0, count: 1 << 12)
    private var used = 0
    /// The lists one after another, each with its length before it.
    private var lists: [UInt32] = [0]

    /// The place of a word's list, computed when it is not known.
    @inline(__always) func list(_ key: UInt64, _ compute: (inout [UInt32]) -> Void) -> Int {
        let key = key | 1
        var slot = Int(truncatingIfNeeded: key >> 20) & (keys.count - 1)
        while keys[slot] != 0 {
            if keys[slot] == key { return Int(places[slot]) }
            slot = (slot + 1) & (keys.count - 1)
        }
        let place = append(compute)
        if used * 2 >= keys.count { grow() }
        slot = Int(truncatingIfNeeded: key >> 20) & (keys.count - 1)
        while keys[slot] != 0 { slot = (slot + 1) & (keys.count - 1) }
        keys[slot] = key
        places[slot] = UInt64(place)
        used += 1
        return place
    }

    /// A list that is not remembered after `trim`. The empty one is at 0.
    func append(_ compute: (inout [UInt32]) -> Void) -> Int {
        let place = lists.count
        lists.append(0)
        compute(&lists)
        if lists.count == place + 1 {
            lists.removeLast()
            return 0
        }
        lists[place] = UInt32(lists.count - place - 1)
        return place
    }

    @inline(__always) func count(_ place: Int) -> Int { Int(lists[place]) }
    @inline(__always) func part(_ place: Int, _ index: Int) -> UInt32 { lists[place + 1 + index] }

    /// Between texts: forgets when there is too much.
    func trim() {
        guard used > Self.most || lists.count > 4 << 20 else { return }
        keys = [UInt64](repeating: 0, count: 1 << 12)
        places = keys
        used = 0
        lists = [0]
    }

    private func grow() {
        let old = (keys, places)
        keys = [UInt64](repeating: 0, count: old.0.count * 2)
        places = keys
        for (key, place) in zip(old.0, old.1) where key != 0 {
            var slot = Int(truncatingIfNeeded: key >> 20) & (keys.count - 1)
            while keys[slot] != 0 { slot = (slot + 1) & (keys.count - 1) }
            keys[slot] = key
            places[slot] = place
        }
    }
}
