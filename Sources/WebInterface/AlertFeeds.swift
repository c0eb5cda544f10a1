import Foundation
import Model
import WebServing

/// Alerts as feeds that any reader can subscribe to: all of them, or those of one watch.
struct AlertFeeds: Sendable {
    /// Entries of a document. Older ones are on the next page (RFC 5005), so a reader that comes seldom misses none.
    private static let usualAtOnce = 100

    /// A document before it is written.
    struct Document {
        var scope: FeedKey.Scope
        var entries: [KeptAlert]
        /// Absolute.
        var address: String
        /// Of the page with older ones.
        var next: String?

        var title: String {
            switch scope {
            case .all: "Tocsin: alerts"
            case .watch(let name): "Tocsin: alerts of \(name)"
            }
        }

        /// Nothing that changes without an alert, or every reader would take it for news each time.
        var updated: Date { entries.first?.alert.timestamp ?? Date(timeIntervalSince1970: 0) }
    }

    private struct TooMany: Error {
        var seconds: Int
    }

    let source: InterfaceSource

    func answer(_ request: WebRequest, _ format: FeedKey.Format) async throws -> WebResponse {
        do {
            return try await document(request, format)
        } catch let problem as Problem {
            var answer = problem.response
            if problem.status == 401 {
                answer.headers.append(
                    HeaderField(name: "www-authenticate", value: Array("Bearer realm=\"tocsin\"".utf8)))
            }
            return answer
        } catch let wait as TooMany {
            var answer = Problem(429, "Too many wrong tokens or keys came. Try again in \(wait.seconds) seconds.")
                .response
            answer.headers.append(HeaderField(name: "retry-after", value: Array("\(wait.seconds)".utf8)))
            return answer
        }
    }

    private func document(_ request: WebRequest, _ format: FeedKey.Format) async throws -> WebResponse {
        let parameters = try Parameters(request.head, ["key", "severity", "quiet", "limit", "cursor"])
        let scope = request.captures["name"].map { FeedKey.Scope.watch($0) } ?? .all
        let setup = source.setup()
        try admit(request.head, parameters["key"], scope, setup.tokens)
        var query = AlertQuery()
        if case .watch(let name) = scope { query.watch = name }
        let severity: Severity? = try parameters.choice("severity")
        if scope == .all { query.severity = severity }
        query.onlyHeard = try parameters.flag("quiet") != true
        query.limit = try parameters.limit(usual: Self.usualAtOnce)
        query.before = try parameters.cursor()
        // A watch has one severity; that of an alert may be another watch's, which nobody should find out by asking for it.
        let severityOfWatch = Self.severity(of: scope, setup)
        let isOther = scope != .all && severity.map { $0 != severityOfWatch } ?? false
        let page = isOther ? AlertPage(alerts: [], next: nil) : try await source.store.alertPage(query)
        // Misspelt, it would be empty for ever, and nobody would know. One that was taken out of the configuration may have alerts.
        if case .watch(let name) = scope, page.alerts.isEmpty, query.before == nil, severity == nil,
            !setup.watches.contains(where: { $0.name == name })
        {
            throw Problem(404, "There is no watch of this name; /api/v1/watches lists them with their feeds.")
        }
        let base = Self.base(of: request.head)
        let document = Document(
            scope: scope, entries: page.alerts.map { $0.limited(to: scope, severityOfWatch) },
            address: base + Self.target(of: request.head),
            next: page.next.map { base + NextPage.address(request.head, $0) })
        let (body, type) =
            switch format {
            case .atom: (AtomWriter.write(document), "application/atom+xml; charset=utf-8")
            case .json: (AlertJSONFeed.write(document), "application/feed+json; charset=utf-8")
            }
        return InterfaceAnswer.validated(body, type: type, to: request.head)
    }

    private func admit(
        _ head: WebRequestHead, _ key: String?, _ scope: FeedKey.Scope, _ tokens: [Secret]
    ) throws {
        if let key, !tokens.isEmpty {
            switch source.access.standing(of: head, key: key, isRight: FeedKey.isGood(key, for: scope, tokens)) {
            case .known: return
            case .tooMany(let seconds): throw TooMany(seconds: seconds)
            case .unknown:
                throw Problem(
                    401,
                    "This key is not that of this feed, or the token has changed; /api/v1/watches has the addresses.",
                    parameter: "key")
            }
        }
        switch source.access.standing(of: head) {
        case .known: return
        case .tooMany(let seconds): throw TooMany(seconds: seconds)
        case .unknown:
            throw Problem(
                401,
                "The feed's key is wanted in its address, or the token: Authorization: Bearer TOKEN. "
                    + "/api/v1/watches has the addresses.")
        }
    }

    /// As the configuration has it now, be it of alerts that were raised before: those of an older one could be told from others by it.
    private static func severity(of scope: FeedKey.Scope, _ setup: InterfaceSource.Setup) -> Severity {
        guard case .watch(let name) = scope else { return .normal }
        return setup.watches.first { $0.name == name }?.severity ?? .normal
    }

    /// `https://tocsin.example.org`. The name has been judged; what stands before us says whether it speaks TLS.
    private static func base(of head: WebRequestHead) -> String {
        let scheme = head.text(of: "x-forwarded-proto")?.lowercased() == "https" ? "https" : "http"
        return "\(scheme)://\(head.text(of: "host") ?? "localhost")"
    }

    private static func target(of head: WebRequestHead) -> String {
        let pairs = head.query.map { InterfaceAnswer.encoded($0.name) + "=" + InterfaceAnswer.encoded($0.value) }
        return head.path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }
}

extension KeptAlert {
    /// Who has the key of one watch's feed need not know what others wait for: their names, people, finds and severities are left out.
    fileprivate func limited(to scope: FeedKey.Scope, _ severity: Severity) -> KeptAlert {
        guard case .watch(let name) = scope,
            alert.watches != [name] || alert.severity != severity || alert.matches.contains(where: { $0.watch != name })
        else { return self }
        var limited = self
        limited.alert.severity = severity
        limited.alert.watches = [name]
        limited.alert.matches.removeAll { $0.watch != name }
        limited.body = limited.alert.json
        return limited
    }

    /// `https:` and `http:` only: nobody should be led anywhere else.
    var link: String? {
        guard let url = alert.item.url, let scheme = URLParts(url)?.scheme.lowercased(),
            scheme == "https" || scheme == "http"
        else { return nil }
        return url
    }

    /// What stands over it in a reader.
    var title: String {
        let texts = [alert.item.title, alert.item.url, alert.item.id].compactMap { $0?.legible }
        return texts.first(where: VisibleText.isVisible) ?? "Without a title"
    }

    /// What was found and where, then the article's own summary.
    var text: String {
        var lines: [String] = []
        if !alert.watches.isEmpty { lines.append("Watches: " + alert.watches.joined(separator: ", ")) }
        lines.append("Severity: " + alert.severity.rawValue)
        lines += alert.matches.prefix(Self.mostMatches).map { "\($0.text) (\($0.field.rawValue)): \($0.context)" }
        lines.append("Feed: " + (alert.feed.name ?? alert.feed.url))
        if let summary = alert.item.summary, !summary.isEmpty { lines += ["", summary] }
        return lines.map(\.legible).joined(separator: "\n")
    }

    /// What an article is about is clear by then.
    private static let mostMatches = 10
}
