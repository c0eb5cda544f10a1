import Foundation
import Model

/// Tells systemd how the service is, where it asked for that (sd_notify(3)). Does nothing elsewhere.
struct SystemdNotifier: Sendable {
    private let address: String?
    /// Half of the time after which systemd holds the service for dead. Nil when it does not watch.
    let watchdogInterval: Duration?

    init(environment: [String: String]) {
        address = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isForUs = environment["WATCHDOG_PID"].map { Int32($0) == getpid() } ?? true
        watchdogInterval =
            environment["WATCHDOG_USEC"].flatMap { Int64($0) }.flatMap { isForUs && $0 > 0 ? $0 : nil }
            .map { .microseconds($0 / 2) }
    }

    func ready() { send("READY=1\nSTATUS=polling feeds") }
    func stopping() { send("STOPPING=1\nSTATUS=finishing what is under way") }
    func alive() { send("WATCHDOG=1") }

    /// Since systemd 253 a reload is acknowledged with the time at which it began.
    func reloading() {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1000)")
    }

    private func send(_ state: String) {
        guard let address else { return }
        var socketAddress = sockaddr_un()
        socketAddress.sun_family = sa_family_t(AF_UNIX)
        // An address that begins with '@' lies in Linux's abstract name space: its first byte is zero.
        let path = Array((address.hasPrefix("@") ? "\0" + address.dropFirst() : Substring(address)).utf8)
        let capacity = MemoryLayout.size(ofValue: socketAddress.sun_path)
        guard path.count < capacity else { return }
        unsafe withUnsafeMutableBytes(of: &socketAddress.sun_path) { unsafe $0.copyBytes(from: path) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \sockaddr_un.sun_path) ?? 2
        let length = socklen_t(offset + path.count)
        let bytes = Array(state.utf8)
        // A notice that cannot be sent is not worth stopping for: systemd's own time-outs judge then.
        _ = unsafe withUnsafePointer(to: socketAddress) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), pointer, length)
            }
        }
    }
}
