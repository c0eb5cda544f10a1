import Foundation
import Model
import Testing

@testable import Sinks

/// What receivers say, in the way of each.
@Suite struct ReceiverAnswerTests {
    struct Answer: Sendable, CustomTestStringConvertible {
        var format: String
        var status: Int
        var body = ""
        var headers: [String: String] = [:]
        var kind: String
        /// In milliseconds.
        var pause: Int64?
        var testDescription: String { "\(format) \(status) \(body.prefix(40))" }
    }

    static let answers: [Answer] = [
        .init(format: "slack", status: 200, body: "ok", kind: "delivered"),
        .init(format: "slack", status: 200, body: "ok\n", kind: "delivered"),
        .init(format: "slack", status: 200, body: "no_service", kind: "refused"),
        .init(format: "slack", status: 200, body: "<html>login</html>", kind: "deferred"),
        .init(format: "slack", status: 200, body: #"{"ok":false,"error":"x"}"#, kind: "deferred"),
        .init(format: "slack", status: 400, body: "invalid_payload", kind: "refused"),
        .init(format: "slack", status: 403, body: "action_prohibited", kind: "refused"),
        .init(format: "slack", status: 404, body: "channel_not_found", kind: "refused"),
        .init(format: "slack", status: 410, body: "channel_is_archived", kind: "gone"),
        .init(format: "slack", status: 500, body: "rollup_error", kind: "deferred"),
        .init(format: "slack", status: 429, headers: ["retry-after": "30"], kind: "deferred", pause: 30_000),
        .init(format: "slack", status: 429, body: #"{"ok":false,"retry_after":12}"#, kind: "deferred", pause: 12_000),
        .init(format: "discord", status: 200, body: #"{"id":"1","code":0}"#, kind: "delivered"),
        .init(format: "discord", status: 204, kind: "delivered"),
        .init(format: "discord", status: 200, body: #"{"message":"no","code":50006}"#, kind: "deferred"),
        .init(
            format: "discord", status: 429, body: #"{"message":"x","retry_after":0.6401,"global":false}"#,
            headers: ["retry-after": "1", "x-ratelimit-reset-after": "0.64"], kind: "deferred", pause: 1000),
        .init(
            format: "discord", status: 429, body: #"{"retry_after":64.57,"global":true}"#, kind: "deferred",
            pause: 64_570),
        .init(format: "discord", status: 404, body: #"{"message":"Unknown Webhook","code":10015}"#, kind: "gone"),
        .init(format: "discord", status: 404, body: #"{"message":"Unknown Channel","code":10003}"#, kind: "refused"),
        .init(format: "discord", status: 401, body: #"{"code":50027}"#, kind: "refused"),
        .init(format: "mattermost", status: 200, body: "ok", kind: "delivered"),
        .init(format: "mattermost", status: 400, body: "Unable to parse", kind: "refused"),
        .init(format: "teams", status: 202, kind: "delivered"),
        .init(
            format: "teams", status: 200,
            body: "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429",
            kind: "deferred"),
        .init(format: "teams", status: 413, kind: "refused"),
        .init(format: "teams", status: 429, headers: ["retry-after": "10"], kind: "deferred", pause: 10_000),
        .init(format: "telegram", status: 200, body: #"{"ok":true,"result":{}}"#, kind: "delivered"),
        .init(format: "telegram", status: 200, body: #"{"ok":false}"#, kind: "deferred"),
        .init(format: "telegram", status: 200, body: "<html>", kind: "deferred"),
        .init(format: "telegram", status: 200, kind: "deferred"),
        .init(
            format: "telegram", status: 429,
            body: #"{"ok":false,"error_code":429,"parameters":{"retry_after":35}}"#, kind: "deferred", pause: 35_000),
        .init(
            format: "telegram", status: 400,
            body: #"{"ok":false,"error_code":400,"parameters":{"migrate_to_chat_id":-1001234}}"#, kind: "refused"),
        .init(format: "telegram", status: 403, body: #"{"ok":false,"description":"blocked"}"#, kind: "refused"),
        .init(format: "telegram", status: 502, kind: "deferred"),
        .init(format: "matrix", status: 200, body: #"{"event_id":"$1"}"#, kind: "delivered"),
        .init(format: "matrix", status: 200, body: "{}", kind: "deferred"),
        .init(
            format: "matrix", status: 429, body: #"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}"#,
            kind: "deferred", pause: 2500),
        .init(
            format: "matrix", status: 429, body: #"{"errcode":"M_LIMIT_EXCEEDED"}"#, headers: ["retry-after": "7"],
            kind: "deferred", pause: 7000),
        .init(format: "matrix", status: 413, body: #"{"errcode":"M_TOO_LARGE"}"#, kind: "refused"),
        .init(format: "matrix", status: 401, body: #"{"errcode":"M_UNKNOWN_TOKEN"}"#, kind: "refused"),
        .init(format: "ntfy", status: 200, body: #"{"id":"x","event":"message"}"#, kind: "delivered"),
        .init(format: "ntfy", status: 429, body: #"{"code":42901,"http":429}"#, kind: "deferred"),
        .init(format: "ntfy", status: 413, kind: "refused"),
        .init(format: "gotify", status: 200, body: #"{"id":7}"#, kind: "delivered"),
        .init(format: "gotify", status: 200, body: "<html>", kind: "deferred"),
        .init(format: "gotify", status: 200, body: #"{"id":7,"error":null}"#, kind: "delivered"),
        .init(format: "ntfy", status: 200, body: #"{"error":"no"}"#, kind: "deferred"),
        .init(format: "gotify", status: 401, kind: "refused"),
        .init(format: "pagerduty", status: 202, body: #"{"status":"success","dedup_key":"k"}"#, kind: "delivered"),
        .init(format: "pagerduty", status: 202, body: #"{"status":"invalid event"}"#, kind: "refused"),
        .init(format: "pagerduty", status: 400, kind: "refused"),
        .init(format: "pagerduty", status: 500, kind: "deferred"),
        .init(format: "alertmanager", status: 200, kind: "delivered"),
        .init(format: "alertmanager", status: 400, body: #""bad""#, kind: "refused"),
        .init(format: "alertmanager", status: 503, kind: "deferred"),
        .init(format: "cloudevents", status: 415, kind: "refused"),
        .init(format: "template", status: 201, body: "made", kind: "delivered"),
    ]

    @Test(arguments: answers)
    func `an answer is understood as its receiver means it`(_ answer: Answer) async throws {
        let sent = try await sent(answer)
        let outcome = sent.outcome
        let kind: String
        var pause: Duration?
        switch outcome {
        case .delivered: kind = "delivered"
        case .deferred(_, let after):
            // The contract: anything but 2xx and 410 is tried again.
            kind = sent.isRefusal ? "refused" : "deferred"
            pause = after
        case .refused: kind = "given up"
        case .gone: kind = "gone"
        }
        #expect(kind == answer.kind, "\(outcome)")
        #expect(pause == answer.pause.map { .milliseconds($0) })
    }

    @Test(arguments: FormatLab.formats)
    func `a pause with a fraction is kept, with every format`(_ format: FormatLab.Format) async throws {
        let outcome = try await outcome(
            Answer(format: format.name, status: 429, headers: ["retry-after": "6.5"], kind: ""))
        guard case .deferred(_, .milliseconds(6500)?) = outcome else {
            Testing.Issue.record("\(outcome)")
            return
        }
    }

    @Test func `a test that tells nothing says that it is a test`() async throws {
        var alert = FormatLab.story()
        alert.feed.url = "tocsin:test"
        for name in ["slack", "ntfy", "gotify"] {
            let sent = try await FormatLab.send(alert, try FormatLab.format(name), more: "disclose: pointer")
            let text = String(decoding: sent.body, as: UTF8.self)
            #expect(text.contains("A test of Tocsin") && !text.contains("alerts show"), "\(text)")
        }
    }

    private func outcome(_ answer: Answer) async throws -> DeliveryOutcome { try await sent(answer).outcome }

    private func sent(_ answer: Answer) async throws -> FormatLab.Sent {
        let response = FetchResponse(
            status: answer.status,
            headers: answer.headers.map { HeaderField(name: $0.key, value: Array($0.value.utf8)) },
            body: Array(answer.body.utf8), url: "")
        return try await FormatLab.send(FormatLab.story(), try FormatLab.format(answer.format), answer: response)
    }

    @Test(arguments: FormatLab.formats, [301, 302, 307, 408, 425, 429, 500, 502, 503, 504])
    func `what may pass is tried again, with every format`(_ format: FormatLab.Format, _ status: Int) async throws {
        let outcome = try await outcome(Answer(format: format.name, status: status, kind: ""))
        guard case .deferred(_, nil) = outcome else {
            Testing.Issue.record("\(outcome)")
            return
        }
    }

    @Test(arguments: FormatLab.formats, [400, 401, 403, 404, 405, 413, 415, 422])
    func `what needs a person is told of and tried again, with every format`(_ format: FormatLab.Format, _ status: Int)
        async throws
    {
        let sent = try await sent(Answer(format: format.name, status: status, kind: ""))
        #expect(sent.isRefusal, "\(sent.outcome)")
    }

    @Test(
        arguments: [
            (#"{"retry_after":1e308}"#, 86_400_000), (#"{"retry_after":-5}"#, nil), (#"{"retry_after":"3.5"}"#, 3500),
            (#"{"retry_after":"true"}"#, nil), (#"{"retry_after":null}"#, nil), (#"{"retry_after":{"a":1}}"#, nil),
            (#"{"retry_after":"soon"}"#, nil), (#"{"parameters":[1]}"#, nil), (#"{"retry_after":1e999}"#, nil),
            (#"{"retry_after_ms":1}"#, 1), (#"{"retry_after":0.0001}"#, 1), ("[[[[", nil), ("\u{0}\u{1}", nil),
            (String(repeating: "[", count: 5000), nil), (#"{"retry_after":0}"#, 0), (#"{"retry_after":"NaN"}"#, nil),
        ] as [(String, Int64?)])
    func `a pause is asked for in whatever way, and hostile ones do no harm`(_ body: String, _ pause: Int64?)
        async throws
    {
        let outcome = try await outcome(Answer(format: "discord", status: 429, body: body, kind: ""))
        guard case .deferred(_, let after) = outcome else {
            Testing.Issue.record("\(outcome)")
            return
        }
        #expect(after == pause.map { .milliseconds($0) })
    }

    /// Receivers repeat what they were asked: in an error page, in the log behind it.
    @Test(arguments: FormatLab.formats)
    func `neither the token nor what the alert is about comes back in an error`(_ format: FormatLab.Format) async throws
    {
        let echo =
            "no \(FormatLab.token) 7:\(FormatLab.token) Bearer \(FormatLab.token) for Жайнар Серікқызы, "
            + "Zhainar Serikqyzy, family\u{1B}[31m " + String(repeating: "z", count: 5000)
        let sent = try await FormatLab.send(
            FormatLab.story(), format, answer: FetchResponse(status: 400, body: Array(echo.utf8), url: ""))
        guard case .deferred(let reason, nil) = sent.outcome, sent.isRefusal else {
            Testing.Issue.record("\(sent.outcome)")
            return
        }
        // Alertmanager's address holds none.
        let token = format.name == "alertmanager" ? "\u{1B}" : FormatLab.token
        for word in [token, "Жайнар", "Zhainar", "family", "\u{1B}"] { #expect(!reason.contains(word), "\(reason)") }
        #expect(reason.contains("•••"))
        #expect(reason.count < 400)
    }

    /// As servers repeat what they were sent.
    @Test func `a secret is taken out in whichever way it is written`() {
        let secret = "Ab/cd+EFGHijk/LMNOP1234567="
        let bytes = Array(secret.utf8)
        func percent(_ digits: String) -> String {
            bytes.map { byte in
                let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
                return isPlain ? String(UnicodeScalar(byte)) : String(format: "%%\(digits)", byte)
            }.joined()
        }
        let forms = [
            secret, percent("02X"), percent("02x"), percent("02x").lowercased(),
            percent("02x").replacing("%", with: "%25"), secret.replacing("/", with: "\\/"),
            bytes.map { String(format: "\\u%04x", $0) }.joined(), bytes.map { "&#\($0);" }.joined(),
            bytes.map { String(format: "&#x%X;", $0) }.joined(), bytes.map { String(format: "%02X", $0) }.joined(),
            bytes.map { String(format: "%02x", $0) }.joined(), secret.uppercased(),
            Data(bytes).base64EncodedString(), Data(Array("x".utf8) + bytes).base64EncodedString(),
            Data(Array("Bearer ".utf8) + bytes + Array("!".utf8)).base64EncodedString(),
            Data(Array("u:".utf8) + bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_"),
        ]
        let redactor = Redactor([secret])
        for form in forms {
            #expect(redactor.text("bad sig=\(form); next") == "bad sig=•••; next", "\(form)")
            #expect(redactor.text("Жайнар \(form)\(form)") == "Жайнар •••", "\(form)")
        }
        let other = "100 % of &amp; \\u0416 &#1046; %D0%96 nothing"
        #expect(redactor.text(other) == other)
    }

    @Test(arguments: [
        ("no such word: 维吾尔", "维吾尔"), (##"{"text":"\u0416\u0430\u0439 \u0436"}"##, "0430"),
        (##"{"text":"\u041C\u041D\u041E\u041F"}"##, "041C"), (##"a\/b\/c\/d"##, "b"),
    ])
    func `short names and names in escapes are taken out as well`(_ said: String, _ hidden: String) {
        let redactor = Redactor(["维吾尔", "Жай ж", "МНОП", "a/b/c/d"])
        let text = redactor.hiding(["abc"]).excerpt(Array(said.utf8))
        #expect(!text.contains(hidden), "\(text)")
        // Too short to be told from other words.
        #expect(redactor.hiding(["abc"]).text("abc") == "abc")
    }
}
