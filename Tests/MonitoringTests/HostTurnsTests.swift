import Foundation
import Model
import Monitoring
import Testing

@Suite struct HostTurnsTests {
    private let start = Date(timeIntervalSince1970: 1_543_240_800)
    private let pace = HostPace(host: "a.example", gap: 2, atOnce: 2)

    private func feed(_ id: Int) -> FeedState {
        FeedState(id: FeedID(Int64(id)), url: "https://a.example/\(id)", nextPoll: start)
    }

    @Test func `one start every two seconds, and so many at once`() {
        var turns = HostTurns()
        #expect(turns.admit(feed(1), pace, at: start, mayStart: true) == .go)
        for id in 2...4 { #expect(turns.admit(feed(id), pace, at: start, mayStart: true) == .waits) }
        #expect(turns.next(at: start + 1.9, limit: 9).isEmpty)
        #expect(turns.nextTurn() == start + 2)
        #expect(turns.next(at: start + 2, limit: 9).count == 1)
        // Two are under way: time alone does not help.
        #expect(turns.nextTurn() == nil)
        #expect(turns.next(at: start + 60, limit: 9).isEmpty)
        let isAwaited = turns.finish("a.example")
        #expect(isAwaited)
        #expect(turns.next(at: start + 60, limit: 9).count == 1)
        #expect(turns.waitingCount == 1 && turns.hasWaiting("a.example"))
    }

    @Test func `other hosts do not wait, and one without room is not charged for it`() {
        var turns = HostTurns()
        _ = turns.admit(feed(1), pace, at: start, mayStart: true)
        let other = HostPace(host: "b.example", gap: 2, atOnce: 2)
        #expect(turns.admit(feed(2), other, at: start, mayStart: false) == .unserved)
        #expect(turns.admit(feed(2), other, at: start, mayStart: true) == .go)
    }

    @Test func `thousands of feeds on a host go back to the schedule, each with a turn of its own`() throws {
        var turns = HostTurns()
        var later: [Date] = []
        for id in 1...5000 {
            if case .later(let date) = turns.admit(feed(id), pace, at: start, mayStart: true) { later.append(date) }
        }
        #expect(turns.waitingCount == 15)
        #expect(later.count == 4984)
        #expect(zip(later, later.dropFirst()).allSatisfy { $1.timeIntervalSince($0) == 2 })
        // Behind those that wait here.
        #expect(try #require(later.first) == start + 32)
    }

    @Test func `what waits is bounded over all hosts`() {
        var turns = HostTurns(room: 100)
        for host in 1...200 {
            for id in 0...3 {
                let pace = HostPace(host: "h\(host).example", gap: 2, atOnce: 1)
                _ = turns.admit(feed(host * 10 + id), pace, at: start, mayStart: true)
            }
        }
        #expect(turns.waitingCount == 100)
        #expect(turns.drain().count == 100)
        #expect(turns.waitingCount == 0 && turns.nextTurn() == nil)
    }

    @Test func `hosts take turns when there is little room, and feeds are drawn by lot`() {
        var turns = HostTurns()
        var order: [FeedID] = []
        for host in 0..<3 {
            let pace = HostPace(host: "h\(host).example", gap: 2, atOnce: 9)
            for id in 0..<12 { _ = turns.admit(feed(host * 100 + id), pace, at: start, mayStart: true) }
        }
        for step in 1...33 {
            for started in turns.next(at: start + Double(step) * 2, limit: 1) {
                order.append(started.feed.id)
                turns.finish(started.host)
            }
        }
        #expect(Set(order).count == 33)
        #expect(order.map { $0.rawValue / 100 } == (0..<33).map { Int64($0 % 3) })
        // By chance: once in 10²⁰ runs.
        #expect(order.filter { $0.rawValue < 100 }.map(\.rawValue) != Array(1...11))
    }

    @Test func `a clock that is set back stops nobody`() {
        var turns = HostTurns()
        for id in 1...500 { _ = turns.admit(feed(id), pace, at: start, mayStart: true) }
        turns.finish("a.example")
        #expect(turns.next(at: start - 86_400, limit: 1).count == 1)
        guard case .later(let date) = turns.admit(feed(501), pace, at: start - 172_800, mayStart: true) else {
            // There is room again.
            return
        }
        #expect(date < start - 172_000)
    }
}
