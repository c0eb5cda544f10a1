import Config
import Foundation
import Model
import Sinks
import TestSupport
import Testing

/// What is declared of the configuration's keys against what the readers do. The JSON Schema is made of the declarations,
/// so it cannot say anything else than the loader does.
@Suite struct DeclarationTests {
    /// One entry of each kind and format, so that every reader runs.
    private static let sinks = [
        "stdout: {group: {}, fallback: {}}", "file: {path: a.jsonl}", "exec: {command: /bin/true}",
        "email: {server: smtp.example.org, from: a@example.org, to: b@example.org}",
        "webhook: {url: 'https://h.example/0'}",
        "webhook: {format: cloudevents, url: 'https://h.example/1'}",
        "webhook: {format: slack, url: 'https://h.example/2'}",
        "webhook: {format: discord, url: 'https://h.example/3'}",
        "webhook: {format: mattermost, url: 'https://h.example/4'}",
        "webhook: {format: teams, url: 'https://h.example/5'}",
        "webhook: {format: telegram, token: 't:t', chat: 1}",
        "webhook: {format: matrix, url: 'https://h.example', token: t, room: r}",
        "webhook: {format: ntfy, topic: t}", "webhook: {format: gotify, url: 'https://h.example', token: t}",
        "webhook: {format: pagerduty, routing_key: k}", "webhook: {format: alertmanager, url: 'https://h.example'}",
        "webhook: {format: template, url: 'https://h.example/6', body: {a: '{{title}}'}}",
    ]

    private func load(
        _ yaml: String, audit: KeyAudit? = nil
    ) throws -> (configuration: Configuration, sinks: SinkSet, issues: [Model.Issue]) {
        let file = try Fixture.temporaryFolder().appendingPathComponent("feeds.yaml")
        try yaml.write(to: file, atomically: true, encoding: .utf8)
        let (loaded, faults) = ConfigLoader.load(file.path, environment: [:], audit: audit)
        var issues = faults
        let configuration = try #require(loaded)
        let set = SinkFactory.make(
            configuration.alerts, watches: Set(configuration.watches.map(\.name)), tags: [],
            tools: SinkTools(
                transport: ScriptedTransport { _ in .failure(.cancelled) }, clock: ManualClock(), colour: false),
            issues: &issues)
        return (configuration, set, issues)
    }

    private static let everything = """
        fetch: {}
        feeds: [{url: 'https://a.example/', name: a}]
        watch: [{name: w, any: [x], people: [{name: A B, near: [x]}]}]
        websub: {callback: 'https://b.example/x'}
        web: {token: 0123456789abcdef}
        alerts:
        \(sinks.map { "  - " + $0 }.joined(separator: "\n"))
        """

    /// All shapes, by way of the keys that hold them.
    private static var shapes: [String: ConfigShape] {
        var found: [String: ConfigShape] = [:]
        func add(_ shape: ConfigShape) {
            guard found.updateValue(shape, forKey: shape.name) == nil else { return }
            for key in shape.keys { add(key.kind) }
        }
        func add(_ kind: ConfigKind) {
            switch kind {
            case .section(let shape), .short(_, or: let shape): add(shape)
            case .list(let element, _): add(element)
            default: break
            }
        }
        for shape in [.file] + SinkKind.shapes { add(shape) }
        return found
    }

    @Test func `what is read is declared, and what is declared is read`() throws {
        let audit = KeyAudit()
        _ = try load(Self.everything, audit: audit)
        #expect(audit.undeclared.sorted() == [])
        let declared = Self.shapes.values.flatMap { shape in
            shape.keys.map { KeyAudit.Use(shape: shape.name, key: $0.name) }
        }
        #expect(Set(declared).subtracting(audit.uses).map(\.description).sorted() == [])
        #expect(audit.uses.subtracting(declared).map(\.description).sorted() == [])
        #expect(declared.count > 120)
    }

