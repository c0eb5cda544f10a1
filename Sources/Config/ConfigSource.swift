import Foundation
import Model

/// Where the values of a file come from, beside the file itself.
package struct ConfigSource: Sendable {
    /// The file's name, for messages.
    package var file: String
    /// Its folder: what relative paths in it are relative to. Absolute; symbolic links stay, since the file's own may
    /// point to a folder that changes with every version (as those of a Kubernetes ConfigMap do).
    package var folder: String
    package var environment: [String: String]
    /// For tests of the declarations.
    package var audit: KeyAudit?
    /// Notes what is read.
    package var files: ConfigFiles?

    /// An absolute path, for one that stands in the file. `~/` is the user's home.
    package func path(_ text: String) -> String {
        if text.hasPrefix("/") { return text }
        if text.hasPrefix("~/"), let home = environment["HOME"], home.hasPrefix("/") { return home + text.dropFirst() }
        // So that `./a` and `a` are one file.
        var rest = text[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2).drop { $0 == "/" } }
        return (folder == "/" ? "" : folder) + "/" + rest
    }
}

/// Files that are written: whether they can be, as far as that shows before.
package enum FilePlace {
    /// - Parameter path: absolute.
    package static func fault(_ path: String, of key: String) -> (fault: String, remedy: String)? {
        var isFolder: ObjCBool = false
        let folder = (path as NSString).deletingLastPathComponent
        if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            return ("'\(key)' is a folder", "name a file in it")
        }
        if unsafe !FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) || !isFolder.boolValue {
            return ("the folder of '\(key)' does not exist", "make it, or name another")
        }
        return nil
    }
}
