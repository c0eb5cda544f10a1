import Foundation
import Model
import WebServing

/// The watches, each with what it has found over time.
enum WatchesPage {
    static let days = 30
    private static let perPage = 60

    static func routes(_ console: Console) -> [WebRoute] {
        [
            .get("/watches", .page) { request in
                let now = console.clock.now
                let text = request.head.parameter("q").map { String($0.prefix(200)) } ?? ""
                let all = console.setup().watches
                let watches = text.isEmpty ? all : found(text, all)
                let number = min(max(1, request.head.parameter("page").flatMap { Int($0) } ?? 1), 100_000)
                let shown = watches.dropFirst((number - 1) * perPage).prefix(perPage)
                let totals = Dictionary(try await console.store.watchTotals().map { ($0.watch, $0) }) { first, _ in
                    first
                }
                let counts = Dictionary(
                    grouping: try await console.store.alertsByDay(since: now - Double(days) * 86_400, watch: nil),
                    by: \.watch)
                let silences = Dictionary(
                    try await console.store.silences(at: now).map { ($0.watch, $0) }
                ) { first, _ in first }
                let dismissals = try await DismissalList.find(nil, request, console)
                return WebResponse(
                    page: PageFrame.render("Watches", at: .watches, for: request, console) { html in
                        html.element("h1", "Watches")
                        Actions.Done(request.head)?.write(&html)
                        if all.count > perPage || !text.isEmpty { search(text, &html) }
                        if shown.isEmpty {
                            html.element(
                                "p", [.style("empty")],
                                all.isEmpty
                                    ? "There is no watch in feeds.yaml yet."
                                    : watches.isEmpty
                                        ? "No watch is called so, and none looks for it."
                                        : "There are not so many pages.")
                        }
                        html.element("ul", [.style("grid")]) { html in
                            for watch in shown {
                                html.element("li", [.style("panel")]) { html in
                                    card(
                                        watch, totals[watch.name], daily(counts[watch.name] ?? [], now),
                                        silences[watch.name], now, &html)
                                }
                            }
                        }
                        html.pages(
                            number, of: max(1, (watches.count + perPage - 1) / perPage), "Pages of watches",
                            Words.count(watches.count, "watch", "watches")
                        ) { .page("/watches", query: [("q", text), ("page", $0 > 1 ? "\($0)" : nil)]) }
                        dismissals.write(request, now, to: &html)
                    })
            }
        ]
    }

    /// Those that are called so, or look for somebody or something that is.
    private static func found(_ text: String, _ watches: [WatchSpec]) -> [WatchSpec] {
        let wanted = CaselessText(text)
        return watches.filter { watch in
            wanted.isPart(of: watch.name) || words(watch).contains(where: wanted.isPart)
                || watch.people.contains { $0.aliases.contains { wanted.isPart(of: $0.value) } }
        }
    }

    private static func search(_ text: String, _ html: inout HTMLWriter) {
        html.element(
            "form",
            [.style("actions"), .named("method", "get"), .action(.page("/watches")), .named("role", "search")]
        ) { html in
            html.element(
                "label", [.style("hidden"), .named("for", "q")], "A part of the name, or of what is looked for")
            html.element("div") { html in
                html.void(
                    "input",
                    [
                        .id("q"), .name("q"), .type("search"), .value(text), .auto,
                        .named("placeholder", "name or what is looked for"),
                    ])
            }
            html.element("button", "Find")
        }
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
        let words = words(watch)
        html.element("p", [.style("quiet")]) { html in
            html.isolated(words.prefix(mostWords), " · ")
            if words.count > mostWords { html.text(" · and \(words.count - mostWords) more") }
        }
    }

    static func silence(_ silence: Silence, _ now: Date, _ html: inout HTMLWriter) {
        html.text("silent until ")
        html.exactTime(silence.until)
    }

    private static let mostWords = 5

    /// What it looks for.
    private static func words(_ watch: WatchSpec) -> [String] {
        watch.people.map(\.name.value) + watch.any.map(\.value) + watch.all.map(\.value)
            + [watch.query?.value].compactMap(\.self)
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
                                    .page(
                                        "/alerts", [one.alert.rawValue, "dismissal"],
                                        query: [("back", Address.here(request.head))]), request,
                                    fields: [("watch", one.watch), ("undo", "1")]
                                ) { $0.element("button", "Meant after all") }
                            }
                        }
                    }
                }
            }
            html.pages(
                number, of: max(1, (page.total + Self.perPage - 1) / Self.perPage),
                "Pages of stories that are not meant"
            ) { number in
                var head = request.head
                head.query.removeAll { $0.name == Self.parameter }
                head.query.append(WebParameter(Self.parameter, "\(number)"))
                return Address.returning(to: Address.here(head))
            }
        }
    }
}
