import Foundation
import Model
import Monitoring
import Testing

@Suite struct MoveRuleTests {
    private static let now = Date(timeIntervalSince1970: 1_543_240_800)
    private static let day = 86_400.0
    private static let old = "https://old.example/feed"
    private static let new = "https://new.example/feed"

    private static func move(
        _ status: Int, at url: String = old, redirects: [Int] = [], before: FeedMove?, failures: Int = 0,
        lastSuccess: Date? = nil, isSameFeed: Bool = true
    ) -> FeedMove? {
        var feed = FeedState(id: FeedID(1), url: old, nextPoll: now)
        feed.move = before
        let body = Array(rss(Entry("1", "One")).utf8)
        let response = FetchResponse(
            status: status, body: body, url: url, redirects: redirects.map { .init(status: $0, from: old, to: url) })
        let reading = FeedReading(of: .success(response), for: feed, at: now)
        var history = feed.history
        history.failures = failures
        history.lastSuccess = lastSuccess ?? now
        return MoveRule.move(after: reading, before: feed, history, isSameFeed: isSameFeed, at: now)
    }

    private static func told(_ answers: Int = 5, since: Double = -3, adopted: Double? = nil) -> FeedMove {
        FeedMove(target: new, since: now + since * day, answers: answers, adopted: adopted.map { now + $0 * day })
    }

    @Test func `the same answer counts, and any other begins anew`() {
        #expect(
            Self.move(200, at: Self.new, redirects: [301], before: nil) == FeedMove(target: Self.new, since: Self.now))
        #expect(Self.move(200, at: Self.new, redirects: [308, 301], before: Self.told()) == Self.told(6))
        let other = Self.move(200, at: "https://other.example/", redirects: [301], before: Self.told())
        #expect(other == FeedMove(target: "https://other.example/", since: Self.now))
        // No redirect, a temporary one on the way, another feed, a clock that was set back.
        #expect(Self.move(200, before: Self.told()) == nil)
        #expect(Self.move(200, at: Self.new, redirects: [301, 302], before: Self.told()) == nil)
        #expect(Self.move(200, at: Self.new, redirects: [301], before: Self.told(), isSameFeed: false) == nil)
        #expect(Self.move(200, at: Self.new, redirects: [301], before: Self.told(since: 9))?.answers == 1)
        // What does not answer says nothing.
        #expect(Self.move(503, at: Self.new, redirects: [301], before: Self.told()) == Self.told())
    }

    @Test func `ten answers and seven days are needed, both`() {
        #expect(!MoveRule.mayAdopt(Self.told(9, since: -30), at: Self.now))
        #expect(!MoveRule.mayAdopt(Self.told(1000, since: -6.9), at: Self.now))
        #expect(MoveRule.mayAdopt(Self.told(10, since: -7), at: Self.now))
        #expect(!MoveRule.mayAdopt(Self.told(10, since: -7, adopted: -1), at: Self.now))
    }

    @Test func `an adopted address is given up when it is gone, fails for long, leads on or is another feed's`() {
        let adopted = Self.told(12, since: -30, adopted: -20)
        func after(
            _ status: Int, _ redirects: [Int] = [], failures: Int = 0, lastSuccess: Double = 0, isSame: Bool = true
        ) -> FeedMove? {
            Self.move(
                status, at: redirects.isEmpty ? Self.new : Self.old, redirects: redirects, before: adopted,
                failures: failures, lastSuccess: Self.now + lastSuccess * Self.day, isSameFeed: isSame)
        }
        #expect(after(200) == adopted)
        #expect(after(200, [302]) == adopted)
        #expect(after(200, [301]) == nil)
        #expect(after(200, isSame: false) == nil)
        #expect(after(410, failures: 1) == nil)
        #expect(after(500, failures: 2, lastSuccess: -3) == adopted)
        #expect(after(500, failures: 9, lastSuccess: -0.5) == adopted)
        #expect(after(404, failures: 3, lastSuccess: -1) == nil)
        // The feed itself is not gone: its own address has not said so.
        var feed = FeedState(id: FeedID(1), url: Self.old, nextPoll: Self.now)
        feed.move = adopted
        let reading = FeedReading(of: .success(FetchResponse(status: 410, url: Self.new)), for: feed, at: Self.now)
        #expect(reading.outcome != .gone)
    }

    @Test func `a feed is the same by an item or by its title`() {
        var feed = FeedState(id: FeedID(1), url: Self.old, nextPoll: Self.now)
        #expect(MoveRule.isSameFeed("Any", [.new], before: feed))
        feed.history.lastSuccess = Self.now
        feed.title = "News"
        #expect(MoveRule.isSameFeed("News", [.new], before: feed))
        #expect(MoveRule.isSameFeed("Other", [.new, .known(ItemID(1))], before: feed))
        #expect(!MoveRule.isSameFeed("Other", [.new], before: feed))
        feed.title = nil
        #expect(!MoveRule.isSameFeed(nil, [], before: feed))
    }
}
