import Config
import Foundation
import Model

/// What somebody has answered, as a first feeds.yaml.
struct FirstConfiguration {
    struct Person {
        var name: String
        var spellings: [String]
    }

    /// The file of the web page's token, beside the configuration.
    static let token = "web-token"

    var schema: String?
    /// Where the state and the alerts are kept. Nil: beside the configuration.
    var data: String?
    /// The state's file, where it is not the usual one beside the configuration.
    var state: String?
    /// Lists that come with the program.
    var includes: [String] = []
    var people: [Person] = []
    var words: [String] = []
    /// Whether news of the camps is wanted, by the terms of a list that is included.
    var watchesCamps = false
    var feeds: [Subscription] = []
    var keepsFile = false

    var looksForNothing: Bool { people.isEmpty && words.isEmpty && !watchesCamps }

    var yaml: String {
        var lines: [String] = []
        if let schema { lines.append("# yaml-language-server: $schema=\(schema)") }
        lines += [
            "# Whom and what Tocsin looks for, and where. Change what you like: 'tocsin check' finds mistakes.",
            "# Every key is described at \(Product.url)/blob/main/docs/configuration.md", "",
        ]
        if let state { lines += ["state: \(Self.quoted(state))", ""] }
        if let data { lines += ["state: \(Self.quoted(data + "/tocsin.db"))", ""] }
        if !includes.isEmpty { lines += ["include:"] + includes.map { "  - \(Self.quoted($0))" } + [""] }
        if !feeds.isEmpty {
            lines.append("feeds:")
            for feed in feeds {
                lines.append("  - url: \(Self.quoted(feed.url))")
                if let name = feed.name { lines.append("    name: \(Self.quoted(name))") }
                if let language = feed.language { lines.append("    language: \(Self.quoted(language))") }
            }
            lines.append("")
        }
        lines += watches + ["alerts:", "  - stdout"]
        if keepsFile {
            lines.append("  - file: {path: \(data.map { Self.quoted($0 + "/alerts.jsonl") } ?? "alerts.jsonl")}")
        }
        lines += [
            "  # Mail, chats and phones: docs/sinks.md; try them with 'tocsin alerts test'.", "",
            "# The web page, for this machine alone. Its token is in a file of its own: openssl rand -hex 16",
            "# web:", "#   listen: \(PageListen.usual)", "#   token_file: \(Self.token)", "",
        ]
        return lines.joined(separator: "\n")
    }

    private var watches: [String] {
        var lines = ["watch:"]
        if !people.isEmpty {
            lines += ["  - name: people", "    severity: high", "    people:"]
            for person in people {
                guard !person.spellings.isEmpty else {
                    lines.append("      - \(Self.quoted(person.name))")
                    continue
                }
                let spellings = person.spellings.map(Self.quoted).joined(separator: ", ")
                lines += ["      - name: \(Self.quoted(person.name))", "        aliases: [\(spellings)]"]
            }
        }
        if !words.isEmpty {
            lines += ["  - name: words", "    any:"] + words.map { "      - \(Self.quoted($0))" }
        }
        if watchesCamps {
            lines += [
                "  - name: camps", "    any: [concept:reeducation-camps]",
                "  - name: held-back", "    any: [concept:barred-from-leaving, concept:detention]",
                "    all: [concept:xinjiang]",
            ]
        }
        return lines + [""]
    }

    private static func quoted(_ text: String) -> String { FeedAdditions.quoted(text) }
}

/// A new file, whole or not at all.
enum NewFile {
    enum Fault: Error, CustomStringConvertible {
        case exists
        case failed(Int32)

        var description: String {
            switch self {
            case .exists: "it is there already"
            case .failed(let code): unsafe String(cString: strerror(code)).lowercased()
            }
        }
    }

    /// Never takes the place of a file that is there, and leaves nothing behind when it fails or is interrupted: the text
    /// is on the disk before it gets its name.
    static func write(_ text: String, to path: String) throws(Fault) {
        let draft = (path as NSString).deletingLastPathComponent + "/.tocsin-init-\(getpid())"
        // For as long as the draft is there: some milliseconds.
        let signals = [SIGINT, SIGTERM, SIGHUP]
        for number in signals { signal(number, SIG_IGN) }
        defer { for number in signals { signal(number, SIG_DFL) } }
        defer { unsafe unlink(draft) }
        try fill(draft, with: text)
        guard unsafe link(draft, path) != 0 else { return }
        if errno == EEXIST { throw .exists }
        // A file system without links.
        try fill(path, with: text)
    }

    /// In a folder that a group alone may read, such as /etc/tocsin of the Debian package, that group reads its files too: the
    /// service is in it.
    private static func shareWithGroup(_ file: Int32, of path: String) {
        var folder = stat()
        guard unsafe stat((path as NSString).deletingLastPathComponent, &folder) == 0,
            folder.st_mode & (S_IRWXO | S_IWGRP | S_IXGRP) == S_IXGRP, folder.st_gid != getegid(),
            fchown(file, uid_t.max, folder.st_gid) == 0
        else { return }
        fchmod(file, 0o640)
    }

    /// Makes a file that is not there.
    private static func fill(_ path: String, with text: String) throws(Fault) {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw errno == EEXIST ? .exists : .failed(errno) }
        defer { close(file) }
        shareWithGroup(file, of: path)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let code = errno
                unsafe unlink(path)
                throw .failed(code)
            }
            rest = rest.dropFirst(count)
        }
        fsync(file)
    }
}
