import Foundation

/// An HTTP client that sends what a test writes, byte by byte.
package final class RawClient: Sendable {
    package struct Answer: Sendable {
        package var status: Int
        /// Names in lower case.
        package var headers: [String: String]
        package var body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let descriptor: Int32

    /// Connects to a port of loopback.
    package init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        let isConnected = withUnsafePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            Foundation.close(descriptor)
            throw POSIXError(.ECONNREFUSED)
        }
        // Nothing that is tested takes so long; a test that waits for ever tells nothing.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { Foundation.close(descriptor) }

    /// Returns whether all of it was taken.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// All that comes until the connection ends.
    package func rest() -> String {
        var bytes: [UInt8] = []
        while true {
            let more = read(4096)
            if more.isEmpty { return String(decoding: bytes, as: UTF8.self) }
            bytes += more
        }
    }

    /// The next answer. Nil when the connection ends before there is a whole one.
    package func answer() -> Answer? {
        guard var answer = head() else { return nil }
        let length = answer.status < 200 ? 0 : Int(answer.headers["content-length"] ?? "0") ?? 0
        while answer.body.count < length {
            let more = read(length - answer.body.count)
            if more.isEmpty { return nil }
            answer.body += more
        }
        return answer
    }

    /// The head of the next answer, without the body that is to come.
    package func head() -> Answer? {
        var bytes: [UInt8] = []
        while bytes.suffix(4) != [13, 10, 13, 10] {
            guard let byte = read(1).first else { return nil }
            bytes.append(byte)
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        return Answer(status: status, headers: headers, body: [])
    }

    /// Whether the server has ended the connection. Waits for that.
    package func isClosed() -> Bool { read(1).isEmpty }

    private func read(_ count: Int) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: count)
        let got = recv(descriptor, &chunk, count, 0)
        return got > 0 ? Array(chunk[..<got]) : []
    }

    /// One request on a connection of its own, off the threads that tasks run on. Nil when there is no answer.
    package static func request(
        _ method: String, _ url: String, headers: [(String, String)] = [], body: [UInt8] = []
    ) async -> Answer? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: blockingRequest(method, url, headers: headers, body: body))
            }
        }
    }

    /// The same, for who has a thread.
    static func blockingRequest(
        _ method: String, _ url: String, headers: [(String, String)] = [], body: [UInt8] = []
    ) -> Answer? {
        // By hand: what is no proper escape is to arrive as it is.
        let rest = url.dropFirst("http://".count)
        let authority = rest.prefix { !"/?".contains($0) }
        let target = rest.dropFirst(authority.count)
        guard let port = authority.split(separator: ":").last.flatMap({ Int($0) }),
            let client = try? RawClient(port: port)
        else { return nil }
        var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        client.send(Array((head + "\r\n").utf8) + body)
        return client.answer()
    }
}
