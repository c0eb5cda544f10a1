import Foundation
import Model
import WebServing

/// The feeds: those that need somebody first.
enum FeedsPage {
    static let days = 14
    private static let perPage = 50

    static func routes(_ console: Console) -> [WebRoute] {
        [
            .get("/feeds", .page) { request in
                let setup = console.setup()
                let now = console.clock.now
                let condition = request.head.parameter("health").flatMap(FeedHealth.Condition.init)
                let text = request.head.parameter("q").map { String($0.prefix(200)) } ?? ""
                let number = min(max(1, request.head.parameter("page").flatMap { Int($0) } ?? 1), 100_000)
                var query = FeedQuery()
                query.conditions = condition.map { [$0] } ?? []
                query.limit = perPage
                query.offset = (number - 1) * perPage
                if !text.isEmpty {
                    query.text = text
                    query.named = named(text, setup.feeds)
                }
                let page = try await console.store.feedPage(query)
                let conditions = try await console.store.feedConditions()
                let items = try await console.store.newItems(of: page.feeds.map(\.id), days: days, at: now)
                let urls = Set(page.feeds.map(\.url))
                let specs = Dictionary(setup.feeds.filter { urls.contains($0.url) }.map { ($0.url, $0) }) { first, _ in
                    first
                }
                return WebResponse(
                    page: PageFrame.render("Feeds", at: .feeds, for: request, console) { html in
                        html.element("h1", "Feeds")
                        Actions.Done(request.head)?.write(&html)
                        if condition == nil, request.head.parameter("health")?.isEmpty == false {
                            html.ignored("health")
                        }
                        chips(conditions, condition, text, &html)
                        search(condition, text, &html)
                        if page.feeds.isEmpty {
                            html.element(
                                "p", [.style("empty")],
                                page.total == 0 ? "No feed of this kind." : "There are not so many pages.")
                        } else {
                            table(page.feeds, specs, items, request, now, &html)
                        }
                        html.pages(
                            number, of: max(1, (page.total + perPage - 1) / perPage), "Pages of feeds",
                            Words.count(page.total, "feed")
                        ) { address(condition, text, page: $0) }
                    })
            }
        ]
    }

    /// Feeds that the user calls so, as far as anybody reads on.
    private static func named(_ text: String, _ feeds: [FeedSpec]) -> [String] {
        let wanted = CaselessText(text)
        return feeds.lazy.filter { feed in
            feed.name.map(wanted.isPart) ?? false || feed.tags.contains(where: wanted.isWhole)
        }.prefix(1000).map(\.url)
    }

    private static func address(_ condition: FeedHealth.Condition?, _ text: String, page: Int = 1) -> Address {
        .page("/feeds", query: [("health", condition?.rawValue), ("q", text), ("page", page > 1 ? "\(page)" : nil)])
    }

    private static func chips(
        _ counts: [FeedHealth.Condition: Int], _ chosen: FeedHealth.Condition?, _ text: String,
        _ html: inout HTMLWriter
    ) {
        html.element("nav", [.label("Feeds by health")]) { html in
            html.element("ul", [.style("chips")]) { html in
                func chip(_ condition: FeedHealth.Condition?, _ words: String, _ count: Int) {
                    html.element("li") { html in
                        let current: [HTMLWriter.Attribute] =
                            condition == chosen ? [.named("aria-current", "true")] : []
                        html.element("a", [.style("tag"), .href(address(condition, text))] + current) {
                            $0.text("\(words) \(Words.grouped(count))")
                        }
                    }
                }
                chip(nil, "all", counts.values.reduce(0, +))
                for condition in FeedHealth.Condition.allCases {
                    if let count = counts[condition] { chip(condition, condition.rawValue, count) }
                }
            }
        }
    }

