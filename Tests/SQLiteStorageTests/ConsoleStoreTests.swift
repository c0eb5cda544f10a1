import Foundation
import GRDB
import Model
import SQLiteStorage
import TestSupport
import Testing

/// What pages and programs read of the state.
@Suite struct ConsoleStoreTests {
    private static let now = StoryLab.now
    private let lab: StoryLab

    init() throws {
        lab = try StoryLab()
    }

    /// Ten alerts, an hour apart, of two feeds, two watches, two languages.
    private func fill() async throws {
        for number in 1...10 {
            let isOdd = number % 2 == 1
            let feed = isOdd ? StoryLab.feedURL : "https://b.example/feed"
            var item = StoryLab.item(
                UInt64(number), watches: number == 10 ? ["camps", "family"] : isOdd ? ["camps"] : ["family"],
                feed: feed,
                severity: number > 8 ? .high : .normal)
            item.item?.language = isOdd ? "ru" : number == 2 ? nil : "zh-Hans-CN"
            try await lab.record([item], of: feed, at: Self.now + Double(number) * 3600)
        }
    }

    private func titles(_ change: (inout AlertQuery) -> Void) async throws -> [String] {
        var query = AlertQuery()
        change(&query)
        return try await lab.store.alertPage(query).alerts.compactMap(\.alert.item.title)
    }

