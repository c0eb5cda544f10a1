import Config
import Foundation
import Model

/// Alerts in a file, a JSON object a line. A line is on the disk before it counts as delivered, and is never torn.
actor FileSink: Sink {
    nonisolated let name: SinkName
    private let path: String
    /// When the file is larger, it is moved to `PATH.1`, that one to `PATH.2`, and so on. Nil: never.
    private let rotateBytes: Int?
    private let keep: Int
    private var file: (descriptor: Int32, inode: UInt64, size: Int)?

    init(name: SinkName, path: String, rotateBytes: Int?, keep: Int) {
        self.name = name
        self.path = path
        self.rotateBytes = rotateBytes
        self.keep = keep
    }

    deinit {
        if let file { close(file.descriptor) }
    }

    func deliver(_ delivery: Delivery) async -> DeliveryOutcome {
        do {
            try append(delivery.body + [0x0A])
            return .delivered
        } catch {
            shut()
            return .deferred(
                reason: "cannot write \(path.legible): \(SystemText.error(error.code))", retryAfter: nil)
        }
    }

    private struct SystemError: Error {
        var code: Int32
    }

    private func append(_ line: [UInt8]) throws(SystemError) {
        // Moved away by somebody else (logrotate): go on with a new one.
        if let file, !isAt(path, file.inode) { shut() }
        if let rotateBytes, let file, file.size > 0, file.size + line.count > rotateBytes { try rotate() }
        let (descriptor, _, size) = try opened()
        var rest = line[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let code = errno
                // A part of a line is worse than none.
                _ = ftruncate(descriptor, off_t(size))
                throw SystemError(code: code)
            }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw SystemError(code: errno) }
        file?.size = size + line.count
    }

    private func opened() throws(SystemError) -> (descriptor: Int32, inode: UInt64, size: Int) {
        if let file { return file }
        let isNew = !FileManager.default.fileExists(atPath: path)
        let descriptor = unsafe open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError(code: errno) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw SystemError(code: code)
        }
        let size = try mended(descriptor, Int(status.st_size))
        if isNew { syncFolder() }
        let opened = (descriptor, UInt64(status.st_ino), size)
        file = opened
        return opened
    }

    /// A crash or a full disk can leave a last line without its end: it is cut, since what it told of is delivered again.
    /// One that is whole JSON only lacks its line break. Returns the size of the file afterwards.
    private func mended(_ descriptor: Int32, _ size: Int) throws(SystemError) -> Int {
        guard size > 0, (S_IFMT & mode(descriptor)) == S_IFREG else { return size }
        let reach = min(size, 4 << 20)
        var tail = [UInt8](repeating: 0, count: reach)
        let count = unsafe tail.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, reach, off_t(size - reach))
        }
        guard count == reach else { throw SystemError(code: count < 0 ? errno : EIO) }
        if tail.last == 0x0A { return size }
        let lineStart = tail.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let line = Array(tail[lineStart...])
        if Alert(json: line) != nil {
            var end: UInt8 = 0x0A
            guard unsafe write(descriptor, &end, 1) == 1 else { throw SystemError(code: errno) }
            return size + 1
        }
        let whole = size - reach + lineStart
        guard ftruncate(descriptor, off_t(whole)) == 0 else { throw SystemError(code: errno) }
        return whole
    }

    private func rotate() throws(SystemError) {
        shut()
        for number in stride(from: keep - 1, through: 1, by: -1) {
            unsafe rename("\(path).\(number)", "\(path).\(number + 1)")
        }
        guard unsafe rename(path, "\(path).1") == 0 || errno == ENOENT else { throw SystemError(code: errno) }
        syncFolder()
    }

    private func shut() {
        if let file { close(file.descriptor) }
        file = nil
    }

    private func mode(_ descriptor: Int32) -> mode_t {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? status.st_mode : 0
    }

    private func isAt(_ path: String, _ inode: UInt64) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && UInt64(status.st_ino) == inode
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
    static let file = SinkKind(key: "file") { section, name, _, issues in
        let path: Located<String>? = section.located("path", issues: &issues)
        let rotate: Located<ByteSize>? = section.located("rotate", issues: &issues)
        let keep = section.value("keep", default: 5, issues: &issues)
        if let rotate, rotate.value.bytes < 10_000 {
            issues.append(
                Issue("'rotate' is out of bounds", remedy: "it takes a size of 10kB or more", at: rotate.location))
        }
        guard (1...1000).contains(keep) else {
            issues.append(Issue("'keep' is out of bounds", remedy: "it takes 1 to 1000", at: section.location))
            return nil
        }
        guard let path, !path.value.isEmpty else {
            issues.append(
                Issue("a file sink without a 'path'", remedy: "add 'path: alerts.jsonl'", at: section.location))
            return nil
        }
        let full = section.source.path(path.value)
        let folder = (full as NSString).deletingLastPathComponent
        if !FileManager.default.fileExists(atPath: folder) {
            issues.append(
                Issue("the folder of 'path' does not exist", remedy: "make it: \(folder.legible)", at: path.location))
            return nil
        }
        return FileSink(
            name: SinkName(name ?? "file:\(path.value)"), path: full, rotateBytes: rotate?.value.bytes, keep: keep)
    }
}
