import Config
import Foundation
import Model
import TestSupport
import Testing

@Suite struct ConfigLoaderTests {
    private func load(_ yaml: String, _ environment: [String: String] = [:]) throws -> (Configuration, [Model.Issue]) {
        let folder = try Fixture.temporaryFolder()
        let file = folder.appendingPathComponent("feeds.yaml")
        try yaml.write(to: file, atomically: true, encoding: .utf8)
        let (configuration, issues) = ConfigLoader.load(file.path, environment: environment)
        return (try #require(configuration), issues)
    }

    @Test func `every key is read`() throws {
        let (configuration, issues) = try load(
            """
            state: my.db
            fetch: {every: 10m, timeout: 20s, max_body: 5MB, connections: 32, per_host: 1, user_agent: "x/1",
              proxy: "socks5h://127.0.0.1:9050", allow_private_addresses: true}
            feeds:
              - https://a.example/rss
              - {url: "https://b.example/rss", name: B, every: 1h30m, language: kk, tags: [t], headers: {X-Key: "${KEY}"}}
            concepts: {camps: [camp, "=Camp"]}
            watch:
              - name: w
                any: [concept:camps]
                all: Xinjiang
                none: [summer]
                people: [Zhainar Serikqyzy, {name: Raesh, aliases: [热合什], match: strict}]
                query: 'title:a'
                feeds: [t]
                languages: [kk]
                severity: critical
            backlog: all
            alerts: [stdout, {file: {path: a.jsonl}}]
            """, ["KEY": "k"])
        #expect(issues.isEmpty)
        #expect(configuration.state.hasSuffix("/my.db"))
        #expect(configuration.limits.connections == 32)
        #expect(configuration.defaults.every == .seconds(600))
        #expect(configuration.defaults.maxBodyBytes == 5_000_000)
        #expect(configuration.defaults.proxy?.revealed == "socks5h://127.0.0.1:9050")
        #expect(configuration.feeds.map(\.url) == ["https://a.example/rss", "https://b.example/rss"])
        #expect(configuration.feeds[0].policy.perHost == 1)
        #expect(configuration.feeds[1].policy.every == .seconds(5400))
        #expect(configuration.feeds[1].policy.headers.map(\.value.revealed) == ["k"])
        #expect(configuration.concepts.map(\.name) == ["camps"])
        let watch = try #require(configuration.watches.first)
        #expect(watch.all.map(\.value) == ["Xinjiang"])
        #expect(watch.people.map(\.match) == [.normal, .strict])
        #expect(watch.severity == .critical)
        #expect(configuration.backlog == .all)
        #expect(configuration.alerts.map(\.kind.value) == ["stdout", "file"])
    }

    @Test func `what is not said has its default`() throws {
        let (configuration, _) = try load("feeds: [https://a.example/]\nwatch: [{name: w, any: a}]")
        #expect(configuration.state.hasSuffix("/tocsin.db"))
        #expect(configuration.backlog == .newerThan(.seconds(7 * 86_400)))
        #expect(configuration.alerts.map(\.kind.value) == ["stdout"])
        #expect(configuration.defaults == FetchPolicy())
    }

    @Test func `a term has the place of its first letter`() throws {
        let (configuration, _) = try load("watch:\n  - name: w\n    any: [one, \"two\"]\n")
        #expect(configuration.watches.first?.any.map { $0.location?.column } == [11, 17])
    }

    @Test(arguments: [
        ("a ${X}", "a y"), ("${NONE:-z}", "z"), ("${EMPTY:-z}", "z"), ("$${X}", "${X}"), ("${X}${X}", "yy"),
        ("$X", "$X"),
    ])
    func `names are replaced from the environment`(_ text: String, _ expected: String) throws {
        let (configuration, issues) = try load(
            "feeds: [https://a.example/]\nwatch: [{name: w, any: ['\(text)']}]", ["X": "y", "EMPTY": ""])
        #expect(issues.isEmpty)
        #expect(configuration.watches.first?.any.first?.value == expected)
    }

    @Test(
        arguments: [
            ("90s", 90), ("15m", 900), ("1h30m", 5400), ("7d", 604_800), ("2w", 1_209_600),
        ] as [(String, Int64)])
    func `durations are read`(_ text: String, _ seconds: Int64) {
        #expect(DurationText.duration(text) == .seconds(seconds))
    }

    @Test(arguments: ["", "5", "m", "-5m", "5 m", "1e9s", "99999999999d", "5x"])
    func `what is no duration is none`(_ text: String) {
        #expect(DurationText.duration(text) == nil)
    }

    @Test(arguments: [("500kB", 500_000), ("20MB", 20_000_000), ("1KiB", 1024), ("12", 12)])
    func `sizes are read`(_ text: String, _ bytes: Int) {
        #expect(ByteSize(configText: text)?.bytes == bytes)
    }

    @Test(arguments: [("evry", "every"), ("quey", "query"), ("alret", nil), ("zzz", nil)] as [(String, String?)])
    func `the nearest key is found`(_ word: String, _ nearest: String?) {
        #expect(NearestKey.nearest(to: word, among: ["every", "query", "feeds"]) == nearest)
    }

    @Test func `a hundred thousand terms are read`() throws {
        let terms = (0..<100_000).map { "      - term\($0)" }.joined(separator: "\n")
        let (configuration, issues) = try load("feeds: [https://a.example/]\nwatch:\n  - name: w\n    any:\n\(terms)\n")
        #expect(issues.isEmpty)
        #expect(configuration.watches.first?.any.count == 100_000)
    }

    @Test func `aliases cannot multiply without end`() throws {
        var yaml = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1..<10 {
            let refs = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
            yaml += "a\(level): &a\(level) [\(refs)]\n"
        }
        let folder = try Fixture.temporaryFolder()
        let file = folder.appendingPathComponent("feeds.yaml")
        try yaml.write(to: file, atomically: true, encoding: .utf8)
        let (configuration, issues) = ConfigLoader.load(file.path, environment: [:])
        #expect(configuration == nil)
        #expect(issues.count == 1)
    }
}
