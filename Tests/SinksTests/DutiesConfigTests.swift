import Config
import Foundation
import Model
import Sinks
import TestSupport
import Testing

/// `fallback:` and `heartbeat:` of a sink.
@Suite struct DutiesConfigTests {
    private func set(_ alerts: String) throws -> (set: SinkSet, faults: [String]) {
        let folder = try Fixture.temporaryFolder()
        let file = folder.appendingPathComponent("feeds.yaml")
        try "alerts:\n\(alerts)\n".write(to: file, atomically: true, encoding: .utf8)
        let (loaded, _) = ConfigLoader.load(file.path, environment: [:])
        var issues: [Model.Issue] = []
        let tools = SinkTools(
            transport: ScriptedTransport { _ in .failure(.cancelled) }, clock: ManualClock(), colour: false)
        let set = SinkFactory.make(loaded?.alerts ?? [], watches: [], tags: [], tools: tools, issues: &issues)
        return (set, issues.map { "\($0)".replacingOccurrences(of: folder.path + "/", with: "") })
    }

    @Test func `a fallback is a name, or a name and a time`() throws {
        let (set, faults) = try set(
            """
              - stdout: {name: a, fallback: b}
              - file: {name: b, path: b.jsonl, fallback: {to: c, after: 2h}, heartbeat: daily 07:00 Asia/Almaty}
              - file: {name: c, path: c.jsonl, heartbeat: 24h}
            """)
        #expect(faults.isEmpty)
        #expect(set.routes[0].fallback == SinkFallback(to: SinkName("b"), after: .seconds(900)))
        #expect(set.routes[1].fallback == SinkFallback(to: SinkName("c"), after: .seconds(7200)))
        #expect(set.routes[1].heartbeat == DailyTime("07:00 Asia/Almaty").map(HeartbeatPlan.daily))
        #expect(set.routes[2].heartbeat == .every(.seconds(86_400)))
        #expect(set.routes[2].fallback == nil && set.routes[0].heartbeat == nil)
    }

    @Test(arguments: [
        (
            "  - stdout: {name: a, fallback: bb}\n  - file: {name: bbb, path: x}",
            "feeds.yaml:2:33: no sink is called 'bb'; did you mean 'bbb'?"
        ),
        ("  - stdout: {name: a, fallback: zzz}", "feeds.yaml:2:33: no sink is called 'zzz'; add one"),
        (
            "  - stdout: {name: a, fallback: a}",
            "feeds.yaml:2:33: the sink 'a' is its own fallback; name another sink, or remove one of them"
        ),
        (
            "  - stdout: {name: a, fallback: b}\n  - file: {name: b, path: x, fallback: {to: c}}\n"
                + "  - file: {name: c, path: y, fallback: b}",
            "feeds.yaml:3:45: fallbacks lead in a circle: b → c → b; name another sink, or remove one of them"
        ),
        (
            "  - stdout: {name: a, fallback: {after: 15m}}",
            "feeds.yaml:2:34: a 'fallback' without a 'to'; write it as 'to: NAME' of a sink"
        ),
        (
            "  - stdout: {name: a, fallback: {to: b, after: 5s}}\n  - file: {name: b, path: x}",
            "feeds.yaml:2:48: 'after' is out of bounds; it takes 1m to 2d"
        ),
        (
            "  - stdout: {heartbeat: daily at seven}",
            "feeds.yaml:2:25: 'heartbeat' cannot be 'daily at seven'; it takes 'daily 07:00 Asia/Almaty', or a duration "
                + "from 10m to 31d such as 24h"
        ),
        (
            "  - stdout: {heartbeat: 1m}",
            "feeds.yaml:2:25: 'heartbeat' cannot be '1m'; it takes 'daily 07:00 Asia/Almaty', or a duration from 10m "
                + "to 31d such as 24h"
        ),
    ])
    func `a fault is told once, with its place`(_ alerts: String, _ fault: String) throws {
        #expect(try set(alerts).faults == [fault])
    }
}
