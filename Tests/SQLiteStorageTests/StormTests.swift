import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing

/// Old news under new ids is held until a person has looked at it; news never is.
@Suite struct StormTests {
    let lab: StoryLab
    private let later = StoryLab.now + 3600

    init() throws {
        lab = try StoryLab()
    }

    private func notice(_ held: Int, _ raised: Int) -> Alert {
        Alert(
            id: AlertID("al_notice"), kind: .health, timestamp: later, watches: [], severity: .high, matches: [],
            item: AlertItem(
                id: "n", url: nil, title: "\(held) of \(raised)", summary: nil, published: nil, language: nil,
                authors: []),
            feed: AlertFeed(url: StoryLab.feedURL, name: nil, tags: []), firstSeen: later)
    }

    private func items(_ numbers: Range<UInt64>, published: Date?, title: (UInt64) -> UInt64 = { $0 }) -> [ItemRecord] {
        numbers.map { number in
            var item = StoryLab.item(number, published: published)
            item.fingerprint.title = title(number) + 2000
            return item
        }
    }

    /// The same items under new ids and links, dated as what is new.
    private func redated(_ items: [ItemRecord], by distance: UInt64 = 5000) -> [ItemRecord] {
        items.map { old in
            let number = distance + (old.fingerprint.guid ?? 0)
            var item = StoryLab.item(number, published: later)
            item.fingerprint.title = old.fingerprint.title
            item.fingerprint.text = old.fingerprint.text
            item.fingerprint.isFresh = true
            return item
        }
    }

    private func storm(_ items: [ItemRecord], usual: Double = 1, at date: Date? = nil) async throws -> [Alert] {
        var poll = lab.poll(try await lab.feed(), items, at: date ?? later)
        let notice = notice
        poll.storm = StormRule(usual: usual, oldBefore: StoryLab.now - 86_400) { notice($0, $1) }
        return try await lab.store.record(poll)
    }

    private var old: Date { StoryLab.now - 30 * 86_400 }

    @Test func `many old items are held, with one notice, and go out when they are released`() async throws {
        let raised = try await storm(items(100..<140, published: old))
        #expect(raised.count == 41)
        #expect(raised.last?.item.title == "40 of 40")
        #expect(try await lab.claim(at: later + 1).map(\.id.alert) == [AlertID("al_notice")])
        #expect(try await lab.states().filter { $0 == ["suppressed"] }.count == 40)
        let held = try #require(try await lab.store.heldAlerts().first)
        #expect(held.alerts == 40)
        #expect(held.feedURL == StoryLab.feedURL)
        #expect(held.since == later)
        // The next page of the same storm says nothing again.
        let more = try await storm(items(200..<230, published: old), at: later + 60)
        #expect(more.count == 30)
        #expect(try await lab.store.heldAlerts().map(\.alerts) == [70])

        #expect(try await lab.store.releaseHeld(ofFeedAt: "https://other.example/", at: later + 90) == 0)
        #expect(try await lab.store.releaseHeld(ofFeedAt: StoryLab.feedURL, at: later + 90) == 70)
        #expect(try await lab.claim(at: later + 90).count { $0.id.alert != AlertID("al_notice") } == 70)
        #expect(try await lab.store.heldAlerts().isEmpty)
    }

    @Test func `a feed that was released once is not held again for its dates, but for titles that it has had`()
        async throws
    {
        _ = try await storm(items(100..<140, published: old))
        #expect(try await lab.store.releaseHeld(ofFeedAt: nil, at: later) == 40)
        #expect(try await storm(items(200..<240, published: old), at: later + 60).count == 40)
        #expect(try await lab.store.heldAlerts().isEmpty)
        let again = items(101..<131, published: old).map { item in
            var item = item
            item.fingerprint.guid = 5000 + (item.fingerprint.guid ?? 0)
            item.fingerprint.link = nil
            item.fingerprint.text = nil
            item.fingerprint.revision += 9
            item.fingerprint.article.low = 8
            item.hits = item.hits.map { hit in
                WatchHit(watch: hit.watch, key: hit.key ^ Digest128(high: 1, low: 1), severity: .normal, matches: [])
            }
            return item
        }
        #expect(try await storm(items(200..<215, published: old) + again, at: later + 120).count == 31)
    }

    @Test func `what is discarded stays in the state and is not sent`() async throws {
        _ = try await storm(items(100..<140, published: old))
        #expect(try await lab.store.discardHeld(ofFeedAt: nil) == 40)
        #expect(try await lab.store.heldAlerts().isEmpty)
        #expect(try await lab.store.releaseHeld(ofFeedAt: nil, at: later) == 0)
        #expect(try await lab.claim(at: later + 9).count == 1)
        let report = try #require(try await lab.store.alerts(AlertFilter()).last)
        #expect(report.deliveries.map(\.lastError) == ["discarded as old news"])
        // The same items alert no more.
        #expect(try await storm(items(100..<140, published: old), at: later + 60).isEmpty)
    }

    @Test func `what the feed has had word for word is old whatever its date`() async throws {
        let had = items(1..<41, published: nil)
        try await lab.record(had)
        #expect(try await lab.claim().count == 40)
        let fresh = items(300..<310, published: later)
        // With many that are known, it is not taken for a site that has moved.
        #expect(try await storm(items(1..<16, published: nil) + redated(had) + fresh).count == 51)
        let sent = try await lab.store.alerts(AlertFilter(since: later)).filter {
            $0.deliveries.first?.state == .pending
        }
        #expect(sent.count == 11)
    }

