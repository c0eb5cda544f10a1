import Foundation
import Model
import SQLiteStorage
import TestSupport
import Testing

/// Silences, copies and held alerts, as a user meets them.
@Suite struct StoryCommandTests {
    private static func configuration(_ more: String = "") -> String {
        """
        state: state.db
        feeds: [{url: "file:news.xml", name: News}, {url: "file:other.xml", name: Other}]
        watch:
          - {name: camps, any: [camp], severity: critical}
          - {name: trials, any: [trial]}
        backlog: all
        alerts: [{file: {path: alerts.jsonl}}]
        \(more)
        """
    }

    private func write(_ items: [(title: String, text: String)], to name: String, of place: Workplace) throws {
        let xml = items.map {
            "<item><guid>\(name) \($0.title)</guid><title>\($0.title)</title><description>\($0.text)</description></item>"
        }
        try place.write(
            "<rss version='2.0'><channel><title>T</title>\(xml.joined())</channel></rss>", to: name)
    }

    private func place() throws -> Workplace {
        let place = try Workplace(Self.configuration())
        for name in ["news.xml", "other.xml"] { try write([], to: name, of: place) }
        return place
    }

    @Test func `a silenced watch is kept and not sent, and the command says what it does`() async throws {
        let place = try place()
        // Before there is a state.
        let begun = try await place.run("silence", "camps", "--for", "2d", "--reason", "on leave")
        #expect(begun.status == 0)
        #expect(begun.output.hasPrefix("camps is silenced until 20"))
        #expect(begun.errors.contains("severity critical"))
        try write([("One camp", ""), ("A camp and a trial", "")], to: "news.xml", of: place)
        #expect(try await place.run("once").status == 0)
        #expect(try place.alerts(in: "alerts.jsonl").map { $0?.item.title } == ["A camp and a trial"])
        let listed = try await place.run("alerts").lines
        #expect(listed.count == 2)
        #expect(listed.contains { $0.contains("One camp") && $0.contains("suppressed") })
        #expect(try await place.run("status").output.contains("on leave"))
        let json = try await place.run("silence", "--list", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(object?["watch"] as? String == "camps")
        #expect(object?["reason"] as? String == "on leave")

        #expect(try await place.run("silence", "--end", "camps").status == 0)
        #expect(try await place.run("silence", "--end", "camps").status == 64)
        #expect(try await place.run("silence", "--list").output.isEmpty)
        try write([("Another camp", "")], to: "news.xml", of: place)
        #expect(try await place.run("once").status == 0)
        #expect(try place.alerts(in: "alerts.jsonl").count == 2)
    }

    @Test func `a running monitor obeys a silence at once`() async throws {
        let place = try place()
        let feeds = "feeds: [{url: \"file:news.xml\", every: 1s}]"
        try place.write(
            Self.configuration().replacingOccurrences(
                of: "feeds: [{url: \"file:news.xml\", name: News}, {url: \"file:other.xml\", name: Other}]", with: feeds
            ))
        try write([("First trial", "")], to: "news.xml", of: place)
        let monitor = try place.start("run")
        defer { monitor.send(SIGKILL) }
        #expect(await monitor.until { _ in (try? place.alerts(in: "alerts.jsonl").count) == 1 })
        #expect(try await place.run("silence", "camps", "--for", "1h").status == 0)
        try write([("First trial", ""), ("One camp", ""), ("Second trial", "")], to: "news.xml", of: place)
        #expect(await monitor.until { _ in (try? place.alerts(in: "alerts.jsonl").count) == 2 })
        let report = try await place.run("alerts").output
        #expect(report.contains("One camp") && report.contains("suppressed"))
        #expect(try place.alerts(in: "alerts.jsonl").compactMap { $0?.item.title } == ["First trial", "Second trial"])
    }

    @Test(arguments: [
        ["silence"], ["silence", "camps"], ["silence", "camps", "--for", "x"], ["silence", "camps", "--for", "0s"],
        ["silence", "camps", "--for", "400d"], ["silence", "nobody", "--for", "2d"], ["silence", "--end", "nobody"],
        ["silence", "--list", "--for", "2d"], ["silence", "camps", "--end", "camps"],
    ])
    func `wrong usage ends with 64 and says why`(_ arguments: [String]) async throws {
        let place = try place()
        let result = try await Program.run(arguments, in: place.folder)
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(!result.errors.isEmpty)
        if arguments.contains("nobody") { #expect(result.errors.contains("'nobody'")) }
        #expect(!FileManager.default.fileExists(atPath: place.folder.appendingPathComponent("state.db").path))
    }

    @Test func `a wire copy is marked in the file, and shown as one`() async throws {
        let place = try place()
        let text = """
            The trial of seven teachers ended on Monday after less than an hour, their relatives said in Almaty. None of \
            them was allowed a lawyer of his own, and the verdicts were read out over the telephone to the families.
            """
        try write([("Trial ends", text)], to: "news.xml", of: place)
        #expect(try await place.run("once").status == 0)
        try write([("«Less than an hour»", text + " (AP)")], to: "other.xml", of: place)
        #expect(try await place.run("once").status == 0)
        let alerts = try place.alerts(in: "alerts.jsonl").compactMap { $0 }
        #expect(alerts.map(\.duplicateOf) == [nil, alerts.first?.id])
        let shown = try await place.run("alerts", "show", try #require(alerts.last).id.rawValue)
        #expect(shown.output.contains("copy of    \(alerts[0].id)"))
    }

    @Test func `an archive that comes again is held, shown, and released or discarded`() async throws {
        let place = try place()
        let known = (1...10).map { (title: "Weather \($0)", text: "") }
        try write(known, to: "news.xml", of: place)
        _ = try await place.run("once")
        // The dates are of last year, and the ids are new.
        let archive = (1...30).map {
            "<item><guid>n\($0)</guid><title>Trial \($0)</title><pubDate>Mon, 26 Nov 2018 14:00:00 GMT</pubDate></item>"
        }
        let old = known.map { "<item><guid>news.xml \($0.title)</guid><title>\($0.title)</title></item>" }
        try place.write(
            "<rss version='2.0'><channel><title>T</title>\((archive + old).joined())</channel></rss>", to: "news.xml")
        #expect(try await place.run("once").status == 0)
        let told = try place.alerts(in: "alerts.jsonl").compactMap { $0 }
        #expect(told.map(\.item.title) == ["News: old items come again; 30 alerts are held"])
        let held = try await place.run("alerts", "held")
        #expect(held.lines.count == 2)
        #expect(held.lines.last?.contains("News  30") ?? false)
        #expect(held.lines.last?.contains("Trial") ?? false)
        #expect(try await place.run("status").output.contains("HELD ALERTS"))
        #expect(try await place.run("alerts", "release", "Other").status == 64)
        #expect(try await place.run("alerts", "release", "News").output == "30 alerts go out\n")
        #expect(try await place.run("alerts", "held").output.isEmpty)
        for command in ["release", "discard"] {
            let again = try await place.run("alerts", command, "News")
            #expect(again.status == 0 && again.output == "no alerts are held\n")
            #expect(try await place.run("alerts", command).status == 0)
        }
        #expect(try await place.run("once").status == 0)
        #expect(try place.alerts(in: "alerts.jsonl").count == 31)
    }
}
