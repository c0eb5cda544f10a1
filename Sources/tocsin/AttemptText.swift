import Foundation
import Model

/// Tries of a delivery, as commands print them.
enum AttemptText {
    /// An element of `history` in `tocsin alerts show --json`.
    static func write(_ attempt: DeliveryAttempt, to json: inout JSONWriter) {
        json.object { json in
            json.key("number")
            json.integer(attempt.number)
            json.key("time")
            json.date(attempt.at)
            json.key("duration_ms")
            json.integer(milliseconds(attempt.duration))
            json.member("verdict", attempt.verdict.rawValue)
            if let status = attempt.status {
                json.key("status")
                json.integer(status)
            }
            json.member("error", ifPresent: attempt.reason)
            json.member("answer", ifPresent: attempt.answer)
        }
    }

    static func rows(_ attempt: DeliveryAttempt) -> [(String, String?)] {
        let status = attempt.status.map { ", status \($0)" } ?? ""
        let verdict = attempt.verdict == .deferred ? "put off" : attempt.verdict.rawValue
        let head = "\(attempt.number), \(Timestamp.text(attempt.at)): \(verdict)\(status), \(took(attempt.duration))"
        // An error mostly has the receiver's words.
        let words = attempt.reason ?? attempt.answer
        return [("  try", head + (words.map { ": \($0)" } ?? ""))]
            + (attempt.reason != nil && (attempt.answer?.count ?? 0) > 200 ? [("  answer", attempt.answer)] : [])
    }

    /// `0.04 s`.
    static func took(_ duration: Duration) -> String {
        let hundredths = (milliseconds(duration) + 5) / 10
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
    }

    private static func milliseconds(_ duration: Duration) -> Int { Int(min(duration / .milliseconds(1), 1e12)) }
}
