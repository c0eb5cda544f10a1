import Foundation
import Logging
import Model
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import WebServing

/// The server, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct WebServerTests {
    /// Takes bodies of 1000 bytes at `/body`, and answers them with themselves.
    private struct Echo: WebHandler {
        var key = "key"
        var onBody: @Sendable () async -> Void = {}

        func admit(_ head: WebRequestHead) async -> WebAdmission {
            if head.path == "/body" { return .body(limit: 1000, key: key) }
            let query = head.query.map { "[\($0.name)|\($0.value)]" }.joined()
            return .answer(WebResponse(200, "\(head.method) \(head.path) \(query) \(head.text(of: "x-one") ?? "-")"))
        }

        func refusal(_ status: Int, of head: WebRequestHead) -> WebResponse {
            WebResponse(status, "refused \(status)")
        }

        func respond(to head: WebRequestHead, body: [UInt8]) async -> WebResponse {
            await onBody()
            return WebResponse(200, String(decoding: body, as: UTF8.self))
        }
    }

    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func serving(
        _ handler: any WebHandler = Echo(), limits: WebLimits = WebLimits(),
        _ test: @Sendable (Int) async throws -> Void
    ) async throws {
        let server = WebServer(
            listen: ListenAddress(host: "127.0.0.1", port: 0), handler: handler, limits: limits, logger: Self.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await test(try #require(await server.port))
            group.cancelAll()
        }
    }

    private func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }

    @Test func `a request reaches the handler, decoded`() async throws {
        try await serving { port in
            let url = "http://127.0.0.1:\(port)/a%20b/c?x=1&y=a%2Bb+c&z&%C3%BC=%zz"
            let answer = try #require(
                await RawClient.request("GET", url, headers: [("X-One", "first"), ("X-One", "2")]))
            #expect(answer.status == 200)
            #expect(answer.text == "GET /a%20b/c [x|1][y|a+b c][z|][ü|%zz] first")
            #expect(answer.headers["cache-control"] == "no-store")
        }
    }

    @Test func `a head that is too large, or none, is answered as everything else is`() async throws {
        try await serving { port in
            try await blocking {
                for (head, status) in [
                    ("GET / HTTP/1.1\r\nHost: h\r\nX-Long: \(String(repeating: "x", count: 40_000))\r\n\r\n", 431),
                    ("GET /\(String(repeating: "x", count: 40_000)) HTTP/1.1\r\nHost: h\r\n\r\n", 431),
                    ("what is this\r\n\r\n", 400),
                ] {
                    let client = try RawClient(port: port)
                    client.send(head)
                    let answer = client.answer()
                    #expect(answer?.status == status)
                    #expect(answer?.headers["cache-control"] == "no-store")
                    #expect(answer?.text == "refused \(status)")
                    #expect(client.rest() == "")
                }
                // Behind an answer that was whole.
                let client = try RawClient(port: port)
                client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(client.answer()?.status == 200)
                client.send("GET / HTTP/1.1\r\nX-Long: \(String(repeating: "x", count: 40_000))\r\n\r\n")
                #expect(client.answer()?.status == 431)
            }
        }
    }

    @Test func `that a client has gone can be known while its answer is made`() async throws {
        let seen = Mutex<[Bool]>([])
        let handler = Echo(onBody: {
            seen.withLock { $0.append(WebClient.current?.hasGone == true) }
            while WebClient.current?.hasGone != true, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
            seen.withLock { $0.append(WebClient.current?.hasGone == true) }
        })
        try await serving(handler) { port in
            try await blocking {
                let client = try RawClient(port: port)
                client.send("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
                while seen.withLock(\.isEmpty) { usleep(2000) }
            }
            while seen.withLock({ $0.count }) < 2 { try await Task.sleep(for: .milliseconds(2)) }
        }
        #expect(seen.withLock { $0 } == [false, true])
    }

    @Test func `a connection is used again, and a body is read whole`() async throws {
        try await serving { port in
            try await blocking {
                let client = try RawClient(port: port)
                for body in ["one", String(repeating: "x", count: 1000)] {
                    client.send("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.count)\r\n\r\n")
                    for byte in body.utf8.prefix(3) { client.send([byte]) }
                    client.send(Array(body.utf8.dropFirst(3)))
                    #expect(client.answer()?.text == body)
                }
                client.send(
                    "POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
                )
                #expect(client.answer()?.text == "abcde")
            }
        }
    }

    @Test func `who asks first is told to go on, or not`() async throws {
        try await serving { port in
            try await blocking {
                let client = try RawClient(port: port)
                client.send("POST /body HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                #expect(client.answer()?.status == 100)
                client.send("ok")
                #expect(client.answer()?.text == "ok")
                client.send("POST /body HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n")
                #expect(client.answer()?.status == 413)
                #expect(client.isClosed())
            }
        }
    }

    @Test(arguments: ["Content-Length: 5000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n1388\r\n"])
    func `a body that is too large is refused`(_ rest: String) async throws {
        try await serving { port in
            try await blocking {
                let client = try RawClient(port: port)
                client.send("POST /body HTTP/1.1\r\nHost: h\r\n\(rest)")
                client.send([UInt8](repeating: 0x78, count: 5000))
                #expect(client.answer()?.status == 413)
                #expect(client.isClosed())
            }
        }
    }

    @Test func `a body that nobody wants ends the connection after the answer`() async throws {
        try await serving { port in
            try await blocking {
                let client = try RawClient(port: port)
                client.send("POST /other HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n")
                client.send([UInt8](repeating: 0x78, count: 50_000))
                let answer = client.answer()
                #expect(answer?.status == 200)
                #expect(answer?.headers["connection"] == "close")
                #expect(client.isClosed())
            }
        }
    }

    private static let badHeads = [
        "long field": "GET / HTTP/1.1\r\nX-Long: \(String(repeating: "x", count: 20_000))\r\n\r\n",
        "long path": "GET /\(String(repeating: "x", count: 200_000)) HTTP/1.1\r\nHost: h\r\n\r\n",
        "many fields": "GET / HTTP/1.1\r\n" + (0..<200).map { "X-\($0): y\r\n" }.joined() + "\r\n",
        "bad length": "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "TLS": "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{FC}\r\n\r\n",
    ]

    @Test(arguments: badHeads.keys.sorted())
    func `a head that is too large, or none, is refused`(_ name: String) async throws {
        let head = try #require(Self.badHeads[name])
        try await serving { port in
            try await blocking {
                let client = try RawClient(port: port)
                client.send(head)
                let answer = client.answer()
                let status = name.hasPrefix("long") || name.hasPrefix("many") ? 431 : 400
                #expect(answer == nil || answer?.status == status)
                #expect(client.isClosed())
            }
        }
    }

    @Test func `a slow head and a slow body end in time`() async throws {
        var limits = WebLimits()
        limits.idle = .milliseconds(300)
        limits.body = .milliseconds(300)
        try await serving(limits: limits) { port in
            try await blocking {
                let idle = try RawClient(port: port)
                let head = try RawClient(port: port)
                head.send("GET / HTTP/1.1\r\nHost: h\r\nX-")
                let body = try RawClient(port: port)
                body.send("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n")
                // A byte now and then is no sign of life.
                var isTaken = true
                for _ in 0..<40 where isTaken {
                    isTaken = body.send("x")
                    Thread.sleep(forTimeInterval: 0.05)
                }
                #expect(!isTaken)
                #expect(idle.isClosed())
                #expect(head.isClosed())
            }
        }
    }

    @Test func `connections beyond the limit wait for one to end`() async throws {
        var limits = WebLimits()
        limits.connections = 4
        limits.idle = .milliseconds(500)
        try await serving(limits: limits) { port in
            let idle = try (0..<20).map { _ in try RawClient(port: port) }
            // Served when the idle ones have been ended.
            #expect(await RawClient.request("GET", "http://127.0.0.1:\(port)/")?.status == 200)
            _ = idle
        }
    }

    @Test func `who has sent no whole head gives way to the next, and who has does not`() async throws {
        let gate = Mutex<[CheckedContinuation<Void, Never>]>([])
        let echo = Echo(onBody: { await withCheckedContinuation { waiting in gate.withLock { $0.append(waiting) } } })
        var limits = WebLimits()
        limits.connections = 16
        // None of them ends by itself.
        limits.head = .seconds(600)
        limits.idle = .seconds(600)
        try await serving(echo, limits: limits) { port in
            let url = "http://127.0.0.1:\(port)/body"
            async let first = RawClient.request("POST", url, body: Array("1".utf8))
            async let second = RawClient.request("POST", url, body: Array("2".utf8))
            while gate.withLock({ $0.count < 2 }) { try await Task.sleep(for: .milliseconds(5)) }
            let slow = try (0..<64).map { number in
                let client = try RawClient(port: port)
                if number % 2 == 0 { client.send("GET / HTT") }
                return client
            }
            #expect(await RawClient.request("GET", "http://127.0.0.1:\(port)/")?.status == 200)
            #expect(try await blocking { slow[0].isClosed() })
            for waiting in gate.withLock({ $0 }) { waiting.resume() }
            #expect(await [first?.text, second?.text] == ["1", "2"])
        }
    }

    @Test func `the first head has less time than the next`() async throws {
        var limits = WebLimits()
        limits.head = .milliseconds(300)
        limits.idle = .seconds(600)
        try await serving(limits: limits) { port in
            try await blocking {
                // On a busy machine the test itself may be too slow for it.
                var served = try RawClient(port: port)
                while !served.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n") || served.answer() == nil {
                    served = try RawClient(port: port)
                }
                let slow = try RawClient(port: port)
                slow.send("GET / HTTP/1.1\r\nHost: h\r\nX-")
                // It has come later, so the time of the other one is over as well.
                #expect(slow.isClosed())
                served.send("GET /b HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(served.answer()?.status == 200)
            }
        }
    }

    @Test func `one key has so many bodies at once, and all together so many bytes`() async throws {
        let gate = Mutex<[CheckedContinuation<Void, Never>]>([])
        let echo = Echo(onBody: { await withCheckedContinuation { waiting in gate.withLock { $0.append(waiting) } } })
        var limits = WebLimits()
        limits.bodiesPerKey = 2
        try await serving(echo, limits: limits) { port in
            let url = "http://127.0.0.1:\(port)/body"
            async let first = RawClient.request("POST", url, body: Array("1".utf8))
            async let second = RawClient.request("POST", url, body: Array("2".utf8))
            while gate.withLock({ $0.count < 2 }) { try await Task.sleep(for: .milliseconds(5)) }
            let third = await RawClient.request("POST", url, body: Array("3".utf8))
            #expect(third?.status == 503)
            #expect(third?.headers["retry-after"] == "10")
            for waiting in gate.withLock({ $0 }) { waiting.resume() }
            #expect(await [first?.text, second?.text] == ["1", "2"])
        }
        limits = WebLimits()
        limits.bufferedBytes = 1500
        gate.withLock { $0 = [] }
        try await serving(echo, limits: limits) { port in
            let url = "http://127.0.0.1:\(port)/body"
            let body = [UInt8](repeating: 0x78, count: 900)
            async let first = RawClient.request("POST", url, body: body)
            while gate.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
            #expect(await RawClient.request("POST", url, body: body)?.status == 503)
            for waiting in gate.withLock({ $0 }) { waiting.resume() }
            #expect(await first?.status == 200)
            gate.withLock { $0 = [] }
            // What was buffered has been given back.
            async let next = RawClient.request("POST", url, body: body)
            while gate.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
            for waiting in gate.withLock({ $0 }) { waiting.resume() }
            #expect(await next?.status == 200)
        }
    }

    @Test func `who sends a body slowly gives way to the next`() async throws {
        var limits = WebLimits()
        limits.bodiesPerKey = 2
        try await serving(limits: limits) { port in
            try await blocking {
                let head = "POST /body HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
                let slow = try (0..<2).map { _ in
                    let client = try RawClient(port: port)
                    client.send(head)
                    // Then it is being read.
                    #expect(client.answer()?.status == 100)
                    client.send("ab")
                    return client
                }
                let quick = try RawClient(port: port)
                quick.send(head + "four")
                #expect(quick.answer()?.status == 100)
                #expect(quick.answer()?.text == "four")
                // The first of them had been read longest; the other one has its time still.
                #expect(slow[0].answer()?.status == 408)
                #expect(slow[0].isClosed())
                slow[1].send("cd")
                #expect(slow[1].answer()?.text == "abcd")
            }
        }
    }

    @Test func `a port that is taken is an error with its remedy`() async throws {
        try await serving { port in
            let address = ListenAddress(host: "127.0.0.1", port: UInt16(port))
            let second = WebServer(listen: address, handler: Echo(), logger: Self.logger)
            let error = await #expect(throws: WebServerError.self) { try await second.run() }
            #expect(
                error?.description
                    == "cannot listen on 127.0.0.1:\(port): another program does; stop that one, or change 'listen'")
            #expect(await second.port == nil)
        }
    }

    @Test func `a shutdown lets a request end, and idle connections go`() async throws {
        let begun = Mutex<CheckedContinuation<Void, Never>?>(nil)
        let echo = Echo(onBody: { await withCheckedContinuation { waiting in begun.withLock { $0 = waiting } } })
        let server = WebServer(
            listen: ListenAddress(host: "127.0.0.1", port: 0), handler: echo, logger: Self.logger)
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: server)], logger: Self.logger))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let port = try #require(await server.port)
            let idle = try RawClient(port: port)
            async let answer = RawClient.request("POST", "http://127.0.0.1:\(port)/body", body: Array("last".utf8))
            while begun.withLock({ $0 == nil }) { try await Task.sleep(for: .milliseconds(5)) }
            await services.triggerGracefulShutdown()
            #expect(try await blocking { idle.isClosed() })
            begun.withLock { $0 }?.resume()
            #expect(await answer?.text == "last")
            try await group.waitForAll()
        }
    }

    /// Each of them would hold it up for ten minutes.
    @Test func `a shutdown waits a moment for those who are slow, and no longer`() async throws {
        let begun = Mutex(0)
        let echo = Echo(onBody: {
            begun.withLock { $0 += 1 }
            try? await Task.sleep(for: .seconds(600))
        })
        var limits = WebLimits()
        limits.body = .seconds(600)
        limits.answer = .seconds(600)
        limits.farewell = .milliseconds(100)
        let server = WebServer(
            listen: ListenAddress(host: "127.0.0.1", port: 0), handler: echo, limits: limits, logger: Self.logger)
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: server)], logger: Self.logger))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let port = try #require(await server.port)
            let body = try RawClient(port: port)
            body.send("POST /body HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 900\r\n\r\n")
            #expect(try await blocking { body.answer()?.status == 100 })
            let dribble = Task.detached {
                while !Task.isCancelled, body.send("x") { try? await Task.sleep(for: .milliseconds(20)) }
            }
            let working = try RawClient(port: port)
            working.send("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")
            while begun.withLock({ $0 == 0 }) { try await Task.sleep(for: .milliseconds(5)) }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            dribble.cancel()
        }
    }
}
