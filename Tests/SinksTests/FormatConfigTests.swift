import Foundation
import Model
import TestSupport
import Testing

/// What `tocsin check` says of formats, mail and programs.
@Suite struct FormatConfigTests {
    @Test(arguments: [
        ("format: slak, url: 'https://h.example/'", "no format is called 'slak'; did you mean 'slack'?"),
        (
            "format: slack, url: 'https://h.example/', secret_file: x",
            "'secret_file' is of no use with the format 'slack'; remove it"
        ),
        ("format: slack", "a webhook without a 'url'; add 'url: https://…'"),
        ("format: telegram, chat: 1", "the format 'telegram' needs a 'token'; add 'token: ${…}' or 'token_file: …'"),
        (
            "format: telegram, token: '7:x'",
            "the format 'telegram' needs a 'chat'; add 'chat: -1001234567890'"
        ),
        (
            "format: telegram, token: '7:x', chat: family",
            "'chat' is neither a number nor a channel's @name; write it as -1001234567890 or '@channel'"
        ),
        (
            "format: telegram, token: 's3cret/../x', chat: 1",
            "'token' is none of Telegram's; copy it again from @BotFather: digits, ':', and letters"
        ),
        (
            "format: matrix, url: 'https://h.example', token: 's3 cret', room: '!a:b'",
            "'token' has white space or other characters that no token has; copy it again"
        ),
        (
            "format: matrix, url: 'https://h.example', token: x, room: '#a:b'",
            "'room' is no room's id; write it as '!abc:example.org' (in Element: room settings, Advanced); "
                + "a '#name' is an alias"
        ),
        (
            "format: matrix, url: 'https://h.example?s3cret', token: x, room: '!a:b'",
            "the 'url' of the format 'matrix' has a query or a fragment; write the server's address alone"
        ),
        ("format: ntfy", "the format 'ntfy' needs a 'topic'; add 'topic: ${…}' or 'topic_file: …'"),
        (
            "format: ntfy, url: 'https://h.example/s3cret%2F'",
            "'topic' is none of ntfy's; use up to 64 letters, digits, '_' and '-'"
        ),
        ("format: ntfy, topic: a/b", "'topic' is none of ntfy's; use up to 64 letters, digits, '_' and '-'"),
        (
            "format: gotify, url: 'https://h.example'",
            "the format 'gotify' needs a 'token'; add 'token: ${…}' or 'token_file: …'"
        ),
        (
            "format: pagerduty",
            "the format 'pagerduty' needs a 'routing_key'; add 'routing_key: ${…}' or 'routing_key_file: …'"
        ),
        (
            "format: alertmanager, url: 'https://h.example', resolve_after: 1s",
            "'resolve_after' is out of bounds; it takes 1m to 7d"
        ),
        (
            "format: cloudevents, url: 'https://h.example', source: 'a b'",
            "'source' is no URI reference; write it as https://example.org/tocsin, or /tocsin"
        ),
        (
            "format: teams, url: 'http://h.example/s3cret'",
            "alerts for 'teams' go through the net unencrypted; write 'https://…'"
        ),
        (
            "format: template, url: 'https://h.example'",
            "the format 'template' needs a 'body'; add 'body: {text: \"{{title}} {{url}}\"}'"
        ),
        (
            "format: template, url: 'https://h.example', body: '{{title}}'",
            "'body' is a single value; write it as a mapping or a list; JSON can stand there as it is"
        ),
        (
            "format: template, url: 'https://h.example', body: {a: '{{titel}}'}",
            "nothing is called '{{titel}}'; did you mean '{{title}}'?"
        ),
        (
            "format: template, url: 'https://h.example', body: {a: '{{title'}",
            "a '{{' that never closes; add '}}', or write one brace"
        ),
        (
            "format: template, url: 'https://h.example', body: {a: '{{title:0}}'}",
            "'{{title:0}}' has no proper length; write it as {{title:200}}"
        ),
        (
            "format: template, url: 'https://h.example', body: {a: {{title}}}",
            "a placeholder without quotes; write it as \"{{title}}\""
        ),
        (
            "format: template, url: 'https://h.example', body: {a: b}",
            "'body' has no placeholder: every alert would be the same; add one, such as {{title}}"
        ),
        (
            "format: template, url: 'https://h.example', method: GET, body: {a: '{{id}}'}",
            "'method' is neither POST nor PUT; use one of them"
        ),
        (
            "format: slack, url: 'https://h.example/', disclose: some",
            "'disclose' cannot be 'some'; it takes full, title or pointer"
        ),
        ("format: slack, url: 'https://h.example/', chat: 1", "unknown key 'chat'; "),
    ])
    func `a fault of a format is told with its remedy`(_ keys: String, _ message: String) throws {
        let (_, issues, _) = try FormatLab.make("  - webhook: {\(keys)}")
        let texts = issues.map { "\($0.fault); \($0.remedy)" }
        #expect(texts.count == 1 && texts[0].hasPrefix(message), "\(texts)")
        #expect(issues.allSatisfy { $0.location != nil })
        #expect(!texts.joined().contains("s3cret"))
    }

