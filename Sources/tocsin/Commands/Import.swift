import ArgumentParser
import Config
import FeedParsing
import Foundation
import Model

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Adds the feeds of an OPML list.",
        discussion: """
            New feeds go to a file of their own, which the configuration then includes; nothing else in it is changed. \
            Folders and categories become tags. Feeds that are there already are left as they are. Ends with 65 when \
            the list is cut off; what of it came is added.
            """)

    @OptionGroup var options: CommonOptions

    @Option(help: "The file that new feeds are added to, relative to the configuration.")
    var into = "imported.yaml"

    @Flag(help: "Shows what would be added, and changes nothing.")
    var dryRun = false

    @Argument(
        help: "An OPML file, an http or https URL, or - for standard input.",
        completion: .file(extensions: ["opml", "xml"]))
    var source: String

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let (configuration, issues) = ConfigLoader.load(options.config, environment: environment)
        let faults = issues.filter { $0.severity == .error }
        guard let configuration, faults.isEmpty else {
            for issue in faults { Terminal.message("\(issue)") }
            throw ExitStatus.configuration
        }
        let list: OPMLDocument
        let progress = ProgressLine()
        defer { progress.end() }
        progress.show("reading \(RedactedURL.text(source))")
        do {
            list = try OPMLReader.parse(try await Source.document(source))
        } catch let error as ParseError {
            Terminal.message("\(source): \(Self.text(error))")
            throw ExitStatus.data
        }
        /// What is new to the configuration as it is now.
        func select(_ configuration: Configuration) -> Selection {
            var selection = Selection(configuration)
            for (index, feed) in list.feeds.enumerated() {
                progress.show(ProgressLine.share(index, of: list.feeds.count, "feeds looked at"))
                selection.take(feed)
            }
            progress.showNow("checking the configuration with \(selection.entries.count) more feeds")
            return selection
        }
        var selection = Selection(configuration)
        if dryRun {
            selection = select(configuration)
            for entry in selection.entries { try Terminal.result(Self.line(entry)) }
        } else {
            try add(environment) { configuration in
                selection = select(configuration)
                return selection.entries
            }
        }
        for skipped in selection.skipped { Terminal.message(skipped) }
        for note in selection.notes.prefix(Self.mostNotes) { Terminal.message(note) }
        if selection.notes.count > Self.mostNotes {
            Terminal.message("… and \(selection.notes.count - Self.mostNotes) more feeds without a tag of the list")
        }
        progress.end()
        try Terminal.result(summary(selection))
        let count = selection.entries.count
        if !dryRun, count > 0 {
            try await RunningMonitor.tell(
                of: options.config, configuration, news: count == 1 ? "the feed is read" : "the \(count) feeds are read"
            )
        }
        if list.isTruncated {
            Terminal.message(
                "\(RedactedURL.text(source)): the list is cut off, and more feeds may have been in it; get it again and import it "
                    + "again: what is there already stays as it is")
            throw ExitStatus.data
        }
    }

    private static let mostNotes = 20

    private static func text(_ error: ParseError) -> String {
        switch error {
        case .empty: "the file is empty"
        case .notAFeed(let kind): "this is no OPML list but \(kind)"
        }
    }

    private func add(_ environment: [String: String], _ choose: (Configuration) -> [Subscription]) throws {
        do {
            try FeedAdditions(configuration: options.config, list: into, environment: environment).add(choose)
        } catch {
            throw error.told { list in
                "\(options.config): '\(list)' cannot be included by changing one line, and nothing was changed; "
                    + "write '\(list)' under 'include:', make the file, and import again"
            }
        }
    }

    private static func line(_ entry: Subscription) -> String {
        let tags = entry.tags.isEmpty ? "" : " [\(entry.tags.joined(separator: ", "))]"
        return ([entry.name, RedactedURL.text(entry.url)].compactMap(\.self).joined(separator: "  ") + tags).legible
    }

    private func summary(_ selection: Selection) -> String {
        let added = selection.entries.count
        var text = "\(added) \(added == 1 ? "feed" : "feeds") "
        text += dryRun ? "would be added" : added == 0 ? "added" : "added to \(into)"
        if selection.known > 0 { text += ", \(selection.known) there already" }
        if !selection.skipped.isEmpty { text += ", \(selection.skipped.count) left out" }
        return text
    }

    /// What of a list is new and can be fetched.
    struct Selection {
        private(set) var entries: [Subscription] = []
        /// Feeds that are there, in the configuration or further up in the list.
        private(set) var known = 0
        /// Why feeds were left out. For people.
        private(set) var skipped: [String] = []
        /// Tags of feeds that are configured, which only a person can give them. For people.
        private(set) var notes: [String] = []
        /// Places among the entries, by address.
        private var places: [String: Int] = [:]
        /// The tags of the configuration's feeds, by address.
        private let configured: [String: [String]]
        private var names: Set<String>
        /// The last number that a name was given.
        private var numbers: [String: Int] = [:]
        /// No list has more folders around a feed that mean something.
        private static let mostTags = 20

        init(_ configuration: Configuration) {
            configured = Dictionary(configuration.feeds.map { (WebURL.key($0.url), $0.tags) }) { first, _ in first }
            names = Set(configuration.feeds.compactMap(\.name))
        }

        mutating func take(_ feed: Subscription) {
            let url = WebURL.withoutFeedScheme(feed.url)
            if let fault = WebURL.fault(url) {
                skipped.append("\(RedactedURL.text(feed.url)): \(fault.fault)")
                return
            }
            let key = WebURL.key(url)
            let tags = Self.tags(feed)
            if let has = configured[key] {
                known += 1
                let missing = tags.filter { !has.contains($0) }
                guard !missing.isEmpty else { return }
                notes.append(
                    "\(RedactedURL.text(url)) is there already, without the list's "
                        + (missing.count == 1 ? "tag " : "tags ") + missing.map { "'\($0)'" }.joined(separator: ", "))
                return
            }
            if let place = places[key] {
                known += 1
                // A reader has a feed in several folders.
                let more = tags.filter { !entries[place].tags.contains($0) }
                entries[place].tags = Array((entries[place].tags + more).prefix(Self.mostTags))
                return
            }
            places[key] = entries.count
            var entry = Subscription(url: url, tags: tags)
            if let language = feed.language, LanguageTag.isWell(language) { entry.language = language }
            entry.name = feed.name.map(Self.oneLine).flatMap { $0.isEmpty ? nil : unique($0) }
            entries.append(entry)
        }

        /// Two feeds of one name could not be told apart in a watch.
        private mutating func unique(_ name: String) -> String {
            var result = String(name.prefix(NameText.maxLength))
            var number = numbers[name] ?? 2
            defer { numbers[name] = number }
            while !names.insert(result).inserted {
                let suffix = " (\(number))"
                result = name.prefix(NameText.maxLength - suffix.count) + suffix
                number += 1
            }
            return result
        }

        private static func tags(_ feed: Subscription) -> [String] {
            feed.tags.prefix(mostTags).map { String(oneLine($0).prefix(NameText.maxLength)) }.filter { !$0.isEmpty }
        }

        private static func oneLine(_ text: String) -> String {
            text.legible.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }
}
