package import struct Foundation.Date

/// Time as people have it: it can jump in both directions.
package protocol WallClock: Sendable {
    var now: Date { get }
    /// May return early when the deadline is more than minutes away: it can have been reckoned just before the clock was set, so who
    /// waits looks at the time again.
    ///
    /// Throws `CancellationError` when the task is cancelled, and only then.
    func sleep(until deadline: Date) async throws(CancellationError)
}
