import ArgumentParser
import Config
import Foundation
import Model
import Monitoring
import SQLiteStorage

struct Coverage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "For each watch, which of its feeds were looked at without a gap, and which not, when and why.",
        discussion: """
            A feed was looked at without a gap when each document shared an item with the one before, so that nothing can \
            have come and gone between them. Ends with 1 when something may have been missed. Times are UTC.
            """)

    @OptionGroup var options: CommonOptions

    @Option(help: "Only the feeds of this watch.", completion: NameCompletion.watches)
    var watch: String?

    @Option(help: "How far back, such as 30d or 12h.")
    var since = "30d"

    @Flag(help: "One JSON object a watch, a line each.")
    var json = false

    func run() async throws {
        guard let span = DurationText.duration(since) else {
            throw ValidationError("--since takes a duration such as 90s, 15m, 12h or 30d, not '\(since)'.")
        }
        let (store, configuration) = try Wiring.visitedStore(options.config)
        let watches = try asked(of: configuration)
        let now = Date()
        let start = now.addingTimeInterval(-(span / .seconds(1)))
        let states = Dictionary(try await store.feeds().map { ($0.url, $0) }) { first, _ in first }
        let gaps = Dictionary(grouping: try await store.gaps(since: start), by: \.feed)
        await store.close()

        let looks = configuration.feeds.map { feed in
            let state = states[feed.url]
            return FeedLook(
                feed: feed, state: state,
                report: CoverageReport(of: state, state.flatMap { gaps[$0.id] } ?? [], since: start, now: now))
        }
        let scopes = watches.map { watch in
            (watch: watch.name, looks: looks.filter { watch.covers($0.feed, calledItself: $0.state?.title) })
        }
        if json {
            for scope in scopes { try Terminal.result(CoverageTable.json(scope.watch, scope.looks, since: start, now)) }
        } else {
            for line in CoverageTable.lines(scopes, since: start) { try Terminal.result(line) }
        }
        if scopes.contains(where: { $0.looks.contains(where: \.report.needsSomebody) }) {
            throw ExitStatus.needsSomebody
        }
    }

    private func asked(of configuration: Configuration) throws -> [WatchSpec] {
        guard let watch else { return configuration.watches }
        let found = configuration.watches.filter { $0.name == watch }
        if found.isEmpty {
            let names = configuration.watches.map(\.name).joined(separator: ", ")
            Terminal.message("there is no watch '\(watch)'; there are: \(names)")
            throw ExitStatus.usage
        }
        return found
    }
}

/// A feed, and how it was looked at.
struct FeedLook {
    var feed: FeedSpec
    var state: FeedState?
    var report: CoverageReport

    var name: String { feed.name ?? state?.title ?? RedactedURL.text(feed.url) }
}

extension WatchSpec {
    /// Whether items of a feed can match, by `feeds` and `languages`. A language that the user does not name is that of
    /// each item, so such a feed is one of every watch.
    func covers(_ feed: FeedSpec, calledItself title: String?) -> Bool {
        let scope = Set(feeds.map { $0.value.lowercased() })
        let names = [feed.name ?? title].compactMap { $0?.lowercased() } + feed.tags.map { $0.lowercased() }
        guard scope.isEmpty || names.contains(where: scope.contains) else { return false }
        guard !languages.isEmpty, let language = feed.language else { return true }
        return languages.contains { Self.primary($0.value) == Self.primary(language) }
    }

    private static func primary(_ language: String) -> String {
        String(language.lowercased().prefix { $0 != "-" && $0 != "_" })
    }
}
