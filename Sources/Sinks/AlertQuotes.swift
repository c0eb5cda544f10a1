import Foundation
import Model

/// The places of an alert that are worth showing, and the words in them that matched.
enum AlertQuotes {
    struct Part: Sendable, Hashable {
        var text: String
        var isMatch: Bool
    }

    /// The words that matched, the longest first: it may hold another.
    static func words(_ matches: [Match]) -> [String] {
        Set(matches.map(\.text.legible).filter { !$0.isEmpty }).sorted { ($1.count, $0) < ($0.count, $1) }
    }

    /// One line a place that shows what no line before it shows, four at most. The title has a line of its own.
    static func contexts(_ matches: [Match]) -> [String] {
        var shown: [String] = []
        for match in matches where match.field != .title {
            let surface = match.text.legible
            if shown.contains(where: { $0.contains(surface) }) { continue }
            shown.append(cut(match.context.legible, 240))
            if shown.count == 4 { break }
        }
        return shown
    }

    /// `line` in pieces: the words that matched, and what lies between.
    static func parts(of line: String, marking words: [String]) -> [Part] {
        var parts: [Part] = []
        var rest = line[...]
        while !rest.isEmpty {
            let finds = words.compactMap { rest.range(of: $0) }
            guard let next = finds.min(by: { $0.lowerBound < $1.lowerBound }) else { break }
            if next.lowerBound > rest.startIndex {
                parts.append(Part(text: String(rest[..<next.lowerBound]), isMatch: false))
            }
            parts.append(Part(text: String(rest[next]), isMatch: true))
            rest = rest[next.upperBound...]
        }
        if !rest.isEmpty { parts.append(Part(text: String(rest), isMatch: false)) }
        return parts
    }

    /// Why an alert is there although somebody has said that the like of it is not meant. Ours, and ASCII.
    static func resemblance(_ dismissed: AlertID) -> String {
        "much like one that was marked as not meant: tocsin alerts show \(dismissed.rawValue.legible)"
    }

    /// At most so many characters, and no tower of marks on one of them.
    static func cut(_ text: String, _ length: Int) -> String {
        let short = String(text.unicodeScalars.prefix(length * 4)).prefix(length)
        return short.utf8.count < text.utf8.count ? short + "…" : text
    }
}
