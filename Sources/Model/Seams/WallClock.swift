package import struct Foundation.Date

/// Time as people have it: it can jump in both directions.
package protocol WallClock: Sendable {
    var now: Date { get }
    /// Throws `CancellationError` when the task is cancelled, and only then.
    func sleep(until deadline: Date) async throws(CancellationError)
}
