import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing

@Suite struct SilenceTests {
    var lab: StoryLab

    init() throws {
        lab = try StoryLab()
    }

    private func silence(_ watch: String, for seconds: Double = 3600, reason: String? = nil) -> Silence {
        Silence(watch: watch, since: StoryLab.now, until: StoryLab.now + seconds, reason: reason)
    }

    @Test func `alerts of a silenced watch are kept and not sent, whatever their severity`() async throws {
        // By another process, beside the one that polls.
        let visitor = try SQLiteStore(path: lab.path, access: .visitor)
        try await visitor.silence(silence("w", reason: "the trial is over"))
        let raised = try await lab.record([StoryLab.item(1, severity: .critical)])
        #expect(raised.count == 1)
        let report = try #require(try await lab.store.alerts(AlertFilter()).first)
        #expect(report.deliveries.map(\.state) == [.suppressed])
        #expect(
            report.deliveries.first?.lastError == "silenced until 2018-11-26T15:00:00Z: w (the trial is over)")
        #expect(report.deliveries.first?.nextTry == nil)
        #expect(try await lab.claim(at: StoryLab.now + 86_400).isEmpty)
        #expect(try await lab.store.nextDeliveryDue(to: SinkName("a")) == nil)
        #expect(try await lab.store.pendingDeliveries(to: [SinkName("a")]) == 0)
    }

    @Test func `an alert that another watch has part in goes out, where somebody wants to hear of that one`()
        async throws
    {
        var lab = lab
        lab.routes = [
            SinkRoute(sink: SinkName("a")), SinkRoute(sink: SinkName("loud"), only: ["loud"]),
            SinkRoute(sink: SinkName("quiet"), only: ["quiet"]),
        ]
        try await lab.store.silence(silence("quiet"))
        let raised = try await lab.record([StoryLab.item(1, watches: ["quiet", "loud"])])
        #expect(raised.first?.watches == ["quiet", "loud"])
        #expect(try await lab.states() == [["pending", "pending", "suppressed"]])
        for sink in ["a", "loud"] {
            let sent = try await lab.claim(sink).compactMap { Alert(json: $0.body) }
            #expect(sent.map(\.watches) == [["loud"]])
            #expect(sent.map { $0.matches.map(\.watch) } == [["loud"]])
            #expect(sent.map(\.id) == raised.map(\.id))
        }
        #expect(try await lab.claim("quiet").isEmpty)
        // The state has it whole.
        #expect(try await lab.store.alerts(AlertFilter()).first?.body == raised.first?.json)
        // By name, somebody hears of the rest as well.
        let id = try #require(raised.first?.id)
        #expect(try await lab.store.retry(.alerts([id]), at: StoryLab.now) == 1)
        #expect(try await lab.claim("quiet").compactMap { Alert(json: $0.body)?.watches } == [["quiet", "loud"]])
    }

    @Test func `what was told in part is no first of a copy about the rest`() async throws {
        var first = StoryLab.item(1, watches: ["quiet", "loud"], severity: .critical)
        var copy = StoryLab.item(2, watches: ["quiet", "loud"], severity: .critical)
        let shingles = (1...60).map { UInt32($0) &* 2_654_435_761 }
        first.sketch = StorySketch(shingles: shingles, numbers: [], words: 62)
        copy.sketch = first.sketch
        // Of two watches, the lab's keys have nothing of the article.
        copy.hits[0].key.low ^= 1
        try await lab.store.silence(silence("quiet", for: 600))
        let raised = try #require(try await lab.record([first]).first)
        let sent = try #require(try await lab.claim().first)
        try await lab.store.settle(sent.id, .delivered, at: StoryLab.now)
        let second = try await lab.record([copy], at: StoryLab.now + 700)
        #expect(second.map(\.duplicateOf) == [raised.id])
        let told = try await lab.claim(at: StoryLab.now + 700)
        #expect(told.map(\.original) == [nil])
    }

    @Test func `what is silenced makes nothing critical`() async throws {
        var lab = lab
        lab.routes = [SinkRoute(sink: SinkName("a")), SinkRoute(sink: SinkName("pager"), only: ["critical"])]
        try await lab.store.silence(silence("w"))
        var item = StoryLab.item(1, watches: ["w", "x"], severity: .critical)
        item.hits[1].severity = .normal
        try await lab.record([item])
        #expect(try await lab.states() == [["pending", "suppressed"]])
        let sent = try await lab.claim()
        #expect(sent.compactMap { Alert(json: $0.body)?.severity } == [.normal])
        #expect(sent.first?.untold == ["w"])
    }

    @Test func `a silence ends by its time or by a person, and only then`() async throws {
        try await lab.store.silence(silence("w", for: 600))
        try await lab.record([StoryLab.item(1)], at: StoryLab.now + 599)
        try await lab.record([StoryLab.item(2)], at: StoryLab.now + 600)
        #expect(try await lab.states() == [["suppressed"], ["pending"]])
        #expect(try await lab.store.silences(at: StoryLab.now + 600).isEmpty)
        #expect(try await !lab.store.endSilence(of: "w", at: StoryLab.now + 600))

        let longer = Silence(watch: "w", since: StoryLab.now + 700, until: StoryLab.now + 9000)
        try await lab.store.silence(longer)
        #expect(try await lab.store.silences(at: StoryLab.now + 700) == [longer])
        // Another one takes its place.
        let shorter = Silence(watch: "w", since: StoryLab.now + 700, until: StoryLab.now + 800, reason: "r")
        try await lab.store.silence(shorter)
        #expect(try await lab.store.silences(at: StoryLab.now + 700) == [shorter])
        #expect(try await lab.store.endSilence(of: "w", at: StoryLab.now + 701))
        try await lab.record([StoryLab.item(3)], at: StoryLab.now + 702)
        #expect(try await lab.states() == [["suppressed"], ["pending"], ["pending"]])
    }

    @Test func `news of feeds is never silenced`() async throws {
        try await lab.store.silence(silence("w"))
        var poll = lab.poll(try await lab.feed(), [])
        poll.healthAlert = Alert(
            id: AlertID("al_1"), kind: .health, timestamp: StoryLab.now, watches: [], severity: .high, matches: [],
            item: AlertItem(
                id: "al_1", url: nil, title: "T", summary: nil, published: nil, language: nil, authors: []),
            feed: AlertFeed(url: StoryLab.feedURL, name: nil, tags: []), firstSeen: StoryLab.now)
        _ = try await lab.store.record(poll)
        #expect(try await lab.states() == [["pending"]])
    }

    @Test func `an article that another feed brings is added to its alerts, and they to its own`() async throws {
        let second = "https://b.example/feed"
        let third = "https://c.example/feed"
        try await lab.record([StoryLab.item(1, article: 5)])
        try await lab.record([StoryLab.item(2, article: 5, feed: second)], of: second)
        // For a watch of its own the third raises an alert.
        let raised = try await lab.record([StoryLab.item(3, article: 5, watches: ["w", "x"], feed: third)], of: third)
        #expect(raised.map(\.watches) == [["x"]])
        #expect(raised.first?.alsoIn.map(\.url) == [StoryLab.feedURL, second])
        let bodies = try await lab.store.alerts(AlertFilter()).reversed().compactMap { Alert(json: $0.body) }
        #expect(bodies.map { $0.alsoIn.map(\.url) } == [[second, third], [StoryLab.feedURL, second]])
        #expect(bodies.map(\.feed.url) == [StoryLab.feedURL, third])
    }

    @Test func `a sink for one feed's tags hears of an article that was in another feed before`() async throws {
        var lab = lab
        lab.routes = [SinkRoute(sink: SinkName("a")), SinkRoute(sink: SinkName("t"), only: ["kazakh"])]
        try await lab.record([StoryLab.item(1, article: 5)])
        #expect(try await lab.claim("t").isEmpty)
        let other = "https://b.example/feed"
        var item = StoryLab.item(2, article: 5, feed: other)
        item.feed.tags = ["kazakh"]
        #expect(try await lab.record([item], of: other, at: StoryLab.now + 60).isEmpty)
        let told = try await lab.claim("t", at: StoryLab.now + 60)
        #expect(told.count == 1)
        #expect(Alert(json: told.first?.body ?? [])?.alsoIn.map(\.url) == [other])
        // Once.
        var again = StoryLab.item(3, article: 5, feed: "https://c.example/feed")
        again.feed.tags = ["kazakh"]
        try await lab.record([again], of: other)
        #expect(try await lab.states().flatMap(\.self).count == 2)
    }

    @Test func `a sink for one feed's tags hears of a name that has joined an article in another feed`() async throws {
        var lab = lab
        lab.routes = [SinkRoute(sink: SinkName("a")), SinkRoute(sink: SinkName("t"), only: ["kazakh"])]
        func item(_ number: UInt64, _ people: [UInt64], of feed: String = StoryLab.feedURL) -> ItemRecord {
            var item = StoryLab.item(number, article: 5, feed: feed)
            item.hits[0].people = Dictionary(
                uniqueKeysWithValues: people.map { ("P\($0)", Digest128(high: $0, low: $0)) })
            return item
        }
        try await lab.record([item(1, [1])])
        #expect(try await lab.record([item(2, [1, 2])], at: StoryLab.now + 30).count == 1)
        let other = "https://b.example/feed"
        var copy = item(3, [1, 2], of: other)
        copy.feed.tags = ["kazakh"]
        #expect(try await lab.record([copy], of: other, at: StoryLab.now + 60).isEmpty)
        let told = try await lab.claim("t", at: StoryLab.now + 60)
        #expect(told.count == 2)
        #expect(told.allSatisfy { Alert(json: $0.body)?.alsoIn.map(\.url) == [other] })
    }

    @Test func `what was silenced goes out when it is asked for by name`() async throws {
        try await lab.store.silence(silence("w"))
        let alert = try #require(try await lab.record([StoryLab.item(1)]).first)
        #expect(try await lab.store.retry(.failed, at: StoryLab.now) == 0)
        #expect(try await lab.store.retry(.alerts([alert.id]), at: StoryLab.now) == 1)
        #expect(try await lab.claim().map(\.id.alert) == [alert.id])
        #expect(try await lab.store.drop(.sink(SinkName("other"))) == 0)
        #expect(try await lab.store.drop(.sink(SinkName("a"))) == 1)
    }

    @Test func `what a sink notes of a delivery is there at the next try, and gone when it has arrived`() async throws {
        let alert = try #require(try await lab.record([StoryLab.item(1)]).first)
        let id = Delivery.ID(alert: alert.id, sink: SinkName("a"))
        func attempt(_ memo: String?) -> DeliveryAttempt {
            DeliveryAttempt(
                DeliveryReply(.delivered, memo: memo), .delivered, number: 1, at: StoryLab.now, duration: .zero)
        }
        let later = DeliveryVerdict.retry(at: StoryLab.now, reason: "451", wholeSink: false)
        #expect(try await lab.claim().map(\.memo) == [nil])
        try await lab.store.settle(id, later, after: attempt("c@d"), at: StoryLab.now)
        #expect(try await lab.claim().map(\.memo) == ["c@d"])
        try await lab.store.settle(id, later, after: attempt(nil), at: StoryLab.now)
        #expect(try await lab.claim().map(\.memo) == ["c@d"])
        try await lab.store.settle(id, .failed(reason: "554"), after: attempt(nil), at: StoryLab.now)
        _ = try await lab.store.retry(.failed, at: StoryLab.now)
        #expect(try await lab.claim().map(\.memo) == ["c@d"])
    }

    @Test func `a sink that stops at news of another is told of`() async throws {
        let a = SinkName("a")
        let news = Alert(
            id: AlertID("al_news"), kind: .health, timestamp: StoryLab.now, watches: [], severity: .high, matches: [],
            item: AlertItem(
                id: "n", url: nil, title: "Sink b", summary: nil, published: nil, language: nil, authors: []),
            feed: AlertFeed(url: "tocsin:sink/b", name: nil, tags: []), firstSeen: StoryLab.now)
        let notice = SinkNotice(
            SinkName("b"), .told(nil, forgetsRefusals: false), news, to: [SinkRoute(sink: a)], at: StoryLab.now)
        try await lab.store.note(notice)
        let id = Delivery.ID(alert: news.id, sink: a)
        try await lab.store.settle(id, .retry(at: StoryLab.now, reason: "503", wholeSink: false), at: StoryLab.now)
        #expect(try await lab.store.sinkStates(of: [a]).first?.failingSince == nil)
        try await lab.store.settle(id, .sinkGone(reason: "410"), at: StoryLab.now)
        #expect(try await lab.store.sinkStates(of: [a]).first?.failingSince == StoryLab.now)
    }

    @Test func `the backlog of one feed is news in another that brings it anew`() async throws {
        var old = StoryLab.item(1, article: 5)
        old.raisesAlert = false
        #expect(try await lab.record([old]).isEmpty)
        let other = "https://b.example/feed"
        #expect(try await lab.record([StoryLab.item(2, article: 5, feed: other)], of: other).count == 1)
        #expect(try await lab.record([StoryLab.item(3, article: 5, feed: other)], of: other).isEmpty)
        // In its own feed an edit of it is none.
        var edited = StoryLab.item(1, article: 5)
        edited.fingerprint.revision = 99
        #expect(try await lab.record([edited]).isEmpty)
    }

    @Test func `an alert names a hundred other feeds at most`() async throws {
        try await lab.record([StoryLab.item(1, article: 5)])
        for number in 0..<102 {
            let url = "https://\(number).example/feed"
            try await lab.record([StoryLab.item(2, article: 5, feed: url)], of: url)
        }
        let alert = try #require(try await lab.store.alerts(AlertFilter()).first.flatMap { Alert(json: $0.body) })
        #expect(alert.alsoIn.count == 100)
    }
}
