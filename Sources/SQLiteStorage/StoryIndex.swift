import Model
import Synchronization

/// The kept stories, and which of them have which keys. In memory: a table of keys cost more to write than all that a poll
/// brings, and texts that share a few words are too many to be fetched. It is made from the state when the first alert comes.
///
/// What is in it is a hint: a transaction that was rolled back leaves its stories here, and whoever looks one up in the state
/// finds another under that number, or none. Some 800 bytes a story.
final class StoryIndex: Sendable {
    /// A key of more stories is of words that all of them have ("Reporting by our correspondent"), and tells nothing.
    static let mostOfKey = 64
    /// Texts that share most keys are looked at.
    private static let mostCandidates = 32

    private let state = Mutex(State())

    /// The stories that `sketch` may be a copy of, in the order in which they were kept.
    ///
    /// - Parameter load: called once, for the stories that the state has.
    func originals(
        of sketch: StorySketch, load: (_ add: (Int64, StorySketch) -> Void) throws -> Void
    ) rethrows -> [Int64] {
        try state.withLock { state in
            if !state.isLoaded {
                // Not half of them, when it fails.
                var loaded = State()
                try load { loaded.insert($0, $1) }
                loaded.isLoaded = true
                state = loaded
            }
            return state.candidates(for: sketch.keys, limit: Self.mostCandidates)
                .filter { state.sketch(of: $0).map(sketch.isCopy) ?? false }.sorted()
        }
    }

    /// Before the first look there is nothing to add to: that one reads all of them.
    func insert(_ story: Int64, _ sketch: StorySketch) {
        state.withLock { state in
            if state.isLoaded { state.insert(story, sketch) }
        }
    }

    func remove(_ story: Int64) {
        state.withLock { $0.remove(story) }
    }

    /// Stories that have one of these keys, those that have most of them first.
    func candidates(for keys: [UInt32], limit: Int) -> [Int64] {
        state.withLock { $0.candidates(for: keys, limit: limit) }
    }

    /// A table of key and story with open addressing: all that have one key lie behind its place.
    private struct State {
        private static let empty: UInt64 = 0
        /// Of a story that was removed: what lies behind it is still found.
        private static let removed = UInt64.max

        var isLoaded = false
        private var sketches: [Int64: StorySketch] = [:]
        private var slots: [UInt64] = []
        private var used = 0
        private var removed = 0

        private func slot(_ story: Int64, _ key: UInt32) -> UInt64 {
            // 0 and the highest are taken; stories are counted from 1.
            UInt64(key) << 32 | UInt64(UInt32(truncatingIfNeeded: story))
        }

        /// Up to seven tenths full: a search for what is not there looks at six places.
        private static func fits(_ used: Int, _ places: Int) -> Bool { used * 10 < places * 7 }

        /// The keys are the smallest hashes of their texts, so their high bits are alike.
        private func start(_ key: UInt32) -> Int {
            Int(truncatingIfNeeded: (UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots.count - 1)
        }

        /// Calls `body` with each place behind a key's, until it says no or an empty one has come.
        private func walk(_ key: UInt32, _ body: (_ place: Int, _ slot: UInt64) -> Bool) {
            guard !slots.isEmpty else { return }
            var place = start(key)
            while body(place, slots[place]), slots[place] != Self.empty { place = (place + 1) & (slots.count - 1) }
        }

        func sketch(of story: Int64) -> StorySketch? { sketches[story] }

        mutating func insert(_ story: Int64, _ sketch: StorySketch) {
            remove(story)
            sketches[story] = sketch
            let keys = sketch.keys
            if !Self.fits(used + keys.count, slots.count) { grow(by: keys.count) }
            for key in keys { insert(slot(story, key), key) }
        }

        private mutating func insert(_ slot: UInt64, _ key: UInt32) {
            var alike = 0
            var free: Int?
            walk(key) { place, other in
                if other == Self.empty {
                    free = place
                } else if UInt32(other >> 32) == key, other != Self.removed {
                    alike += 1
                    return other != slot && alike < StoryIndex.mostOfKey
                }
                return true
            }
            guard let free else { return }
            slots[free] = slot
            used += 1
        }

        private mutating func grow(by more: Int) {
            let old = slots.filter { $0 != Self.empty && $0 != Self.removed }
            var size = 256
            while !Self.fits(old.count + more, size) { size *= 2 }
            slots = Array(repeating: Self.empty, count: size)
            (used, removed) = (0, 0)
            for slot in old { insert(slot, UInt32(slot >> 32)) }
        }

        mutating func remove(_ story: Int64) {
            for key in sketches.removeValue(forKey: story)?.keys ?? [] {
                let slot = slot(story, key)
                var found: Int?
                walk(key) { place, other in
                    if other == slot { found = place }
                    return other != slot
                }
                if let found {
                    slots[found] = Self.removed
                    removed += 1
                }
            }
            // Places of removed ones are used up, and come free again with the next growth.
            if removed > 1024, removed * 2 > used { grow(by: 0) }
        }

        func candidates(for keys: [UInt32], limit: Int) -> [Int64] {
            var counts: [UInt32: Int] = [:]
            for key in keys {
                walk(key) { _, other in
                    if UInt32(other >> 32) == key, other != Self.empty, other != Self.removed {
                        counts[UInt32(truncatingIfNeeded: other), default: 0] += 1
                    }
                    return true
                }
            }
            let best = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit)
            return best.map { Int64($0.key) }
        }
    }
}
