import Foundation
import Matching
import Model
import WebServing

/// One alert: what was found, why, and what became of it.
enum AlertPageView {
    static func routes(_ console: Console) -> [WebRoute] {
        [
            .get("/alerts/{id}", .page) { request in
                let id = AlertID(request.captures["id"] ?? "")
                guard let kept = try await console.store.keptAlert(id) else {
                    return WebResponse(page: Console.refused(404, "No alert of this id is kept."), 404)
                }
                let dismissed = try await console.store.dismissals(of: id)
                let now = console.clock.now
                let setup = console.setup()
                return WebResponse(
                    page: PageFrame.render("Alert", at: .alerts, for: request, console) { html in
                        Actions.Done(request.head)?.write(&html)
                        head(kept, now, &html)
                        if request.session != nil { actions(kept, dismissed, request, setup, &html) }
                        if kept.alert.kind == .alert { matches(kept.alert, setup, &html) }
                        item(kept.alert, &html)
                        deliveries(kept, now, &html)
                    })
            }
        ]
    }

    private static func head(_ kept: KeptAlert, _ now: Date, _ html: inout HTMLWriter) {
        let alert = kept.alert
        html.element("ul", [.style("facts")]) { html in
            html.element("li") { $0.time(alert.timestamp, now) }
            html.element("li", [.style("severity \(alert.severity.rawValue)")]) { html in
                html.text(alert.kind == .health ? "health" : alert.severity.rawValue)
            }
            for watch in alert.watches {
                html.element("li") { html in
                    html.element("a", [.style("tag"), .href(.page("/watches", [watch]))]) { $0.isolated(watch) }
                }
            }
            if let seen = kept.acknowledged {
                html.element("li", [.style("good")]) { html in
                    html.text("seen ")
                    html.time(seen, now)
                }
            }
        }
        html.element("h1", [.style("title"), .auto] + LanguageName.attribute(alert.item.language)) {
            $0.marked(AlertTitle.words(alert), alert.matches.filter { $0.field == .title }.map(\.text))
        }
        if alert.kind == .health, let summary = alert.item.summary {
            html.element("p", [.style("lead")]) { $0.isolated(summary) }
        }
        if let address = Address.external(alert.item.url) {
            html.element("p", [.style("actions")]) { html in
                html.element(
                    "a",
                    [
                        .style("button"), .href(address), .named("rel", "noopener noreferrer"),
                        .named("target", "_blank"),
                    ]
                ) { html in
                    html.text(alert.kind == .health ? "Open the feed at " : "Open the article at ")
                    html.isolated(URLParts(address.text).map { String($0.hostAndPort) } ?? "")
                }
                html.element("span", [.style("quiet")], "This tells that server that you read it.")
            }
        }
    }

    private static func actions(
        _ kept: KeptAlert, _ dismissed: [Dismissal], _ request: WebRequest, _ setup: Console.Setup,
        _ html: inout HTMLWriter
    ) {
        let id = kept.alert.id.rawValue
        html.element("section", [.style("actions"), .label("Actions")]) { html in
            let isSeen = kept.acknowledged != nil
            html.form(.page("/alerts", [id, "seen"]), request, fields: isSeen ? [("undo", "1")] : []) {
                $0.element("button", [.style(isSeen ? "" : "first")], isSeen ? "Not seen after all" : "Seen")
            }
            for watch in kept.alert.watches {
                let isDismissed = dismissed.contains { $0.watch == watch }
                let isPerson = setup.watches.first { $0.name == watch }.map { !$0.people.isEmpty } ?? false
                let fields: [(StaticString, String)] = [("watch", watch)] + (isDismissed ? [("undo", "1")] : [])
                html.form(.page("/alerts", [id, "dismissal"]), request, fields: fields) { html in
                    html.element("button") { html in
                        html.text(isDismissed ? "Meant after all" : isPerson ? "Not my person" : "Not meant")
                        if kept.alert.watches.count > 1 {
                            html.text(": ")
                            html.isolated(watch)
                        }
                    }
                }
            }
            // What waits for another try need not wait.
            if kept.deliveries.contains(where: {
                [.failed, .dead, .suppressed].contains($0.state) || $0.state == .pending && $0.attempts > 0
            }) {
                html.form(.page("/alerts", [id, "retry"]), request) { $0.element("button", "Send again") }
            }
        }
        if !dismissed.isEmpty {
            html.element("p", [.style("quiet")]) { html in
                html.text("This article and the same text elsewhere are sent no more for ")
                html.isolated(dismissed.map(\.watch), ", ")
                html.text(".")
            }
        }
    }

