import Foundation
package import Model

/// One person or one feed that a command adds to a configuration that people wrote: at the end of the list where it
/// belongs, or in a file of its own that the configuration then includes. Comments stay, and so does every other line.
///
/// The configuration as it would be is read and checked before anything is written.
package struct ConfigAddition: Sendable {
    /// Faults of a configuration as it would be that only a part of the program outside this one can see.
    package typealias Judge = @Sendable (Configuration) -> [Issue]

    private let configuration: String
    private let list: String
    private let environment: [String: String]
    private let source: ConfigSource
    private let judge: Judge

    /// - Parameters:
    ///   - configuration: as it was named on the command line.
    ///   - list: the file that is added to where the configuration itself cannot be; relative to it, or absolute.
    package init(
        configuration: String, list: String, environment: [String: String], judge: @escaping Judge = { _ in [] }
    ) {
        self.configuration = configuration
        self.list = list
        self.environment = environment
        self.judge = judge
        let full =
            configuration.hasPrefix("/")
            ? configuration : FileManager.default.currentDirectoryPath + "/" + configuration
        source = ConfigSource(
            file: configuration, folder: (full as NSString).deletingLastPathComponent, environment: environment)
    }

    /// - Returns: the file that has it now, as users call it.
    package func add(_ feed: Subscription) throws(FeedAdditions.Fault) -> String {
        let entry = FeedAdditions.yaml(feed).split(separator: "\n").map { String($0.dropFirst(4)) }
        let short = feed.name == nil ? FeedAdditions.quoted(feed.url) : "{\(entry.joined(separator: ", "))}"
        return try put(
            isThere: { after, before in
                after.feeds.count == before.feeds.count + 1 && after.feeds.contains { $0.url == feed.url }
                    && after.watches.map(\.name) == before.watches.map(\.name)
            },
            inPlace: { root, text in root["feeds"].flatMap { ListEdit.adding(entry, short: short, to: $0, in: text) } },
            own: { text in (text.map(FeedAdditions.continued) ?? FeedAdditions.heading) + FeedAdditions.yaml(feed) })
    }

    /// - Parameter watch: the watch that is to look for the person; where there is none of that name, one is made. Nil: the
    ///   first that looks for people.
    /// - Returns: the file that has it now, as users call it.
    package func add(_ person: PersonSpec, to watch: String?) throws(FeedAdditions.Fault) -> String {
        let name = FeedAdditions.quoted(person.name.value)
        let aliases = person.aliases.map { FeedAdditions.quoted($0.value) }.joined(separator: ", ")
        let entry = aliases.isEmpty ? [name] : ["name: \(name)", "aliases: [\(aliases)]"]
        let short = aliases.isEmpty ? name : "{\(entry.joined(separator: ", "))}"
        @Sendable func inPlace(_ root: ConfigNode, _ text: String) -> String? {
            guard case .list(let watches)? = root["watch"]?.content else { return nil }
            let people = watches.first { node in
                guard let people = node["people"], case .list = people.content else { return false }
                return watch == nil || node["name"]?.text == watch
            }?["people"]
            return people.flatMap { ListEdit.adding(entry, short: short, to: $0, in: text) }
        }
        return try put(
            isThere: { after, before in
                let (now, then) = (after.watches.flatMap(\.people), before.watches.flatMap(\.people))
                return now.count == then.count + 1 && now.contains { $0.name.value == person.name.value }
                    && after.watches.count - before.watches.count <= 1
                    && after.feeds.map(\.url) == before.feeds.map(\.url)
            }, inPlace: inPlace,
            own: { text in
                if let text, let root = Self.root(text), let edited = inPlace(root, text) { return edited }
                let heading =
                    "# People that 'tocsin add person' added. Change what you like; it adds at the end.\nwatch:\n"
                let start =
                    text.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : FeedAdditions.continued($0) } ?? heading
                let lines = entry.enumerated().map { ($0.offset == 0 ? "      - " : "        ") + $0.element }
                return start + "  - name: \(FeedAdditions.quoted(watch ?? "people"))\n    severity: high\n    people:\n"
                    + lines.joined(separator: "\n") + "\n"
            })
    }

    // MARK: the files

    private func put(
        isThere: (_ after: Configuration, _ before: Configuration) -> Bool,
        inPlace: (ConfigNode, String) -> String?, own: (String?) -> String
    ) throws(FeedAdditions.Fault) -> String {
        let (before, known) = ConfigLoader.load(configuration, environment: environment)
        let main = try EditedFile(source.path((configuration as NSString).lastPathComponent))
        guard let text = main.text, let root = Self.root(text), let before else {
            throw .file(path: configuration, reason: "there is no such file")
        }
        var refusal: FeedAdditions.Fault?
        /// Whether the configuration would be right with these files.
        func suits(_ drafts: [String: String]) -> Bool {
            let (after, issues) = ConfigLoader.load(configuration, environment: environment, drafts: drafts)
            guard let after else { return false }
            let news = (issues + judge(after)).filter { issue in
                issue.severity == .error && !known.contains { $0.fault == issue.fault }
            }
            if news.isEmpty, isThere(after, before) { return true }
            refusal = news.isEmpty ? nil : .refused(news)
            return false
        }
        if let edited = inPlace(root, text), suits([main.path: edited]) {
            try main.write(edited)
            return configuration
        }
        let added = try EditedFile(source.path(list))
        added.permissions = added.permissions ?? main.permissions
        let addition = own(added.text)
        // It may be included already.
        if suits([added.path: addition]) {
            try added.write(addition)
            return list
        }
        guard let edited = IncludeEdit.adding(list, to: text, path: main.path),
            suits([main.path: edited, added.path: addition])
        else { throw refusal ?? .include(list: list) }
        try added.write(addition)
        do throws(FeedAdditions.Fault) {
            try main.write(edited)
        } catch {
            if let fault = added.restore() { throw fault }
            throw error
        }
        return list
    }

    private static func root(_ text: String) -> ConfigNode? {
        var issues: [Issue] = []
        return YAMLReader.node(text, shownAs: "", issues: &issues)
    }
}

extension ConfigNode {
    /// What stands under a key of a mapping.
    fileprivate subscript(_ key: String) -> ConfigNode? {
        guard case .map(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }

    fileprivate var text: String? {
        if case .scalar(let text, _) = content { return text }
        return nil
    }
}
