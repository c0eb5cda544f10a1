package import Foundation
package import Model

/// An alert as a block of lines for a person at a terminal: what, where, when, and the words that matched.
package enum AlertBlock {
    private enum Style: String {
        case bold = "1"
        case dim = "2"
        case mark = "1;33"
        case alarm = "1;31"
        case link = "4;36"
    }

    /// With an empty line at its end. Nothing in it that came from a feed can steer a terminal.
    ///
    /// - Parameter zone: the reader's.
    package static func text(_ alert: Alert, colour: Bool, zone: TimeZone = .current) -> String {
        func styled(_ text: String, _ style: Style) -> String {
            colour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
        }
        let isUrgent = alert.severity >= .high
        let sign = alert.kind == .health ? "health" : alert.severity.rawValue
        var head = styled("● \(sign)", isUrgent ? .alarm : .bold)
        if !alert.watches.isEmpty { head += "  " + styled(alert.watches.joined(separator: ", ").legible, .bold) }
        var lines = [head]
        let words = AlertQuotes.words(alert.matches)
        func marked(_ line: String, _ base: Style?) -> String {
            AlertQuotes.parts(of: line, marking: words).map { part in
                part.isMatch ? styled(part.text, .mark) : base.map { styled(part.text, $0) } ?? part.text
            }.joined()
        }
        let title = (alert.item.title ?? "").legible
        if !title.allSatisfy(\.isWhitespace) { lines.append("  " + marked(AlertQuotes.cut(title, 200), .bold)) }
        // What is wrong with a feed stands there.
        if alert.kind == .health, let summary = alert.item.summary {
            lines.append("  " + AlertQuotes.cut(summary.legible, 400))
        }
        for context in AlertQuotes.contexts(alert.matches) { lines.append("  " + marked(context, nil)) }
        if let first = alert.duplicateOf { lines.append("  " + styled("a copy of \(first.rawValue.legible)", .dim)) }
        if let dismissed = alert.resemblesDismissed {
            lines.append("  " + styled(AlertQuotes.resemblance(dismissed), .dim))
        }
        lines.append("  " + styled(source(alert, zone), .dim))
        if let url = alert.item.url { lines.append("  " + styled(url.legible, .link)) }
        return lines.joined(separator: "\n") + "\n\n"
    }

    /// When, and in which feed. The time comes first, so that it has its place whichever way the feed's name is written.
    private static func source(_ alert: Alert, _ zone: TimeZone) -> String {
        let time = alert.item.published.map { local($0, zone) } ?? "first seen \(local(alert.firstSeen, zone))"
        let feed = alert.feed.name ?? alert.feed.url
        let others = alert.alsoIn.isEmpty ? "" : ", and \(alert.alsoIn.count) more"
        let parts = [time, AlertQuotes.cut(feed, 100) + others, alert.item.language ?? ""].filter { !$0.isEmpty }
        return parts.joined(separator: " · ").legible
    }

    private static func local(_ date: Date, _ zone: TimeZone) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        func pad(_ number: Int?, _ width: Int = 2) -> String {
            let digits = String(number ?? 0)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(pad(parts.year, 4))-\(pad(parts.month))-\(pad(parts.day)) \(pad(parts.hour)):\(pad(parts.minute))"
    }
}
