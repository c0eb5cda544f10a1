import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing
import WebPages
import WebServing

/// What a watch's page tells of what came near.
@Suite(.timeLimit(.minutes(1))) struct NearMissTests {
    private static let feed = AlertFeed(url: PagesLab.feedURL, name: "Kazakh service", tags: [])

    private func watch(_ name: String, _ change: (inout WatchSpec) -> Void) -> WatchSpec {
        var watch = WatchSpec(name: name)
        change(&watch)
        return watch
    }

    private func note(_ title: String, in lab: PagesLab, watches: [String] = []) {
        lab.recent.note(
            RecentItems.Item(
                title: title, url: "https://news.example/\(title.count)", language: nil, feed: Self.feed,
                watches: watches))
    }

    @Test func `items that no watch has found are looked at, the nearest first`() async throws {
        // One watch alone, and no alert at all.
        let lab = try PagesLab(watches: [
            watch("one") { $0.people = [PersonSpec(name: Located("Zhainar Serikqyzy"))] }
        ])
        note("Zhaynar Serikov was there", in: lab)
        note("Prices of bread are rising again", in: lab)
        note("Zhainar Serikqyzy is free", in: lab, watches: ["one"])
        let page = try await lab.visitor().page("/watches/one")
        #expect(page.contains("Among the 2 titles that were read last"))
        #expect(page.contains("Zhaynar Serikov was there"))
        #expect(page.contains("nearest to &#39;Zhainar Serikqyzy&#39; in title"))
        #expect(!page.contains("Prices of bread") && !page.contains("is free"))
        #expect(page.contains("href=\"https://news.example/25\" rel=\"noopener noreferrer\""))
    }

    @Test func `a term that is there with an exclusion came near, and one that is like a word did not`() async throws {
        let lab = try PagesLab(watches: [
            watch("camps") {
                $0.any = [Located("detention camp")]
                $0.none = [Located("summer")]
            },
            watch("both") { $0.all = [Located("detention camp"), Located("nearest village")] },
        ])
        note("A detention camp in summer", in: lab)
        // The word 'nearest' and one that is nearly a term are no reason.
        note("The nearest detension is excluded", in: lab)
        let visitor = try await lab.visitor()
        let page = try await visitor.page("/watches/camps")
        #expect(page.contains("A detention camp in summer") && page.contains("excluded: &#39;summer&#39; occurs"))
        #expect(!page.contains("detension"))
        let both = try await visitor.page("/watches/both")
        #expect(both.contains("A detention camp in summer") && both.contains("&#39;nearest village&#39;"))
        #expect(!both.contains("detension"))
    }

    @Test func `so many titles are kept, the newest`() {
        let recent = RecentItems()
        for number in 1...(RecentItems.most + 5) {
            recent.note(
                RecentItems.Item(title: "\(number)", url: nil, language: nil, feed: Self.feed, watches: []))
        }
        #expect(recent.newest.count == RecentItems.most)
        #expect(recent.newest.first?.title == "\(RecentItems.most + 5)" && recent.newest.last?.title == "6")
    }
}
