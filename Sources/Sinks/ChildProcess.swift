import CSpawn
import Foundation
import Synchronization

/// A program that runs once, in a process group of its own, with nothing of ours but what it is given.
struct ChildProcess: Sendable {
    /// How it ended, and what it complained of.
    struct Ending: Sendable, Hashable {
        enum Manner: Sendable, Hashable {
            case exited(Int32)
            case killed(signal: Int32)
            case timedOut
            case cancelled
            /// Somebody else has asked for its status, so nobody knows whether it did its work.
            case unknown
            /// It could not be started: a number of the system's.
            case notStarted(Int32)
        }

        var manner: Manner
        /// The first 4 kB of its stderr.
        var complaint: [UInt8]
    }

    /// Twice what is shown: what is cut may be the half of a secret, and is not recognised.
    static let maxComplaintBytes = 4096
    /// Between asking it to end and making it.
    private static let grace: Duration = .seconds(2)
    /// After so many attempts it is out of our reach: run by another user, say.
    private static let mostKills = 2

    /// The program's path, absolute, and its arguments. No shell reads them.
    let arguments: [String]
    let environment: [String: String]
    /// Where it runs.
    let folder: String
    let timeout: Duration

    /// Runs it with `input` on stdin; stdout leads nowhere. Its whole group is killed when the time is over or the task is
    /// cancelled; what it leaves behind at an end of its own is its business.
    func run(input: [UInt8]) async -> Ending {
        let stop = StopFlag()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { done in
                // A thread of its own: it waits in the system, and Swift's few are for what does not.
                Thread.detachNewThread { done.resume(returning: self.run(input, stop)) }
            }
        } onCancel: {
            stop.isSet.store(true, ordering: .relaxed)
        }
    }

    private final class StopFlag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    private func run(_ input: [UInt8], _ stop: StopFlag) -> Ending {
        Self.blockPipeSignal()
        Self.keepChildren
        guard let stdin = Pipe(), let stderr = Pipe() else { return Ending(manner: .notStarted(errno), complaint: []) }
        let pid = start(stdin, stderr)
        guard pid > 0 else { return Ending(manner: .notStarted(-pid), complaint: []) }
        stdin.closeReader()
        stderr.closeWriter()
        var talk = Talk(stdin, stderr, input: input[...])
        var early: Ending.Manner?
        var killTime: ContinuousClock.Instant?
        var kills = 0
        let deadline = ContinuousClock.now + timeout
        while tocsin_has_ended(pid) == 0 {
            talk.step()
            let now = ContinuousClock.now
            if early == nil, now >= deadline || stop.isSet.load(ordering: .relaxed) {
                early = now >= deadline ? .timedOut : .cancelled
                killTime = now + Self.grace
                Self.signal(pid, SIGTERM)
            }
            if let early, let time = killTime, now >= time {
                if kills == Self.mostKills {
                    // Reaped when it ends, if it does.
                    Thread.detachNewThread { _ = Self.reap(pid) }
                    return Ending(manner: early, complaint: talk.complaint)
                }
                kills += 1
                killTime = now + Self.grace
                Self.signal(pid, SIGKILL)
            }
        }
        talk.drain()
        // While it is not reaped, its number is nobody else's: those it has started go with it.
        if early != nil { Self.signal(pid, SIGKILL) }
        let manner = Self.reap(pid)
        return Ending(manner: early ?? manner, complaint: talk.complaint)
    }

    private static func reap(_ pid: pid_t) -> Ending.Manner {
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0 {
            if errno != EINTR { return .unknown }
        }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
    }

    /// To its group, and to itself in case that it has left that.
    private static func signal(_ pid: pid_t, _ signal: Int32) {
        kill(-pid, signal)
        kill(pid, signal)
    }

    /// Whoever started us may have had the ends of programs ignored, and that is inherited: then the system reaps them, and
    /// their status is lost.
    private static let keepChildren: Void = { _ = Foundation.signal(SIGCHLD, SIG_DFL) }()

    /// A write to a program that has gone is an error then, and not our end. Of this thread only.
    private static func blockPipeSignal() {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// The number of the process, or one of the system's errors below zero.
    private func start(_ stdin: Pipe, _ stderr: Pipe) -> pid_t {
        let words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        let variables =
            unsafe environment.sorted { $0.key < $1.key }.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe variables.forEach { unsafe free($0) }
        }
        var pid: pid_t = 0
        let code = unsafe tocsin_spawn(&pid, words, variables, folder, stdin.reader, stderr.writer)
        return code == 0 ? pid : -code
    }
}

extension ChildProcess {
    /// Both ends of a pipe, closed when it goes.
    fileprivate final class Pipe {
        private(set) var reader: Int32 = -1
        private(set) var writer: Int32 = -1

        init?() {
            var ends: [Int32] = [-1, -1]
            guard unsafe tocsin_pipe(&ends) == 0 else { return nil }
            (reader, writer) = (ends[0], ends[1])
        }

        deinit {
            closeReader()
            closeWriter()
        }

        func closeReader() {
            if reader >= 0 { close(reader) }
            reader = -1
        }

        func closeWriter() {
            if writer >= 0 { close(writer) }
            writer = -1
        }
    }

    /// What goes in, and what comes out.
    fileprivate struct Talk {
        private let stdin: Pipe
        private let stderr: Pipe
        private var rest: ArraySlice<UInt8>
        private(set) var complaint: [UInt8] = []

        init(_ stdin: Pipe, _ stderr: Pipe, input: ArraySlice<UInt8>) {
            self.stdin = stdin
            self.stderr = stderr
            rest = input
            for descriptor in [stdin.writer, stderr.reader] {
                _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            }
        }

        /// Waits until something can be written or read, a fiftieth of a second at most.
        mutating func step() {
            var polls = [
                pollfd(fd: stdin.writer, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: stderr.reader, events: Int16(POLLIN), revents: 0),
            ]
            // A descriptor of -1 is passed over.
            _ = unsafe poll(&polls, 2, 20)
            if polls[0].revents != 0 { write() }
            if polls[1].revents != 0 { read() }
        }

        /// What it said last. Those that it has left behind may hold the pipe open: they are not waited for.
        mutating func drain() {
            for _ in 0..<16 where stderr.reader >= 0 { if !read() { return } }
        }

        private mutating func write() {
            let count = unsafe rest.withUnsafeBytes { unsafe Foundation.write(stdin.writer, $0.baseAddress, $0.count) }
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            // It need not read all of it, or any.
            rest = count < 0 ? [] : rest.dropFirst(count)
            if rest.isEmpty { stdin.closeWriter() }
        }

        /// False when there is nothing to read now.
        @discardableResult
        private mutating func read() -> Bool {
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = unsafe Foundation.read(stderr.reader, &chunk, chunk.count)
            if count < 0 { return errno == EINTR }
            if count == 0 { stderr.closeReader() }
            complaint += chunk.prefix(min(count, ChildProcess.maxComplaintBytes - complaint.count))
            return count > 0
        }
    }
}
