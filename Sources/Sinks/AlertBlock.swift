import Foundation
import Model

/// An alert as a block of lines for a person at a terminal: what, where, when, and the words that matched.
enum AlertBlock {
    private enum Style: String {
        case bold = "1"
        case dim = "2"
        case mark = "1;33"
        case alarm = "1;31"
        case link = "4;36"
    }

    /// With an empty line at its end. Nothing in it that came from a feed can steer a terminal.
    static func text(_ alert: Alert, colour: Bool) -> String {
        func styled(_ text: String, _ style: Style) -> String {
            colour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
        }
        let isUrgent = alert.severity >= .high
        let sign = alert.kind == .health ? "health" : alert.severity.rawValue
        var lines = [
            styled("● \(sign)", isUrgent ? .alarm : .bold) + "  " + styled(alert.watches.joined(separator: ", ").legible, .bold)
        ]
        if let title = alert.item.title { lines.append("  " + styled(cut(title.legible, 200), .bold)) }
        for match in shown(alert.matches) {
            lines.append("  " + context(match) { styled($0, .mark) })
        }
        lines.append("  " + styled(source(alert), .dim))
        if let url = alert.item.url { lines.append("  " + styled(url.legible, .link)) }
        return lines.joined(separator: "\n") + "\n\n"
    }

    /// One for each pattern, the first place; those of the title only when nothing else was found.
    private static func shown(_ matches: [Match]) -> [Match] {
        var seen: Set<String> = []
        let bodyFirst = matches.filter { $0.field != .title } + matches.filter { $0.field == .title }
        return Array(bodyFirst.filter { seen.insert($0.pattern).inserted }.prefix(6))
    }

    private static func context(_ match: Match, _ mark: (String) -> String) -> String {
        let context = match.context.legible
        let surface = match.text.legible
        guard !surface.isEmpty, let range = context.range(of: surface) else { return cut(context, 240) }
        let quoted = context[..<range.lowerBound] + mark(surface) + context[range.upperBound...]
        let note = match.pattern.legible.lowercased() == surface.lowercased() ? "" : "  (\(cut(match.pattern.legible, 60)))"
        return quoted + note
    }

    private static func source(_ alert: Alert) -> String {
        let feed = alert.feed.name ?? alert.feed.url
        let others = alert.alsoIn.isEmpty ? "" : ", and \(alert.alsoIn.count) more"
        let date = alert.item.published ?? alert.firstSeen
        let language = alert.item.language.map { " · \($0)" } ?? ""
        return (feed + others + " · " + local(date) + language).legible
    }

    /// The reader's own time.
    private static func local(_ date: Date) -> String {
        let parts = Calendar(identifier: .gregorian).dateComponents([.year, .month, .day, .hour, .minute], from: date)
        func pad(_ number: Int?, _ width: Int = 2) -> String {
            let digits = String(number ?? 0)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(pad(parts.year, 4))-\(pad(parts.month))-\(pad(parts.day)) \(pad(parts.hour)):\(pad(parts.minute))"
    }

    private static func cut(_ text: String, _ length: Int) -> String {
        text.count > length ? text.prefix(length) + "…" : text
    }
}
