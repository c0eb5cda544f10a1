import Foundation
package import Model

/// Feeds that a program adds to a configuration that people wrote: they go to a file of their own, which the
/// configuration includes. No line that somebody wrote is changed but the `include` itself.
package struct FeedAdditions: Sendable {
    /// Why nothing was added. Every file is as it was, but for one that is named. For people.
    package enum Fault: Error, Sendable, Hashable {
        /// A file cannot be read or written, and nothing was changed.
        case file(path: String, reason: String)
        /// A file was changed, and could not be given back what it had.
        case notRestored(path: String)
        /// The feeds cannot be included by a change of one line; a person can do it.
        case include(list: String)
        /// Another command has been changing the configuration for too long.
        case busy(path: String)
        /// The watch is there, and a person cannot be added to its list by adding lines.
        case watch(name: String, at: SourceLocation?)
        /// The person is there, and other spellings cannot be added by adding lines.
        case person(name: String, aliases: [String], at: SourceLocation?)
        /// The feeds would make the configuration wrong.
        case refused([Issue])
    }

    /// As it was named on the command line.
    private let configuration: String
    private let environment: [String: String]
    /// The list's name, as `include` has it: relative to the configuration, or absolute.
    private let list: String
    private let source: ConfigSource

    /// - Parameter list: the file that the feeds go to.
    package init(configuration: String, list: String, environment: [String: String]) {
        self.configuration = configuration
        self.list = list
        self.environment = environment
        let full =
            configuration.hasPrefix("/")
            ? configuration : FileManager.default.currentDirectoryPath + "/" + configuration
        source = ConfigSource(
            file: configuration, folder: (full as NSString).deletingLastPathComponent, environment: environment)
    }

    /// Writes them, and reads the configuration again: when it is not what it was with these feeds added, both files get
    /// back what they had.
    ///
    /// - Parameter choose: what to add to the configuration as it is; nobody else adds to it meanwhile.
    package func add(_ choose: (Configuration) -> [Subscription]) throws(Fault) {
        try ConfigLock.holding(source.path(fileName), shownAs: configuration) { () throws(Fault) in
            let (before, known) = ConfigLoader.load(configuration, environment: environment)
            guard let before else { throw .refused(known.filter { $0.severity == .error }) }
            let entries = choose(before)
            if !entries.isEmpty { try write(entries, before, known) }
        }
    }

    private func write(_ entries: [Subscription], _ before: Configuration, _ known: [Issue]) throws(Fault) {
        let main = try EditedFile(source.path(fileName))
        let added = try EditedFile(source.path(list))
        guard let text = main.text else { throw .file(path: configuration, reason: "there is no such file") }
        do throws(Fault) {
            added.takeAccess(of: main)
            try added.write((added.text.map(Self.continued) ?? Self.heading) + entries.map(Self.yaml).joined())
            if !includesList {
                guard let edited = IncludeEdit.adding(list, to: text, path: main.path) else {
                    throw .include(list: list)
                }
                try main.write(edited)
            }
            try check(entries, before, known)
        } catch {
            // Both, whatever becomes of the first. What could not be put back is told instead of why it was to be.
            for fault in [main.restore(), added.restore()] { if let fault { throw fault } }
            throw error
        }
    }

    private var fileName: String { (configuration as NSString).lastPathComponent }

    /// Whether the configuration itself has the list among its includes.
    private var includesList: Bool {
        guard let node = readRoot(), case .map(let members) = node.content else { return false }
        let names: [ConfigNode] = members.filter { $0.key == "include" }.flatMap { member -> [ConfigNode] in
            if case .list(let elements) = member.value.content { return elements }
            return [member.value]
        }
        return names.contains { name in
            guard case .scalar(let text, _) = name.content else { return false }
            return source.path(text) == source.path(list)
        }
    }

    private func readRoot() -> ConfigNode? {
        var issues: [Issue] = []
        return YAMLReader.read(source.path(fileName), shownAs: configuration, issues: &issues)
    }

    private func check(_ entries: [Subscription], _ before: Configuration, _ known: [Issue]) throws(Fault) {
        let (after, issues) = ConfigLoader.load(configuration, environment: environment)
        let faults = issues.filter { issue in
            issue.severity == .error && !known.contains { $0.fault == issue.fault }
        }
        if !faults.isEmpty {
            throw .refused(faults.map { $0.withoutPlace(in: [source.path(fileName), source.path(list)]) })
        }
        let urls = Set(after?.feeds.map(\.url) ?? [])
        guard entries.allSatisfy({ urls.contains($0.url) }), urls.isSuperset(of: before.feeds.map(\.url)) else {
            throw .include(list: list)
        }
    }

    // MARK: YAML

    static let heading = """
        # Feeds that 'tocsin import' and 'tocsin add feed' added. Change what you like; they add at the end.
        feeds:

        """

    static func continued(_ text: String) -> String {
        if text.allSatisfy(\.isWhitespace) { return heading }
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    static func yaml(_ entry: Subscription) -> String {
        var lines = ["  - url: \(quoted(entry.url))"]
        if let name = entry.name { lines.append("    name: \(quoted(name))") }
        if let language = entry.language { lines.append("    language: \(quoted(language))") }
        if !entry.tags.isEmpty { lines.append("    tags: [\(entry.tags.map(quoted).joined(separator: ", "))]") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A double-quoted scalar (YAML 1.2 §7.3.1). `$` is doubled, since `${NAME}` is from the environment.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.replacing("${", with: "$${").unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}":
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension Issue {
    /// The same without its place, where that is a line of a text that is not in its file.
    func withoutPlace(in files: some Sequence<String>) -> Issue {
        guard let place = location, files.map(ConfigLoader.identity).contains(ConfigLoader.identity(place.file)) else {
            return self
        }
        var issue = self
        issue.location = nil
        return issue
    }
}

/// A line of `include:`, added to a text as a person would.
enum IncludeEdit {
    /// Nil when it cannot be done by adding to one line.
    static func adding(_ file: String, to text: String, path: String) -> String? {
        var issues: [Issue] = []
        guard let root = YAMLReader.read(path, shownAs: path, issues: &issues), case .map(let members) = root.content
        else { return nil }
        let name = FeedAdditions.quoted(file)
        // A file of Windows keeps its line ends; one with both kinds is a person's to change.
        let hasWide = text.contains("\r\n")
        if hasWide, text.contains(where: { $0 == "\n" || $0 == "\r" }) { return nil }
        let end = hasWide ? "\r\n" : "\n"
        guard let member = members.first(where: { $0.key == "include" }) else {
            // `{feeds: […]}`: there is no line to add.
            if text.first(where: { !$0.isWhitespace }) == "{" { return nil }
            let start = text.isEmpty || text.hasSuffix(end) ? "" : end
            return text + start + end + "include:" + end + "  - \(name)" + end
        }
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
        if member.value.isNull, member.keyLocation.line <= lines.count {
            lines.insert("  - \(name)", at: member.keyLocation.line)
            return lines.joined(separator: end)
        }
        let line = member.value.location.line - 1
        guard lines.indices.contains(line) else { return nil }
        let column = member.value.location.column - 1
        switch member.value.content {
        case .list(let elements):
            if let start = character(lines[line], column), lines[line][start] == "[" {
                lines[line].insert(
                    contentsOf: elements.isEmpty ? name : name + ", ", at: lines[line].index(after: start))
                break
            }
            guard let last = elements.last?.location.line, lines.indices.contains(last - 1) else { return nil }
            let indent = lines[last - 1].prefix { $0 == " " }
            guard lines[last - 1].dropFirst(indent.count).hasPrefix("- ") else { return nil }
            lines.insert("\(indent)- \(name)", at: last)
        case .scalar(_, let isQuoted):
            guard var start = character(lines[line], column) else { return nil }
            // The place of a quoted text is behind its quote.
            if isQuoted, start > lines[line].startIndex, !["\"", "'"].contains(lines[line][start]) {
                start = lines[line].index(before: start)
            }
            guard let end = scalarEnd(lines[line], from: start) else { return nil }
            lines[line].replaceSubrange(start..<end, with: "[\(lines[line][start..<end]), \(name)]")
        case .map: return nil
        }
        return lines.joined(separator: end)
    }

    private static func character(_ line: String, _ column: Int) -> String.Index? {
        line.unicodeScalars.index(line.startIndex, offsetBy: column, limitedBy: line.endIndex)
            .flatMap { $0 < line.endIndex ? $0 : nil }
    }

    /// Where a scalar of one line ends: at its quote, or before a comment.
    private static func scalarEnd(_ line: String, from start: String.Index) -> String.Index? {
        let first = line[start]
        if first == "\"" || first == "'" {
            return line[line.index(after: start)...].firstIndex(of: first).map { line.index(after: $0) }
        }
        var end = line[start...].firstRange(of: " #")?.lowerBound ?? line.endIndex
        while end > start, line[line.index(before: end)].isWhitespace { end = line.index(before: end) }
        return end
    }
}

/// A file that is written whole, and can get back what it had. Links are followed, and the permissions stay.
final class EditedFile {
    let path: String
    /// Nil where there is none yet.
    let text: String?
    /// Of the file, or for it where there is none yet. Nil: those of any new file.
    var permissions: NSNumber?
    /// Whose it is, the same way: a service may read it through its group, whoever changes it.
    var owner: (user: uid_t, group: gid_t)?
    private var isWritten = false
    /// Whether it can be replaced, as far as that shows before.
    var isWritable: Bool {
        let folder = (path as NSString).deletingLastPathComponent
        return FileManager.default.isWritableFile(atPath: path) && FileManager.default.isWritableFile(atPath: folder)
    }

    init(_ path: String) throws(FeedAdditions.Fault) {
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            text = nil
            permissions = nil
            owner = nil
            return
        }
        // Without them it gets those of any new file.
        permissions = (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? NSNumber
        var status = stat()
        owner = unsafe stat(path, &status) == 0 ? (status.st_uid, status.st_gid) : nil
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw .file(path: path, reason: "it cannot be read as UTF-8")
        }
    }

    /// A file that is not there yet gets the access that another one has.
    func takeAccess(of other: EditedFile) {
        permissions = permissions ?? other.permissions
        owner = owner ?? other.owner
    }

    /// At once or not at all: a reader sees the old file or the new one.
    func write(_ text: String) throws(FeedAdditions.Fault) {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
            isWritten = true
            // What root alone may do; the group at least, where we are in it.
            if let owner, unsafe chown(path, owner.user, owner.group) != 0 {
                _ = unsafe chown(path, uid_t.max, owner.group)
            }
            if let permissions {
                try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
            }
        } catch {
            throw .file(path: path, reason: "it cannot be written")
        }
    }

    /// - Returns: what to tell when that cannot be done.
    func restore() -> FeedAdditions.Fault? {
        guard isWritten else { return nil }
        do {
            if let text { try write(text) } else { try FileManager.default.removeItem(atPath: path) }
            return nil
        } catch {
            return .notRestored(path: path)
        }
    }
}
