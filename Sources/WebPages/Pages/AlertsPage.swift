import Foundation
import Model
import WebServing

/// The alerts, the newest first, with a picture of the last weeks.
enum AlertsPage {
    static let days = 30

    static func routes(_ console: Console) -> [WebRoute] {
        [
            .get("/", .page) { request in
                let now = console.clock.now
                let filter = AlertFilter(request.head)
                let page = try await console.store.alertPage(filter.query(at: now))
                let newest = try await console.store.newestAlert()
                let choices = try await console.store.alertChoices()
                let counts = try await console.store.alertsByDay(
                    since: now - Double(days) * 86_400, watch: filter.watch)
                return WebResponse(
                    page: PageFrame.render("Alerts", at: .alerts, for: request, console) { html in
                        heading(filter, newest: newest, &html)
                        if filter.before == nil {
                            html.element("section", [.style("panel"), .label("Alerts a day")]) {
                                Timeline(counts, days: days, now: now).write(to: &$0)
                            }
                        }
                        for name in filter.ignored {
                            html.ignored(name)
                        }
                        filters(filter, choices, console.setup(), &html)
                        list(page, filter, now, &html)
                    })
            }
        ]
    }

    private static func heading(_ filter: AlertFilter, newest: Int64, _ html: inout HTMLWriter) {
        html.element("div", [.style("head")]) { html in
            html.element("h1", "Alerts")
            html.element(
                "p",
                [
                    .id("news"), .style("notice"), .named("role", "status"), .named("data-newest", "\(newest)"),
                    // Where new ones show: the first page of what was chosen.
                    .named("data-show", filter.address(before: nil).text),
                ]
            ) { _ in }
        }
    }

    private static func filters(
        _ filter: AlertFilter, _ choices: AlertChoices, _ setup: Console.Setup, _ html: inout HTMLWriter
    ) {
        let watches = Set(setup.watches.map(\.name) + choices.watches).sorted()
        let names = setup.feedNames
        func options(_ all: String, _ values: [(String, String)]) -> [(value: String, words: String)] {
            [(value: "", words: all)] + values.map { (value: $0.0, words: $0.1) }
        }
        html.element(
            "form",
            [
                .style("filters panel"), .named("method", "get"), .action(.page("/")), .named("role", "search"),
                .label("Filter the alerts"),
            ]
        ) { html in
            html.choice("Watch", name: "watch", options("all", watches.map { ($0, $0) }), chosen: filter.watch)
            html.choice(
                "Severity", name: "severity",
                options("all", Severity.allCases.reversed().map { ($0.rawValue, $0.rawValue) }),
                chosen: filter.severity?.rawValue)
            html.choice(
                "Language", name: "language", options("all", choices.languages.map { ($0, LanguageName.words($0)) }),
                chosen: filter.language)
            html.choice(
                "Feed", name: "feed",
                options("all", choices.feeds.map { ($0, names[FeedName.shown($0)] ?? FeedName.short($0)) }),
                chosen: filter.feed)
            html.choice(
                "Time", name: "period", options("all", AlertFilter.Period.allCases.map { ($0.rawValue, $0.words) }),
                chosen: filter.period?.rawValue)
            html.choice(
                "Kind", name: "kind", options("all", [("alert", "matches"), ("health", "news of health")]),
                chosen: filter.kind?.rawValue)
            html.element("div", [.style("check")]) { html in
                html.void(
                    "input",
                    [.type("checkbox"), .id("f-open"), .name("open"), .value("1")]
                        + (filter.onlyOpen ? [.flag("checked")] : []))
                html.element("label", [.named("for", "f-open")], "not seen yet")
            }
            html.element("div", [.style("actions")]) { html in
                html.element("button", [.style("first")], "Show")
                if filter.isActive { html.element("a", [.href(.page("/"))], "all") }
            }
        }
    }

    private static func list(
        _ page: AlertPage, _ filter: AlertFilter, _ now: Date, _ html: inout HTMLWriter
    ) {
        guard !page.alerts.isEmpty else {
            let words =
                filter.before != nil
                ? "There are no older ones."
                : filter.isActive ? "Nothing of this kind." : "Nothing has been found yet. Tocsin is watching."
            html.element("p", [.style("empty")], words)
            return
        }
        html.element("ol", [.style("alerts")]) { html in
            for kept in page.alerts {
                html.element("li") { AlertEntry.write(kept, now, to: &$0) }
            }
        }
        html.element("nav", [.style("pages"), .label("Pages of alerts")]) { html in
            if filter.before != nil { html.element("a", [.href(filter.address(before: nil))], "← The newest") }
            if let next = page.next { html.element("a", [.href(filter.address(before: next))], "Older →") }
        }
    }
}

