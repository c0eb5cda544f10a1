import Model
import WebServing

/// What stands around every page.
enum PageFrame {
    /// - Parameter request: nil for pages that anybody can see.
    static func render(
        _ title: String, for request: WebRequest?, _ inner: (inout HTMLWriter) -> Void
    ) -> HTMLWriter {
        var html = HTMLWriter()
        html.doctype()
        html.element("html", [.named("lang", "en")]) { html in
            html.element("head") { html in
                html.void("meta", [.named("charset", "utf-8")])
                html.element("title", title)
            }
            html.element("body") { html in
                html.element("main", [.id("main")]) { html in inner(&html) }
            }
        }
        return html
    }
}
