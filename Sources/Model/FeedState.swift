package import struct Foundation.Date

/// What a server gave for conditional requests, byte for byte. Never made or changed by us (RFC 9110 §13.1).
package struct Validators: Sendable, Hashable {
    /// The value of `ETag`, quotes and `W/` included.
    package var entityTag: [UInt8]?
    /// The value of `Last-Modified`.
    package var lastModified: [UInt8]?
    /// The URL that answered, after redirects. They are sent only while it is still the one that answers.
    package var url: String

    package init(entityTag: [UInt8]?, lastModified: [UInt8]?, url: String) {
        self.entityTag = entityTag
        self.lastModified = lastModified
        self.url = url
    }

    package var isEmpty: Bool { entityTag == nil && lastModified == nil }
}

/// What the state remembers of a feed between polls.
package struct FeedState: Sendable, Hashable {
    package var id: FeedID
    package var url: String
    /// As the feed calls itself.
    package var title: String?
    package var validators: Validators?
    /// Of the last body that was read to its end and parsed.
    package var bodyHash: Digest128?
    package var history: FeedHistory
    package var nextPoll: Date
    /// The server has asked not to be polled before (`Retry-After`). Even `tocsin once` keeps to it.
    package var notBefore: Date?
    /// The feed said that it is gone (410), and is polled no more until a person asks for it.
    package var gone: Bool
    package var health = FeedHealth()
    package var move: FeedMove?
    package var coverage = FeedCoverage()
    /// The hub that its last document named.
    package var hub: HubOffer?
    /// Nil: no hub pushes it.
    package var pushes: PushTrust?
    /// When it was first listed: what is dated after that is news, however long it took until it could be read. Nil: before the
    /// state kept that.
    package var registered: Date?

    package init(id: FeedID, url: String, nextPoll: Date) {
        self.id = id
        self.url = url
        self.nextPoll = nextPoll
        history = FeedHistory()
        gone = false
    }

    /// The plan for a feed that is not asked any more by itself: 52 weeks, in seconds.
    package static let untilItsUserActs = 364 * 86_400.0

    /// Whether it is not asked until its user acts: it is gone, or has refused the login twice (401). A start or a reload, a changed
    /// configuration, and somebody who has it polled now, begin anew with the latter.
    package var isStopped: Bool {
        if gone { return true }
        guard history.failures > 0, history.lastStatus == 401, let lastPoll = history.lastPoll else { return false }
        return nextPoll >= lastPoll.addingTimeInterval(Self.untilItsUserActs)
    }

    /// How long a feed that brings nothing may be left unasked before somebody should look, whatever the next poll will show.
    package static let longestDoubt = 6 * 3600.0

    /// Whether a person should look: it has lasted and was told, or it was refused or came as something else hours ago, and it is
    /// not asked again for hours.
    package func needsSomebody(at now: Date) -> Bool {
        if health.isTold { return true }
        guard health.condition == .blocked || health.condition == .notAFeed, let since = health.since else {
            return false
        }
        let pause = max(nextPoll, notBefore ?? nextPoll).timeIntervalSince(history.lastPoll ?? nextPoll)
        return now.timeIntervalSince(since) >= Self.longestDoubt && pause >= Self.longestDoubt
    }

    /// Whether what is known of it was learnt at another address, and no document has come from this one yet.
    package var isAtNewAddress: Bool { history.wasEverRead && bodyHash == nil && validators == nil }
}

/// What a plan for the next poll is made from.
package struct FeedHistory: Sendable, Hashable {
    package var lastPoll: Date?
    /// The last poll that brought a whole feed, or a 304.
    package var lastSuccess: Date?
    package var lastNewItem: Date?
    /// Polls in a row that failed.
    package var failures = 0
    /// Why the last poll failed. Nil when it did not.
    package var lastError: String?
    package var lastStatus: Int?
    /// As the feed or the server wished it when a body last came: `ttl`, `max-age` and their kin.
    package var freshFor: Duration?
    /// What of that the document itself wished (`ttl` and its kin). The server's part is as its last answer had it.
    package var documentWish: Duration?
    /// When the feed asks not to be polled, as its last document said.
    package var quietTimes = QuietTimes()
    /// The usual time between two new items, as far as it is known.
    package var cadence: Duration?
    /// Whether the last document that was read had no items.
    package var isEmpty = false
    package var trust = ValidatorTrust()

    package init() {}

    /// Whether a feed document was ever read: until then its items are backlog.
    package var wasEverRead: Bool { lastSuccess != nil }
}

