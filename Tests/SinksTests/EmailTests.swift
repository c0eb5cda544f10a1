import Foundation
import Model
import TestSupport
import Testing

@testable import Sinks

@Suite struct EmailTests {
    private static let keys = "server: mail.example:587, from: alerts@h.example, user: u, password: pa55word"

    /// Headers, unfolded, and the body as it came.
    private struct Mail {
        var headers: [(name: String, value: String)] = []
        var body = ""
        var lines: [Substring] = []

        init(_ bytes: [UInt8]) {
            let text = String(decoding: bytes, as: UTF8.self)
            lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
            let end = text.range(of: "\r\n\r\n")
            let head = end.map { text[..<$0.lowerBound] } ?? text[...]
            body = end.map { String(text[$0.upperBound...]) } ?? ""
            for line in head.split(separator: "\r\n") {
                if line.hasPrefix(" ") {
                    headers[headers.count - 1].value += line
                } else {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    headers.append((String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces)))
                }
            }
        }

        subscript(_ name: String) -> String? { headers.first { $0.name == name }?.value }

        /// RFC 2047: what a reader shows.
        var subject: String {
            let value = self["Subject"] ?? ""
            var result = ""
            for word in value.split(separator: " ") {
                if word.hasPrefix("=?UTF-8?B?"), word.hasSuffix("?=") {
                    let data = Data(base64Encoded: String(word.dropFirst(10).dropLast(2))) ?? Data()
                    // Each word alone must be whole characters.
                    result += String(data: data, encoding: .utf8) ?? "BROKEN"
                } else {
                    result += (result.isEmpty ? "" : " ") + word
                }
            }
            return result
        }

