import Crypto
import Foundation
import Synchronization

/// A WebSub hub on loopback, as the Recommendation has it: it takes requests, verifies them later, and pushes.
package final class LoopbackHub: Sendable {
    package struct Mood: Sendable {
        /// What requests are answered with. Only after 202 the hub goes on.
        package var status = 202
        package var headers: [(String, String)] = []
        /// In seconds. Nil: what was asked for.
        package var lease: Int?
        package var verifies = true
        /// Denied instead of verified.
        package var denial: String?
    }

    /// A request that came, by its parameters.
    package typealias Request = [String: String]

    package struct Subscription: Sendable, Hashable {
        package var topic: String
        package var callback: String
        package var secret: String?
    }

    private struct State {
        var mood = Mood()
        var requests: [Request] = []
        var subscriptions: [Subscription] = []
        var refusals: [Int] = []
    }

    private let state: Shared
    private let server: LoopbackServer

    /// Held by the server's handler too, which is there before the hub.
    private final class Shared: Sendable {
        let value = Mutex(State())
    }

    package init() throws {
        let state = Shared()
        self.state = state
        server = try LoopbackServer { Self.answer($0, state) }
    }

    package var url: String { server.url + "/hub" }
    package var requests: [Request] { state.value.withLock { $0.requests } }
    package var subscriptions: [Subscription] { state.value.withLock { $0.subscriptions } }
    /// The statuses of verifications that the subscriber did not confirm.
    package var refusals: [Int] { state.value.withLock { $0.refusals } }

    package func setMood(_ change: @Sendable (inout Mood) -> Void) {
        state.value.withLock { change(&$0.mood) }
    }

    /// Pushes a document to all subscribers of a topic, and returns their answers.
    ///
    /// - Parameter signature: makes the value of `X-Hub-Signature` from the secret. Nil: none is sent.
    package func publish(
        _ topic: String, _ body: String, contentType: String = "application/rss+xml",
        signature: @Sendable (String, [UInt8]) -> String? = { LoopbackHub.signature(of: $1, $0) }
    ) async -> [Int] {
        var statuses: [Int] = []
        for subscription in subscriptions where subscription.topic == topic {
            var headers = [
                ("Content-Type", contentType), ("Link", "<\(url)>; rel=\"hub\", <\(topic)>; rel=\"self\""),
            ]
            let bytes = Array(body.utf8)
            if let secret = subscription.secret, let value = signature(secret, bytes) {
                headers.append(("X-Hub-Signature", value))
            }
            let answer = await RawClient.request("POST", subscription.callback, headers: headers, body: bytes)
            statuses.append(answer?.status ?? 0)
            // The subscriber has gone for good (section 7).
            if answer?.status == 410 { state.value.withLock { $0.subscriptions.removeAll { $0 == subscription } } }
        }
        return statuses
    }

    package static func signature(of body: [UInt8], _ secret: String, method: String = "sha256") -> String {
        let key = SymmetricKey(data: Array(secret.utf8))
        let code: [UInt8] =
            switch method {
            case "sha1": Array(HMAC<Insecure.SHA1>.authenticationCode(for: body, using: key))
            case "sha384": Array(HMAC<SHA384>.authenticationCode(for: body, using: key))
            case "sha512": Array(HMAC<SHA512>.authenticationCode(for: body, using: key))
            default: Array(HMAC<SHA256>.authenticationCode(for: body, using: key))
            }
        return method + "=" + code.map { String(format: "%02x", $0) }.joined()
    }

    private static func answer(_ request: LoopbackServer.Request, _ state: Shared) -> LoopbackServer.Answer {
        guard request.method == "POST", request.headers["content-type"] == "application/x-www-form-urlencoded" else {
            return .status(400, body: "not a form")
        }
        let form = parameters(String(decoding: request.body, as: UTF8.self))
        let mood = state.value.withLock { state in
            state.requests.append(form)
            return state.mood
        }
        if mood.status == 202 { Thread.detachNewThread { verify(form, mood, state) } }
        // Some hubs tell what they were sent.
        let body = mood.status == 202 ? "" : "no such topic here \(form["hub.secret"] ?? "")"
        return .status(mood.status, body: body, headers: mood.headers)
    }

    private static func verify(_ form: Request, _ mood: Mood, _ state: Shared) {
        guard let callback = form["hub.callback"], let mode = form["hub.mode"], let topic = form["hub.topic"] else {
            return
        }
        if let reason = mood.denial {
            let denial = ["hub.mode": "denied", "hub.topic": topic, "hub.reason": reason]
            _ = RawClient.blockingRequest("GET", url(callback, denial))
            return
        }
        if !mood.verifies { return }
        let challenge = UUID().uuidString + "+/ ü"
        var query = ["hub.mode": mode, "hub.topic": topic, "hub.challenge": challenge]
        if mode == "subscribe" { query["hub.lease_seconds"] = mood.lease.map { "\($0)" } ?? form["hub.lease_seconds"] }
        let answer = RawClient.blockingRequest("GET", url(callback, query))
        state.value.withLock { state in
            guard let answer, (200..<300).contains(answer.status), answer.text == challenge else {
                state.refusals.append(answer?.status ?? 0)
                return
            }
            state.subscriptions.removeAll { $0.callback == callback && $0.topic == topic }
            if mode == "subscribe" {
                state.subscriptions.append(
                    Subscription(topic: topic, callback: callback, secret: form["hub.secret"]))
            }
        }
    }

    /// What a hub asks of a callback.
    package static func ask(_ callback: String, _ query: [String: String]) async -> RawClient.Answer? {
        await RawClient.request("GET", url(callback, query))
    }

    private static func url(_ callback: String, _ query: [String: String]) -> String {
        callback + "?" + query.map { "\($0)=\(encoded($1))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private static func parameters(_ form: String) -> Request {
        let pairs = form.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map {
                $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? ""
            }
            return (parts[0], parts.count == 2 ? parts[1] : "")
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
