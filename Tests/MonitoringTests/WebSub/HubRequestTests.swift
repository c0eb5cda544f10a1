import Foundation
import Model
import Monitoring
import TestSupport
import Testing

/// What a feed may do in its own network is not for whoever its document names.
@Suite struct HubRequestTests {
    private static let hubs = [
        "http://10.0.0.7:8000/hub", "http://10.0.0.1/admin", "http://10.0.0.7/hub", "http://x@10.0.0.7:8000/",
    ]

    private func permissions(
        _ hub: String, feed isPermitted: Bool, all mayBePrivate: Bool, redirect: String? = nil
    ) async -> [Bool] {
        let transport = ScriptedTransport { request in
            let isRedirected = redirect != nil && request.url == hub
            let headers = [HeaderField(name: "location", value: Array((redirect ?? "").utf8))]
            return .success(
                FetchResponse(status: isRedirected ? 307 : 202, headers: isRedirected ? headers : [], url: request.url))
        }
        let subscription = HubSubscription(
            token: .random(), feed: FeedID(1), feedURL: "http://user:pw@10.0.0.7:8000/feed",
            offer: HubOffer(hub: hub, topic: "https://news.example/"), callback: "https://cb.example/x",
            secret: Secret("s"), phase: .pending, nextTry: .distantPast)
        var policy = FetchPolicy()
        policy.allowPrivateAddresses = isPermitted
        _ = await HubRequest(transport: transport).send(
            subscription, policy: policy, mayBePrivate: mayBePrivate, now: .distantPast, jitter: 0)
        return transport.requests.map(\.policy.allowPrivateAddresses)
    }

    @Test func `A hub at another address than its feed's is not to be of this network`() async {
        for hub in Self.hubs {
            let isOwn = hub == Self.hubs[0]
            #expect(await permissions(hub, feed: true, all: false) == [isOwn], "\(hub)")
            #expect(await permissions(hub, feed: true, all: true) == [true], "\(hub)")
            #expect(await permissions(hub, feed: false, all: true) == [false], "\(hub)")
        }
    }

    @Test func `Nor is one to which a hub redirects`() async {
        let router = "http://10.0.0.1/admin"
        #expect(await permissions(Self.hubs[0], feed: true, all: false, redirect: router) == [true, false])
        #expect(await permissions(Self.hubs[0], feed: true, all: true, redirect: router) == [true, true])
    }
}
