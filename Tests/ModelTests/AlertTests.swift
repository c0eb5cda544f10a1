import Foundation
import Model
import Testing

@Suite struct AlertTests {
    private func hit(_ watch: String, _ key: UInt64) -> WatchHit {
        WatchHit(watch: watch, key: Digest128(high: key, low: ~key), severity: .normal, matches: [])
    }

    private var alert: Alert {
        var alert = Alert(
            id: AlertID("al_1"), timestamp: Date(timeIntervalSince1970: 1_543_240_800), watches: ["camps", "family"],
            severity: .high,
            matches: [
                Match(
                    watch: "family", kind: .person, pattern: "Zhainar Serikqyzy", field: .content,
                    text: "Жайнар Серікқызы", score: 0.97, context: "… деді Жайнар Серікқызы …")
            ],
            item: AlertItem(
                id: "1", url: "https://a.example/1", title: "T", summary: nil, published: nil, language: "kk",
                authors: []),
            feed: AlertFeed(url: "https://a.example/feed", name: "A", tags: ["x"]),
            firstSeen: Date(timeIntervalSince1970: 1_543_240_000))
        alert.alsoIn = [AlertFeed(url: "https://b.example/feed", name: nil, tags: [])]
        return alert
    }

    @Test func `an alert is read as it was written`() {
        #expect(Alert(json: alert.json) == alert)
    }

    @Test func `the JSON has the keys of the contract`() throws {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(alert.json)) as? [String: Any])
        #expect(Set(object.keys) == ["id", "type", "timestamp", "data"])
        let data = try #require(object["data"] as? [String: Any])
        #expect(
            Set(data.keys) == [
                "watches", "severity", "matches", "item", "feed", "first_seen", "duplicate_of", "also_in",
                "retroactive",
            ])
        #expect(data["duplicate_of"] is NSNull)
        let match = try #require((data["matches"] as? [[String: Any]])?.first)
        #expect(Set(match.keys) == ["watch", "kind", "pattern", "field", "text", "score", "context"])
    }

    @Test func `an id depends on the watches and not on their order`() {
        let one = hit("a", 1)
        let two = hit("b", 2)
        #expect(AlertID(of: [one, two]) == AlertID(of: [two, one]))
        #expect(AlertID(of: [one]) != AlertID(of: [two]))
        #expect(AlertID(of: [one]).rawValue.count == 35)
    }

    @Test(
        arguments: [
            ([], true), (["camps"], true), (["x"], true), (["high"], true), (["other"], false), (["health"], false),
        ] as [([String], Bool)])
    func `a route wants watches, tags and severities`(_ only: [String], _ wanted: Bool) {
        #expect(SinkRoute(sink: SinkName("s"), only: Set(only)).wants(alert) == wanted)
    }

    @Test func `what is no alert is not read as one`() {
        #expect(Alert(json: Array("{}".utf8)) == nil)
        #expect(Alert(json: []) == nil)
    }

    private func read(_ text: String) -> Alert? { Alert(json: Array(text.utf8)) }

    @Test func `what stands in it comes back, letter for letter`() {
        var alert = alert
        let hostile = "\u{0}\u{1F}\"\\/\u{7F}\u{202E}\u{2028} 再教育营 😀 \r\n\t\u{8}\u{C} Жайнар"
        alert.watches = [hostile, ""]
        alert.matches[0].context = hostile
        alert.matches[0].score = 0.123
        alert.item.title = hostile
        alert.item.summary = ""
        alert.item.published = Date(timeIntervalSince1970: -1)
        alert.item.authors = [hostile]
        alert.feed.name = nil
        alert.duplicateOf = AlertID("al_0")
        alert.retroactive = true
        #expect(Alert(json: alert.json) == alert)
    }

    @Test func `keys in another order, unknown ones, space and escapes are read`() {
        let text = String(decoding: alert.json, as: UTF8.self)
        let other = text.replacing(
            "{\"id\":\"al_1\",", with: " { \n \"x\" : [1, -2.5e3, {\"y\": [null, true, {}]}, []], "
        )
        .replacing("\"data\":", with: "\"id\"\t:\"\\u0061l_\\u0031\",\"data\" : ")
        .replacing("\"title\":\"T\"", with: "\"title\":\"\\uD83D\\uDE00\\/\"")
        var expected = alert
        expected.item.title = "😀/"
        #expect(read(other + " \n") == expected)
    }

    @Test func `what is broken in one place is no alert`() {
        let text = String(decoding: alert.json, as: UTF8.self)
        for (part, other) in [
            ("\"severity\":\"high\"", "\"severity\":\"dire\""), ("\"kind\":\"person\"", "\"kind\":1"),
            ("\"score\":0.97", "\"score\":\"0.97\""), ("\"score\":0.97", "\"score\":"), ("\"watches\":", "\"watch\":"),
            ("\"authors\":[]", "\"authors\":null"), ("\"title\":\"T\"", "\"title\":\"\\uD83D\""),
            ("\"title\":\"T\"", "\"title\":\"a\nb\""), ("\"retroactive\":false", "\"retroactive\":falsch"),
            ("\"retroactive\":false", "\"x\":" + String(repeating: "[", count: 100_000)),
            ("\"first_seen\":\"2018", "\"first_seen\":\"18"), ("\"tags\":[\"x\"]", "\"tags\":[\"x\",]"),
        ] {
            #expect(text.contains(part))
            #expect(read(text.replacing(part, with: other)) == nil, "\(other.prefix(40))")
        }
        #expect(read(text + "x") == nil)
        for end in stride(from: 0, to: text.utf8.count, by: 7) {
            #expect(Alert(json: Array(text.utf8.prefix(end))) == nil)
        }
    }
}
