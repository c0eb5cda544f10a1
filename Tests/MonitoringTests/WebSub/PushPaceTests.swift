import Foundation
import Model
import Monitoring
import Testing

@Suite struct PushPaceTests {
    private static let now = Date(timeIntervalSince1970: 1_543_240_800)

    private func pause(
        _ level: Int, after outcome: PollOutcome = .read, every: Double = 900, plain: Double = 900,
        until: Double = 10 * 86_400
    ) -> Double {
        var feed = FeedState(id: FeedID(1), url: "https://news.example/", nextPoll: Self.now + plain)
        feed.history.lastSuccess = Self.now
        var policy = FetchPolicy()
        policy.every = .seconds(every)
        let pushes = PushTrust(until: Self.now + until, level: level)
        return PushPace.nextPoll(after: outcome, feed, pushes, policy: policy, now: Self.now, jitter: 0)
            .timeIntervalSince(Self.now)
    }

    @Test func `the pause doubles from an hour to a day`() {
        #expect((0...9).map { pause($0) / 3600 } == [0.25, 0.25, 1, 2, 4, 8, 16, 24, 24, 24])
        #expect(pause(60) == 86_400)
    }

    @Test func `it is never shorter than without pushes, and never past the lease`() {
        #expect(pause(2, every: 7200, plain: 7200) == 7200)
        #expect(pause(2, every: 900, plain: 9000) == 9000)
        #expect(pause(6, until: 5000) == 5000)
        #expect(pause(6, until: 100) == 900)
        #expect(pause(6, until: -1) == 900)
    }

    @Test func `a poll that fails is tried again as always`() {
        #expect(pause(6, after: .failed(PollFailure(.status(500), ""))) == 900)
    }

    @Test func `what a poll shows`() {
        func level(_ level: Int, _ outcome: PollOutcome, hasNew: Bool = false) -> Int {
            PushPace.level(after: outcome, PushTrust(until: Self.now, level: level), hasNew: hasNew)
        }
        #expect(level(0, .read) == 0)
        #expect(level(1, .unchanged) == 2)
        #expect(level(3, .read, hasNew: true) == 0)
        #expect(level(3, .failed(PollFailure(.noAnswer, ""))) == 3)
        #expect(level(3, .failed(PollFailure(.truncated, "")), hasNew: true) == 0)
    }
}
