import Config
import Foundation
import Model

/// Alerts in a file, a JSON object a line. A line is on the disk before it counts as delivered, and is never torn.
actor FileSink: Sink {
    nonisolated let name: SinkName
    private let executor: DiskExecutor
    /// Absolute.
    nonisolated let path: String
    /// When the file is larger, it is moved to `PATH.1`, that one to `PATH.2`, and so on. Nil: never.
    private let rotateBytes: Int?
    private let keep: Int
    private var file: (descriptor: Int32, inode: ino_t)?

    init(name: SinkName, path: String, rotateBytes: Int?, keep: Int) {
        self.name = name
        executor = DiskExecutor("tocsin \(name)")
        self.path = path
        self.rotateBytes = rotateBytes
        self.keep = keep
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    deinit {
        if let file { close(file.descriptor) }
    }

    func deliver(_ delivery: Delivery) async -> DeliveryOutcome {
        do {
            try append(delivery.body + [0x0A])
            return .delivered
        } catch {
            shut()
            return .deferred(reason: "cannot write \(path.legible): \(error)", retryAfter: nil)
        }
    }

    private enum WriteError: Error, CustomStringConvertible {
        case system(Int32)
        case foreign
        case unread
        case busy

        static var last: WriteError { .system(errno) }

        var description: String {
            switch self {
            case .system(let code): SystemText.error(code)
            case .foreign: "it holds something else than alerts"
            case .busy: "another process has locked it"
            case .unread: "nobody reads from this pipe"
            }
        }
    }

    private func append(_ line: [UInt8]) throws(WriteError) {
        // Moved away by somebody else (logrotate): go on with a new one.
        if let file, !isAt(path, file.inode) { shut() }
        var (descriptor, inode) = try opened()
        var size = try status(descriptor).st_size
        if let rotateBytes, size > 0, Int(size) + line.count > rotateBytes {
            try rotate()
            (descriptor, inode) = try opened()
            size = try status(descriptor).st_size
        }
        file = (descriptor, inode)
        // Another process may append to it: a test alert, a second Tocsin.
        try lock(descriptor)
        defer { flock(descriptor, LOCK_UN) }
        size = try status(descriptor).st_size
        var rest = line[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = count < 0 ? WriteError.last : .system(ENOSPC)
                // A part of a line is worse than none.
                _ = ftruncate(descriptor, size)
                throw error
            }
            rest = rest.dropFirst(count)
        }
        #if DEBUG
            Failpoint.lineWritten.pass()
        #endif
        // EINVAL: a device, which has nothing to keep.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .last }
    }

    private func opened() throws(WriteError) -> (descriptor: Int32, inode: ino_t) {
        if let file { return file }
        // A pipe is opened as one that is read: with O_RDWR a pipe without a reader takes what nobody ever gets.
        if isPipe() {
            let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { throw errno == ENXIO ? .unread : .last }
            do throws(WriteError) {
                let inode = try status(descriptor).st_ino
                file = (descriptor, inode)
                return (descriptor, inode)
            } catch {
                close(descriptor)
                throw error
            }
        }
        let isNew = !FileManager.default.fileExists(atPath: path)
        // Without O_NONBLOCK a pipe that nobody reads would hold us up; a file does not mind.
        let descriptor = unsafe open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw .last }
        do throws(WriteError) {
            let status = try status(descriptor)
            if status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 { try mend(descriptor, Int(status.st_size)) }
            if isNew { syncFolder() }
            file = (descriptor, status.st_ino)
            return (descriptor, status.st_ino)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// A crash or a full disk can leave a last line without its end: it is cut, since what it told of is delivered again.
    /// One that is whole only lacks its line break. What is not ours is left alone: a path can be mistyped.
    private func mend(_ descriptor: Int32, _ size: Int) throws(WriteError) {
        guard try bytes(descriptor, 0..<1) == Array("{".utf8) else { throw .foreign }
        let start = max(0, size - Self.reach)
        let tail = try bytes(descriptor, start..<size)
        if tail.last == 0x0A { return }
        let lineStart = tail.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let line = Array(tail[lineStart...])
        let isOurs = line.starts(with: Self.opening) || Self.opening.starts(with: line)
        if isOurs, Alert(json: line) == nil, start == 0 || lineStart > 0 {
            guard ftruncate(descriptor, off_t(start + lineStart)) == 0 else { throw .last }
        } else {
            var end: UInt8 = 0x0A
            guard unsafe write(descriptor, &end, 1) == 1 else { throw .last }
        }
    }

    /// Longer than any alert.
    private static let reach = 4 << 20
    /// How each alert begins.
    private static let opening = Array("{\"id\":\"".utf8)

    private func bytes(_ descriptor: Int32, _ range: Range<Int>) throws(WriteError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(range.lowerBound))
        }
        guard count == range.count else { throw count < 0 ? .last : .system(EIO) }
        return bytes
    }

    /// `PATH` becomes `PATH.1`, that one `PATH.2`, and so on; the oldest goes. Killed in between, none of the others is lost.
    private func rotate() throws(WriteError) {
        shut()
        for number in stride(from: keep - 1, through: 1, by: -1) {
            unsafe rename("\(path).\(number)", "\(path).\(number + 1)")
        }
        guard unsafe rename(path, "\(path).1") == 0 || errno == ENOENT else { throw .last }
        syncFolder()
    }

    private func shut() {
        if let file { close(file.descriptor) }
        file = nil
    }

    private func status(_ descriptor: Int32) throws(WriteError) -> stat {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last }
        return status
    }

    /// For a second at most; a line is written in less.
    private func lock(_ descriptor: Int32) throws(WriteError) {
        for _ in 0..<100 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            // What cannot be locked (a pipe, some network file systems) is not locked.
            guard errno == EWOULDBLOCK || errno == EINTR else { return }
            usleep(10_000)
        }
        throw .busy
    }

    private func isPipe() -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    private func isAt(_ path: String, _ inode: ino_t) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_ino == inode
    }

    /// So that the file's name is on the disk as well.
    private func syncFolder() {
        let folder = unsafe open((path as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}

extension SinkKind {
    private static let fileShape = ConfigShape(
        "file", "A file of JSON lines.", needs: [["path"]],
        [
            ConfigKey("path", .text, "The file, which is appended to."),
            ConfigKey(
                "rotate", .value(ByteSize.self, .size("10kB", nil)),
                "The file is moved to PATH.1 before it grows beyond this size."),
            ConfigKey("keep", .number(1...1000), "How many moved files are kept.", usual: "5"),
        ])

    static let file = SinkKind(key: "file", shape: fileShape) { section, name, tools, issues in
        let path = section.path("path", issues: &issues)
        let rotate: ByteSize? = section.optional("rotate", issues: &issues)
        let keep = section.value("keep", default: 5, issues: &issues)
        guard let path else {
            if section.isMissing("path") {
                issues.append(
                    Issue("a file sink without a 'path'", remedy: "add 'path: alerts.jsonl'", at: section.location))
            }
            return nil
        }
        let full = section.source.path(path.value)
        if let fault = FilePlace.fault(full, of: "path") {
            issues.append(
                Issue(fault.fault, remedy: fault.remedy, at: path.location, severity: tools.absence))
        } else if !FileSink.takes(full) {
            issues.append(
                Issue(
                    "the file of 'path' holds something else than alerts", remedy: "name another, or move it away",
                    at: path.location, severity: tools.absence))
        }
        return FileSink(
            name: SinkName(name ?? "file:\(path.value)"), path: full, rotateBytes: rotate?.bytes, keep: keep)
    }
}

extension FileSink {
    /// Whether a file that is there can be one of alerts: every line of such a file begins with a brace.
    fileprivate static func takes(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0,
            let handle = FileHandle(forReadingAtPath: path)
        else { return true }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: 1)) == Data("{".utf8)
    }
}
