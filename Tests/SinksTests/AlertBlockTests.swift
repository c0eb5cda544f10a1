import Foundation
import Model
import Sinks
import Testing

@Suite struct AlertBlockTests {
    private static let noon = Date(timeIntervalSince1970: 1_543_233_600)

    private func alert() -> Alert {
        var alert = Alert(
            id: AlertID("al_1"), timestamp: Self.noon, watches: ["family", "camps"], severity: .high,
            matches: [
                Match(
                    watch: "family", kind: .person, pattern: "Zhainar Serikqyzy", field: .summary,
                    text: "Жайнар Серікқызы",
                    score: 0.97, context: "…деді Жайнар Серікқызы «лагерь» туралы…"),
                Match(
                    watch: "camps", kind: .term, pattern: "лагерь", field: .summary, text: "лагерь", score: 1,
                    context: "Серікқызы «лагерь» туралы…"),
                Match(
                    watch: "camps", kind: .term, pattern: "Шыңжаң", field: .title, text: "Шыңжаңға", score: 1,
                    context: ""),
            ],
            item: AlertItem(
                id: "1", url: "https://dala.example/1", title: "Шыңжаңға шақырылған туыстар", summary: nil,
                published: Self.noon, language: "kk", authors: []),
            feed: AlertFeed(url: "https://dala.example/rss", name: "Dala", tags: []), firstSeen: Self.noon)
        alert.alsoIn = [AlertFeed(url: "https://b.example/", name: nil, tags: [])]
        return alert
    }

    private func text(_ alert: Alert, colour: Bool = false) throws -> String {
        AlertBlock.text(alert, colour: colour, zone: try #require(TimeZone(secondsFromGMT: 6 * 3600)))
    }

    @Test func `an alert is a block that says what, when, where and which words`() throws {
        #expect(
            try text(alert()) == """
                ● high  family, camps
                  Шыңжаңға шақырылған туыстар
                  …деді Жайнар Серікқызы «лагерь» туралы…
                  2018-11-26 18:00 · Dala, and 1 more · kk
                  https://dala.example/1


                """)
    }

    @Test func `colour marks the words that matched`() throws {
        let lines = try text(alert(), colour: true).split(separator: "\n")
        #expect(lines[0] == "\u{1B}[1;31m● high\u{1B}[0m  \u{1B}[1mfamily, camps\u{1B}[0m")
        #expect(lines[1] == "  \u{1B}[1;33mШыңжаңға\u{1B}[0m\u{1B}[1m шақырылған туыстар\u{1B}[0m")
        #expect(lines[2] == "  …деді \u{1B}[1;33mЖайнар Серікқызы\u{1B}[0m «\u{1B}[1;33mлагерь\u{1B}[0m» туралы…")
    }

    @Test func `what has no title, date or link does without`() throws {
        var alert = alert()
        alert.item = AlertItem(
            id: "1", url: nil, title: " \u{202E}", summary: nil, published: nil, language: nil, authors: [])
        alert.feed.name = nil
        alert.alsoIn = []
        #expect(
            try text(alert) == """
                ● high  family, camps
                  …деді Жайнар Серікқызы «лагерь» туралы…
                  first seen 2018-11-26 18:00 · https://dala.example/rss


                """)
    }

    @Test func `news of health is told as such`() throws {
        var alert = alert()
        alert.kind = .health
        alert.watches = []
        alert.matches = []
        alert.alsoIn = []
        alert.item.title = "Dala has been silent for 3 days"
        alert.item.language = nil
        alert.item.summary = "no new item for 3 d"
        let lines = "● health\n  Dala has been silent for 3 days\n  no new item for 3 d\n  2018-11-26 18:00 · Dala\n"
        #expect(try text(alert).hasPrefix(lines))
    }

    @Test(arguments: [
        "\u{1B}[2J\u{1B}]0;owned\u{07}", "a\rb\nc\u{0B}d\u{0C}e", "\u{9B}31m", "\u{202E}evil\u{202C}",
        "\u{2066}x\u{2069}",
        "a\u{2028}b\u{2029}c\u{85}d", "\u{7F}\u{08}\u{08}", "\u{90}q\u{9C}",
    ])
    func `no text of a feed steers a terminal or adds a line`(_ hostile: String) throws {
        var alert = alert()
        let lines = try text(alert).split(separator: "\n", omittingEmptySubsequences: false).count
        alert.item.title = "T \(hostile)"
        alert.item.url = "https://a.example/\(hostile)"
        alert.item.language = "kk\(hostile)"
        alert.feed.name = "F \(hostile)"
        alert.watches = ["w \(hostile)"]
        alert.matches = [
            Match(
                watch: "w", kind: .term, pattern: hostile, field: .summary, text: "x\(hostile)", score: 1,
                context: "c \(hostile) x\(hostile)")
        ]
        let block = try text(alert)
        let bad = block.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x0A: false
            case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
            default: false
            }
        }
        #expect(bad.isEmpty)
        #expect(block.split(separator: "\n", omittingEmptySubsequences: false).count == lines)
    }

    @Test func `endless text is cut`() throws {
        var alert = alert()
        alert.item.title = "a" + String(repeating: "\u{301}", count: 1_000_000)
        alert.feed.name = String(repeating: "x", count: 100_000)
        alert.matches[0].context = String(repeating: "y ", count: 100_000)
        #expect(try text(alert).utf8.count < 10_000)
    }
}
