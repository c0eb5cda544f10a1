package import Foundation
import Synchronization

/// Sites that have asked for fewer requests, for the feeds that were claimed before the answer came: the state holds all
/// others back.
package final class SiteHolds: Sendable {
    private let until = Mutex<[String: Date]>([:])

    package init() {}

    package func hold(_ site: String, until date: Date, at now: Date) {
        self.until.withLock { holds in
            // Few at a time: what is over goes.
            holds = holds.filter { $0.value > now }
            holds[site] = max(date, holds[site] ?? date)
        }
    }

    /// Nil when the site may be asked. A time of more than a day away was made by a clock that has been set back.
    package func end(of site: String, at now: Date) -> Date? {
        until.withLock { $0[site] }.flatMap { $0 > now && $0 < now + 90_000 ? $0 : nil }
    }
}
