package import struct Foundation.Date

/// A watch that a person has silenced: alerts of it alone are raised, kept and listed, and not sent.
package struct Silence: Sendable, Hashable {
    package var watch: String
    package var since: Date
    /// The first moment at which it holds no more.
    package var until: Date
    /// As the person gave it.
    package var reason: String?

    package init(watch: String, since: Date, until: Date, reason: String? = nil) {
        self.watch = watch
        self.since = since
        self.until = until
        self.reason = reason
    }

    package func holds(at now: Date) -> Bool { now < until }
}
