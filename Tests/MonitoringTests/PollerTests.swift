import Foundation
import Model
import Monitoring
import SQLiteStorage
import TestSupport
import Testing

/// What wakes somebody, and what does not.
@Suite struct PollerTests {
    let lab: Lab
    static let text = "Zhainar Serikqyzy spoke of her grandfather, who was ordered back in September 2017."

    init() throws {
        lab = try Lab()
    }

    @Test func `a new item alerts once`() async throws {
        let document = rss(Entry("1", "Serikqyzy"), Entry("2", "Weather"))
        #expect(try await lab.alerts(document) == ["Serikqyzy"])
        #expect(try await lab.alerts(document).isEmpty)
        // Other bytes, the same items.
        #expect(try await lab.alerts(document + "<!-- 2 -->").isEmpty)
        let grown = rss(Entry("3", "Serikqyzy again"), Entry("1", "Serikqyzy"), Entry("2", "Weather"))
        #expect(try await lab.alerts(grown) == ["Serikqyzy again"])
    }

    @Test func `items under one link are told apart, though they come one at a time`() async throws {
        for number in 1...3 {
            let item = Entry(guid: "\(number)", link: "https://example.org/list", title: "Serikqyzy \(number)")
            #expect(try await lab.alerts(rss(item)) == ["Serikqyzy \(number)"])
            #expect(try await lab.alerts(rss(item) + "<!-- again -->").isEmpty)
        }
    }

    @Test func `an alert has all that the contract names`() async throws {
        var spec = FeedSpec(
            url: "https://user:password@example.org/rss?format=xml&token=abc#x", name: "Service", language: "kk",
            tags: ["central-asia"])
        spec.policy.every = .seconds(60)
        let lab = try Lab(spec.url)
        lab.answer(200, rss(Entry("1", "Serikqyzy in camp", text: Self.text, age: 1)))
        let alert = try #require(try await lab.poll()?.alerts.first)
        #expect(alert.watches == ["family", "camps"])
        #expect(alert.severity == .high)
        #expect(alert.matches.contains { $0.watch == "family" && $0.field == .title })
        #expect(alert.matches.contains { $0.watch == "family" && $0.field == .summary })
        #expect(alert.item.id == "id-1")
        #expect(alert.item.url == "https://example.org/1")
        #expect(alert.item.title == "Serikqyzy in camp")
        #expect(alert.item.summary == Self.text)
        #expect(alert.item.published.map(Timestamp.text) == "2018-11-25T14:00:00Z")
        #expect(alert.feed.url == "https://example.org/rss?format=xml&token=•••")
        #expect(alert.feed.name == "News")
        #expect(alert.firstSeen == lab.clock.now)
        #expect(!String(decoding: alert.json, as: UTF8.self).contains("password"))
    }

