import Foundation
import Matching
import Model
import WebServing

/// A text to try: which watches it would match, where and why, and how near the others come.
enum TrialPage {
    private static let mostBytes = 200_000
    /// Of watches that did not match: a line for each of thousands is read by nobody.
    private static let mostMisses = 200

    static func routes(_ console: Console) -> [WebRoute] {
        [
            .get("/try", .page) { request in page(request, title: "", text: "", language: "", nil) },
            .post("/try", .page, bodyBytes: mostBytes * 3 + 4096) { request in
                let title = request.field("title") ?? ""
                let text = request.field("text") ?? ""
                let language = request.field("language") ?? ""
                guard title.utf8.count + text.utf8.count <= mostBytes else {
                    return WebResponse(page: Console.refused(413, "The text is longer than 200 kB."), 413)
                }
                var parts: [MatchDocument.Part] = []
                if !title.isEmpty { parts.append(.init(.title, title)) }
                if !text.isEmpty { parts.append(.init(.content, text)) }
                let document = MatchDocument(parts: parts, language: language.isEmpty ? nil : language)
                let explanations = parts.isEmpty ? [] : console.setup().matcher.explain(document, watch: nil)
                return page(request, title: title, text: text, language: language, explanations)
            },
        ]
    }

    private static func page(
        _ request: WebRequest, title: String, text: String, language: String, _ results: [Explanation]?
    ) -> WebResponse {
        WebResponse(
            page: PageFrame.render("Try", at: .trial, for: request) { html in
                html.element("h1", "Try a text")
                html.element(
                    "p", [.style("lead quiet")],
                    "What would match, where and why. The text goes to this program only, is not kept, and alerts nobody."
                )
                if let results { write(results, title: title, text: text, &html) }
                form(title, text, language, &html)
            })
    }

    private static func form(_ title: String, _ text: String, _ language: String, _ html: inout HTMLWriter) {
        html.element("form", [.style("stack"), .named("method", "post"), .action(.page("/try"))]) { html in
            html.element("div") { html in
                html.element("label", [.named("for", "title")], "Title")
                html.void("input", [.id("title"), .name("title"), .value(title), .auto, .named("autocomplete", "off")])
            }
            html.element("div") { html in
                html.element("label", [.named("for", "text")], "Text")
                html.element(
                    "textarea", [.id("text"), .name("text"), .auto, .flag("required"), .named("spellcheck", "false")],
                    // A line break at its very beginning is not part of it.
                    "\n" + text)
            }
            html.element("div") { html in
                html.element(
                    "label", [.named("for", "language")], "Language, such as kk or zh; empty: by its letters and words")
                html.void(
                    "input",
                    [
                        .id("language"), .name("language"), .value(language), .named("maxlength", "35"),
                        .named("autocomplete", "off"),
                    ])
            }
            html.element("div", [.style("actions")]) { $0.element("button", [.style("first")], "Try") }
        }
    }

    private static func write(_ results: [Explanation], title: String, text: String, _ html: inout HTMLWriter) {
        let found = results.filter(\.matched)
        let others = results.filter { !$0.matched }
        html.element("section", [.id("results")]) { html in
            html.element("h2", [.named("role", "status")]) { html in
                html.text(
                    found.isEmpty
                        ? "No watch matches."
                        : Words.count(found.count, "watch", "watches") + (found.count == 1 ? " matches." : " match."))
            }
            for one in found { write(one, &html) }
            guard !others.isEmpty else { return }
            html.element("details") { html in
                html.element("summary", "How near the others come")
                html.element("ul", [.style("finds")]) { html in
                    for one in others.prefix(mostMisses) {
                        html.element("li") { html in
                            html.element("h3") { $0.isolated(one.watch) }
                            reasons(one, &html)
                        }
                    }
                }
                if others.count > mostMisses { html.element("p", "And \(others.count - mostMisses) more.") }
            }
        }
    }

    private static func write(_ one: Explanation, _ html: inout HTMLWriter) {
        html.element("div", [.style("panel")]) { html in
            html.element("h3") { $0.isolated(one.watch) }
            html.element("ul", [.style("finds")]) { html in
                for match in one.matches {
                    html.element("li") { html in
                        html.element("p", [.auto]) {
                            $0.marked(match.context.isEmpty ? match.text : match.context, [match.text])
                        }
                        html.element("ul", [.style("facts")]) { html in
                            html.element("li") { $0.isolated(match.pattern) }
                            html.element("li", "in the \(match.field == .content ? "text" : match.field.rawValue)")
                            html.element("li", "score \(AlertPageView.percent(match.score))")
                        }
                    }
                }
            }
            reasons(one, &html)
        }
    }

    private static func reasons(_ one: Explanation, _ html: inout HTMLWriter) {
        html.element("ul", [.style("why")]) { html in
            for reason in one.reasons { html.element("li") { $0.isolated(reason) } }
        }
    }
}
