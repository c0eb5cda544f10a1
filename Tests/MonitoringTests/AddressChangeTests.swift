import Foundation
import Model
import Monitoring
import SQLiteStorage
import TestSupport
import Testing

/// A person follows the advice to change a feed's address: nothing of the time in between is lost, or told twice.
@Suite struct AddressChangeTests {
    private static let day = 86_400.0
    private static let new = "https://example.org/new"

    /// Polls the feed at its new address.
    private func poll(_ lab: Lab, _ document: String, was: [String] = [Lab.url], backlog: Backlog) async throws
        -> [String]
    {
        var spec = FeedSpec(url: Self.new)
        spec.was = was
        try await lab.store.register([spec], at: lab.clock.now)
        lab.answer(200, document, url: Self.new)
        let claimed = try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 1, lease: .seconds(60))
        let setup = Lab.setup([spec], backlog: backlog, sinks: [lab.sink])
        return try await lab.poller.poll(try #require(claimed.first), spec, setup)?.alerts.compactMap(\.item.title)
            ?? []
    }

    private func report(_ lab: Lab) async throws -> CoverageReport {
        CoverageReport(
            of: try await lab.state, try await lab.store.gaps(since: .distantPast),
            since: lab.clock.now - 60 * Self.day,
            now: lab.clock.now)
    }

    /// A feed that was read, and then failed for thirty days.
    private func failed(_ entries: Entry...) async throws -> Lab {
        let lab = try Lab()
        _ = try await lab.alerts(rss(entries))
        lab.answer(404)
        for _ in 0..<5 { try await lab.poll(patience: 10 * Self.day) }
        lab.clock.advance(by: .seconds(30 * Self.day - 60))
        return lab
    }

    @Test func `Items that came since the last look are alerted, and the outage is a gap`() async throws {
        let lab = try await failed(Entry("1", "Serikqyzy 1", age: 1))
        // Their ages are counted from the first poll.
        let later = (2...6).map { Entry("\($0)", "Serikqyzy \($0)", age: -18) }
        let older = [Entry("7", "Serikqyzy 7", age: 40)]
        let alerts = try await poll(lab, rss(later + older), backlog: .newerThan(.seconds(7 * Self.day)))
        #expect(alerts.sorted() == (2...6).map { "Serikqyzy \($0)" })
        let report = try await report(lab)
        #expect(report.standing == .gap)
        #expect(report.needsSomebody)
        #expect(report.holes.first?.why.contains("404") == true)
    }

    @Test func `Even where new feeds alert on nothing`() async throws {
        let lab = try await failed(Entry("1", "Serikqyzy 1", age: 1))
        let document = rss(Entry("2", "Serikqyzy 2", age: -18), Entry("3", "Serikqyzy 3", age: 40))
        #expect(try await poll(lab, document, backlog: .none) == ["Serikqyzy 2"])
    }

    @Test func `A document that reaches back to the old one leaves no gap, and alerts on nothing twice`() async throws {
        let lab = try await failed(Entry(guid: "a", title: "Serikqyzy 1", text: "Without a link"))
        let document = rss(
            Entry(guid: "b", title: "Serikqyzy 2", text: "Another"),
            Entry(guid: "a", title: "Serikqyzy 1", text: "Without a link"))
        #expect(try await poll(lab, document, backlog: .all) == ["Serikqyzy 2"])
        #expect(try await report(lab).standing == .whole)
        // From then on it is a feed like any other.
        lab.clock.advance(by: .seconds(1000))
        let next = rss(Entry("3", "Serikqyzy 3", age: 40), Entry(guid: "b", title: "Serikqyzy 2", text: "Another"))
        #expect(try await poll(lab, next, backlog: .none) == ["Serikqyzy 3"])
    }

    // The question

    private func feed(_ url: String, name: String? = nil, site: String? = nil, was: [String] = []) -> FeedSpec {
        var feed = FeedSpec(url: url, name: name)
        feed.site = site
        feed.was = was
        return feed
    }

    private func questions(_ lost: [KnownFeed], _ feeds: [FeedSpec]) -> [String] {
        FeedSuccessions.questions(FeedListChange(lost: lost, new: Set(feeds.map(\.url))), feeds).map { "\($0)" }
    }

    @Test func `A new feed beside one that is listed no longer is asked about`() {
        let lost = [KnownFeed(url: "https://u:p@www.a.example/rss?token=s3cret", title: "A news", site: "a.example")]
        let told = questions(lost, [feed("https://feeds.a.example/rss", site: "a.example")])
        #expect(
            told == [
                "warning: this feed is new, and https://www.a.example/rss?token=••• ('A news') is listed no longer; if it "
                    + "is the same feed, write its old address under it as 'was: URL', so that nothing is missed"
            ])
        #expect(questions(lost, [feed("https://b.example/rss", name: "a NEWS", site: "b.example")]).count == 1)
        #expect(questions(lost, [feed("https://b.example/rss", name: "B news", site: "b.example")]).isEmpty)
        let local = [KnownFeed(url: "http://127.0.0.1:80/1")]
        #expect(questions(local, [feed("http://127.0.0.1:80/2")]).count == 1)
        #expect(questions([KnownFeed(url: "file:/a")], [feed("file:/b")]).isEmpty)
    }

    @Test func `Each is asked about once, and not where it is known`() {
        let lost = (1...30).map { KnownFeed(url: "https://a.example/\($0)", site: "a.example") }
        let new = (1...40).map { feed("https://a.example/new\($0)", site: "a.example") }
        let told = questions(lost, new)
        #expect(told.count == 10)
        #expect(told.last?.contains("; so it is with 20 more;") == true)
        #expect(questions([lost[0]], [feed("https://a.example/n", site: "a.example", was: [lost[0].url])]).isEmpty)
        var moved = lost[0]
        moved.movesTo = "https://a.example/n"
        #expect(questions([moved], [feed("https://a.example/n", site: "a.example")]).isEmpty)
    }
}
