import Model
import WebServing

/// What stands around every page.
enum PageFrame {
    /// In the order of the header.
    enum Place: String, CaseIterable {
        case alerts = "Alerts"
        case feeds = "Feeds"
        case watches = "Watches"
        case trial = "Try"
        case about = "About"

        var address: Address {
            switch self {
            case .alerts: .page("/")
            case .feeds: .page("/feeds")
            case .watches: .page("/watches")
            case .trial: .page("/try")
            case .about: .page("/about")
            }
        }
    }

    /// - Parameters:
    ///   - title: of what stands here, and not of whom it is about: browsers keep it.
    ///   - request: nil for pages that anybody can see; they have no header.
    ///   - console: nil for those.
    static func render(
        _ title: String, at place: Place? = nil, for request: WebRequest?, _ console: Console? = nil,
        _ inner: (inout HTMLWriter) -> Void
    ) -> HTMLWriter {
        var html = HTMLWriter()
        html.doctype()
        html.element("html", [.named("lang", "en"), .named("dir", "ltr")]) { html in
            html.element("head") { html in
                html.void("meta", [.named("charset", "utf-8")])
                html.void("meta", [.name("viewport"), .named("content", "width=device-width, initial-scale=1")])
                html.void("meta", [.name("color-scheme"), .named("content", "light dark")])
                html.void("meta", [.name("robots"), .named("content", "noindex, nofollow")])
                html.element("title", title == "Tocsin" ? title : "\(title) · Tocsin")
                html.void("link", [.named("rel", "stylesheet"), .href(.page("/assets/style.css"))])
                html.void("link", [.named("rel", "icon"), .href(.page("/favicon.ico")), .type("image/svg+xml")])
                html.element("script", [.source(.page("/assets/script.js")), .flag("defer")]) { _ in }
            }
            // How late it is here: the browser's clock may differ, and counts on from this.
            let now: [HTMLWriter.Attribute] = console.map { [.named("data-now", Timestamp.text($0.clock.now))] } ?? []
            html.element("body", now) { html in
                if let request { header(place, request, &html) }
                html.element("main", [.id("main"), .named("tabindex", "-1")]) { html in
                    if let refusal = console?.setup().refusal { self.refusal(refusal, &html) }
                    inner(&html)
                }
            }
        }
        return html
    }

    /// Else whoever has added somebody and sees no fault believes that he is watched.
    private static func refusal(_ words: String, _ html: inout HTMLWriter) {
        html.element("p", [.id("refusal"), .style("notice wait")]) { html in
            html.text("The configuration has changed and was not taken; Tocsin works with the one before. ")
            html.isolated(words)
        }
    }

    private static func header(_ place: Place?, _ request: WebRequest, _ html: inout HTMLWriter) {
        html.element("a", [.style("skip"), .href(.here("main"))], "To the content")
        html.element("header", [.style("bar")]) { html in
            html.element("div") { html in
                html.element("a", [.style("brand"), .href(.page("/"))]) { html in
                    html.element("svg", [.named("viewBox", "0 0 24 24"), .named("aria-hidden", "true")]) { html in
                        html.element("path", [.named("d", Assets.bell)]) { _ in }
                    }
                    html.text("Tocsin")
                }
                html.element("nav", [.label("Pages")]) { html in
                    html.element("ul") { html in
                        for one in Place.allCases {
                            html.element("li") { html in
                                let current: [HTMLWriter.Attribute] =
                                    one == place ? [.named("aria-current", "page")] : []
                                html.element("a", [.href(one.address)] + current, one.rawValue)
                            }
                        }
                    }
                }
                if request.session != nil {
                    html.form(.page("/logout"), request) { $0.element("button", [.style("plain")], "Log out") }
                }
            }
        }
    }
}

extension HTMLWriter {
    /// A form that changes something, with what shows that it is ours.
    mutating func form(
        _ address: Address, _ request: WebRequest, fields: [(StaticString, String)] = [],
        _ inner: (inout HTMLWriter) -> Void
    ) {
        element("form", [.named("method", "post"), .action(address)]) { html in
            html.void("input", [.type("hidden"), .name("csrf"), .value(request.session?.formToken ?? "")])
            for (name, value) in fields {
                html.void("input", [.type("hidden"), .name("\(name)"), .value(value)])
            }
            inner(&html)
        }
    }

    /// A choice of one, with the label above it.
    ///
    /// What is chosen and not among the options is one more: nothing should be left out without being seen.
    ///
    /// - Parameter options: values with their words.
    mutating func choice(
        _ label: String, name: String, _ options: [(value: String, words: String)], chosen: String?
    ) {
        element("div") { html in
            html.element("label", [.named("for", "f-\(name)")], label)
            html.element("select", [.id("f-\(name)"), .name(name)]) { html in
                let isKnown = chosen.map { value in options.contains { $0.value == value } } ?? true
                for option in options + (isKnown ? [] : [(value: chosen ?? "", words: (chosen ?? "").legible)]) {
                    let isChosen: [Attribute] = option.value == chosen ?? "" ? [.flag("selected")] : []
                    html.element("option", [.value(option.value), .auto] + isChosen, option.words)
                }
            }
        }
    }

    /// What has come of an action, above everything.
    mutating func notice(_ words: String, isHeld: Bool = false) {
        notice(isHeld: isHeld) { $0.text(words) }
    }

    mutating func notice(isHeld: Bool, _ inner: (inout HTMLWriter) -> Void) {
        element("p", [.style(isHeld ? "notice wait" : "notice"), .named("role", "status")], inner)
    }

    /// A parameter of the page's address whose value is none.
    mutating func ignored(_ parameter: String) {
        notice(
            "The address of this page has a '\(parameter)' that Tocsin does not know, so nothing is left out by it.",
            isHeld: true)
    }

    /// Links to the pages before and after this one. Beyond the last page there is a way back.
    ///
    /// - Parameters:
    ///   - label: of which pages, for who cannot see it.
    ///   - what: how much there is of them, in words.
    mutating func pages(
        _ number: Int, of last: Int, _ label: String, _ what: String? = nil, _ address: (Int) -> Address?
    ) {
        guard last > 1 || number > last else { return }
        element("nav", [.style("pages"), .label(label)]) { html in
            func link(_ number: Int, _ words: String, _ html: inout HTMLWriter) {
                html.element("span") { html in
                    if (1...last).contains(number), let address = address(number) {
                        html.element("a", [.href(address)], words)
                    }
                }
            }
            link(min(number - 1, last), "← Back", &html)
            html.element(
                "span", [.style("quiet")],
                "page \(number) of \(Words.grouped(last))" + (what.map { ", \($0)" } ?? ""))
            link(number + 1, "More →", &html)
        }
    }
}
