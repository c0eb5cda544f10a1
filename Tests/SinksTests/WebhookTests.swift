import Config
import Foundation
import Model
import Sinks
import TestSupport
import Testing

@Suite struct WebhookTests {
    static let now = Date(timeIntervalSince1970: 1_614_265_330)
    /// Of the specification's tests.
    private static let published = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let secret = "whsec_yOMWYdnFG40tlkoJnRcnccrxVv7AY4aW"

    /// The sinks that an `alerts:` list makes, and what is wrong with it.
    static func make(
        _ alerts: String, _ transport: any Transport = ScriptedTransport { _ in .failure(.cancelled) }
    ) throws -> (SinkSet, [Model.Issue]) {
        let folder = try Fixture.temporaryFolder()
        let file = folder.appendingPathComponent("feeds.yaml")
        try "alerts:\n\(alerts)\n".write(to: file, atomically: true, encoding: .utf8)
        let (configuration, _) = ConfigLoader.load(file.path, environment: [:])
        var issues: [Model.Issue] = []
        let set = SinkFactory.make(
            try #require(configuration).alerts, watches: ["family"], tags: ["x"],
            tools: SinkTools(transport: transport, clock: ManualClock(now), colour: false), issues: &issues)
        return (set, issues)
    }

    private static let delivery = Delivery(
        id: .init(alert: AlertID("msg_p5jXN8AQM9LWM0D4loKWxJek"), sink: SinkName("hook")),
        body: Array("{\"test\": 2432232314}".utf8), attempts: 0, firstTry: nil)

