import Dispatch
import Glibc
import Model

/// Feeds that are files on this machine.
enum LocalFile {
    /// Reads a regular file whole, off the caller's thread, since a disk can be slow.
    ///
    /// - Throws: `.file` when there is none or it is a folder, a device or a pipe; `.tooLarge`.
    static func read(_ request: FetchRequest) async throws(TransportError) -> FetchResponse {
        let start = ContinuousClock.now
        let result: Result<[UInt8], TransportError> = await withCheckedContinuation { done in
            DispatchQueue.global().async {
                done.resume(returning: bytes(of: path(of: request.url), limit: request.policy.maxBodyBytes))
            }
        }
        return FetchResponse(
            status: 200, body: try result.get(), url: request.url, elapsed: ContinuousClock.now - start)
    }

    /// `file:a`, `file:/a`, `file:///a` and `file://localhost/a`, percent-decoded (RFC 8089).
    static func path(of url: String) -> String {
        var path = url.dropFirst("file:".count)
        if path.hasPrefix("//") {
            path = path.dropFirst(2)
            if path.hasPrefix("localhost/") { path = path.dropFirst("localhost".count) }
        }
        return decoded(path)
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let pair = rest.prefix(2)
            if byte == UInt8(ascii: "%"), pair.count == 2,
                let value = UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func bytes(of path: String, limit: Int) -> Result<[UInt8], TransportError> {
        func failure(_ reason: String) -> Result<[UInt8], TransportError> {
            .failure(.file(path: path.legible, reason: reason))
        }
        // Without O_NONBLOCK the opening of a pipe waits for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return failure(String(cString: strerror(errno)).lowercased()) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return failure("it is not a regular file")
        }
        guard status.st_size <= limit else { return .failure(.tooLarge(limitBytes: limit)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size) + 1)
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return .success(bytes) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return failure(String(cString: strerror(errno)).lowercased()) }
            bytes.append(contentsOf: chunk[..<count])
            // It can grow while it is read.
            if bytes.count > limit { return .failure(.tooLarge(limitBytes: limit)) }
        }
    }
}
