import Foundation
import Model
import TestSupport
import Testing

@testable import Fetching

/// Receivers of alerts and feeds do not wait for each other.
@Suite(.timeLimit(.minutes(1))) struct LaneTests {
    /// Room for one feed.
    private static var one: FetchLimits {
        var limits = FetchLimits()
        limits.connections = 1
        return limits
    }

    private func request(_ url: String, lane: String? = nil) -> FetchRequest {
        var policy = FetchPolicy()
        policy.allowPrivateAddresses = true
        policy.timeout = .seconds(3600)
        policy.perHost = 1
        var request = FetchRequest(url: url, policy: policy)
        request.lane = lane
        return request
    }

    /// One that has no answer yet.
    private func hang(_ request: FetchRequest, _ transport: CurlTransport, _ server: LoopbackServer) async throws
        -> Task<Void, Never>
    {
        let before = server.requests.count
        let task = Task { _ = try? await transport.send(request) }
        while server.requests.count == before {
            // A pause between two looks, which leaves the processor to what is waited for.
            try await Task.sleep(for: .milliseconds(1))
        }
        return task
    }

    @Test func `a receiver that hangs holds up no feed, no other receiver and none of its own host`() async throws {
        let transport = CurlTransport(limits: Self.one)
        let server = try LoopbackServer { $0.target == "/hang" ? .silence : .status(200) }
        let tasks = [
            try await hang(request(server.url + "/hang", lane: "chat"), transport, server),
            try await hang(request(server.url + "/hang", lane: "mail"), transport, server),
        ]
        #expect(try await transport.send(request(server.url + "/feed")).status == 200)
        #expect(try await transport.send(request(server.url + "/hook", lane: "third")).status == 200)
        // Its own next one waits for it.
        let second = Task { try? await transport.send(request(server.url + "/hook", lane: "chat")).status }
        for task in tasks { task.cancel() }
        #expect(await second.value == 200)
    }

    @Test func `feeds that hang hold up no alert`() async throws {
        let transport = CurlTransport(limits: Self.one)
        let server = try LoopbackServer { $0.target == "/hang" ? .silence : .status(200) }
        let task = try await hang(request(server.url + "/hang"), transport, server)
        #expect(try await transport.send(request(server.url + "/hook", lane: "chat")).status == 200)
        task.cancel()
    }

    @Test func `the end ends them too`() async throws {
        let transport = CurlTransport(limits: FetchLimits())
        let server = try LoopbackServer { _ in .silence }
        let task = try await hang(request(server.url + "/hang", lane: "chat"), transport, server)
        transport.shutDown()
        await task.value
        await #expect(throws: TransportError.cancelled) {
            try await transport.send(request(server.url + "/hook", lane: "new"))
        }
    }
}
