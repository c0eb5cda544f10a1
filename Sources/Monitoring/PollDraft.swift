import FeedParsing
import Foundation
import Model

/// A poll from its answer to its record.
///
/// An object, since hundreds of polls wait at a time, for the network or for a commit, and what an async function holds as values
/// is in its frame all the while: with these in it, that of `poll` was 35 kB.
final class PollDraft {
    let feed: FeedState
    let spec: FeedSpec
    let started: Date
    let plan: RequestPlan
    let answer: Result<FetchResponse, TransportError>
    /// When the answer was taken to the desk.
    let answered: Date
    var reading: FeedReading
    /// What is to be recorded.
    var record: PollRecord
    /// Whose fault a failure is.
    var fault = OutageWatch.Verdict.theirs
    /// The feed's state, should the fault turn out to be ours. Nil: it cannot.
    var excused: FeedState?
    var fingerprints: [ItemFingerprint] = []
    /// A verdict an item, in order.
    var novelties: [Novelty] = []
    var isSameFeed = true
    /// When the new items were published.
    var news: [Date?] = []
    /// News of our own network, told with this feed's.
    var outageNews: OutageWatch.News?

    @inline(never)
    init(
        _ answer: Result<FetchResponse, TransportError>, to plan: RequestPlan, of feed: FeedState, _ spec: FeedSpec,
        started: Date, at now: Date
    ) {
        self.answer = answer
        self.plan = plan
        self.feed = feed
        self.spec = spec
        self.started = started
        answered = now
        reading = FeedReading(
            of: answer, for: feed, isConditional: plan.validators != nil, encoding: spec.encoding,
            isProxied: spec.policy.proxy != nil, at: now)
        record = PollRecord(feed: feed, before: feed, at: now)
    }
}

extension Result where Success == FetchResponse {
    /// Whether there is something to be read.
    var hasBody: Bool { if case .success(let response) = self { !response.body.isEmpty } else { false } }
}
