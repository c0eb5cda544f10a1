import Foundation
import Model
import Synchronization
import TestSupport
import Testing

@testable import Fetching

@Suite struct CurlTransportTests {
    private let transport = CurlTransport(limits: FetchLimits())

    private func request(_ url: String, _ change: (inout FetchRequest) -> Void = { _ in }) -> FetchRequest {
        var policy = FetchPolicy()
        policy.allowPrivateAddresses = true
        // Tests beside this one may keep every core busy; what tests the time-out says so.
        policy.timeout = .seconds(3600)
        var request = FetchRequest(url: url, policy: policy)
        change(&request)
        return request
    }

    private func failure(_ request: FetchRequest) async -> TransportError? {
        do {
            _ = try await transport.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a proxy that does not connect is told of as such`() async throws {
        let proxy = try LoopbackServer { _ in .status(503) }
        let error = await failure(request("https://h.example/") { $0.policy.proxy = Secret(proxy.url) })
        #expect(error == .proxy(reason: "it does not connect (503)"))
    }

    @Test func `what a hop waits for its turn is not the server's time`() async throws {
        var limits = FetchLimits()
        limits.connections = 1
        let narrow = CurlTransport(limits: limits)
        let isBehind = Mutex(false)
        let server = try LoopbackServer { request in
            switch request.target {
            case "/from":
                while !isBehind.withLock({ $0 }) { usleep(1000) }
                return .status(302, headers: [("Location", "/to")])
            case "/slow":
                usleep(1_000_000)
                return .status(200, body: "slow")
            default: return .status(200, body: "there")
            }
        }
        // Until the other one came between the two hops: that it waits cannot be seen.
        for _ in 0..<20 {
            isBehind.withLock { $0 = false }
            let asked = server.requests.count
            let start = ContinuousClock.now
            async let led = narrow.send(request(server.url + "/from"))
            while server.requests.count == asked { try await Task.sleep(for: .milliseconds(1)) }
            async let slow = narrow.send(request(server.url + "/slow"))
            try await Task.sleep(for: .milliseconds(100))
            isBehind.withLock { $0 = true }
            let elapsed = try await led.elapsed
            let waited = ContinuousClock.now - start
            _ = try await slow
            guard server.requests.dropFirst(asked).map(\.target) == ["/from", "/slow", "/to"] else { continue }
            #expect(waited - elapsed >= .seconds(1))
            return
        }
        Testing.Issue.record("nothing came between")
    }

    @Test func `an answer comes whole, with its fields as bytes`() async throws {
        let server = try LoopbackServer { _ in
            .bytes(
                Array("HTTP/1.1 200 OK\r\nETag: W/\"a\u{e9}".utf8) + [0xFF]
                    + Array("\"\r\nContent-Length: 5\r\n\r\nhello".utf8))
        }
        let response = try await transport.send(request(server.url + "/feed"))
        #expect(response.status == 200)
        #expect(response.body == Array("hello".utf8))
        #expect(response.bytes(of: "etag") == Array("W/\"a\u{e9}".utf8) + [0xFF, 0x22])
        let headers = try #require(server.requests.first?.headers)
        #expect(headers["user-agent"] == Product.userAgent)
        #expect(headers["accept"]?.contains("application/atom+xml") == true)
        #expect(headers["accept-encoding"]?.contains("gzip") == true)
        #expect(headers["cookie"] == nil && headers["referer"] == nil)
    }

    @Test func `validators go out byte for byte, to the address that gave them`() async throws {
        let server = try LoopbackServer { _ in .status(304) }
        var validators = Validators(
            entityTag: Array("W/\"x, y\"".utf8), lastModified: Array("yesterday, about noon".utf8),
            url: server.url + "/feed")
        let response = try await transport.send(request(server.url + "/feed") { $0.validators = validators })
        #expect(response.status == 304)
        #expect(server.requests[0].headers["if-none-match"] == "W/\"x, y\"")
        #expect(server.requests[0].headers["if-modified-since"] == "yesterday, about noon")
        validators.url = server.url + "/other"
        _ = try await transport.send(request(server.url + "/feed") { $0.validators = validators })
        #expect(server.requests[1].headers["if-none-match"] == nil)
    }

    @Test func `redirects are followed and told of, and secrets stay with their origin`() async throws {
        let other = try LoopbackServer { _ in .status(200, body: "there") }
        let server = try LoopbackServer { request in
            switch request.target {
            case "/a": .status(302, headers: [("Location", "b?x=1#frag")])
            case "/b?x=1": .status(301, headers: [("Location", other.url + "/c")])
            default: .status(404)
            }
        }
        let url = server.url.replacingOccurrences(of: "http://", with: "http://user:pass@") + "/a"
        let response = try await transport.send(
            request(url) { $0.policy.headers = [RequestHeader(name: "X-Api-Key", value: Secret("s"))] })
        #expect(response.body == Array("there".utf8))
        #expect(response.url == other.url + "/c")
        #expect(response.redirects.map(\.status) == [302, 301])
        #expect(server.requests.allSatisfy { $0.headers["x-api-key"] == "s" && $0.headers["authorization"] != nil })
        #expect(other.requests[0].headers["x-api-key"] == nil)
        #expect(other.requests[0].headers["authorization"] == nil)
    }

    @Test func `an address that the user did not write gets no secrets of another origin`() async throws {
        let server = try LoopbackServer { _ in .status(200) }
        let other = try LoopbackServer { _ in .status(200) }
        let written = server.url.replacingOccurrences(of: "http://", with: "http://user:pass@") + "/feed"
        for url in [server.url + "/new", other.url + "/new"] {
            _ = try await transport.send(
                request(url) {
                    $0.origin = written
                    $0.policy.headers = [RequestHeader(name: "X-Api-Key", value: Secret("s"))]
                })
        }
        #expect(server.requests[0].headers["x-api-key"] == "s" && server.requests[0].headers["authorization"] != nil)
        #expect(other.requests[0].headers["x-api-key"] == nil && other.requests[0].headers["authorization"] == nil)
        let error = await failure(request(server.url) { $0.origin = "https://a.example/" })
        #expect(
            error
                == .badRedirect(
                    to: server.url + "/", reason: "which is not encrypted; write that address yourself if you accept it"
                ))
    }

