import Foundation
import Model
import Monitoring
import Testing

/// What is told of a sink, and when.
@Suite struct SinkRuleTests {
    private static let start = Date(timeIntervalSince1970: 1_543_240_800)

    private func at(_ minutes: Double) -> Date { Self.start + minutes * 60 }

    private func sink(_ change: (inout SinkState) -> Void) -> SinkState {
        var state = SinkState(SinkName("chat"))
        state.lastError = "down"
        change(&state)
        return state
    }

    @Test func `an hour of failures is told once, and its end`() throws {
        var state = sink { state in
            state.failingSince = at(0)
            state.lastFailure = at(50)
        }
        #expect(SinkRule.step(state, at: at(59)) == nil)
        #expect(SinkRule.nextLook(state, at: at(59)) == at(60))
        let told = SinkState.Told(.failing, since: at(0))
        let step = try #require(SinkRule.step(state, at: at(60)))
        #expect(step.told == told && step.news == .began(told))
        state.told = step.told
        state.lastFailure = at(4000)
        #expect(SinkRule.step(state, at: at(4001)) == nil)
        #expect(SinkRule.nextLook(state, at: at(4001)) == nil)
        state.failingSince = nil
        let end = try #require(SinkRule.step(state, at: at(4002)))
        #expect(end.told == nil && end.news == .ended(told))
    }

    /// The program stood still, or the clock was set: one failure of yesterday is no day of failures.
    @Test func `a failure before a pause of ours is not held against it`() {
        let state = sink { state in
            state.failingSince = at(0)
            state.lastFailure = at(1)
        }
        #expect(SinkRule.step(state, at: at(3000)) == nil)
    }

    @Test func `in a pause that it has asked for no second failure is waited for`() {
        var state = sink { state in
            state.failingSince = at(0)
            state.lastFailure = at(1)
            state.pausedUntil = at(30)
            state.pending = 1
        }
        #expect(SinkRule.step(state, at: at(2)) == nil)
        // As long as any is kept, and so perhaps one of years.
        state.pausedUntil = at(61)
        #expect(SinkRule.step(state, at: at(2))?.told == .init(.failing, since: at(0)))
        // A short one, in an outage of an hour.
        state.lastFailure = at(20)
        state.pausedUntil = at(65)
        #expect(SinkRule.step(state, at: at(59)) == nil)
        #expect(SinkRule.step(state, at: at(60))?.told == .init(.failing, since: at(0)))
        state.pending = 0
        #expect(SinkRule.step(state, at: at(60)) == nil)
        // A clock that was wrong.
        state.pending = 1
        state.pausedUntil = at(1_000_000)
        #expect(SinkRule.step(state, at: at(60)) == nil)
    }

    @Test func `deliveries that were given up in an outage are no other news, and are told of at its end`() throws {
        var state = sink { state in
            state.failingSince = at(0)
            state.lastFailure = at(4400)
            state.lastRefusal = at(4320)
            state.failed = 7
            state.told = .init(.failing, since: at(0))
        }
        #expect(SinkRule.step(state, at: at(4400)) == nil)
        state.failingSince = nil
        let end = try #require(SinkRule.step(state, at: at(4500)))
        #expect(end.told?.trouble == .refused && end.news == .ended(.init(.failing, since: at(0))))
        let alert = SinkAlert.alert(try #require(end.news), of: state, at: at(4500))
        #expect(alert.item.summary?.contains("7 deliveries have failed for good") == true)
        state.told = end.told
        #expect(SinkRule.step(state, at: at(4501)) == nil)
    }

    @Test func `a refusal is told at once, and the next one a day later at the soonest`() throws {
        var state = sink { state in
            state.lastRefusal = at(0)
            state.failed = 1
        }
        let told = SinkState.Told(.refused, since: at(0))
        #expect(SinkRule.step(state, at: at(0))?.news == .began(told))
        state.told = told
        state.failed = 900
        state.lastRefusal = at(1430)
        state.lastSuccess = at(10)
        #expect(SinkRule.step(state, at: at(1430)) == nil)
        state.lastRefusal = at(1440)
        #expect(SinkRule.step(state, at: at(1440))?.news == .began(.init(.refused, since: at(1440))))
        // One that has taken nothing since is the same matter.
        state.lastSuccess = nil
        #expect(SinkRule.step(state, at: at(9000)) == nil)
        // A person has seen to it.
        state.failed = 0
        let end = try #require(SinkRule.step(state, at: at(9000)))
        #expect(end.told == nil && end.news == nil && end.forgetsRefusals)
    }

    @Test func `one that is gone is told of at once, also after an outage, and its return`() throws {
        var state = sink { state in
            state.stopped = "410"
            state.failingSince = at(5)
            state.lastFailure = at(5)
            state.failed = 1
        }
        let told = SinkState.Told(.gone, since: at(5))
        #expect(SinkRule.step(state, at: at(5))?.news == .began(told))
        state.told = .init(.failing, since: at(0))
        #expect(SinkRule.step(state, at: at(90))?.told == .init(.gone, since: at(90)))
        state.told = told
        #expect(SinkRule.step(state, at: at(5000)) == nil)
        #expect(SinkRule.trouble(state, at: at(5000)) == told)
        // A person has started it; that is no success yet.
        state.stopped = nil
        state.failed = 0
        #expect(SinkRule.step(state, at: at(5001)) == nil)
        state.failingSince = nil
        #expect(SinkRule.step(state, at: at(5002))?.news == .ended(told))
    }

    @Test func `an episode has one id, and another one another`() {
        let state = sink { $0.stopped = "410" }
        func id(_ name: String, _ news: SinkRule.News, _ date: Date) -> AlertID {
            var state = state
            state.name = SinkName(name)
            return SinkAlert.alert(news, of: state, at: date).id
        }
        let began = SinkRule.News.began(.init(.gone, since: at(1)))
        #expect(id("a", began, at(1)) == id("a", began, at(50)))
        let others = [
            id("a", began, at(1)), id("b", began, at(1)), id("a", .began(.init(.gone, since: at(2))), at(1)),
            id("a", .ended(.init(.gone, since: at(1))), at(1)),
        ]
        #expect(Set(others).count == others.count)
    }

    /// It may have repeated an alert, and others may be told less.
    @Test func `what the receiver said goes to no other sink`() {
        let state = sink {
            $0.lastError = "she@h.example: the mail server answered 550 (“no (“Serikqyzy”) here”): too bad"
        }
        let alert = SinkAlert.alert(.began(.init(.refused, since: at(1))), of: state, at: at(1))
        #expect(alert.item.summary?.contains("•••@h.example: the mail server answered 550: too bad; since") == true)
    }
}
