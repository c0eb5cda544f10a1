import Foundation
import Model
import Sinks
import TestSupport
import Testing

/// What is kept of a receiver's words.
@Suite struct AnswerTests {
    private func reply(_ alert: Alert, _ status: Int, _ body: String = "") async throws -> DeliveryReply {
        let transport = ScriptedTransport { request in
            .success(FetchResponse(status: status, body: Array(body.utf8), url: request.url))
        }
        let (sinks, _, _) = try FormatLab.make(
            """
              - webhook: {url: "https://h.example/hook/\(FormatLab.token)", secret: \(FormatLab.secret), \
                headers: {Authorization: "Bearer tok3n-of-ours"}}
            """, transport)
        return await (try #require(sinks.first)).attempt(FormatLab.delivery(alert))
    }

    @Test func `status and words are there when it took the alert, and when it did not`() async throws {
        let taken = try await reply(FormatLab.story(), 201, "thank\n you")
        #expect(taken == DeliveryReply(.delivered, status: 201, answer: "thank you"))
        let silent = try await reply(FormatLab.story(), 204)
        #expect(silent == DeliveryReply(.delivered, status: 204))
        let busy = try await reply(FormatLab.story(), 503, "later")
        #expect(busy.status == 503 && busy.answer == "later")
        guard case .deferred = busy.outcome else { return #expect(Bool(false), "\(busy)") }
    }

    @Test func `secrets and whom the alert is about are taken out before it is cut at 2 kB`() async throws {
        let alert = FormatLab.story()
        let name = try #require(alert.matches.first?.text)
        // So that the secret stands across the cut, whatever is in front of it.
        for filler in [0, 2030, 2040, 8180] {
            let body = String(repeating: "x", count: filler) + "Bearer tok3n-of-ours /hook/\(FormatLab.token) \(name) "
            let answer = try #require(
                try await reply(alert, 400, body + String(repeating: "y", count: 9000)).answer)
            #expect(answer.utf8.count <= 2048 && answer.utf8.count > 1900)
            for secret in ["tok3n", "s3cret", name] { #expect(!answer.contains(secret), "\(filler): \(answer)") }
        }
    }

    @Test func `a short answer is looked through as well, unless it only says thanks`() async throws {
        let alert = FormatLab.story()
        let name = try #require(alert.matches.first?.pattern)
        #expect(try await reply(alert, 200, "{\"ok\": \"\(name)\"}").answer == "{\"ok\": \"•••\"}")
        #expect(try await reply(alert, 200, "{\"ok\": true}").answer == "{\"ok\": true}")
        #expect(try await reply(alert, 200, "tok3n-of-ours").answer == "•••")
    }
}
