import Crypto
import Foundation
package import Model

/// What lets a feed reader, which can send no header, read one feed of alerts: a key in the feed's address.
///
/// An address is written into logs and shown around, so the token must not be in it. The key is made from the token
/// (HMAC-SHA256, RFC 2104) and is good for one feed; who has it reads that feed and nothing else. Another token makes other keys.
package enum FeedKey {
    package enum Scope: Sendable, Hashable {
        case all
        case watch(String)

        fileprivate var message: [UInt8] {
            switch self {
            case .all: Array("tocsin feed of alerts, 1\nall".utf8)
            case .watch(let name): Array("tocsin feed of alerts, 1\nwatch\n\(name)".utf8)
            }
        }

        /// Without its ending.
        var path: String {
            switch self {
            case .all: "/alerts"
            case .watch(let name): "/watches/\(InterfaceAnswer.encoded(name))/alerts"
            }
        }
    }

    package enum Format: String, Sendable {
        case atom, json
    }

    /// 24 bytes of the code, in base64 for addresses: 32 characters.
    package static func key(for scope: Scope, _ token: Secret) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: scope.message, using: SymmetricKey(data: Array(token.revealed.utf8)))
        return Data(code.prefix(24)).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
    }

    /// The path of a feed with its key; without one where there is no token.
    package static func address(of scope: Scope, _ format: Format, _ token: Secret?) -> String {
        let path = "\(scope.path).\(format.rawValue)"
        return token.map { "\(path)?key=\(key(for: scope, $0))" } ?? path
    }

    /// Digests are compared, in a time that tells nothing of where they differ.
    static func isGood(_ shown: String, for scope: Scope, _ tokens: [Secret]) -> Bool {
        let shown = SHA256.hash(data: Array(shown.utf8))
        return tokens.reduce(false) { found, token in
            SHA256.hash(data: Array(key(for: scope, token).utf8)) == shown || found
        }
    }
}