/// All that one poll changes, for one transaction.
package struct PollRecord: Sendable {
    /// The feed's state after the poll, `nextPoll` included.
    package var feed: FeedState
    /// As it was claimed. Most polls change only when it was asked, and that is written more cheaply. Nil: not known.
    package var before: FeedState?
    /// Items that are new or changed.
    package var items: [ItemRecord]
    /// Items of the document that were seen before and read as they did.
    package var known: [ItemID] = []
    /// What every item of the document is recognised by, in order. Novelty is judged anew against all of them, since only
    /// the whole shows what is repeated in it and whether the site has moved. Empty: the fingerprints of `items`.
    package var document: [ItemFingerprint] = []
    /// When the poll ended.
    package var at: Date
    /// The sinks there are, to make deliveries for.
    package var routes: [SinkRoute]
    /// The feed's server asks for fewer requests: no feed of the site is polled before.
    package var siteHold: (site: String, until: Date)?
    /// News of the feed's health, to be delivered with the rest.
    package var healthAlert: Alert?
    /// The anchor of a document with new items, in place of that of `feed`.
    package var anchor: DocumentAnchor?
    /// A gap that the poll has shown.
    package var gap: CoverageGap?
    /// How far the closing of a gap has come. The poll was one of an older page: of the feed's row, nothing but its
    /// coverage changes.
    package var closing: CoverageGap?
    /// What it tells of the feed's hub.
    package var hub = HubNews()
    /// Which of the alerts would be held. Nil: none, as of a poll that can raise but a few.
    package var storm: StormRule?

    package init(
        feed: FeedState, before: FeedState? = nil, items: [ItemRecord] = [], at: Date, routes: [SinkRoute] = []
    ) {
        self.feed = feed
        self.before = before
        self.items = items
        self.at = at
        self.routes = routes
    }
}

/// What a poll or a push tells of a feed's hub.
package struct HubNews: Sendable {
    /// The feed's offer is no longer that of its state.
    package var hasChanged = false
    /// What the poll has shown of the pushes; `unslowed` is when the feed would be polled next without them. Nil where there
    /// are none.
    package var trust: (level: Int, unslowed: Date)?
    /// The subscription that pushed the document. Of the feed's state only what its items tell is written then: the schedule
    /// and the rest are those of the polls, and one may be under way.
    package var pushedBy: HubToken?

    package init() {}
}

/// An item that is new or changed, with what matched it.
package struct ItemRecord: Sendable {
    package var fingerprint: ItemFingerprint
    package var published: Date?
    /// As alerts show it. Nil where nothing matched: most items are never shown.
    package var item: AlertItem?
    package var feed: AlertFeed
    package var hits: [WatchHit]
    /// False for backlog: what matched is remembered as known, and nobody is woken.
    package var raisesAlert: Bool
    /// Its place in `PollRecord.document`.
    package var position: Int?
    /// What copies of it are known by. Nil where it raises no alert.
    package var sketch: StorySketch?
    /// What it is where another feed has had another article under its link. Nil where its link tells nothing.
    package var apart: Apart?

    package struct Apart: Sendable, Hashable {
        package var article: Digest128
        /// Of its hits, in their order (`WatchHit.key`).
        package var keys: [Digest128]

        package init(article: Digest128, keys: [Digest128]) {
            self.article = article
            self.keys = keys
        }
    }

    package init(
        fingerprint: ItemFingerprint, published: Date? = nil, item: AlertItem?, feed: AlertFeed, hits: [WatchHit],
        raisesAlert: Bool
    ) {
        self.fingerprint = fingerprint
        self.published = published
        self.item = item
        self.feed = feed
        self.hits = hits
        self.raisesAlert = raisesAlert
    }
}

/// A watch that matches an item.
package struct WatchHit: Sendable, Hashable {
    package var watch: String
    /// Of the article and the watch together: the alert's id is made from these.
    package var key: Digest128
    package var severity: Severity
    package var matches: [Match]
    /// What the watch is called outside of this machine (`as:`). Nil: by its name.
    package var codename: String?
    /// The people that it has found, by name (`Match.pattern`), each with a digest.
    package var people: [String: Digest128] = [:]

    package init(watch: String, key: Digest128, severity: Severity, matches: [Match], codename: String? = nil) {
        self.watch = watch
        self.key = key
        self.severity = severity
        self.matches = matches
        self.codename = codename
    }
}