    @Test(
        arguments: [
            ("https://a.example/x", "http://a.example/y", false), ("https://a.example/x", "http://b.example/", false),
            ("https://a.example/x", "//b.example/", true), ("https://a.example/x", "/y", true),
            ("http://a.example/x", "http://b.example/", true), ("http://a.example/x", "https://b.example/", true),
        ])
    func `a redirect does not take the encryption away`(_ from: String, _ location: String, _ isFollowed: Bool) throws {
        let address = try #require(WebAddress(from))
        let target = try? CurlTransport.target(of: location, from: address, address)
        #expect((target != nil) == isFollowed)
    }

    @Test func `a connection is kept when more is soon to be fetched from its host`() async throws {
        var server = try LoopbackServer { _ in .status(200) }
        // libcurl takes no connection again that has been idle for 118 seconds (CURLOPT_MAXAGE_CONN), and a busy machine can take as
        // long from one request to the next.
        while true {
            let started = ContinuousClock.now
            for _ in 0..<3 { _ = try await transport.send(request(server.url) { $0.keepsConnection = true }) }
            if ContinuousClock.now - started < .seconds(100) { break }
            server = try LoopbackServer { _ in .status(200) }
        }
        #expect(server.connectionCount == 1)
        for _ in 0..<2 { _ = try await transport.send(request(server.url)) }
        #expect(server.connectionCount == 2)
    }

    @Test func `a host in other letters is found, also where a redirect names it so`() async throws {
        let server = try LoopbackServer { request in
            request.target == "/%d0%bb%d0%b5%d0%bd%d1%82%d0%b0"
                ? .status(200, body: "read")
                : .status(301, headers: [("Location", "//\(request.headers["x-host"] ?? "")/лента")])
        }
        let host = "пример.localhost:\(server.port)"
        for url in ["http://\(host)/лента", "\(server.url)/moved"] {
            let response = try await transport.send(
                request(url) { $0.headers = [HeaderField(name: "X-Host", value: Array(host.utf8))] })
            #expect(response.body == Array("read".utf8))
            #expect(server.requests.last?.headers["host"] == "xn--e1afmkfd.localhost:\(server.port)")
        }
    }

