package import Foundation
package import Model

/// How one feed was looked at in a time: what `tocsin coverage` tells.
package struct CoverageReport: Sendable, Hashable {
    package enum Standing: String, Sendable, Hashable {
        /// Nothing can have been missed since `from`.
        case whole
        /// Something may have been.
        case gap
        /// Its documents do not let it be told.
        case unproven
        /// It was never read, or not since the watch looks.
        case never = "never read"
    }

    /// A time in which something may have been missed, or in which nothing can be told.
    package struct Hole: Sendable, Hashable {
        package var from: Date
        package var to: Date
        /// For people.
        package var why: String
        package var isDoubt = false
        /// It goes on. The feed's next document may still show that nothing was missed.
        package var isOpen = false
    }

    package struct Stretch: Sendable, Hashable {
        package var from: Date
        package var to: Date

        package init(from: Date, to: Date) {
            self.from = from
            self.to = to
        }
    }

    package var standing: Standing
    /// Since when it was looked at, or the beginning of the time that was asked about. Nil when it was never read.
    package var from: Date?
    /// Up to when.
    package var to: Date?
    /// In order, not overlapping.
    package var holes: [Hole] = []
    /// How many gaps older pages of the feed have closed.
    package var closed = 0

    /// The feed was read before, and the watch did not look. Nil where it looked all the time.
    package var notBefore: Date?

    /// Whether somebody should know: items may have been missed, or the feed has failed from the start.
    package var needsSomebody = false

    /// A feed that cannot be read for so long may have lost something. Before that, the next document is waited for.
    private static let patience = 6 * 3600.0
    /// How late a poll may be.
    private static let lateness = 3600.0

    /// - Parameters:
    ///   - gaps: those of the feed, in any order.
    ///   - start: the beginning of the time that is asked about.
    ///   - look: since when the watch looks for what it looks for. Nil: for longer than is asked about.
    package init(
        of state: FeedState?, _ gaps: [CoverageGap], since start: Date, now: Date, watchedSince look: Date? = nil
    ) {
        guard let state, let since = state.coverage.since, let until = state.coverage.until else {
            standing = .never
            guard let state, state.history.failures > 0 else { return }
            holes = [
                Hole(
                    from: start, to: now, why: state.history.lastError ?? "it could not be read", isOpen: true)
            ]
            needsSomebody = state.gone || state.history.failures >= 3
            return
        }
        let seen = max(since, start)
        let from = max(seen, look ?? seen)
        if from > seen { notBefore = from }
        closed = gaps.count { $0.closed != nil && $0.end > from }
        var all = gaps.filter { $0.closed == nil && $0.end > from && $0.start < now }.map { gap in
            Hole(
                from: max(gap.start, from), to: min(gap.end, now), why: CoverageText.why(gap),
                isDoubt: gap.cause.isDoubt)
        }
        let tail = Self.tail(of: state, seen: until, now)
        if let tail { all.append(Hole(from: max(tail.from, from), to: now, why: tail.why, isOpen: true)) }
        all.sort { ($0.from, $0.to) < ($1.from, $1.to) }
        for hole in all {
            // What is certain stands before what is in doubt.
            if let last = holes.last, hole.from < last.to {
                if hole.to <= last.to, hole.isDoubt || !last.isDoubt { continue }
                if last.isDoubt, !hole.isDoubt {
                    holes[holes.count - 1].to = hole.from
                    if holes[holes.count - 1].from >= hole.from { holes.removeLast() }
                    holes.append(hole)
                } else if hole.to > last.to {
                    var rest = hole
                    rest.from = last.to
                    holes.append(rest)
                }
                continue
            }
            holes.append(hole)
        }
        if tail == nil, from > seen, Self.lastLook(of: state, seen: until) < from {
            standing = .never
            holes = [
                Hole(from: seen, to: now, why: "it was not read since the watch looks", isDoubt: true, isOpen: true)
            ]
            return
        }
        self.from = from
        to = tail == nil ? max(from, Self.lastLook(of: state, seen: until)) : now
        needsSomebody = holes.contains { !$0.isDoubt }
        standing = holes.isEmpty ? .whole : needsSomebody ? .gap : .unproven
    }

    /// The times in which nothing can have been missed.
    package var covered: [Stretch] {
        guard let from, let to else { return [] }
        var stretches: [Stretch] = []
        var start = from
        for hole in holes {
            if hole.from > start { stretches.append(Stretch(from: start, to: hole.from)) }
            start = max(start, hole.to)
        }
        if to > start { stretches.append(Stretch(from: start, to: to)) }
        return stretches
    }

    private static func lastLook(of state: FeedState, seen: Date) -> Date {
        state.history.isEmpty && state.history.failures == 0 ? max(seen, state.history.lastSuccess ?? seen) : seen
    }

    /// What has gone on since the feed was last seen. Nil when that is not long ago.
    private static func tail(of state: FeedState, seen until: Date, _ now: Date) -> (from: Date, why: String)? {
        let last = lastLook(of: state, seen: until)
        if state.gone { return (last, StatusText.gone) }
        guard now.timeIntervalSince(last) >= patience else { return nil }
        if state.history.failures > 0 || state.history.lastError != nil {
            return (last, state.history.lastError ?? "it cannot be read")
        }
        let due = max(state.nextPoll, state.notBefore ?? state.nextPoll)
        guard now.timeIntervalSince(due) > lateness else { return nil }
        return (last, "nobody has asked for it: tocsin does not run")
    }
}
