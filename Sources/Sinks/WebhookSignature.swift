import Config
import Crypto
import Foundation
import Model

/// A symmetric secret of Standard Webhooks: `whsec_` and the key in base64.
struct WebhookSecret: Sendable {
    /// The specification asks for 24 to 64 bytes.
    private static let keyBytes = 24...64

    /// Of the specification's documents and its libraries' tests, and once ours: people take over what they find.
    private static let published: Set = [
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    ]

    /// Has taken the key, and each message goes through a copy of it.
    private let keyed: HMAC<SHA256>
    /// As it was written: for no log and no answer.
    let written: String

    /// Nil when it is malformed or weak; the issue never shows it.
    init?(_ secret: Secret, at location: SourceLocation?, issues: inout [Issue]) {
        let text = secret.revealed
        let remedy = "make one with: echo whsec_$(openssl rand -base64 32)"
        guard text.hasPrefix("whsec_") else {
            issues.append(Issue("the webhook's secret does not begin with 'whsec_'", remedy: remedy, at: location))
            return nil
        }
        guard let bytes = Data(base64Encoded: String(text.dropFirst("whsec_".count))) else {
            issues.append(Issue("the webhook's secret is not base64 behind 'whsec_'", remedy: remedy, at: location))
            return nil
        }
        guard Self.keyBytes.contains(bytes.count) else {
            issues.append(
                Issue(
                    "the webhook's secret has \(bytes.count) bytes, and 24 to 64 are asked for", remedy: remedy,
                    at: location))
            return nil
        }
        guard Set(bytes).count > 4 else {
            issues.append(Issue("the webhook's secret repeats itself: it can be guessed", remedy: remedy, at: location))
            return nil
        }
        if Self.published.contains(text) {
            issues.append(
                Issue(
                    "the webhook's secret is an example that is published: everybody can sign with it", remedy: remedy,
                    at: location, severity: .warning))
        }
        keyed = HMAC(key: SymmetricKey(data: bytes))
        written = text
    }

    /// `secret:` or `secret_file:`, one or a list of them.
    static func read(_ section: inout ConfigSection, issues: inout [Issue]) -> [WebhookSecret] {
        section.secrets("secret", issues: &issues).compactMap {
            WebhookSecret($0.value, at: $0.location, issues: &issues)
        }
    }

    /// In base64.
    func authenticationCode(for parts: [UInt8]...) -> String {
        var code = keyed
        for part in parts { code.update(data: part) }
        return Data(code.finalize()).base64EncodedString()
    }
}

enum WebhookSignature {
    /// `v1,` and the HMAC-SHA256 of id, timestamp and body (Standard Webhooks 1.0.0, *Signature scheme*).
    static func sign(id: String, timestamp: Int, body: [UInt8], with secret: WebhookSecret) -> String {
        "v1," + secret.authenticationCode(for: Array("\(id).\(timestamp).".utf8), body)
    }
}
