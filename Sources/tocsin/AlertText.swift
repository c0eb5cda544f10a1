import Foundation
import Model

/// Alerts as `tocsin alerts` prints them.
enum AlertText {
    /// One line: when, what, where to, and how it stands.
    static func line(_ report: AlertReport) -> String {
        guard let alert = Alert(json: report.body) else { return report.id.rawValue }
        let states = report.deliveries.map { "\($0.sink) \($0.state.rawValue)" }.joined(separator: ", ")
        let parts = [
            Timestamp.text(alert.timestamp), report.id.rawValue,
            alert.kind == .health ? "health" : alert.severity.rawValue,
            alert.watches.joined(separator: ","), alert.item.title ?? alert.item.url ?? alert.item.id, "[\(states)]",
        ]
        return parts.joined(separator: "  ").legible
    }

    /// All there is to know of one alert.
    static func block(_ report: AlertReport) -> [String] {
        guard let alert = Alert(json: report.body) else { return [report.id.rawValue] }
        var rows: [(String, String?)] = [
            ("id", alert.id.rawValue), ("raised", Timestamp.text(alert.timestamp)),
            ("watches", alert.watches.joined(separator: ", ")), ("severity", alert.severity.rawValue),
            ("title", alert.item.title), ("summary", alert.kind == .health ? alert.item.summary : nil),
            ("link", alert.item.url),
            ("published", alert.item.published.map(Timestamp.text)), ("language", alert.item.language),
            ("feed", [alert.feed.name, alert.feed.url].compactMap(\.self).joined(separator: ", ")),
        ]
        rows.append(("copy of", alert.duplicateOf?.rawValue))
        rows += alert.alsoIn.map { ("also in", $0.name ?? $0.url) }
        rows += alert.matches.map { ("match", "\($0.pattern) = \($0.text) (\($0.field.rawValue)): \($0.context)") }
        for delivery in report.deliveries {
            let tries = "\(delivery.attempts) \(delivery.attempts == 1 ? "try" : "tries")"
            let next = delivery.nextTry.map { ", next \(Timestamp.text($0))" } ?? ""
            let error = delivery.lastError.map { ": \($0)" } ?? ""
            rows.append(("delivery", "\(delivery.sink) \(delivery.state.rawValue), \(tries)\(next)\(error)"))
            rows += delivery.history.flatMap(AttemptText.rows)
        }
        return rows.compactMap { key, value in
            value.map { (key + String(repeating: " ", count: max(1, 11 - key.count)) + $0).legible }
        }
    }
}
