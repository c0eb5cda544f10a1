import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing

/// "Not my person": what is quiet for it, what is not, and what becomes of what waits to be sent.
@Suite struct DismissalTests {
    private let lab: StoryLab
    private let mirror = "https://b.example/feed"
    private let a = SinkName("a")

    init() throws {
        lab = try StoryLab()
    }

    /// A text as a set of shingles: those of a story, and some of its own.
    private func sketch(_ story: UInt32, own: UInt32 = 0) -> StorySketch {
        let shingles = (0..<UInt32(60)).map { number in (story &* 1009 &+ number &+ 1) &* 2_654_435_761 }
        let others = (0..<UInt32(3)).map { number in (own &* 7919 &+ number &+ 500_000) &* 2_246_822_519 }
        return StorySketch(shingles: shingles + (own == 0 ? [] : others), numbers: [], words: 62)
    }

    /// - Parameter own: a few words that no other text has. 0: none.
    private func item(
        _ number: UInt64, own: UInt32 = 0, watches: [String] = ["family"], host: String = "a.example",
        severities: [String: Severity] = [:], matched: [String] = ["Zhainar"]
    ) -> ItemRecord {
        var item = StoryLab.item(
            number, watches: watches, feed: "https://\(host)/feed", severity: .critical, matched: matched)
        item.item?.url = "https://\(host)/\(number)"
        item.sketch = sketch(1, own: own)
        for index in item.hits.indices {
            item.hits[index].severity = severities[item.hits[index].watch] ?? .critical
        }
        return item
    }

    private func raise(_ item: ItemRecord, at date: Date = StoryLab.now + 60) async throws -> Alert {
        try #require(try await lab.record([item], of: item.feed.url, at: date).first)
    }

    private func states(of alert: Alert) async throws -> [Delivery.State] {
        try #require(try await lab.store.keptAlert(alert.id)).deliveries.map(\.state)
    }

    private func dismiss(_ alert: Alert, _ watch: String = "family") async throws {
        #expect(try await lab.store.dismiss(alert.id, watch: watch, routes: lab.routes, at: StoryLab.now + 30))
    }

    private func restore(_ alert: Alert, _ watch: String = "family", at date: Date = StoryLab.now + 90) async throws {
        #expect(try await lab.store.restore(alert.id, watch: watch, routes: lab.routes, at: date))
    }

    // MARK: what is quiet

    @Test func `what only resembles is news, whole, and says what it is like`() async throws {
        let first = try await raise(item(1), at: StoryLab.now)
        try await dismiss(first)
        // A few words are others: another county, "died", the next entry of a list.
        let next = try await raise(item(2, own: 1))
        #expect(next.duplicateOf == nil)
        #expect(next.resemblesDismissed == first.id)
        #expect(try await states(of: next) == [.pending])
        let sent = try #require(try await lab.claim(at: StoryLab.now + 60).first { $0.id.alert == next.id })
        #expect(sent.original == nil)
        #expect(Alert(json: sent.body)?.severity == .critical)
        #expect(Alert(json: sent.body)?.resemblesDismissed == first.id)
        #expect(sent.outside?.dismissed != nil && sent.outside?.dismissed != first.id)
        // From then on it is the first of its story, as it would be without the mark, long after as well.
        let third = try await raise(item(3, own: 2))
        #expect(third.duplicateOf == next.id && third.resemblesDismissed == first.id)
        let late = try await raise(item(4, own: 3), at: StoryLab.now + 90 * 86_400)
        #expect(late.duplicateOf == nil && late.resemblesDismissed == first.id)
        #expect(try await states(of: late) == [.pending])
        // Whom it was not said for is not told of it.
        let other = try await raise(item(5, own: 4, watches: ["camps"]), at: StoryLab.now + 90 * 86_400)
        #expect(other.resemblesDismissed == nil)
    }

    @Test func `the same text elsewhere is quiet, and the same text on the same site is not`() async throws {
        let first = try await raise(item(1), at: StoryLab.now)
        try await dismiss(first)
        let copy = try await raise(item(2, host: "b.example"))
        #expect(try await states(of: copy) == [.suppressed])
        #expect(copy.resemblesDismissed == nil)
        // Of two people of one name a register can say the same, and the rest stands behind the link.
        for host in ["a.example", "www.a.example"] {
            let entry = try await raise(item(host == "a.example" ? 3 : 4, host: host))
            #expect(try await states(of: entry) == [.pending], "\(host)")
            #expect(entry.resemblesDismissed == first.id)
        }
        // For a time.
        let soon = try await raise(item(5, host: "c.example"), at: StoryLab.now + 29 * 86_400)
        #expect(try await states(of: soon) == [.suppressed])
        let late = try await raise(item(6, host: "d.example"), at: StoryLab.now + 31 * 86_400)
        #expect(try await states(of: late) == [.pending])
        #expect(late.resemblesDismissed == first.id)
    }

