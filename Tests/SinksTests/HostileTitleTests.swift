import Foundation
import Model
import Testing

/// Words of a feed are words, whatever they look like.
@Suite struct HostileTitleTests {
    static let titles: [String] = [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "<!channel> <!here> <!everyone> <@U123> <#C1> <https://evil.example|Bank>",
        "@everyone @here @channel @all @room @someuser <@123> <@&456>",
        "[Bank](https://evil.example) **b** _i_ `c` ~~s~~ ||x|| # h\n> q\n* l",
        "a\r\nBcc: x@evil.example\r\n\r\n.\r\nMAIL FROM:<x>",
        "\u{202E}gnihton\u{202C} \u{2066}x\u{2069} \u{200F}y",
        "a\0b\u{1B}[31mred\u{9B}0m\u{7F}",
        "{{alert}} {{title}} ${HOME} $(id) `id` \"}],\"x\":[{\"",
        "&lt;!channel&gt; &amp; <at>everyone</at> &#64;everyone",
        "=?utf-8?B?QmNjOiB4QGV2aWwuZXhhbXBsZQ==?=",
        "\u{FEFF}\u{FFFE}\u{FFFF}\u{E000}",
        "e" + String(repeating: "\u{0301}", count: 5000),
        String(repeating: "👩‍👩‍👧‍👦", count: 2000),
        String(repeating: "ئۇيغۇر ئاپتونوم رايونى ", count: 500),
        String(repeating: "新疆维吾尔自治区", count: 1300),
        String(repeating: "x", count: 10_000),
        " \u{202E} ", "",
    ]

    @Test(arguments: FormatLab.formats, titles)
    func `a title is nothing but a title`(_ format: FormatLab.Format, _ title: String) async throws {
        // Where a title is, a feed's name, a quote and an author can be.
        var alert = FormatLab.story(title: title)
        alert.feed.name = title
        alert.item.authors = [title]
        alert.item.summary = title
        alert.item.language = title
        alert.matches[0].context = title
        alert.matches[0].text = String(title.prefix(20))
        alert.watches = ["camps"]
        for alert in [alert, Self.health(title)] {
            let sent = try await FormatLab.send(alert, format)
            #expect(sent.outcome == .delivered)
            let raw = String(decoding: sent.body, as: UTF8.self)
            // Nothing that a terminal or a log would obey, not even in the bytes.
            #expect(!raw.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
            let strings = FormatLab.strings(try sent.json())
            if ["standard", "cloudevents"].contains(format.name) { continue }
            for text in strings where !text.hasPrefix("{\"id\"") { try check(text, format, strings) }
            if format.name != "template" { #expect(sent.body.count < 60_000) }
            #expect(!sent.request.url.contains("evil"))
        }
    }

    private static func health(_ title: String) -> Alert {
        var alert = FormatLab.health
        alert.item.title = title
        alert.item.summary = title
        alert.feed.name = title
        return alert
    }

    func check(_ text: String, _ format: FormatLab.Format, _ all: [String]) throws {
        // The alert object, inside of a template, is the contract's.
        if format.name == "template", all.contains("first_seen") { return }
        let isClean = !text.unicodeScalars.contains { scalar in
            scalar.value < 0x20 && scalar != "\n" || (0x7F..<0xA0).contains(scalar.value)
                || (0x202A...0x202E).contains(scalar.value)
        }
        #expect(isClean, "\(text.debugDescription.prefix(200))")
        // Isolates are ours, and closed.
        #expect(
            text.unicodeScalars.count { $0.value == 0x2068 } >= text.unicodeScalars.count { $0.value == 0x2069 })
        let namesPeople = ["discord", "slack", "mattermost", "telegram", "matrix", "alertmanager"].contains(format.name)
        if namesPeople {
            for mention in ["@everyone", "@here", "@channel", "@all", "@room", "@someuser"] {
                #expect(!text.contains(mention), "\(text.prefix(200))")
            }
            for mention in ["<!channel>", "<!here>", "<@U123>", "<#C1>", "<@123>"] {
                #expect(!text.contains(mention), "\(text.prefix(200))")
            }
        }
        if format.name == "slack" { #expect(!text.contains("<https://evil.example|")) }
        if format.name == "matrix" {
            #expect(!text.hasPrefix("high") || !text.contains("<script>") || !text.contains("<br>"))
        }
    }

    @Test func `markdown in a title is shown and not obeyed`() async throws {
        let alert = FormatLab.story(title: "[Bank](https://evil.example) **b** <t:1:R>")
        let discord = try await FormatLab.send(alert, try FormatLab.format("discord"))
        let embed = try #require(((try discord.json() as? [String: Any])?["embeds"] as? [[String: Any]])?.first)
        #expect(embed["title"] as? String == #"\[Bank\]\(https\://evil.example\) \*\*b\*\* \<"# + "t\\:1\\:R\\>")
        #expect(embed["url"] as? String == "https://dala.example/1?a=1&b=2")
        let mentions = (try discord.json() as? [String: Any])?["allowed_mentions"] as? [String: Any]
        #expect(mentions?["parse"] as? [String] == [])
        #expect(discord.request.url.hasSuffix("?wait=true"))
    }

    @Test func `Matrix mentions nobody and escapes its HTML`() async throws {
        let alert = FormatLab.story(title: "<a href='https://matrix.to/#/@x:y'>x</a> @room \"&\"")
        let sent = try await FormatLab.send(alert, try FormatLab.format("matrix"))
        let event = try #require(try sent.json() as? [String: Any])
        #expect((event["m.mentions"] as? [String: Any])?.isEmpty == true)
        let html = try #require(event["formatted_body"] as? String)
        #expect(
            html.contains(
                "<strong>&lt;a href=&#39;https://matrix.to/#/@\u{200B}x:y&#39;&gt;x&lt;/a&gt; @\u{200B}room &quot;&amp;&quot;</strong>"
            ))
        #expect(html.hasSuffix(#"<a href="https://dala.example/1?a=1&amp;b=2">dala.example</a>"#))
    }

