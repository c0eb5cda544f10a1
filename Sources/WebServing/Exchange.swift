import HTTPTypes
import HummingbirdCore
import Model
import NIOCore
import ServiceLifecycle

/// Writes the answer to one request. A client that does not take it in time is left.
struct Exchange: Sendable {
    let channel: any Channel
    let isHead: Bool
    /// For an answer, or for a piece of one that comes in pieces.
    let patience: Duration
    /// When the head of the request was there.
    let begun = ContinuousClock.now
    var measures: WebMeasures?
    /// Who may have gone.
    var client: WebClient?

    @concurrent func write(_ answer: WebResponse, _ writer: consuming ResponseWriter, isLast: Bool) async throws {
        measures?.note(status: answer.status, after: .now - begun)
        var head = Self.head(of: answer)
        // Of a 304 it would be that of the answer that is not sent (RFC 9110 §8.6).
        if answer.status != 304 { head.headerFields[.contentLength] = "\(answer.body.count)" }
        if isLast { head.headerFields[.connection] = "close" }
        let body = isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        let deadline = closing()
        defer { deadline.cancel() }
        try await writer.write(response: head, body: body)
    }

    /// Until the stream ends, the client has gone, or the server shuts down.
    @concurrent func write(
        _ answer: WebResponse, _ stream: WebStream, _ writer: consuming ResponseWriter
    ) async throws {
        measures?.note(status: answer.status, after: .now - begun)
        var head = Self.head(of: answer)
        head.headerFields[.connection] = "close"
        let body = ResponseBody { [self] writer in
            while let bytes = await next(of: stream) {
                let deadline = closing()
                defer { deadline.cancel() }
                try await writer.write(ByteBuffer(bytes: bytes))
            }
            try await writer.finish(nil)
        }
        try await writer.write(response: head, body: body)
    }

    private func next(of stream: WebStream) async -> [UInt8]? {
        // The first result ends it; without a service group there is no shutdown but cancellation.
        await cancelWhenGracefulShutdown {
            await WebClient.$current.withValue(client) { Task.isCancelled ? nil : await stream.next() }
        }
    }

    /// The end of the connection, unless it is called off.
    private func closing() -> Scheduled<Void> {
        let channel = channel
        return channel.eventLoop.scheduleTask(in: .milliseconds(Int64(patience / .milliseconds(1)))) {
            channel.close(promise: nil)
        }
    }

    private static func head(of answer: WebResponse) -> HTTPResponse {
        var head = HTTPResponse(status: .init(code: answer.status))
        for field in answer.headers {
            guard let name = HTTPField.Name(field.name) else { continue }
            head.headerFields.append(HTTPField(name: name, value: String(decoding: field.value, as: UTF8.self)))
        }
        // What has a validator says itself how it may be kept.
        if head.headerFields[.cacheControl] == nil { head.headerFields[.cacheControl] = "no-store" }
        return head
    }
}
