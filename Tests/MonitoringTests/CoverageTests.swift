import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Synchronization
import TestSupport
import Testing

/// What polls prove of what was seen, and how gaps are found and closed.
@Suite struct CoverageTests {
    private static let quarter = 900.0

    private func gaps(_ lab: Lab) async throws -> [CoverageGap] { try await lab.store.gaps(since: .distantPast) }

    private func report(_ lab: Lab) async throws -> CoverageReport {
        let gaps = try await gaps(lab)
        return CoverageReport(
            of: try await lab.state, gaps, since: lab.clock.now - 30 * 86_400, now: lab.clock.now)
    }

    /// Items of these numbers, the newest first.
    private func news(_ numbers: ClosedRange<Int>) -> String {
        rss(numbers.reversed().map { Entry("\($0)", "News \($0)", text: "What happened as number \($0).") })
    }

    // What is no gap

    @Test func `Documents that overlap, 304s and the same bytes leave no gap`() async throws {
        let lab = try Lab()
        let begin = lab.clock.now
        lab.answer(200, news(1...10), [("etag", "\"1\"")])
        try await lab.poll()
        lab.answer(304)
        try await lab.poll()
        lab.answer(200, news(1...10))
        try await lab.poll()
        lab.answer(200, news(10...19))
        try await lab.poll()
        let coverage = try await lab.state.coverage
        #expect(coverage.since == begin)
        #expect(coverage.until == begin + 3 * Self.quarter)
        #expect(coverage.misses == 0)
        let report = try await report(lab)
        #expect(report.standing == .whole)
        #expect(report.covered == [.init(from: begin, to: begin + 3 * Self.quarter)])
        #expect(try await gaps(lab).isEmpty)
    }

    @Test func `A failure between documents that overlap is no gap`() async throws {
        let lab = try Lab()
        _ = try await lab.alerts(news(1...10))
        for status in [500, 503, 404] {
            lab.answer(status)
            try await lab.poll()
        }
        #expect(try await lab.state.coverage.until ?? .distantFuture < lab.clock.now)
        _ = try await lab.alerts(news(8...17))
        #expect(try await report(lab).standing == .whole)
        #expect(try await lab.state.coverage.until == lab.clock.now)
    }

    @Test func `A feed that was empty, and one that seemed to be, have no gap`() async throws {
        let lab = try Lab()
        _ = try await lab.alerts(rss())
        _ = try await lab.alerts(news(1...8))
        // A fault of the server: the feed comes back as it was.
        _ = try await lab.alerts(rss())
        _ = try await lab.alerts(news(2...9))
        // Items that were taken out, as warnings are when they are over.
        _ = try await lab.alerts(rss())
        _ = try await lab.alerts(news(20...22))
        #expect(try await gaps(lab).isEmpty)
        #expect(try await report(lab).standing == .whole)
        // As many as it holds, after all had seemed to be gone: who knows.
        let last = lab.clock.now
        _ = try await lab.alerts(rss())
        _ = try await lab.alerts(news(30...35))
        #expect(try await gaps(lab).map(\.start) == [last])
    }

    @Test func `A site that changed all its ids and links has no gap`() async throws {
        func document(_ base: String) -> String {
            rss(
                (1...6).map { number in
                    Entry(
                        guid: "\(base)-\(number)", link: "https://\(base).example.org/\(number)",
                        title: "\(base) \(number)", text: "Of \(base): number \(number).", age: Double(number))
                })
        }
        let lab = try Lab()
        _ = try await lab.alerts(document("old"))
        // Nothing is the same but the dates, which reach back.
        lab.clock.advance(by: .seconds(86_400))
        _ = try await lab.alerts(document("new"))
        #expect(try await gaps(lab).isEmpty)
    }

    // What is one

