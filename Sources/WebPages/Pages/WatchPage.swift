import Foundation
import Matching
import Model
import WebServing

/// One watch: hits over time, what came near, and as what its names are found.
enum WatchPage {
    private static let mostPeople = 50
    /// Forms are made anew for each look: of so many people at most.
    private static let mostWithForms = 6

    static func routes(_ console: Console) -> [WebRoute] {
        [
            .get("/watches/{name}", .page) { request in
                let name = request.captures["name"] ?? ""
                let setup = console.setup()
                let now = console.clock.now
                let counts = try await console.store.alertsByDay(
                    since: now - Double(WatchesPage.days) * 86_400, watch: name)
                guard let watch = setup.watches.first(where: { $0.name == name }) else {
                    return WebResponse(
                        page: Console.refused(404, "No watch of this name is in feeds.yaml any more."), 404)
                }
                let silence = try await console.store.silences(at: now).first { $0.watch == name }
                let dismissals = try await DismissalList.find(name, request, console)
                let near = try await NearMisses.find(watch, console, setup)
                return WebResponse(
                    page: PageFrame.render("Watch", at: .watches, for: request, console) { html in
                        Actions.Done(request.head)?.write(&html)
                        head(watch, silence, request, now, &html)
                        html.element("section", [.style("panel"), .label("Alerts a day")]) {
                            Timeline(counts, days: WatchesPage.days, now: now).write(to: &$0)
                        }
                        html.element("p") { html in
                            html.element("a", [.href(.page("/", query: [("watch", name)]))], "Its alerts")
                        }
                        conditions(watch, &html)
                        people(watch, &html)
                        near.write(to: &html)
                        dismissals.write(request, now, to: &html)
                    })
            }
        ]
    }

    private static func head(
        _ watch: WatchSpec, _ silence: Silence?, _ request: WebRequest, _ now: Date, _ html: inout HTMLWriter
    ) {
        html.element("h1", [.style("title")]) { $0.isolated(watch.name) }
        html.element("ul", [.style("facts")]) { html in
            html.element("li", [.style("severity \(watch.severity.rawValue)")], watch.severity.rawValue)
            if let codename = watch.codename {
                html.element("li") { html in
                    html.text("called ")
                    html.isolated(codename)
                    html.text(" in messages")
                }
            }
            if let silence { html.element("li", [.style("wait")]) { WatchesPage.silence(silence, now, &$0) } }
        }
        guard request.session != nil else { return }
        html.element("div", [.style("actions")]) { html in
            html.form(.page("/watches", [watch.name, "silence"]), request) { html in
                html.element("label", [.named("for", "for")], "Silence for")
                html.element("select", [.id("for"), .name("for")]) { html in
                    for (value, words) in Actions.silences { html.element("option", [.value(value)], words) }
                }
                html.element("button", silence == nil ? "Silence" : "Silence anew")
            }
            if silence != nil {
                html.form(.page("/watches", [watch.name, "silence"]), request, fields: [("undo", "1")]) {
                    $0.element("button", "End the silence")
                }
            }
        }
        html.element(
            "p", [.style("quiet")], "Alerts of a silent watch are kept and shown here, and not sent.")
    }

    private static func conditions(_ watch: WatchSpec, _ html: inout HTMLWriter) {
        let rows: [(String, [String])] = [
            ("One of", watch.any.map(\.value)), ("Each of", watch.all.map(\.value)),
            ("None of", watch.none.map(\.value)),
            ("Query", [watch.query?.value].compactMap(\.self)), ("Feeds", watch.feeds.map(\.value)),
            ("Languages", watch.languages.map { LanguageName.words($0.value) }),
        ]
        guard rows.contains(where: { !$0.1.isEmpty }) else { return }
        html.element("section") { html in
            html.element("h2", "What it looks for")
            html.element("dl", [.style("pairs")]) { html in
                for (name, words) in rows where !words.isEmpty {
                    html.element("dt", name)
                    html.element("dd") { html in
                        html.isolated(words.prefix(200), " · ")
                        if words.count > 200 { html.text(" · and \(words.count - 200) more") }
                    }
                }
            }
        }
    }

    private static func people(_ watch: WatchSpec, _ html: inout HTMLWriter) {
        guard !watch.people.isEmpty else { return }
        html.element("section") { html in
            html.element("h2", watch.people.count == 1 ? "Who it waits for" : "Whom it waits for")
            for (number, person) in watch.people.prefix(mostPeople).enumerated() {
                html.element("div", [.style("panel")]) { html in
                    html.element("h3") { $0.isolated(person.name.value) }
                    if !person.aliases.isEmpty {
                        html.element("p", [.style("quiet")]) { html in
                            html.text("also ")
                            html.isolated(person.aliases.map(\.value), " · ")
                        }
                    }
                    let forms = number < mostWithForms ? NameForms.forms(of: person.name.value) : []
                    guard !forms.isEmpty else { return }
                    html.element("details") { html in
                        html.element("summary", "Found as")
                        html.element("ul", [.style("forms")]) { html in
                            for form in forms {
                                html.element("li") { html in
                                    html.isolated(form.text)
                                    html.element("span", [.style("quiet")], form.label)
                                }
                            }
                        }
                    }
                }
            }
            if watch.people.count > mostPeople {
                html.element("p", [.style("quiet")], "And \(watch.people.count - mostPeople) more.")
            }
        }
    }
}
