import Foundation
import Model

/// Somebody who has shown the token.
package struct WebSession: Sendable, Hashable {
    /// The cookie's value: 256 bits of the system's randomness.
    let key: String
    /// What forms that change something must have in their field `csrf`: another site can send a form, and not read this.
    package let formToken: String

    static func random() -> WebSession {
        WebSession(key: RandomDigits.hexadecimal(bytes: 32), formToken: RandomDigits.hexadecimal(bytes: 32))
    }
}

/// The sessions there are. A value that `WebAccess` guards; a restart ends them.
struct WebSessions: Sendable {
    /// Without a request.
    static let idle = 86_400.0
    static let longest = 7 * 86_400.0
    /// The one that was idle longest gives way.
    static let most = 64

    private struct Kept {
        var session: WebSession
        var begun: Date
        var lastUse: Date
    }

    private var kept: [String: Kept] = [:]

    mutating func begin(at now: Date) -> WebSession {
        kept = kept.filter { Self.holds($0.value, at: now) }
        if kept.count >= Self.most, let oldest = kept.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            kept[oldest.key] = nil
        }
        let session = WebSession.random()
        kept[session.key] = Kept(session: session, begun: now, lastUse: now)
        return session
    }

    mutating func use(_ key: String, at now: Date) -> WebSession? {
        guard let one = kept[key], Self.holds(one, at: now) else { return nil }
        kept[key]?.lastUse = now
        return one.session
    }

    mutating func end(_ session: WebSession) {
        kept[session.key] = nil
    }

    mutating func removeAll() {
        kept = [:]
    }

    /// A time in the future was written by a clock that has been set back.
    private static func holds(_ one: Kept, at now: Date) -> Bool {
        abs(now.timeIntervalSince(one.lastUse)) < idle && abs(now.timeIntervalSince(one.begun)) < longest
    }
}
