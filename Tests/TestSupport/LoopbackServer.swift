import Foundation
import Synchronization

/// An HTTP server on loopback that answers as a test tells it, byte by byte.
package final class LoopbackServer: Sendable {
    package struct Request: Sendable {
        package var method: String
        package var target: String
        /// Names in lower case.
        package var headers: [String: String]
        package var body: [UInt8]
    }

    package enum Answer: Sendable {
        /// These bytes, and then the end of the connection.
        case bytes([UInt8])
        /// A whole answer with a body of any bytes.
        case body([UInt8], headers: [(String, String)])
        /// A whole answer.
        case status(Int, body: String = "", headers: [(String, String)] = [])
        /// Nothing, for ever.
        case silence
        /// These bytes, and then those again and again, until the client goes.
        case endless([UInt8], [UInt8])
        /// These bytes, then those so many times over about a second, and then these.
        case paced([UInt8], [UInt8], times: Int, end: [UInt8])
    }

    private let listener: LoopbackListener
    private let log = Mutex<[Request]>([])
    private let connections = Mutex(0)
    private let handler: @Sendable (Request) -> Answer

    package var port: UInt16 { listener.port }
    package var url: String { "http://127.0.0.1:\(port)" }
    package var requests: [Request] { log.withLock { $0 } }
    /// How many connections were made to it.
    package var connectionCount: Int { connections.withLock { $0 } }

    package init(_ handler: @escaping @Sendable (Request) -> Answer) throws {
        self.handler = handler
        listener = try LoopbackListener()
        listener.run(for: self) { $0.serve($1) }
    }

    deinit { listener.stop() }

    private func serve(_ connection: Int32) {
        connections.withLock { $0 += 1 }
        while let request = read(connection) {
            log.withLock { $0.append(request) }
            switch handler(request) {
            case .silence:
                var byte: UInt8 = 0
                _ = recv(connection, &byte, 1, 0)
                return
            case .endless(let start, let bytes):
                LoopbackListener.send(start, connection)
                while LoopbackListener.send(bytes, connection) {}
                return
            case .paced(let start, let bytes, let times, let end):
                LoopbackListener.send(start, connection)
                for _ in 0..<times {
                    LoopbackListener.send(bytes, connection)
                    usleep(UInt32(1_200_000 / times))
                }
                LoopbackListener.send(end, connection)
            case .body(let body, let headers):
                let head = headers.map { "\($0): \($1)\r\n" }.joined()
                LoopbackListener.send(
                    Array("HTTP/1.1 200 OK\r\n\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body, connection)
            case .bytes(let bytes):
                LoopbackListener.send(bytes, connection)
                return
            case .status(let status, let body, let headers):
                var text = "HTTP/1.1 \(status) Word\r\n"
                for (name, value) in headers { text += "\(name): \(value)\r\n" }
                if status != 304 { text += "Content-Length: \(body.utf8.count)\r\n" }
                LoopbackListener.send(Array((text + "\r\n" + (status == 304 ? "" : body)).utf8), connection)
            }
        }
    }

    private func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        func more() -> Bool {
            let count = recv(connection, &chunk, chunk.count, 0)
            if count > 0 { bytes += chunk[..<count] }
            return count > 0
        }
        var headEnd: Int?
        while headEnd == nil {
            guard more() else { return nil }
            headEnd = bytes.indices.dropLast(3).first { Array(bytes[$0..<$0 + 4]) == [13, 10, 13, 10] }
        }
        guard let headEnd else { return nil }
        let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let length = Int(headers["content-length"] ?? "0") ?? 0
        while bytes.count < headEnd + 4 + length { if !more() { return nil } }
        return Request(
            method: String(words[0]), target: String(words[1]), headers: headers,
            body: Array(bytes[(headEnd + 4)..<(headEnd + 4 + length)]))
    }
}
