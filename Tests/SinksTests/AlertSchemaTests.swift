import Foundation
import Model
import TestSupport
import Testing

/// The schema that is shipped for readers of files and webhooks, held against what these get.
@Suite struct AlertSchemaTests {
    private let checker: SchemaChecker

    init() throws {
        let file = Fixture.repository.appendingPathComponent("Examples/alert.schema.json")
        var schema = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        // As the answer of a path: the checker knows those.
        let media: [String: Any] = ["application/json": ["schema": schema]]
        schema["paths"] = ["/alert": ["get": ["responses": ["200": ["content": media]]]]]
        checker = try SchemaChecker(Array(JSONSerialization.data(withJSONObject: schema)))
    }

    private func faults(_ body: [UInt8]) -> [String] {
        checker.faults(of: "/alert", status: 200, type: "application/json", body: body)
    }

    @Test(arguments: ["", "disclose: title", "disclose: pointer"])
    func `what a webhook and a file get is as the schema says`(_ more: String) async throws {
        var copy = FormatLab.story(title: nil, url: nil)
        copy.duplicateOf = AlertID("al_1")
        copy.item.published = nil
        copy.item.language = nil
        copy.resemblesDismissed = AlertID("al_2")
        for alert in [FormatLab.story(), FormatLab.health, copy] {
            #expect(faults(alert.json) == [])
            let sent = try await FormatLab.send(alert, try FormatLab.format("standard"), more: more)
            #expect(faults(sent.body) == [])
        }
    }

    @Test func `the schema is no blank cheque`() {
        var alert = FormatLab.story()
        alert.resemblesDismissed = AlertID("al_2")
        let json = String(decoding: alert.json, as: UTF8.self)
        for (word, other) in [
            ("\"resembles_dismissed\":\"al_2\"", "\"resembles_dismissed\":2"),
            ("\"severity\":\"high\"", "\"severity\":\"huge\""), ("\"retroactive\"", "\"retro\""),
            ("\"type\"", "\"kind\""),
        ] {
            #expect(json.contains(word))
            #expect(!faults(Array(json.replacingOccurrences(of: word, with: other).utf8)).isEmpty, "\(word)")
        }
    }
}