    @Test func `A burst of more items than the document holds is a gap`() async throws {
        let lab = try Lab()
        let begin = lab.clock.now
        _ = try await lab.alerts(news(1...10))
        _ = try await lab.alerts(news(5...14))
        _ = try await lab.alerts(news(25...34))
        _ = try await lab.alerts(news(30...39))
        let gap = try #require(try await gaps(lab).first)
        #expect(try await gaps(lab).count == 1)
        #expect(gap.start == begin + Self.quarter)
        #expect(gap.end == begin + 2 * Self.quarter)
        #expect(gap.cause == .overflow)
        #expect(gap.closed == nil)
        let report = try await report(lab)
        #expect(report.standing == .gap)
        #expect(report.needsSomebody)
        #expect(
            report.covered == [
                .init(from: begin, to: begin + Self.quarter),
                .init(from: begin + 2 * Self.quarter, to: begin + 3 * Self.quarter),
            ])
        // One burst wakes nobody.
        #expect(try await lab.state.health.condition == .fine)
    }

    /// A pinned item is in every document, and says nothing of the others.
    @Test func `Old items alone prove nothing`() async throws {
        let lab = try Lab()
        func document(_ numbers: ClosedRange<Int>) -> String {
            let news = numbers.reversed().map { Entry("\($0)", "News \($0)", age: 0) }
            return rss([Entry("pin", "Rules", age: 100)] + news)
        }
        _ = try await lab.alerts(document(1...10))
        _ = try await lab.alerts(document(4...13))
        #expect(try await gaps(lab).isEmpty)
        _ = try await lab.alerts(document(30...39))
        #expect(try await gaps(lab).map(\.cause) == [.overflow])
        _ = try await lab.alerts(document(33...42))
        #expect(try await gaps(lab).count == 1)
    }

    @Test func `Old dates prove nothing unless they are at the end of a document in their order`() async throws {
        // Some are old and some are not, and 1970 is no date.
        let epoch = try Lab().clock.now.timeIntervalSince1970 / 86_400
        for ages in [[0, 0, 30, 0, 30, 0, 0, 30, 0, 0], Array(repeating: epoch, count: 10)] {
            let lab = try Lab()
            for first in [20, 50] {
                let entries = ages.enumerated().map { Entry("\(first - $0)", "News \(first - $0)", age: $1) }
                _ = try await lab.alerts(rss(entries))
            }
            #expect(try await gaps(lab).count == 1)
        }
        let lab = try Lab()
        func sorted(_ first: Int) -> String {
            rss((0..<10).map { Entry("\(first - $0)", "News \(first - $0)", age: Double($0)) })
        }
        _ = try await lab.alerts(sorted(20))
        _ = try await lab.alerts(sorted(50))
        #expect(try await gaps(lab).isEmpty)
    }

    @Test func `An item that was pinned since the document before the last proves nothing`() async throws {
        let lab = try Lab()
        func items(_ numbers: ClosedRange<Int>) -> [Entry] {
            numbers.reversed().map { Entry("\($0)", "News \($0)", age: 0.5 - Double($0) / 1000) }
        }
        let pin = Entry("pin", "Appeal", age: 0.6)
        _ = try await lab.alerts(rss(items(0...10)))
        _ = try await lab.alerts(rss([pin] + items(5...14)))
        #expect(try await gaps(lab).isEmpty)
        _ = try await lab.alerts(rss([pin] + items(60...69)))
        #expect(try await gaps(lab).map(\.cause) == [.overflow])
        _ = try await lab.alerts(rss([pin] + items(63...72)))
        #expect(try await gaps(lab).count == 1)
    }

    @Test func `An item that was pinned while it was the newest proves nothing`() async throws {
        func items(_ numbers: ClosedRange<Int>) -> [Entry] {
            numbers.reversed().map { Entry("\($0)", "News \($0)", age: 0.5 - Double($0) / 1000) }
        }
        let pin = items(10...10)
        for next in [31...39, 12...20] {
            let lab = try Lab()
            _ = try await lab.alerts(rss(pin + items(1...9)))
            _ = try await lab.alerts(rss(pin + items(next)))
            #expect(try await gaps(lab).map(\.cause) == [.overflow])
        }
        // Where the last of the earlier document is still there, it proves something: in its place, or one that is dated wrongly.
        for next in [items(11...19) + pin, items(15...19) + pin + items(11...14), pin + items(11...17) + items(9...9)] {
            let lab = try Lab()
            _ = try await lab.alerts(rss(pin + items(1...9)))
            _ = try await lab.alerts(rss(next))
            #expect(try await gaps(lab).isEmpty)
        }
        // The oldest first: the first one is where the document before ended.
        let rising = try Lab()
        _ = try await rising.alerts(rss(items(1...10).reversed()))
        _ = try await rising.alerts(rss(items(10...19).reversed()))
        #expect(try await gaps(rising).isEmpty)
    }

    @Test(arguments: [true, false])
    func `An item of years ago beside each few new ones proves nothing`(_ isFirst: Bool) async throws {
        let lab = try Lab()
        for number in [0, 40, 80] {
            let news = (number...number + 2).reversed().map {
                Entry("\($0)", "News \($0)", age: 0.5 - Double($0) / 1000)
            }
            let old = [Entry("old\(number)", "On this day", age: 700 + Double(number))]
            _ = try await lab.alerts(rss(isFirst ? old + news : news + old))
        }
        #expect(try await gaps(lab).count >= 1)
        #expect(try await report(lab).standing == .gap)
        // One that comes once a month, under new ids: its own pauses are long.
        let slow = try Lab()
        for number in [0, 10] {
            _ = try await slow.alerts(
                rss((0..<6).map { Entry("\(number)-\($0)", "Letter \(number + $0)", age: Double($0) * 30 - 0.01) }))
        }
        #expect(try await gaps(slow).isEmpty)
    }

    @Test func `A mirror that lags behind, or one document of another feed, is no lasting gap`() async throws {
        let lagging = try Lab()
        for numbers in [20...30, 5...15, 20...30, 5...15, 27...37] { _ = try await lagging.alerts(news(numbers)) }
        // The first of them has items that were never there.
        #expect(try await gaps(lagging).count == 1)
        #expect(try await lagging.state.coverage.misses == 0)
        let foreign = try Lab()
        for numbers in [0...10, 900...910, 1...11, 3...13] { _ = try await foreign.alerts(news(numbers)) }
        #expect(try await gaps(foreign).count == 1)
        #expect(try await foreign.state.coverage.misses == 0)
    }

    @Test func `A title that comes back every week proves nothing`() async throws {
        let lab = try Lab()
        func document(_ numbers: ClosedRange<Int>) -> String {
            let first = numbers.lowerBound
            let column = Entry("column-\(first)", "The week in pictures", text: "Of \(first).")
            let news = numbers.reversed().map { Entry("\($0)", "News \($0)", text: "What happened: \($0).") }
            return rss([column] + news)
        }
        _ = try await lab.alerts(document(1...10))
        _ = try await lab.alerts(document(30...39))
        #expect(try await gaps(lab).count == 1)
    }

    @Test func `What went before a gap is its cause`() async throws {
        let failing = try Lab()
        _ = try await failing.alerts(news(1...10))
        let seen = failing.clock.now
        failing.answer(500)
        for _ in 0..<4 { try await failing.poll() }
        _ = try await failing.alerts(news(50...59))
        let gap = try #require(try await gaps(failing).first)
        #expect(gap.cause == .failure)
        #expect(gap.start == seen)
        #expect(gap.detail == "the server failed (500)")

        let asleep = try Lab()
        _ = try await asleep.alerts(news(1...10))
        asleep.clock.advance(by: .seconds(2 * 86_400))
        _ = try await asleep.alerts(news(50...59))
        #expect(try await gaps(asleep).map(\.cause) == [.notAsked])
    }

    /// A server that says 'not modified' of what was: what it said so proves nothing, from the last whole answer on.
    @Test func `304s that were not true prove nothing`() async throws {
        var spec = FeedSpec(url: Lab.url)
        spec.policy.every = .seconds(43_200)
        let lab = try Lab(spec)
        func serve(_ numbers: ClosedRange<Int>) {
            let body = rss(numbers.reversed().map { Entry("\($0)", "News \($0)", age: Double(10 - $0)) })
            lab.transport.answer { request in
                let tag = HeaderField(name: "etag", value: Array("\"1\"".utf8))
                return .success(
                    request.validators != nil
                        ? FetchResponse(status: 304, url: request.url)
                        : FetchResponse(status: 200, headers: [tag], body: Array(body.utf8), url: request.url))
            }
        }
        let begin = lab.clock.now
        serve(1...9)
        try await lab.poll()
        for _ in 0..<4 { try await lab.poll() }
        #expect(try await lab.state.coverage.until == lab.clock.now)
        serve(15...19)
        for _ in 0..<40 where try await lab.state.history.trust.unreliable == nil { try await lab.poll() }
        let gap = try #require(try await gaps(lab).first)
        #expect(gap.cause == .denied)
        #expect(gap.start == begin)
        // From then on whole answers prove, and they do.
        try await lab.poll()
        #expect(try await lab.state.history.lastStatus == 200)
        #expect(try await lab.state.coverage.until == lab.clock.now)
    }

    @Test func `Half a document proves nothing`() async throws {
        let lab = try Lab()
        _ = try await lab.alerts(news(1...10))
        lab.answer(200, rss((21...25).reversed().map { Entry("\($0)", "News \($0)") }, isCut: true))
        try await lab.poll()
        // It overlaps with the half, and not with what was whole.
        _ = try await lab.alerts(news(22...31))
        #expect(try await gaps(lab).count == 1)
        // Here it does with both.
        lab.answer(200, rss((35...36).reversed().map { Entry("\($0)", "News \($0)") }, isCut: true))
        try await lab.poll()
        _ = try await lab.alerts(news(29...38))
        #expect(try await gaps(lab).count == 1)
    }

    // What cannot be told

    @Test func `A feed of one item at a time is no gap, but not proven`() async throws {
        let lab = try Lab()
        for number in 1...30 { _ = try await lab.alerts(news(number...number)) }
        #expect(try await gaps(lab).map(\.cause) == [.single])
        let report = try await report(lab)
        #expect(report.standing == .unproven)
        #expect(!report.needsSomebody)
        #expect(try await lab.state.health.condition == .fine)
    }

    @Test func `A feed with new ids each time is no gap in the end, but not proven`() async throws {
        let lab = try Lab()
        for round in 1...10 {
            _ = try await lab.alerts(
                rss((1...5).map { Entry("\(round)-\($0)", "Of round \(round): \($0)", text: "Round \(round): \($0)") }))
        }
        #expect(try await gaps(lab).map(\.cause) == [.unlinked])
        #expect(try await report(lab).standing == .unproven)
        #expect(try await lab.state.health.condition == .fine)
    }

    // Health

    @Test func `A feed that keeps losing items is told of once, and its recovery after a day`() async throws {
        let lab = try Lab()
        var told: [String] = []
        var number = 0
        func round(_ step: Int) async throws {
            number += step
            let entries = (number..<(number + 10)).reversed().map {
                Entry("\($0)", "News \($0)", age: -Double($0) / 1e4)
            }
            lab.answer(200, rss(entries))
            told += try await lab.poll()?.alerts.filter { $0.kind == .health }.compactMap(\.item.title) ?? []
        }
        try await round(0)
        for _ in 0..<8 { try await round(25) }
        #expect(told == ["News: items of it are missed"])
        let state = try await lab.state
        #expect(state.health.condition == .overrun)
        #expect(state.health.evidence?.contains("set a shorter 'every'") ?? false)
        // One gap, and not eight.
        #expect(try await gaps(lab).count == 1)
        for _ in 0..<90 { try await round(1) }
        #expect(told.count == 1)
        for _ in 0..<10 { try await round(1) }
        #expect(told == ["News: items of it are missed", "News: fine again"])
    }

    @Test func `After a gap the next poll comes as soon as it may`() async throws {
        let lab = try Lab()
        var poller = lab.poller
        poller.jitter = { 1 }
        func poll(_ document: String, _ headers: [(String, String)] = []) async throws -> Double {
            lab.answer(200, document, headers)
            try await lab.store.register([lab.spec], at: lab.clock.now)
            if let due = try await lab.store.nextPollDue() { lab.clock.set(max(due, lab.clock.now)) }
            let feed = try #require(
                try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 1, lease: .seconds(9)).first)
            return try #require(try await poller.poll(feed, lab.spec, lab.setup)).nextPoll - lab.clock.now
        }
        #expect(try await poll(news(1...10)) == 990)
        #expect(try await poll(news(21...30)) == 900)
        #expect(try await poll(news(41...50), [("cache-control", "max-age=3600")]) == 3600)
        #expect(try await poll(news(45...54)) == 990)
    }
}

extension Date {
    fileprivate static func - (left: Date, right: Date) -> Double { left.timeIntervalSince(right) }
}