    @Test(
        arguments: [
            ("javascript:alert(1)", nil), ("file:///etc/passwd", nil), ("data:text/html,x", nil), ("//x.example/", nil),
            ("https://good.example@evil.example/", "https://evil.example/"),
            ("https://good.example\\@evil.example/", "https://good.example/@evil.example/"),
            ("https://<!channel>\\@good.example/x", nil), ("https://a b\\@good.example/", nil),
            ("https://h.example/a|b>c\"d'e)f", "https://h.example/a%7Cb%3Ec%22d%27e%29f"),
            ("https://h.example/жаңа?q=新", "https://h.example/%D0%B6%D0%B0%D2%A3%D0%B0?q=%E6%96%B0"),
            ("HTTPS://H.example/A", "https://h.example/A"), ("https://h.example/a b", nil),
            ("https://h.example/\r\nx", nil), ("https://h.example/" + String(repeating: "a", count: 3000), nil),
        ] as [(String, String?)])
    func `a link leads where it says, or is left out`(_ url: String, _ expected: String?) async throws {
        let alert = FormatLab.story(url: url)
        for name in ["discord", "telegram", "slack", "ntfy", "teams"] {
            let sent = try await FormatLab.send(alert, try FormatLab.format(name))
            let texts = FormatLab.strings(try sent.json())
            if let expected {
                let shown = name == "slack" ? "<\(expected.replacingOccurrences(of: "&", with: "&amp;"))|" : expected
                #expect(texts.contains { $0.contains(shown) }, "\(name) \(texts)")
            } else {
                #expect(!texts.contains { $0.contains("alert(1)") || $0.contains("passwd") || $0.contains("aaaaaaaa") })
                #expect(!texts.contains { ["url", "click", "text_link", "Action.OpenUrl"].contains($0) })
            }
        }
    }
}
