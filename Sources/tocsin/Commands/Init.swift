import ArgumentParser
import Config
import Fetching
import Foundation
import Matching
import Model
import Monitoring

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks whom and what you look for, and writes a first configuration.",
        discussion: """
            Nothing is overwritten, and nothing is written before the last question is answered. The answers can come \
            from a pipe, a line each; where the pipe ends, the rest of the questions are answered as by Return.
            """)

    @OptionGroup var options: CommonOptions

    @Flag(help: "Takes addresses of feeds as they are, without looking at them.")
    var offline = false

    func run() async throws {
        try checkPlace()
        var questions = Questions()
        var draft = FirstConfiguration()
        questions.say(
            """
            A few questions, and Tocsin can begin to watch the news for you. Each says what Return means. \
            Ctrl-C ends this, and nothing is written then.

            """)
        draft.people = People.ask(&questions)
        askForWords(&questions, &draft)
        try await askForFeeds(&questions, &draft)
        questions.say("")
        questions.say("Alerts are shown on the screen.")
        draft.keepsFile = questions.confirm("Shall they be kept in a file as well, alerts.jsonl?")
        draft.data = data
        draft.state = ownState
        draft.schema = SharedFiles.path(SharedFiles.schema, from: folder)
        try place(draft)
    }

    private var path: String {
        options.config.hasPrefix("/") ? options.config : FileManager.default.currentDirectoryPath + "/" + options.config
    }
    private var tokenCommand: String {
        // The service reads what its group may.
        data == nil
            ? "(umask 077; openssl rand -hex 16 > \(ShellWord.quoted(token)))"
            : "openssl rand -hex 16 | install -m 640 -g \"$(stat -c %G \(ShellWord.quoted(folder)))\" /dev/stdin "
                + ShellWord.quoted(token)
    }
    /// For commands that are shown.
    private var name: String {
        options.config == CommonOptions.usualConfig ? "" : " --config \(ShellWord.quoted(options.config))"
    }
    private var token: String {
        let folder = (options.config as NSString).deletingLastPathComponent
        return folder.isEmpty ? FirstConfiguration.token : folder + "/" + FirstConfiguration.token
    }
    private var folder: String { (path as NSString).deletingLastPathComponent }

    /// Before anybody has answered anything.
    private func checkPlace() throws {
        var status = stat()
        if unsafe lstat(path, &status) == 0 {
            Terminal.message(
                "\(options.config) is there already, and stays as it is; 'tocsin add person' and 'tocsin add feed' add to it"
            )
            throw ExitStatus.cannotCreate
        }
        if unsafe stat(folder, &status) != 0 || access(folder, W_OK) != 0 {
            Terminal.message("\(options.config): the folder is not there, or cannot be written to")
            throw ExitStatus.cannotCreate
        }
    }

    /// Where the service keeps what it writes, for a configuration in /etc: there it writes nothing.
    private var data: String? {
        var isFolder: ObjCBool = false
        let home = "/var/lib/tocsin"
        let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        guard real == "/etc" || real.hasPrefix("/etc/"),
            unsafe FileManager.default.fileExists(atPath: home, isDirectory: &isFolder), isFolder.boolValue
        else { return nil }
        return home
    }

    /// Beside another configuration, which has or gets the usual state: what one reads is news to the other no more. Nil: the usual one.
    private var ownState: String? {
        func isTaken(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + name) }
        let name = (path as NSString).lastPathComponent
        guard data == nil, name != CommonOptions.usualConfig || isTaken("tocsin.db") else { return nil }
        let stem = (name as NSString).deletingPathExtension
        return (1...).lazy.map { $0 == 1 ? "\(stem).db" : "\(stem)-\($0).db" }.first { !isTaken($0) }
    }

    // MARK: the questions

    private func askForWords(_ questions: inout Questions, _ draft: inout FirstConfiguration) {
        questions.say("")
        while true {
            let words = questions.list(
                "Are there words you wait for: a place, a school, a firm? With commas between. (Return: none)")
            let faults = Self.faults(of: words)
            if faults.isEmpty {
                for word in words where !draft.words.contains(word) { draft.words.append(word) }
                break
            }
            for fault in faults { questions.say("\(fault.fault); \(fault.remedy)") }
            if questions.isOver { break }
        }
        guard let list = SharedFiles.path(SharedFiles.terms, from: folder) else { return }
        questions.say("")
        draft.watchesCamps = questions.confirm(
            "Tocsin has a list of words on the camps and on people held back in Xinjiang, in many languages. Use it?")
        if draft.watchesCamps { draft.includes.append(list) }
    }

    /// Words that would be no terms.
    private static func faults(of words: [String]) -> [Issue] {
        var issues: [Issue] = []
        var watch = WatchSpec(name: "words")
        watch.any = words.map { Located($0) }
        if !words.isEmpty { _ = Matcher([watch], concepts: [], issues: &issues) }
        return issues.filter { $0.severity == .error }
    }

    private func askForFeeds(_ questions: inout Questions, _ draft: inout FirstConfiguration) async throws {
        questions.say("")
        if let list = SharedFiles.path(SharedFiles.feeds, from: folder),
            questions.confirm("Tocsin has a list of news sites on Central Asia and Xinjiang. Read those?")
        {
            draft.includes.append(list)
        }
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        let search = FeedSearch(transport: transport)
        var question = "Which other news sites shall be read? Write an address, such as example.org. (Return: none)"
        while true {
            let address = questions.askForText(question)
            if address.isEmpty { return }
            question = "Another address? (Return: no)"
            let found = await feeds(at: address, search, &questions)
            for feed in found where !draft.feeds.contains(where: { $0.url == feed.url }) {
                var feed = feed
                // Two feeds of one name could not be told apart.
                if draft.feeds.contains(where: { $0.name == feed.name }) { feed.name = nil }
                draft.feeds.append(feed)
                questions.say("It reads \(feed.name?.legible ?? RedactedURL.text(feed.url)).")
            }
        }
    }

    private func feeds(at address: String, _ search: FeedSearch, _ questions: inout Questions) async -> [Subscription] {
        guard !offline else {
            let url = address.contains("://") || address.hasPrefix("file:") ? address : "https://" + address
            if let fault = url.hasPrefix("file:") ? nil : WebURL.fault(url) {
                questions.say("\(fault.fault); \(fault.remedy)")
                return []
            }
            return [Subscription(url: url)]
        }
        do throws(TransportError) {
            let report = try await search.feeds(at: address)
            if let refusal = FeedSearch.refusal(report) { questions.say("\(RedactedURL.text(address)): \(refusal)") }
            if report.feeds.count == 1 { return [FeedSearch.subscription(report.feeds[0])] }
            if report.feeds.isEmpty {
                questions.say("\(RedactedURL.text(address)): \(FeedSearch.words(report))")
                return []
            }
            return FeedSearch.choose(report.feeds, &questions).map { FeedSearch.subscription($0) }
        } catch {
            questions.say("\(RedactedURL.text(address)): \(error). \(FeedSearch.advice(address))")
            return []
        }
    }

    // MARK: the file

    private func place(_ draft: FirstConfiguration) throws {
        if draft.looksForNothing {
            Terminal.message(
                "There is nobody and nothing to look for, so nothing is written. Begin again with 'tocsin init'.")
            throw ExitStatus.usage
        }
        let (configuration, faults) = ConfigLoader.load(
            options.config, environment: ProcessInfo.processInfo.environment, drafts: [path: draft.yaml])
        var issues = faults
        if let configuration {
            _ = Matcher(configuration.watches, concepts: configuration.concepts, issues: &issues)
        }
        for issue in issues where configuration?.feeds.isEmpty != true || issue.severity == .error {
            Terminal.message("\(issue)")
        }
        guard let configuration, !issues.contains(where: { $0.severity == .error }) else {
            Terminal.message("These answers make no configuration, so nothing is written.")
            throw ExitStatus.configuration
        }
        do {
            try NewFile.write(draft.yaml, to: path)
        } catch {
            Terminal.message("\(options.config): \(error); nothing is written")
            throw ExitStatus.cannotCreate
        }
        if configuration.feeds.isEmpty {
            Terminal.message("It has no news site to read yet: add one with 'tocsin add feed\(name) ADDRESS'.")
        }
        for line in summary(configuration).split(separator: "\n") { try Terminal.result(String(line)) }
    }

    private func summary(_ configuration: Configuration) -> String {
        func number(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
        let people = configuration.watches.flatMap(\.people).count
        return """
            \(options.config) is written: \(number(configuration.feeds.count, "feed", "feeds")), \
            \(number(people, "person", "people")), \(number(configuration.watches.count, "watch", "watches")).
            Next:
              tocsin check\(name)                 finds mistakes
              tocsin explain\(name) 'a sentence'  shows what is found in it, and why
              tocsin run\(name)                   watches, until Ctrl-C
              tocsin add person\(name) 'NAME'     adds somebody; 'tocsin add feed\(name) ADDRESS' a site
            Alerts can be read in a browser too: make a token with
              \(tokenCommand)
            take the signs '#' from 'web:' at the end of \(options.config), start 'tocsin run\(name)', and go to \
            http://\(PageListen.usual)
            """
    }
}
