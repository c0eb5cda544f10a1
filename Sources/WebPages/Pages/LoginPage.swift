import Model
import WebServing

/// The login, its end, and what a page needs before anybody is known.
enum LoginPage {
    static func routes(_ console: Console) -> [WebRoute] {
        [
            .get("/login", .nothing) { request in
                if console.access.isOpen { return .seeOther(.page("/")) }
                // Whoever comes from a form that was not taken.
                let hasEnded = request.head.parameter("ended") != nil
                return WebResponse(
                    page: page(
                        next: request.head.parameter("next"),
                        fault: hasEnded
                            ? "You had been logged out, and nothing was changed. Log in and do it once more." : nil))
            },
            .post("/login", .nothing, bodyBytes: 8192) { request in
                let next = request.field("next")
                switch console.access.login(with: request.field("token") ?? "", request.head) {
                case .session(let session):
                    var answer = WebResponse.seeOther(next.flatMap(Address.returning) ?? .page("/"))
                    let cookie = console.access.cookie(of: session, request.head)
                    answer.headers.append(HeaderField(name: "set-cookie", value: Array(cookie.utf8)))
                    return answer
                case .wrong:
                    return WebResponse(page: page(next: next, fault: "This is not the token."), 403)
                case .tooMany(let seconds):
                    let words =
                        "Too many wrong tokens came. Try again in \(seconds) seconds; until then none is looked at."
                    var answer = WebResponse(page: page(next: next, fault: words), 429)
                    answer.headers.append(HeaderField(name: "retry-after", value: Array("\(seconds)".utf8)))
                    return answer
                }
            },
            .post("/logout", .action) { request in
                if let session = request.session { console.access.logout(session) }
                var answer = WebResponse.seeOther(.page("/login"))
                let cookie = console.access.noCookie(request.head)
                answer.headers.append(HeaderField(name: "set-cookie", value: Array(cookie.utf8)))
                return answer
            },
        ]
    }

    /// Says nothing but what this is.
    private static func page(next: String?, fault: String?) -> HTMLWriter {
        PageFrame.render("Login", for: nil) { html in
            html.element("form", [.style("login"), .named("method", "post"), .action(.page("/login"))]) { html in
                html.element("h1", "Tocsin")
                if let fault { html.element("p", [.style("fault"), .named("role", "alert")], fault) }
                html.element("label", [.named("for", "token")], "Token")
                html.void(
                    "input",
                    [
                        .id("token"), .name("token"), .type("password"), .named("autocomplete", "current-password"),
                        .flag("required"), .flag("autofocus"),
                    ])
                if let next { html.void("input", [.type("hidden"), .name("next"), .value(next)]) }
                html.element("button", [.style("first")], "Log in")
                html.element(
                    "p", [.style("quiet")],
                    "It stands in feeds.yaml, under web: as token, or in the file that token_file names.")
            }
        }
    }
}
