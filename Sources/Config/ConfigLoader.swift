import Foundation
package import Model

/// feeds.yaml, and what it includes, to a checked `Configuration`.
package enum ConfigLoader {
    /// Reads everything and finds every fault. The configuration is nil only when the file itself cannot be read.
    ///
    /// - Parameters:
    ///   - path: relative to the current folder, or absolute.
    ///   - environment: for `${NAME}`.
    ///   - drafts: what files would hold, by their absolute paths: these are taken for written.
    ///   - audit: for tests of the declarations.
    ///   - files: notes the files that are read, also by sinks that are made from the configuration.
    package static func load(
        _ path: String, environment: [String: String], drafts: [String: String] = [:], audit: KeyAudit? = nil,
        files: ConfigFiles? = nil
    ) -> (Configuration?, [Issue]) {
        var run = LoaderRun(environment: environment, audit: audit, noted: files)
        for (path, text) in drafts { run.drafts[identity(path)] = text }
        let configuration = run.load(path)
        return (configuration, run.issues)
    }

    /// The files that a configuration is read from, itself first, each once: as users call it, and where it is.
    static func files(_ path: String, environment: [String: String]) -> [(shown: String, path: String)] {
        var run = LoaderRun(environment: environment, audit: nil, noted: nil)
        _ = run.load(path)
        return run.files
    }

    /// One for each file, however it is named.
    package static func identity(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}

/// One run of the loader.
private struct LoaderRun {
    private static let maxIncludeDepth = 16

    let environment: [String: String]
    let audit: KeyAudit?
    let noted: ConfigFiles?
    var drafts: [String: String] = [:]
    var issues: [Issue] = []
    private var feeds: [FeedSpec] = []
    private var concepts: [Concept] = []
    private var watches: [WatchSpec] = []
    /// All that were read, as users call them.
    private(set) var files: [(shown: String, path: String)] = []
    /// Files that are being read, the outermost first; and all that were.
    private var open: [String] = []
    private var seen: Set<String> = []
    private var defaults = FetchPolicy()
    /// Whether any were written, sound or not: a faulty one is told of once.
    private var hasFeeds = false
    private var hasWatches = false

    init(environment: [String: String], audit: KeyAudit?, noted: ConfigFiles?) {
        self.environment = environment
        self.noted = noted
        self.audit = audit
    }

    mutating func load(_ path: String) -> Configuration? {
        let full = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        let folder = (full as NSString).deletingLastPathComponent
        guard let root = read(full, shownAs: path) else { return nil }
        let source = ConfigSource(file: path, folder: folder, environment: environment, audit: audit, files: noted)
        guard var section = section(root, source) else { return nil }
        files = [(path, full)]
        open = [ConfigLoader.identity(full)]
        seen = [ConfigLoader.identity(full)]
        var configuration = Configuration(file: path, state: source.path("tocsin.db"))
        readState(&section, &configuration)
        readFetch(&section, &configuration)
        configuration.backlog = section.value("backlog", default: configuration.backlog, issues: &issues)
        readShared(&section)
        readAlerts(&section, &configuration)
        configuration.webSub = WebSubReader.spec(&section, policy: defaults, issues: &issues)
        WebReader.read(&section, into: &configuration, issues: &issues)
        section.finish(issues: &issues)
        configuration.feeds = feeds
        configuration.concepts = concepts
        configuration.watches = watches
        ConfigChecks.run(configuration, hasFeeds: hasFeeds, hasWatches: hasWatches, issues: &issues)
        return configuration
    }

    private mutating func read(_ path: String, shownAs shown: String) -> ConfigNode? {
        guard let draft = drafts[ConfigLoader.identity(path)] else {
            noted?.note(path)
            return YAMLReader.read(path, shownAs: shown, issues: &issues)
        }
        return YAMLReader.node(draft, shownAs: shown, issues: &issues)
    }

    private mutating func section(_ root: ConfigNode, _ source: ConfigSource) -> ConfigSection? {
        ConfigSection.section(root, named: "the file", shapes: [.file], source: source, issues: &issues)
    }

    // MARK: the file's own keys

    private mutating func readState(_ section: inout ConfigSection, _ configuration: inout Configuration) {
        guard let state = section.path("state", issues: &issues) else { return }
        if state.value.hasPrefix("postgres://") || state.value.hasPrefix("postgresql://") {
            issues.append(
                Issue(
                    "a state in PostgreSQL is not there yet", remedy: "name a file, such as tocsin.db",
                    at: state.location))
            return
        }
        configuration.state = section.source.path(state.value)
        if let fault = FilePlace.fault(configuration.state, of: "state") {
            issues.append(Issue(fault.fault, remedy: fault.remedy, at: state.location))
        }
    }

    private mutating func readFetch(_ section: inout ConfigSection, _ configuration: inout Configuration) {
        guard var fetch = section.section("fetch", issues: &issues) else { return }
        configuration.limits.connections = fetch.value(
            "connections", default: configuration.limits.connections, issues: &issues)
        configuration.limits.hosts = HostReader.known(&fetch, issues: &issues)
        defaults = FetchReader.policy(&fetch, over: FetchPolicy(), issues: &issues)
        configuration.defaults = defaults
        fetch.finish(issues: &issues)
    }

    private mutating func readAlerts(_ section: inout ConfigSection, _ configuration: inout Configuration) {
        let entries = section.nodes("alerts")
        for entry in entries {
            switch entry.content {
            case .scalar(let text, _):
                let empty = ConfigSection([], at: entry.location, source: section.source)
                configuration.alerts.append(SinkEntry(kind: Located(text, at: entry.location), section: empty))
            case .map(let members) where members.count == 1:
                let member = members[0]
                let kind = Located(member.key, at: member.keyLocation)
                if member.value.isNull {
                    let empty = ConfigSection([], at: member.keyLocation, source: section.source)
                    configuration.alerts.append(SinkEntry(kind: kind, section: empty))
                } else if let inner = ConfigSection.section(
                    member.value, named: "'\(member.key.legible)'", shapes: [], source: section.source, issues: &issues)
                {
                    configuration.alerts.append(SinkEntry(kind: kind, section: inner))
                }
            default:
                issues.append(
                    Issue(
                        "an entry of 'alerts' is \(entry.kind) and not one sink",
                        remedy: "write '- stdout', or '- webhook:' with its keys below, indented", at: entry.location))
            }
        }
        if section.isMissing("alerts") {
            let empty = ConfigSection([], at: section.location, source: section.source)
            configuration.alerts.append(SinkEntry(kind: Located("stdout", at: nil), section: empty))
        } else if entries.isEmpty, let place = section.place(of: "alerts") {
            issues.append(
                Issue(
                    "alerts go nowhere, and are only kept in the state",
                    remedy: "add '- stdout' or another sink under 'alerts:'",
                    at: place, severity: .warning))
        }
    }

    // MARK: what included files can have too

    private mutating func readShared(_ section: inout ConfigSection) {
        for include in section.texts("include", issues: &issues) { read(include: include, from: section.source) }
        for node in section.nodes("feeds") {
            hasFeeds = true
            if let feed = FeedReader.feed(node, defaults: defaults, source: section.source, issues: &issues) {
                feeds.append(feed)
            }
        }
        concepts += WatchReader.concepts(&section, issues: &issues)
        for node in section.nodes("watch") {
            hasWatches = true
            if let watch = WatchReader.watch(node, source: section.source, issues: &issues) { watches.append(watch) }
        }
    }

    private mutating func read(include: Located<String>, from parent: ConfigSource) {
        let full = parent.path(include.value)
        let identity = ConfigLoader.identity(full)
        if open.contains(identity) {
            let shown = include.value.legible
            issues.append(
                Issue("'\(shown)' includes itself", remedy: "break the circle of includes", at: include.location))
            return
        }
        guard seen.insert(identity).inserted else { return }
        guard drafts[identity] != nil || FileManager.default.fileExists(atPath: full) else {
            noted?.note(full)
            issues.append(
                Issue(
                    "the included file '\(include.value.legible)' does not exist",
                    remedy: "paths are relative to the file that has the include", at: include.location))
            return
        }
        guard open.count < Self.maxIncludeDepth else {
            issues.append(Issue("includes are nested too deep", remedy: "put them into one file", at: include.location))
            return
        }
        let shownFolder = (parent.file as NSString).deletingLastPathComponent
        let isRelative = !include.value.hasPrefix("/") && !include.value.hasPrefix("~/") && !shownFolder.isEmpty
        let shown = isRelative ? shownFolder + (shownFolder == "/" ? "" : "/") + include.value : include.value
        guard let root = read(full, shownAs: shown) else { return }
        let folder = (full as NSString).deletingLastPathComponent
        let source = ConfigSource(file: shown, folder: folder, environment: environment, audit: audit, files: noted)
        guard var section = section(root, source) else { return }
        files.append((shown, full))
        open.append(identity)
        defer { open.removeLast() }
        readShared(&section)
        for key in ["state", "fetch", "backlog", "alerts", "web", "websub"] {
            section.refuse(
                key, "'\(key)' cannot stand in an included file", remedy: "move it to the main file", issues: &issues)
        }
        section.finish(issues: &issues)
    }
}