    @Test func `a brief whose words are always the same is another one with each date`() async throws {
        func brief(_ number: UInt64, _ host: String, day: Double) -> ItemRecord {
            var brief = item(number, host: host)
            brief.item?.url = "https://\(host)/announcements"
            brief.item?.published = StoryLab.now + day * 86_400
            return brief
        }
        try await dismiss(try await raise(brief(1, "a.example", day: 0), at: StoryLab.now))
        for (number, host, day, expected) in [
            (2, "a.example", 0.01, Delivery.State.suppressed), (3, "a.example", 1, .pending),
            (4, "b.example", 1, .suppressed), (5, "b.example", 4, .pending),
        ] as [(UInt64, String, Double, Delivery.State)] {
            let alert = try await raise(brief(number, host, day: day), at: StoryLab.now + 5 * 86_400)
            #expect(try await states(of: alert) == [expected], "\(number)")
        }
    }

    @Test func `another find in the same text is news, and another watch has not said so`() async throws {
        let first = try await raise(item(1), at: StoryLab.now)
        try await dismiss(first)
        let other = try await raise(item(2, host: "b.example", matched: ["Zhainar", "Raesh"]))
        #expect(try await states(of: other) == [.pending])
        #expect(other.resemblesDismissed == first.id)
        let both = try await raise(item(3, watches: ["family", "camps"], host: "c.example"))
        #expect(both.resemblesDismissed == nil)
        let sent = try #require(try await lab.claim(at: StoryLab.now + 60).first { $0.id.alert == both.id })
        #expect(Alert(json: sent.body)?.watches == ["camps"])
    }

    @Test func `a mark leaves alone what was there and only resembled it`() async throws {
        let first = try await raise(item(1), at: StoryLab.now)
        let next = try await raise(item(2, own: 1))
        let same = try await raise(item(3, host: "b.example"))
        #expect(next.duplicateOf == first.id && same.duplicateOf == first.id)
        try await lab.store.settle(Delivery.ID(alert: first.id, sink: a), .delivered, at: StoryLab.now)
        try await dismiss(first)
        #expect(try await states(of: first) == [.sent])
        #expect(try await states(of: same) == [.dead])
        #expect(try await states(of: next) == [.pending])
        #expect(try await lab.store.dismissals(of: next.id).isEmpty)
        #expect(try await lab.store.dismissals(of: same.id).map(\.alert) == [first.id])
        // It is no copy any more of something that they had a look at.
        let sent = try #require(try await lab.claim(at: StoryLab.now + 60).first)
        #expect(sent.id.alert == next.id && sent.original == nil)
    }

    @Test func `a mark on a copy is about the copy`() async throws {
        let first = try await raise(item(1), at: StoryLab.now)
        let next = try await raise(item(2, own: 1))
        try await dismiss(next)
        #expect(try await states(of: first) == [.pending])
        #expect(try await states(of: next) == [.dead])
        #expect(try await states(of: try await raise(item(3, own: 1, host: "b.example"))) == [.suppressed])
        let like = try await raise(item(4, own: 2, host: "b.example"))
        #expect(like.duplicateOf == first.id && like.resemblesDismissed == next.id)
        #expect(try await states(of: like) == [.pending])
    }

    // MARK: what is sent