    private static func search(_ condition: FeedHealth.Condition?, _ text: String, _ html: inout HTMLWriter) {
        html.element(
            "form", [.style("actions"), .named("method", "get"), .action(.page("/feeds")), .named("role", "search")]
        ) { html in
            html.element("label", [.style("hidden"), .named("for", "q")], "A part of the name, the address, or a tag")
            html.element("div") { html in
                html.void(
                    "input",
                    [
                        .id("q"), .name("q"), .type("search"), .value(text), .auto,
                        .named("placeholder", "name, address or tag"),
                    ])
            }
            if let condition {
                html.void("input", [.type("hidden"), .name("health"), .value(condition.rawValue)])
            }
            html.element("button", "Find")
        }
    }

    private static func table(
        _ feeds: [FeedState], _ specs: [String: FeedSpec], _ items: [FeedID: [Int]], _ request: WebRequest,
        _ now: Date, _ html: inout HTMLWriter
    ) {
        let mayAct = request.session != nil
        html.element("table", [.style("cards")]) { html in
            html.row(
                "th",
                head: ["Feed", "Health", "Last success", "Next poll", "New items, \(days) days"]
                    + (mayAct ? ["Now"] : []))
            html.element("tbody") { html in
                for feed in feeds {
                    html.element("tr") { html in
                        name(feed, specs[feed.url], &html)
                        html.cell("Health") { health(feed, now, &$0) }
                        html.cell("Last success") { html in
                            if let last = feed.history.lastSuccess { html.time(last, now) } else { html.text("–") }
                        }
                        html.cell("Next poll") { next(feed, now, &$0) }
                        html.cell("New items") { html in
                            let counts = items[feed.id] ?? []
                            let total = counts.reduce(0, +)
                            Sparkline.write(
                                counts, label: "\(Words.count(total, "new item")) in the last \(days) days", to: &html)
                        }
                        if mayAct { html.cell("Now") { poll(feed, specs[feed.url], request, &$0) } }
                    }
                }
            }
        }
    }

    /// Nil: it has none that can be seen.
    private static func name(_ feed: FeedState, _ spec: FeedSpec?) -> String? {
        [spec?.name, feed.title].compactMap { $0 }.first(where: VisibleText.isVisible)
    }

    private static func name(_ feed: FeedState, _ spec: FeedSpec?, _ html: inout HTMLWriter) {
        html.element("th", [.named("scope", "row")]) { html in
            let name = name(feed, spec)
            if let name { html.element("div") { $0.isolated(name) } }
            html.element("div", [.style(name == nil ? "" : "quiet")]) { html in
                html.element("bdi", [.named("dir", "ltr")], FeedName.short(feed.url))
            }
        }
    }

    private static func health(_ feed: FeedState, _ now: Date, _ html: inout HTMLWriter) {
        let health = feed.health
        let style = !health.condition.isTrouble ? "good" : health.isTold ? "bad" : "wait"
        html.element("div") { html in
            html.element("span", [.style(style)], health.condition.rawValue)
            if health.condition != .fine, let since = health.since {
                html.text(" ")
                html.time(since, now)
            }
            if let why = health.evidence ?? feed.history.lastError {
                html.element("div", [.style("quiet")]) { $0.isolated(why) }
            }
        }
    }

    private static func next(_ feed: FeedState, _ now: Date, _ html: inout HTMLWriter) {
        if feed.gone { return html.text("never") }
        if feed.isStopped { return html.text("stopped until you act") }
        let due = max(feed.nextPoll, feed.notBefore ?? feed.nextPoll)
        if due <= now { return html.text("now") }
        html.time(due, now)
        // Where it is later for another reason, the server has not asked for that.
        if let notBefore = feed.notBefore, notBefore >= feed.nextPoll {
            html.element("div", [.style("quiet")], "as its server asked")
        }
    }

    private static func poll(_ feed: FeedState, _ spec: FeedSpec?, _ request: WebRequest, _ html: inout HTMLWriter) {
        guard spec != nil, !feed.gone else { return html.text("–") }
        // Not its address, which can hold a password.
        let action = Address.page("/feeds", ["poll"], query: [("back", Address.here(request.head))])
        html.form(action, request, fields: [("feed", "\(feed.id.rawValue)")]) { html in
            let name = self.name(feed, spec) ?? FeedName.short(feed.url)
            html.element("button", [.label("Poll \(name) now")], "Poll")
        }
    }
}
