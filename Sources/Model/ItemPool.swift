/// Stored items by one of their keys, to be taken one after the other.
///
/// A feed can give thousands of items one id or one title. So a look goes over a bounded number of those that share a key, and what is
/// unchanged is found by its revision.
struct ItemPool {
    /// Beyond, those that share a key are not told apart by it.
    private static let mostLooked = 128

    private struct Version: Hashable {
        var key: UInt64
        var revision: UInt64
    }

    private struct Places {
        /// Ascending.
        var places: [Int] = []
        /// Those before it are taken.
        var start = 0
    }

    /// Places in what the pool was made of.
    private var byKey: [UInt64: Places] = [:]
    private var byVersion: [Version: Places] = [:]

    init(_ stored: [ItemIdentity.Stored], by key: KeyPath<ItemFingerprint, UInt64?>) {
        byKey.reserveCapacity(stored.count)
        byVersion.reserveCapacity(stored.count)
        for (place, one) in stored.enumerated() {
            guard let value = one.fingerprint[keyPath: key] else { continue }
            byKey[value, default: Places()].places.append(place)
            byVersion[Version(key: value, revision: one.fingerprint.revision), default: Places()].places.append(place)
        }
    }

    /// The place of one that has the key, is not taken and fits. The first of those that have the revision, or else the last of all.
    mutating func first(
        of key: UInt64, revision: UInt64?, _ taken: [Bool], where fits: (Int) -> Bool
    ) -> Int? {
        guard let revision else {
            guard var found = byKey.removeValue(forKey: key) else { return nil }
            defer { byKey[key] = found }
            while let last = found.places.last, taken[last] { found.places.removeLast() }
            return found.places.suffix(Self.mostLooked).last { !taken[$0] && fits($0) }
        }
        let version = Version(key: key, revision: revision)
        guard var found = byVersion.removeValue(forKey: version) else { return nil }
        defer { byVersion[version] = found }
        while found.start < found.places.count, taken[found.places[found.start]] { found.start += 1 }
        return found.places[found.start...].prefix(Self.mostLooked).first { !taken[$0] && fits($0) }
    }

    /// Whether one that has the key fits, taken or not.
    func contains(_ key: UInt64, where fits: (Int) -> Bool) -> Bool {
        byKey[key]?.places.suffix(Self.mostLooked).contains(where: fits) ?? false
    }
}
