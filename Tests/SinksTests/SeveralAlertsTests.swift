import Foundation
import Model
import TestSupport
import Testing

@testable import Sinks

/// Several alerts as one message.
@Suite struct SeveralAlertsTests {
    /// Those that people read, and Alertmanager, whose body is a list anyway.
    static let formats = FormatLab.formats.filter {
        !["standard", "cloudevents", "pagerduty", "template"].contains($0.name)
    }

    private static var three: [Alert] {
        var second = FormatLab.story(title: "Екінші <b>хабар</b>", url: "https://b.example/2?x=1&y=2")
        second.id = AlertID("al_7f3c0000000000000000000000000003")
        second.severity = .critical
        second.timestamp += 600
        return [FormatLab.story(), FormatLab.health, second]
    }

    @Test(arguments: formats, ["several", "several-pointer"])
    func `Golden body of several alerts`(_ format: FormatLab.Format, _ name: String) async throws {
        let sent = try await FormatLab.send(
            together: Self.three, format, more: name == "several" ? "" : "disclose: pointer")
        #expect(sent.outcome == .delivered)
        let method = if case .put = sent.request.method { "PUT" } else { "POST" }
        let text = "\(method) \(sent.request.url)\n\n\(String(decoding: sent.body, as: UTF8.self))\n"
        try golden(text, "\(format.name)-\(name).http")
        _ = try sent.json()
    }

    @Test(arguments: [("several", ""), ("several-html", ", html: true")])
    func `Golden mail of several alerts`(_ name: String, _ more: String) async throws {
        let mail = try await mail(Self.three, more: more)
        try golden(String(decoding: mail, as: UTF8.self), "email-\(name).eml")
    }

