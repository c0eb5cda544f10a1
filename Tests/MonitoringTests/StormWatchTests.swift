import Foundation
import Model
import Monitoring
import SQLiteStorage
import TestSupport
import Testing

/// What a feed that publishes its archive again looks like, from the request to the alerts.
@Suite struct StormWatchTests {
    private let known = (1...20).map { Entry("\($0)", "Weather \($0)") }

    /// A feed that was read before, and its next document.
    private func poll(_ lab: Lab, _ entries: [Entry]) async throws -> [Alert] {
        lab.answer(200, rss(known))
        try await lab.poll()
        lab.answer(200, rss(entries + known.prefix(15)))
        return try await lab.poll()?.alerts ?? []
    }

    @Test func `an archive under new ids is held and told of once`() async throws {
        let lab = try Lab()
        let archive = (1...40).map { Entry("new-\($0)", "Serikqyzy \($0)", age: 30 + Double($0)) }
        let alerts = try await poll(lab, archive + [Entry("today", "Serikqyzy today", age: 0)])
        #expect(alerts.count == 42)
        let news = alerts.filter { $0.kind == .health }
        #expect(news.map(\.item.title) == ["News: old items come again; 40 alerts are held"])
        let summary = try #require(news.first?.item.summary)
        #expect(summary.contains("40 of the 41 alerts") && summary.contains("tocsin alerts release"))
        let sent = try await lab.store.claimDeliveries(
            to: SinkName("sink"), at: lab.clock.now, limit: 100, lease: .seconds(60))
        #expect(
            Set(sent.compactMap { Alert(json: $0.body)?.item.title }) == ["Serikqyzy today", news[0].item.title ?? ""])
        let held = try await lab.store.heldAlerts()
        #expect(held.map(\.alerts) == [40])
    }

    @Test func `three hundred pieces of news go out at once`() async throws {
        let lab = try Lab()
        let alerts = try await poll(lab, (1...300).map { Entry("new-\($0)", "Serikqyzy \($0)", age: 0.01) })
        #expect(alerts.count == 300)
        #expect(alerts.allSatisfy { $0.kind == .alert })
        #expect(try await lab.store.heldAlerts().isEmpty)
    }

    @Test func `a mass arrest under one title, in the same sentences, goes out at once`() async throws {
        let lab = try Lab()
        let form = StorySketcherTests.sentences.joined(separator: " ")
        func arrest(_ number: Int, age: Double) -> Entry {
            Entry("arrest-\(number)", "Person detained", text: "Serikqyzy \(number) was detained. \(form)", age: age)
        }
        let before = (1...10).map { arrest($0, age: 5 + Double($0)) }
        lab.answer(200, rss(before))
        try await lab.poll()
        lab.answer(200, rss((100..<125).map { arrest($0, age: 0.01) } + before))
        let alerts = try await lab.poll()?.alerts ?? []
        #expect(alerts.count == 25)
        #expect(alerts.allSatisfy { $0.kind == .alert })
        #expect(try await lab.store.heldAlerts().isEmpty)
    }

    @Test func `the first poll of a feed holds nothing`() async throws {
        let lab = try Lab(backlog: .all)
        let archive = (1...40).map { Entry("\($0)", "Serikqyzy \($0)", age: 30 + Double($0)) }
        #expect(try await lab.alerts(rss(archive)).count == 40)
        #expect(try await lab.store.heldAlerts().isEmpty)
    }

    @Test func `a wire copy in another feed is marked, from its text`() async throws {
        let lab = try Lab()
        let text = StorySketcherTests.sentences.joined(separator: " ")
        let first = try await first(lab, Entry("1", "Serikqyzy sentenced", text: text))
        let other = try Lab("https://other.example/rss")
        other.answer(
            200,
            rss(
                Entry(
                    guid: "x", link: "https://other.example/x", title: "Kazakh court: Serikqyzy sentenced", text: text))
        )
        try await lab.store.register([lab.spec, other.spec], at: lab.clock.now)
        let feed = try #require(
            try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 9, lease: .seconds(60)).first {
                $0.url == other.spec.url
            })
        var poller = lab.poller
        poller.transport = other.transport
        let report = try await poller.poll(feed, other.spec, other.setup)
        #expect(report?.alerts.map(\.duplicateOf) == [first.id])
    }

    private func first(_ lab: Lab, _ entry: Entry) async throws -> Alert {
        lab.answer(200, rss(entry))
        return try #require(try await lab.poll()?.alerts.first)
    }
}
