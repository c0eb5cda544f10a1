import Foundation
import Model
import Testing

/// Incidents are for what somebody has to see to.
@Suite struct PagerDutyTests {
    private func sent(
        _ title: String, _ severity: Severity, feed: String = "https://dala.example/rss", id: String = "1",
        _ more: String = ""
    ) async throws -> (url: String, event: [String: Any]) {
        var alert = FormatLab.health
        alert.id = AlertID("al_7f3c000000000000000000000000000" + id)
        alert.item.title = title
        alert.severity = severity
        alert.feed.url = feed
        let sent = try await FormatLab.send(alert, FormatLab.format("pagerduty"), more: more)
        #expect(sent.outcome == .delivered)
        return (sent.request.url, try #require(try sent.json() as? [String: Any]))
    }

    @Test func `the end of a trouble resolves its incident, and no other`() async throws {
        let began = try await sent("Dala: it is gone", .high).event
        let ended = try await sent("Dala: fine again", .normal, id: "2").event
        let other = try await sent("Other: fine again", .normal, feed: "https://other.example/", id: "3").event
        #expect(began["event_action"] as? String == "trigger")
        #expect(ended["event_action"] as? String == "resolve" && other["event_action"] as? String == "resolve")
        let keys = [began, ended, other].map { $0["dedup_key"] as? String }
        #expect(keys[0] == keys[1] && keys[1] != keys[2] && keys[0]?.hasPrefix("tocsin-") == true)
    }

    @Test func `where the key would tell of the feed, it does not, and no end opens an incident`() async throws {
        let began = try await sent("Dala: it is gone", .high, "disclose: pointer").event
        let ended = try await sent("Dala: fine again", .normal, id: "2", "disclose: pointer").event
        #expect((began["dedup_key"] as? String)?.hasPrefix("al_") == true)
        #expect(ended["event_action"] as? String == "resolve")
    }

    @Test func `a sign of life opens no incident`() async throws {
        let (url, event) = try await sent("Tocsin is running: 1 of 1 feeds fine", .low, feed: "tocsin:sink/pager")
        #expect(url == "https://events.pagerduty.com/v2/change/enqueue")
        #expect(event["event_action"] == nil && event["dedup_key"] == nil && event["routing_key"] is String)
        let payload = try #require(event["payload"] as? [String: Any])
        #expect(
            (payload["summary"] as? String)?.hasPrefix("Tocsin is running") == true && payload["timestamp"] is String)
    }
}
