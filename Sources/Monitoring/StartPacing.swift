package import Foundation

/// Spreads the polls right after the start, when all feeds are due at once (PEERS: thundering herd).
///
/// The first fifty go at once, so that the first alert comes within seconds; the rest over a minute at most.
package struct StartPacing: Sendable {
    package static let atOnce = 50

    private let start: Date
    private let perSecond: Double
    private let feeds: Int
    private var started = 0

    package init(feeds: Int, start: Date) {
        self.feeds = feeds
        self.start = start
        perSecond = max(50, Double(feeds) / 60)
    }

    /// How many polls may be started now. A clock that jumps in either direction ends the spreading.
    package func allowance(at now: Date) -> Int {
        let elapsed = now.timeIntervalSince(start)
        if started >= feeds || elapsed < -1 || elapsed > 60 { return .max }
        return max(0, Self.atOnce + Int(max(0, elapsed) * perSecond) - started)
    }

    package mutating func count(_ polls: Int) {
        started = min(started, feeds) + polls
    }
}
