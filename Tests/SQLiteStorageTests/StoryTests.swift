import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing

/// Alerts that say again what another one has said.
@Suite struct StoryTests {
    let lab: StoryLab
    private let copier = "https://b.example/feed"

    init() throws {
        lab = try StoryLab()
    }

    /// Of a text of 200 shingles, of which so many have been changed.
    private func sketch(_ story: UInt32, changed: UInt32 = 0) -> StorySketch {
        StorySketch(
            shingles: (0..<UInt32(200)).map { (number: UInt32) -> UInt32 in
                let own = number < changed ? 7919 &* (number + 1) : 0
                return (story &* 1_000_003 &+ number &+ own) &* 2_654_435_761
            }, numbers: [], words: 200)
    }

    private func item(
        _ number: UInt64, story: UInt32 = 1, changed: UInt32 = 0, watches: [String] = ["w"], feed: String? = nil,
        matched: [String] = ["Жайнар"], title: String? = nil
    ) -> ItemRecord {
        var item = StoryLab.item(
            number, watches: watches, feed: feed ?? copier, title: title, severity: .critical, matched: matched)
        item.sketch = sketch(story, changed: changed)
        return item
    }

    private func duplicates(_ items: [ItemRecord], at date: Date = StoryLab.now + 60) async throws -> [AlertID?] {
        try await lab.record(items, of: copier, at: date).map(\.duplicateOf)
    }

