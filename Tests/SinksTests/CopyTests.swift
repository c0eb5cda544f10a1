import Foundation
import Model
import Sinks
import TestSupport
import Testing

/// What sinks make of an alert that says again what they have sent.
@Suite struct CopyTests {
    private static let chats = [
        "slack", "discord", "mattermost", "teams", "telegram", "matrix", "ntfy", "gotify", "pagerduty", "alertmanager",
    ]
    private static let first = Delivery.Original(id: AlertID("al_0001"), title: "Relatives *called* to Xinjiang")

    private func send(
        _ format: String, original: Delivery.Original? = first, more: String = ""
    ) async throws -> (text: String, json: Any) {
        let lab = try FormatLab.format(format)
        let transport = ScriptedTransport { _ in
            .success(FetchResponse(status: lab.thanks.status, body: Array(lab.thanks.body.utf8), url: ""))
        }
        let (sinks, _, _) = try FormatLab.make(
            "  - webhook: {format: \(format), \(lab.keys)\(more.isEmpty ? "" : ", " + more)}", transport)
        var alert = FormatLab.story()
        alert.severity = .critical
        alert.duplicateOf = original?.id
        var delivery = FormatLab.delivery(alert)
        delivery.original = original
        #expect(await (try #require(sinks.first)).deliver(delivery) == .delivered)
        let json = try FormatLab.Sent(outcome: .delivered, request: try #require(transport.requests.last)).json()
        // Escapes of the receivers do not matter here.
        let text = FormatLab.strings(json).joined(separator: "\n")
            .replacingOccurrences(of: "\\", with: "").replacingOccurrences(of: "\u{200B}", with: "")
        return (text, json)
    }

    @Test(arguments: chats)
    func `a chat is told in a line which article, and of what it is a copy`(_ format: String) async throws {
        let (text, _) = try await send(format)
        let whole = try await send(format, original: nil).text
        #expect(text.contains("Шыңжаңға шақырылған туыстар"))
        #expect(text.contains("https://dala.example/1?a=1&b=2") || text.contains("https://dala.example/1?a=1&amp;b=2"))
        #expect(text.contains("a copy of “Relatives *called* to Xinjiang”"))
        #expect(text.contains("family"))
        // No quotation once more.
        #expect(whole.contains("бүгін"))
        #expect(!text.contains("бүгін"))
    }

    @Test(arguments: chats)
    func `a chat is told why an alert is there although the like of it is not meant`(_ format: String) async throws {
        var alert = FormatLab.story()
        alert.resemblesDismissed = AlertID("al_0009")
        var ids = Delivery.OutsideIDs(alert: alert.id)
        ids.dismissed = alert.resemblesDismissed
        let sent = try await FormatLab.send(alert, try FormatLab.format(format), outside: ids)
        let text = FormatLab.strings(try sent.json()).joined(separator: "\n").replacingOccurrences(of: "\\", with: "")
        #expect(text.contains("much like one that was marked as not meant"), "\(text)")
        #expect(text.contains("al_0009") && text.contains("бүгін"))
    }

    /// What the first was answered with is kept, and the copy is shown below it.
    @Test func `a copy answers the first where the receiver has said what it calls that`() async throws {
        var known = Self.first
        known.receipt = "41"
        let telegram = try #require(try await send("telegram", original: known).json as? [String: Any])
        let reply = telegram["reply_parameters"] as? [String: Any]
        #expect(reply?["message_id"] as? Int == 41)
        #expect(reply?["allow_sending_without_reply"] as? Bool == true)
        known.receipt = "$abc:h.example"
        let matrix = try #require(try await send("matrix", original: known).json as? [String: Any])
        let relation = matrix["m.relates_to"] as? [String: Any]
        #expect(relation?["rel_type"] as? String == "m.thread")
        #expect(relation?["event_id"] as? String == "$abc:h.example")
        #expect((relation?["m.in_reply_to"] as? [String: Any])?["event_id"] as? String == "$abc:h.example")
        #expect(relation?["is_falling_back"] as? Bool == true)
        for format in Self.chats {
            let (_, json) = try await send(format)
            let keys = FormatLab.strings(json)
            #expect(!keys.contains("reply_parameters") && !keys.contains("m.relates_to"), "\(format)")
        }
    }

    @Test(
        arguments: [
            ("telegram", #"{"ok":true,"result":{"message_id":9007199254740993}}"#, "9007199254740993"),
            ("telegram", #"{"ok":true,"result":{"message_id":"x"}}"#, nil), ("telegram", #"{"ok":true}"#, nil),
            ("matrix", #"{"event_id":"$abc:h.example"}"#, "$abc:h.example"),
            ("matrix", #"{"event_id":"$a\nb"}"#, nil), ("matrix", #"{"event_id":"abc"}"#, nil),
            ("slack", "ok", nil), ("discord", #"{"id":"1"}"#, nil),
        ] as [(String, String, String?)])
    func `what the receiver calls a message is kept`(_ format: String, _ answer: String, _ receipt: String?)
        async throws
    {
        let lab = try FormatLab.format(format)
        let transport = ScriptedTransport { _ in
            .success(FetchResponse(status: 200, body: Array(answer.utf8), url: ""))
        }
        let (sinks, _, _) = try FormatLab.make("  - webhook: {format: \(format), \(lab.keys)}", transport)
        let sink = try #require(sinks.first)
        #expect(await sink.attempt(FormatLab.delivery(FormatLab.story())).memo == receipt)
        let several = await sink.deliver(together: FormatLab.stories(2).map(FormatLab.delivery))
        #expect(several.reply.memo == receipt)
    }

    /// The watch is not configured any more, or has another name now.
    @Test func `a watch keeps the code name that it had when the alert was raised`() async throws {
        let transport = ScriptedTransport { _ in .success(FetchResponse(status: 204, body: [], url: "")) }
        let standard = try FormatLab.format("standard")
        let (sinks, _, _) = try FormatLab.make("  - webhook: {\(standard.keys)}", transport)
        var delivery = FormatLab.delivery(FormatLab.story())
        // 'camps' is called oak now, and was called elm.
        delivery.codenames = ["family": "birch", "camps": "elm"]
        #expect(await (try #require(sinks.first)).deliver(delivery) == .delivered)
        let sent = FormatLab.Sent(outcome: .delivered, request: try #require(transport.requests.last))
        let texts = FormatLab.strings(try sent.json())
        #expect(texts.contains("birch") && texts.contains("oak") && !texts.contains("elm"))
        for word in ["family", "camps", "Zhainar Serikqyzy", "Жайнар Серікқызы"] {
            #expect(!texts.contains { $0.contains(word) && $0 != "Шыңжаңға шақырылған туыстар" }, "\(word)")
        }
    }

    @Test func `it makes as little noise as there is`() async throws {
        func value(_ format: String, _ key: String) async throws -> Any? {
            let json = try await send(format).json
            return ((json as? [[String: Any]])?.first ?? json as? [String: Any])?[key]
        }
        #expect(try await value("ntfy", "priority") as? Int == 2)
        #expect(try await value("gotify", "priority") as? Int == 2)
        #expect(try await value("telegram", "disable_notification") as? Bool == true)
        #expect(try await value("matrix", "msgtype") as? String == "m.notice")
        let payload = try await value("pagerduty", "payload") as? [String: Any]
        #expect(payload?["severity"] as? String == "info")
        // It joins the incident of the first.
        #expect(try await value("pagerduty", "dedup_key") as? String == "al_0001")
        let labels = try await value("alertmanager", "labels") as? [String: Any]
        #expect(labels?["severity"] as? String == "low")
    }

    @Test(arguments: chats)
    func `under the same title it does not say it twice, and a pointer says nothing of it`(_ format: String)
        async throws
    {
        let same = Delivery.Original(id: AlertID("al_0001"), title: "шыңжаңға ШАҚЫРЫЛҒАН туыстар")
        let text = try await send(format, original: same).text
        #expect(text.contains("a copy of what came before"))
        let pointer = try await send(format, more: "disclose: pointer").text
        #expect(!pointer.contains("Relatives") && !pointer.contains("Шыңжаң"))
        #expect(pointer.contains("A copy of an alert"))
    }

    @Test(arguments: ["standard", "cloudevents", "template"])
    func `other programs get all of it, marked`(_ format: String) async throws {
        let (text, json) = try await send(format)
        #expect(text.contains("бүгін"))
        #expect(text.contains("critical"))
        #expect(text.contains("al_0001"))
        guard format != "template" else { return }
        let data = (json as? [String: Any])?["data"] as? [String: Any]
        #expect(data?["duplicate_of"] as? String == "al_0001")
        #expect(data?["severity"] as? String == "critical")
    }

    @Test func `a mail answers the first and is not important`() async throws {
        let transport = ScriptedTransport { _ in .failure(.cancelled) }
        transport.answerMail { _ in .success(MailAnswer(code: 250, text: "OK")) }
        let (sinks, _, _) = try FormatLab.make(
            "  - email: {server: mail.example, from: a@h.example, to: you@h.example}", transport)
        var alert = FormatLab.story(title: "Teachers sentenced")
        alert.duplicateOf = AlertID("al_0001")
        var delivery = FormatLab.delivery(alert)
        delivery.original = Self.first
        #expect(await (try #require(sinks.first)).deliver(delivery) == .delivered)
        let mail = String(decoding: try #require(transport.mails.first).message, as: UTF8.self)
        #expect(mail.contains("\r\nSubject: [also] Teachers sentenced\r\n"))
        #expect(mail.contains("\r\nIn-Reply-To: <al_0001@h.example>\r\n"))
        #expect(!mail.contains("Importance"))
    }

    @Test func `files and stdout have all of it, marked`() throws {
        var alert = FormatLab.story()
        alert.duplicateOf = AlertID("al_0001")
        let text = AlertBlock.text(alert, colour: false)
        #expect(text.contains("● high"))
        #expect(text.contains("бүгін"))
        #expect(text.contains("  a copy of al_0001\n"))
    }
}
