import ArgumentParser
import Config
import Foundation
import Model
import SQLiteStorage

// Alerts that are held, since their items are old news under new ids.
extension Alerts {
    struct Held: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows alerts that are held: of feeds that bring old items again under new ids.",
            discussion: "'tocsin alerts release' sends them, 'tocsin alerts discard' does not.")

        @OptionGroup var options: CommonOptions

        func run() async throws {
            let (store, configuration) = try Wiring.visitedStore(options.config)
            let held = try await store.heldAlerts()
            await store.close()
            if held.isEmpty, Terminal.isTerminal(STDOUT_FILENO) { Terminal.message("no alerts are held") }
            for line in HeldText.lines(held, configuration) { try Terminal.result(line) }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sends alerts that are held.")

        @OptionGroup var options: CommonOptions

        @Argument(help: "The feed, by its name or address. All feeds unless given.")
        var feed: String?

        func run() async throws {
            let count = try await HeldText.settle(feed, options.config) { store, url in
                try await store.releaseHeld(ofFeedAt: url, at: Date())
            }
            guard let count else { return try Terminal.result("no alerts are held") }
            try Terminal.result("\(count) \(count == 1 ? "alert goes" : "alerts go") out")
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives up alerts that are held: they stay in the state and are not sent.")

        @OptionGroup var options: CommonOptions

        @Argument(help: "The feed, by its name or address. All feeds unless given.")
        var feed: String?

        func run() async throws {
            let count = try await HeldText.settle(feed, options.config) { store, url in
                try await store.discardHeld(ofFeedAt: url)
            }
            guard let count else { return try Terminal.result("no alerts are held") }
            try Terminal.result("\(count) \(count == 1 ? "alert is" : "alerts are") discarded")
        }
    }
}

/// Held alerts, as commands print and find them.
enum HeldText {
    static func lines(_ held: [HeldAlerts], _ configuration: Configuration) -> [String] {
        guard !held.isEmpty else { return [] }
        return Table.lines(
            ["FEED", "HELD ALERTS", "SINCE", "SUCH AS"],
            held.map { one in
                [name(one, configuration), String(one.alerts), Timestamp.text(one.since), one.example ?? ""].map(
                    \.legible)
            })
    }

    private static func name(_ held: HeldAlerts, _ configuration: Configuration) -> String {
        let name = configuration.feeds.first { $0.url == held.feedURL }?.name
        return name ?? held.feedTitle ?? RedactedURL.text(held.feedURL)
    }

    /// Does something with what is held of a feed, or of all when none is given. Nil when nothing at all is held; a feed of
    /// which nothing is, while others are held, is wrong usage.
    static func settle(
        _ feed: String?, _ path: String, _ work: (SQLiteStore, String?) async throws -> Int
    ) async throws -> Int? {
        let (store, configuration) = try Wiring.visitedStore(path)
        let held = try await store.heldAlerts()
        let fitting = held.filter { one in
            feed.map { [one.feedURL, RedactedURL.text(one.feedURL), name(one, configuration)].contains($0) } ?? true
        }
        guard let first = fitting.first else {
            await store.close()
            if held.isEmpty { return nil }
            Terminal.message("no alerts of '\(feed ?? "")' are held; see 'tocsin alerts held'")
            throw ExitStatus.usage
        }
        if feed != nil, fitting.count > 1 {
            await store.close()
            Terminal.message("several feeds are called '\(feed ?? "")'; give the address")
            throw ExitStatus.usage
        }
        let count = try await work(store, feed == nil ? nil : first.feedURL)
        await store.close()
        return count
    }
}
