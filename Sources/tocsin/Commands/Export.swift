import ArgumentParser
import Config
import FeedParsing
import Foundation
import Model

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the feeds as an OPML list.",
        discussion: "Tags become folders and categories. Feeds that are files on this machine are left out.")

    @OptionGroup var options: CommonOptions

    func run() async throws {
        let (configuration, issues) = ConfigLoader.load(
            options.config, environment: ProcessInfo.processInfo.environment)
        let faults = issues.filter { $0.severity == .error }
        guard let configuration, faults.isEmpty else {
            for issue in faults { Terminal.message("\(issue)") }
            throw ExitStatus.configuration
        }
        let feeds = configuration.feeds.filter { !$0.url.isEmpty && !$0.url.hasPrefix("file:") }
        let list = OPMLDocument(
            title: "Feeds of tocsin",
            feeds: feeds.map { Subscription(url: $0.url, name: $0.name, language: $0.language, tags: $0.tags) })
        try Terminal.part(Array(OPMLWriter.text(list).utf8))
        let secret = feeds.count { RedactedURL.text($0.url) != $0.url }
        if secret > 0 {
            let words =
                secret == 1
                ? "1 address has a password or a token in it"
                : "\(secret) addresses have a password or a token in them"
            Terminal.message("\(words); keep the list to yourself")
        }
    }
}
