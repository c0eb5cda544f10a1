package import struct Foundation.Date

/// The state's part of WebSub: which hub pushes which feed. Every function is one transaction.
///
/// Pushes themselves are recorded by `Store.record`, like polls.
package protocol HubStore: Sendable {
    /// Makes the subscriptions those of the feeds that are polled and name a hub: a new one where there is none, and an
    /// end for those whose feed has left the configuration or names another hub or topic. Leases that are over are
    /// pending again.
    ///
    /// - Parameters:
    ///   - callback: what the callbacks begin with. Nil: pushes are not wanted. Then all subscriptions are forgotten, since
    ///     nobody could verify their end; their leases end by themselves.
    /// - Returns: whether anything changed.
    func arrangeHubs(callback: String?, at now: Date) async throws(StoreError) -> Bool

    /// For the start: pushes may have been missed since the last run, so feeds whose polls were put off are due as
    /// if there were none.
    func distrustPushes(at now: Date) async throws(StoreError)

    /// Subscriptions whose hub is to be asked now, the longest overdue first, marked as asked. One that is still unverified
    /// since the last time counts as a failure.
    ///
    /// - Parameter patience: how long to wait for the verification, by the failures so far.
    func claimHubRequests(
        at now: Date, limit: Int, patience: @escaping @Sendable (_ failures: Int) -> Double
    ) async throws(StoreError) -> [HubSubscription]

    /// When a hub is to be asked next, or a lease ends. Nil when there is no subscription.
    func nextHubDue() async throws(StoreError) -> Date?

    func failHubRequest(_ token: HubToken, _ failure: HubFailure) async throws(StoreError)

    /// The hub verifies what it was asked for.
    ///
    /// - Parameter lease: in seconds. Nil for the end of a subscription, which is removed then.
    /// - Returns: false where nothing of the kind was asked: then nothing has changed.
    func confirmHub(
        _ token: HubToken, topic: String, lease: Double?, renewal: Date, at now: Date
    ) async throws(StoreError) -> Bool

    /// The hub does not want the subscription (any more).
    ///
    /// - Returns: false where there is none of that topic.
    func denyHub(_ token: HubToken, topic: String, reason: String?, nextTry: Date, at now: Date)
        async throws(StoreError) -> Bool

    /// A push without a right signature.
    func countIgnoredPush(_ token: HubToken) async throws(StoreError)

    /// A push that was signed and could not be read: the feed itself is to be asked, as soon as it would be without a hub.
    func countUnreadPush(_ token: HubToken, at now: Date) async throws(StoreError)

    /// What a subscription is of, whether its feed is still read or not. Nil: there is none with this token.
    func hubTopic(of token: HubToken) async throws(StoreError) -> String?

    /// The subscription, and the feed's state. Nil when there is none, or its feed is no longer listed.
    func hubSubscription(_ token: HubToken) async throws(StoreError) -> (HubSubscription, FeedState)?

    func hubSubscriptions() async throws(StoreError) -> [HubSubscription]
}
