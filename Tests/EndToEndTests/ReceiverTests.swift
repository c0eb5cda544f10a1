import Foundation
import Model
import TestSupport
import Testing

/// The built program and receivers that others wrote.
@Suite struct ReceiverTests {
    private static let samples = Fixture.repository.appendingPathComponent("Examples/feeds")

    private func configuration(_ server: NewsServer, alerts: String) -> String {
        """
        state: state.db
        fetch: {allow_private_addresses: true}
        feeds:
          - \(server.url)/feeds/kazakh.atom
          - \(server.url)/feeds/chinese.xml
        watch:
          - {name: region, any: [新疆, Шыңжаң*], severity: high}
        backlog: all
        alerts:
        \(alerts)
        """
    }

    @Test func `CloudEvents' own library takes every event, signed by Standard Webhooks`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let place = try Workplace(
            configuration(
                server,
                alerts: """
                      - file: {path: alerts.jsonl}
                      - webhook: {format: cloudevents, url: "\(server.url)/hook/c", secret: \(NewsServer.secret)}
                    """))
        let result = try await place.run("once")
        #expect(result.status == 0, "\(result.errors)")
        let ids = try place.alerts(in: "alerts.jsonl").map { try #require($0).id.rawValue }
        let hooks = try await server.hooks
        #expect(!ids.isEmpty && Set(hooks.taken.map(\.id)) == Set(ids))
        if hooks.verified_by_library { #expect(hooks.taken.allSatisfy { $0.signed == true }) }
        for entry in hooks.taken where entry.event != nil { #expect(entry.event == entry.id) }
    }

    private struct Mail: Decodable {
        var greeting: String
        var sender: String
        var recipients: [String]
        var tls: Bool
        var authenticated: Bool
        var longest: Int
        var headers: [String: String]
        var defects: [String]
        var text: String
        var type: String
    }

    /// A certificate for `localhost`, as a file beside its key. Nil without openssl.
    private func certificate(in folder: URL) async throws -> (certificate: String, key: String)? {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl") else { return nil }
        let arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "certificate.pem", "-days",
            "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ]
        let result = await (try Program(arguments, in: folder, executable: "/usr/bin/openssl")).end()
        try #require(result.status == 0, "\(result.errors)")
        return (folder.path + "/certificate.pem", folder.path + "/key.pem")
    }

    @Test func `a mail server takes every mail, behind STARTTLS and a login, and nothing without them`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let folder = try Fixture.temporaryFolder()
        guard let files = try await certificate(in: folder) else { return }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Servers/mailserver.py")
        let mails = try Python.start([script.path, files.certificate, files.key], in: folder)
        defer { mails.send(SIGKILL) }
        _ = await mails.until { $0.output.contains("\n") || !$0.isRunning }
        // aiosmtpd is not installed: ./dev setup says so.
        guard let port = Int(mails.output.trimmingCharacters(in: .whitespacesAndNewlines)) else { return }
        func alerts(_ more: String) -> String {
            """
              - file: {path: alerts.jsonl}
              - email:
                  server: localhost:\(port)
                  from: alerts@h.example
                  to: [a@h.example, b@h.example]
                  user: u
                  timeout: 20s
                  \(more)
            """
        }
        // Not a certificate that anybody vouches for.
        let stranger = try Workplace(configuration(server, alerts: alerts("password: pa55word")))
        let strange = try await stranger.run("once")
        #expect(strange.status == 75)
        #expect(strange.errors.contains("no secure connection to localhost: its certificate is self-signed"))
        // Nothing in the clear: it is the server that wants TLS here.
        let trust = ["SSL_CERT_FILE": files.certificate]
        let open = try Workplace(configuration(server, alerts: alerts("password: pa55word\n      tls: none")))
        let clear = try await open.run("once", environment: trust)
        #expect(clear.errors.contains("the mail server answered 530"), "\(clear.errors)")
        // A wrong password is kept as failed, and shown to nobody.
        let wrong = try Workplace(configuration(server, alerts: alerts("password: s3cr3tword")))
        let denied = try await wrong.run("once", environment: trust)
        #expect(denied.errors.contains("the mail server answered 535"), "\(denied.errors)")
        #expect(
            ![strange, clear, denied].contains { $0.errors.contains("pa55word") || $0.errors.contains("s3cr3tword") })
        // As it should be.
        let place = try Workplace(configuration(server, alerts: alerts("password: pa55word")))
        let last = try await place.run("once", environment: trust)
        #expect(last.status == 0, "\(last.errors)")
        let sent = try place.alerts(in: "alerts.jsonl").map { try #require($0) }
        let lines = mails.output.split(separator: "\n").dropFirst()
        let taken = try lines.map { try JSONDecoder().decode(Mail.self, from: Data($0.utf8)) }
        #expect(!sent.isEmpty && taken.count == sent.count * 2)
        for mail in taken {
            #expect(mail.tls && mail.authenticated && mail.defects.isEmpty && mail.type == "text/plain")
            #expect(mail.greeting == "h.example" && mail.sender == "alerts@h.example")
            #expect(mail.longest <= 998)
            let alert = try #require(
                sent.first { mail.headers["Message-ID"] == "<\($0.id.rawValue)@h.example>" }, "\(mail.headers)")
            let title = try #require(alert.item.title)
            #expect(mail.headers["Subject"] == "[high] \(title)")
            let url = try #require(alert.item.url)
            #expect(mail.text.contains(title) && mail.text.contains(url))
        }
    }