    private func outcome(_ answer: Result<FetchResponse, TransportError>) async throws -> DeliveryOutcome {
        let (set, _) = try Self.make(
            "  - webhook: {url: 'https://h.example/', secret: \(Self.secret)}", ScriptedTransport { _ in answer })
        return await (try #require(set.sinks.first)).deliver(Self.delivery)
    }

    @Test func `a request is signed as the specification's vector`() async throws {
        let transport = ScriptedTransport { .success(FetchResponse(status: 204, url: $0.url)) }
        let (set, issues) = try Self.make(
            "  - webhook: {name: hook, url: 'https://h.example/p', secret: \(Self.published)}", transport)
        #expect(issues.map(\.severity) == [.warning])
        #expect(await (try #require(set.sinks.first)).deliver(Self.delivery) == .delivered)
        let request = try #require(transport.requests.first)
        let headers = Dictionary(
            request.headers.map { ($0.name.lowercased(), String(decoding: $0.value, as: UTF8.self)) }
        ) { $1 }
        #expect(headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek")
        #expect(headers["webhook-timestamp"] == "1614265330")
        #expect(headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(request.method == .post(body: Self.delivery.body))
        #expect(request.maxRedirects == 0)
    }

    @Test(arguments: [200, 201, 204, 299])
    func `2xx is success`(_ status: Int) async throws {
        #expect(try await outcome(.success(FetchResponse(status: status, url: ""))) == .delivered)
    }

    @Test(arguments: [301, 302, 303, 307, 308, 408, 425, 429, 500, 502, 503, 504])
    func `what may pass is tried again`(_ status: Int) async throws {
        guard case .deferred = try await outcome(.success(FetchResponse(status: status, url: ""))) else {
            Testing.Issue.record("not deferred")
            return
        }
    }

    @Test(arguments: [400, 401, 403, 404, 413, 422])
    func `what needs a person is tried again all the same, and says so`(_ status: Int) async throws {
        let (set, _) = try Self.make(
            "  - webhook: {url: 'https://h.example/', secret: \(Self.secret)}",
            ScriptedTransport { _ in .success(FetchResponse(status: status, url: "")) })
        let reply = await (try #require(set.sinks.first)).attempt(Self.delivery)
        guard case .deferred(_, nil) = reply.outcome, reply.bearing == .refusal else {
            Testing.Issue.record("\(reply)")
            return
        }
    }

    @Test func `410 stops the sink`() async throws {
        guard case .gone = try await outcome(.success(FetchResponse(status: 410, url: ""))) else {
            Testing.Issue.record("not gone")
            return
        }
    }

    @Test(
        arguments: [
            ("7", 7), ("0", 0), ("99999999999999999999", 86_400), ("Thu, 25 Feb 2021 15:02:20 GMT", 10),
            ("Thursday, 25-Feb-21 15:02:20 GMT", 10), ("Thu Feb 25 15:02:20 2021", 10), (" 7 ", 7), ("1.0", 1),
            ("٣", nil),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400), ("Thu, 25 Feb 2010 14:42:20 GMT", 0), ("-5", nil), ("soon", nil),
            ("1e400", nil),
        ] as [(String, Int64?)])
    func `Retry-After is seconds or a date`(_ value: String, _ seconds: Int64?) async throws {
        let response = FetchResponse(
            status: 503, headers: [HeaderField(name: "retry-after", value: Array(value.utf8))], url: "")
        let expected = DeliveryOutcome.deferred(
            reason: "the receiver answered with status 503", retryAfter: seconds.map { .seconds($0) })
        #expect(try await outcome(.success(response)) == expected)
    }

    @Test(arguments: [TransportError.timedOut(after: .seconds(20)), .cannotResolve(host: "h.example"), .cancelled])
    func `no answer is tried again`(_ error: TransportError) async throws {
        #expect(try await outcome(.failure(error)) == .deferred(reason: "\(error)", retryAfter: nil))
    }

    @Test(arguments: [
        ("nothing", "the webhook's secret does not begin with 'whsec_'"),
        ("whsec_***", "the webhook's secret is not base64 behind 'whsec_'"),
        ("whsec_c2hvcnQ=", "the webhook's secret has 5 bytes, and 24 to 64 are asked for"),
        ("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "the webhook's secret repeats itself: it can be guessed"),
    ])
    func `a weak or malformed secret is a fault that does not show it`(_ secret: String, _ fault: String) throws {
        let (_, issues) = try Self.make("  - webhook: {url: 'https://h.example/', secret: '\(secret)'}")
        #expect(issues.map(\.fault) == [fault])
    }

    @Test func `a secret that is published is warned of`() throws {
        let (set, issues) = try Self.make("  - webhook: {url: 'https://h.example/', secret: '\(Self.published)'}")
        #expect(issues.map(\.severity) == [.warning] && set.sinks.count == 1)
        #expect(issues.first?.fault.contains("everybody can sign with it") == true)
        #expect(issues.first.map { "\($0)".contains("MfKQ") } == false)
    }

    @Test(arguments: [
        ("  - webhok: {url: 'https://h.example/'}", "no sink is called 'webhok'"),
        ("  - stdout: {format: xml}", "'format' cannot be 'xml'"),
        ("  - stdout: {colour: red}", "unknown key 'colour'"),
        ("  - stdout\n  - stdout", "two sinks are called 'stdout'"),
        ("  - file: {}", "a file sink without a 'path'"),
        ("  - file: {path: none/a.jsonl}", "the folder of 'path' does not exist"),
        ("  - file: {path: a.jsonl, rotate: 1kB}", "'rotate' is out of bounds"),
        ("  - webhook: {secret: \(secret)}", "a webhook without a 'url'"),
        ("  - webhook: {url: 'ftp://h', secret: \(secret)}", "addresses that begin with 'ftp:' are not fetched"),
        (
            "  - webhook: {url: 'https://h.example/', secret: \(secret), format: slack}",
            "'secret' is of no use with the format 'slack'"
        ),
        ("  - webhook: {url: 'https://h.example/', secret: \(secret), format: slak}", "no format is called 'slak'"),
        (
            "  - webhook: {url: 'https://h.example/', secret: \(secret), only: [famly]}",
            "'famly' in 'only' is no watch, tag or severity"
        ),
        ("  - webhook: {url: 'https://h.example/', secret: \(secret), timeout: 1h}", "'timeout' is out of bounds"),
        ("  - emial: {to: a}", "no sink is called 'emial'"),
        (
            "  - webhook: {url: 'https://h.example/'}",
            "a webhook without a 'secret': its receiver cannot tell our alerts from others'"
        ),
    ])
    func `a fault of a sink's configuration is told`(_ alerts: String, _ fault: String) throws {
        #expect(try Self.make(alerts).1.map(\.fault) == [fault])
    }

    @Test func `a fault of a sink has its place and its remedy`() throws {
        let (_, issues) = try Self.make(
            """
              - webhook:
                  url: 'https://h.example/?token=s3cret'
                  secret: whsec_c2hvcnQ=
                  format: cloudevents
                  tiemout: 5s
                  headers: {webhook-signature: s3cret, X-Key: s3cret}
                  only: [family, famly]
              - file:
                  path: a.jsonl
                  keep: 0
              - stdout: {name: "", format: jsn}
            """)
        let placed = issues.sorted { left, right in
            guard let first = left.location, let second = right.location else { return left.location != nil }
            return first < second
        }
        let lines = placed.map { issue in
            let place = issue.location.map { "\($0.line):\($0.column)" } ?? ""
            return "\(place): \(issue.fault); \(issue.remedy)"
        }
        let openssl = "make one with: echo whsec_$(openssl rand -base64 32)"
        #expect(
            lines == [
                "4:15: the webhook's secret has 5 bytes, and 24 to 64 are asked for; \(openssl)",
                "6:7: unknown key 'tiemout'; did you mean 'timeout'?",
                "7:17: the header field 'webhook-signature' cannot be set; remove it; it is made by the transfer",
                "8:22: 'famly' in 'only' is no watch, tag or severity; did you mean 'family'?",
                "11:13: 'keep' is out of bounds; it takes 1 to 1000",
                "12:21: the name of a sink is not one line of 1 to 100 characters; write one",
                "12:32: 'format' cannot be 'jsn'; it takes text or json",
            ])
    }

    @Test func `a secret can lie in a file`() async throws {
        let folder = try Fixture.temporaryFolder()
        let path = folder.path + "/secret"
        try (Self.published + "\r\n").write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        // As container runtimes do: everybody may read the link.
        try FileManager.default.createSymbolicLink(atPath: path + ".link", withDestinationPath: path)
        let transport = ScriptedTransport { .success(FetchResponse(status: 204, url: $0.url)) }
        let (set, issues) = try Self.make(
            "  - webhook: {url: 'https://h.example/p', secret_file: '\(path).link'}", transport)
        #expect(issues.map(\.severity) == [.warning])
        _ = await set.sinks.first?.deliver(Self.delivery)
        let signature = transport.requests.first?.headers.last
        #expect(signature?.value == Array("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=".utf8))
    }

    @Test(arguments: [
        ("none", "the secret's file does not exist"), ("empty", "the secret's file is empty or no text"),
        ("nothing", "the secret's file is empty or no text"),
        ("large", "the secret's file is larger than 64 kB"), (".", "the secret's file cannot be read"),
        ("open", "everybody can read the secret's file"), ("wide", "everybody can read and change the secret's file"),
        ("shared", "its group can change the secret's file"), ("binary", "the secret's file is empty or no text"),
    ])
    func `a fault of a secret's file is told`(_ name: String, _ fault: String) throws {
        let folder = try Fixture.temporaryFolder()
        let contents: [(String, Data, Int)] = [
            ("empty", Data("\n".utf8), 0o600), ("nothing", Data(), 0o600),
            ("large", Data(repeating: 0x78, count: 70_000), 0o600),
            ("open", Data(Self.secret.utf8), 0o644), ("wide", Data(Self.secret.utf8), 0o666),
            ("shared", Data(Self.secret.utf8), 0o620), ("binary", Data([0xFF, 0xFE]), 0o600),
        ]
        for (name, data, mode) in contents {
            let file = folder.appendingPathComponent(name)
            try data.write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        }
        let (_, issues) = try Self.make(
            "  - webhook: {url: 'https://h.example/p', secret_file: '\(folder.path)/\(name)'}")
        #expect(issues.map(\.fault) == [fault])
        #expect(issues.map(\.severity) == [["open", "wide", "shared"].contains(name) ? .warning : .error])
    }

    /// A service's group reads files that are root's; its owner needs no group.
    @Test func `a group that can read a secret's file is told of where it has no part in it`() throws {
        let file = try Fixture.temporaryFolder().appendingPathComponent("secret")
        try Data(Self.secret.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
        let (_, issues) = try Self.make("  - webhook: {url: 'https://h.example/p', secret_file: '\(file.path)'}")
        #expect(issues.map(\.fault) == (geteuid() == 0 ? [] : ["its group can read the secret's file"]))
    }

    @Test func `a new and an old secret sign side by side`() async throws {
        let transport = ScriptedTransport { .success(FetchResponse(status: 204, url: $0.url)) }
        let other = "whsec_" + Data((0..<32).map { UInt8($0) }).base64EncodedString()
        let (set, issues) = try Self.make(
            "  - webhook: {url: 'https://h.example/p', secret: [\(other), \(Self.published)]}", transport)
        #expect(issues.map(\.severity) == [.warning])
        _ = await set.sinks.first?.deliver(Self.delivery)
        let signatures = String(decoding: transport.requests.first?.headers.last?.value ?? [], as: UTF8.self).split(
            separator: " ")
        #expect(signatures.count == 2)
        #expect(signatures.last == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `what is asked for holds for the request`() async throws {
        let transport = ScriptedTransport { .success(FetchResponse(status: 204, url: $0.url)) }
        let (set, issues) = try Self.make(
            """
              - webhook:
                  url: 'http://127.0.0.1:1/p'
                  secret: \(Self.secret)
                  timeout: 3s
                  proxy: socks5h://127.0.0.1:9050
                  allow_private_addresses: true
                  headers: {Authorization: Bearer x}
            """, transport)
        #expect(issues.isEmpty)
        _ = await set.sinks.first?.deliver(Self.delivery)
        let policy = try #require(transport.requests.first?.policy)
        #expect(policy.timeout == .seconds(3))
        #expect(policy.proxy == Secret("socks5h://127.0.0.1:9050"))
        #expect(policy.allowPrivateAddresses)
        #expect(policy.headers == [RequestHeader(name: "Authorization", value: Secret("Bearer x"))])
    }

    /// Rooms have an order and a rate; programs tell alerts apart by their ids.
    @Test func `programs are sent many at once, and rooms one after the other`() throws {
        for format in FormatLab.formats {
            let (sinks, _, _) = try FormatLab.make("  - webhook: {format: \(format.name), \(format.keys)}")
            let isOfPrograms = ["standard", "cloudevents"].contains(format.name)
            #expect(sinks.map(\.concurrency) == [isOfPrograms ? 16 : 1], "\(format.name)")
        }
    }

    @Test func `two hooks of one host are two sinks`() throws {
        let (set, issues) = try Self.make(
            """
              - webhook: {url: 'https://h.example/a', secret: \(Self.secret)}
              - webhook: {url: 'https://h.example/b', secret: \(Self.secret)}
            """)
        #expect(issues.isEmpty)
        #expect(Set(set.sinks.map(\.name)).count == 2)
        #expect(set.sinks.allSatisfy { $0.name.rawValue.hasPrefix("webhook:h.example/") })
    }
}
