import FeedParsing
import Foundation
package import Model

/// Which hubs push a feed, by its HTTP fields and then by its document (WebSub, section 4).
package enum HubDiscovery {
    /// Longer ones are no addresses that a hub would take.
    private static let longestURL = 2048
    /// A feed that names more is asked of the first.
    private static let mostHubs = 8

    /// The hubs that may be asked, the best first. Empty when there is none.
    ///
    /// - Parameter url: the feed's address, which stands for a `rel="self"` that is missing, if nothing in it is secret.
    package static func offers(_ document: ParsedFeed, _ response: FetchResponse, url: String) -> [HubOffer] {
        let fields = response.headers.filter { $0.name == "link" }.map { String(decoding: $0.value, as: UTF8.self) }
        func linked(_ relation: String) -> [String] {
            fields.flatMap { LinkField.targets(of: relation, in: $0, base: response.url) }.filter(isUsable)
        }
        var hubs = linked("hub")
        if hubs.isEmpty {
            hubs = document.hubs.filter { ["websub", "pubsubhubbub"].contains($0.type.lowercased()) }.map(\.url)
                .filter(isUsable)
        }
        let named = linked("self").first ?? document.feedURL.flatMap { isUsable($0) ? $0 : nil }
        guard let topic = named ?? (isUsable(url) && RedactedURL.text(url) == url ? url : nil) else { return [] }
        // Over HTTPS our secret is not read on the way.
        let safest = hubs.prefix(mostHubs).filter { $0.hasPrefix("https:") }
        return (safest.isEmpty ? Array(hubs.prefix(mostHubs)) : safest).map { HubOffer(hub: $0, topic: topic) }
    }

    private static func isUsable(_ url: String) -> Bool {
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), url.utf8.count <= longestURL else { return false }
        let authority = url.drop { $0 != ":" }.dropFirst(3).prefix { !"/?#".contains($0) }
        return !authority.isEmpty && !authority.contains("@")
            && !url.unicodeScalars.contains { $0.value <= 0x20 || $0.value == 0x7F }
    }
}

extension Poller {
    /// What the poll tells of the feed's hub, and the longer pause that pushes allow.
    func considerHub(_ draft: PollDraft) {
        let (feed, reading, spec) = (draft.feed, draft.reading, draft.spec)
        if let document = reading.document, !document.isTruncated, case .success(let response) = draft.answer,
            !spec.isFile
        {
            let offers = HubDiscovery.offers(document, response, url: spec.url)
            // One of several is as good as another; what a subscription was made with is kept.
            let isKept = feed.hub.map(offers.contains) ?? offers.isEmpty
            if !isKept {
                draft.record.feed.hub = offers.first
                draft.record.hub.hasChanged = true
            }
        }
        guard let pushes = feed.pushes else { return }
        let level = PushPace.level(after: reading.outcome, pushes, hasNew: !draft.news.isEmpty)
        draft.record.hub.trust = (level, draft.record.feed.nextPoll)
        draft.record.feed.nextPoll = PushPace.nextPoll(
            after: reading.outcome, draft.record.feed, PushTrust(until: pushes.until, level: level),
            policy: spec.policy, now: draft.started, jitter: jitter())
    }
}
