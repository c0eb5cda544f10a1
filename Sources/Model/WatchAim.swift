package import struct Foundation.Date

/// What a watch looks for, as digests: whether it is still the same can be told without its words.
package struct WatchAim: Sendable, Hashable {
    package var name: String
    /// All that the watch is but for `parts`.
    package var core: Digest128
    /// Terms and spellings of which one is enough, without order: with fewer of them the watch finds less and nothing else. Empty
    /// where there are too many; then the core has them.
    package var parts: Set<UInt64>

    package init(name: String, core: Digest128, parts: Set<UInt64> = []) {
        self.name = name
        self.core = core
        self.parts = parts
    }

    /// Whether all that this one finds was found by the other, too.
    package func isWithin(_ other: WatchAim) -> Bool {
        core == other.core && parts.isSubset(of: other.parts)
    }
}

/// Since when a watch has looked for what it looks for.
package struct WatchRecord: Sendable, Hashable {
    package enum Start: String, Sendable, Hashable {
        /// There was no such watch before.
        case added
        /// It looked for something else, or for less.
        case changed
        /// The state is older than such records: it may have looked before.
        case unknown
    }

    package var since: Date
    package var start: Start
    /// Nil: not known.
    package var aim: WatchAim?

    package init(since: Date, start: Start, aim: WatchAim? = nil) {
        self.since = since
        self.start = start
        self.aim = aim
    }

    /// Of a watch as it is configured now.
    ///
    /// - Parameters:
    ///   - before: what was known of the watch of this name. Nil: there was none.
    ///   - isOld: whether the state is from before such records, so that one that is not there says nothing.
    ///   - now: since when nothing is read without the watch.
    package init(of aim: WatchAim, after before: WatchRecord?, isOld: Bool, at now: Date) {
        switch before {
        case nil: self.init(since: now, start: isOld ? .unknown : .added, aim: aim)
        case let before? where before.aim.map(aim.isWithin) ?? true:
            self.init(since: before.since, start: before.start, aim: aim)
        case _?: self.init(since: now, start: .changed, aim: aim)
        }
    }
}

/// What a state knows of watches.
package struct WatchRecords: Sendable, Hashable {
    /// By name.
    package var known: [String: WatchRecord] = [:]
    /// Whether the state is from before such records, so that a watch that is not among them may have looked all the time.
    package var isOld = false

    package init() {}

    /// Of a watch as it is configured, which nobody may have run yet.
    package func record(of aim: WatchAim, at now: Date) -> WatchRecord {
        WatchRecord(of: aim, after: known[aim.name], isOld: isOld, at: now)
    }
}
