/// Starts many polls a burst at a time: the next when half of the last has come to an end, or has had its time. So it shows whether
/// documents arrive faster than they are read before hundreds of them are in memory, and servers that do not answer hold up none.
struct StartBursts: Sendable {
    static let size = 32
    /// How long a burst is waited for, at most.
    static let patience = Duration.milliseconds(50)

    private var awaited = 0
    private var serial = 0

    /// How many polls may begin now.
    var room: Int { awaited > 0 ? 0 : Self.size }

    /// Returns the number of the burst whose time is to be measured, if it was a whole one.
    mutating func note(started count: Int) -> Int? {
        guard count >= Self.size else { return nil }
        awaited = Self.size / 2
        serial += 1
        return serial
    }

    mutating func noteEnd() {
        awaited = max(0, awaited - 1)
    }

    mutating func noteTime(of burst: Int) {
        if burst == serial { awaited = 0 }
    }
}