    @Test(arguments: [true, false])
    func `fresh items under titles that the feed has had go out`(_ isOneTitle: Bool) async throws {
        let had = items(1..<41, published: nil) { isOneTitle ? 1 : $0 }
        try await lab.record(had)
        let news = redated(had).enumerated().map { index, item in
            var item = item
            // Of some there is no text.
            item.fingerprint.text = index.isMultiple(of: 2) ? nil : 9000 + UInt64(index)
            return item
        }
        #expect(try await storm(items(1..<16, published: nil) + news).count == 40)
        #expect(try await lab.store.heldAlerts().isEmpty)
    }

    @Test(arguments: [true, false])
    func `words that several of them have are no sign`(_ isFresh: Bool) async throws {
        try await lab.record(items(1..<2, published: nil))
        // The register's only sentence, a hundred times, each of another person.
        let news = (0..<100).map { number in
            var item = StoryLab.item(100 + UInt64(number), published: isFresh ? later : nil)
            item.fingerprint.title = 2001
            item.fingerprint.text = 3001
            item.fingerprint.isFresh = isFresh
            return item
        }
        #expect(try await storm(news).count == 100)
        #expect(try await lab.store.heldAlerts().isEmpty)
    }

    @Test func `titles without a text are old, unless their dates say otherwise`() async throws {
        let had = items(1..<41, published: nil)
        try await lab.record(had)
        func again(_ distance: UInt64, _ change: (inout ItemFingerprint) -> Void) -> [ItemRecord] {
            redated(had, by: distance).map { item in
                var item = item
                item.fingerprint.text = nil
                change(&item.fingerprint)
                return item
            }
        }
        #expect(try await storm(items(1..<16, published: nil) + again(1000) { $0.isFresh = false }).count == 41)
        #expect(try await lab.store.heldAlerts().map(\.alerts) == [40])
        #expect(try await storm(items(1..<16, published: nil) + again(2000) { _ in }, at: later + 60).count == 40)
        #expect(try await lab.store.heldAlerts().map(\.alerts) == [40])
        // A date of the moment of reading, as all have, is none.
        let dated = again(3000) { $0.isDatedNow = true }
        #expect(try await storm(items(1..<16, published: nil) + dated, at: later + 90).count == 40)
        #expect(try await lab.store.heldAlerts().map(\.alerts) == [80])
    }

    @Test func `copies of alerts that were there before are old, and others are not`() async throws {
        func withText(_ items: [ItemRecord], isFresh: Bool = false, _ story: (Int) -> Int) -> [ItemRecord] {
            items.enumerated().map { index, item in
                var item = item
                item.sketch = StorySketch(
                    shingles: (0..<UInt32(60)).map { (UInt32(story(index)) &+ $0) &* 2_654_435_761 }, numbers: [],
                    words: 60)
                item.fingerprint.isFresh = isFresh
                return item
            }
        }
        try await lab.record(withText(items(1..<31, published: nil)) { $0 * 1000 })
        // Of each other, as what a form has written; of one that was there; and dated as what is new.
        #expect(try await storm(withText(items(100..<130, published: later)) { _ in 90_000 }).count == 30)
        #expect(try await storm(withText(items(200..<230, published: later)) { _ in 5000 }).count == 30)
        let fresh = withText(items(300..<330, published: later), isFresh: true) { $0 * 1000 }
        #expect(try await storm(fresh).count == 30)
        #expect(try await lab.store.heldAlerts().isEmpty)
        #expect(try await storm(withText(items(400..<430, published: later)) { $0 * 1000 }).count == 31)
        #expect(try await lab.store.heldAlerts().map(\.alerts) == [30])
    }

    @Test(arguments: [
        // Three hundred pieces of fresh news; as many without a date; more new than old; as many as usual; few.
        (fresh: 300, undated: 0, old: 0, usual: 1.0), (0, 300, 0, 1), (31, 0, 30, 1), (0, 0, 40, 9), (0, 0, 20, 1),
    ])
    func `a flood of news is never held`(_ fresh: Int, _ undated: Int, _ old: Int, _ usual: Double) async throws {
        let all =
            items(1000..<1000 + UInt64(fresh), published: later) + items(2000..<2000 + UInt64(undated), published: nil)
            + items(3000..<3000 + UInt64(old), published: self.old)
        #expect(try await storm(all, usual: usual).count == all.count)
        #expect(try await lab.states().allSatisfy { $0 == ["pending"] })
        #expect(try await lab.store.heldAlerts().isEmpty)
    }

    @Test func `what a silence holds back is not released with the rest`() async throws {
        try await lab.store.silence(Silence(watch: "w", since: StoryLab.now, until: later + 9999))
        #expect(try await storm(items(100..<140, published: old)).count == 40)
        #expect(try await lab.store.heldAlerts().isEmpty)
        #expect(try await lab.store.releaseHeld(ofFeedAt: nil, at: later) == 0)
        let states = Set(try await lab.states().flatMap(\.self))
        #expect(states == ["suppressed"])
    }

    @Test func `what is held is not pruned, and a second storm a day later is told of`() async throws {
        let first = try await storm(items(100..<140, published: old))
        #expect(first.contains { $0.kind == .health })
        while try await lab.store.prune(keeping: 0) {}
        #expect(try await lab.store.heldAlerts().first?.alerts == 40)
        #expect(try await lab.store.releaseHeld(ofFeedAt: nil, at: later) == 40)
    }
}