    @Test func `alerts are found by what they are`() async throws {
        try await fill()
        #expect(try await titles { _ in } == (1...10).reversed().map { "T\($0)" })
        #expect(try await titles { $0.watch = "camps" } == ["T10", "T9", "T7", "T5", "T3", "T1"])
        #expect(try await titles { $0.severity = .high } == ["T10", "T9"])
        #expect(try await titles { $0.language = "zh" } == ["T10", "T8", "T6", "T4"])
        #expect(try await titles { $0.feed = "https://b.example/feed" } == ["T10", "T8", "T6", "T4", "T2"])
        #expect(try await titles { $0.since = Self.now + 9 * 3600 } == ["T10", "T9"])
        #expect(try await titles { $0.until = Self.now + 3 * 3600 } == ["T2", "T1"])
        #expect(try await titles { $0.kind = .health } == [])
        #expect(
            try await titles {
                ($0.watch, $0.severity, $0.language, $0.kind) = ("family", .high, "zh", .alert)
            } == ["T10"])
        #expect(try await titles { $0.watch = "camps' OR 1=1 --" } == [])
    }

    @Test func `pages follow each other without a gap or a repeat`() async throws {
        try await fill()
        var query = AlertQuery()
        query.watch = "family"
        query.limit = 2
        var pages: [[String]] = []
        repeat {
            let page = try await lab.store.alertPage(query)
            pages.append(page.alerts.compactMap(\.alert.item.title))
            query.before = page.next
            // What comes meanwhile is on no later page.
            try await lab.record([StoryLab.item(UInt64(100 + pages.count), watches: ["family"])])
        } while query.before != nil
        #expect(pages == [["T10", "T8"], ["T6", "T4"], ["T2"]])
    }

    @Test func `an alert has its deliveries and their tries`() async throws {
        try await fill()
        let delivery = try #require(try await lab.claim(at: Self.now + 1e5).first)
        let attempt = DeliveryAttempt(number: 1, at: Self.now, duration: .zero, verdict: .delivered, status: 204)
        try await lab.store.settle(delivery.id, .delivered, after: attempt, at: Self.now)
        let kept = try #require(try await lab.store.keptAlert(delivery.id.alert))
        #expect(kept.alert.item.title == "T1")
        #expect(kept.deliveries.map(\.state) == [.sent])
        #expect(kept.deliveries.first?.history.map(\.status) == [204])
        #expect(kept.acknowledged == nil)
        #expect(try await lab.store.keptAlert(AlertID("al_")) == nil)
        #expect(try await lab.store.newestAlert() == lab.store.alertPage(AlertQuery()).alerts.first?.place)
    }

    @Test func `days, totals and choices are counted`() async throws {
        try await fill()
        let day = Int(Self.now.timeIntervalSince1970 / 86_400)
        // It began at 14 h: the tenth is of the next day.
        #expect(
            try await lab.store.alertsByDay(since: Self.now, watch: nil) == [
                DayCount(watch: "camps", day: day, count: 5), DayCount(watch: "family", day: day, count: 4),
                DayCount(watch: "camps", day: day + 1, count: 1), DayCount(watch: "family", day: day + 1, count: 1),
            ])
        #expect(
            try await lab.store.alertsByDay(since: Self.now + 9.5 * 3600, watch: "camps") == [
                DayCount(watch: "camps", day: day + 1, count: 1)
            ])
        #expect(
            try await lab.store.watchTotals() == [
                WatchTotal(watch: "camps", alerts: 6, last: Self.now + 36_000),
                WatchTotal(watch: "family", alerts: 5, last: Self.now + 36_000),
            ])
        let choices = try await lab.store.alertChoices()
        #expect(choices.watches == ["camps", "family"])
        #expect(choices.languages == ["ru", "zh"])
        #expect(choices.feeds == [StoryLab.feedURL, "https://b.example/feed"])
    }

    @Test func `feeds are found, and those that need somebody stand first`() async throws {
        let specs = (0..<7).map { FeedSpec(url: "https://f\($0).example/100%_feed") }
        try await lab.store.register(specs, at: Self.now)
        var state = try await lab.store.feeds()[4]
        state.title = "Ұлттық жаңалықтар"
        state.health = FeedHealth(.failing, since: Self.now, evidence: "no answer", isTold: true)
        state.history.failures = 3
        _ = try await lab.store.record(PollRecord(feed: state, at: Self.now))
        var query = FeedQuery()
        query.limit = 3
        var page = try await lab.store.feedPage(query)
        #expect(page.total == 7)
        #expect(page.feeds.map(\.url) == [4, 0, 1].map { specs[$0].url })
        query.offset = 6
        #expect(try await lab.store.feedPage(query).feeds.map(\.url) == [specs[6].url])
        query.offset = 0
        query.conditions = [.failing]
        page = try await lab.store.feedPage(query)
        #expect(page.feeds.map(\.url) == [specs[4].url] && page.total == 1)
        query.conditions = [.new]
        #expect(try await lab.store.feedPage(query).total == 6)
        query.conditions = []
        for (text, urls) in [
            ("F2.EXAMPLE", [2]), ("жаңалықтар", [4]), ("100%_", Array(0..<7)), ("%", Array(0..<7)), ("x_y", []),
        ] {
            query.text = text
            #expect(try await lab.store.feedPage(query).total == urls.count)
        }
        query.text = "radio"
        query.named = [specs[5].url]
        #expect(try await lab.store.feedPage(query).feeds.map(\.url) == [specs[5].url])
        #expect(try await lab.store.feedConditions() == [.new: 6, .failing: 1])
        #expect(try await lab.store.feedState(at: specs[4].url)?.title == "Ұлттық жаңалықтар")
        #expect(try await lab.store.feedState(at: "https://none.example/") == nil)
    }

    @Test func `new items are counted by day`() async throws {
        for (number, age) in [0.0, 0.1, 1, 1.2, 1.3, 6, 7, 30].enumerated() {
            try await lab.record([StoryLab.item(UInt64(number))], at: Self.now - age * 86_400)
        }
        let feed = try await lab.feed()
        let counts = try await lab.store.newItems(of: [feed.id, FeedID(99)], days: 7, at: Self.now)
        #expect(counts[feed.id] == [1, 0, 0, 0, 0, 3, 2])
        #expect(counts[FeedID(99)] == [0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `what a state held before is found too, and what is forgotten is not`() async throws {
        try await fill()
        await lab.store.close()
        let queue = try DatabaseQueue(path: lab.path)
        try await queue.write { db in
            try db.execute(
                sql: """
                    UPDATE alerts SET body = 'no JSON' WHERE rowid = 1;
                    DROP TABLE alert_facts;
                    DROP TABLE alert_watches;
                    DROP TRIGGER alert_facts_added;
                    DROP TRIGGER alert_facts_removed;
                    DELETE FROM grdb_migrations WHERE identifier = 'what alerts are looked up by';
                    """)
        }
        try queue.close()
        let store = try SQLiteStore(path: lab.path, access: .owner)
        var query = AlertQuery()
        query.watch = "camps"
        #expect(
            try await store.alertPage(query).alerts.compactMap(\.alert.item.title) == ["T10", "T9", "T7", "T5", "T3"])
        for delivery in try await store.claimDeliveries(
            to: SinkName("a"), at: Self.now + 1e5, limit: 100, lease: .seconds(60))
        {
            try await store.settle(delivery.id, .delivered, at: Self.now)
        }
        while try await store.prune(keeping: 2) {}
        #expect(try await store.alertPage(AlertQuery()).alerts.compactMap(\.alert.item.title) == ["T10", "T9"])
        #expect(try await store.watchTotals().map(\.alerts) == [2, 1])
    }
}
