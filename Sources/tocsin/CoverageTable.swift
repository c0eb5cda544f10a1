import Foundation
import Model
import Monitoring

/// How feeds were looked at, for people and for programs.
enum CoverageTable {
    /// For all watches that share their feeds: what may have been missed first.
    static func block(_ scope: WatchScope, _ looks: [FeedLook], since start: Date) -> [String] {
        let names = scope.watches.joined(separator: ", ").legible
        if looks.isEmpty { return ["\(names): no feed is in the scope of this watch"] }
        let whole = looks.filter { $0.report.standing == .whole }
        // Not before the last of them was first read.
        let since = whole.compactMap(\.report.from).reduce(start, max)
        let title =
            "\(names): \(whole.count) of \(looks.count) \(looks.count == 1 ? "feed" : "feeds") looked at without a gap "
            + "since \(minute(since))"
        let order: [CoverageReport.Standing] = [.gap, .never, .unproven, .whole]
        let rows = order.flatMap { standing in
            looks.filter { $0.report.standing == standing }.flatMap(Self.rows)
        }
        return [title] + notes(scope, looks).map { "  " + $0 }
            + Table.lines(["FEED", "COVERAGE", "FROM", "TO", "WHY"], rows).map { "  " + $0 }
    }

    /// What the table cannot say of the watch itself.
    private static func notes(_ scope: WatchScope, _ looks: [FeedLook]) -> [String] {
        // Where no feed was read before, it has missed nothing that another watch would have seen.
        guard let start = scope.start, start.kind == .unknown || looks.contains(where: { $0.report.notBefore != nil })
        else { return [] }
        let date = minute(start.since)
        return switch start.kind {
        case .added: ["not looked at before \(date): the watch is new"]
        case .changed: ["not looked at before \(date): what the watch looks for was changed"]
        case .unknown: ["whether the watch looked for this before \(date) is not known"]
        }
    }

    private static func rows(_ look: FeedLook) -> [[String]] {
        let report = look.report
        guard let from = report.from, let to = report.to else {
            return [[look.name, report.standing.rawValue, "-", "-", report.holes.first?.why ?? ""].map(\.legible)]
        }
        if report.holes.isEmpty {
            let pages = report.closed == 1 ? "1 gap closed" : "\(report.closed) gaps closed"
            let why = report.closed == 0 ? "" : pages + " from older pages"
            return [[look.name, "whole", minute(from), minute(to), why].map(\.legible)]
        }
        return report.holes.map { hole in
            let end = hole.isOpen ? "now" : minute(hole.to)
            return [look.name, hole.isDoubt ? "unproven" : "gap", minute(hole.from), end, hole.why].map(\.legible)
        }
    }

    /// `2018-11-26 14:05`, UTC.
    private static func minute(_ date: Date) -> String {
        String(Timestamp.text(date).prefix(16)).replacing("T", with: " ")
    }

    static func json(_ scope: WatchScope, _ looks: [FeedLook], since start: Date, _ now: Date) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.member("watch", scope.watches.joined(separator: ", "))
            json.key("since")
            json.date(start)
            json.key("until")
            json.date(now)
            if let start = scope.start {
                json.key("watch_since")
                json.date(start.since)
                json.member("watch_start", start.kind.rawValue)
            }
            json.key("whole")
            json.bool(looks.allSatisfy { $0.report.standing == .whole && $0.report.notBefore == nil })
            json.key("needs_attention")
            json.bool(looks.contains { $0.report.needsSomebody })
            json.key("feeds")
            json.array(looks) { json, look in write(look, to: &json) }
        }
        return writer.bytes
    }

    private static func write(_ look: FeedLook, to json: inout JSONWriter) {
        json.object { json in
            json.member("url", FeedAddress.shown(look.feed.url))
            json.member("name", ifPresent: look.feed.name ?? look.state?.title)
            json.member("coverage", look.report.standing.rawValue)
            json.key("closed_gaps")
            json.integer(look.report.closed)
            json.key("covered")
            json.array(look.report.covered) { json, stretch in
                json.object { json in span(stretch.from, stretch.to, &json) }
            }
            json.key("gaps")
            json.array(look.report.holes) { json, hole in
                json.object { json in
                    span(hole.from, hole.to, &json)
                    json.member("why", hole.why)
                    json.key("unproven")
                    json.bool(hole.isDoubt)
                    json.key("open")
                    json.bool(hole.isOpen)
                }
            }
        }
    }

    private static func span(_ from: Date, _ to: Date, _ json: inout JSONWriter) {
        json.key("from")
        json.date(from)
        json.key("to")
        json.date(to)
    }
}
