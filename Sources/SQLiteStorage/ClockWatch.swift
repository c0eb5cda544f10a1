import Foundation
import Model

/// Whether the clock by which feeds were planned has been set back since: then their plans are mended, once.
struct ClockWatch {
    /// How far clocks may differ.
    static let tolerance = 300.0
    /// The latest time that was told. What an earlier process wrote is not known.
    private var latest: Date = .distantFuture

    mutating func note(_ time: Date) {
        latest = max(latest, time)
    }

    /// True until the first plans are mended as well.
    func hasTurnedBack(at now: Date) -> Bool {
        latest.timeIntervalSince(now) > Self.tolerance
    }

    mutating func hasMended(at now: Date) {
        latest = now
    }
}