    @Test func `what was given up comes back with the mark's end, and nothing else does`() async throws {
        var lab = lab
        lab.routes = ["a", "b", "c", "d"].map { SinkRoute(sink: SinkName($0)) }
        let alert = try #require(try await lab.record([item(1)]).first)
        func id(_ sink: String) -> Delivery.ID { Delivery.ID(alert: alert.id, sink: SinkName(sink)) }
        try await lab.store.settle(id("a"), .delivered, at: StoryLab.now)
        try await lab.store.settle(id("b"), .failed(reason: "no"), at: StoryLab.now)
        #expect(try await lab.store.drop(.sink(SinkName("d"))) == 1)
        #expect(try await lab.states() == [["sent", "failed", "pending", "dead"]])
        #expect(try await lab.store.dismiss(alert.id, watch: "family", routes: lab.routes, at: StoryLab.now))
        #expect(try await lab.states() == [["sent", "dead", "dead", "dead"]])
        // A copy that comes meanwhile is quiet, and comes back as well.
        let copy = item(2, host: "b.example")
        try await lab.record([copy], of: copy.feed.url)
        #expect(try await lab.states().last == Array(repeating: "suppressed", count: 4))
        #expect(try await lab.store.retry(.failed, at: StoryLab.now) == 0)
        #expect(
            try await lab.store.restore(alert.id, watch: "family", routes: lab.routes, at: StoryLab.now + 60))
        #expect(
            try await lab.states() == [
                ["sent", "failed", "pending", "dead"], Array(repeating: "pending", count: 4),
            ])
        #expect(try await lab.claim("c", at: StoryLab.now + 60).first?.untold == [])
        #expect(
            try await !lab.store.restore(alert.id, watch: "family", routes: lab.routes, at: StoryLab.now + 60))
    }

    @Test func `each delivery is judged by what its sink wants of the rest`() async throws {
        var lab = lab
        lab.routes = [
            SinkRoute(sink: SinkName("all")), SinkRoute(sink: SinkName("family"), only: ["family"]),
            SinkRoute(sink: SinkName("pager"), only: ["critical"]), SinkRoute(sink: SinkName("z"), only: ["camps"]),
        ]
        let alert = try #require(
            try await lab.record([item(1, watches: ["family", "camps"], severities: ["camps": .low])]).first)
        let failed = Delivery.ID(alert: alert.id, sink: SinkName("family"))
        try await lab.store.settle(failed, .failed(reason: "no"), at: StoryLab.now)
        #expect(try await lab.store.dismiss(alert.id, watch: "family", routes: lab.routes, at: StoryLab.now))
        #expect(try await lab.states() == [["pending", "dead", "dead", "pending"]])
        #expect(try await lab.store.retry(.failed, at: StoryLab.now) == 0)
        let sent = try #require(try await lab.claim("all").first)
        let told = try #require(Alert(json: sent.body))
        #expect(told.id == alert.id)
        #expect(told.watches == ["camps"] && told.severity == .low)
        #expect(told.matches.map(\.watch) == ["camps"])
        #expect(sent.untold == ["family"])
        // The page has it whole.
        #expect(try await lab.store.keptAlert(alert.id)?.alert == alert)
        try await lab.store.release([sent.id])

        #expect(
            try await lab.store.restore(alert.id, watch: "family", routes: lab.routes, at: StoryLab.now + 1))
        #expect(try await lab.states() == [["pending", "failed", "pending", "pending"]])
        let again = try #require(try await lab.claim("all", at: StoryLab.now + 1).first)
        #expect(Alert(json: again.body) == alert)
    }

    @Test func `what nobody has marked is sent as the bytes that are kept`() async throws {
        let alert = try await raise(item(1, watches: ["family", "camps"]))
        let kept = try #require(try await lab.store.keptAlert(alert.id))
        #expect(try await lab.claim(at: StoryLab.now + 60).map(\.body) == [kept.body])
    }

    @Test func `what is held is judged when it is released`() async throws {
        var poll = lab.poll(try await lab.feed(), (1...30).map { number in item(number, own: UInt32(number)) })
        for index in poll.items.indices { poll.items[index].published = StoryLab.now - 90 * 86_400 }
        poll.storm = StormRule(usual: 0, oldBefore: StoryLab.now - 86_400) { held, all in
            Alert(
                id: AlertID("al_1"), kind: .health, timestamp: StoryLab.now, watches: [], severity: .high, matches: [],
                item: AlertItem(
                    id: "n", url: nil, title: "\(held) of \(all)", summary: nil, published: nil, language: nil,
                    authors: []), feed: AlertFeed(url: StoryLab.feedURL, name: nil, tags: []),
                firstSeen: StoryLab.now)
        }
        let raised = try await lab.store.record(poll).filter { $0.kind == .alert }
        #expect(try await states(of: raised[0]) == [.suppressed])
        try await dismiss(raised[0])
        try await dismiss(raised[1])
        try await restore(raised[1])
        // A person decides on what is held.
        #expect(try await states(of: raised[1]) == [.suppressed])
        _ = try await lab.store.releaseHeld(ofFeedAt: nil, at: StoryLab.now + 100)
        #expect(try await states(of: raised[0]) == [.suppressed])
        #expect(try await states(of: raised[1]) == [.pending])
        try await restore(raised[0], at: StoryLab.now + 120)
        #expect(try await states(of: raised[0]) == [.pending])
    }

    @Test func `what is asked for by name is sent whole`() async throws {
        let alert = try await raise(item(1, watches: ["family", "camps"]))
        try await dismiss(alert)
        try await dismiss(alert, "camps")
        #expect(try await states(of: alert) == [.dead])
        #expect(try await lab.store.retry(.alerts([alert.id]), at: StoryLab.now + 60) == 1)
        #expect(try await lab.claim(at: StoryLab.now + 60).compactMap { Alert(json: $0.body) } == [alert])
    }

    @Test func `of what failed, its fallback hears as much`() async throws {
        let alert = try await raise(item(1, watches: ["family", "camps"], severities: ["camps": .low]))
        try await dismiss(alert)
        let id = Delivery.ID(alert: alert.id, sink: a)
        try await lab.store.settle(id, .failed(reason: "no"), at: StoryLab.now + 60)
        let now = StoryLab.now + 61
        #expect(
            try await lab.store.divert(a, to: SinkName("b"), waitingSince: now, urgentSince: now, at: now) == 1)
        #expect(try await lab.claim("b", at: now).compactMap { Alert(json: $0.body)?.watches } == [["camps"]])
    }
}
