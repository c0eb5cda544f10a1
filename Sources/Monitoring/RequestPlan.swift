package import Foundation
package import Model

/// What a feed is asked: at which address, and with which conditions.
package struct RequestPlan: Sendable, Hashable {
    package var url: String
    /// Nil: without conditions.
    package var validators: Validators?
    /// Whether the conditions are left out to see whether the server's 304s are true.
    package var isProbe = false
    package var representation: Digest128?

    /// So many 304s in a row are needed before they are doubted.
    private static let fewestNotModified = 3
    private static let probePause = 7 * 86_400.0

    /// - Parameter now: when the request goes out.
    package init(for feed: FeedState, policy: FetchPolicy, at now: Date) {
        url = feed.address
        validators = feed.validators
        representation = Self.representation(policy)
        let trust = feed.history.trust
        if trust.representation != representation {
            // Another language or another reader may be told another thing under the same tag.
            validators = nil
            return
        }
        guard validators != nil, Self.hasPassed(ValidatorTrust.unconditionalPause, since: trust.lastUnconditional, now)
        else { return }
        if trust.isUnreliable(at: now) {
            validators = nil
        } else if trust.notModified >= Self.fewestNotModified, HealthRule.isUnusuallySilent(feed, at: now),
            Self.hasPassed(Self.probePause, since: trust.lastProbe, now)
        {
            validators = nil
            isProbe = true
        }
    }

    private static func hasPassed(_ seconds: Double, since date: Date?, _ now: Date) -> Bool {
        guard let date, date <= now else { return true }
        return now.timeIntervalSince(date) >= seconds
    }

    /// Of what a user can change in the requests of a feed. Nil when it is as it comes. Of fields that may hold secrets
    /// only the names count, since this is kept, and eight bits of all values: enough to see that another one was written, and
    /// too few to guess it by.
    static func representation(_ policy: FetchPolicy) -> Digest128? {
        if policy.headers.isEmpty, policy.userAgent == nil { return nil }
        let fields = policy.headers.map { field in
            let name = field.name.lowercased()
            return name + ":" + (name.hasPrefix("accept") ? field.value.revealed : "")
        }
        let secrets = policy.headers.map(\.value.revealed).joined(separator: "\n")
        let hint = Digest128(sha256: Array(secrets.utf8)).high & 0xFF
        return Digest128(sha256: Array((fields + [policy.userAgent ?? "", "\(hint)"]).joined(separator: "\n").utf8))
    }
}