    // MARK: why

    private static func matches(_ alert: Alert, _ setup: Console.Setup, _ html: inout HTMLWriter) {
        html.element("section") { html in
            html.element("h2", "What was found")
            html.element("ul", [.style("finds panel")]) { html in
                for match in alert.matches {
                    html.element("li") { html in
                        html.element("p", [.auto] + LanguageName.attribute(alert.item.language)) {
                            $0.marked(match.context.isEmpty ? match.text : match.context, [match.text])
                        }
                        html.element("ul", [.style("facts")]) { html in
                            html.element("li") { html in
                                html.text(match.kind == .person ? "person " : match.kind == .term ? "term " : "query ")
                                html.isolated(match.pattern)
                            }
                            html.element("li", "in the \(match.field.rawValue)")
                            html.element("li", "score \(percent(match.score))")
                        }
                    }
                }
            }
            let explanations = reasons(alert, setup)
            guard !explanations.isEmpty else { return }
            html.element("details") { html in
                html.element("summary", "Why it matched")
                for explanation in explanations {
                    if alert.watches.count > 1 { html.element("h3") { $0.isolated(explanation.watch) } }
                    html.reasons(explanation.reasons)
                }
                html.element(
                    "p", [.style("quiet")], "By the watches as they are now, from the words that are kept of it.")
            }
        }
    }

    static func percent(_ score: Double) -> String { "\(Int((min(max(score, 0), 1) * 100).rounded())) %" }

    /// Of what is kept: title, summary, and the words around each find.
    private static func reasons(_ alert: Alert, _ setup: Console.Setup) -> [Explanation] {
        var parts: [MatchDocument.Part] = []
        if let title = alert.item.title { parts.append(.init(.title, title)) }
        if let summary = alert.item.summary { parts.append(.init(.summary, summary)) }
        for match in alert.matches where match.field != .title && match.field != .summary {
            if !parts.contains(where: { $0.text == match.context }) { parts.append(.init(match.field, match.context)) }
        }
        let document = MatchDocument(
            parts: parts, language: alert.item.language, feedName: alert.feed.name, feedTags: alert.feed.tags)
        return setup.matcher.explain(document, watches: Set(alert.watches)).filter(\.matched)
    }

    /// News of health are of a feed, of a sink or of the network (`tocsin:sink/desk`).
    private static func heading(_ alert: Alert) -> String {
        if alert.kind == .alert { return "The article" }
        if alert.feed.url.hasPrefix("tocsin:sink/") { return "The sink" }
        return alert.feed.url.hasPrefix("tocsin:") ? "Tocsin" : "The feed"
    }

    private static func item(_ alert: Alert, _ html: inout HTMLWriter) {
        html.element("section") { html in
            html.element("h2", heading(alert))
            html.element("dl", [.style("pairs")]) { html in
                func pair(_ name: String, _ write: (inout HTMLWriter) -> Void) {
                    html.element("dt", name)
                    html.element("dd", [.auto], write)
                }
                if alert.kind == .alert, let summary = alert.item.summary { pair("Summary") { $0.isolated(summary) } }
                if !alert.item.authors.isEmpty {
                    pair("Authors") { $0.isolated(alert.item.authors, ", ") }
                }
                if let published = alert.item.published { pair("Published") { $0.exactTime(published) } }
                pair("First seen") { $0.exactTime(alert.firstSeen) }
                if let language = alert.item.language { pair("Language") { $0.text(LanguageName.words(language)) } }
                let isOwn = alert.feed.url.hasPrefix("tocsin:")
                pair(isOwn ? "From" : "Feed") { html in
                    html.element("a", [.href(.page("/", query: [("feed", alert.feed.url)]))]) {
                        $0.isolated(isOwn ? alert.feed.url : FeedName.words(alert.feed))
                    }
                }
                if let url = alert.item.url {
                    pair("Link") { $0.element("bdi", [.named("dir", "ltr"), .style("mono")], url) }
                }
                if !alert.alsoIn.isEmpty {
                    pair("Also in") { $0.isolated(alert.alsoIn.map(FeedName.words), ", ") }
                }
                if let first = alert.duplicateOf {
                    pair("Copy of") { html in
                        html.element("a", [.href(.page("/alerts", [first.rawValue]))], "the first alert of this story")
                    }
                }
                if let dismissed = alert.resemblesDismissed {
                    pair("Much like") { html in
                        html.element(
                            "a", [.href(.page("/alerts", [dismissed.rawValue]))], "one that is marked as not meant")
                    }
                }
                pair("Id") { $0.element("span", [.style("mono")], alert.id.rawValue) }
            }
        }
    }

