package import Foundation

/// When a message of several alerts that a receiver puts off again and again is parted, so that one alert that it cannot take
/// keeps the others back no longer.
///
/// A receiver that is down puts off everything, and there it would help nobody. What tells the two apart is that it has taken
/// something else since the message was first tried; where nothing else came, half a day must do.
package enum PartingRule {
    package static let leastTries = 5
    package static let leastAge = 3600.0
    package static let leastAgeAlone = 43_200.0

    /// - Parameters:
    ///   - status: of the last answer. Nil: there was none.
    ///   - attempt: how many tries there were.
    ///   - tookOthers: since the first of them.
    package static func isDue(
        status: Int?, attempt: Int, firstTry: Date, now: Date, tookOthers: Bool
    ) -> Bool {
        guard isAboutContent(status), attempt >= leastTries else { return false }
        return now.timeIntervalSince(firstTry) >= (tookOthers ? leastAge : leastAgeAlone)
    }

    /// What can come of what was sent: HTTP's 5xx, and of a mail server 450 to 459, which are a mailbox, a local fault, room, and
    /// what filters make of a text. 421 and 429 are about us.
    package static func isAboutContent(_ status: Int?) -> Bool {
        status.map { (500...599).contains($0) || (450...459).contains($0) } ?? false
    }
}
