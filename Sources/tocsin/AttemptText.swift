import Foundation
import Model

/// Tries of a delivery, as commands print them.
enum AttemptText {
    static func rows(_ attempt: DeliveryAttempt) -> [(String, String?)] {
        let status = attempt.status.map { ", status \($0)" } ?? ""
        let verdict = attempt.verdict == .deferred ? "put off" : attempt.verdict.rawValue
        let head = "\(attempt.number), \(Timestamp.text(attempt.at)): \(verdict)\(status), \(took(attempt))"
        // An error mostly has the receiver's words.
        let words = attempt.reason ?? attempt.answer
        return [("  try", head + (words.map { ": \($0)" } ?? ""))]
            + (attempt.reason != nil && (attempt.answer?.count ?? 0) > 200 ? [("  answer", attempt.answer)] : [])
    }

    /// `0.04 s`.
    static func took(_ attempt: DeliveryAttempt) -> String {
        let hundredths = (attempt.milliseconds + 5) / 10
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
    }
}
