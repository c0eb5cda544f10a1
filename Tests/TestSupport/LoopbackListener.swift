import Foundation

/// A socket on loopback whose connections are each served on a thread of their own.
struct LoopbackListener {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
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
    }

    /// - Parameter owner: who is asked for the work on each connection, which is closed after it. When there is no owner any
    ///   more, or `stop` was called, the listening ends.
    func run<Owner: AnyObject & Sendable>(
        for owner: Owner, _ work: @escaping @Sendable (Owner, _ connection: Int32) -> Void
    ) {
        Thread.detachNewThread { [descriptor, weak owner] in
            // Closed here and nowhere else: another server would get the number, and this loop its connections.
            defer { close(descriptor) }
            while true {
                let connection = accept(descriptor, nil, nil)
                if connection < 0 { return }
                guard let owner else {
                    close(connection)
                    return
                }
                Thread.detachNewThread {
                    defer { close(connection) }
                    work(owner, connection)
                }
            }
        }
    }

    /// Ends the listening.
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Returns false when the client is gone.
    @discardableResult
    static func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