    @Test func `a mail server takes several alerts as one mail`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let folder = try Fixture.temporaryFolder()
        guard let files = try await certificate(in: folder) else { return }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Servers/mailserver.py")
        let mails = try Python.start([script.path, files.certificate, files.key], in: folder)
        defer { mails.send(SIGKILL) }
        _ = await mails.until { $0.output.contains("\n") || !$0.isRunning }
        guard let port = Int(mails.output.trimmingCharacters(in: .whitespacesAndNewlines)) else { return }
        let place = try Workplace(
            configuration(
                server,
                alerts: """
                      - file: {path: alerts.jsonl}
                      - email: {server: "localhost:\(port)", from: a@h.example, to: b@h.example, user: u,
                          password: pa55word, group: {wait: 1m}}
                    """))
        let result = try await place.run("once", environment: ["SSL_CERT_FILE": files.certificate])
        #expect(result.status == 0, "\(result.errors)")
        let sent = try place.alerts(in: "alerts.jsonl").map { try #require($0) }
        let lines = mails.output.split(separator: "\n").dropFirst()
        let taken = try lines.map { try JSONDecoder().decode(Mail.self, from: Data($0.utf8)) }
        #expect(sent.count > 1 && taken.count == 1)
        let mail = try #require(taken.first)
        #expect(mail.defects.isEmpty && mail.longest <= 998)
        #expect(mail.headers["Subject"] == "[high] \(sent.count) alerts")
        #expect(mail.headers["Message-ID"]?.hasPrefix("<ms_") == true)
        for alert in sent {
            for text in [alert.item.title, alert.item.url, alert.id.rawValue] {
                #expect(mail.text.contains(try #require(text)))
            }
        }
    }

    @Test func `a program gets the alert, and a check runs and asks nothing`() async throws {
        let server = try await NewsServer(serving: Self.samples)
        let place = try Workplace(
            configuration(
                server,
                alerts: """
                      - file: {path: alerts.jsonl}
                      - exec: {command: [./keep.sh, "two words"]}
                      - webhook: {format: slack, url: "\(server.url)/hook/s", gap: 0s}
                    """))
        try place.write("#!/bin/sh\ncat >> \"kept $1\"\n", to: "keep.sh")
        let script = place.folder.appendingPathComponent("keep.sh").path
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
        let check = try await place.run("check")
        #expect(check.status == 0, "\(check.errors)")
        #expect(try await server.requests.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: place.folder.path + "/kept two words"))
        let result = try await place.run("once")
        #expect(result.status == 0, "\(result.errors)")
        let kept = try place.alerts(in: "kept two words").map { try #require($0).id }
        let sent = try place.alerts(in: "alerts.jsonl").map { try #require($0).id }
        #expect(!sent.isEmpty && Set(kept) == Set(sent) && kept.count == sent.count)
    }
}
