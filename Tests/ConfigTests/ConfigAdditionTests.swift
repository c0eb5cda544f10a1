import Config
import Foundation
import Model
import Synchronization
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
                "  - {name: w, people: [A B, C D, {\(line), aliases: [\"热合什\"]}]}  # them\n"
            ),
            (
                "  - name: w\n    people: [ 'A ]''B', \"C \\\"] D\", {name: E's F, aliases: [\"# F\", G]}, # one, two]\n"
                    + "      I#J\n      H K, # the last\n      ] # them\n",
                "  - name: w\n    people: [ 'A ]''B', \"C \\\"] D\", {name: E's F, aliases: [\"# F\", G]}, # one, two]\n"
                    + "      I#J\n      H K, {\(line), aliases: [\"热合什\"]} # the last\n      ] # them\n"
            ),
            (
                "  - name: w\n    people: # all\n      - {name: A B,\n         aliases: [C D,\n           E F]}",
                "  - name: w\n    people: # all\n      - {name: A B,\n         aliases: [C D,\n           E F]}\n      - \(line)\n"
                    + "        aliases: [\"热合什\"]\n"
            ),
        ])
    func `A person goes to the end of the list, and nothing else changes`(_ before: String, _ after: String) throws {
        try write(Self.start + before)
        let file = try #require(try addition().add(Self.person, to: nil))
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

    /// Conditions of a watch hold for whoever is added to it, too.
    @Test(arguments: ["all: [x]", "feeds: [f]", "languages: [ru]", "severity: low", "none: [x]"])
    func `a watch that asks for more is not the one that a person goes to`(_ condition: String) throws {
        let whole =
            "feeds: [{url: https://a.example/, name: f}]\nwatch:\n  - name: w\n    people: [A B]\n    \(condition)\n"
        try write(whole)
        #expect(try addition().add(Self.person, to: nil) == "people.yaml")
        let watches = try load().watches
        #expect(watches.first { $0.name == "w" }?.people.count == 1)
        #expect(watches.first { $0.name == "people" }?.people.map(\.name.value) == ["Раеш \"K\""])
        // Who names it wants it.
        #expect(try addition().add(PersonSpec(name: Located("C D")), to: "w")?.hasSuffix("feeds.yaml") == true)
    }

    @Test(
        arguments: [
            ("- A B  # her", "- name: A B  # her\n        aliases: [\"X\", \"Y Z\"]"),
            ("- \"A B\"", "- name: \"A B\"\n        aliases: [\"X\", \"Y Z\"]"),
            ("- {name: A B, match: strict} # her", "- {aliases: [\"X\", \"Y Z\"], name: A B, match: strict} # her"),
            ("- {name: A B, aliases: [C]} # her", "- {name: A B, aliases: [C, \"X\", \"Y Z\"]} # her"),
            (
                "- match: strict\n        name: A B # her\n        # the end",
                "- match: strict\n        name: A B # her\n        aliases: [\"X\", \"Y Z\"]\n        # the end"
            ),
            (
                "- name: A B\n        aliases:\n          - X # known\n        match: strict",
                "- name: A B\n        aliases:\n          - X # known\n          - \"Y Z\"\n        match: strict"
            ),
        ])
    func `a person who is there gets the spellings that are new`(_ before: String, _ after: String) throws {
        let start = Self.start + "  - name: w\n    people:\n      - C D\n      "
        try write(start + before + "\n      - E F # last\n")
        let more = PersonSpec(name: Located("A B"), aliases: [Located("X"), Located("Y Z"), Located("A B")])
        let file = try #require(try addition().add(more, to: nil))
        #expect(file.hasSuffix("/feeds.yaml"))
        #expect(try text() == start + after + "\n      - E F # last\n")
        #expect(Set(try load().watches[0].people[1].aliases.map(\.value)).isSuperset(of: ["X", "Y Z"]))
        #expect(try addition().add(more, to: nil) == nil)
    }

    @Test func `a person in brackets becomes one in braces`() throws {
        try write(Self.start + "  - {name: w, people: [C D, 'A ''B', \"E F\"]} # them\n")
        let more = PersonSpec(name: Located("A 'B"), aliases: [Located("X")])
        _ = try addition().add(more, to: nil)
        #expect(
            try text() == Self.start
                + "  - {name: w, people: [C D, {name: 'A ''B', aliases: [\"X\"]}, \"E F\"]} # them\n")
    }

    @Test(arguments: [
        "  - name: w\n    people:\n      - name: A B\n        aliases: C D\n",
        "  - name: w\n    people: &p\n      - A B\n  - name: v\n    people: *p\n",
    ])
    func `spellings that cannot be added are named`(_ watches: String) throws {
        try write(Self.start + watches)
        let before = try text()
        let fault = #expect(throws: FeedAdditions.Fault.self) {
            _ = try addition().add(PersonSpec(name: Located("A B"), aliases: [Located("X")]), to: nil)
        }
        guard case .person(name: "A B", aliases: ["X"], at: _)? = fault else {
            throw FeedAdditions.Fault.include(list: "\(fault as Any)")
        }
        #expect(try text() == before)
    }

    @Test(arguments: ["HTTPS://A.example/", "https://a.example", "https://a.example:443/#top", "https://a.example./?"])
    func `a feed is there already, however its address is written`(_ url: String) throws {
        try write(Self.start + "  - {name: w, any: [x]}\n")
        let before = try text()
        #expect(try addition("imported.yaml").add(Subscription(url: url)) == nil)
        #expect(try text() == before)
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
            ("feeds: [https://a.example/]\n", "feeds: [https://a.example/, SHORT]\n"),
            ("feeds:\r\n- https://a.example/\r\n", "feeds:\r\n- https://a.example/\r\n- ENTRY"),
        ])
    func `A feed goes to the end of the list`(_ before: String, _ after: String) throws {
        let watch = "watch: [{name: w, any: [x]}]\n"
        let hasWide = before.contains("\r\n")
        try write(before + (hasWide ? watch.replacing("\n", with: "\r\n") : watch))
        let feed = Subscription(url: "https://b.example/?a=1#x", name: "B: \"${x}\"")
        let file = try #require(try addition("imported.yaml").add(feed))
        #expect(file.hasSuffix("feeds.yaml"))
        #expect(try addition("imported.yaml").add(feed) == nil)
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

    private static let included = "# theirs\nwatch:\n  - name: inc   # the one\n    people:\n      - A B  # her\n"

    /// What of a watch stands in another file is looked for there.
    @Test(arguments: [nil, "inc"])
    func `a person goes to the watch in an included file`(_ watch: String?) throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/lists", withIntermediateDirectories: true)
        try write("include: [more.yaml]\n", to: "lists/some.yaml")
        try write(Self.included, to: "lists/more.yaml")
        let main = "feeds: [https://a.example/]\ninclude: [lists/some.yaml]\nwatch:\n  - {name: w, any: [x]}\n"
        try write(main)
        let file = try #require(try addition().add(Self.person, to: watch))
        #expect(file.hasSuffix("/lists/more.yaml"))
        #expect(try text() == main)
        #expect(try text("lists/more.yaml") == Self.included + "      - \(Self.line)\n        aliases: [\"热合什\"]\n")
        #expect(try load().watches.map(\.people.count) == [2, 0])
        #expect(try addition().add(Self.person, to: watch) == nil)
    }

    @Test func `a watch that cannot be added to is named with its place`() throws {
        try write("watch:\n  - {name: inc, any: [y]}\n", to: "inc.yaml")
        try write(Self.start + "  - {name: w, any: [x]}\ninclude: [inc.yaml]\n")
        let before = try text()
        for (name, file, line) in [("w", "/feeds.yaml", 5), ("inc", "/inc.yaml", 2)] {
            let place = SourceLocation(file: folder.path + file, line: line, column: 12)
            #expect(throws: FeedAdditions.Fault.watch(name: name, at: place)) {
                _ = try addition().add(Self.person, to: name)
            }
        }
        #expect(try text() == before)
    }

    @Test func `a watch of the name 'people' is not made twice`() throws {
        try write(Self.start + "  - {name: people, any: [x]}\n")
        #expect(try addition().add(Self.person, to: nil) == "people.yaml")
        #expect(try load().watches.map(\.name).sorted() == ["people", "people 2"])
    }

    @Test func `a fault of what would be written has no line`() throws {
        try write(Self.start + "  - name: w\n    people:\n      - A B\n")
        let fault = #expect(throws: FeedAdditions.Fault.self) {
            _ = try addition().add(PersonSpec(name: Located("")), to: nil)
        }
        guard case .refused(let issues)? = fault else { throw FeedAdditions.Fault.include(list: "\(fault as Any)") }
        #expect(!issues.isEmpty && issues.allSatisfy { $0.location == nil })
    }

    @Test func `two that are added at once are both there in the end`() throws {
        try write(Self.start + "  - name: w\n    people:\n      - A B\n")
        let second = Concurrently { [self] in _ = try addition().add(PersonSpec(name: Located("C D")), to: nil) }
        let first = addition { _ in
            // It has been read, and is not yet written.
            second.begin()
            return []
        }
        _ = try first.add(Self.person, to: nil)
        try second.end()
        #expect(try load().watches.flatMap(\.people).map(\.name.value).sorted() == ["A B", "C D", "Раеш \"K\""])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["feeds.yaml"])
    }

    @Test func `another change is not waited for without end`() throws {
        try write(Self.start + "  - name: w\n    people:\n      - A B\n")
        let path = folder.path + "/feeds.yaml"
        let impatient = ConfigAddition(
            configuration: path, list: "people.yaml", environment: [:], patience: .zero)
        let first = addition { _ in
            #expect(throws: FeedAdditions.Fault.busy(path: path)) { _ = try impatient.add(Self.person, to: nil) }
            return []
        }
        _ = try first.add(PersonSpec(name: Located("C D")), to: nil)
        #expect(try load().watches.flatMap(\.people).count == 2)
    }
}

/// Something that is begun while something else is under way.
final class Concurrently: Sendable {
    private let body: @Sendable () throws -> Void
    private let outcome = Mutex<Result<Void, any Error>?>(nil)
    private let done = DispatchSemaphore(value: 0)
    private let hasBegun = Mutex(false)

    init(_ body: @escaping @Sendable () throws -> Void) {
        self.body = body
    }

    /// Begins it the first time, and gives it time to end: it is not to be done before the other, which this waits in.
    func begin() {
        let isFirst = hasBegun.withLock { begun in
            defer { begun = true }
            return !begun
        }
        guard isFirst else { return }
        Thread.detachNewThread { [self] in
            let result = Result { try body() }
            outcome.withLock { $0 = result }
            done.signal()
        }
        if done.wait(timeout: .now() + 0.3) == .success { done.signal() }
    }

    func end() throws {
        done.wait()
        try outcome.withLock { try $0?.get() }
    }
}
