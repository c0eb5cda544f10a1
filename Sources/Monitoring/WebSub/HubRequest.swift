package import Foundation
package import Model

/// Asks a hub for a subscription, or for its end (WebSub, section 5.1). The hub answers that it has heard, and comes to
/// verify it later (`HubCallback`).
package struct HubRequest: Sendable {
    /// Ten days, as most hubs give at most.
    package static let lease = 864_000
    private static let mostRedirects = 5
    private static let day = 86_400.0

    package var transport: any Transport

    package init(transport: any Transport) {
        self.transport = transport
    }

    /// Nil when the hub will come to verify it.
    ///
    /// - Parameters:
    ///   - feedPolicy: the feed's own. What is meant for its server alone is left out.
    ///   - mayBePrivate: whether private addresses are permitted to all feeds. What is permitted to this one holds for its own server,
    ///     and not for a hub that its document names.
    ///   - jitter: 0 to 1.
    package func send(
        _ subscription: HubSubscription, policy feedPolicy: FetchPolicy, mayBePrivate: Bool, now: Date, jitter: Double
    ) async -> HubFailure? {
        var policy = feedPolicy
        policy.headers = []
        policy.maxBodyBytes = 1_000_000
        func later(_ base: Double) -> Date {
            let pause = min(base * Double(1 << min(subscription.failures, 16)), Self.day)
            return now + pause * (1 + 0.2 * jitter)
        }
        let body = Array(Self.form(subscription).utf8)
        var url = subscription.offer.hub
        var redirects = 0
        while true {
            let response: FetchResponse
            policy.allowPrivateAddresses = AddressOrigin.mayBePrivate(
                url, named: subscription.feedURL, feedPolicy, others: mayBePrivate)
            do throws(TransportError) {
                response = try await transport.send(
                    FetchRequest(
                        url: url, method: .post(body: body),
                        headers: [
                            HeaderField(name: "Content-Type", value: Array("application/x-www-form-urlencoded".utf8))
                        ],
                        policy: policy, maxRedirects: 0))
            } catch {
                // It may have heard us all the same, and come.
                let mayHaveHeard: Bool
                switch error {
                case .timedOut, .incomplete, .badResponse, .tooLarge, .cancelled: mayHaveHeard = true
                default: mayHaveHeard = false
                }
                return HubFailure("\(error)", nextTry: later(300), isRefusal: !mayHaveHeard)
            }
            switch response.status {
            case 200...299: return nil
            case 307, 308:
                redirects += 1
                guard redirects <= Self.mostRedirects, let next = Self.target(of: response, from: url) else {
                    return HubFailure(
                        "the hub redirects (\(response.status)) to nowhere", nextTry: later(3600), isRefusal: true)
                }
                url = next
            case 429, 503:
                let wait = CacheHeaders(response, at: now).retryAfter.map {
                    now + $0 / .seconds(1) * (1 + 0.1 * jitter)
                }
                return HubFailure(
                    "the hub asks for fewer requests (\(response.status))", nextTry: max(wait ?? now, later(600)),
                    isForWholeHub: true, isRefusal: true)
            case 500...599:
                return HubFailure("the hub failed (\(response.status))", nextTry: later(300), isRefusal: true)
            default:
                // Some tell what they were sent.
                let words = String(decoding: response.body.prefix(500), as: UTF8.self)
                    .replacingOccurrences(of: subscription.secret.revealed, with: "•••").prefix(200).legible
                let reason = words.isEmpty ? "" : ": \(words)"
                return HubFailure(
                    "the hub refused (\(response.status))\(reason)", nextTry: later(3600), isRefusal: true)
            }
        }
    }

    /// Where to ask instead. Not over plain HTTP where the hub was named with HTTPS: the secret goes along.
    private static func target(of response: FetchResponse, from url: String) -> String? {
        guard let location = response.text(of: "location"), let base = URL(string: url),
            let next = URL(string: location, relativeTo: base)?.absoluteString
        else { return nil }
        let isSafe = next.hasPrefix("https://") || next.hasPrefix("http://") && !url.hasPrefix("https://")
        return isSafe ? next : nil
    }

    private static func form(_ subscription: HubSubscription) -> String {
        var pairs = [
            ("hub.callback", subscription.callback),
            ("hub.mode", subscription.phase == .ending ? "unsubscribe" : "subscribe"),
            ("hub.topic", subscription.offer.topic),
        ]
        if subscription.phase != .ending {
            pairs.append(("hub.lease_seconds", "\(lease)"))
            pairs.append(("hub.secret", subscription.secret.revealed))
        }
        return pairs.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        let kept = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: kept) ?? ""
    }
}
