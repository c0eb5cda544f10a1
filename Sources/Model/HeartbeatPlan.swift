package import Foundation

/// When a sink gets a sign of life.
package enum HeartbeatPlan: Sendable, Hashable {
    case daily(DailyTime)
    case every(Duration)

    /// When the next one is due.
    package func next(after last: Date) -> Date {
        switch self {
        case .daily(let time): time.next(after: last)
        case .every(let pause): last.addingTimeInterval(max(pause, .seconds(60)) / .seconds(1))
        }
    }
}
