import Fetching
import Foundation
import Model
import TestSupport
import Testing

/// Mail through libcurl, against a server that says what a test wants.
@Suite struct MailTests {
    private let transport = CurlTransport(limits: FetchLimits())

    private static let message = Array("Subject: x\r\n\r\n.\r\n..a\r\nFrom here\r\nend\r\n".utf8)

    private func send(
        to port: UInt16, encryption: MailRequest.Encryption = .none, user: String? = nil, password: String? = nil,
        allowPrivate: Bool = true, timeout: Duration = .seconds(20), recipient: String = "you@h.example"
    ) async throws(TransportError) -> MailAnswer {
        let server = MailServer(
            host: "127.0.0.1", port: port, encryption: encryption, greeting: "h.example", user: user.map { Secret($0) },
            password: password.map { Secret($0) }, allowPrivateAddresses: allowPrivate)
        return try await transport.send(
            MailRequest(
                server: server, sender: "alerts@h.example", recipient: recipient, message: Self.message,
                timeout: timeout))
    }

    private func refusing(_ verb: String, _ answer: LoopbackMailServer.Answer) throws -> LoopbackMailServer {
        try LoopbackMailServer { step in
            (step.line ?? "GREETING").uppercased().hasPrefix(verb) ? answer : LoopbackMailServer.usual(step)
        }
    }

