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
        let records = try await store.watchRecords()
        await store.close()

        let aims = WatchAims.aims(watches, concepts: configuration.concepts)
        let scopes = zip(watches, aims).map { watch, aim in
            let record = records.record(of: aim, at: now)
            return WatchScope(
                watches: [watch.name],
                feeds: configuration.feeds.indices.filter { index in
                    let feed = configuration.feeds[index]
                    return watch.covers(feed, calledItself: states[feed.url]?.title)
                },
                start: record.since > start ? WatchScope.Start(since: record.since, kind: record.start) : nil)
        }
        var needsSomebody = false
        // One after the other: a look at each feed for each watch would be too many.
        for (index, scope) in (json ? scopes : WatchScope.joined(scopes)).enumerated() {
            let looks = scope.feeds.map { place in
                let feed = configuration.feeds[place]
                let state = states[feed.url]
                return FeedLook(
                    feed: feed, state: state,
                    report: CoverageReport(
                        of: state, state.flatMap { gaps[$0.id] } ?? [], since: start, now: now,
                        watchedSince: scope.cut))
            }
            if looks.contains(where: \.report.needsSomebody) { needsSomebody = true }
            if json {
                try Terminal.result(CoverageTable.json(scope, looks, since: start, now))
            } else {
                if index > 0 { try Terminal.result("") }
                for line in CoverageTable.block(scope, looks, since: start) { try Terminal.result(line) }
            }
        }
        if needsSomebody { throw ExitStatus.needsSomebody }
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

/// A watch with its feeds, or several that share them.
struct WatchScope {
    /// Since when it looks for what it looks for, where that is later than what is asked about.
    struct Start: Hashable {
        var since: Date
        var kind: WatchRecord.Start
    }

    var watches: [String]
    /// By their places in the configuration.
    var feeds: [Int]
    var start: Start?

    /// Since when it looks, where that is known.
    var cut: Date? { start?.kind == .unknown ? nil : start?.since }

    /// Those together that have the same to tell.
    static func joined(_ scopes: [WatchScope]) -> [WatchScope] {
        struct Key: Hashable {
            var feeds: [Int]
            var start: Start?
        }
        var places: [Key: Int] = [:]
        var joined: [WatchScope] = []
        for scope in scopes {
            let key = Key(feeds: scope.feeds, start: scope.start)
            if let place = places[key] {
                joined[place].watches += scope.watches
            } else {
                places[key] = joined.count
                joined.append(scope)
            }
        }
        return joined
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