    @Test func `a copy names the first alert, and so does a copy of the copy`() async throws {
        let first = try #require(try await lab.record([item(1, feed: StoryLab.feedURL)]).first)
        #expect(first.duplicateOf == nil)
        #expect(
            try await duplicates([item(2, changed: 20), item(3, changed: 21), item(4, story: 2)]) == [
                first.id, first.id, nil,
            ])
        let kept = try await lab.store.alerts(AlertFilter()).compactMap { Alert(json: $0.body) }
        #expect(kept.count == 4)
        #expect(kept.count { $0.duplicateOf == first.id } == 2)
        // Near to a copy is not near to the first.
        #expect(try await duplicates([item(5, changed: 80)]) == [nil])
    }

    @Test func `a copy for a watch that the first had not, or with another find, is none`() async throws {
        let first = try #require(
            try await lab.record([item(1, feed: StoryLab.feedURL, matched: ["Жайнар", "Жайнардың"])]).first)
        #expect(try await duplicates([item(2, watches: ["w", "x"])]) == [nil])
        #expect(try await duplicates([item(3, matched: ["Жайнар", "Айнұр"])]) == [nil])
        #expect(try await duplicates([item(4, matched: ["жайнар"])]) == [first.id])
        // Of both watches there is one now.
        #expect(try await duplicates([item(5, watches: ["x"])]) != [nil])
    }

    @Test func `what is critical is a copy only if it says of its finds what the first has said`() async throws {
        let opens = "The trial of Zhainar Serikqyzy opened today in Urumqi behind closed doors."
        let death = "The court sentenced Zhainar Serikqyzy to death this morning, her sister said."
        func item(_ number: UInt64, _ context: String, _ severity: Severity, field: Field = .summary) -> ItemRecord {
            var item = self.item(number)
            item.hits[0].severity = severity
            item.hits[0].matches = [
                Match(
                    watch: "w", kind: .person, pattern: "Zhainar Serikqyzy", field: field, text: "Zhainar Serikqyzy",
                    score: 1, context: context)
            ]
            return item
        }
        let first = try #require(try await lab.record([item(1, opens, .critical)]).first)
        #expect(try await duplicates([item(2, "URUMQI, 3 May — " + opens, .critical)]) == [first.id])
        #expect(try await duplicates([item(3, death, .normal)]) == [first.id])
        #expect(try await duplicates([item(4, death, .critical, field: .title)]) == [first.id])
        #expect(try await duplicates([item(5, death, .critical)]) == [nil])
        #expect(try await duplicates([item(6, "法院今天早上判处扎依娜尔·赛力克死刑，她的姐姐说。", .critical)]) == [nil])
    }

    @Test func `a text is remembered for three days`() async throws {
        let first = try #require(try await lab.record([item(1, feed: StoryLab.feedURL)]).first)
        #expect(try await duplicates([item(2)], at: StoryLab.now + 71 * 3600) == [first.id])
        #expect(try await duplicates([item(3)], at: StoryLab.now + 73 * 3600) == [nil])
    }

    @Test func `a copy is known after a restart`() async throws {
        let first = try #require(try await lab.record([item(1, feed: StoryLab.feedURL)]).first)
        await lab.store.close()
        let again = try SQLiteStore(path: lab.path, access: .owner)
        let feed = try #require(try await again.feeds().first)
        let raised = try await again.record(lab.poll(feed, [item(2, changed: 20)], at: StoryLab.now + 60))
        #expect(raised.map(\.duplicateOf) == [first.id])
    }

    @Test func `a message refers to the first where the sink has it, or gets it before`() async throws {
        var lab = lab
        lab.routes = [SinkRoute(sink: SinkName("a")), SinkRoute(sink: SinkName("late"), only: ["x"])]
        let first = try #require(try await lab.record([item(1, feed: StoryLab.feedURL, title: "The first")]).first)
        let copy = item(2, watches: ["w"])
        _ = try await lab.record([copy], of: copier, at: StoryLab.now + 60)
        let now = StoryLab.now + 60
        let batch = try await lab.claim(at: now)
        #expect(batch.map(\.original) == [nil, Delivery.Original(id: first.id, title: "The first")])
        // The first could not be delivered: the copy is all that there is, for now.
        try await lab.store.settle(
            batch[0].id, .retry(at: now + 900, reason: "r", wholeSink: false), at: now)
        try await lab.store.release([batch[1].id])
        #expect(try await lab.claim(at: now + 1).map(\.original) == [nil])
        let again = try await lab.claim(at: now + 900).filter { $0.id.alert == first.id }
        try await lab.store.settle(try #require(again.first).id, .delivered, at: now + 900)
        #expect(try await lab.claim(at: now + 1000).map(\.original?.id) == [first.id])
    }

    @Test func `a copy knows what the receiver calls the first, once it has it`() async throws {
        let first = try #require(try await lab.record([item(1, feed: StoryLab.feedURL)]).first)
        _ = try await lab.record([item(2, watches: ["w"])], of: copier, at: StoryLab.now + 60)
        let batch = try await lab.claim(at: StoryLab.now + 60)
        #expect(batch.map(\.original?.receipt) == [nil, nil])
        let attempt = DeliveryAttempt(
            DeliveryReply(.delivered, status: 200, memo: "41"), .delivered, number: 1, at: StoryLab.now + 60,
            duration: .zero)
        try await lab.store.settle(batch[0].id, .delivered, after: attempt, at: StoryLab.now + 60)
        try await lab.store.release([batch[1].id])
        let again = try await lab.claim(at: StoryLab.now + 61)
        #expect(again.map(\.original?.id) == [first.id])
        #expect(again.map(\.original?.receipt) == ["41"])
    }

    @Test func `a sink that never got the first has the copy whole`() async throws {
        var lab = lab
        lab.routes = [
            SinkRoute(sink: SinkName("a"), only: ["first"]), SinkRoute(sink: SinkName("b"), only: ["second"]),
        ]
        var one = item(1, feed: StoryLab.feedURL)
        one.feed.tags = ["first"]
        var two = item(2)
        two.feed.tags = ["second"]
        let first = try #require(try await lab.record([one]).first)
        let copy = try await lab.record([two], of: copier, at: StoryLab.now + 1)
        #expect(copy.map(\.duplicateOf) == [first.id])
        #expect(try await lab.claim("b", at: StoryLab.now + 1).map(\.original) == [nil])
    }

    @Test func `nothing is a copy of what was silenced`() async throws {
        try await lab.store.silence(Silence(watch: "w", since: StoryLab.now, until: StoryLab.now + 30))
        try await lab.record([item(1, feed: StoryLab.feedURL)])
        #expect(try await duplicates([item(2)]) == [nil])
        #expect(try await lab.states() == [["suppressed"], ["pending"]])
    }

    @Test func `the same poll again after a crash makes the same alerts`() async throws {
        let items = [item(1), item(2, changed: 3)]
        let feed = try await lab.feed(copier)
        let poll = lab.poll(feed, items)
        let raised = try await lab.store.record(poll)
        #expect(raised.map(\.duplicateOf) == [nil, raised[0].id])
        #expect(try await lab.store.record(poll).isEmpty)
        #expect(try await lab.store.alerts(AlertFilter()).count == 2)
    }
}
