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
    static func render(
        _ title: String, at place: Place? = nil, for request: WebRequest?, _ inner: (inout HTMLWriter) -> Void
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
            html.element("body") { html in
                if let request { header(place, request, &html) }
                html.element("main", [.id("main"), .named("tabindex", "-1")]) { html in inner(&html) }
            }
        }
        return html
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
        element("p", [.style(isHeld ? "notice wait" : "notice"), .named("role", "status")], words)
    }
}
