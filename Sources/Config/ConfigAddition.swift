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
    private let patience: Duration

    /// - Parameters:
    ///   - configuration: as it was named on the command line.
    ///   - list: the file that is added to where the configuration itself cannot be; relative to it, or absolute.
    ///   - patience: how long to wait for another command that changes it.
    package init(
        configuration: String, list: String, environment: [String: String], patience: Duration = ConfigLock.patience,
        judge: @escaping Judge = { _ in [] }
    ) {
        self.configuration = configuration
        self.list = list
        self.environment = environment
        self.judge = judge
        self.patience = patience
        let full =
            configuration.hasPrefix("/")
            ? configuration : FileManager.default.currentDirectoryPath + "/" + configuration
        source = ConfigSource(
            file: configuration, folder: (full as NSString).deletingLastPathComponent, environment: environment)
    }

    /// A name that another feed has is left out: two feeds of one name could not be told apart in a watch.
    ///
    /// - Returns: the file that has it now, as users call it. Nil: it is there already.
    package func add(_ feed: Subscription) throws(FeedAdditions.Fault) -> String? {
        try change { before, known throws(FeedAdditions.Fault) in
            let key = WebURL.key(feed.url)
            if before.feeds.contains(where: { WebURL.key($0.url) == key }) { return nil }
            var feed = feed
            if before.feeds.contains(where: { $0.name == feed.name }) { feed.name = nil }
            let entry = FeedAdditions.yaml(feed).split(separator: "\n").map { String($0.dropFirst(4)) }
            let short = feed.name == nil ? FeedAdditions.quoted(feed.url) : "{\(entry.joined(separator: ", "))}"
            let draft = Draft(known) { after in
                after.feeds.count == before.feeds.count + 1 && after.feeds.contains { $0.url == feed.url }
                    && after.watches.map(\.name) == before.watches.map(\.name)
            }
            let main = try EditedFile(mainPath)
            if let text = main.text,
                let edited = Self.root(text)?["feeds"].flatMap({
                    ListEdit.adding(entry, short: short, to: $0, in: text)
                }), suits([main.path: edited], draft)
            {
                try main.write(edited)
                return configuration
            }
            return try include(draft) { text in
                (text.map(FeedAdditions.continued) ?? FeedAdditions.heading) + FeedAdditions.yaml(feed)
            }
        }
    }

    /// A person who is there gets the spellings that are new.
    ///
    /// - Parameter watch: the watch that is to look for the person, in whichever file it stands; where there is none of
    ///   that name, one is made. Nil: the first that looks for people and asks for nothing else, in the configuration itself or in
    ///   what it includes.
    /// - Returns: the file that has it now, as users call it. Nil: the person is looked for already, in all spellings.
    package func add(_ person: PersonSpec, to watch: String?) throws(FeedAdditions.Fault) -> String? {
        try change { before, faults throws(FeedAdditions.Fault) in
            let watches = before.watches.filter { watch == nil || $0.name == watch }
            let known = watches.lazy.compactMap { found in
                found.people.first { $0.name.value == person.name.value }.map { (found, $0) }
            }.first
            if let (found, there) = known { return try extend(there, of: found, by: person.aliases, before, faults) }
            let count = before.watches.flatMap(\.people).count
            let draft = Draft(faults) { after in
                let people = after.watches.flatMap(\.people)
                return people.count == count + 1 && people.contains { $0.name.value == person.name.value }
                    && after.watches.count - before.watches.count <= 1
                    && after.feeds.map(\.url) == before.feeds.map(\.url)
            }
            let entry = PersonEntry(person, watch)
            // A watch that was named is there or nowhere: then a file that cannot be written to is told of.
            if let file = try edit(draft, onlyWritable: watch == nil, entry.added(to:)) { return file }
            if let watch, let there = watches.first {
                throw draft.refusal ?? .watch(name: watch, at: there.location)
            }
            let names = Set(before.watches.map(\.name))
            let free = (1...).lazy.map { $0 == 1 ? "people" : "people \($0)" }.first { !names.contains($0) }
            return try include(draft) { entry.list(after: $0, watch: watch ?? free ?? "people") }
        }
    }

    /// More spellings for a person of a watch.
    private func extend(
        _ person: PersonSpec, of watch: WatchSpec, by aliases: [Located<String>], _ before: Configuration,
        _ known: [Issue]
    ) throws(FeedAdditions.Fault) -> String? {
        var spellings = [person.name.value] + person.aliases.map(\.value)
        let had = spellings.count
        for alias in aliases where !spellings.contains(alias.value) { spellings.append(alias.value) }
        let news = Array(spellings.dropFirst(had))
        if news.isEmpty { return nil }
        let wanted = before.watches.map { one in
            one.people.map { other in
                [other.name.value]
                    + (one.name == watch.name && other.name == person.name
                        ? spellings.dropFirst() : other.aliases.map(\.value)[...])
            }
        }
        let draft = Draft(known) { after in
            after.watches.map { $0.people.map { [$0.name.value] + $0.aliases.map(\.value) } } == wanted
                && after.watches.map(\.name) == before.watches.map(\.name)
                && after.feeds.map(\.url) == before.feeds.map(\.url)
        }
        let entry = PersonEntry(person, watch.name)
        let quoted = news.map(FeedAdditions.quoted)
        if let file = try edit(draft, onlyWritable: true, { entry.added(quoted, to: $0) }) { return file }
        throw draft.refusal ?? .person(name: person.name.value, aliases: news, at: person.name.location)
    }

    // MARK: the files

    /// Changes the first of the configuration's files in which the change is what it has to be. Nil: there is none.
    private func edit(
        _ draft: Draft, onlyWritable: Bool, _ edited: (_ text: String) -> String?
    ) throws(FeedAdditions.Fault) -> String? {
        for place in ConfigLoader.files(configuration, environment: environment) {
            // One that cannot be read can have nothing added; that no other could either is for the caller to say.
            guard let file = try? EditedFile(place.path), let text = file.text, !onlyWritable || file.isWritable,
                let text = edited(text), suits([file.path: text], draft)
            else { continue }
            try file.write(text)
            return name(of: place)
        }
        return nil
    }

    /// A file as users call it.
    private func name(of place: (shown: String, path: String)) -> String {
        ConfigLoader.identity(place.path) == ConfigLoader.identity(source.path(list)) ? list : place.shown
    }

    /// What the configuration is before, and what it has to be after.
    private final class Draft {
        let known: [Issue]
        let isRight: (_ after: Configuration) -> Bool
        /// Why what was tried last would be wrong.
        var refusal: FeedAdditions.Fault?

        init(_ known: [Issue], isRight: @escaping (_ after: Configuration) -> Bool) {
            self.known = known
            self.isRight = isRight
        }
    }

    private var mainPath: String { source.path((configuration as NSString).lastPathComponent) }

    /// Nobody else of us changes the configuration meanwhile.
    private func change(
        _ body: (_ before: Configuration, _ known: [Issue]) throws(FeedAdditions.Fault) -> String?
    ) throws(FeedAdditions.Fault) -> String? {
        try ConfigLock.holding(mainPath, shownAs: configuration, patience: patience) { () throws(FeedAdditions.Fault) in
            let (before, known) = ConfigLoader.load(configuration, environment: environment)
            guard let before else { throw .file(path: configuration, reason: "there is no such file") }
            return try body(before, known)
        }
    }

    /// Whether the configuration would be right with these texts, by the files' paths.
    private func suits(_ texts: [String: String], _ draft: Draft) -> Bool {
        let (after, issues) = ConfigLoader.load(configuration, environment: environment, drafts: texts)
        guard let after else { return false }
        let news = (issues + judge(after)).filter { issue in
            issue.severity == .error && !draft.known.contains { $0.fault == issue.fault }
        }.map { $0.withoutPlace(in: texts.keys) }
        if news.isEmpty, draft.isRight(after) { return true }
        draft.refusal = news.isEmpty ? nil : .refused(news)
        return false
    }

    /// Puts it into the file of its own, which the configuration includes then.
    private func include(_ draft: Draft, _ addition: (String?) -> String) throws(FeedAdditions.Fault) -> String {
        let main = try EditedFile(mainPath)
        guard let text = main.text else { throw .file(path: configuration, reason: "there is no such file") }
        let added = try EditedFile(source.path(list))
        added.takeAccess(of: main)
        let addition = addition(added.text)
        // It may be included already.
        if suits([added.path: addition], draft) {
            try added.write(addition)
            return list
        }
        guard let edited = IncludeEdit.adding(list, to: text, path: main.path),
            suits([main.path: edited, added.path: addition], draft)
        else { throw draft.refusal ?? .include(list: list) }
        try added.write(addition)
        do throws(FeedAdditions.Fault) {
            try main.write(edited)
        } catch {
            if let fault = added.restore() { throw fault }
            throw error
        }
        return list
    }

    static func root(_ text: String) -> ConfigNode? {
        var issues: [Issue] = []
        return YAMLReader.node(text, shownAs: "", issues: &issues)
    }
}
