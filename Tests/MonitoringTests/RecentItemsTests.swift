import Model
import Monitoring
import SQLiteStorage
import TestSupport
import Testing

/// What the monitor notes of the items that it reads, for who looks at what came near.
@Suite struct RecentItemsTests {
    @Test func `each new item is noted once, with the watches that it matched`() async throws {
        let recent = RecentItems()
        let lab = try Lab(backlog: .all)
        let long = String(repeating: "long ", count: 200)
        func poll(_ items: Entry...) async throws {
            lab.answer(200, rss(items))
            try await lab.store.register([lab.spec], at: lab.clock.now)
            if let due = try await lab.store.nextPollDue(), due > lab.clock.now { lab.clock.set(due) }
            let feed = try #require(
                try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 1, lease: .seconds(60)).first)
            var setup = lab.setup
            setup.recent = recent
            _ = try await lab.poller.poll(feed, lab.spec, setup)
        }
        try await poll(Entry("1", "Prices of bread"), Entry("2", "Serikqyzy is free"), Entry("3", long))
        #expect(Set(recent.newest.map(\.title.count)) == [15, 17, 300])
        #expect(recent.newest.first { $0.title == "Serikqyzy is free" }?.watches == ["family"])
        let bread = try #require(recent.newest.first { $0.title == "Prices of bread" })
        #expect(bread.watches.isEmpty && bread.url == "https://example.org/1" && bread.feed.name == "News")
        try await poll(Entry("4", "Newer"), Entry("1", "Prices of bread"), Entry("2", "Serikqyzy is free"))
        #expect(recent.newest.count == 4 && recent.newest.first?.title == "Newer")
    }
}
