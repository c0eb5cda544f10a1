import Foundation
import Model

/// The lock that makes one process the owner of a state. The system drops it when the process ends, however it ends.
final class StateLock: Sendable {
    private let descriptor: Int32

    init(_ statePath: String) throws(StoreError) {
        let path = StateFile.resolved(statePath) + ".lock"
        descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotCreate(path: path, reason: StateFile.reason(errno)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let reason = StateFile.reason(errno)
            close(descriptor)
            throw isTaken ? .inUse(path: statePath) : .failed(path: path, reason: reason)
        }
    }

    /// Writes what others may know of the owner, and takes the mark that says which process reloads at SIGHUP.
    ///
    /// The mark is a POSIX lock on the file's first byte: the kernel says whose it is, in the numbers of whoever asks, and drops
    /// it when the process ends. A number in the file would be another program's one day.
    func announce(_ note: [UInt8]) -> Bool {
        var mark = Self.mark()
        guard unsafe fcntl(descriptor, F_SETLK, &mark) == 0, ftruncate(descriptor, 0) == 0 else { return false }
        return unsafe note.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) } == note.count
    }

    fileprivate static func mark() -> flock {
        var mark = flock()
        mark.l_type = Int16(F_WRLCK)
        mark.l_whence = Int16(SEEK_SET)
        mark.l_start = 0
        mark.l_len = 1
        return mark
    }

    deinit {
        // A program that is started just now has the descriptor too until its exec; closing alone would leave it the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}

/// The process that has a state and reloads its configuration at SIGHUP, as others see it: `run`, and not `once`.
///
/// Not for the owner itself: a process that closes any descriptor of a file loses its POSIX locks on it.
package enum StateOwner: Sendable, Hashable {
    /// None: nobody has the state, or one who does not reload.
    case none
    /// - Parameters:
    ///   - process: nil where its number is not one of ours: it runs in a container, or we do.
    ///   - note: what it has announced. Empty for a moment while it announces something else.
    case running(process: Int32?, note: [UInt8])
    /// We may not look.
    case hidden

    /// No note is longer.
    private static let mostBytes = 4_000_000

    package init(of statePath: String) {
        let descriptor = unsafe open(StateFile.resolved(statePath) + ".lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            self = errno == EACCES || errno == EPERM ? .hidden : .none
            return
        }
        defer { close(descriptor) }
        var mark = StateLock.mark()
        guard unsafe fcntl(descriptor, F_GETLK, &mark) == 0, mark.l_type != Int16(F_UNLCK) else {
            self = .none
            return
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_size <= Self.mostBytes else {
            self = .running(process: mark.l_pid > 0 ? mark.l_pid : nil, note: [])
            return
        }
        var note = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = unsafe note.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        self = .running(process: mark.l_pid > 0 ? mark.l_pid : nil, note: Array(note.prefix(max(0, count))))
    }
}