        var text: String {
            guard self["Content-Transfer-Encoding"] == "base64" else { return body }
            return String(
                decoding: Data(base64Encoded: body, options: .ignoreUnknownCharacters) ?? Data(), as: UTF8.self)
        }
    }

    private func send(
        _ alert: Alert, more: String = "to: you@h.example",
        _ answer: @escaping ScriptedTransport.MailScript = { _ in .success(MailAnswer(code: 250, text: "OK")) }
    ) async throws -> (
        outcome: DeliveryOutcome, reply: DeliveryReply, transport: ScriptedTransport, sink: any Sink
    ) {
        let transport = ScriptedTransport { _ in .failure(.cancelled) }
        transport.answerMail(answer)
        let (sinks, issues, _) = try FormatLab.make("  - email: {\(Self.keys), \(more)}", transport)
        #expect(issues.isEmpty)
        let sink = try #require(sinks.first)
        let reply = await sink.attempt(FormatLab.delivery(alert))
        return (reply.outcome, reply, transport, sink)
    }

    private func mail(_ alert: Alert, more: String = "to: you@h.example") async throws -> Mail {
        let sent = try await send(alert, more: more)
        #expect(sent.outcome == .delivered)
        return Mail(try #require(sent.transport.mails.first).message)
    }

    @Test(arguments: [("alert", ""), ("health", ""), ("pointer", ", disclose: pointer"), ("html", ", html: true")])
    func `Golden mail`(_ name: String, _ more: String) async throws {
        let alert = name == "health" ? FormatLab.health : FormatLab.story()
        let sent = try await send(alert, more: "to: you@h.example" + more)
        let text = String(decoding: try #require(sent.transport.mails.first).message, as: UTF8.self)
        let golden = Fixture.folder().appendingPathComponent("formats/email-\(name).eml")
        if ProcessInfo.processInfo.environment["TOCSIN_GOLDEN"] == "rewrite" {
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: golden, encoding: .utf8)))
    }

    @Test func `a mail says what, where and when, and belongs to a thread`() async throws {
        let mail = try await mail(FormatLab.story())
        #expect(mail.subject == "[high] Шыңжаңға шақырылған туыстар")
        #expect(mail["From"] == "Tocsin <alerts@h.example>")
        #expect(mail["To"] == "<you@h.example>")
        #expect(mail["Message-ID"] == "<al_7f3c0000000000000000000000000001@h.example>")
        #expect(mail["Date"] == "Thu, 25 Feb 2021 15:02:10 +0000")
        #expect(mail["List-Id"] == "<alerts.tocsin.h.example>")
        #expect(mail["Auto-Submitted"] == "auto-generated")
        #expect(mail.text.contains("\r\nhttps://dala.example/1?a=1&b=2\r\n"))
        // Another alert on the article lies below the same.
        var other = FormatLab.story()
        other.id = AlertID("al_2")
        let second = try await self.mail(other)
        #expect(second["References"] == mail["References"])
        #expect(second["Message-ID"] != mail["Message-ID"])
        other.item.url = "https://dala.example/2"
        other.duplicateOf = FormatLab.story().id
        let copy = try await self.mail(other)
        #expect(copy["In-Reply-To"] == mail["Message-ID"])
    }

    @Test(arguments: HostileTitleTests.titles)
    func `a title makes no header and no long line`(_ title: String) async throws {
        var alert = FormatLab.story(title: title)
        alert.feed.name = title
        alert.matches[0].context = title
        for more in ["to: you@h.example", "to: you@h.example, html: true"] {
            let mail = try await mail(alert, more: more)
            let names = [
                "Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "List-Id", "Auto-Submitted",
                "MIME-Version", "Importance", "Content-Type",
            ]
            #expect(mail.headers.map(\.name).filter { $0 != "Content-Transfer-Encoding" } == names)
            #expect(mail.lines.allSatisfy { $0.utf8.count <= 998 })
            #expect(mail.lines.allSatisfy { line in !line.utf8.contains { $0 == 0 || $0 == 0x0A || $0 == 0x0D } })
            let head = mail.lines.prefix { !$0.isEmpty }
            #expect(head.allSatisfy { $0.utf8.count <= 78 || !$0.hasPrefix("Subject") && $0.utf8.count <= 200 })
            #expect(head.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
            let shown = TextFitting.tame(title)
            let subject = mail.subject.dropFirst("[high] ".count)
            if !shown.isEmpty {
                #expect(shown == subject || subject.hasSuffix("…") && shown.hasPrefix(subject.dropLast()))
            }
            if more.contains("html") { #expect(!mail.body.contains("<script>")) }
        }
    }

    @Test(arguments: [
        (250, "delivered"), (421, "deferred"), (450, "deferred"), (451, "deferred"), (452, "deferred"),
        (530, "refused"), (535, "refused"), (550, "refused"), (552, "refused"), (554, "refused"), (354, "deferred"),
    ])
    func `4xx may pass and 5xx does not`(_ code: Int, _ kind: String) async throws {
        let sent = try await send(FormatLab.story()) { _ in
            .success(MailAnswer(code: code, text: "5.7.1 pa55word AHUAcGE1NXdvcmQ= Жайнар Серікқызы\u{1B}[31m"))
        }
        switch sent.outcome {
        case .delivered: #expect(kind == "delivered")
        case .deferred(let reason, _), .refused(let reason), .gone(let reason):
            #expect(kind == ("\(sent.outcome)".hasPrefix("deferred") ? "deferred" : "refused"))
            #expect(reason.hasPrefix("you@h.example: the mail server answered \(code) (“5.7.1 ••• ••• •••"))
        }
    }

    @Test(arguments: [TransportError.timedOut(after: .seconds(60)), .cancelled])
    func `no answer is tried again, and the other recipients are not tried before`(_ error: TransportError) async throws
    {
        let sent = try await send(FormatLab.story(), more: "to: [a@h.example, b@h.example, c@h.example]") {
            $0.recipient.hasPrefix("a") ? .success(MailAnswer(code: 250, text: "")) : .failure(error)
        }
        #expect(sent.transport.mails.map(\.recipient) == ["a@h.example", "b@h.example"])
        guard case .deferred = sent.outcome else {
            Testing.Issue.record("\(sent.outcome)")
            return
        }
    }

    @Test func `a login that is refused is not tried for each recipient`() async throws {
        let sent = try await send(FormatLab.story(), more: "to: [a@h.example, b@h.example, c@h.example]") { _ in
            .success(MailAnswer(code: 535, text: "5.7.8 no"))
        }
        #expect(sent.transport.mails.map(\.recipient) == ["a@h.example"])
        guard case .refused = sent.outcome else {
            Testing.Issue.record("\(sent.outcome)")
            return
        }
    }

    @Test func `each recipient has a mail of his own, and the next try leaves in peace who has it`() async throws {
        let sent = try await send(FormatLab.story(), more: "to: [a@h.example, b@h.example, c@h.example, a@h.example]") {
            $0.recipient.hasPrefix("b")
                ? .success(MailAnswer(code: 451, text: "later")) : .success(MailAnswer(code: 250, text: ""))
        }
        guard case .deferred = sent.outcome else {
            Testing.Issue.record("\(sent.outcome)")
            return
        }
        #expect(sent.transport.mails.map(\.recipient) == ["a@h.example", "b@h.example", "c@h.example"])
        // The server is well: others need not wait for b.
        #expect(sent.reply.bearing == .taken)
        for mail in sent.transport.mails { #expect(Mail(mail.message)["To"] == "<\(mail.recipient)>") }
        sent.transport.answerMail { _ in .success(MailAnswer(code: 250, text: "")) }
        // Another process may make it, with what was noted.
        var delivery = FormatLab.delivery(FormatLab.story())
        delivery.memo = sent.reply.memo
        sent.transport.answerMail { _ in .success(MailAnswer(code: 451, text: "later")) }
        #expect(await sent.sink.attempt(delivery).bearing == .nothing)
        for answer in [Result.failure(TransportError.cancelled), .success(MailAnswer(code: 421, text: "busy"))] {
            sent.transport.answerMail { _ in answer }
            #expect(await sent.sink.attempt(delivery).bearing == .fault)
        }
        sent.transport.answerMail { _ in .success(MailAnswer(code: 250, text: "")) }
        #expect(await sent.sink.deliver(delivery) == .delivered)
        #expect(sent.transport.mails.dropFirst(3).map(\.recipient) == Array(repeating: "b@h.example", count: 4))
        let ids = Set(sent.transport.mails.map { Mail($0.message)["Message-ID"] })
        #expect(ids.count == 1)
    }

    @Test func `the server is reached as it is written`() async throws {
        for (keys, port, encryption) in [
            ("server: M.example", 587, MailRequest.Encryption.startTLS), ("server: m.example:465", 465, .implicit),
            ("server: m.example, tls: implicit", 465, .implicit), ("server: m.example:2525", 2525, .startTLS),
            ("server: '[::1]:25', tls: none", 25, .none),
        ] {
            let transport = ScriptedTransport { _ in .failure(.cancelled) }
            let (sinks, issues, _) = try FormatLab.make(
                "  - email: {\(keys), from: a@h.example, to: b@h.example}", transport)
            #expect(issues.isEmpty)
            _ = await sinks.first?.deliver(FormatLab.delivery(FormatLab.story()))
            let server = try #require(transport.mails.first).server
            #expect(server.port == UInt16(port) && server.encryption == encryption)
            #expect(server.host == (keys.contains("::1") ? "::1" : "m.example"))
            // Not this machine's name.
            #expect(server.greeting == "h.example")
        }
    }
}
