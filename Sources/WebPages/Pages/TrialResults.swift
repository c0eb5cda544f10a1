import Matching
import Model

/// What came of a trial.
enum TrialResults {
    /// Of watches that did not match: a line for each of thousands is read by nobody.
    private static let mostMisses = 200
    /// Of a feed's items that match, and of those that do not.
    private static let mostItems = 50
    private static let mostOthers = 200

    /// Of one text or page.
    static func write(_ results: [Explanation], to html: inout HTMLWriter) {
        let found = results.filter(\.matched)
        let others = results.filter { !$0.matched }
        html.element("section", [.id("results")]) { html in
            heading(
                found.isEmpty
                    ? "No watch matches."
                    : Words.count(found.count, "watch", "watches") + (found.count == 1 ? " matches." : " match."),
                &html)
            for one in found { write(one, level: "h3", &html) }
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

    /// Of a feed, item by item.
    static func write(_ parts: [AddressReader.Reading.Part], _ matcher: Matcher, to html: inout HTMLWriter) {
        var found: [(heading: String, document: MatchDocument, watches: [String])] = []
        var others: [String] = []
        for part in parts {
            let heading = part.heading ?? "Without a title"
            let matches = matcher.matches(in: part.document)
            if matches.isEmpty {
                others.append(heading)
            } else {
                var watches: [String] = []
                for match in matches where !watches.contains(match.watch) { watches.append(match.watch) }
                found.append((heading, part.document, watches))
            }
        }
        html.element("section", [.id("results")]) { html in
            let all = "A feed with \(Words.count(parts.count, "item")). "
            heading(
                all
                    + (found.isEmpty
                        ? "No watch matches any of them."
                        : "\(Words.grouped(found.count)) \(found.count == 1 ? "matches" : "match")."),
                &html)
            for one in found.prefix(mostItems) {
                html.element("section") { html in
                    html.element("h3", [.auto], one.heading)
                    for watch in one.watches {
                        for explanation in matcher.explain(one.document, watch: watch) where explanation.matched {
                            write(explanation, level: "h4", &html)
                        }
                    }
                }
            }
            if found.count > mostItems { html.element("p", "And \(found.count - mostItems) more that match.") }
            guard !others.isEmpty else { return }
            html.element("details") { html in
                html.element("summary", "What does not match")
                html.element("ul") { html in
                    for title in others.prefix(mostOthers) { html.element("li") { $0.isolated(title) } }
                }
                if others.count > mostOthers { html.element("p", "And \(others.count - mostOthers) more.") }
            }
        }
    }

    /// The part that is read aloud is inside, so that the heading stays one.
    private static func heading(_ words: String, _ html: inout HTMLWriter) {
        html.element("h2") { $0.element("span", [.named("role", "status")], words) }
    }

    private static func write(_ one: Explanation, level: StaticString, _ html: inout HTMLWriter) {
        html.element("div", [.style("panel")]) { html in
            html.element(level) { $0.isolated(one.watch) }
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