    @Test func `a message arrives byte for byte, and tells the server nothing of this machine`() async throws {
        let server = try LoopbackMailServer()
        let answer = try await send(to: server.port)
        #expect(answer == MailAnswer(code: 250, text: "2.0.0 ok"))
        #expect(server.messages == [Self.message])
        #expect(
            server.commands == [
                "EHLO h.example", "MAIL FROM:<alerts@h.example> SIZE=\(Self.message.count)", "RCPT TO:<you@h.example>",
                "DATA", "QUIT",
            ])
    }

    @Test func `it logs in where there is a login`() async throws {
        let server = try LoopbackMailServer()
        _ = try await send(to: server.port, user: "u", password: "pa55")
        let plain = Data("\0u\0pa55".utf8).base64EncodedString()
        #expect(
            server.commands.joined(separator: " ").contains("AUTH PLAIN \(plain)") || server.commands.contains(plain))
        #expect(server.messages.count == 1)
    }

    @Test(arguments: [
        ("GREETING", "554 no service", 554), ("GREETING", "421 busy", 421), ("MAIL", "451 later", 451),
        ("RCPT", "550 5.1.1 nobody", 550), ("RCPT", "450 greylisted", 450), ("DATA", "452 full", 452),
        (".", "554 5.6.0 spam", 554), (".", "250 queued as 7", 250), ("AUTH", "535 5.7.8 no", 535),
        ("AUTH", "454 4.7.0 not now", 454),
    ])
    func `what the server says is the answer`(_ verb: String, _ line: String, _ code: Int) async throws {
        let server = try refusing(verb, .lines(line))
        let answer = try await send(to: server.port, user: "u", password: "pa55")
        #expect(answer == MailAnswer(code: code, text: String(line.dropFirst(4))))
        #expect(server.messages.count == (verb == "." ? 1 : 0))
    }

    @Test func `an answer of many lines is one, and bounded`() async throws {
        let server = try refusing(".", .lines("550-first", "550-" + String(repeating: "x", count: 5000), "550 last"))
        let answer = try await send(to: server.port)
        #expect(answer.code == 550)
        #expect(answer.text.hasPrefix("first xxx"))
        #expect(answer.text.utf8.count <= 2048)
    }

    @Test func `without STARTTLS nothing is sent, no login either`() async throws {
        for answer in [
            LoopbackMailServer.Answer.lines("250-mail.example", "250 AUTH PLAIN"),
            .lines("250-mail.example", "250-AUTH PLAIN", "250 STARTTLS"),
        ] {
            let server = try LoopbackMailServer { step in
                let line = step.line?.uppercased() ?? ""
                if line.hasPrefix("EHLO") { return answer }
                return line == "STARTTLS" ? .lines("454 TLS is not available") : LoopbackMailServer.usual(step)
            }
            await #expect(
                throws: TransportError.tls(host: "127.0.0.1", reason: "it does not offer STARTTLS (see 'tls')")
            ) {
                _ = try await send(to: server.port, encryption: .startTLS, user: "u", password: "pa55")
            }
            #expect(!server.commands.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") || $0.contains("pa55") })
            #expect(server.messages.isEmpty)
        }
    }

    @Test(arguments: [MailRequest.Encryption.startTLS, .implicit])
    func `a server that cannot do TLS is not spoken to in the clear`(_ encryption: MailRequest.Encryption) async throws
    {
        let server = try LoopbackMailServer { step in
            let line = step.line?.uppercased() ?? ""
            if line.hasPrefix("EHLO") { return .lines("250-mail.example", "250 STARTTLS") }
            // Commands behind the answer would be an injection (CVE-2021-22947).
            if line == "STARTTLS" { return .lines("220 go on", "250 AUTH PLAIN", "235 welcome") }
            return LoopbackMailServer.usual(step)
        }
        do throws(TransportError) {
            _ = try await send(to: server.port, encryption: encryption, user: "u", password: "pa55")
            Testing.Issue.record("sent")
        } catch {
            #expect(error != .cancelled)
        }
        #expect(server.messages.isEmpty)
        #expect(!server.commands.contains { $0.contains("AUTH") || $0.hasPrefix("MAIL") })
    }

    @Test func `private addresses are not written to unless that is allowed`() async throws {
        let server = try LoopbackMailServer()
        await #expect(throws: TransportError.forbiddenAddress(host: "127.0.0.1", address: "127.0.0.1")) {
            _ = try await send(to: server.port, allowPrivate: false)
        }
        #expect(server.commands.isEmpty)
    }

    @Test(arguments: [
        LoopbackMailServer.Answer.bytes(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)), .close,
        .bytes([0, 1, 2, 0xFF, 0x0D, 0x0A]), .bytes(Array(repeating: 0x32, count: 3_000_000)),
        .bytes(Array(String(repeating: "220-x\r\n", count: 100_000).utf8)), .lines("999 x"), .lines("25"), .lines(""),
    ])
    func `a hostile greeting is an error, soon`(_ answer: LoopbackMailServer.Answer) async throws {
        let server = try refusing("GREETING", answer)
        do {
            let answer = try await send(to: server.port, timeout: .seconds(4))
            #expect(!(200...299).contains(answer.code))
        } catch {
            #expect(!"\(error)".isEmpty)
        }
        #expect(server.messages.isEmpty)
    }

    @Test(arguments: ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "."])
    func `a server that falls silent is waited for as long as is said`(_ verb: String) async throws {
        let server = try refusing(verb, .silence)
        await #expect(throws: TransportError.timedOut(after: .seconds(1))) {
            _ = try await send(to: server.port, timeout: .seconds(1))
        }
    }

    /// The message is there: whether the server says goodbye changes nothing.
    @Test(arguments: [LoopbackMailServer.Answer.silence, .close, .lines("500 what"), .bytes([0x0D])])
    func `what a server says to QUIT is no matter`(_ answer: LoopbackMailServer.Answer) async throws {
        let server = try refusing("QUIT", answer)
        #expect(try await send(to: server.port, timeout: .seconds(60)).code == 250)
        #expect(server.messages.count == 1)
    }

    /// An old server does not know EHLO, and looks at what it takes for longer than a goodbye may last.
    @Test func `a no that is not the last word is no reason to hurry`() async throws {
        let server = try LoopbackMailServer { step in
            if step.line?.uppercased().hasPrefix("EHLO") == true { return .lines("502 what") }
            if step.line?.uppercased().hasPrefix("HELO") == true { return .lines("250 mail.example") }
            if step.line == "." { Thread.sleep(forTimeInterval: 1.5) }
            return LoopbackMailServer.usual(step)
        }
        #expect(try await send(to: server.port, timeout: .seconds(30)).code == 250)
        #expect(server.messages.count == 1)
    }

    /// Some let strangers wait, since those who send to everybody do not (RFC 5321 §4.5.3.2.1 has five minutes for it).
    @Test func `a greeting may take longer than a connection`() async throws {
        let server = try LoopbackMailServer { step in
            if step.line == nil { Thread.sleep(forTimeInterval: 11) }
            return LoopbackMailServer.usual(step)
        }
        #expect(try await send(to: server.port, timeout: .seconds(3600)).code == 250)
    }

    @Test func `a server that stands still holds up no other and no feed`() async throws {
        let sick = try refusing("QUIT", .silence)
        let well = try LoopbackMailServer()
        let web = try LoopbackServer { _ in .status(200, body: "x") }
        async let first = send(to: sick.port)
        for _ in 0..<20 {
            #expect(try await send(to: well.port).code == 250)
            var policy = FetchPolicy()
            policy.allowPrivateAddresses = true
            #expect(try await transport.send(FetchRequest(url: web.url, policy: policy)).status == 200)
        }
        #expect(try await first.code == 250)
    }

    @Test(arguments: ["a@h.example>\r\nRCPT TO:<b@h.example", "a b@h.example", "<a@h.example>", "ж@h.example"])
    func `an address that would be a command is not sent`(_ recipient: String) async throws {
        let server = try LoopbackMailServer()
        await #expect(throws: TransportError.mail(reason: "an address has characters that none may have")) {
            _ = try await send(to: server.port, recipient: recipient)
        }
        #expect(server.commands.isEmpty)
    }

    @Test func `cancelling ends it, and after the end nothing is sent`() async throws {
        let server = try refusing("EHLO", .silence)
        let task = Task { try await send(to: server.port, timeout: .seconds(3600)) }
        while server.commands.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        task.cancel()
        await #expect(throws: TransportError.cancelled) { _ = try await task.value }
        transport.shutDown()
        await #expect(throws: TransportError.cancelled) { _ = try await send(to: server.port) }
    }

    @Test func `a PUT is one, with its body`() async throws {
        let server = try LoopbackServer { _ in .status(200, body: "{}") }
        var policy = FetchPolicy()
        policy.allowPrivateAddresses = true
        _ = try await transport.send(
            FetchRequest(url: server.url + "/a", method: .put(body: Array("{\"a\":1}".utf8)), policy: policy))
        let request = try #require(server.requests.first)
        #expect(request.method == "PUT" && request.target == "/a" && request.body == Array("{\"a\":1}".utf8))
        #expect(request.headers["content-length"] == "7" && request.headers["expect"] == nil)
    }
}