    @Test func `alerts come in the order of the news`() async throws {
        let document = rss(
            Entry("3", "Serikqyzy 3", age: 1), Entry("1", "Serikqyzy 1", age: 3), Entry("2", "Serikqyzy 2", age: 2))
        #expect(try await lab.alerts(document) == ["Serikqyzy 1", "Serikqyzy 2", "Serikqyzy 3"])
        let undated = try Lab()
        #expect(
            try await undated.alerts(rss(Entry("2", "Serikqyzy 2"), Entry("1", "Serikqyzy 1"))).first == "Serikqyzy 1")
    }

    @Test func `a feed is read in the encoding that the user names`() async throws {
        var spec = FeedSpec(url: Lab.url)
        spec.encoding = EncodingLabel("win-1251")
        let lab = try Lab(spec)
        // "Серик Serikqyzy", under a label of the server that is wrong.
        let title: [UInt8] = [0xD1, 0xE5, 0xF0, 0xE8, 0xEA]
        let parts = rss(Entry("1", "@ Serikqyzy")).split(separator: "@", maxSplits: 1)
        let response = FetchResponse(
            status: 200, headers: [HeaderField(name: "content-type", value: Array("text/xml; charset=koi8-r".utf8))],
            body: Array(parts[0].utf8) + title + Array(parts[1].utf8), url: Lab.url)
        lab.transport.answer { _ in .success(response) }
        #expect(try await lab.poll()?.alerts.map(\.item.title) == ["Серик Serikqyzy"])
    }

    /// Media RSS and others give texts beside the summary: whom somebody looks for can stand in any of them.
    @Test func `a text of a module is matched too`() async throws {
        let module = "<media:description>Zhainar Serikqyzy</media:description><title>Family</title>"
        let document = rss(Entry("1", "Weather", text: Self.text.replacing("Serikqyzy", with: "")))
            .replacing("<rss ", with: "<rss xmlns:media=\"http://search.yahoo.com/mrss/\" ")
            .replacing("<title>Weather</title>", with: module)
        let lab = try Lab()
        lab.answer(200, document)
        let alert = try #require(try await lab.poll()?.alerts.first)
        #expect(alert.matches.map(\.field) == [.content])
    }

    // Identity

    @Test func `an item without an id alerts once`() async throws {
        func document(_ extra: Entry...) -> String {
            rss(extra + [Entry(link: "https://example.org/1", title: "Serikqyzy", text: Self.text)])
        }
        #expect(try await lab.alerts(document()) == ["Serikqyzy"])
        #expect(try await lab.alerts(document(Entry("2", "Weather"))).isEmpty)
    }

    @Test func `an item without an id and a link alerts once`() async throws {
        let first = Entry(title: "Serikqyzy", text: Self.text)
        #expect(try await lab.alerts(rss(first)) == ["Serikqyzy"])
        #expect(try await lab.alerts(rss(Entry("2", "Weather"), first)).isEmpty)
    }

    @Test func `an id that changes alerts no second time`() async throws {
        func document(_ guid: String, _ extra: Entry...) -> String {
            rss(extra + [Entry(guid: guid, link: "https://example.org/1", title: "Serikqyzy", text: Self.text)])
        }
        #expect(try await lab.alerts(document("a")) == ["Serikqyzy"])
        #expect(try await lab.alerts(document("b")).isEmpty)
        #expect(try await lab.alerts(document("c", Entry("2", "Weather"))).isEmpty)
    }

    @Test func `items that share an id do not hide each other`() async throws {
        let one = Entry(guid: "same", link: "https://example.org/1", title: "Serikqyzy 1", text: Self.text)
        let two = Entry(guid: "same", link: "https://example.org/2", title: "Serikqyzy 2", text: Self.text + " Two.")
        let three = Entry(
            guid: "same", link: "https://example.org/3", title: "Serikqyzy 3", text: Self.text + " Three.")
        #expect(try await lab.alerts(rss(two, one)).sorted() == ["Serikqyzy 1", "Serikqyzy 2"])
        #expect(try await lab.alerts(rss(three, two, one)) == ["Serikqyzy 3"])
        #expect(try await lab.alerts(rss(three, one)).isEmpty)
    }

    @Test func `items of one constant id, one at a time, do not hide each other`() async throws {
        for number in 1...3 {
            let item = Entry(
                guid: "current", link: "https://example.org/\(number)", title: "Serikqyzy \(number)",
                text: Self.text + " Part \(number).")
            #expect(try await lab.alerts(rss(item)) == ["Serikqyzy \(number)"])
        }
    }

    @Test func `items of one id and link, one at a time, do not hide each other`() async throws {
        for guid in ["current", nil] {
            let place = guid ?? "breaking"
            for number in 1...4 {
                let item = Entry(
                    guid: guid, link: "https://example.org/\(place)", title: "Serikqyzy, \(place) \(number)",
                    text: Self.text + " Part \(number).")
                #expect(try await lab.alerts(rss(item)) == ["Serikqyzy, \(place) \(number)"])
                #expect(try await lab.alerts(rss(item) + "<!-- again -->").isEmpty)
            }
        }
    }

    @Test func `a brief whose words are always the same is news each day`() async throws {
        func briefs(_ days: ClosedRange<Int>) -> String {
            rss(days.reversed().map { Entry("\($0)", "Serikqyzy daily brief", text: Self.text, age: Double(-$0)) })
        }
        #expect(try await lab.alerts(briefs(1...3)).count == 3)
        for day in 4...6 {
            lab.clock.advance(by: .seconds(86_400))
            #expect(try await lab.alerts(briefs(day - 2...day)).count == 1)
        }
    }

    @Test(arguments: [true, false])
    func `a rubric without id and link is news with each later date`(_ hasText: Bool) async throws {
        func document(_ days: ClosedRange<Int>) -> String {
            rss(
                days.reversed().map {
                    Entry(title: "Serikqyzy: the list", text: hasText ? Self.text : nil, age: 4 - Double($0))
                } + [Entry(title: "Weather", age: 4 - Double(days.upperBound))])
        }
        #expect(try await lab.alerts(document(1...1)).count == 1)
        for day in 2...4 {
            #expect(try await lab.alerts(document(max(1, day - 1)...day)).count == 1)
            #expect(try await lab.alerts(document(max(1, day - 1)...day) + "<!-- again -->").isEmpty)
        }
    }

    @Test func `an edited title alerts no second time`() async throws {
        #expect(try await lab.alerts(rss(Entry("1", "Serikqyzy", text: Self.text))) == ["Serikqyzy"])
        #expect(try await lab.alerts(rss(Entry("1", "UPDATE: Serikqyzy", text: Self.text))).isEmpty)
        // Only for a watch that had not matched.
        lab.answer(200, rss(Entry("1", "UPDATE: Serikqyzy on the camp", text: Self.text)))
        let report = try #require(try await lab.poll())
        #expect(report.alerts.map(\.watches) == [["camps"]])
    }

    @Test func `a site that has moved is not news`() async throws {
        func documents(_ base: String) -> [Entry] {
            (1...6).map { number in
                Entry(
                    guid: "\(base)?p=\(number)", link: "\(base)/\(number)", title: "Serikqyzy, part \(number)",
                    text: Self.text + " Part \(number).")
            }
        }
        #expect(try await lab.alerts(rss(documents("https://example.org/old"))).count == 6)
        #expect(try await lab.alerts(rss(documents("https://new.example.org/stories"))).isEmpty)
        let after = [Entry(link: "https://new.example.org/stories/7", title: "Serikqyzy, part 7", text: Self.text)]
        #expect(
            try await lab.alerts(rss(after + documents("https://new.example.org/stories"))) == ["Serikqyzy, part 7"])
    }

    @Test func `titles that come back every day hide nothing`() async throws {
        func day(_ day: Int) -> [Entry] {
            ["morning", "noon", "night"].map { time in
                Entry("\(day)/\(time)", "Serikqyzy: the news at \(time)", text: Self.text + " Day \(day).")
            }
        }
        #expect(try await lab.alerts(rss(day(1) + [Entry("a", "A"), Entry("b", "B")])).count == 3)
        #expect(try await lab.alerts(rss(day(2) + day(1) + [Entry("a", "A"), Entry("b", "B")])).count == 3)
    }

    /// What another feed's poll of this document alerts on.
    private func alerts(_ document: String, of url: String) async throws -> [Alert] {
        let other = FeedSpec(url: url)
        lab.clock.advance(by: .seconds(86_400))
        try await lab.store.register([other], at: lab.clock.now)
        lab.answer(200, document)
        let feeds = try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 9, lease: .seconds(9))
        let feed = try #require(feeds.first { $0.url == url })
        let report = try #require(try await lab.poller.poll(feed, other, lab.setup))
        #expect(report.outcome == .read)
        return report.alerts
    }

    @Test func `the same article in another feed raises no second alert`() async throws {
        #expect(try await lab.alerts(rss(Entry("1", "Serikqyzy"))) == ["Serikqyzy"])
        let twin = Entry(guid: "x", link: "http://www.example.org/1/?utm_source=x", title: "Serikqyzy")
        #expect(try await alerts(rss(twin), of: "https://other.example/rss").isEmpty)
        // The whole text, in a feed that dates it as it puts it there.
        let text = Entry("2", "Serikqyzy again", text: Self.text, age: 1)
        #expect(try await lab.alerts(rss(text)) == ["Serikqyzy again"])
        let whole = Entry("2", "Serikqyzy again", text: Self.text + " And more of it.", age: 0.99)
        #expect(try await alerts(rss(whole), of: "https://other.example/rss").isEmpty)
    }

    @Test func `an edited article that another feed has edited as well raises no second alert`() async throws {
        // Dates of days, as many feeds have them.
        func document(_ title: String, _ text: String, _ day: String) -> String {
            """
            <rss version="2.0"><channel><title>T</title><item><guid>e</guid><link>https://example.org/edited</link>
            <title>\(title)</title><description>\(text)</description><pubDate>\(day) 2018 00:00:00 GMT</pubDate></item>
            <item><guid>w</guid><link>https://example.org/w</link><title>Weather</title></item></channel></rss>
            """
        }
        let first = document("Serikqyzy is asked for", Self.text, "Mon, 26 Nov")
        let edited = document("UPDATE: Serikqyzy is not found", Self.text + " Nobody knows.", "Tue, 27 Nov")
        #expect(try await lab.alerts(first) == ["Serikqyzy is asked for"])
        #expect(try await lab.alerts(edited).isEmpty)
        #expect(try await alerts(edited, of: "https://other.example/rss").isEmpty)
    }

    @Test func `other articles under one link of several feeds are told, each once`() async throws {
        func list(_ region: String, _ day: Double) -> String {
            rss(
                Entry(
                    guid: region, link: "https://court.example/verdicts", title: "Verdicts of \(region): Serikqyzy",
                    text: Self.text + " \(region).", age: day))
        }
        #expect(try await lab.alerts(list("Ghulja", 3)).count == 1)
        let second = try await alerts(list("Tekes", 2), of: "https://other.example/rss")
        #expect(second.map(\.item.title) == ["Verdicts of Tekes: Serikqyzy"])
        // The same in a third feed is the same alert, and says where it was.
        #expect(try await alerts(list("Tekes", 2), of: "https://third.example/rss").isEmpty)
        let stored = try await lab.store.alerts(AlertFilter(id: try #require(second.first).id.rawValue))
        #expect(
            stored.first.flatMap { Alert(json: $0.body) }?.alsoIn.map(\.url) == ["https://third.example/rss"])
        // One title for all of them, other words, another day.
        func plain(_ text: String, _ day: Double) -> String {
            rss(Entry(link: "https://court.example/verdicts", title: "Serikqyzy", text: Self.text + text, age: day))
        }
        #expect(try await alerts(plain(" One.", 2), of: "https://fourth.example/rss").count == 1)
        #expect(try await alerts(plain(" Two.", 1), of: "https://fifth.example/rss").count == 1)
        #expect(try await alerts(plain(" Two.", 1), of: "https://sixth.example/rss").isEmpty)
    }

    @Test func `the second article under a link has one id in all feeds`() async throws {
        func bulletin(_ number: Int) -> String {
            let filler = (1...4).map { Entry("\($0)", "Weather \($0)") }
            return rss(
                [
                    Entry(
                        guid: "b\(number)", link: "https://example.org/bulletin",
                        title: "Bulletin \(number): Serikqyzy",
                        text: Self.text + " Number \(number).", age: Double(5 - number))
                ] + filler)
        }
        for number in 1...3 {
            #expect(try await lab.alerts(bulletin(number)).count == 1)
            #expect(try await alerts(bulletin(number), of: "https://other.example/rss").isEmpty)
        }
    }

    // Backlog

    @Test func `on the first poll old items are silent, and stay so`() async throws {
        let old = Entry("old", "Serikqyzy old", age: 30)
        let document = rss(Entry("new", "Serikqyzy new", age: 2), Entry("undated", "Serikqyzy undated"), old)
        #expect(try await lab.alerts(document).sorted() == ["Serikqyzy new", "Serikqyzy undated"])
        // An edit of it is no news for the same watch.
        #expect(try await lab.alerts(rss(Entry("old", "Serikqyzy old, edited", age: 30))).isEmpty)
        // Later, whatever its date.
        #expect(try await lab.alerts(rss(Entry("older", "Serikqyzy older", age: 300), old)) == ["Serikqyzy older"])
    }

    @Test func `with no backlog the first poll is silent`() async throws {
        let lab = try Lab(backlog: .none)
        #expect(try await lab.alerts(rss(Entry("1", "Serikqyzy", age: 0), Entry("2", "Serikqyzy undated"))).isEmpty)
        #expect(try await lab.alerts(rss(Entry("3", "Serikqyzy", age: 300))) == ["Serikqyzy"])
    }

    @Test func `with all of the backlog everything alerts`() async throws {
        let lab = try Lab(backlog: .all)
        #expect(try await lab.alerts(rss(Entry("1", "Serikqyzy", age: 3000))) == ["Serikqyzy"])
    }

    @Test func `errors before the first document do not end the backlog`() async throws {
        lab.answer(500)
        try await lab.poll()
        lab.answer(304)
        try await lab.poll()
        #expect(try await lab.alerts(rss(Entry("1", "Serikqyzy", age: 30))).isEmpty)
    }

    @Test func `what came while a new feed could not be read is news`() async throws {
        let start = lab.clock.now
        lab.answer(500)
        while lab.clock.now < start + 10 * 86_400 { try await lab.poll() }
        let document = rss(
            Entry("1", "Serikqyzy, two days after it was listed", age: -2), Entry("2", "Serikqyzy before", age: 6),
            Entry("3", "Serikqyzy long before", age: 8))
        let expected: Set = ["Serikqyzy before", "Serikqyzy, two days after it was listed"]
        // That it is read again is told as well.
        #expect(try await Set(lab.alerts(document).filter { $0.hasPrefix("Serikqyzy") }) == expected)
        #expect(try await lab.alerts(document + "<!-- 2 -->").isEmpty)
    }

    @Test func `without a backlog, what is dated after a new feed was listed is news`() async throws {
        let lab = try Lab(backlog: .none)
        lab.answer(503)
        for _ in 0..<4 { try await lab.poll() }
        let today = 14.0 / 24
        let document = rss(
            Entry("1", "Serikqyzy, minutes after", age: -0.01), Entry("2", "Serikqyzy, a minute before", age: 0.001),
            Entry("3", "Serikqyzy of that day", age: today), Entry("4", "Serikqyzy of the day before", age: today + 1),
            Entry("5", "Serikqyzy undated"))
        #expect(try await Set(lab.alerts(document)) == ["Serikqyzy, minutes after", "Serikqyzy of that day"])
    }

    @Test func `an empty feed is a feed, and what comes later is news`() async throws {
        #expect(try await lab.alerts(rss()).isEmpty)
        #expect(try await lab.state.history.wasEverRead)
        #expect(try await lab.alerts(rss(Entry("1", "Serikqyzy", age: 30))) == ["Serikqyzy"])
    }

    // Half a feed

    @Test func `what a cut document has alerts, and the rest when it comes`() async throws {
        lab.answer(200, rss(Entry("1", "Serikqyzy 1"), isCut: true), [("etag", "\"half\"")])
        let report = try #require(try await lab.poll())
        #expect(report.alerts.map(\.item.title).contains("Serikqyzy 1"))
        let state = try await lab.state
        #expect(state.validators == nil)
        #expect(state.bodyHash == nil)
        #expect(state.history.failures == 1)
        #expect(
            try await lab.alerts(rss(Entry("1", "Serikqyzy 1"), Entry("2", "Serikqyzy 2"))).contains("Serikqyzy 2"))
        #expect(try await lab.state.history.failures == 0)
        #expect(try await lab.alerts(rss(Entry("1", "Serikqyzy 1"), Entry("2", "Serikqyzy 2")) + "<!-- -->").isEmpty)
    }

    @Test func `a feed that is always cut off is not silent for ever`() async throws {
        let lab = try Lab(backlog: .none)
        func document(_ entries: Entry...) -> String { rss(entries, isCut: true) }
        #expect(try await lab.alerts(document(Entry("1", "Serikqyzy 1", age: 1))).isEmpty)
        let later = document(Entry("2", "Serikqyzy 2", age: -0.01), Entry("1", "Serikqyzy 1", age: 1))
        #expect(try await lab.alerts(later).contains("Serikqyzy 2"))
    }

    // Hostile items

    @Test func `an alert stays small whatever the item is`() async throws {
        let zalgo = "e" + String(repeating: "\u{301}", count: 20_000)
        let item = Entry(
            guid: String(repeating: "g", count: 50_000),
            link: "https://example.org/" + String(repeating: "l", count: 50_000),
            title: "Serikqyzy " + String(repeating: "t", count: 50_000),
            text: "Serikqyzy " + String(repeating: "\u{1F1F0}\u{1F1FF}", count: 5000) + zalgo)
        lab.answer(200, rss(item))
        let alert = try #require(try await lab.poll()?.alerts.first)
        #expect(alert.item.title?.count == 1000)
        #expect(alert.item.title?.last == "…")
        #expect(alert.item.summary.map { $0.count <= 500 && $0.utf8.count <= 4100 } == true)
        #expect(alert.item.url == nil)
        #expect(alert.item.id.count == 32)
    }
}
