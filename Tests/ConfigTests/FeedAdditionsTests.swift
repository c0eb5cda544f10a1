import Config
import Foundation
import Model
import TestSupport
import Testing

@Suite struct FeedAdditionsTests {
    private let folder: URL

    init() throws {
        folder = try Fixture.temporaryFolder()
    }

    private static let watch = "watch:\n  - {name: w, any: [camp]}   # the watch\n"
    private static let entry = Subscription(url: "https://new.example/rss", name: "New", tags: ["a"])

    private func write(_ text: String, to name: String = "feeds.yaml") throws {
        try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    private func text(_ name: String = "feeds.yaml") throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    private func add(_ entries: [Subscription], list: String = "imported.yaml") throws(FeedAdditions.Fault) {
        try FeedAdditions(configuration: folder.path + "/feeds.yaml", list: list, environment: ["HOME": "/home/x"])
            .add { _ in entries }
    }

    private func load() throws -> Configuration {
        let (configuration, issues) = ConfigLoader.load(folder.path + "/feeds.yaml", environment: ["HOME": "/home/x"])
        #expect(issues.filter { $0.severity == .error }.map { "\($0)" } == [])
        return try #require(configuration)
    }

    @Test(
        arguments: [
            ("", "\ninclude:\n  - \"imported.yaml\"\n"),
            ("include: [x.yaml]   # lists\n", "include: [\"imported.yaml\", x.yaml]   # lists\n"),
            ("include: []\n", "include: [\"imported.yaml\"]\n"),
            ("include:\n", "include:\n  - \"imported.yaml\"\n"),
            ("include: x.yaml # one\n", "include: [x.yaml, \"imported.yaml\"] # one\n"),
            ("include: 'x.yaml' # one\n", "include: ['x.yaml', \"imported.yaml\"] # one\n"),
            ("include: \"x.yaml\"\n", "include: [\"x.yaml\", \"imported.yaml\"]\n"),
            (
                "include:\n    # first\n    - x.yaml # one\n    # last\n",
                "include:\n    # first\n    - x.yaml # one\n    - \"imported.yaml\"\n    # last\n"
            ),
            ("include:\n- x.yaml\n", "include:\n- x.yaml\n- \"imported.yaml\"\n"),
        ])
    func `The list is included, and every other line stays`(_ include: String, _ expected: String) throws {
        try write("feeds: [https://x.example/]\n", to: "x.yaml")
        let rest = "# мои ленты\nfeeds:\n  - https://a.example/rss # first\n" + Self.watch
        try write(rest + include)
        try add([Self.entry])
        #expect(try text() == rest + expected)
        let feeds = try load().feeds
        #expect(feeds.map(\.url).contains("https://new.example/rss"))
        #expect(feeds.map(\.url).contains("https://a.example/rss"))
        #expect(feeds.map(\.url).contains("https://x.example/") == include.contains("x.yaml"))
        #expect(feeds.first { $0.url == "https://new.example/rss" }?.name == "New")
    }

    @Test(arguments: ["", "include:\r\n", "include:\r\n  - x.yaml\r\n", "include: x.yaml\r\n"])
    func `A file of Windows keeps its line ends`(_ include: String) throws {
        try write("feeds: [https://x.example/]\n", to: "x.yaml")
        let rest = "# x\r\nwatch: [{name: w, any: [camp]}]\r\n"
        try write(rest + include)
        try add([Self.entry])
        let edited = try text()
        #expect(edited.hasPrefix(rest))
        #expect(!edited.contains { $0 == "\n" || $0 == "\r" })
        #expect(try load().feeds.map(\.url).contains("https://new.example/rss"))
    }

    @Test func `The next ones go to the end of the list, and what people changed in it stays`() throws {
        try write(Self.watch)
        try add([Self.entry])
        let changed = try text("imported.yaml").replacing("name: \"New\"", with: "name: Mine # mine")
        try write(changed, to: "imported.yaml")
        let main = try text()
        try add([Subscription(url: "https://next.example/rss")])
        #expect(try text() == main)
        #expect(try text("imported.yaml") == changed + "  - url: \"https://next.example/rss\"\n")
        #expect(try load().feeds.compactMap(\.name) == ["Mine"])
    }

    /// A list comes from somebody else: no text of it is structure, or a value of the environment.
    @Test func `Any text arrives as it is`() throws {
        try write(Self.watch)
        let texts = [
            "${HOME}", "$${HOME}", "a: b # c", "\"q\" 'q' \\ \\n", "- x", "ئۇيغۇر", "再教育 😀", "%", "{a}", "*a &b !c",
        ]
        try add(
            texts.enumerated().map { index, text in
                Subscription(url: "https://new.example/\(index)", name: text, tags: [text, "t"])
            })
        let feeds = try load().feeds
        #expect(feeds.map(\.name) == texts)
        #expect(feeds.map(\.tags) == texts.map { [$0, "t"] })
    }

    @Test(
        arguments: [
            "{feeds: [https://a.example/], watch: [{name: w, any: [camp]}]}\n", "watch: [{name: w, any: [x]}]\n...\n",
            "include: &x\n  [a.yaml]\nwatch: [{name: w, any: [x]}]\n",
        ])
    func `Where one line is not enough, nothing is changed`(_ main: String) throws {
        try write("feeds: []\n", to: "a.yaml")
        try write(main)
        #expect(throws: FeedAdditions.Fault.self) { try add([Self.entry]) }
        #expect(try text() == main)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/imported.yaml"))
    }

    @Test func `Feeds that would be a fault are refused, and both files stay`() throws {
        try write("feeds:\n  - {url: https://a.example/, name: New}\n" + Self.watch)
        let before = try text()
        let fault = #expect(throws: FeedAdditions.Fault.self) { try add([Self.entry]) }
        guard case .refused(let issues)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(issues.count == 1)
        #expect(try text() == before)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/imported.yaml"))
    }

    @Test func `Links are followed and permissions stay`() throws {
        try write(Self.watch, to: "real.yaml")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/feeds.yaml", withDestinationPath: folder.path + "/real.yaml")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.path + "/real.yaml")
        try add([Self.entry])
        #expect(try text("real.yaml").contains("imported.yaml"))
        let type = try FileManager.default.attributesOfItem(atPath: folder.path + "/feeds.yaml")[.type]
        #expect(type as? FileAttributeType == .typeSymbolicLink)
        for name in ["real.yaml", "imported.yaml"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640)
        }
    }

    @Test func `A configuration that is not there is an error`() {
        #expect(throws: FeedAdditions.Fault.self) { try add([Self.entry]) }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/imported.yaml"))
    }

    /// What a list has that is new is judged of the configuration as it is then.
    @Test func `two lists that come at once are both there in the end`() throws {
        try write(Self.watch)
        let additions = FeedAdditions(
            configuration: folder.path + "/feeds.yaml", list: "imported.yaml", environment: [:])
        let second = Concurrently {
            try additions.add { now in
                now.feeds.contains { $0.url == Self.entry.url } ? [Subscription(url: "https://next.example/")] : []
            }
        }
        try additions.add { _ in
            second.begin()
            return [Self.entry]
        }
        try second.end()
        #expect(try load().feeds.map(\.url) == [Self.entry.url, "https://next.example/"])
    }
}
