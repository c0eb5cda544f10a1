import Crypto
import Foundation
package import Model
import Synchronization

/// Who may see the page: tokens, sessions, and the names by which the page may be called.
package final class WebAccess: Sendable {
    /// What a request shows of its sender.
    package enum Standing: Sendable, Hashable {
        /// A session; nil: the token itself, or there is none to be shown.
        case known(WebSession?)
        case unknown
        /// Too many wrong tokens came from there.
        case tooMany(seconds: Int)
    }

    package enum LoginOutcome: Sendable, Hashable {
        case session(WebSession)
        case wrong
        case tooMany(seconds: Int)
    }

    private struct State {
        var spec: WebSpec
        /// Digests are compared, so that no comparison tells where two tokens differ, or how long one is.
        var tokens: [SHA256Digest]
        var sessions = WebSessions()
        var guesses = GuessLimit()
        /// Of what is made from tokens, such as the keys of feeds: whoever guesses those guesses tokens.
        var keyGuesses = GuessLimit()
    }

    private let clock: any WallClock
    private let state: Mutex<State>

    package init(_ spec: WebSpec, clock: any WallClock) {
        self.clock = clock
        state = Mutex(State(spec: spec, tokens: spec.tokens.map(Self.digest)))
    }

    package var hasToken: Bool { state.withLock { !$0.tokens.isEmpty } }

    /// Whether everybody who reaches it may read: there is no token, and nobody but this machine can reach it.
    package var isOpen: Bool { state.withLock { $0.tokens.isEmpty && !$0.spec.isUnguarded } }

    /// After a reload. Other tokens end all sessions.
    ///
    /// - Returns: false for what nobody would be kept out by; then what was before holds.
    @discardableResult package func update(_ spec: WebSpec) -> Bool {
        if spec.isUnguarded { return false }
        state.withLock { state in
            if state.spec.tokens != spec.tokens {
                state.tokens = spec.tokens.map(Self.digest)
                state.sessions.removeAll()
                // One that was wrong may be right now.
                state.guesses = GuessLimit()
                state.keyGuesses = GuessLimit()
            }
            state.spec = spec
        }
        return true
    }

    /// - Parameter head: of the request that brings the token: who it is that asks.
    package func login(with token: String, _ head: WebRequestHead) -> LoginOutcome {
        let now = clock.now
        switch judge(token, head, at: now) {
        case .right: return .session(state.withLock { $0.sessions.begin(at: now) })
        case .wrong: return .wrong
        case .tooMany(let seconds): return .tooMany(seconds: seconds)
        }
    }

    package func logout(_ session: WebSession) {
        state.withLock { $0.sessions.end(session) }
    }

    package func standing(of head: WebRequestHead) -> Standing {
        if isOpen { return .known(nil) }
        let now = clock.now
        for key in cookies(in: head) {
            if let session = state.withLock({ $0.sessions.use(key, at: now) }) { return .known(session) }
        }
        guard let token = Self.bearer(in: head) else { return .unknown }
        return Self.standing(judge(token, head, at: now))
    }

    /// The same for who shows something that is made from the token.
    ///
    /// - Parameter isRight: whether it is what it should be.
    package func standing(of head: WebRequestHead, key: String, isRight: Bool) -> Standing {
        let (asker, now) = (asker(head), clock.now)
        return state.withLock { state in
            Self.standing(state.keyGuesses.judge(isRight, Self.digest(Secret(key)), from: asker, at: now))
        }
    }

    private static func standing(_ verdict: GuessLimit.Verdict) -> Standing {
        switch verdict {
        case .right: .known(nil)
        case .wrong: .unknown
        case .tooMany(let seconds): .tooMany(seconds: seconds)
        }
    }

    /// Whether the page may be called by this name: a site that lets its own name lead to this machine (DNS rebinding) could
    /// otherwise read what is here from the browser of whoever visits it.
    package func isOwnName(_ host: String) -> Bool {
        let name = Self.name(in: host)
        if name == "localhost" || Self.isAddress(name) { return true }
        return state.withLock { $0.spec.hosts.contains(name) || $0.spec.listen.host.lowercased() == name }
    }

    // MARK: tokens

    /// Beyond what `GuessLimit` allows no token is judged, not even the right one: an answer to that alone would let guesses through.
    private func judge(_ token: String, _ head: WebRequestHead, at now: Date) -> GuessLimit.Verdict {
        let shown = Self.digest(Secret(token))
        let asker = asker(head)
        return state.withLock { state in
            // All of them, whichever is right.
            let isRight = state.tokens.reduce(false) { found, known in known == shown || found }
            return state.guesses.judge(isRight, shown, from: asker, at: now)
        }
    }

    private func asker(_ head: WebRequestHead) -> Asker {
        let cookies = cookies(in: head)
        return state.withLock { state in
            if let cookie = cookies.first(where: { state.sessions.remembers($0) }) { return Asker(browser: cookie) }
            return Asker(head, isBehindServer: !state.spec.hosts.isEmpty)
        }
    }

    private static func digest(_ token: Secret) -> SHA256Digest { SHA256.hash(data: Array(token.revealed.utf8)) }

    private static func bearer(in head: WebRequestHead) -> String? {
        guard let field = head.text(of: "authorization") else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1].trimmingCharacters(in: .whitespaces)
    }

    private func cookies(in head: WebRequestHead) -> [String] {
        let name = cookieName(head)
        return head.headers.filter { $0.name == "cookie" }.flatMap { field in
            String(decoding: field.value, as: UTF8.self).split(separator: ";").compactMap { pair in
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name else { return nil }
                return parts[1].trimmingCharacters(in: .whitespaces)
            }
        }.prefix(4).map { $0 }
    }

    // MARK: cookies

    /// For `Set-Cookie`, at a login. Sent back to us alone, never shown to a script, and not when another site leads here.
    package func cookie(of session: WebSession, _ head: WebRequestHead) -> String {
        // The browser speaks TLS with a web server in front of us.
        let isSecure = head.text(of: "x-forwarded-proto") == "https"
        return "\(cookieName(head))=\(session.key); Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }

    /// Takes the cookie away.
    package func noCookie(_ head: WebRequestHead) -> String {
        "\(cookieName(head))=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
    }

    /// Browsers send a host's cookies to all of its ports (RFC 6265 §8.5): two of us under one name would log each other out. The port by
    /// which we are called tells those apart that `ssh -L` leads to, our own those that a web server names without one.
    private func cookieName(_ head: WebRequestHead) -> String {
        let own = "\(state.withLock { $0.spec.listen.port })"
        let called = head.text(of: "host").flatMap(Self.port) ?? own
        return "tocsin_session_\(own)" + (called == own ? "" : "_\(called)")
    }

    // MARK: names

    private static func port(in host: String) -> String? {
        guard let colon = host.lastIndex(of: ":") else { return nil }
        let port = host[host.index(after: colon)...]
        return (1...5).contains(port.utf8.count) && port.utf8.allSatisfy { (0x30...0x39).contains($0) }
            ? String(port) : nil
    }

    /// In small letters, without port and the brackets of IPv6. Empty where something else stands behind them.
    private static func name(in host: String) -> String {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            let rest = host[host.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") && port(in: String(rest)) == String(rest.dropFirst()) else {
                return ""
            }
            return host[host.index(after: host.startIndex)..<end].lowercased()
        }
        let name = host.prefix { $0 != ":" }.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    private static func isAddress(_ name: String) -> Bool {
        if name.contains(":") { return name.allSatisfy { $0.isHexDigit || ":.%".contains($0) } }
        let octets = name.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets.allSatisfy { UInt8($0) != nil }
    }
}
