import HTTPTypes
import HummingbirdCore
import Model
import NIOCore
import Synchronization

/// One request: its head is admitted, its body read within bounds, its answer written.
final class WebResponder: Sendable {
    /// Ends the connection, after the answer.
    private struct ConnectionEnds: Error {}

    /// How much of a body that nobody wants is read, so that its sender sees the answer and not a broken connection.
    private static let drainedBytes = 1_000_000
    private static let drainTime = Duration.seconds(2)

    private let handler: any WebHandler
    private let limits: WebLimits
    private let measures: WebMeasures?
    private let connections: ConnectionTable
    private let buffered = Mutex(Buffered())

    private struct Buffered {
        var bytes = 0
        var streams = 0
        var slots = BodySlots()
    }

    /// - Parameter connections: to tell whether a client has gone.
    init(
        handler: any WebHandler, limits: WebLimits, measures: WebMeasures? = nil, _ connections: ConnectionTable
    ) {
        self.measures = measures
        self.connections = connections
        self.handler = handler
        self.limits = limits
    }

    /// - Throws: to end the connection.
    @concurrent func respond(
        to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
        let head = WebHead.head(of: request, from: channel.remoteAddress?.ipAddress)
        let isHead = request.method == .head
        let client = WebClient { [connections] in connections.hasGone(channel) }
        let exchange = Exchange(
            channel: channel, isHead: isHead, patience: limits.answer, measures: measures, client: client)
        let length = request.headers[.contentLength].flatMap { Int($0) }
        let hasBody = (length ?? 0) > 0 || request.headers[.transferEncoding] != nil
        switch await handler.admit(head) {
        case .answer(let answer):
            try await exchange.write(answer, writer, isLast: hasBody)
            if hasBody { try await endAfterDraining(request.body) }
        case .stream(let answer, let stream):
            guard !isHead, !hasBody, beginStream() else {
                try await exchange.write(isHead ? answer : refusal(503, head), writer, isLast: true)
                throw ConnectionEnds()
            }
            defer { endStream() }
            try await exchange.write(answer, stream, writer)
            throw ConnectionEnds()
        case .body(let limit, let key):
            if let length, length > limit {
                try await exchange.write(refusal(413, head), writer, isLast: true)
                try await endAfterDraining(request.body)
                return
            }
            guard let slot = buffered.withLock({ $0.slots.begin(key, most: limits.bodiesPerKey) }) else {
                try await exchange.write(refusal(503, head), writer, isLast: true)
                try await endAfterDraining(request.body)
                return
            }
            defer { buffered.withLock { $0.slots.end(slot, of: key) } }
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            switch await read(request.body, limit: limit, slot) {
            case .whole(let body):
                buffered.withLock { $0.slots.noteWhole(slot, of: key) }
                defer { release(body.count) }
                let answer = await WebClient.$current.withValue(client) {
                    await handler.respond(to: head, body: body)
                }
                try await exchange.write(answer, writer, isLast: false)
            case .refused(let status):
                try await exchange.write(refusal(status, head), writer, isLast: true)
                throw ConnectionEnds()
            }
        }
    }

    private func refusal(_ status: Int, _ head: WebRequestHead) -> WebResponse {
        var answer = handler.refusal(status, of: head)
        if status == 503 { answer.headers.append(HeaderField(name: "retry-after", value: Array("10".utf8))) }
        return answer
    }

    // MARK: bodies

    private enum Body: Sendable {
        /// Counts as buffered until it is released.
        case whole([UInt8])
        case refused(status: Int)
    }

    private func read(_ body: RequestBody, limit: Int, _ slot: BodySlots.Slot) async -> Body {
        await withTaskGroup(of: Body.self) { group in
            group.addTask { [self] in await collect(body, limit: limit) }
            group.addTask { [limits] in
                try? await Task.sleep(for: limits.body)
                return .refused(status: 408)
            }
            group.addTask {
                for await _ in slot.holds {}
                return .refused(status: 408)
            }
            let first = await group.next() ?? .refused(status: 408)
            group.cancelAll()
            // A body that was whole a moment too late is given back.
            for await late in group { if case .whole(let bytes) = late { release(bytes.count) } }
            return first
        }
    }

    private func collect(_ body: RequestBody, limit: Int) async -> Body {
        var bytes: [UInt8] = []
        do {
            for try await chunk in body {
                guard bytes.count + chunk.readableBytes <= limit else {
                    release(bytes.count)
                    return .refused(status: 413)
                }
                guard reserve(chunk.readableBytes, limit: limit) else {
                    release(bytes.count)
                    return .refused(status: 503)
                }
                bytes.append(contentsOf: chunk.readableBytesView)
            }
        } catch {
            release(bytes.count)
            return .refused(status: 400)
        }
        // A sequence that is cancelled ends like one that is whole.
        if Task.isCancelled {
            release(bytes.count)
            return .refused(status: 408)
        }
        return .whole(bytes)
    }

    /// Reads on for a moment, and ends the connection.
    private func endAfterDraining(_ body: RequestBody) async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var rest = Self.drainedBytes
                do {
                    for try await chunk in body {
                        rest -= chunk.readableBytes
                        if rest < 0 { break }
                    }
                } catch {
                    // The client has gone: there is nothing left to do for it.
                }
            }
            group.addTask { try? await Task.sleep(for: Self.drainTime) }
            await group.next()
            group.cancelAll()
        }
        throw ConnectionEnds()
    }

    private func reserve(_ bytes: Int, limit: Int) -> Bool {
        buffered.withLock { buffered in
            guard buffered.bytes + bytes <= max(limits.bufferedBytes, limit) else { return false }
            buffered.bytes += bytes
            return true
        }
    }

    private func release(_ bytes: Int) {
        buffered.withLock { $0.bytes -= bytes }
    }

    private func beginStream() -> Bool {
        buffered.withLock { buffered in
            guard buffered.streams < limits.streams else { return false }
            buffered.streams += 1
            return true
        }
    }

    private func endStream() {
        buffered.withLock { $0.streams -= 1 }
    }
}
