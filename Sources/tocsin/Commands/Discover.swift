import ArgumentParser
import Config
import Fetching
import Foundation
import Model
import Monitoring

struct Discover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finds the feeds that a web page offers.",
        discussion: """
            Looks at what the page names (link elements, the Link field of HTTP), what is known of its site, links that \
            look like feeds, and the places where most servers have theirs. Every feed is read before it is shown.
            """)

    @OptionGroup var options: CommonOptions

    @Flag(help: "One JSON object a feed, a line each.")
    var json = false

    @Argument(help: "The address of a page or a site; https:// is added where there is no scheme.")
    var url: String

    func run() async throws {
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        let search = search(transport)
        let report: FeedDiscovery.Report
        do {
            report = try await search.feeds(at: url)
        } catch {
            Terminal.message("\(RedactedURL.text(url)): \(error)")
            throw ExitStatus.inputOutput
        }
        guard !report.feeds.isEmpty else {
            Terminal.message("\(RedactedURL.text(url)): \(FeedSearch.words(report))")
            throw ExitStatus.data
        }
        try print(report.feeds)
    }

    /// `fetch:` of the configuration, where there is one: whoever reads through a proxy looks for feeds through it too.
    private func search(_ transport: CurlTransport) -> FeedSearch {
        guard FileManager.default.fileExists(atPath: options.config) else { return FeedSearch(transport: transport) }
        let environment = ProcessInfo.processInfo.environment
        guard let configuration = ConfigLoader.load(options.config, environment: environment).0 else {
            return FeedSearch(transport: transport)
        }
        return FeedSearch(
            transport: transport, policy: configuration.defaults, hosts: configuration.limits.hosts)
    }

    private func print(_ feeds: [DiscoveredFeed]) throws {
        if json {
            for feed in feeds { try Terminal.result(Self.json(feed)) }
            return
        }
        // The address last: it is what is copied, and must not be cut.
        let rows = feeds.map { feed in
            [
                feed.title ?? "-", feed.format, "\(feed.items)", feed.newest.map { Timestamp.text($0) } ?? "-",
                feed.language ?? "-", feed.url,
            ].map(\.legible)
        }
        let heading = ["TITLE", "FORMAT", "ITEMS", "NEWEST", "LANGUAGE", "URL"]
        for line in Table.lines(heading, rows, columns: Terminal.columns(STDOUT_FILENO)) { try Terminal.result(line) }
    }

    private static func json(_ feed: DiscoveredFeed) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.member("url", feed.url)
            json.member("title", ifPresent: feed.title)
            json.member("format", feed.format)
            json.key("items")
            json.integer(feed.items)
            if let newest = feed.newest {
                json.key("newest")
                json.date(newest)
            }
            json.member("language", ifPresent: feed.language)
        }
        return writer.bytes
    }
}
