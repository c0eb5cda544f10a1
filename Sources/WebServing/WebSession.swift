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
///
/// Those that have ended by time are remembered: nobody but their browser can know them, so it is not taken for a stranger when it
/// logs in again.
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

    private static let mostPast = 256

    private var kept: [String: Kept] = [:]
    /// The oldest first.
    private var past: [String] = []

    mutating func begin(at now: Date) -> WebSession {
        past += kept.filter { !Self.holds($0.value, at: now) }.keys
        kept = kept.filter { Self.holds($0.value, at: now) }
        if kept.count >= Self.most, let oldest = kept.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            kept[oldest.key] = nil
            past.append(oldest.key)
        }
        past.removeFirst(max(0, past.count - Self.mostPast))
        let session = WebSession.random()
        kept[session.key] = Kept(session: session, begun: now, lastUse: now)
        return session
    }

    mutating func use(_ key: String, at now: Date) -> WebSession? {
        guard let one = kept[key], Self.holds(one, at: now) else { return nil }
        kept[key]?.lastUse = now
        return one.session
    }

    /// Whether there is or was such a session.
    func remembers(_ key: String) -> Bool { kept[key] != nil || past.contains(key) }

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
