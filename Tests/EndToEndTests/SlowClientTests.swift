import Foundation
import Synchronization
import TestSupport
import Testing

/// The built program, while hundreds of clients take their time with its page.
@Suite(.serialized) struct SlowClientTests {
    private static let token = "a-token-that-is-long-enough"

    /// One that begins something and does not go on.
    private static func client(_ number: Int, _ port: Int) throws -> RawClient {
        let client = try RawClient(port: port)
        let head = "Host: localhost\r\nAuthorization: Bearer \(token)\r\n"
        switch number % 10 {
        case 0..<5: client.send("GET / HTT")
        case 5: client.send("POST /login HTTP/1.1\r\n\(head)Content-Length: 900\r\n\r\ntoken=")
        case 6:
            let text = String(repeating: "x", count: 5000)
            client.send("POST /try HTTP/1.1\r\n\(head)Content-Length: 500000\r\n\r\ntext=\(text)")
        case 7: client.send("GET /events HTTP/1.1\r\n\(head)\r\n")
        // Answers that nobody reads.
        default: client.send(String(repeating: "GET /assets/style.css HTTP/1.1\r\n\(head)\r\n", count: 20))
        }
        return client
    }

    private func connections(_ port: Int) async throws -> Int {
        let answer = try #require(
            await RawClient.request(
                "GET", "http://127.0.0.1:\(port)/metrics", headers: [("Authorization", "Bearer \(Self.token)")]))
        let line = answer.text.split(separator: "\n").first { $0.hasPrefix("tocsin_web_connections ") }
        return line.flatMap { Double($0.split(separator: " ")[1]) }.map { Int($0) } ?? 0
    }

    @Test func `polls and alerts go on beside two hundred of them`() async throws {
        let items = Mutex(["News of bread"])
        let server = try LoopbackServer { _ in
            let list = items.withLock { $0 }.enumerated().map { "<item><guid>\($0)</guid><title>\($1)</title></item>" }
            return .status(
                200, body: "<rss version=\"2.0\"><channel><title>News</title>\(list.joined())</channel></rss>")
        }
        let port = Int(try LoopbackServer { _ in .silence }.port)
        let place = try Workplace(
            """
            state: state.db
            fetch: {allow_private_addresses: true, every: 1s}
            feeds: [{url: "\(server.url)/rss", name: News}]
            watch: [{name: region, any: [Xinjiang]}]
            backlog: all
            alerts: [{stdout: {format: json}}]
            web: {listen: "127.0.0.1:\(port)", token: "\(Self.token)"}
            """)
        let program = try place.start("run")
        #expect(await program.until { $0.errors.contains("listening") })

        // More than that: of bodies from one address, all but a few have given way to the next.
        let clients = Mutex(try (0..<300).map { try Self.client($0, port) })
        // Whoever was sent away comes again, as long as it takes.
        let crowd = Task.detached {
            var next = 0
            while !Task.isCancelled {
                for number in next..<(next + 20) {
                    let client = try Self.client(number, port)
                    clients.withLock { $0[number % 300] = client }
                }
                next += 20
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        defer { crowd.cancel() }
        while try await connections(port) < 200 { try await Task.sleep(for: .milliseconds(20)) }
        let before = server.requests.count
        while server.requests.count < before + 3 { try await Task.sleep(for: .milliseconds(20)) }
        items.withLock { $0.append("News of Xinjiang") }
        #expect(await program.until { $0.output.contains("News of Xinjiang") })
        // Nor do they keep others from the page.
        #expect(try await connections(port) > 0)

        crowd.cancel()
        clients.withLock { $0 = [] }
        program.send(SIGTERM)
        #expect(await program.end().status == 0)
    }
}