    private func golden(_ text: String, _ name: String) throws {
        let golden = Fixture.folder().appendingPathComponent("formats/\(name)")
        if ProcessInfo.processInfo.environment["TOCSIN_GOLDEN"] == "rewrite" {
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: golden, encoding: .utf8)))
    }

    private func mail(_ alerts: [Alert], more: String = "") async throws -> [UInt8] {
        let transport = ScriptedTransport { _ in .failure(.cancelled) }
        transport.answerMail { _ in .success(MailAnswer(code: 250, text: "OK")) }
        let keys = "server: mail.example:587, from: alerts@h.example, user: u, password: pa55word, to: you@h.example"
        let (sinks, issues, _) = try FormatLab.make("  - email: {\(keys)\(more)}", transport)
        #expect(issues.isEmpty)
        #expect(await sinks[0].deliver(together: alerts.map(FormatLab.delivery)).outcome == .delivered)
        #expect(transport.mails.count == 1)
        return try #require(transport.mails.first).message
    }

    @Test func `a mail of several has an id of its own, the same for the same alerts, and answers their threads`()
        async throws
    {
        func header(_ mail: [UInt8], _ name: String) -> String? {
            String(decoding: mail, as: UTF8.self).components(separatedBy: "\r\n")
                .first { $0.hasPrefix(name + ": ") }?.replacingOccurrences(of: name + ": ", with: "")
        }
        let alerts = FormatLab.stories(3)
        let first = try await mail(alerts)
        let again = try await mail(alerts.reversed())
        let other = try await mail(Array(alerts.prefix(2)))
        #expect(header(first, "Message-ID")?.hasPrefix("<ms_") == true)
        #expect(header(first, "Message-ID") == header(again, "Message-ID"))
        #expect(header(first, "Message-ID") != header(other, "Message-ID"))
        // Each of its stories, whose mails name the same thread; References would put one below the other.
        #expect(header(first, "References") == nil)
        let text = String(decoding: first, as: UTF8.self)
        let answered = text.ranges(of: /<thread\.[0-9a-f]+@h\.example>/).map { String(text[$0]) }
        #expect(Set(answered).count == 3 && answered.count == 3)
        #expect(header(first, "In-Reply-To") == answered.first)
        let pointers = try await mail(alerts, more: ", disclose: pointer")
        #expect(header(pointers, "In-Reply-To") == nil)
        #expect(header(first, "Subject") == "[high] 3 alerts")
        let lines = String(decoding: first, as: UTF8.self).components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 998 })
    }

    @Test(arguments: formats, HostileTitleTests.titles)
    func `each title is nothing but a title`(_ format: FormatLab.Format, _ title: String) async throws {
        var alerts = FormatLab.stories(3)
        for index in alerts.indices {
            alerts[index].item.title = title
            alerts[index].feed.name = title
            alerts[index].watches = ["camps"]
        }
        let sent = try await FormatLab.send(together: alerts, format)
        #expect(sent.outcome == .delivered)
        let raw = String(decoding: sent.body, as: UTF8.self)
        #expect(!raw.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
        let strings = FormatLab.strings(try sent.json())
        for text in strings { try HostileTitleTests().check(text, format, strings) }
    }

    @Test func `markdown in a title of several is shown and not obeyed`() async throws {
        var alerts = FormatLab.stories(2)
        alerts[0].item.title = "[Bank](https://evil.example) **b** ](https://evil.example)"
        for name in ["discord", "mattermost"] {
            let sent = try await FormatLab.send(together: alerts, try FormatLab.format(name))
            let text = FormatLab.strings(try sent.json()).joined(separator: "\n")
            #expect(text.contains(#"\[Bank\]\("#) && text.contains(#"\]\("#))
            // The two links are ours.
            #expect(text.ranges(of: /[^\\]\]\([^\\]/).count == 2, "\(text)")
        }
    }

    @Test(arguments: formats, ["title", "pointer"])
    func `what is not disclosed of each is nowhere`(_ format: FormatLab.Format, _ disclose: String) async throws {
        let sent = try await FormatLab.send(
            together: [FormatLab.story()] + FormatLab.stories(2, title: "Басқа"), format,
            more: "disclose: \(disclose)")
        let text = FormatLab.strings(try sent.json()).joined(separator: " ").replacingOccurrences(of: "\\", with: "")
        for word in ["Zhainar", "Жайнар", "Екі отбасы", "camps"] { #expect(!text.contains(word), "\(word)") }
        if disclose == "pointer" {
            for word in ["Шыңжаң", "Басқа", "dala", "Dala", "family", "oak"] {
                #expect(!text.contains(word), "\(word)")
            }
            for id in ["al_7f3c0000000000000000000000000001", "al_00000000000000000000000000000001"] {
                #expect(text.contains(id))
            }
        } else {
            for word in ["Шыңжаңға шақырылған туыстар", "Басқа 1", "oak"] { #expect(text.contains(word), "\(word)") }
        }
    }

    /// What a receiver counts, with few and many alerts, short and long.
    @Test(arguments: formats, [2, 20, 200])
    func `limits are kept, links are whole, and what does not fit is counted`(
        _ format: FormatLab.Format, _ count: Int
    ) async throws {
        let titles = [
            "T", "Ұзақ тақырып " + String(repeating: "新疆", count: 60), String(repeating: "👩‍👩‍👧‍👦\"<&*", count: 60),
        ]
        let addresses = ["https://h.example/", "https://h.example/" + String(repeating: "&a=1", count: 480)]
        for title in titles {
            for address in addresses {
                let sent = try await FormatLab.send(
                    together: FormatLab.stories(count, title: title, url: address), format)
                let json = try sent.json()
                let texts = FormatLab.strings(json).joined(separator: "\n")
                try checkLimits(format.name, json, sent.body)
                // No address is cut: each ends with the number of its alert.
                let decoded = texts.replacingOccurrences(of: "&amp;", with: "&")
                let start = addresses[1].dropLast(2)
                if address == addresses[1] {
                    for rest in decoded.components(separatedBy: start).dropFirst() {
                        #expect(rest.hasPrefix("=1") && rest.dropFirst(2).first?.isNumber == true)
                    }
                }
                let more = texts.firstMatch(of: /and (\d+) more/).flatMap { Int($0.output.1) } ?? 0
                let ends = decoded.components(separatedBy: "h.example/").dropFirst().map { rest in
                    String(rest.prefix { !"\")>|\n ".contains($0) }.reversed().prefix(while: \.isNumber))
                }
                let shown = Set(ends.filter { !$0.isEmpty })
                let hinted =
                    decoded.replacingOccurrences(of: "\\", with: "")
                    .components(separatedBy: "alerts show al_").count - 1
                if format.name != "alertmanager" {
                    #expect(shown.count + hinted >= count - more, "\(shown.count) \(hinted) \(more)")
                    #expect(more < count)
                    if count <= 20, title == titles[0], address == addresses[0] { #expect(more == 0) }
                }
            }
        }
    }

    private func checkLimits(_ name: String, _ json: Any, _ body: [UInt8]) throws {
        let object = json as? [String: Any] ?? [:]
        func texts(_ value: Any?) -> [String] { FormatLab.strings(value ?? "") }
        switch name {
        case "slack":
            let blocks = try #require(object["blocks"] as? [[String: Any]])
            #expect(blocks.count <= 50)
            for block in blocks {
                let text = (block["text"] as? [String: Any])?["text"] as? String ?? ""
                #expect(text.utf16.count <= (block["type"] as? String == "header" ? 150 : 3000))
                for field in block["fields"] as? [[String: Any]] ?? [] {
                    #expect((field["text"] as? String ?? "").utf16.count <= 2000)
                }
            }
            #expect((object["text"] as? String ?? "").utf16.count <= 3000)
        case "discord":
            let embed = try #require((object["embeds"] as? [[String: Any]])?.first)
            let description = embed["description"] as? String ?? ""
            #expect(description.utf16.count <= 4096)
            let others = [embed["title"], embed["author"], embed["footer"]].flatMap(texts).joined()
            #expect(description.utf16.count + others.utf16.count <= 6000)
        case "mattermost": #expect(texts(json).joined().utf16.count <= 16_383)
        case "teams": #expect(body.count <= 28_000)
        case "telegram":
            let text = try #require(object["text"] as? String)
            #expect(text.utf16.count <= 4096)
            let entities = try #require(object["entities"] as? [[String: Any]])
            #expect(entities.count <= 100)
            for entity in entities {
                let offset = try #require(entity["offset"] as? Int)
                let length = try #require(entity["length"] as? Int)
                #expect(offset + length <= text.utf16.count)
                let words = String(decoding: Array(text.utf16)[offset..<offset + length], as: UTF16.self)
                if entity["type"] as? String == "text_link" { #expect(words == "h.example") }
            }
        case "matrix": #expect(body.count <= 65_536)
        case "ntfy": #expect((object["message"] as? String ?? "").utf8.count <= 4096)
        case "gotify": #expect((object["message"] as? String ?? "").utf8.count <= 4000)
        default: break
        }
    }

    /// Mail has room for all, and Alertmanager takes a list.
    @Test(arguments: formats, [20, 200])
    func `what one message has no room for is in several, each alert whole in one`(
        _ format: FormatLab.Format, _ count: Int
    ) async throws {
        let title = "Ұзақ тақырып " + String(repeating: "新疆", count: 30)
        let alerts = FormatLab.stories(
            count, title: title, url: "https://h.example/" + String(repeating: "a", count: 300) + "/")
        let sink = try #require(
            try FormatLab.make("  - webhook: {format: \(format.name), \(format.keys)}").sinks.first)
        let messages = sink.messages(of: alerts.map(FormatLab.delivery))
        let planned = messages.flatMap(\.self)
        #expect(messages.count <= MessagePart.most && !messages.contains { $0.isEmpty })
        #expect(planned.map(\.id.alert) == alerts.prefix(planned.count).map(\.id))
        #expect(planned.count == count || messages.count == MessagePart.most)
        if format.name == "alertmanager" { return #expect(messages.count == 1) }
        #expect(count == 20 || messages.count > 1)
        for (index, message) in messages.enumerated() {
            let isLast = index == messages.count - 1
            let part = MessagePart(number: index + 1, of: messages.count, rest: isLast ? count - planned.count : 0)
            let sent = try await FormatLab.send(
                together: message.compactMap { Alert(json: $0.body) }, format,
                part: messages.count > 1 ? part : nil)
            try checkLimits(format.name, try sent.json(), sent.body)
            let text = FormatLab.strings(try sent.json()).joined(separator: "\n")
                .replacingOccurrences(of: "\\", with: "")
            #expect(!text.contains("'tocsin alerts' lists them"))
            #expect(messages.count == 1 || text.contains("\(index + 1)/\(messages.count)"))
            if part.rest > 0 { #expect(text.contains("\(part.rest) more with the next message")) }
            for delivery in message {
                let item = try #require(Alert(json: delivery.body)?.item)
                #expect(text.contains(item.title ?? "?"))
                #expect(text.contains(item.url ?? "?"))
            }
        }
    }

    @Test func `the most severe stands first, whatever its place`() async throws {
        var alerts = FormatLab.stories(100, title: String(repeating: "x", count: 300))
        alerts[99].severity = .critical
        alerts[99].item.title = "The one"
        let sent = try await FormatLab.send(together: alerts, try FormatLab.format("ntfy"))
        let json = try #require(try sent.json() as? [String: Any])
        let message = try #require(json["message"] as? String)
        #expect(message.split(separator: "\n").first { $0.hasPrefix("•") }?.contains("The one") == true)
        #expect(json["title"] as? String == "100 alerts")
        #expect(json["priority"] as? Int == 5)
        #expect(message.contains("more; 'tocsin alerts' lists them"))
    }

    @Test func `Alertmanager gets each alert as one`() async throws {
        let sent = try await FormatLab.send(together: FormatLab.stories(3), try FormatLab.format("alertmanager"))
        let list = try #require(try sent.json() as? [[String: Any]])
        #expect(Set(list.compactMap { ($0["labels"] as? [String: String])?["alert_id"] }).count == 3)
    }

    @Test func `Matrix names the transaction after the alerts`() async throws {
        let matrix = try FormatLab.format("matrix")
        let first = try await FormatLab.send(together: FormatLab.stories(3), matrix)
        let again = try await FormatLab.send(together: FormatLab.stories(3), matrix)
        let other = try await FormatLab.send(together: FormatLab.stories(4), matrix)
        #expect(first.request.url.contains("/m.room.message/ms_"))
        #expect(first.request.url == again.request.url && first.request.url != other.request.url)
    }

    @Test func `an alert that cannot be read is not among those that arrived`() async throws {
        for keys in ["webhook: {format: slack, url: 'https://h.example/x'}", "email: {server: h, from: a@b, to: c@d}"] {
            let (sinks, _, _) = try FormatLab.make("  - \(keys)")
            var deliveries = FormatLab.stories(2).map(FormatLab.delivery)
            deliveries[1].body = Array("{}".utf8)
            let outcome = await sinks[0].deliver(together: deliveries)
            #expect(outcome == MessageOutcome(.refused(reason: "an alert in the state cannot be read")))
        }
    }

    @Test(arguments: [(400, true), (413, true), (401, false), (403, false), (404, false)])
    func `a refusal is for one of them, or for us`(_ status: Int, _ isForOne: Bool) async throws {
        let transport = ScriptedTransport { _ in .success(FetchResponse(status: status, url: "")) }
        let (sinks, _, _) = try FormatLab.make("  - webhook: {format: slack, url: 'https://h.example/x'}", transport)
        let answer = await sinks[0].deliver(together: FormatLab.stories(2).map(FormatLab.delivery))
        // Tried again all the same, whole or in pieces.
        guard case .deferred = answer.outcome, answer.reply.bearing == .refusal else { throw CancellationError() }
        #expect(answer.mayBeForOne == isForOne)
    }

    @Test func `a mail that one recipient took is parted for the others alone`() async throws {
        let transport = ScriptedTransport { _ in .failure(.cancelled) }
        transport.answerMail { mail in
            .success(MailAnswer(code: mail.recipient == "c@d" ? 250 : 550, text: "no"))
        }
        let (sinks, _, _) = try FormatLab.make("  - email: {server: h, from: a@b, to: [c@d, e@f]}", transport)
        var deliveries = FormatLab.stories(2).map(FormatLab.delivery)
        let answer = await sinks[0].deliver(together: deliveries)
        #expect(answer.mayBeForOne && answer.outcome != .delivered)
        for index in deliveries.indices { deliveries[index].memo = answer.reply.memo }
        _ = await sinks[0].attempt(deliveries[0])
        #expect(transport.mails.map(\.recipient) == ["c@d", "e@f", "e@f"])
    }

    @Test(arguments: [(554, true), (535, false)])
    func `a mail server refuses one of them, or our login`(_ code: Int, _ isForOne: Bool) async throws {
        let transport = ScriptedTransport { _ in .failure(.cancelled) }
        transport.answerMail { _ in .success(MailAnswer(code: code, text: "no")) }
        let (sinks, _, _) = try FormatLab.make("  - email: {server: h, from: a@b, to: c@d}", transport)
        let answer = await sinks[0].deliver(together: FormatLab.stories(2).map(FormatLab.delivery))
        guard case .refused = answer.outcome else { throw CancellationError() }
        #expect(answer.mayBeForOne == isForOne)
    }
}
