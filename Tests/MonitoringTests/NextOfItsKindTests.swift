import Foundation
import Matching
import Model
import Monitoring
import SQLiteStorage
import TestSupport
import Testing

/// Feeds that have one page, one id or one title for all: each item is told once, however they come.
@Suite struct NextOfItsKindTests {
    /// A feed, by the items of its documents.
    struct Kind: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var items: @Sendable (_ number: Int) -> Entry
        /// All in one document too, or one after the other only.
        var alsoTogether = true

        init(_ name: String, alsoTogether: Bool = true, _ items: @escaping @Sendable (_ number: Int) -> Entry) {
            testDescription = name
            self.alsoTogether = alsoTogether
            self.items = items
        }
    }

    private static let page = "https://police.example/wanted"

    private static func text(_ number: Int) -> String {
        "Serikqyzy, number \(number), of the village number \(number), was last seen at the station number \(number)."
    }

    static let kinds: [Kind] = [
        Kind("ids of their own, one page, one title") {
            Entry(guid: "urn:\($0)", link: page, title: "Wanted person", text: text($0))
        },
        Kind("the same, of one day") {
            Entry(guid: "urn:\($0)", link: page, title: "Wanted person", text: text($0), age: 0.25)
        },
        Kind("the same, with other titles") {
            Entry(guid: "urn:\($0)", link: page, title: "Wanted person \($0)", text: text($0))
        },
        Kind("the id names a part of the page") {
            Entry(guid: "\(page)#person-\($0)", link: page, title: "Wanted person \($0)", text: text($0))
        },
        Kind("the link names it too") {
            Entry(guid: "\(page)#p\($0)", link: "\(page)#p\($0)", title: "Wanted person \($0)", text: text($0))
        },
        Kind("pages of their own under one id and title, without dates") {
            Entry(guid: "slot", link: "\(page)/\($0)", title: "Wanted person", text: text($0))
        },
        Kind("one page, no ids", alsoTogether: true) {
            Entry(link: page, title: "Wanted person", text: text($0), age: 1 - Double($0) / 24)
        },
        Kind("one id, no links") { Entry(guid: "same", title: "Wanted person \($0)", text: text($0), age: 0.5) },
        Kind("one id and one page") {
            Entry(guid: "same", link: page, title: "Wanted person \($0)", text: text($0), age: 1 - Double($0) / 24)
        },
    ]

    @Test(arguments: kinds) func `each of one document is told`(_ kind: Kind) async throws {
        for hasBefore in [false, true] {
            let lab = try Lab(backlog: .all)
            if hasBefore { #expect(try await lab.alerts(rss(kind.items(9))).count == 1) }
            let document = rss((1...4).map(kind.items))
            #expect(try await lab.alerts(document).count == 4)
            #expect(try await lab.alerts(document + "<!-- again -->").isEmpty)
        }
    }

    @Test(arguments: kinds.filter { !$0.testDescription.hasPrefix("one ") })
    func `each is told that comes alone beside other news`(_ kind: Kind) async throws {
        let lab = try Lab(backlog: .all)
        let others = (1...4).map { Entry("other-\($0)", "Weather \($0)", text: "Cloudy", age: 1) }
        for number in 1...4 {
            #expect(try await lab.alerts(rss([kind.items(number)] + others)).count == 1)
            #expect(try await lab.alerts(rss([kind.items(number)] + others) + "<!-- -->").isEmpty)
        }
    }

    @Test func `what was dated a moment ago is told though the next one comes at once`() async throws {
        let lab = try Lab(backlog: .all)
        let others = (1...4).map { Entry("other-\($0)", "Weather \($0)", text: "Cloudy", age: 1) }
        var begin: Date?
        for number in 1...4 {
            let now = lab.clock.now
            begin = begin ?? now
            var item = Entry(guid: "urn:\(number)", link: Self.page, title: "Wanted person", text: Self.text(number))
            item.age = -now.timeIntervalSince(begin ?? now) / 86_400
            #expect(try await lab.alerts(rss([item] + others)).count == 1)
        }
    }

    @Test func `two that were written in one second, and read at once, are two`() async throws {
        let lab = try Lab(backlog: .all)
        let others = (1...4).map { Entry("other-\($0)", "Weather \($0)", text: "Cloudy", age: 1) }
        for number in 1...2 {
            let id = "urn:\(number)"
            let item = Entry(guid: id, link: Self.page, title: "Wanted person", text: Self.text(number), age: 0)
            lab.answer(200, rss([item] + others))
            #expect(try await lab.once().alerts == 1)
        }
    }

    @Test func `an alert of one item with one title is told with each later date`() async throws {
        let lab = try Lab(backlog: .all)
        for number in 1...4 {
            let item = Entry(
                guid: "alert", link: "https://embassy.example/alert", title: "Security alert", text: Self.text(number),
                age: 1 - Double(number) / 24)
            #expect(try await lab.alerts(rss(item)).count == 1)
        }
    }

    @Test func `ids or links that are new with each document tell nothing`() async throws {
        let lab = try Lab(backlog: .all)
        func document(_ round: Int, _ edit: String, ids: Bool) -> String {
            rss(
                (1...4).map { number in
                    let text = Self.text(number) + (number == 1 ? edit : "")
                    let (id, link) = (ids ? "\(round)-\(number)" : "id-\(number)", ids ? "" : "?session=\(round)")
                    return Entry(guid: id, link: "\(Self.page)/\(number)\(link)", title: "Report \(number)", text: text)
                })
        }
        for ids in [true, false] {
            let lab = ids ? lab : try Lab(backlog: .all)
            #expect(try await lab.alerts(document(1, "", ids: ids)).count == 4)
            #expect(try await lab.alerts(document(2, "", ids: ids)).isEmpty)
            #expect(try await lab.alerts(document(3, " Edited, and longer.", ids: ids)).isEmpty)
        }
    }

    /// A person in one's own watch and in a list that is included is of two watches.
    @Test(arguments: [["people"], ["people", "list"]])
    func `a name that joins an article is told, and once`(_ watches: [String]) async throws {
        let lab = try Lab()
        let setup = try Self.setup(["Gulnara Omirbek", "Abdulla Aripov", "Raesh Qazbekuly"], watches, lab)
        func poll(_ text: String) async throws -> [Alert] {
            lab.answer(200, rss(Entry("list", "Who is known to be held", text: text, age: 1)))
            try await lab.store.register([lab.spec], at: lab.clock.now)
            lab.clock.set(max(lab.clock.now, try #require(try await lab.store.nextPollDue())))
            let feeds = try await lab.store.claimDueFeeds(at: lab.clock.now, limit: 1, lease: .seconds(60))
            return try await lab.poller.poll(try #require(feeds.first), lab.spec, setup)?.alerts ?? []
        }
        func names(_ alerts: [Alert]) -> [String] { Set(alerts.flatMap(\.matches).map(\.pattern)).sorted() }
        let first = try await poll("Gulnara Omirbek has been named today.")
        #expect(names(first) == ["Gulnara Omirbek"])
        #expect(try await poll("Gulnara Omirbek was named today, her family says.").isEmpty)
        // A mark on the article is none on who joins it.
        let id = try #require(first.first).id
        for watch in watches {
            _ = try await lab.store.dismiss(id, watch: watch, routes: setup.routes, at: lab.clock.now)
        }
        let second = try await poll("Gulnara Omirbek was named today; Abdulla Aripov is with her.")
        #expect(names(second) == ["Abdulla Aripov"])
        #expect(second.first?.duplicateOf == nil)
        // One who goes and comes back is no news.
        #expect(try await poll("Abdulla Aripov is there.").isEmpty)
        #expect(try await poll("Abdulla Aripov and Gulnara Omirbek are there.").isEmpty)
        let third = try await poll("All three: Abdulla Aripov, Gulnara Omirbek, Raesh Qazbekuly.")
        #expect(names(third) == ["Raesh Qazbekuly"])
        let kept = try await lab.store.alerts(AlertFilter(limit: 10))
        #expect(kept.count == 3)
        #expect(kept.filter { $0.deliveries.contains { $0.state == .pending } }.count == 2)
    }

    private static func setup(_ people: [String], _ watches: [String], _ lab: Lab) throws -> MonitorSetup {
        let specs = watches.map { name in
            var spec = WatchSpec(name: name)
            spec.people = people.map { PersonSpec(name: Located($0)) }
            return spec
        }
        var issues: [Model.Issue] = []
        let matcher = Matcher(specs, concepts: [], issues: &issues)
        return MonitorSetup(
            feeds: [lab.spec], matcher: matcher, severities: [:], backlog: .all, limits: FetchLimits(),
            sinks: [lab.sink], routes: [SinkRoute(sink: lab.sink.name)])
    }
}
