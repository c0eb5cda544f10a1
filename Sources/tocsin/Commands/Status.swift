import ArgumentParser
import Config
import Foundation
import Model
import SQLiteStorage

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A table of feeds: health, last success, last new item, next poll, and what is wrong.",
        discussion:
            "Below it the sinks that need somebody, and whether a running monitor has read the configuration as it is now. Ends with 1 when "
            + "something needs somebody.")

    @OptionGroup var options: CommonOptions

    @Flag(
        help:
            "One JSON object a feed, a line each, one for each sink that needs somebody, and one for a monitor that does."
    )
    var json = false

    func run() async throws {
        let files = ConfigFiles()
        let (store, configuration) = try visited(files)
        let states = Dictionary(try await store.feeds().map { ($0.url, $0) }) { first, _ in first }
        let pushes = Dictionary(
            grouping: try await store.hubSubscriptions().filter { $0.phase != .ending }, by: \.feedURL)
        let now = Date()
        let sinks = try await SinkStatus.notable(configuration, in: store, at: now)
        let silences = try await store.silences(at: now)
        let held = try await store.heldAlerts()
        await store.close()
        let monitor = RunningMonitor(over: configuration.state)
        let trouble = monitor?.trouble(files.all, at: now)
        if json {
            for feed in configuration.feeds {
                try Terminal.result(FeedStatus(feed, states[feed.url], pushes[feed.url]?.first).json(at: now))
            }
            for sink in sinks { try Terminal.result(sink.json) }
            if let monitor, let trouble { try Terminal.result(monitor.json(trouble)) }
        } else {
            let names = FeedNames.shown(configuration.feeds, states)
            let rows = zip(configuration.feeds, names).map { feed, name in
                Self.row(name, states[feed.url], pushes[feed.url]?.first, now)
            }
            let heading = ["FEED", "HEALTH", "SINCE", "LAST SUCCESS", "LAST NEW ITEM", "NEXT POLL", "WHY"]
            for line in Table.lines(heading, rows, columns: Terminal.columns(STDOUT_FILENO)) {
                try Terminal.result(line)
            }
            if !sinks.isEmpty { try Terminal.result("") }
            for line in SinkStatus.lines(sinks, now) { try Terminal.result(line) }
            if sinks.contains(where: { $0.state.failed > 0 }) {
                Terminal.message(
                    "'tocsin alerts retry --failed' sends again what failed, 'tocsin alerts drop --failed' gives it up")
            }
            let others = [SilenceText.lines(silences), HeldText.lines(held, configuration)].filter { !$0.isEmpty }
            for line in others.flatMap({ [""] + $0 }) { try Terminal.result(line) }
            if let monitor, let trouble {
                try Terminal.result("")
                try Terminal.result(monitor.words(trouble, of: options.config, at: now).legible)
            }
        }
        if sinks.contains(where: \.needsSomebody) || !held.isEmpty || trouble?.needsSomebody == true
            || configuration.feeds.contains(where: { states[$0.url]?.needsSomebody(at: now) ?? false })
        {
            throw ExitStatus.needsSomebody
        }
    }

    /// Where the configuration cannot be read at all, a monitor that works with an older one is told of.
    private func visited(_ files: ConfigFiles) throws -> (store: SQLiteStore, configuration: Configuration) {
        do {
            return try Wiring.visitedStore(options.config, files: files)
        } catch let code as ExitCode where code == ExitStatus.configuration {
            guard let monitor = UnreadableConfiguration.monitor(of: options.config) else { throw code }
            let now = Date()
            // It will not take what nobody can read.
            let trouble = monitor.trouble(files.all, at: now) ?? .unread(since: now)
            if json {
                try Terminal.result(monitor.json(trouble))
            } else {
                try Terminal.result(monitor.words(trouble, of: options.config, at: now).legible)
            }
            throw ExitStatus.needsSomebody
        }
    }

    private static func row(
        _ name: String, _ state: FeedState?, _ push: HubSubscription?, _ now: Date
    ) -> [String] {
        guard let state else { return [name, "new", "-", "-", "-", "-", ""] }
        let health = state.health
        return [
            name, health.condition.rawValue, health.condition == .fine ? "-" : ago(health.since, now),
            ago(state.history.lastSuccess, now), ago(state.history.lastNewItem, now),
            state.gone
                ? "never" : state.isStopped ? "stopped" : next(state, now) + (push?.phase == .active ? ", pushed" : ""),
            why(state, now),
        ].map(\.legible)
    }

    private static func why(_ state: FeedState, _ now: Date) -> String {
        var reasons = [state.health.evidence ?? state.history.lastError].compactMap { $0 }
        if state.health.condition != .moved, let move = state.move, move.adopted != nil {
            reasons.append("it is asked at \(RedactedURL.text(move.target)), where it has moved")
        }
        if state.history.trust.isUnreliable(at: now) {
            reasons.append("its server says 'not modified' when it was, so the whole feed is asked for, once a day")
        }
        return reasons.joined(separator: "; ")
    }

    static func ago(_ date: Date?, _ now: Date) -> String {
        guard let date else { return "-" }
        return Self.span(now.timeIntervalSince(date)) + " ago"
    }

    private static func next(_ state: FeedState, _ now: Date) -> String {
        let due = max(state.nextPoll, state.notBefore ?? state.nextPoll)
        return due <= now ? "now" : "in " + Self.span(due.timeIntervalSince(now))
    }

    static func span(_ seconds: TimeInterval) -> String {
        let seconds = Int(max(0, min(seconds, 1e9)))
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) d"
        }
    }
}
