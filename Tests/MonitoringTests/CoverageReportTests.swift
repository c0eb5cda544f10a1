import Foundation
import Model
import Monitoring
import Testing

/// What is told of a feed's coverage, from its state and its gaps.
@Suite struct CoverageReportTests {
    private static let hour = 3600.0
    private let now = Date(timeIntervalSince1970: 1_543_240_800)

    private func ago(_ hours: Double) -> Date { now - hours * Self.hour }

    /// A feed that was first read a hundred hours ago, and last an hour ago.
    private func feed(seen hours: Double = 1, failures: Int = 0, error: String? = nil) -> FeedState {
        var state = FeedState(id: FeedID(1), url: "https://a.example/rss", nextPoll: now + 60)
        state.coverage.since = ago(100)
        state.coverage.until = ago(hours)
        state.history.lastSuccess = ago(hours)
        state.history.failures = failures
        state.history.lastError = error
        return state
    }

    private func gap(_ from: Double, _ to: Double, _ cause: CoverageGap.Cause = .overflow) -> CoverageGap {
        CoverageGap(feed: FeedID(1), start: ago(from), end: ago(to), cause: cause)
    }

    private func report(_ state: FeedState?, _ gaps: [CoverageGap] = [], hours: Double = 1000) -> CoverageReport {
        CoverageReport(of: state, gaps, since: ago(hours), now: now)
    }

    @Test func `A feed without gaps is whole from when it was first read`() {
        let all = report(feed())
        #expect(all.standing == .whole)
        #expect(all.covered == [.init(from: ago(100), to: ago(1))])
        #expect(report(feed(), hours: 24).from == ago(24))
        #expect(!all.needsSomebody)
    }

    @Test func `Gaps are cut to the time that is asked about, and what was closed is none`() {
        var closed = gap(20, 18)
        closed.closed = ago(17)
        let all = report(feed(), [closed, gap(50, 40), gap(12, 10)], hours: 45)
        #expect(all.standing == .gap)
        #expect(all.needsSomebody)
        #expect(all.closed == 1)
        #expect(all.holes.map(\.from) == [ago(45), ago(12)])
        #expect(all.covered == [.init(from: ago(40), to: ago(12)), .init(from: ago(10), to: ago(1))])
        #expect(report(feed(), [gap(50, 40)], hours: 30).standing == .whole)
    }

    @Test func `What is certain stands before what cannot be told`() {
        let all = report(feed(), [gap(80, 20, .single), gap(60, 50), gap(90, 70, .unlinked)])
        #expect(all.holes.map(\.isDoubt) == [true, true, false])
        #expect(all.standing == .gap)
        #expect(report(feed(), [gap(80, 20, .single)]).standing == .unproven)
        #expect(!report(feed(), [gap(80, 20, .single)]).needsSomebody)
        // Never the same time twice.
        #expect(zip(all.holes, all.holes.dropFirst()).allSatisfy { $0.to <= $1.from })
    }

    @Test func `A feed that cannot be read is a gap after six hours`() {
        #expect(report(feed(seen: 5, failures: 9, error: "the server failed (500)")).standing == .whole)
        let long = report(feed(seen: 7, failures: 9, error: "the server failed (500)"))
        #expect(long.standing == .gap)
        #expect(long.holes.map(\.why) == ["the server failed (500)"])
        #expect(long.holes.map(\.isOpen) == [true])
        #expect(long.covered == [.init(from: ago(100), to: ago(7))])
    }

    @Test func `A feed that is gone is one at once`() {
        var state = feed(seen: 1, failures: 1)
        state.gone = true
        #expect(report(state).holes.map(\.from) == [ago(1)])
    }

    @Test func `A server's pause is none, and a program that does not run is`() {
        var state = feed(seen: 20)
        state.nextPoll = now + Self.hour
        #expect(report(state).standing == .whole)
        state.nextPoll = ago(19)
        #expect(report(state).holes.map(\.why) == ["nobody has asked for it: tocsin does not run"])
        state.notBefore = now + Self.hour
        #expect(report(state).standing == .whole)
    }

    @Test func `A feed that was empty ever since is looked at`() {
        var state = feed(seen: 50)
        state.history.isEmpty = true
        state.history.lastSuccess = ago(0.1)
        #expect(report(state).covered == [.init(from: ago(100), to: ago(0.1))])
    }

    @Test func `Before the watch looked, nothing was looked at`() {
        func report(_ hours: Double, _ state: FeedState, _ gaps: [CoverageGap] = []) -> CoverageReport {
            CoverageReport(of: state, gaps, since: ago(1000), now: now, watchedSince: ago(hours))
        }
        let later = report(20, feed(), [gap(50, 40), gap(22, 18)])
        #expect(later.from == ago(20))
        #expect(later.notBefore == ago(20))
        #expect(later.holes.map(\.from) == [ago(20)])
        #expect(later.covered == [.init(from: ago(18), to: ago(1))])
        // The feed is younger than the watch.
        #expect(report(200, feed()).notBefore == nil)
        #expect(report(200, feed()).from == ago(100))
        // It was not asked since.
        let none = report(0.5, feed())
        #expect(none.standing == .never)
        #expect(none.covered.isEmpty)
        #expect(!none.needsSomebody)
        #expect(report(3, feed(seen: 7, failures: 9, error: "no such host")).standing == .gap)
    }

    @Test func `A feed that was never read says why`() {
        #expect(report(nil).standing == .never)
        #expect(!report(nil).needsSomebody)
        var state = FeedState(id: FeedID(1), url: "https://a.example/rss", nextPoll: now)
        state.history.failures = 3
        state.history.lastError = "no such host"
        #expect(report(state).standing == .never)
        #expect(report(state).needsSomebody)
        #expect(report(state).holes.map(\.why) == ["no such host"])
        #expect(report(state).covered.isEmpty)
    }
}
