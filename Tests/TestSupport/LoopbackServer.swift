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
    }

    private let descriptor: Int32
    private let log = Mutex<[Request]>([])
    private let connections = Mutex(0)
    private let handler: @Sendable (Request) -> Answer
    package let port: UInt16

    package var url: String { "http://127.0.0.1:\(port)" }
    package var requests: [Request] { log.withLock { $0 } }
    /// How many connections were made to it.
    package var connectionCount: Int { connections.withLock { $0 } }

    package init(_ handler: @escaping @Sendable (Request) -> Answer) throws {
        self.handler = handler
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            // Closed here and nowhere else: another server would get the number, and this loop its connections.
            defer { close(descriptor) }
            while true {
                let connection = accept(descriptor, nil, nil)
                if connection < 0 { return }
                guard let server = self else {
                    close(connection)
                    return
                }
                Thread.detachNewThread { server.serve(connection) }
            }
        }
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        connections.withLock { $0 += 1 }
        while let request = read(connection) {
            log.withLock { $0.append(request) }
            switch handler(request) {
            case .silence:
                var byte: UInt8 = 0
                _ = recv(connection, &byte, 1, 0)
                return
            case .body(let body, let headers):
                let head = headers.map { "\($0): \($1)\r\n" }.joined()
                send(
                    Array("HTTP/1.1 200 OK\r\n\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body, connection)
            case .bytes(let bytes):
                send(bytes, connection)
                return
            case .status(let status, let body, let headers):
                var text = "HTTP/1.1 \(status) Word\r\n"
                for (name, value) in headers { text += "\(name): \(value)\r\n" }
                if status != 304 { text += "Content-Length: \(body.utf8.count)\r\n" }
                send(Array((text + "\r\n" + (status == 304 ? "" : body)).utf8), connection)
            }
        }
    }

    private func send(_ bytes: [UInt8], _ connection: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
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
