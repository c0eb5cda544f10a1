import Config
import Foundation
import Model
import Sinks
import TestSupport
import Testing

/// `group`, `digest`, `quiet`, `rate` and `gap` as they are read.
@Suite struct PaceConfigTests {
    private static let slack = "webhook: {format: slack, url: 'https://h.example/x'"

    private func read(_ sink: String) throws -> (pace: SinkPace?, issues: [Model.Issue]) {
        let folder = try Fixture.temporaryFolder()
        let file = folder.appendingPathComponent("feeds.yaml")
        try "alerts:\n  - \(sink)\n".write(to: file, atomically: true, encoding: .utf8)
        let (loaded, faults) = ConfigLoader.load(file.path, environment: [:])
        var issues = loaded == nil ? faults : []
        let set = SinkFactory.make(
            loaded?.alerts ?? [], watches: [], tags: [],
            tools: SinkTools(
                transport: ScriptedTransport { _ in .failure(.cancelled) }, clock: ManualClock(), colour: false),
            issues: &issues)
        return (set.sinks.first.flatMap { set.paces[$0.name] }, issues.filter { $0.severity == .error })
    }

    @Test func `a pace is read`() throws {
        #expect(try read("\(Self.slack)}").pace == SinkPace(gap: .seconds(1)))
        #expect(
            try read("\(Self.slack), group: {}}").pace
                == SinkPace(group: .init(wait: .seconds(30), max: 20), gap: .seconds(1)))
        let (pace, issues) = try read(
            "\(Self.slack), group: {wait: 2m, max: 50}, quiet: 22:00-07:00 Asia/Almaty, rate: 30/h, gap: 1500ms}")
        #expect(issues.isEmpty)
        #expect(pace?.group == .init(wait: .seconds(120), max: 50))
        #expect(pace?.quiet == DailyWindow("22:00-07:00 Asia/Almaty"))
        #expect(pace?.rate == MessageRate(count: 30, window: .seconds(3600)))
        #expect(pace?.gap == .milliseconds(1500))
        #expect(try read("\(Self.slack), digest: weekly monday 7:00 UTC}").pace?.digest != nil)
        let rates = ["5/10m": 600, "100/d": 86_400, " 1 / s": 1]
        for (text, window) in rates {
            #expect(try read("\(Self.slack), rate: '\(text)'}").pace?.rate?.window == .seconds(window))
        }
    }

    @Test func `a receiver that bans who is fast is not sent more than it takes, unless somebody says so`() throws {
        for (format, gap) in ["slack": 1000, "telegram": 1000, "discord": 500, "teams": 300, "mattermost": 0] {
            let keys = try FormatLab.format(format).keys
            let usual = try read("webhook: {format: \(format), \(keys)}").pace
            #expect(usual?.gap ?? .zero == .milliseconds(gap), "\(format)")
            #expect(try read("webhook: {format: \(format), \(keys), gap: 0s}").pace == nil)
            #expect(try read("webhook: {format: \(format), \(keys), gap: 7s}").pace?.gap == .seconds(7))
        }
    }

    @Test(arguments: [
        "stdout: {", "stdout: {format: json, ", "file: {path: a.jsonl, ", "exec: {command: [/bin/true], ",
        "webhook: {url: 'https://h.example/x', ", "webhook: {format: cloudevents, url: 'https://h.example/x', ",
        "webhook: {format: pagerduty, routing_key: k, ",
        "webhook: {format: template, url: 'https://h.example/x', body: {a: b}, ",
    ])
    func `where a program reads each alert there are no groups, but the rest`(_ sink: String) throws {
        for key in ["group: {wait: 30s}", "digest: hourly"] {
            let issues = try read("\(sink)\(key)}").issues
            let name = key.prefix { $0 != ":" }
            #expect(
                issues.map { "\($0.fault); \($0.remedy)" } == [
                    "'\(name)' cannot be here: this takes an alert at a time; "
                        + "remove it; 'quiet', 'rate' and 'gap' can be"
                ])
            #expect(issues.allSatisfy { $0.location != nil })
        }
        let (pace, issues) = try read("\(sink)quiet: 22:00-07:00 UTC, rate: 30/h, gap: 1s}")
        #expect(issues.isEmpty && pace?.quiet != nil && pace?.rate != nil && pace?.gap == .seconds(1))
    }

    @Test(arguments: [
        ("group: {wait: 0s}", "'wait' is out of bounds; it takes 1s to 1h"),
        ("group: {max: 1}", "'max' is out of bounds; it takes 2 to 200"),
        ("group: {max: 201}", "'max' is out of bounds; it takes 2 to 200"),
        ("group: {wiat: 1m}", "unknown key 'wiat'; did you mean 'wait'?"),
        ("group: 30s", "'group' is a single value; write it as 'key: value' pairs"),
        (
            "digest: 07:00 Asia/Almaty",
            "'digest' cannot be '07:00 Asia/Almaty'; "
                + "it takes hourly, daily 07:00 Asia/Almaty or weekly monday 07:00 Asia/Almaty"
        ),
        (
            "quiet: 22-7",
            "'quiet' cannot be '22-7'; it takes two times of the day and a place of the time zone database, "
                + "such as 22:00-07:00 Asia/Almaty"
        ),
        (
            "quiet: 22:00-07:00 Almaty",
            "'quiet' cannot be '22:00-07:00 Almaty'; it takes two times of the day and a place of the time zone "
                + "database, such as 22:00-07:00 Asia/Almaty"
        ),
        ("rate: 30", "'rate' cannot be '30'; it takes a number of messages and a time, such as 30/h or 5/10m"),
        ("rate: 0/h", "'rate' cannot be '0/h'; it takes a number of messages and a time, such as 30/h or 5/10m"),
        ("gap: 2h", "'gap' is out of bounds; it takes 0s to 1h"),
        (
            "group: {}, digest: hourly",
            "both 'group' and 'digest' are given; remove 'group': a digest is one message anyway"
        ),
        ("digset: hourly", "unknown key 'digset'; did you mean 'digest'?"),
    ])
    func `a fault of a pace is told with its remedy`(_ keys: String, _ message: String) throws {
        let issues = try read("\(Self.slack), \(keys)}").issues
        #expect(issues.map { "\($0.fault); \($0.remedy)" } == [message])
        #expect(issues.allSatisfy { $0.location != nil })
    }
}