    @Test func `a value is read as what it is declared as`() throws {
        let audit = KeyAudit()
        _ = try load(Self.everything, audit: audit)
        func single(_ kind: ConfigKind) -> (any ConfigValue.Type)? {
            switch kind {
            case .value(let type, _): type
            case .word: String.self
            case .list(let element, _): single(element)
            case .short(let kind, or: _): single(kind)
            default: nil
            }
        }
        var compared = 0
        for shape in Self.shapes.values {
            for key in shape.keys {
                let use = KeyAudit.Use(shape: shape.name, key: key.name)
                for type in audit.types[use] ?? [] {
                    let declared = try #require(single(key.kind), "\(use)")
                    #expect(ObjectIdentifier(declared) == ObjectIdentifier(type), "\(use)")
                    compared += 1
                }
            }
        }
        #expect(compared > 80)
    }

    @Test func `each kind of sink is among those that are tried here`() throws {
        let set = try load(Self.everything).sinks
        #expect(set.sinks.count == Self.sinks.count)
        let webhooks = try #require(SinkKind.keys.first { $0.name == "webhook" })
        guard case .variants(let formats) = webhooks.kind else { throw CancellationError() }
        #expect(Self.sinks.count == SinkKind.keys.count - 1 + formats.shapes.count)
        // What is declared of taking several alerts.
        for key in SinkKind.keys {
            guard case .section(let shape) = key.kind else { continue }
            let sink = try #require(set.sinks.first { $0.name.rawValue.hasPrefix(key.name) })
            #expect((shape["group"] != nil) == sink.takesSeveral, "\(key.name)")
        }
        for (word, shape) in formats.shapes {
            let entry = try #require(
                Self.sinks.first { $0.contains("format: \(word),") } ?? (word == "standard" ? Self.sinks[4] : nil))
            let sink = try #require(try load("alerts:\n  - \(entry)\n").sinks.sinks.first)
            #expect((shape["group"] != nil) == sink.takesSeveral, "\(word)")
        }
    }

    /// The places that an entry can have, with a hole for a key.
    private static let places: [(shape: String, yaml: String)] = [
        ("fetch", "fetch: {HOLE}\nfeeds: ['https://a.example/']"),
        ("feed", "feeds: [{HOLE, url: 'https://a.example/'}]"),
        ("person", "watch: [{name: w, people: [{HOLE, name: A B, near: [x]}]}]"),
        ("watch", "watch: [{HOLE, name: w, any: [x]}]"),
        ("websub", "websub: {HOLE, callback: 'https://b.example/x'}"),
        ("web", "web: {HOLE, token: 0123456789abcdef}"),
        ("feeds.yaml", "HOLE"),
        ("sink", "alerts: [{file: {HOLE, path: a}}]"),
        ("group", "alerts: [{webhook: {format: ntfy, topic: t, group: {HOLE}}}]"),
        ("fallback", "alerts: [{file: {path: a, fallback: {HOLE, to: stdout}}}, stdout]"),
        ("stdout", "alerts: [{stdout: {HOLE}}]"), ("file", "alerts: [{file: {HOLE, path: a}}]"),
        ("exec", "alerts: [{exec: {HOLE, command: /bin/true}}]"),
        ("email", "alerts: [{email: {HOLE, server: s.example, from: a@example.org, to: b@example.org}}]"),
        ("webhook", "alerts: [{webhook: {HOLE, url: 'https://h.example/'}}]"),
        ("webhook cloudevents", "alerts: [{webhook: {HOLE, format: cloudevents, url: 'https://h.example/'}}]"),
        ("webhook telegram", "alerts: [{webhook: {HOLE, format: telegram, token: 't:t', chat: 1}}]"),
        ("webhook ntfy", "alerts: [{webhook: {HOLE, format: ntfy, topic: t}}]"),
        ("webhook pagerduty", "alerts: [{webhook: {HOLE, format: pagerduty, routing_key: k}}]"),
        ("webhook alertmanager", "alerts: [{webhook: {HOLE, format: alertmanager, url: 'https://h.example/'}}]"),
        (
            "webhook template",
            "alerts: [{webhook: {HOLE, format: template, url: 'https://h.example/', body: ['{{id}}']}}]"
        ),
    ]

    /// A default that the schema shows, and another one that the program has, would mislead.
    @Test func `a default that is written out changes nothing`() throws {
        let places = Dictionary(uniqueKeysWithValues: Self.places.map { ($0.shape, $0.yaml) })
        var compared = 0
        for shape in Self.shapes.values {
            for key in shape.keys {
                guard let usual = key.usual else { continue }
                let yaml = try #require(places[shape.name], "\(shape.name) has defaults, and no place here")
                func picture(_ value: String) throws -> [String] {
                    let hole = yaml.replacing("HOLE", with: "\(key.name): \(value)")
                    let (configuration, set, issues) = try load(hole)
                    #expect(issues.filter { $0.severity == .error }.map { "\($0)" } == [], "\(hole)")
                    // What an address that is written hides in messages is more than what a usual one does.
                    if key.name == "url" { return set.sinks.map(\.name.rawValue) }
                    var text = ""
                    var loaded = configuration
                    loaded.alerts = []
                    dump(loaded, to: &text)
                    for sink in set.sinks { dump(sink, to: &text) }
                    dump(set.paces.values.sorted { "\($0)" < "\($1)" }, to: &text)
                    dump(set.routes.map { "\($0)" }, to: &text)
                    // Sets have no order, and files have names of their own.
                    return text.replacing(/[^ "]*tocsin-tests[^ "]*\//, with: "").replacing(
                        /\ #[0-9]+|0x[0-9a-f]+/, with: ""
                    )
                    .replacing(/[0-9A-F-]{36}/, with: "FOLDER")
                    .split(separator: "\n").map(String.init).sorted()
                }
                let value = key.kind.isText ? "'\(usual)'" : usual
                // As wide, so that what stands behind it stands where it stood.
                let nothing = String(repeating: " ", count: value.count)
                let (written, unwritten) = (try picture(value), try picture(nothing))
                let difference = Set(written).symmetricDifference(unwritten).sorted()
                #expect(written == unwritten, "\(shape.name): \(key.name) \(difference)")
                compared += 1
            }
        }
        #expect(compared > 25)
    }

    @Test func `the words and examples of a type are its values, and match its pattern`() throws {
        let types: [any ConfigValue.Type] = [
            Bool.self, Int.self, Duration.self, Backlog.self, Severity.self, PersonSpec.Strictness.self,
            EncodingLabel.self, ByteSize.self, DailyTime.self, DailyWindow.self, DigestTimes.self, MessageRate.self,
            HeartbeatPlan.self, CallbackListen.self, PageListen.self, StandardOutputSink.Format.self,
        ]
        for type in types {
            switch type.form {
            case .words(let words, _): for word in words { #expect(type.init(configText: word) != nil) }
            case .pattern(let pattern, let examples, _):
                let whole = try Regex("^(\(pattern))$")
                for example in examples {
                    #expect(type.init(configText: example) != nil && example.wholeMatch(of: whole) != nil, "\(example)")
                }
            default: break
            }
        }
        // What the loader takes, an editor must not complain about.
        let written: [(any ConfigValue.Type, [String])] = [
            (Duration.self, ["0s", "1500ms", "2W", "1h30m"]), (ByteSize.self, ["1", "20 MB", "1GiB", "5k"]),
            (DailyWindow.self, ["22:00 - 7:00", "22:00–07:00 UTC"]), (MessageRate.self, ["1 / s", "5/1h30m"]),
            (DigestTimes.self, ["Hourly", "weekly mon 7:00", "daily 07:00 America/Argentina/Ushuaia"]),
            (HeartbeatPlan.self, ["Daily 7:00", "1d12h"]),
            (PageListen.self, ["localhost:1", "[fe80::1%1]:65535"]),
            (Backlog.self, ["all", "2w"]),
        ]
        for (type, texts) in written {
            guard case .pattern(let pattern, _, _) = type.form else { throw CancellationError() }
            let whole = try Regex("^(\(pattern))$")
            for text in texts {
                #expect(type.init(configText: text) != nil, "\(type) \(text)")
                #expect(text.wholeMatch(of: whole) != nil, "\(type) \(text)")
            }
        }
    }

    @Test func `the shipped schema is what the program prints`() throws {
        let file = Fixture.repository.appendingPathComponent("Examples/feeds.schema.json")
        let text = ConfigSchema.document(sinks: SinkKind.keys)
        if ProcessInfo.processInfo.environment["TOCSIN_GOLDEN"] == "rewrite" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)))
    }
}

extension ConfigKind {
    fileprivate var isText: Bool {
        switch self {
        case .value(let type, _): type == String.self
        case .word: true
        default: false
        }
    }
}
