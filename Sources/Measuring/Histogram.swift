import Synchronization

/// How long things took. To note one costs a short search and two additions; what is read beside it may lack the last few.
package struct Histogram: ~Copyable, Sendable {
    /// The upper bounds of its buckets, in seconds.
    package enum Bounds: Sendable {
        /// What a processor or a disk does: 0.1 ms to 10 s.
        case work
        /// What the network does: 10 ms to 5 min.
        case network
        /// How late something comes: 0.1 s to a day.
        case delay

        fileprivate var microseconds: [Int] {
            switch self {
            case .work:
                [100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 10_000_000]
            case .network:
                [
                    10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
                    30_000_000, 60_000_000, 300_000_000,
                ]
            case .delay:
                [
                    100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000,
                    300_000_000, 900_000_000, 3_600_000_000, 86_400_000_000,
                ]
            }
        }
    }

    /// What it says at a moment.
    package struct Reading: Sendable, Hashable {
        /// Upper bounds in seconds, each with how many took no longer.
        package var buckets: [(bound: Double, count: Int)] { zip(bounds, counts).map { ($0, $1) } }
        package var count: Int
        /// Seconds.
        package var sum: Double

        fileprivate var bounds: [Double]
        fileprivate var counts: [Int]
    }

    private static var most: Int { 14 }

    private let bounds: [Int]
    private let counts: InlineArray<14, Atomic<Int>>
    private let sum = Atomic<Int>(0)

    package init(_ bounds: Bounds) {
        self.bounds = bounds.microseconds
        precondition(self.bounds.count < Self.most, "more bounds than buckets")
        counts = InlineArray { _ in Atomic(0) }
    }

    /// - Parameter seconds: what a clock that was set meanwhile has made of it is taken for 0, or for ten days.
    package func note(seconds: Double) {
        // Not a number compares with nothing.
        let microseconds = seconds > 0 ? Int(min(seconds, 864_000) * 1_000_000) : 0
        var place = 0
        while place < bounds.count, microseconds > bounds[place] { place += 1 }
        counts[place].wrappingAdd(1, ordering: .relaxed)
        sum.wrappingAdd(microseconds, ordering: .relaxed)
    }

    package func note(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        note(seconds: Double(seconds) + Double(attoseconds) / 1e18)
    }

    package var reading: Reading {
        let total = sum.load(ordering: .relaxed)
        var count = 0
        var cumulative: [Int] = []
        for place in 0...bounds.count {
            count += counts[place].load(ordering: .relaxed)
            if place < bounds.count { cumulative.append(count) }
        }
        return Reading(
            count: count, sum: Double(total) / 1_000_000, bounds: bounds.map { Double($0) / 1_000_000 },
            counts: cumulative)
    }
}
