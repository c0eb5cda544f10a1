import Foundation
import Model
import WebServing

/// The watches, each with what it has found over time.
enum WatchesPage {
    static let days = 30

    static func routes(_ console: Console) -> [WebRoute] {
        [
            .get("/watches", .page) { request in
                let now = console.clock.now
                let setup = console.setup()
                let totals = Dictionary(try await console.store.watchTotals().map { ($0.watch, $0) }) { first, _ in
                    first
                }
                let counts = Dictionary(
                    grouping: try await console.store.alertsByDay(since: now - Double(days) * 86_400, watch: nil),
                    by: \.watch)
                let silences = try await console.store.silences(at: now)
                let dismissals = try await DismissalList.find(nil, request, console)
                return WebResponse(
                    page: PageFrame.render("Watches", at: .watches, for: request) { html in
                        html.element("h1", "Watches")
                        if let done = Actions.Done(request.head) { html.notice(done.words) }
                        if setup.watches.isEmpty {
                            html.element("p", [.style("empty")], "There is no watch in feeds.yaml yet.")
                        }
                        html.element("ul", [.style("grid")]) { html in
                            for watch in setup.watches {
                                html.element("li", [.style("panel")]) { html in
                                    card(
                                        watch, totals[watch.name], daily(counts[watch.name] ?? [], now),
                                        silences.first { $0.watch == watch.name }, now, &html)
                                }
                            }
                        }
                        dismissals.write(request, now, to: &html)
                    })
            }
        ]
    }

    /// A number a day, the oldest first.
    static func daily(_ counts: [DayCount], _ now: Date) -> [Int] {
        let today = Int((now.timeIntervalSince1970 / 86_400).rounded(.down))
        var result = Array(repeating: 0, count: days)
        for count in counts where (today - days + 1...today).contains(count.day) {
            result[count.day - today + days - 1] += count.count
        }
        return result
    }

    private static func card(
        _ watch: WatchSpec, _ total: WatchTotal?, _ daily: [Int], _ silence: Silence?, _ now: Date,
        _ html: inout HTMLWriter
    ) {
        html.element("h2") { html in
            html.element("a", [.href(.page("/watches", [watch.name]))]) { $0.isolated(watch.name) }
        }
        html.element("ul", [.style("facts")]) { html in
            html.element("li", [.style("severity \(watch.severity.rawValue)")], watch.severity.rawValue)
            html.element("li", Words.count(total?.alerts ?? 0, "alert"))
            if let last = total?.last {
                html.element("li") { html in
                    html.text("last ")
                    html.time(last, now)
                }
            }
            if let silence { html.element("li", [.style("wait")]) { Self.silence(silence, now, &$0) } }
        }
        Sparkline.write(
            daily, label: "\(Words.count(daily.reduce(0, +), "alert")) in the last \(days) days", wide: true,
            to: &html)
        html.element("p", [.style("quiet")]) { $0.isolated(summary(watch)) }
    }

    static func silence(_ silence: Silence, _ now: Date, _ html: inout HTMLWriter) {
        html.text("silent until ")
        html.exactTime(silence.until)
    }

    /// Some of what it looks for.
    private static func summary(_ watch: WatchSpec) -> String {
        let words =
            watch.people.map(\.name.value) + watch.any.map(\.value) + watch.all.map(\.value)
            + [watch.query?.value].compactMap(\.self)
        let shown = words.prefix(5).joined(separator: " · ")
        return shown + (words.count > 5 ? " · and \(words.count - 5) more" : "")
    }
}

/// What people have marked as not meant, to be taken back.
struct DismissalList {
    private static let perPage = 50
    /// Of the page's address: which part of the list it shows.
    private static let parameter = "marked"

    private let page: DismissalPage
    private let number: Int

    /// - Parameter watch: nil for those of all watches.
    static func find(_ watch: String?, _ request: WebRequest, _ console: Console) async throws -> DismissalList {
        let wish = request.head.parameter(parameter).flatMap { Int($0) } ?? 1
        let number = min(max(1, wish), 100_000)
        let page = try await console.store.dismissals(of: watch, offset: (number - 1) * perPage, limit: perPage)
        return DismissalList(page: page, number: number)
    }

    func write(_ request: WebRequest, _ now: Date, to html: inout HTMLWriter) {
        let dismissals = page.dismissals
        guard page.total > 0 else { return }
        html.element("section", [.id("not-meant")]) { html in
            html.element("h2", "Not meant")
            html.element("p", [.style("quiet")], "These articles, and the same texts elsewhere, are sent no more.")
            html.element("table", [.style("cards")]) { html in
                html.row("th", head: ["Story", "Watch", "Since"] + (request.session == nil ? [] : ["Undo"]))
                html.element("tbody") { html in
                    for one in dismissals {
                        html.element("tr") { html in
                            html.element("th", [.named("scope", "row")]) { html in
                                html.element("a", [.href(.page("/alerts", [one.alert.rawValue]))]) {
                                    $0.isolated(
                                        one.title.flatMap { VisibleText.isVisible($0) ? AlertTitle.short($0) : nil }
                                            ?? "Without a title")
                                }
                            }
                            html.cell("Watch") { $0.isolated(one.watch) }
                            html.cell("Since") { $0.time(one.since, now) }
                            guard request.session != nil else { return }
                            html.cell("Undo") { html in
                                html.form(
                                    .page("/alerts", [one.alert.rawValue, "dismissal"]), request,
                                    fields: [("watch", one.watch), ("undo", "1"), ("back", Address.here(request.head))]
                                ) { $0.element("button", "Meant after all") }
                            }
                        }
                    }
                }
            }
            pages(request, &html)
        }
    }

    private func pages(_ request: WebRequest, _ html: inout HTMLWriter) {
        let last = max(1, (page.total + Self.perPage - 1) / Self.perPage)
        guard last > 1 else { return }
        func link(_ number: Int, _ words: String, _ html: inout HTMLWriter) {
            var head = request.head
            head.query.removeAll { $0.name == Self.parameter }
            head.query.append(WebParameter(Self.parameter, "\(number)"))
            guard let address = Address.returning(to: Address.here(head)) else { return }
            html.element("a", [.href(address)], words)
        }
        html.element("nav", [.style("pages"), .label("Pages of stories that are not meant")]) { html in
            html.element("span") { html in if number > 1 { link(number - 1, "← Back", &html) } }
            html.element("span", [.style("quiet")], "page \(number) of \(Words.grouped(last))")
            html.element("span") { html in if number < last { link(number + 1, "More →", &html) } }
        }
    }
}