    @Test(arguments: [
        ("from: a@h.example, to: b@h.example", "a mail sink without a 'server'; add 'server: smtp.example.org'"),
        ("server: h.example, to: b@h.example", "a mail sink without a 'from'; add 'from: alerts@example.org'"),
        ("server: h.example, from: a@h.example", "a mail sink without a 'to'; add 'to: you@example.org'"),
        (
            "server: h.example, from: a@h.example, to: \"b@h.example\\r\\nBcc: x@y\"",
            "'b@h.example  Bcc: x@y' is no mail address; write it as name@example.org, alone"
        ),
        (
            "server: h.example, from: 'Tocsin <a@h.example>', to: b@h.example",
            "'Tocsin <a@h.example>' is no mail address; write it as name@example.org, alone"
        ),
        (
            "server: 'smtp://h.example', from: a@h.example, to: b@h.example",
            "'server' names no mail server; write it as smtp.example.org or smtp.example.org:465"
        ),
        (
            "server: 'h.example:0', from: a@h.example, to: b@h.example",
            "'server' names no mail server; write it as smtp.example.org or smtp.example.org:465"
        ),
        (
            "server: h.example, tls: maybe, from: a@h.example, to: b@h.example",
            "'tls' cannot be 'maybe'; it takes starttls, implicit or none"
        ),
        (
            "server: h.example, user: u, from: a@h.example, to: b@h.example",
            "a login needs both 'user' and 'password'; add the other, or remove it"
        ),
        (
            "server: h.example, user: u, password: s3cret, tls: none, from: a@h.example, to: b@h.example",
            "the password and alerts go through the net unencrypted; remove 'tls: none'"
        ),
    ])
    func `a fault of a mail sink is told with its remedy`(_ keys: String, _ message: String) throws {
        let (_, issues, _) = try FormatLab.make("  - email: {\(keys)}")
        let texts = issues.map { "\($0.fault); \($0.remedy)" }
        #expect(texts == [message])
        #expect(issues.allSatisfy { $0.location != nil })
    }

    /// What cannot be read is no reason to say that it is not there.
    @Test func `a password that cannot be read is told of once`() throws {
        let keys = "server: h.example, user: u, password_file: none, from: a@h.example, to: b@h.example"
        let (_, issues, _) = try FormatLab.make("  - email: {\(keys)}")
        #expect(issues.count == 1 && issues[0].fault.contains("secret's file"), "\(issues)")
    }

    @Test(arguments: [
        ("timeout: 5s", "an exec sink without a 'command'; add 'command: [./notify.sh]'"),
        (
            "command: [./none.sh]",
            "'./none.sh' in 'command' is no program that can be run; "
                + "check its path and its permissions; no shell reads 'command'"
        ),
        (
            "command: 'true; rm -rf /'",
            "'true; rm -rf /' in 'command' is no program that can be run; "
                + "check its path and its permissions; no shell reads 'command'"
        ),
        (
            "command: ['true'], env: {'a=b': c}",
            "'a=b' in 'env' is no environment variable; write it as 'HOME: ${HOME}'"
        ),
        ("command: ['true'], timeout: 1h", "'timeout' is out of bounds; it takes 1s to 2m"),
    ])
    func `a fault of an exec sink is told with its remedy`(_ keys: String, _ message: String) throws {
        let (_, issues, _) = try FormatLab.make("  - exec: {\(keys)}")
        #expect(issues.map { "\($0.fault); \($0.remedy)" } == [message])
        #expect(issues.allSatisfy { $0.location != nil })
    }

    @Test func `sinks of one kind are told apart, and their names show no secret`() throws {
        let (sinks, issues, _) = try FormatLab.make(
            """
              - webhook: {format: telegram, token: '7:s3cret', chat: 1}
              - webhook: {format: telegram, token: '7:s3cret', chat: 2}
              - webhook: {format: slack, url: 'https://hooks.slack.example/services/T/B/s3cret'}
              - webhook: {format: ntfy, topic: s3cret}
              - email: {server: h.example, from: a@h.example, to: b@h.example, user: u, password: s3cret}
              - exec: {command: ['true']}
            """)
        #expect(issues.isEmpty)
        let names = sinks.map(\.name.rawValue)
        #expect(Set(names).count == 6)
        #expect(!names.joined().contains("s3cret"))
        #expect(names.suffix(2) == ["email:b@h.example", "exec:true"])
    }

