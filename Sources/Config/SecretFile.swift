import Foundation
import Model

/// Secrets that lie in files of their own, as systemd and container runtimes hand them out.
enum SecretFile {
    private static let maxBytes = 64 * 1024

    /// Without the line break at its end. Nil when it cannot be read; then an issue says why.
    static func read(_ path: String, at location: SourceLocation?, issues: inout [Issue]) -> Secret? {
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: maxBytes + 1)
        else {
            issues.append(
                Issue("the secret's file cannot be read", remedy: "check the path and its permissions", at: location))
            return nil
        }
        defer { try? handle.close() }
        guard data.count <= maxBytes else {
            issues.append(
                Issue("the secret's file is larger than 64 kB", remedy: "check that it is the right file", at: location)
            )
            return nil
        }
        guard let text = String(data: data, encoding: .utf8)?.trimmingCharacters(in: .newlines), !text.isEmpty else {
            issues.append(
                Issue("the secret's file is empty or no text", remedy: "write the secret into it", at: location))
            return nil
        }
        let mode = (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int ?? 0
        if mode & 0o077 != 0 {
            issues.append(
                Issue(
                    "others can read the secret's file", remedy: "chmod 600 it", at: location, severity: .warning))
        }
        return Secret(text)
    }
}
