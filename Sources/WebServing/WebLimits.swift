/// What a client may take of the server.
package struct WebLimits: Sendable, Hashable {
    /// All header fields of a request together, and its first line.
    package var headerBytes = 16_384
    package var headerFields = 100
    /// More wait until others end. Shortly before, those give way that have sent no whole head of a request.
    package var connections = 64
    /// For the first head of a connection.
    package var head: Duration = .seconds(5)
    /// Without a byte of a request, or for the whole of a later head.
    package var idle: Duration = .seconds(15)
    /// For the whole of a body.
    package var body: Duration = .seconds(30)
    /// Bodies that are being read, all together. A single one may have as much as it was admitted with.
    package var bufferedBytes = 64_000_000
    /// Bodies that are being read for one key. The slowest gives way to one more.
    package var bodiesPerKey = 4
    /// Answers that are written as they come, all together.
    package var streams = 24
    /// For a client to take an answer, or the next piece of a stream.
    package var answer: Duration = .seconds(30)
    /// For requests that are under way when the server is to end.
    package var farewell: Duration = .seconds(2)

    package init() {}
}
