import ArgumentParser
import Config
import FeedParsing
import Fetching
import Foundation
import Matching
import Model
import Monitoring

struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Adds a person or a feed to the configuration.",
        discussion: """
            It goes to the end of the list where it belongs, or, where that cannot be done by adding lines, to a file of \
            its own that the configuration then includes. Comments and all other lines stay as they are.
            """, subcommands: [AddPerson.self, AddFeed.self])
}

struct AddPerson: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "person", abstract: "Adds a person to look for.")

    @OptionGroup var options: CommonOptions

    @Option(name: .customLong("alias"), help: "Another spelling, name or nickname; can be given several times.")
    var aliases: [String] = []

    @Option(
        help:
            "The watch that looks for the person, be it in an included file; it is made where there is none. Default: the first with people and no other condition.",
        completion: NameCompletion.watches)
    var watch: String?

    @Option(help: "The file that is added to where the configuration itself cannot be, relative to it.")
    var into = "people.yaml"

    @Argument(help: "The name, in any script, in quotes.")
    var name: String

    @Argument(help: .hidden)
    var more: [String] = []

    func validate() throws {
        guard !more.isEmpty else { return }
        let whole = ShellWord.quoted(([name] + more).joined(separator: " "))
        throw ValidationError("Quote a name of several words: tocsin add person \(whole)")
    }

    func run() async throws {
        let (before, known) = try Addition.configuration(options.config)
        let name = name.legible.trimmingCharacters(in: .whitespaces)
        guard name.contains(where: \.isLetter) else {
            Terminal.message("'\(name)' is no name; write the name, in any script")
            throw ExitStatus.usage
        }
        let spellings = aliases.flatMap(Questions.spellings).map { Located($0.legible) }
        for text in [name] + spellings.map(\.value) {
            guard let doubt = NameDoubt(text) else { continue }
            Terminal.message("'\(text)' \(doubt.fault); \(doubt.remedy); nothing was added")
            throw ExitStatus.usage
        }
        let file = try Addition.run(options.config, into: into, what: "the person") {
            addition throws(FeedAdditions.Fault) in
            try addition.add(PersonSpec(name: Located(name), aliases: spellings), to: watch)
        }
        guard let file else {
            try Terminal.result(
                "\(name) is looked for already\(spellings.isEmpty ? "" : ", in each of these spellings")")
            return
        }
        let wasThere = before.watches.contains { one in
            (watch == nil || one.name == watch) && one.people.contains { $0.name.value == name }
        }
        let list = spellings.map(\.value).joined(separator: ", ")
        let done = wasThere ? "\(name) is there already; \(list) is added" : "\(name) is added"
        try Terminal.result("\(done) to \(file); 'tocsin explain --forms' with the name shows what it is found as")
        Addition.tellNews(options.config, since: before, known)
        try await RunningMonitor.tell(
            of: options.config, before, news: "\(name) is looked for\(wasThere ? ", as \(list) too," : "")",
            past: "Texts that were read before are not kept, and not looked at again.")
    }
}

