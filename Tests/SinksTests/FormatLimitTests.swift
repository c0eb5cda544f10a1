import Foundation
import Model
import TestSupport
import Testing

@testable import Sinks

/// Limits are kept in what the receiver counts, at every length, and nothing is cut through.
@Suite struct FormatLimitTests {
    private static let alphabets: [String] = [
        "x", "é", "ж", "ئۇ", "新", "𠮷", "👩‍👩‍👧‍👦", "🇰🇿", "e\u{0301}\u{0302}", "\"", "<", "*", "&", "@", " x",
    ]

    private static let lengths = [0, 1, 2, 149, 150, 151, 256, 257, 1024, 1025, 4500]

    private func alert(_ unit: String, _ length: Int) -> Alert {
        let text = String(repeating: unit, count: length)
        var alert = FormatLab.story(title: text)
        alert.item.summary = text
        alert.feed.name = text
        alert.watches = ["camps", String(text.prefix(3000))]
        alert.matches = (0..<8).map { number in
            Match(
                watch: "camps", kind: .term, pattern: unit, field: .content, text: "\(number)\(unit)", score: 1,
                context: "\(number)" + text.prefix(400))
        }
        return alert
    }

    private func each(
        _ name: String, _ check: (_ json: [String: Any], _ alert: Alert, _ body: [UInt8]) throws -> Void
    ) async throws {
        let transport = ScriptedTransport { _ in .failure(.cancelled) }
        let format = try FormatLab.format(name)
        let (sinks, _, _) = try FormatLab.make("  - webhook: {format: \(name), \(format.keys)}", transport)
        let sink = try #require(sinks.first)
        for (row, unit) in Self.alphabets.enumerated() {
            // Each length with a third of the alphabets: the tests are many.
            for (column, length) in Self.lengths.enumerated() where (row + column) % 3 == 0 {
                let alert = alert(unit, length)
                _ = await sink.deliver(FormatLab.delivery(alert))
                let sent = FormatLab.Sent(outcome: .delivered, request: try #require(transport.requests.last))
                let json = try sent.json()
                let first = (json as? [[String: Any]])?.first
                try check(try #require(json as? [String: Any] ?? first), alert, sent.body)
            }
        }
    }

    private func texts(_ value: Any?) -> [String] { FormatLab.strings(value ?? "") }

    private func isTitle(_ text: String?, of alert: Alert) -> Bool {
        let title = TextFitting.tame(alert.item.title ?? "")
        guard let text else { return false }
        if title.isEmpty { return !text.isEmpty }
        return text == title || text.hasSuffix("…") && title.hasPrefix(text.dropLast()) && text.count > 1
    }

    private func plain(_ text: String?) -> String? {
        text?.replacingOccurrences(of: "\u{200B}", with: "").replacingOccurrences(of: "\\", with: "")
    }

    @Test func `Slack's blocks`() async throws {
        try await each("slack") { json, alert, _ in
            let text = try #require(json["text"] as? String)
            #expect(text.utf16.count <= 4000)
            #expect(text.contains("<https://dala.example/1?a=1&amp;b=2|dala.example>"))
            let blocks = try #require(json["blocks"] as? [[String: Any]])
            #expect(blocks.count <= 50)
            for block in blocks {
                let limit = block["type"] as? String == "header" ? 150 : 3000
                #expect(texts(block["text"]).allSatisfy { $0.utf16.count <= limit })
            }
            #expect(isTitle(plain((blocks[0]["text"] as? [String: Any])?["text"] as? String), of: alert))
        }
    }

    /// Escapes make it three times as long: then the host stands alone, and the alert is not refused for it.
    @Test func `Slack's link of many escapes`() async throws {
        let url = "https://dala.example/?" + String(repeating: "&a", count: 900)
        let sent = try await FormatLab.send(FormatLab.story(url: url), try FormatLab.format("slack"))
        let json = try #require(try sent.json() as? [String: Any])
        #expect(try #require(json["text"] as? String).utf16.count <= 4000)
        let blocks = try #require(json["blocks"] as? [[String: Any]])
        for block in blocks { #expect(texts(block["text"]).allSatisfy { $0.utf16.count <= 3000 }) }
        #expect(blocks.contains { texts($0["text"]).contains("dala.example") })
    }

    @Test(arguments: FormatLab.formats)
    func `where a link is too long, its host and a way to it are there`(_ format: FormatLab.Format) async throws {
        let url = "https://dala.example/" + String(repeating: "a", count: 3000)
        let sent = try await FormatLab.send(FormatLab.story(url: url), format)
        let text = String(decoding: sent.body, as: UTF8.self)
        if ["standard", "cloudevents"].contains(format.name) {
            #expect(text.contains(String(repeating: "a", count: 3000)))
        } else {
            #expect(text.contains("dala.example") || text.contains("dala\\\\.example"), "\(text)")
            #expect(text.replacingOccurrences(of: "\\\\", with: "").contains("tocsin alerts show"), "\(text)")
        }
    }

    @Test func `Telegram's link stays behind many finds`() async throws {
        var alert = FormatLab.story()
        let words = (0..<4).map { "слово\($0)" }
        alert.matches = words.map { word in
            Match(
                watch: "family", kind: .term, pattern: word, field: .content, text: word, score: 1,
                context: String(repeating: words.joined(separator: " ") + " ", count: 8))
        }
        alert.matches[0].context = String(repeating: "слово0 ", count: 30)
        alert.matches[1].context = String(repeating: "слово1 ", count: 30)
        alert.matches[2].context = String(repeating: "слово2 ", count: 30)
        alert.matches[3].context = String(repeating: "слово3 ", count: 30)
        let sent = try await FormatLab.send(alert, try FormatLab.format("telegram"))
        let entities = try #require((try sent.json() as? [String: Any])?["entities"] as? [[String: Any]])
        #expect(entities.count == 100)
        #expect(entities.last?["url"] as? String == "https://dala.example/1?a=1&b=2")
    }

    @Test func `Discord's embed`() async throws {
        try await each("discord") { json, alert, _ in
            let embed = try #require((json["embeds"] as? [[String: Any]])?.first)
            let title = try #require(embed["title"] as? String)
            let description = embed["description"] as? String ?? ""
            let footer = (embed["footer"] as? [String: Any])?["text"] as? String ?? ""
            let author = (embed["author"] as? [String: Any])?["name"] as? String ?? ""
            #expect(title.utf16.count <= 256 && !title.isEmpty)
            #expect(description.utf16.count <= 4096)
            #expect(footer.utf16.count <= 2048 && author.utf16.count <= 256)
            #expect(title.utf16.count + description.utf16.count + footer.utf16.count + author.utf16.count <= 6000)
            #expect(isTitle(plain(title), of: alert))
            #expect(embed["url"] as? String == "https://dala.example/1?a=1&b=2")
        }
    }

    @Test func `Mattermost's attachment`() async throws {
        try await each("mattermost") { json, alert, _ in
            let attachment = try #require((json["attachments"] as? [[String: Any]])?.first)
            #expect(texts(json).reduce(0) { $0 + $1.utf16.count } < 16_383)
            #expect(isTitle(plain(attachment["title"] as? String), of: alert))
            #expect(attachment["title_link"] as? String == "https://dala.example/1?a=1&b=2")
        }
    }

    @Test func `Teams' card`() async throws {
        try await each("teams") { json, alert, body in
            #expect(body.count <= 28_000)
            #expect(texts(json).contains("https://dala.example/1?a=1&b=2"))
            #expect(texts(json).contains { isTitle($0, of: alert) })
        }
    }

    @Test func `Telegram's text and its entities`() async throws {
        try await each("telegram") { json, alert, _ in
            let text = Array(try #require(json["text"] as? String).utf16)
            #expect(text.count <= 4096)
            let entities = try #require(json["entities"] as? [[String: Any]])
            #expect(entities.count <= 100)
            for entity in entities {
                let offset = try #require(entity["offset"] as? Int)
                let length = try #require(entity["length"] as? Int)
                #expect(offset >= 0 && length > 0 && offset + length <= text.count)
                // Whole characters: a cut surrogate would not come back.
                let words = String(decoding: text[offset..<offset + length], as: UTF16.self)
                #expect(!words.unicodeScalars.contains("\u{FFFD}"))
            }
            let bold = try #require(entities.first)
            let start = try #require(bold["offset"] as? Int)
            let title = String(
                decoding: text[start..<start + (bold["length"] as? Int ?? 0)], as: UTF16.self)
            #expect(isTitle(plain(title), of: alert))
            let link = try #require(entities.last)
            #expect(link["url"] as? String == "https://dala.example/1?a=1&b=2")
        }
    }

    @Test func `Matrix' event`() async throws {
        try await each("matrix") { json, alert, body in
            #expect(body.count <= 60_000)
            let text = try #require(json["body"] as? String)
            #expect(text.hasSuffix("\nhttps://dala.example/1?a=1&b=2"))
            #expect(isTitle(plain(text.split(separator: "\n").dropFirst().first.map(String.init)), of: alert))
        }
    }

    @Test func `ntfy's message`() async throws {
        try await each("ntfy") { json, alert, _ in
            let message = try #require(json["message"] as? String)
            #expect(message.utf8.count <= 4096)
            #expect(message.hasSuffix("\nhttps://dala.example/1?a=1&b=2"))
            #expect(isTitle(json["title"] as? String, of: alert))
        }
    }

    @Test func `PagerDuty's event`() async throws {
        try await each("pagerduty") { json, alert, body in
            let payload = try #require(json["payload"] as? [String: Any])
            let summary = try #require(payload["summary"] as? String)
            #expect(summary.utf16.count <= 1024)
            #expect((json["dedup_key"] as? String)?.count ?? 999 <= 255)
            #expect(body.count < 512_000)
            #expect(texts(json["links"]).contains("https://dala.example/1?a=1&b=2"))
        }
    }

    @Test(arguments: ["gotify", "alertmanager", "template"])
    func `other receivers get title and link, and not too much`(_ name: String) async throws {
        try await each(name) { json, _, body in
            #expect(texts(json).contains { $0.contains("https://dala.example/1?a=1&b=2") })
            if name != "template" { #expect(body.count <= 12_000) }
        }
    }

    @Test func `a CloudEvent may be forwarded by everybody`() async throws {
        try await each("cloudevents") { json, _, body in
            #expect(body.count <= 64_000)
            #expect(json["specversion"] as? String == "1.0")
            #expect(texts(json["data"]).contains("https://dala.example/1?a=1&b=2"))
        }
    }

    @Test(arguments: alphabets)
    func `what fits is left whole, and what is cut ends at a character`(_ unit: String) {
        for count in 0..<24 {
            let text = TextFitting.tame(String(repeating: unit, count: count))
            for limit in 0..<40 {
                for kind in [TextUnit.bytes, .utf16] {
                    let fitting = TextFitting.fit(text, limit, kind)
                    #expect(kind.count(fitting) <= limit)
                    if kind.count(text) <= limit {
                        #expect(fitting == text)
                    } else if !fitting.isEmpty {
                        #expect(fitting.hasSuffix("…"))
                        #expect(Array(text).starts(with: Array(fitting.dropLast())))
                        // No shorter than it must be.
                        let next = Array(text).prefix(fitting.count)
                        #expect(kind.count(String(next)) + kind.count("…") > limit)
                    }
                }
            }
        }
    }

    @Test func `a tower of marks is no character that nothing cuts`() {
        let tower = TextFitting.tame("e" + String(repeating: "\u{0301}", count: 9000))
        #expect(tower.unicodeScalars.count == 24)
        #expect(TextFitting.tame("👩🏽‍❤️‍💋‍👨🏻") == "👩🏽‍❤️‍💋‍👨🏻")
        #expect(TextFitting.tame("  a \r\n\t b  ") == "a b")
    }
}
