import Config
import Foundation
import Model
import Sinks
import TestSupport
import Testing

/// Sinks made from a configuration, alerts for them, and what they send.
enum FormatLab {
    static let now = Date(timeIntervalSince1970: 1_614_265_330)
    static let secret = "whsec_yOMWYdnFG40tlkoJnRcnccrxVv7AY4aW"
    /// Stands in every place of a configuration that may not be shown.
    static let token = "s3cretS3CRETs3cret"

    struct Format: Sendable, CustomTestStringConvertible {
        var name: String
        /// The keys of its webhook.
        var keys: String
        /// What its receiver says when it has taken an alert.
        var thanks: (status: Int, body: String)
        var testDescription: String { name }
    }

    static let formats: [Format] = [
        Format(name: "standard", keys: "url: 'https://h.example/\(token)', secret: \(secret)", thanks: (204, "")),
        Format(name: "cloudevents", keys: "url: 'https://h.example/\(token)'", thanks: (204, "")),
        Format(name: "slack", keys: "url: 'https://h.example/services/\(token)'", thanks: (200, "ok")),
        Format(
            name: "discord", keys: "url: 'https://h.example/api/webhooks/1/\(token)'", thanks: (200, #"{"id":"1"}"#)),
        Format(name: "mattermost", keys: "url: 'https://h.example/hooks/\(token)'", thanks: (200, "ok")),
        Format(name: "teams", keys: "url: 'https://h.example/w?sig=\(token)'", thanks: (202, "")),
        Format(
            name: "telegram", keys: "token: '7:\(token)', chat: -100123",
            thanks: (200, #"{"ok":true,"result":{"message_id":7}}"#)),
        Format(
            name: "matrix", keys: "url: 'https://h.example', token: \(token), room: '!abc:h.example'",
            thanks: (200, #"{"event_id":"$1"}"#)),
        Format(name: "ntfy", keys: "url: 'https://h.example', topic: \(token)", thanks: (200, #"{"id":"x"}"#)),
        Format(name: "gotify", keys: "url: 'https://h.example', token: \(token)", thanks: (200, #"{"id":1}"#)),
        Format(name: "pagerduty", keys: "routing_key: \(token)", thanks: (202, #"{"status":"success"}"#)),
        Format(name: "alertmanager", keys: "url: 'https://h.example'", thanks: (200, "")),
        Format(
            name: "template",
            keys: """
                url: 'https://h.example/\(token)', \
                body: {text: '{{title:200}} {{url}}', level: '{{severity}}', n: 3, on: true, all: ['{{found}}', '{{alert}}']}
                """, thanks: (200, "")),
    ]

    static func format(_ name: String) throws -> Format {
        try #require(formats.first { $0.name == name })
    }

    static func story(title: String? = "Шыңжаңға шақырылған туыстар", url: String? = "https://dala.example/1?a=1&b=2")
        -> Alert
    {
        var alert = Alert(
            id: AlertID("al_7f3c0000000000000000000000000001"), timestamp: Date(timeIntervalSince1970: 1_543_240_800),
            watches: ["family", "camps"], severity: .high,
            matches: [
                Match(
                    watch: "family", kind: .person, pattern: "Zhainar Serikqyzy", field: .content,
                    text: "Жайнар Серікқызы", score: 0.97, context: "…деді *Жайнар Серікқызы* <b>бүгін</b>…"),
                Match(
                    watch: "camps", kind: .term, pattern: "Шыңжаң", field: .title, text: "Шыңжаңға", score: 1,
                    context: ""),
            ],
            item: AlertItem(
                id: "1", url: url, title: title, summary: "Екі отбасы жауап күтеді.",
                published: Date(timeIntervalSince1970: 1_543_233_600), language: "kk", authors: ["A. B."]),
            feed: AlertFeed(url: "https://dala.example/rss", name: "Dala", tags: ["central-asia"]),
            firstSeen: Date(timeIntervalSince1970: 1_543_240_800))
        alert.alsoIn = [AlertFeed(url: "https://b.example/", name: nil, tags: [])]
        return alert
    }

    static var health: Alert {
        Alert(
            id: AlertID("al_7f3c0000000000000000000000000002"), kind: .health,
            timestamp: Date(timeIntervalSince1970: 1_543_240_800), watches: [], severity: .high, matches: [],
            item: AlertItem(
                id: "al_2", url: nil, title: "Dala: it has gone silent",
                summary: "no new item for 3 d; since 2018-11-23T12:00:00Z", published: nil, language: nil, authors: []),
            feed: AlertFeed(url: "https://dala.example/rss?key=k", name: "Dala", tags: []),
            firstSeen: Date(timeIntervalSince1970: 1_542_974_400))
    }

    static func delivery(_ alert: Alert) -> Delivery {
        Delivery(id: .init(alert: alert.id, sink: SinkName("s")), body: alert.json, attempts: 0, firstTry: nil)
    }

    /// The sinks that an `alerts:` list makes, and what is wrong with it.
    static func make(
        _ alerts: String, _ transport: any Transport = ScriptedTransport { _ in .failure(.cancelled) },
        environment: [String: String] = [:], absence: Model.Issue.Severity = .error,
        names: (any WatchedNames)? = nil
    ) throws -> (sinks: [any Sink], issues: [Model.Issue], folder: URL) {
        let folder = try Fixture.temporaryFolder()
        let file = folder.appendingPathComponent("feeds.yaml")
        try "alerts:\n\(alerts)\n".write(to: file, atomically: true, encoding: .utf8)
        let (loaded, faults) = ConfigLoader.load(file.path, environment: environment)
        // That there are no feeds is no matter here.
        var issues = loaded == nil ? faults : []
        var tools = SinkTools(
            transport: transport, clock: ManualClock(now), colour: false, codenames: ["camps": "oak"])
        tools.absence = absence
        tools.watches = ["family": .high, "camps": .normal]
        tools.watchedNames = names
        let set = SinkFactory.make(
            loaded?.alerts ?? [], watches: ["family", "camps"], tags: ["regional"], tools: tools, issues: &issues)
        return (set.sinks, issues, folder)
    }

    struct Sent {
        var outcome: DeliveryOutcome
        var request: FetchRequest
        var bearing = DeliveryReply.Bearing.fault

        /// Told of at once, and tried again all the same.
        var isRefusal: Bool {
            if case .deferred = outcome { bearing == .refusal } else { false }
        }

        var body: [UInt8] {
            switch request.method {
            case .get: []
            case .post(let body), .put(let body): body
            }
        }

        func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(body)) }
    }

    /// One alert through one format.
    static func send(
        _ alert: Alert, _ format: Format, more: String = "", answer: FetchResponse? = nil,
        outside: Delivery.OutsideIDs? = nil, untold: [String] = [], names: (any WatchedNames)? = nil
    ) async throws -> Sent {
        let transport = ScriptedTransport { _ in
            .success(
                answer ?? FetchResponse(status: format.thanks.status, body: Array(format.thanks.body.utf8), url: ""))
        }
        let (sinks, issues, _) = try make(
            "  - webhook: {format: \(format.name), \(format.keys)\(more.isEmpty ? "" : ", " + more)}", transport,
            names: names)
        #expect(issues.isEmpty)
        var delivery = delivery(alert)
        delivery.outside = outside
        delivery.untold = untold
        let reply = await (try #require(sinks.first)).attempt(delivery)
        return Sent(
            outcome: reply.outcome, request: try #require(transport.requests.first), bearing: reply.bearing)
    }

    /// Several alerts as one message.
    static func send(
        together alerts: [Alert], _ format: Format, more: String = "", part: MessagePart? = nil
    ) async throws -> Sent {
        let transport = ScriptedTransport { _ in
            .success(FetchResponse(status: format.thanks.status, body: Array(format.thanks.body.utf8), url: ""))
        }
        let (sinks, issues, _) = try make(
            "  - webhook: {format: \(format.name), \(format.keys)\(more.isEmpty ? "" : ", " + more)}", transport)
        #expect(issues.isEmpty)
        let sink = try #require(sinks.first)
        #expect(sink.takesSeveral)
        let deliveries = alerts.map { alert in
            var delivery = delivery(alert)
            delivery.part = part
            return delivery
        }
        let outcome = await sink.deliver(together: deliveries).outcome
        return Sent(outcome: outcome, request: try #require(transport.requests.first))
    }

    /// As many stories, each with an id, a title and a link of its own.
    static func stories(_ count: Int, title: String = "Story", url: String = "https://dala.example/") -> [Alert] {
        (0..<count).map { number in
            var alert = story(title: "\(title) \(number)", url: "\(url)\(number)")
            let digits = String(number)
            alert.id = AlertID("al_" + String(repeating: "0", count: 32 - digits.count) + digits)
            alert.timestamp += Double(number)
            alert.severity = number % 3 == 0 ? .normal : .high
            return alert
        }
    }

    /// Every text in a JSON value, keys too.
    static func strings(_ value: Any) -> [String] {
        switch value {
        case let text as String: [text]
        case let list as [Any]: list.flatMap(strings)
        case let map as [String: Any]: map.flatMap { [$0.key] + strings($0.value) }
        default: []
        }
    }
}
