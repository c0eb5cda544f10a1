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
        let words = Set(alert.matches.map(\.text.legible).filter { !$0.isEmpty }).sorted { $0.count > $1.count }
        func marked(_ line: String, _ base: Style?) -> String {
            marking(words, in: line) { text, isMatch in
                isMatch ? styled(text, .mark) : base.map { styled(text, $0) } ?? text
            }
        }
        let title = (alert.item.title ?? "").legible
        if !title.allSatisfy(\.isWhitespace) { lines.append("  " + marked(cut(title, 200), .bold)) }
        // What is wrong with a feed stands there.
        if alert.kind == .health, let summary = alert.item.summary { lines.append("  " + cut(summary.legible, 400)) }
        for context in contexts(alert.matches) { lines.append("  " + marked(context, nil)) }
        lines.append("  " + styled(source(alert, zone), .dim))
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

    /// When, and in which feed. The time comes first, so that it has its place whichever way the feed's name is written.
    private static func source(_ alert: Alert, _ zone: TimeZone) -> String {
        let time = alert.item.published.map { local($0, zone) } ?? "first seen \(local(alert.firstSeen, zone))"
        let feed = alert.feed.name ?? alert.feed.url
        let others = alert.alsoIn.isEmpty ? "" : ", and \(alert.alsoIn.count) more"
        let parts = [time, cut(feed, 100) + others, alert.item.language ?? ""].filter { !$0.isEmpty }
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

    /// At most so many characters, and no tower of marks on one of them.
    private static func cut(_ text: String, _ length: Int) -> String {
        let short = String(text.unicodeScalars.prefix(length * 4)).prefix(length)
        return short.utf8.count < text.utf8.count ? short + "…" : text
    }
}
