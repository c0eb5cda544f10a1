import Config
import Foundation
import Model
import TestSupport
import Testing

/// People and feeds that a command adds to what somebody wrote.
@Suite struct ConfigAdditionTests {
    private let folder: URL

    init() throws {
        folder = try Fixture.temporaryFolder()
    }

    private func write(_ text: String, to name: String = "feeds.yaml") throws {
        try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    private func text(_ name: String = "feeds.yaml") throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    private func load() throws -> Configuration {
        let (configuration, issues) = ConfigLoader.load(folder.path + "/feeds.yaml", environment: [:])
        #expect(issues.filter { $0.severity == .error }.map { "\($0)" } == [])
        return try #require(configuration)
    }

    private func addition(
        _ list: String = "people.yaml", judge: @escaping ConfigAddition.Judge = { _ in [] }
    ) -> ConfigAddition {
        ConfigAddition(configuration: folder.path + "/feeds.yaml", list: list, environment: [:], judge: judge)
    }

    private static let start = "# дом\nfeeds:\n  - https://a.example/ # first\nwatch:\n"
    private static let person = PersonSpec(name: Located("Раеш \"K\""), aliases: [Located("热合什")])
    private static let line = "name: \"Раеш \\\"K\\\"\""

    @Test(
        arguments: [
            (
                "  - name: w\n    people:\n      - A B  # her\n    severity: high\n",
                "  - name: w\n    people:\n      - A B  # her\n      - \(line)\n        aliases: [\"热合什\"]\n    severity: high\n"
            ),
            (
                "  - name: w\n    people:\n    - name: A B\n      aliases:\n        - C D\n        - E F\n    # next\n",
                "  - name: w\n    people:\n    - name: A B\n      aliases:\n        - C D\n        - E F\n    - \(line)\n"
                    + "      aliases: [\"热合什\"]\n    # next\n"
            ),
            (
                "  - {name: w, people: [A B, C D]}  # them\n",
                "  - {name: w, people: [{\(line), aliases: [\"热合什\"]}, A B, C D]}  # them\n"
            ),
            (
                "  - name: w\n    people: # all\n      - {name: A B,\n         aliases: [C D,\n           E F]}",
                "  - name: w\n    people: # all\n      - {name: A B,\n         aliases: [C D,\n           E F]}\n      - \(line)\n"
                    + "        aliases: [\"热合什\"]\n"
            ),
        ])
    func `A person goes to the end of the list, and nothing else changes`(_ before: String, _ after: String) throws {
        try write(Self.start + before)
        let file = try addition().add(Self.person, to: nil)
        #expect(file.hasSuffix("/feeds.yaml"))
        #expect(try text() == Self.start + after)
        let people = try load().watches.flatMap(\.people)
        #expect(people.contains { $0.name.value == "Раеш \"K\"" && $0.aliases.map(\.value) == ["热合什"] })
        // Again, and it is still a configuration.
        _ = try addition().add(PersonSpec(name: Located("X Y")), to: "w")
        #expect(try load().watches.flatMap(\.people).count == people.count + 1)
    }

    @Test(arguments: [
        "  - {name: w, any: [x]}\n", "  - name: w\n    people: A B\n",
        "  - name: w\n    people: &p\n      - A B\n  - name: v\n    people: *p\n",
        "  - name: w\n    people: [A B,\n  C D\n]\n",
    ])
    func `where lines cannot be added, a file of its own is included`(_ watches: String) throws {
        try write(Self.start + watches)
        let before = try load().watches.flatMap(\.people).count
        let file = try addition().add(Self.person, to: nil)
        let after = try load()
        #expect(after.watches.flatMap(\.people).count == before + 1)
        guard file == "people.yaml" else { return }
        #expect(try text().hasPrefix(Self.start + watches))
        // The next one goes to the same watch.
        #expect(try addition().add(PersonSpec(name: Located("X Y")), to: "people") == "people.yaml")
        #expect(try load().watches.count == after.watches.count)
        // And one of a watch of its own.
        #expect(try addition().add(PersonSpec(name: Located("Z Y")), to: "others") == "people.yaml")
        let names = try load().watches.map(\.name)
        #expect(names.contains("people") && names.contains("others") && names.count == after.watches.count + 1)
    }

    @Test func `a watch that is named gets the person`() throws {
        let rest = "  - name: one\n    people:\n      - A B\n  - name: two\n    people:\n      - C D\n"
        try write(Self.start + rest)
        _ = try addition().add(Self.person, to: "two")
        #expect(try load().watches.map(\.people.count) == [1, 2])
    }

    @Test func `what would make the configuration wrong is not added`() throws {
        let whole = Self.start + "  - name: w\n    people:\n      - A B\n"
        try write(whole)
        #expect(throws: FeedAdditions.Fault.self) { _ = try addition().add(PersonSpec(name: Located("123")), to: nil) }
        let refusing = addition { _ in [Issue("no", remedy: "else", at: nil)] }
        #expect(throws: FeedAdditions.Fault.refused([Issue("no", remedy: "else", at: nil)])) {
            _ = try refusing.add(Self.person, to: nil)
        }
        #expect(try text() == whole)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["feeds.yaml"])
    }

    @Test(
        arguments: [
            (
                "feeds:\n  - https://a.example/ # first\n  # last\n",
                "feeds:\n  - https://a.example/ # first\n  - ENTRY  # last\n"
            ),
            ("feeds: [https://a.example/]\n", "feeds: [SHORT, https://a.example/]\n"),
            ("feeds:\r\n- https://a.example/\r\n", "feeds:\r\n- https://a.example/\r\n- ENTRY"),
        ])
    func `A feed goes to the end of the list`(_ before: String, _ after: String) throws {
        let watch = "watch: [{name: w, any: [x]}]\n"
        let hasWide = before.contains("\r\n")
        try write(before + (hasWide ? watch.replacing("\n", with: "\r\n") : watch))
        let file = try addition("imported.yaml").add(Subscription(url: "https://b.example/?a=1#x", name: "B: \"${x}\""))
        #expect(file.hasSuffix("feeds.yaml"))
        let feeds = try load().feeds
        #expect(feeds.map(\.url).sorted() == ["https://a.example/", "https://b.example/?a=1#x"])
        #expect(feeds.compactMap(\.name) == ["B: \"${x}\""])
        let name = "name: \"B: \\\"$${x}\\\"\""
        let end = hasWide ? "\r\n" : "\n"
        let indent = hasWide ? "  " : "    "
        let expected = after.replacing("ENTRY", with: "url: \"https://b.example/?a=1#x\"\(end)\(indent)\(name)\(end)")
            .replacing("SHORT", with: "{url: \"https://b.example/?a=1#x\", \(name)}")
        #expect(try text().hasPrefix(expected))
    }

    @Test func `a feed in a file without a list of feeds goes to a file of its own`() throws {
        try write("watch: [{name: w, any: [x]}]\n")
        #expect(try addition("imported.yaml").add(Subscription(url: "https://b.example/")) == "imported.yaml")
        #expect(try load().feeds.map(\.url) == ["https://b.example/"])
        #expect(try addition("imported.yaml").add(Subscription(url: "https://c.example/")) == "imported.yaml")
        #expect(try load().feeds.map(\.url) == ["https://b.example/", "https://c.example/"])
    }
}