    @Test func `an address can lie in a file`() async throws {
        let transport = ScriptedTransport { .success(FetchResponse(status: 200, body: Array("ok".utf8), url: $0.url)) }
        let folder = try Fixture.temporaryFolder()
        let file = folder.appendingPathComponent("url")
        try "https://hooks.example/s3cret\n".write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        let (sinks, issues, _) = try FormatLab.make("  - webhook: {format: slack, url_file: '\(file.path)'}", transport)
        #expect(issues.isEmpty)
        #expect(await sinks.first?.deliver(FormatLab.delivery(FormatLab.story())) == .delivered)
        #expect(transport.requests.first?.url == "https://hooks.example/s3cret")
    }

    @Test func `checking sends nothing`() throws {
        let transport = ScriptedTransport { _ in .failure(.cancelled) }
        let all = FormatLab.formats.map { "  - webhook: {format: \($0.name), \($0.keys), name: \($0.name)}" }
        let (sinks, issues, _) = try FormatLab.make(
            (all + ["  - email: {server: h.example, from: a@h.example, to: b@h.example}"]).joined(separator: "\n"),
            transport)
        #expect(issues.isEmpty)
        #expect(sinks.count == FormatLab.formats.count + 1)
        #expect(transport.requests.isEmpty && transport.mails.isEmpty)
    }

    @Test func `tokens go in headers of the receiver's own origin, and are no one else's to set`() async throws {
        for (name, header, value) in [
            ("matrix", "Authorization", "Bearer \(FormatLab.token)"), ("gotify", "X-Gotify-Key", FormatLab.token),
        ] {
            let sent = try await FormatLab.send(
                FormatLab.story(), try FormatLab.format(name), more: "headers: {\(header.lowercased()): other}")
            #expect(sent.request.policy.headers.map(\.name) == [header])
            #expect(sent.request.policy.headers.first?.value == Secret(value))
            #expect(!sent.request.url.contains(FormatLab.token))
            #expect(sent.request.maxRedirects == 0)
        }
    }

    @Test func `a CloudEvent is signed as every webhook when there is a secret`() async throws {
        let sent = try await FormatLab.send(
            FormatLab.story(), try FormatLab.format("cloudevents"), more: "secret: \(FormatLab.secret)")
        let names = sent.request.headers.map { $0.name.lowercased() }
        #expect(names == ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(sent.request.headers[0].value == Array("application/cloudevents+json".utf8))
        let without = try await FormatLab.send(FormatLab.story(), try FormatLab.format("cloudevents"))
        #expect(without.request.headers.count == 1)
    }

    @Test func `a template keeps its structure whatever is filled in`() async throws {
        let keys =
            #"url: 'https://h.example/', body: {"a {{title}}": [1, -2.5e3, null, "x{{ title : 3 }}y", "{{id}}{{url}}"], "b": {"c": "no"}}"#
        let transport = ScriptedTransport { _ in .success(FetchResponse(status: 200, url: "")) }
        let (sinks, issues, _) = try FormatLab.make("  - webhook: {format: template, \(keys)}", transport)
        #expect(issues.map(\.fault) == ["a placeholder in a key stays as it is written"])
        #expect(issues.allSatisfy { $0.severity == .warning })
        _ = await (try #require(sinks.first)).deliver(FormatLab.delivery(FormatLab.story(title: #"{{id}}"],"x"#)))
        guard case .post(let body)? = transport.requests.first?.method else { throw CancellationError() }
        #expect(
            String(decoding: body, as: UTF8.self)
                == #"{"a {{title}}":[1,-2.5e3,null,"x{{…y","al_7f3c0000000000000000000000000001https://dala.example/1?a=1&b=2"],"b":{"c":"no"}}"#
        )
    }

    @Test func `ntfy's topic can stand in its address`() async throws {
        let format = FormatLab.Format(name: "ntfy", keys: "url: 'https://h.example/topic1/'", thanks: (200, "{}"))
        let sent = try await FormatLab.send(FormatLab.story(), format)
        #expect(sent.request.url == "https://h.example/")
        #expect((try sent.json() as? [String: Any])?["topic"] as? String == "topic1")
    }

    @Test func `a watch goes by its codename outside`() async throws {
        let sent = try await FormatLab.send(FormatLab.story(), try FormatLab.format("standard"))
        let data = try #require((try sent.json() as? [String: Any])?["data"] as? [String: Any])
        #expect(data["watches"] as? [String] == ["family", "oak"])
        #expect(FormatLab.strings(data).allSatisfy { $0 != "camps" })
        // What it looks for would tell as much.
        let matches = try #require(data["matches"] as? [[String: Any]])
        for match in matches where match["watch"] as? String == "oak" {
            #expect(match["pattern"] as? String == "oak")
            #expect(match["text"] as? String == "oak")
            #expect(match["context"] as? String == "")
        }
        #expect(matches.contains { $0["watch"] as? String == "oak" })
    }
}
