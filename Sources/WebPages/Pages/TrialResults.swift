import Matching
import Model

/// What came of a trial.
enum TrialResults {
    static func write(_ trial: Trial, to html: inout HTMLWriter) {
        html.element("section", [.id("results")]) { html in
            switch trial {
            case .text(let trial): write(trial, &html)
            case .feed(let trial): write(trial, &html)
            }
        }
    }

    private static func write(_ trial: TextTrial, _ html: inout HTMLWriter) {
        let count = trial.found.count + trial.moreFound
        heading(
            count == 0
                ? "No watch matches." : Words.count(count, "watch", "watches") + (count == 1 ? " matches." : " match."),
            &html)
        if trial.isCut {
            late(
                "There was no time to look at everything: what matches is all there, and some of the reasons are missing.",
                &html)
        }
        for one in trial.found { write(one, level: "h3", &html) }
        if trial.moreFound > 0 { more(trial.moreFound, "that match", &html) }
        guard !trial.others.isEmpty else { return }
        html.element("details") { html in
            html.element("summary", "How near the others come")
            html.element("ul", [.style("finds")]) { html in
                for one in trial.others {
                    html.element("li") { html in
                        html.element("h3") { $0.isolated(one.watch) }
                        html.reasons(one.reasons)
                    }
                }
            }
            if trial.moreOthers > 0 { more(trial.moreOthers, "", &html) }
        }
    }

    private static func write(_ trial: FeedTrial, _ html: inout HTMLWriter) {
        heading(
            "A feed with \(Words.count(trial.count, "item")). "
                + (trial.matching == 0
                    ? "No watch matches any of them."
                    : "\(Words.grouped(trial.matching)) \(trial.matching == 1 ? "matches" : "match")."),
            &html)
        if trial.unread > 0 {
            late("There was no time for the last \(Words.count(trial.unread, "item")).", &html)
        } else if trial.isCut {
            late("There was no time for all of the reasons.", &html)
        }
        for item in trial.items {
            html.element("section") { html in
                html.element("h3", [.auto], item.heading)
                for one in item.found { write(one, level: "h4", &html) }
                if item.more > 0 { more(item.more, "that match", &html) }
            }
        }
        if trial.matching > trial.items.count { more(trial.matching - trial.items.count, "that match", &html) }
        guard !trial.others.isEmpty else { return }
        html.element("details") { html in
            html.element("summary", "What does not match")
            html.element("ul") { html in
                for title in trial.others.prefix(FeedTrial.mostOthers) { html.element("li") { $0.isolated(title) } }
            }
            if trial.others.count > FeedTrial.mostOthers { more(trial.others.count - FeedTrial.mostOthers, "", &html) }
        }
    }

    private static func late(_ words: String, _ html: inout HTMLWriter) {
        html.element("p", [.style("notice wait")], words)
    }

    private static func more(_ count: Int, _ what: String, _ html: inout HTMLWriter) {
        html.element("p", "And \(Words.grouped(count)) more\(what.isEmpty ? "" : " " + what).")
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
            html.reasons(one.reasons)
        }
    }
}
