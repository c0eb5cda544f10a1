import Foundation
import Model

/// Alerts a day, by watch: bars of inline SVG, with the same figures as a table. One that two watches have found counts for each.
struct Timeline {
    /// Watches with a colour of their own; the rest share one.
    static let mostColours = 6

    private let days: ClosedRange<Int>
    /// Of a watch, a number a day. Those with most alerts first.
    private let series: [(name: String, counts: [Int])]

    init(_ counts: [DayCount], days: Int, now: Date) {
        let today = Int((now.timeIntervalSince1970 / 86_400).rounded(.down))
        let range = (today - days + 1)...today
        self.days = range
        var byWatch: [String: [Int]] = [:]
        for count in counts where range.contains(count.day) {
            byWatch[count.watch, default: Array(repeating: 0, count: days)][count.day - range.lowerBound] += count.count
        }
        func total(_ counts: [Int]) -> Int { counts.reduce(0, +) }
        let sorted = byWatch.sorted { (total($1.value), $0.key) < (total($0.value), $1.key) }
        var series = sorted.prefix(Self.mostColours).map { (name: $0.key, counts: $0.value) }
        let rest = sorted.dropFirst(Self.mostColours)
        if !rest.isEmpty {
            let sums = (0..<days).map { day in rest.reduce(0) { $0 + $1.value[day] } }
            series.append((Words.count(rest.count, "other watch", "other watches"), sums))
        }
        self.series = series
    }

    var total: Int { series.reduce(0) { $0 + $1.counts.reduce(0, +) } }

    private func total(_ index: Int) -> Int { series.reduce(0) { $0 + $1.counts[index] } }

    /// What the picture shows, in a sentence.
    private var summary: String {
        let totals = days.indices.map { total(days.distance(from: days.startIndex, to: $0)) }
        guard let most = totals.max(), most > 0, let index = totals.firstIndex(of: most) else {
            return "No alert in the last \(days.count) days."
        }
        // It is read aloud with the alerts, which are fewer where watches share some.
        let manner = series.count > 1 ? ", one that several have found counted for each" : ""
        return
            "Alerts a day by watch in the last \(days.count) days\(manner): \(Words.grouped(totals.reduce(0, +))) in all, most on "
            + "\(Words.day(number: days.lowerBound + index)) (\(most))."
    }

    func write(to html: inout HTMLWriter) {
        let width = 10
        let height = 96
        let top = max(1, (0..<days.count).map(total).max() ?? 1)
        html.element("figure", [.style("timeline")]) { html in
            html.element(
                "svg",
                [
                    .named("viewBox", "0 0 \(days.count * width) \(height)"), .named("role", "img"),
                    .named("preserveAspectRatio", "none"), .label(summary),
                ]
            ) { html in
                for day in 0..<days.count where total(day) > 0 {
                    html.element("g") { html in
                        html.element("title", tip(day))
                        var y = Double(height)
                        for (colour, one) in series.enumerated() where one.counts[day] > 0 {
                            let part = max(1.5, Double(one.counts[day]) / Double(top) * Double(height - 2))
                            y -= part
                            html.bar(
                                x: Double(day * width) + 1, y: max(0, y), width: Double(width) - 2, height: part, colour
                            )
                        }
                    }
                }
                html.element(
                    "line",
                    [
                        .named("x1", "0"), .named("x2", "\(days.count * width)"), .named("y1", "\(height)"),
                        .named("y2", "\(height)"), .style("axis"),
                    ]
                ) { _ in }
            }
            html.element("div", [.style("axis"), .named("aria-hidden", "true")]) { html in
                html.element("span", Words.day(number: days.lowerBound))
                html.element("span", [], "most: \(top) a day")
                html.element("span", "today")
            }
            html.element("figcaption") { html in
                html.element("ul", [.style("legend")]) { html in
                    for (colour, one) in series.enumerated() {
                        html.element("li") { html in
                            html.element("span", [.style("swatch c\(colour)"), .named("aria-hidden", "true")]) { _ in }
                            html.isolated(one.name)
                            html.element("span", [.style("quiet")], " \(Words.grouped(one.counts.reduce(0, +)))")
                        }
                    }
                }
                writeTable(&html)
            }
        }
    }

    private func tip(_ day: Int) -> String {
        let parts = series.filter { $0.counts[day] > 0 }.map { "\($0.name) \($0.counts[day])" }
        return "\(Words.day(number: days.lowerBound + day)): \(parts.joined(separator: ", "))"
    }

    private func writeTable(_ html: inout HTMLWriter) {
        guard total > 0 else { return }
        html.element("details") { html in
            html.element("summary", "The same as a table")
            html.element(
                "div",
                [
                    .style("scroll"), .named("tabindex", "0"), .named("role", "region"),
                    .label("Alerts a day, as a table"),
                ]
            ) { html in
                html.element("table") { html in
                    html.element("thead") { html in
                        html.element("tr") { html in
                            html.element("th", [.named("scope", "col")], "Day")
                            for one in series {
                                html.element("th", [.named("scope", "col"), .style("number")]) { $0.isolated(one.name) }
                            }
                        }
                    }
                    html.element("tbody") { html in
                        for day in (0..<days.count).reversed() where total(day) > 0 {
                            html.element("tr") { html in
                                html.element(
                                    "th", [.named("scope", "row"), .style("day")],
                                    Words.day(number: days.lowerBound + day))
                                for one in series { html.element("td", [.style("number")], "\(one.counts[day])") }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A line of small bars: new items of a feed, hits of a watch.
enum Sparkline {
    /// - Parameter label: what it shows, in words.
    static func write(_ counts: [Int], label: String, wide: Bool = false, to html: inout HTMLWriter) {
        let height = 24
        let top = Double(max(1, counts.max() ?? 1))
        html.element(
            "svg",
            [
                .style(wide ? "spark wide" : "spark"), .named("viewBox", "0 0 \(counts.count * 6) \(height)"),
                .named("preserveAspectRatio", "none"), .named("role", "img"), .label(label),
            ]
        ) { html in
            for (index, count) in counts.enumerated() {
                // A day without anything is a dot on the ground, so that the days can be counted.
                let part = count == 0 ? 1 : max(2.5, Double(count) / top * Double(height))
                html.bar(
                    x: Double(index * 6) + 0.75, y: Double(height) - part, width: 4.5, height: part,
                    style: count == 0 ? "none" : "some")
            }
        }
    }
}

extension HTMLWriter {
    fileprivate mutating func bar(x: Double, y: Double, width: Double, height: Double, _ colour: Int) {
        bar(x: x, y: y, width: width, height: height, style: "c\(colour)")
    }

    fileprivate mutating func bar(x: Double, y: Double, width: Double, height: Double, style: String) {
        func text(_ number: Double) -> String {
            let rounded = (number * 100).rounded() / 100
            return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
        }
        element(
            "rect",
            [
                .named("x", text(x)), .named("y", text(y)), .named("width", text(width)),
                .named("height", text(height)), .style(style),
            ]
        ) { _ in }
    }
}
