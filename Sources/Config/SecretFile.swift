import Foundation
import Model

/// Secrets that lie in files of their own, as systemd and container runtimes hand them out.
enum SecretFile {
    private static let maxBytes = 64 * 1024

    /// Without the line break at its end. Nil when it cannot be read; then an issue says why, and shows nothing of it.
    static func read(_ path: String, at location: SourceLocation?, issues: inout [Issue]) -> Secret? {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            issues.append(
                exists
                    ? Issue("the secret's file cannot be read", remedy: "check its permissions", at: location)
                    : Issue(
                        "the secret's file does not exist", remedy: "paths are relative to the file that names them",
                        at: location))
            return nil
        }
        defer { try? handle.close() }
        let data: Data
        do {
            // Nil at the end, where a file without anything in it begins.
            data = try handle.read(upToCount: maxBytes + 1) ?? Data()
        } catch {
            issues.append(
                Issue("the secret's file cannot be read", remedy: "check that it is a regular file", at: location))
            return nil
        }
        guard data.count <= maxBytes else {
            issues.append(
                Issue("the secret's file is larger than 64 kB", remedy: "check that it is the right file", at: location)
            )
            return nil
        }
        guard let text = String(data: data, encoding: .utf8)?.trimmingCharacters(in: .newlines),
            !text.allSatisfy(\.isWhitespace)
        else {
            issues.append(
                Issue("the secret's file is empty or no text", remedy: "write the secret into it", at: location))
            return nil
        }
        // Of the file itself: a link to it can be read by everybody.
        var status = stat()
        if unsafe fstat(handle.fileDescriptor, &status) == 0, let exposure = exposure(status) {
            issues.append(
                Issue(
                    "\(exposure.who) can \(exposure.what) the secret's file", remedy: "chmod \(exposure.remedy) it",
                    at: location, severity: .warning))
        }
        return Secret(text)
    }

    /// Who can do with the file what its owner alone should.
    ///
    /// A group that can read is no fault where it is how we read it ourselves: files of root for a service's group, and
    /// what systemd hands out to one.
    private static func exposure(_ status: stat) -> (who: String, what: String, remedy: String)? {
        let isOurs = status.st_uid == geteuid() && status.st_uid != 0
        let everybody = words(reads: status.st_mode & S_IROTH != 0, changes: status.st_mode & S_IWOTH != 0)
        let group = words(
            reads: isOurs && status.st_mode & S_IRGRP != 0, changes: status.st_mode & S_IWGRP != 0)
        let remedy = group == nil ? "o=" : isOurs ? "go=" : "g-w,o="
        if let everybody { return ("everybody", everybody, remedy) }
        return group.map { ("its group", $0, remedy) }
    }

    private static func words(reads: Bool, changes: Bool) -> String? {
        let words = [reads ? "read" : nil, changes ? "change" : nil].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: " and ")
    }
}
