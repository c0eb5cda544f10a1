import Model
import WebServing

/// The style, the script and the icon: of no page in particular, and open to the login.
enum Assets {
    static let routes: [WebRoute] = [
        .get("/assets/style.css", .nothing) { _ in
            WebResponse(200, kind: "text/css; charset=utf-8", Array(Stylesheet.text.utf8))
        },
        .get("/assets/script.js", .nothing) { _ in
            WebResponse(200, kind: "text/javascript; charset=utf-8", Array(Script.text.utf8))
        },
        .get("/favicon.ico", .nothing) { _ in WebResponse(200, kind: "image/svg+xml", Array(icon.utf8)) },
    ]

    /// A bell.
    static let bell =
        "M12 2a1.4 1.4 0 0 0-1.4 1.5C7.7 4.2 5.7 6.7 5.7 9.8v4.4L4 17v1h16v-1l-1.7-2.8V9.8c0-3.1-2-5.6-4.9-6.3"
        + "A1.4 1.4 0 0 0 12 2zm-2.3 17.4a2.3 2.3 0 0 0 4.6 0z"

    private static let icon =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><path fill=\"#0b6e78\" d=\"\(bell)\"/></svg>"
}
