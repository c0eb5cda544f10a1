package import Logging
package import Model

/// Leads requests to their routes, past what each of them needs.
///
/// For every request: the name by which we are called, the route, who is calling. For every `POST` that a browser sends
/// moreover where its form stood, and for actions its token.
package struct WebRouter: WebHandler {
    /// How people are told that something is not to be had. Nil: by plain text.
    package typealias Refusal = @Sendable (_ status: Int, _ words: String, WebRequestHead) -> WebResponse

    private let routes: [WebRoute]
    private let access: WebAccess
    private let refusal: Refusal?
    private let logger: Logger

    package init(_ routes: [WebRoute], access: WebAccess, refusal: Refusal? = nil, logger: Logger) {
        self.routes = routes
        self.access = access
        self.refusal = refusal
        self.logger = logger
    }

    package func admit(_ head: WebRequestHead) async -> WebAdmission {
        switch find(head) {
        case .refused(let answer): return .answer(SecurityHeaders.added(to: answer))
        case .found(let route, let captures):
            let request = WebRequest(head: head, captures: captures, canAct: access.hasToken)
            let gate = pass(request, route)
            guard case .passed(let known) = gate else {
                if case .refused(let answer) = gate { return .answer(SecurityHeaders.added(to: answer)) }
                return .answer(WebResponse(500))
            }
            switch route.kind {
            case .whole(let answer):
                if route.method == .post {
                    return .body(limit: route.bodyBytes, key: "\(head.peer ?? "") \(route.path)")
                }
                return .answer(await respond(known, answer))
            case .streamed(let answer):
                do {
                    let (head, stream) = try await answer(known)
                    return .stream(SecurityHeaders.added(to: head), stream)
                } catch {
                    return .answer(failure(error, head))
                }
            }
        }
    }

    package func respond(to head: WebRequestHead, body: [UInt8]) async -> WebResponse {
        guard case .found(let route, let captures) = find(head), case .whole(let answer) = route.kind else {
            return WebResponse(404)
        }
        var request = WebRequest(head: head, captures: captures, body: body, canAct: access.hasToken)
        if head.text(of: "content-type")?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true {
            request.form = WebHead.parameters(Substring(decoding: body, as: UTF8.self))
        }
        switch pass(request, route) {
        case .refused(let answer): return SecurityHeaders.added(to: answer)
        case .passed(let known):
            if route.need == .action, !Self.isEqual(known.field("csrf") ?? "", known.session?.formToken) {
                return SecurityHeaders.added(
                    to: refuse(403, "This form has become stale. Go back, load the page again and try once more.", head)
                )
            }
            return await respond(known, answer)
        }
    }

    package func refusal(_ status: Int, of head: WebRequestHead) -> WebResponse {
        SecurityHeaders.added(to: refuse(status, WebRefusal.words(status), head))
    }

    // MARK: what a route needs

    private enum Place {
        case found(WebRoute, [String: String])
        case refused(WebResponse)
    }

    private func find(_ head: WebRequestHead) -> Place {
        let hosts = head.headers.filter { $0.name == "host" }
        guard hosts.count == 1, let host = head.text(of: "host"), access.isOwnName(host) else {
            return .refused(
                refuse(
                    403,
                    "Tocsin does not know itself by this name. If it is right, add it in feeds.yaml: "
                        + "web: {hosts: [NAME]}", head))
        }
        let parts = WebRoute.parts(head.path)
        let method = head.method == "HEAD" ? "GET" : head.method
        var others: Set<String> = []
        for route in routes {
            guard let captures = route.captures(in: parts) else { continue }
            if route.method.rawValue == method { return .found(route, captures) }
            others.insert(route.method.rawValue)
            if route.method == .get { others.insert("HEAD") }
        }
        if others.isEmpty { return .refused(refuse(404, "There is no such page.", head)) }
        let allowed = others.sorted().joined(separator: ", ")
        var answer = refuse(405, "This is for \(allowed) only.", head)
        answer.headers.append(HeaderField(name: "allow", value: Array(allowed.utf8)))
        return .refused(answer)
    }

    private enum Passage {
        case passed(WebRequest)
        case refused(WebResponse)
    }

    private func pass(_ request: WebRequest, _ route: WebRoute) -> Passage {
        let head = request.head
        if route.method == .post, Self.isFromElsewhere(head) {
            return .refused(refuse(403, "This form stood on another site.", head))
        }
        if route.need == .nothing { return .passed(request) }
        switch access.standing(of: head) {
        case .known(let session):
            if route.need == .action, session == nil {
                let words =
                    request.canAct
                    ? "This is done from the page, after the login."
                    : "Without a token in feeds.yaml (web: {token: …}) the page only shows."
                return .refused(refuse(403, words, head))
            }
            var request = request
            request.session = session
            return .passed(request)
        case .tooMany(let seconds):
            var answer = refuse(429, "Too many wrong tokens. Try again in \(seconds) seconds.", head)
            answer.headers.append(HeaderField(name: "retry-after", value: Array("\(seconds)".utf8)))
            return .refused(answer)
        case .unknown:
            if route.need == .program {
                var answer = refuse(401, "The token is wanted: Authorization: Bearer TOKEN", head)
                answer.headers.append(
                    HeaderField(name: "www-authenticate", value: Array("Bearer realm=\"tocsin\"".utf8)))
                return .refused(answer)
            }
            return .refused(route.method == .get ? Self.login(head) : loginAfterForm(head))
        }
    }

    /// A browser says where a form stood that it sends. Of an origin it says 'null' where pages tell no referrer, as ours: then an
    /// action's own token is what counts.
    private static func isFromElsewhere(_ head: WebRequestHead) -> Bool {
        if let site = head.text(of: "sec-fetch-site") { return !["same-origin", "none"].contains(site) }
        guard let origin = head.text(of: "origin"), origin != "null" else { return false }
        let authority = origin.split(separator: "/", omittingEmptySubsequences: true).last.map { $0.lowercased() }
        return authority != head.text(of: "host")?.lowercased()
    }

    /// Leads to the login, or first here once more: the session's cookie is not sent where another site's link leads here,
    /// and is where we do.
    private static func login(_ head: WebRequestHead) -> WebResponse {
        if head.text(of: "sec-fetch-site") == "cross-site" {
            var answer = WebResponse(200, headers: [HeaderField(name: "refresh", value: Array("0".utf8))])
            answer.body = Array("<!doctype html><title>Tocsin</title>".utf8)
            answer.headers.append(HeaderField(name: "content-type", value: Array("text/html; charset=utf-8".utf8)))
            return answer
        }
        let isPlain = head.path == "/" && head.query.isEmpty
        return WebResponse(seeOther: isPlain ? "/login" : "/login?next=" + encoded(target(head)))
    }

    /// Says there that nothing was done, and leads back to where the form stood: what its address names as `back`, the page of the same
    /// address, or the one above. The body, which is not read, may say more.
    private func loginAfterForm(_ head: WebRequestHead) -> WebResponse {
        if head.path == "/logout" { return WebResponse(seeOther: "/login") }
        let parts = WebRoute.parts(head.path)
        let own = routes.contains { $0.method == .get && $0.captures(in: parts) != nil }
        let place = own ? head.path : parts.dropLast().joined(separator: "/")
        let back = head.parameter("back") ?? place
        return WebResponse(seeOther: "/login?ended=1" + (back.isEmpty ? "" : "&next=" + Self.encoded(back)))
    }

    /// Path and query, as they could have come.
    private static func target(_ head: WebRequestHead) -> String {
        let pairs = head.query.map { "\(encoded($0.name))=\(encoded($0.value))" }
        return head.path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2D, 0x2E, 0x2F, 0x5F].contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            result += isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.count == 1 ? "0" : "") + digits
        }
    }

    /// In a time that does not tell where they differ.
    private static func isEqual(_ shown: String, _ known: String?) -> Bool {
        guard let known, shown.utf8.count == known.utf8.count else { return false }
        return zip(shown.utf8, known.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    // MARK: answers

    private func respond(_ request: WebRequest, _ answer: WebRoute.Answer) async -> WebResponse {
        do {
            return SecurityHeaders.added(to: try await answer(request))
        } catch {
            return failure(error, request.head)
        }
    }

    private func failure(_ error: any Error, _ head: WebRequestHead) -> WebResponse {
        logger.warning("a page cannot be shown", metadata: ["path": "\(head.path.legible)", "error": "\(error)"])
        guard let error = error as? StoreError else {
            return SecurityHeaders.added(to: refuse(500, "Tocsin has failed here. Its log says why.", head))
        }
        let isChange = head.method == "POST"
        let words = (isChange ? "Nothing was changed: " : "The state cannot be read just now: ") + Self.words(error)
        var answer = refuse(503, words, head)
        answer.headers.append(HeaderField(name: "retry-after", value: Array("10".utf8)))
        return SecurityHeaders.added(to: answer)
    }

    /// For who reads a page: what to do about it, and no paths. The log has the rest.
    private static func words(_ error: StoreError) -> String {
        switch error {
        case .inUse: "another program is using the state just now, a backup perhaps. Try again in a moment."
        case .full: "there is no room left on the disk of the state. Nothing is lost meanwhile."
        case .readOnly: "the state cannot be written. Whoever runs Tocsin should look at its permissions."
        case .cannotCreate, .notADatabase, .foreign, .corrupt, .newerVersion, .failed:
            "something is wrong with the state. Tocsin's log says what."
        }
    }

    /// A page for people, a problem for programs, else plain text.
    private func refuse(_ status: Int, _ words: String, _ head: WebRequestHead) -> WebResponse {
        if Problem.isFit(for: head) { return Problem(status, words).response }
        let isForPeople = head.text(of: "accept")?.contains("text/html") ?? false
        return isForPeople
            ? refusal?(status, words, head) ?? WebResponse(status, words) : WebResponse(status, words + "\n")
    }
}