    // MARK: deliveries

    private static func deliveries(_ kept: KeptAlert, _ now: Date, _ html: inout HTMLWriter) {
        html.element("section") { html in
            html.element("h2", "Where it went")
            guard !kept.deliveries.isEmpty else {
                html.element("p", [.style("quiet")], "No sink wanted it.")
                return
            }
            html.element("table", [.style("cards")]) { html in
                html.row("th", head: ["Sink", "State", "Tries", "Next try", "What was said"])
                html.element("tbody") { html in
                    for delivery in kept.deliveries {
                        html.element("tr") { html in
                            html.element("th", [.named("scope", "row")]) { $0.isolated(delivery.sink.rawValue) }
                            html.cell("State") {
                                $0.element("span", [.style(style(delivery.state))], Words.state(delivery.state))
                            }
                            html.cell("Tries") { $0.text("\(delivery.attempts)") }
                            html.cell("Next try") { html in
                                nextTry(delivery.nextTry, now, &html)
                            }
                            html.cell("What was said") { $0.isolated(delivery.lastError ?? "–") }
                        }
                    }
                }
            }
            for delivery in kept.deliveries where !delivery.history.isEmpty {
                html.element("details") { html in
                    html.element("summary") { html in
                        html.text("Tries of ")
                        html.isolated(delivery.sink.rawValue)
                    }
                    html.element("ol", [.style("why")]) { html in
                        for attempt in delivery.history { html.element("li") { write(attempt, &$0) } }
                    }
                }
            }
        }
    }

    /// One whose time has come is under way, or waits for what its sink does with others first.
    private static func nextTry(_ next: Date?, _ now: Date, _ html: inout HTMLWriter) {
        guard let next else { return html.text("–") }
        if next > now { return html.time(next, now) }
        html.text(now.timeIntervalSince(next) < 60 ? "now" : "as soon as its sink is ready")
    }

    private static func write(_ attempt: DeliveryAttempt, _ html: inout HTMLWriter) {
        html.text("\(attempt.number), ")
        html.exactTime(attempt.at)
        let verdict = attempt.verdict == .deferred ? "put off" : attempt.verdict.rawValue
        let status = attempt.status.map { ", status \($0)" } ?? ""
        let took = Int((attempt.duration / .milliseconds(1)).rounded())
        html.text(": \(verdict)\(status), \(Words.grouped(took)) ms")
        guard let said = attempt.reason ?? attempt.answer else { return }
        html.text(": ")
        html.isolated(said)
    }

    private static func style(_ state: Delivery.State) -> String {
        switch state {
        case .sent: "good"
        case .failed: "bad"
        case .pending: "wait"
        case .dead, .suppressed: "quiet"
        }
    }
}

extension HTMLWriter {
    /// The head of a table.
    mutating func row(_ tag: StaticString, head names: [String]) {
        element("thead") { html in
            html.element("tr") { html in
                for name in names { html.element(tag, [.named("scope", "col")], name) }
            }
        }
    }

    /// A cell that tells on narrow screens what it is.
    mutating func cell(_ name: String, style: String? = nil, _ inner: (inout HTMLWriter) -> Void) {
        element("td", [.named("data-name", name)] + (style.map { [.style($0)] } ?? []), inner)
    }
}
