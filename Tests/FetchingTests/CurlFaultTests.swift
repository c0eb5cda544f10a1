import Fetching
import Model
import TestSupport
import Testing

/// What libcurl's codes are to people.
@Suite struct CurlFaultTests {
    private let transport = CurlTransport(limits: FetchLimits())

    private func failure(_ url: String, proxy: String? = nil) async -> TransportError? {
        var policy = FetchPolicy()
        policy.allowPrivateAddresses = true
        policy.proxy = proxy.map { Secret($0) }
        do {
            _ = try await transport.send(FetchRequest(url: url, policy: policy))
            return nil
        } catch {
            return error
        }
    }

    @Test func `who refuses is told from who does not answer`() async {
        // Nobody listens there.
        let url = "http://127.0.0.1:1"
        #expect(await failure(url) == .cannotConnect(host: "127.0.0.1", reason: "connection refused"))
        #expect(await failure("http://h.example/", proxy: url) == .proxy(reason: "connection refused"))
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", "a header field has a NUL in it"),
            ("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhi", "its Content-Length is no length"),
            ("HTTP/1.1 200 OK\r\nfields\r\n\r\n", "a header field has no colon"),
            ("HTTP/9.1 200 OK\r\n\r\n", "its version of HTTP is not known"),
            ("SSH-2.0-x\r\n\r\n", "it does not begin as HTTP does"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nzz\r\n",
                "its parts (chunks) are not as long as they say"
            ),
        ])
    func `what is wrong with an answer is said`(_ bytes: String, _ reason: String) async throws {
        let server = try LoopbackServer { _ in .bytes(Array(bytes.utf8)) }
        #expect(await failure(server.url) == .badResponse(reason: reason))
    }
}
