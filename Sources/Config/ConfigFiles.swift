import Foundation
import Synchronization

/// A file that a configuration is read from, as it was when somebody looked.
package struct ConfigFile: Sendable, Hashable, Codable {
    /// What tells one text of a file from the next, without reading it.
    package struct Stamp: Sendable, Hashable, Codable {
        package var device: UInt64
        package var inode: UInt64
        package var bytes: Int64
        /// When its text, its name or who may read it changed last: nanoseconds since 1970.
        package var changed: Int64
    }

    /// Absolute.
    package var path: String
    /// Whether it holds a secret, and no YAML.
    package var isSecret: Bool
    /// Nil: it is not there, or is no regular file, which can be read only once.
    package var stamp: Stamp?

    /// Looks at it.
    package init(_ path: String, isSecret: Bool = false) {
        self.path = path
        self.isSecret = isSecret
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        stamp = Stamp(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), bytes: Int64(status.st_size),
            changed: Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec))
    }

    /// The same file as it is now.
    package var now: ConfigFile { ConfigFile(path, isSecret: isSecret) }
}

/// Notes the files that a configuration is read from: itself, what it includes, whether that is there or not, and those of secrets. Each
/// is looked at before it is read, so that what is written meanwhile counts as a change.
package final class ConfigFiles: Sendable {
    private let files = Mutex<[ConfigFile]>([])

    package init() {}

    /// In the order in which they were read, each path once.
    package var all: [ConfigFile] { files.withLock { $0 } }

    func note(_ path: String, isSecret: Bool = false) {
        let file = ConfigFile(path, isSecret: isSecret)
        files.withLock { files in
            if !files.contains(where: { $0.path == path }) { files.append(file) }
        }
    }
}