    @Test func `what is no part of an answer has an end`() async throws {
        let server = try LoopbackServer { request in
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;"
            return .endless(Array(head.utf8), Array(repeating: UInt8(ascii: "e"), count: 100_000))
        }
        let error = await failure(request(server.url) { $0.policy.maxBodyBytes = 1000 })
        #expect(
            error == .badResponse(reason: "more than 1049576 bytes of it are neither its fields nor its body"))
        // Chunks of one byte are all right, however slow.
        let slow = try LoopbackServer { _ in
            .paced(
                Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8), Array("1\r\nx\r\n".utf8),
                times: 900,
                end: Array("0\r\n\r\n".utf8))
        }
        let response = try await transport.send(request(slow.url) { $0.policy.maxBodyBytes = 1000 })
        #expect(response.body.count == 900)
    }

    @Test func `an endless chain of redirects ends`() async throws {
        let server = try LoopbackServer { .status(302, headers: [("Location", $0.target + "x")]) }
        #expect(await failure(request(server.url + "/a")) == .tooManyRedirects(limit: 5))
        #expect(server.requests.count == 6)
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "", "javascript:1"])
    func `a redirect leads to http and https only`(_ location: String) async throws {
        let server = try LoopbackServer { _ in .status(302, headers: [("Location", location)]) }
        guard case .badRedirect = await failure(request(server.url)) else {
            Testing.Issue.record("not refused")
            return
        }
    }

    @Test func `a webhook's redirect is an answer`() async throws {
        let server = try LoopbackServer { _ in .status(307, headers: [("Location", "/elsewhere")]) }
        let response = try await transport.send(
            request(server.url) {
                $0.method = .post(body: Array("{}".utf8))
                $0.maxRedirects = 0
            })
        #expect(response.status == 307)
        #expect(server.requests.map(\.method) == ["POST"])
        #expect(server.requests[0].body == Array("{}".utf8))
    }

    @Test func `a body that is too large ends early`() async throws {
        let server = try LoopbackServer { _ in .status(200, body: String(repeating: "x", count: 200_000)) }
        let error = await failure(request(server.url) { $0.policy.maxBodyBytes = 100_000 })
        #expect(error == .tooLarge(limitBytes: 100_000))
    }

    @Test func `half a body is none`() async throws {
        let server = try LoopbackServer { _ in .bytes(Array("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf".utf8)) }
        guard case .incomplete = await failure(request(server.url)) else {
            Testing.Issue.record("not refused")
            return
        }
    }

    @Test(arguments: [
        "Content-Length: 50\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhal",
        "Content-Encoding: gzip\r\n\r\nno gzip",
    ])
    func `where the head settles it, a body that is cut off takes nothing from it`(_ rest: String) async throws {
        for (status, isSettled) in [(200, true), (202, true), (500, false)] {
            let server = try LoopbackServer { _ in .bytes(Array("HTTP/1.1 \(status) X\r\n\(rest)".utf8)) }
            var request = request(server.url) { $0.policy.headSettles = true }
            request.method = .post(body: [0x7B, 0x7D])
            let answer = try? await transport.send(request)
            if isSettled {
                #expect(answer?.status == status, "\(rest)")
            } else {
                #expect(answer == nil || rest.contains("gzip") || answer?.status == 500)
            }
        }
    }

    @Test func `where the head settles it, a long or endless body is not waited for`() async throws {
        let long = try LoopbackServer { _ in .status(200, body: String(repeating: "x", count: 200_000)) }
        let answer = try await transport.send(
            request(long.url) {
                $0.policy.maxBodyBytes = 100_000
                $0.policy.headSettles = true
            })
        #expect(answer.status == 200 && answer.body.isEmpty)
        // The answer itself has not begun.
        let torn = try LoopbackServer { _ in .bytes(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        #expect(await failure(request(torn.url) { $0.policy.headSettles = true }) != nil)
    }

    @Test func `silence ends with the time-out, which it names`() async throws {
        let server = try LoopbackServer { _ in .silence }
        let error = await failure(request(server.url) { $0.policy.timeout = .milliseconds(300) })
        #expect(error == .timedOut(after: .milliseconds(300)))
        #expect(error?.description == "no complete answer within 0.3 s (raise 'timeout' if the server is slow)")
    }

    @Test func `an address of this machine is refused unless allowed`() async throws {
        let server = try LoopbackServer { _ in .status(200) }
        for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433"] {
            let url = "http://\(host):\(server.port)/"
            guard case .forbiddenAddress = await failure(request(url) { $0.policy.allowPrivateAddresses = false })
            else {
                Testing.Issue.record("reached through \(host)")
                continue
            }
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `a kept connection does not bypass the guard`() async throws {
        let server = try LoopbackServer { _ in .status(200) }
        let post: (inout FetchRequest) -> Void = { $0.method = .post(body: []) }
        _ = try await transport.send(request(server.url, post))
        let error = await failure(
            request(server.url) {
                $0.method = .post(body: [])
                $0.policy.allowPrivateAddresses = false
            })
        guard case .forbiddenAddress = error else {
            Testing.Issue.record("\(String(describing: error))")
            return
        }
        #expect(server.requests.count == 1)
    }

    @Test func `one host gets as many requests at once as the policy says`() async throws {
        let gate = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { _ in
            gate.wait()
            return .status(200)
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask { _ = try? await transport.send(request(server.url) { $0.policy.perHost = 2 }) }
            }
            for _ in 0..<6 {
                while server.requests.isEmpty { try? await Task.sleep(for: .milliseconds(1)) }
                gate.signal()
            }
        }
        #expect(server.requests.count == 6)
    }

    @Test func `a cancelled request ends at once`() async throws {
        let server = try LoopbackServer { _ in .silence }
        let task = Task { await failure(request(server.url)) }
        while server.requests.isEmpty { try? await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        #expect(await task.value == .cancelled)
    }

    @Test func `after the end every request is cancelled`() async throws {
        let ended = CurlTransport(limits: FetchLimits())
        ended.shutDown()
        await #expect(throws: TransportError.cancelled) { try await ended.send(request("http://127.0.0.1:1/")) }
    }

    @Test func `a field with a line break is not sent`() async throws {
        let server = try LoopbackServer { _ in .status(200) }
        let error = await failure(
            request(server.url) { $0.policy.headers = [RequestHeader(name: "X", value: Secret("a\r\nHost: b"))] })
        guard case .unsupportedURL(let reason) = error else {
            Testing.Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.contains("Host: b"))
    }

    @Test(arguments: ["ftp://a.example/", "gopher://a.example/", "nonsense", "http://"])
    func `an address that cannot be fetched is refused`(_ url: String) async {
        guard case .unsupportedURL = await failure(request(url)) else {
            Testing.Issue.record("\(url)")
            return
        }
    }

    @Test func `a file is read, and a folder, a device and a large one are not`() async throws {
        let folder = try Fixture.temporaryFolder()
        let path = folder.path + "/a b.xml"
        try "feed".write(toFile: path, atomically: true, encoding: .utf8)
        let encoded = "file:" + path.replacingOccurrences(of: " ", with: "%20")
        #expect(try await transport.send(request(encoded)).body == Array("feed".utf8))
        let error = await failure(request(encoded) { $0.policy.maxBodyBytes = 3 })
        #expect(error == .tooLarge(limitBytes: 3))
        for url in ["file:" + folder.path, "file:/dev/zero", "file:/none"] {
            guard case .file = await failure(request(url)) else {
                Testing.Issue.record("\(url)")
                continue
            }
        }
    }
}

@Suite struct AddressPolicyTests {
    @Test(arguments: [
        "8.8.8.8", "1.1.1.1", "192.0.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "2606:4700::1111",
        "2001:4860:4860::8888", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2002:808:808::1",
    ])
    func `public addresses are public`(_ text: String) throws {
        #expect(AddressPolicy.isPublic(try #require(IPAddress(text))))
    }

    @Test(arguments: [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "168.63.129.16", "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::", "2002:a00:1::1", "2001:0:0:0:0:0:80ff:fffe", "::ffff:0:127.0.0.1", "100::1", "3fff::1",
    ])
    func `the others are not, whatever form they have`(_ text: String) throws {
        #expect(!AddressPolicy.isPublic(try #require(IPAddress(text))))
    }
}

@Suite struct SiteNameTests {
    @Test(
        arguments: [
            ("www.example.org", "example.org"), ("a.b.example.co.uk:8080", "example.co.uk"),
            ("Example.ORG", "example.org"),
            ("news.gov.kz", "news.gov.kz"), ("www.news.gov.kz", "news.gov.kz"),
            // Each writes there for himself.
            ("someone.blogspot.com", "someone.blogspot.com"), ("someone.github.io", "someone.github.io"),
            // Those that fetch for others, and what nobody registered.
            ("rsshub.app", nil), ("a.rsshub.app", nil), ("co.uk", nil), ("localhost", nil), ("localhost:80", nil),
            ("a.localhost", nil), ("printer.local", nil), ("127.0.0.1:8080", nil), ("[2001:db8::1]:80", nil), ("", nil),
            ("nas", nil),
            // One site in either spelling.
            ("Жаңалық.Азаттық.қаз", "xn--80aau9ba8c67a.xn--80ao21a"),
            ("xn--80aau9ba8c67a.xn--80ao21a:81", "xn--80aau9ba8c67a.xn--80ao21a"),
            ("www.新疆.中国", "xn--efv956a.xn--fiqs8s"), ("www.example.org.", "example.org"),
            ("қаз", nil), ("газета.орг.рф", "xn--c1avg.xn--p1ai"),
        ] as [(String, String?)])
    func `The site of a host`(_ host: String, _ site: String?) {
        #expect(SiteName.site(of: host) == site)
    }

    @Test func `what its user knows to fetch for others has no site`() {
        let known = KnownHosts(shared: ["hub.example.org", "192.0.2.1"])
        #expect(SiteName.site(of: "a.hub.example.org:1200", known) == nil)
        #expect(SiteName.site(of: "HUB.example.org", known) == nil)
        #expect(SiteName.site(of: "nohub.example.org", known) == "example.org")
    }
}

@Suite struct HostGapTests {
    @Test(
        arguments: [
            ("example.org", 2), ("example.org:8080", 2), ("8.8.8.8", 2), ("old.Reddit.com", 60), ("notreddit.com", 2),
            ("api.gdeltproject.org", 5), ("", 0), ("localhost", 0), ("127.0.0.1:8080", 0), ("192.168.1.4", 0),
            ("[::1]:80", 0), ("[2606:4700::1111]", 2), ("[2606:4700::1111]:80", 2), ("nas", 0), ("nas.local", 0),
            ("a.localhost:1", 0),
        ] as [(String, Int)])
    func `Hosts of the Internet are spared, our own are not`(_ host: String, _ seconds: Int) {
        #expect(SiteName.gap(of: host) == .seconds(seconds))
    }

    @Test func `a gap that its user gives holds for the host and those below, and before ours`() {
        let known = KnownHosts(gaps: [
            "example.org": .seconds(10), "slow.example.org": .seconds(30), "nas": .seconds(3),
        ])
        #expect(SiteName.gap(of: "www.example.org", known) == .seconds(10))
        #expect(SiteName.gap(of: "a.slow.example.org:80", known) == .seconds(30))
        #expect(SiteName.gap(of: "nas", known) == .seconds(3))
        #expect(SiteName.gap(of: "www.example.org.", known) == .seconds(10))
        let russian = KnownHosts(gaps: ["xn--e1afmkfd.xn--p1ai": .seconds(9)])
        #expect(SiteName.gap(of: "www.Пример.рф:80", russian) == .seconds(9))
        #expect(SiteName.gap(of: "anexample.org", known) == .seconds(2))
        #expect(SiteName.gap(of: "reddit.com", KnownHosts(gaps: ["reddit.com": .seconds(6)])) == .seconds(6))
    }
}

@Suite struct HostLimitsTests {
    @Test func `hosts take turns and limits hold`() {
        var limits = HostLimits()
        for id in 0..<4 { limits.enqueue(UInt64(id), host: "a", perHost: 2) }
        limits.enqueue(9, host: "b", perHost: 2)
        #expect(limits.next(limit: 10).map(\.id) == [0, 9, 1])
        #expect(limits.next(limit: 10).isEmpty)
        limits.finish("a")
        #expect(limits.next(limit: 10).map(\.id) == [2])
        let withdrawn = [limits.withdraw(3, host: "a"), limits.withdraw(3, host: "a")]
        #expect(withdrawn == [true, false])
        for host in ["a", "a", "b"] { limits.finish(host) }
        #expect(limits.isIdle)
    }

    @Test func `the limit on all holds`() {
        var limits = HostLimits()
        for id in 0..<5 { limits.enqueue(UInt64(id), host: "\(id)", perHost: 2) }
        #expect(limits.next(limit: 3).count == 3)
        #expect(limits.active == 3)
    }
}
