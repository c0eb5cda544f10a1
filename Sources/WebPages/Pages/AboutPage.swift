import Model
import WebServing

/// What this is, how much of it there is, and what it tells nobody.
enum AboutPage {
    static func routes(_ console: Console) -> [WebRoute] {
        [
            .get("/about", .page) { request in
                let setup = console.setup()
                let conditions = try await console.store.feedConditions()
                let troubled = conditions.filter(\.key.isTrouble).values.reduce(0, +)
                let alerts = try await console.store.alertCount(after: 0)
                return WebResponse(
                    page: PageFrame.render("About", at: .about, for: request, console) { html in
                        html.element("h1", "About")
                        html.element("dl", [.style("pairs panel")]) { html in
                            func pair(_ name: String, _ words: String) {
                                html.element("dt", name)
                                html.element("dd", words)
                            }
                            pair("Tocsin", Product.version)
                            pair(
                                "Feeds",
                                "\(Words.count(setup.feeds.count, "feed")), \(Words.grouped(troubled)) in trouble")
                            pair("Watches", Words.count(setup.watches.count, "watch", "watches"))
                            pair("Alerts kept", Words.count(alerts, "alert"))
                            html.element("dt", "Sinks")
                            html.element("dd") { html in
                                html.isolated(setup.sinks.map(\.rawValue), " · ")
                            }
                        }
                        html.element("section", [.style("lead")]) { html in
                            html.element("h2", "What these pages tell others")
                            html.element(
                                "p",
                                "Nothing, as long as you stay on them: every letter, style and picture comes from this "
                                    + "program, and no image of an article is loaded. Two things lead away, and only when you "
                                    + "choose them: a link to an article, whose server sees that somebody came, but not from "
                                    + "where; and ‘Read and try’, for which this machine (or the proxy of 'fetch:') asks the server "
                                    + "of that address.")
                            html.element(
                                "p",
                                "Your browser keeps the addresses of pages that you open in its history, among them the names "
                                    + "of watches. A private window forgets them.")
                            if !request.canAct {
                                html.element(
                                    "p",
                                    "There is no token, so these pages only show. With web: {token: …} in feeds.yaml alerts "
                                        + "can be marked and sent again, watches silenced and feeds polled.")
                            }
                        }
                    })
            }
        ]
    }
}
