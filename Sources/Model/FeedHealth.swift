package import struct Foundation.Date

/// How a feed is, as far as its polls tell.
package struct FeedHealth: Sendable, Hashable {
    package enum Condition: String, Sendable, Hashable, CaseIterable {
        /// Never polled.
        case new
        case fine
        /// Answers, but takes long to.
        case slow
        /// Redirects for good: its address should be changed.
        case moved
        /// Brings more between two polls than its document holds.
        case overrun
        /// No new item for longer than is usual with it, or than `silent_after`.
        case stale
        /// A feed without an item.
        case empty
        /// The server refuses, or wants to see a browser.
        case blocked
        /// No answer, or one of an error, or a feed that is cut off.
        case failing
        /// An answer, but of another kind: a login, a page, nothing.
        case notAFeed = "not a feed"
        /// 410: it is polled no more.
        case gone

        /// Whether its items do not come.
        package var isTrouble: Bool {
            switch self {
            case .new, .fine, .slow, .moved: false
            case .overrun, .stale, .empty, .blocked, .failing, .notAFeed, .gone: true
            }
        }

        /// Conditions that a broken feed goes to and fro between, which is no news.
        package var isUnread: Bool { self == .blocked || self == .failing || self == .notAFeed }
    }

    package var condition: Condition
    /// Since when. Nil before the first poll.
    package var since: Date?
    /// What tells it, for people. Nil when there is nothing to say.
    package var evidence: String?
    /// Whether it has lasted, so that an alert was raised: somebody should look.
    package var isTold: Bool

    package init(
        _ condition: Condition = .new, since: Date? = nil, evidence: String? = nil, isTold: Bool = false
    ) {
        self.condition = condition
        self.since = since
        self.evidence = evidence
        self.isTold = isTold
    }
}
