import Foundation
import Model

/// The state's file, before SQLite has it.
///
/// Everything here happens before SQLite opens the file: later, closing any other descriptor of it would drop SQLite's
/// own locks (POSIX locks belong to the process and not to the descriptor).
enum StateFile {
    /// Refuses what is not ours, and touches nothing then. Returns whether the file has to be set up.
    static func isNew(_ path: String) throws(StoreError) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return true }
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .readOnly(path: path) }
        defer { try? handle.close() }
        let header: Data
        do {
            header = try handle.read(upToCount: 100) ?? Data()
        } catch {
            throw .failed(path: path, reason: "it is no file that can be read")
        }
        if header.isEmpty { return true }
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw .notADatabase(path: path)
        }
        let id = header[68..<72].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard id == UInt32(bitPattern: Schema.applicationID) else { throw .foreign(path: path) }
        return false
    }

    /// Makes an empty file that only its owner can read: SQLite gives its helpers (`-wal`, `-shm`) the same mode.
    static func create(_ path: String) throws(StoreError) {
        let descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotCreate(path: path, reason: Self.reason(errno)) }
        close(descriptor)
    }

    /// Where the file lies, whatever links lead to it, also where it is not there yet: each of its names has one owner.
    static func resolved(_ path: String) -> String {
        var path = path
        // As many as the system follows.
        for _ in 0..<40 {
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { break }
            path = target.hasPrefix("/") ? target : (path as NSString).deletingLastPathComponent + "/" + target
        }
        let name = (path as NSString).lastPathComponent
        let folder = (path as NSString).deletingLastPathComponent
        guard let real = unsafe realpath(folder.isEmpty ? "." : folder, nil) else { return path }
        defer { unsafe free(real) }
        return unsafe String(cString: real) + "/" + name
    }

    /// An error number of the system, for people.
    static func reason(_ code: Int32) -> String {
        unsafe String(cString: strerror(code)).lowercased()
    }
}
