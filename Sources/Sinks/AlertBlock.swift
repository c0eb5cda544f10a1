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
            styled("● \(sign)", isUrgent ? .alarm : .bold) + "  "
                + styled(alert.watches.joined(separator: ", ").legible, .bold)
        ]
        let words = Set(alert.matches.map(\.text.legible).filter { !$0.isEmpty }).sorted { $0.count > $1.count }
        func marked(_ line: String, _ base: Style?) -> String {
            marking(words, in: line) { text, isMatch in
                isMatch ? styled(text, .mark) : base.map { styled(text, $0) } ?? text
            }
        }
        if let title = alert.item.title { lines.append("  " + marked(cut(title.legible, 200), .bold)) }
        for context in contexts(alert.matches) { lines.append("  " + marked(context, nil)) }
        lines.append("  " + styled(source(alert), .dim))
        if let url = alert.item.url { lines.append("  " + styled(url.legible, .link)) }
        return lines.joined(separator: "\n") + "\n\n"
    }

    /// The places worth a line: one that shows what no line before it shows. The title has a line already.
    private static func contexts(_ matches: [Match]) -> [String] {
        var shown: [String] = []
        for match in matches where match.field != .title {
            let surface = match.text.legible
            if shown.contains(where: { $0.contains(surface) }) { continue }
            shown.append(cut(match.context.legible, 240))
            if shown.count == 4 { break }
        }
        return shown
    }

    /// `line` in pieces, each as `style` has it: the words that matched, and what lies between.
    private static func marking(
        _ words: [String], in line: String, _ style: (_ text: String, _ isMatch: Bool) -> String
    ) -> String {
        var result = ""
        var rest = line[...]
        while !rest.isEmpty {
            let finds = words.compactMap { rest.range(of: $0) }
            guard let next = finds.min(by: { $0.lowerBound < $1.lowerBound }) else { break }
            if next.lowerBound > rest.startIndex { result += style(String(rest[..<next.lowerBound]), false) }
            result += style(String(rest[next]), true)
            rest = rest[next.upperBound...]
        }
        return rest.isEmpty ? result : result + style(String(rest), false)
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
