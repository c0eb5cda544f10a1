package import struct Foundation.Date

/// What a feed says of where its news is pushed from (WebSub, section 4).
package struct HubOffer: Sendable, Hashable {
    /// `http:` or `https:`.
    package var hub: String
    /// What the hub knows the feed by: its `rel="self"` URL.
    package var topic: String

    package init(hub: String, topic: String) {
        self.hub = hub
        self.topic = topic
    }
}

/// `websub:` of the configuration.
package struct WebSubSpec: Sendable, Hashable {
    /// What hubs are told to call, without a slash at its end. Leads to `listen`, through the user's web server.
    package var callback: String
    package var listen: ListenAddress
    /// How hubs are asked for feeds that are listed no more.
    package var policy: FetchPolicy

    package init(callback: String, listen: ListenAddress, policy: FetchPolicy = FetchPolicy()) {
        self.callback = callback
        self.listen = listen
        self.policy = policy
    }
}

/// A feed's subscription at its hub, as the state keeps it (WebSub, section 5).
package struct HubSubscription: Sendable, Hashable {
    package enum Phase: String, Sendable, Hashable {
        /// To be asked for, or asked for and not yet verified.
        case pending
        /// Verified. The hub pushes until the lease ends.
        case active
        /// The hub does not want us.
        case denied
        /// To be unsubscribed, until the hub has verified that. What it pushes meanwhile is not taken.
        case ending
    }

    /// The `lastError` of a request that was accepted and that nobody came to verify.
    package static let unverified = "the hub took the request, and did not come to verify it"

    /// The last part of the callback. Whoever does not know it cannot reach the subscription.
    package var token: HubToken
    package var feed: FeedID
    package var feedURL: String
    package var offer: HubOffer
    /// The whole callback URL.
    package var callback: String
    /// What the hub signs its pushes with.
    package var secret: Secret
    package var phase: Phase
    /// When the hub was last asked, while its verification is awaited. Nil: no verification is expected.
    package var askedAt: Date?
    package var leaseEnd: Date?
    /// When the hub is asked next.
    package var nextTry: Date
    /// Requests in a row that came to nothing.
    package var failures = 0
    package var lastError: String?
    package var lastPush: Date?
    /// Pushes that were taken.
    package var pushes = 0
    /// Pushes without a right signature.
    package var ignored = 0

    package init(
        token: HubToken, feed: FeedID, feedURL: String, offer: HubOffer, callback: String, secret: Secret, phase: Phase,
        nextTry: Date
    ) {
        self.token = token
        self.feed = feed
        self.feedURL = feedURL
        self.offer = offer
        self.callback = callback
        self.secret = secret
        self.phase = phase
        self.nextTry = nextTry
    }
}

/// 32 hexadecimal digits: 128 bits from the system's source of randomness.
package struct HubToken: Sendable, Hashable {
    package var rawValue: String

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    package static func random() -> HubToken { HubToken(RandomDigits.hexadecimal(bytes: 16)) }
}

package enum RandomDigits {
    /// From the system's cryptographic source.
    package static func hexadecimal(bytes: Int) -> String {
        var source = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for _ in 0..<bytes {
            let byte = UInt8.random(in: 0...255, using: &source)
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// How far a feed's pushes are known to work: the reason to poll it less.
package struct PushTrust: Sendable, Hashable {
    /// The end of the lease.
    package var until: Date
    /// 0: not proven, since a poll has found what no push had brought. 1: a push has come. One more for each poll since
    /// then that found nothing new.
    package var level: Int

    package init(until: Date, level: Int) {
        self.until = until
        self.level = level
    }
}

/// What came of a request to a hub, where it was not accepted.
package struct HubFailure: Sendable, Hashable {
    /// For people, without secrets.
    package var reason: String
    package var nextTry: Date
    /// The hub has asked that nothing of ours is sent to it before `nextTry`.
    package var isForWholeHub: Bool
    /// It has refused, so no verification is to come.
    package var isRefusal: Bool

    package init(_ reason: String, nextTry: Date, isForWholeHub: Bool = false, isRefusal: Bool) {
        self.reason = reason
        self.nextTry = nextTry
        self.isForWholeHub = isForWholeHub
        self.isRefusal = isRefusal
    }
}
