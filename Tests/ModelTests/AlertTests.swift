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
}
