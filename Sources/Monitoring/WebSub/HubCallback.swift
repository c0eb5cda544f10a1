import Foundation
import Logging
import Model

/// What hubs call: to verify a request of ours, to deny it, and to push.
struct HubCallback: WebHandler {
    /// The longest lease that is believed: a hub that promises more is asked again before that.
    private static let longestLease = 30 * 86_400.0
    private static let week = 7 * 86_400.0
    private static let longestChallenge = 4096

    let current: CurrentSetup
    let poller: Poller
    let store: any HubStore
    let clock: any WallClock
    let logger: Logger
    let onAlerts: @Sendable () -> Void
    /// A lease has to be renewed sooner than the keeper of the subscriptions wakes by itself.
    let onShortLease: @Sendable () -> Void

    func admit(_ head: WebRequestHead) async -> WebAdmission {
        guard let token = Self.token(in: head.path) else { return .answer(Self.unknown) }
        do throws(StoreError) {
            switch head.method {
            case "GET": return .answer(try await verify(head, token))
            case "POST": return try await admitPush(head, token)
            default:
                return .answer(
                    WebResponse(405, headers: [HeaderField(name: "allow", value: Array("GET, POST".utf8))]))
            }
        } catch {
            return .answer(fail(error))
        }
    }

    func respond(to head: WebRequestHead, body: [UInt8]) async -> WebResponse {
        do throws(StoreError) {
            guard let token = Self.token(in: head.path),
                let (subscription, feed) = try await store.hubSubscription(token),
                subscription.takesPushes
            else { return Self.gone }
            return try await take(body, head, subscription, feed)
        } catch {
            return fail(error)
        }
    }

    // MARK: verification

    /// Answers with the challenge only if it is what we have asked this hub for (WebSub, section 5.3).
    private func verify(_ head: WebRequestHead, _ token: HubToken) async throws(StoreError) -> WebResponse {
        guard let topic = head.parameter("hub.topic"), let mode = head.parameter("hub.mode") else {
            return Self.unknown
        }
        // Strangers cost a look, and no write.
        guard try await store.hubTopic(of: token) == topic else { return Self.unknown }
        let now = clock.now
        if mode == "denied" {
            let reason = head.parameter("hub.reason").map { ": \(String($0.prefix(200)).legible)" } ?? ""
            let isKnown = try await store.denyHub(
                token, topic: topic, reason: "the hub denied the subscription\(reason)",
                nextTry: now + Self.week * .random(in: 1...1.2), at: now)
            guard isKnown else { return Self.unknown }
            await tell(.warning, "a hub denied its pushes; the feed is polled as always", token)
            return WebResponse(200)
        }
        guard let challenge = head.parameter("hub.challenge"), !challenge.isEmpty,
            challenge.utf8.count <= Self.longestChallenge
        else { return Self.unknown }
        let lease: Double?
        switch mode {
        case "subscribe":
            guard let seconds = Self.lease(head.parameter("hub.lease_seconds")) else { return Self.unknown }
            lease = seconds
        case "unsubscribe": lease = nil
        default: return Self.unknown
        }
        let renewal = Self.renewal(of: lease ?? 0, at: now)
        let isWanted = try await store.confirmHub(token, topic: topic, lease: lease, renewal: renewal, at: now)
        guard isWanted else { return Self.unknown }
        if let lease {
            if min(lease, renewal.timeIntervalSince(now)) <= HubKeeper.longestSleep { onShortLease() }
            await tell(.info, "a hub pushes the feed from now on", token)
        }
        return WebResponse(200, challenge)
    }

    /// In seconds. A hub that says nothing has taken what was asked for; nil: it says what is no lease.
    private static func lease(_ text: String?) -> Double? {
        guard let text else { return Double(HubRequest.lease) }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let seconds = text.utf8.reduce(0.0) { min($0 * 10 + Double($1 - 0x30), 1e12) }
        return seconds > 0 ? min(seconds, longestLease) : nil
    }

    /// Early enough for some tries, and not at the same time for all feeds of a hub.
    private static func renewal(of lease: Double, at now: Date) -> Date {
        now + max(lease * .random(in: 0.7...0.85), 60)
    }

    // MARK: pushes

    private func admitPush(_ head: WebRequestHead, _ token: HubToken) async throws(StoreError) -> WebAdmission {
        guard let (subscription, feed) = try await store.hubSubscription(token), subscription.takesPushes else {
            return .answer(Self.gone)
        }
        guard let spec = current.value.specs[feed.url] else { return .answer(WebResponse(503)) }
        if let coding = head.text(of: "content-encoding"), coding.lowercased() != "identity" {
            return .answer(WebResponse(415))
        }
        return .body(limit: spec.policy.maxBodyBytes, key: token.rawValue)
    }

    /// The hub hears that the push has come, whatever is in it: an answer that told good signatures from bad ones would
    /// help to guess (WebSub, section 7.1). Only a state that cannot be written makes it come again.
    private func take(
        _ body: [UInt8], _ head: WebRequestHead, _ subscription: HubSubscription, _ feed: FeedState
    ) async throws(StoreError) -> WebResponse {
        let signature = head.text(of: "x-hub-signature") ?? ""
        guard HubSignature.isValid(signature, of: body, subscription.secret) else {
            try await store.countIgnoredPush(subscription.token)
            let level: Logger.Level = subscription.ignored == 0 ? .warning : .debug
            await tell(level, "a push without a right signature was ignored", subscription.token)
            return WebResponse(202)
        }
        let active = current.value
        guard let spec = active.specs[feed.url] else { return WebResponse(503) }
        let push = Push(token: subscription.token, body: body, contentType: head.text(of: "content-type"))
        guard let alerts = try await poller.take(push, of: feed, spec, active.setup) else {
            // It may only say that there is something; the poll fetches it.
            try await store.countUnreadPush(subscription.token, at: clock.now)
            await tell(.info, "a push is no feed; the feed itself is asked", subscription.token)
            return WebResponse(202)
        }
        if !alerts.isEmpty { onAlerts() }
        return WebResponse(202)
    }

    // MARK: answers

    private static let unknown = WebResponse(404)
    /// Ends a subscription at the hub's side (WebSub, section 7).
    private static let gone = WebResponse(410)

    private func fail(_ error: StoreError) -> WebResponse {
        poller.keeper.note(error)
        return WebResponse(503, headers: [HeaderField(name: "retry-after", value: Array("60".utf8))])
    }

    /// A state that cannot be read is told of where it matters; here it only costs a line of the log.
    private func tell(_ level: Logger.Level, _ message: Logger.Message, _ token: HubToken) async {
        guard logger.logLevel <= level, let (subscription, feed) = try? await store.hubSubscription(token) else {
            return
        }
        logger.log(
            level: level, message,
            metadata: [
                "feed.url": "\(RedactedURL.text(feed.url))", "hub": "\(RedactedURL.text(subscription.offer.hub))",
            ])
    }

    /// The last part of the path, whatever the user's web server has in front of it.
    private static func token(in path: String) -> HubToken? {
        let last = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let isToken =
            last.utf8.count == 32 && last.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return isToken ? HubToken(String(last)) : nil
    }
}

extension HubSubscription {
    /// While a lease is renewed, what still comes under the old one is taken: the signature is what counts.
    fileprivate var takesPushes: Bool { phase == .active || phase == .pending }
}