struct AddFeed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "Adds a feed, or the feeds that a page offers.",
        discussion: "The address is looked at first. Where a page offers several feeds, you are asked which.")

    @OptionGroup var options: CommonOptions

    @Option(help: "What to call it; else what it calls itself.")
    var name: String?

    @Flag(help: "Adds the address as it is, without looking at it.")
    var offline = false

    @Flag(help: "Adds all feeds that the page offers.")
    var all = false

    @Option(help: "The file that is added to where the configuration itself cannot be, relative to it.")
    var into = "imported.yaml"

    @Argument(help: "The address of a feed, a page or a site; https:// is added where there is no scheme.")
    var url: String

    func run() async throws {
        let (before, known) = try Addition.configuration(options.config)
        var added: [String] = []
        for feed in try await feeds(before) {
            let file = try Addition.run(options.config, into: into, what: "the feed") {
                addition throws(FeedAdditions.Fault) in
                try addition.add(feed)
            }
            guard let file else {
                try Terminal.result("\(RedactedURL.text(feed.url)) is there already")
                continue
            }
            added.append(feed.name?.legible ?? RedactedURL.text(feed.url))
            try Terminal.result("\(added[added.count - 1]) is added to \(file)")
        }
        guard let first = added.first else { return }
        Addition.tellNews(options.config, since: before, known)
        try await RunningMonitor.tell(
            of: options.config, before, news: added.count == 1 ? "\(first) is read" : "\(added.count) feeds are read")
    }

    private func feeds(_ configuration: Configuration) async throws -> [Subscription] {
        let url = WebURL.withoutFeedScheme(url)
        if url.lowercased().hasPrefix("file:") { return [try await file(url)] }
        let address = url.contains("://") ? url : "https://" + url
        if let fault = WebURL.fault(address) {
            Terminal.message("\(fault.fault); \(fault.remedy)")
            throw ExitStatus.usage
        }
        let isKnown = configuration.feeds.contains { WebURL.key($0.url) == WebURL.key(address) }
        if offline || isKnown { return [Subscription(url: address, name: name?.legible)] }
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        let search = FeedSearch(
            transport: transport, policy: configuration.defaults, hosts: configuration.limits.hosts)
        let report: FeedDiscovery.Report
        do {
            report = try await search.feeds(at: url)
        } catch {
            Terminal.message(
                "\(RedactedURL.text(url)): \(error); nothing was added. \(FeedSearch.advice(url))If the address is right, add it "
                    + "with --offline")
            throw ExitStatus.inputOutput
        }
        if report.feeds.isEmpty {
            Terminal.message("\(RedactedURL.text(url)): \(FeedSearch.words(report)); nothing was added")
            throw ExitStatus.data
        }
        if let refusal = FeedSearch.refusal(report) { Terminal.message("\(RedactedURL.text(url)): \(refusal)") }
        if report.feeds.count == 1 { return [FeedSearch.subscription(report.feeds[0], name: name?.legible)] }
        if all { return report.feeds.map { FeedSearch.subscription($0) } }
        guard Terminal.isTerminal(STDIN_FILENO), Terminal.isTerminal(STDERR_FILENO) else {
            for feed in report.feeds { Terminal.message(FeedSearch.line(feed)) }
            Terminal.message("There are several; add the one that you want by its own address, or all with --all.")
            throw ExitStatus.usage
        }
        var questions = Questions()
        let chosen = FeedSearch.choose(report.feeds, &questions)
        return chosen.map { FeedSearch.subscription($0, name: chosen.count == 1 ? name?.legible : nil) }
    }
}

extension AddFeed {
    /// A file of this machine, by its whole path: the configuration may lie in another folder.
    private func file(_ url: String) async throws -> Subscription {
        var path = url.dropFirst("file:".count)
        if path.hasPrefix("//") { path = path.dropFirst(2) }
        let whole = Wiring.absolute(path.removingPercentEncoding ?? String(path))
        let url = "file:" + whole.replacing("%", with: "%25")
        if offline { return Subscription(url: url, name: name?.legible) }
        let document = try await Source.document("file:" + whole)
        do throws(ParseError) {
            let feed = try FeedParser.parse(document)
            return FeedSearch.subscription(url, name: name?.legible ?? feed.title, language: feed.language)
        } catch {
            Terminal.message("\(whole): \(error); nothing was added")
            throw ExitStatus.data
        }
    }
}

/// What both commands do with a configuration.
enum Addition {
    /// As it is, and what there is to say of it. A faulty one is told of, and not added to.
    static func configuration(_ path: String) throws -> (Configuration, [Issue]) {
        let (configuration, issues) = ConfigLoader.load(path, environment: ProcessInfo.processInfo.environment)
        let faults = issues.filter { $0.severity == .error }
        guard let configuration, faults.isEmpty else {
            for issue in faults { Terminal.message("\(issue)") }
            throw ExitStatus.configuration
        }
        return (configuration, issues)
    }

    /// Tells of what kept it from being added. Nil: it is there already.
    static func run(
        _ path: String, into list: String, what: String,
        _ add: (ConfigAddition) throws(FeedAdditions.Fault) -> String?
    ) throws -> String? {
        let addition = ConfigAddition(
            configuration: path, list: list, environment: ProcessInfo.processInfo.environment, judge: issues(of:))
        do throws(FeedAdditions.Fault) {
            return try add(addition)
        } catch {
            throw error.told { list in
                "\(path): \(what) cannot be added by adding lines, and nothing was changed; write '\(list)' under "
                    + "'include:', make the file, and try again, or add it by hand"
            }
        }
    }

    @Sendable static func issues(of configuration: Configuration) -> [Issue] {
        var issues: [Issue] = []
        _ = Matcher(configuration.watches, concepts: configuration.concepts, issues: &issues)
        Wiring.checkPlaces(configuration, &issues)
        return issues
    }

    /// Warnings that were not there before: of a name that many bear, for one.
    static func tellNews(_ path: String, since before: Configuration, _ known: [Issue]) {
        let (after, faults) = ConfigLoader.load(path, environment: ProcessInfo.processInfo.environment)
        guard let after else { return }
        let known = Set((known + issues(of: before)).map(\.fault))
        for issue in faults + issues(of: after) where !known.contains(issue.fault) {
            Terminal.message("\(issue)")
        }
    }
}