/// An alert in a list.
enum AlertEntry {
    private static let mostContexts = 3
    /// The rest is on the alert's own page.
    private static let mostWatches = 6

    static func write(_ kept: KeptAlert, _ now: Date, to html: inout HTMLWriter) {
        let alert = kept.alert
        let style = "alert \(alert.severity.rawValue)" + (kept.acknowledged == nil ? "" : " seen")
        html.element("article", [.style(style)]) { html in
            html.element("ul", [.style("facts")]) { html in
                html.element("li") { $0.time(alert.timestamp, now) }
                html.element("li", [.style("severity \(alert.severity.rawValue)")]) { html in
                    html.text(alert.kind == .health ? "health" : alert.severity.rawValue)
                }
                for watch in alert.watches.prefix(mostWatches) {
                    html.element("li") { html in
                        html.element("a", [.style("tag"), .href(.page("/", query: [("watch", watch)]))]) {
                            $0.isolated(watch)
                        }
                    }
                }
                if alert.watches.count > mostWatches {
                    html.element("li", "and \(alert.watches.count - mostWatches) more")
                }
                if let language = alert.item.language { html.element("li", LanguageName.words(language)) }
                if alert.duplicateOf != nil { html.element("li", "copy") }
                if alert.resemblesDismissed != nil { html.element("li", "like one not meant") }
                if kept.acknowledged != nil { html.element("li", [.style("good")], "seen") }
            }
            let title = AlertTitle.words(alert)
            let shown = AlertTitle.short(title)
            html.element("h2", [.auto]) { html in
                html.element(
                    "a", [.href(.page("/alerts", [alert.id.rawValue]))] + LanguageName.attribute(alert.item.language)
                ) {
                    $0.marked(shown, alert.matches.filter { $0.field == .title }.map(\.text))
                }
            }
            contexts(alert, titleIsCut: shown != title, &html)
            html.element("ul", [.style("facts")]) { html in
                html.element("li") { $0.isolated(FeedName.words(alert.feed)) }
                for (state, words) in states(kept) { html.element("li", [.style(state)], words) }
            }
        }
    }

    /// - Parameter titleIsCut: then what was found in the title is not seen there.
    private static func contexts(_ alert: Alert, titleIsCut: Bool, _ html: inout HTMLWriter) {
        if alert.kind == .health {
            if let summary = alert.item.summary { html.element("p", [.style("context")]) { $0.isolated(summary) } }
            return
        }
        var shown: [String] = []
        for match in alert.matches where (titleIsCut || match.field != .title) && !match.context.isEmpty {
            guard shown.count < mostContexts, !shown.contains(match.context) else { continue }
            shown.append(match.context)
            let finds = alert.matches.filter { $0.field == match.field }.map(\.text)
            html.element("p", [.style("context"), .auto] + LanguageName.attribute(alert.item.language)) {
                $0.marked(match.context, finds)
            }
        }
    }

    private static func states(_ kept: KeptAlert) -> [(style: String, words: String)] {
        let order: [(Delivery.State, String)] = [
            (.failed, "bad"), (.pending, "wait"), (.sent, "good"), (.suppressed, "quiet"), (.dead, "quiet"),
        ]
        return order.compactMap { state, style in
            let count = kept.deliveries.count { $0.state == state }
            return count == 0 ? nil : (style, count == 1 ? Words.state(state) : "\(Words.state(state)): \(count)")
        }
    }
}

/// What an alert is called.
enum AlertTitle {
    /// For a list, in Unicode scalars: some feeds put the whole article into the title.
    private static let longest = 300

    static func short(_ title: String) -> String {
        guard title.unicodeScalars.count > longest else { return title }
        return String(String.UnicodeScalarView(title.unicodeScalars.prefix(longest))) + "…"
    }

    static func words(_ alert: Alert) -> String {
        for text in [alert.item.title, alert.item.url.map(FeedName.short), alert.item.id] {
            if let text, VisibleText.isVisible(text) { return text }
        }
        return "Without a title"
    }
}
