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

    /// The same for a terminal, in one line of it. The beginning of the id is enough for the other commands.
    static func line(_ report: AlertReport, columns: Int) -> String {
        guard let alert = Alert(json: report.body) else { return Table.cut(report.id.rawValue.legible, to: columns) }
        let states = Dictionary(grouping: report.deliveries, by: \.state).mapValues(\.count)
        // What needs somebody first.
        let shown = [Delivery.State.failed, .pending, .dead, .suppressed, .sent].compactMap { state in
            states[state].map { $0 == report.deliveries.count ? state.rawValue : "\($0) \(state.rawValue)" }
        }
        let parts = [
            String(Timestamp.text(alert.timestamp).prefix(16)).replacingOccurrences(of: "T", with: " "),
            String(report.id.rawValue.prefix(11)), alert.kind == .health ? "health" : alert.severity.rawValue,
            shown.isEmpty ? "-" : shown.prefix(2).joined(separator: ", "),
            Table.cut(alert.watches.joined(separator: ",").legible, to: 16),
            alert.item.title ?? alert.item.url ?? alert.item.id,
        ]
        return Table.cut(parts.filter { !$0.isEmpty }.joined(separator: "  ").legible, to: columns)
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
        rows.append(("much like", alert.resemblesDismissed.map { "\($0), which is marked as not meant" }))
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
