import ArgumentParser
import Config
import Foundation
import Model
import SQLiteStorage

struct Alerts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The alerts kept in the state.", subcommands: [List.self, Show.self, Retry.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists alerts, the newest last.")

        @OptionGroup var options: CommonOptions

        @Option(help: "How far back, such as 7d or 12h.")
        var since: String?

        @Option(help: "Only alerts of this watch.")
        var watch: String?

        @Flag(help: "The alert objects, a line each.")
        var json = false

        func run() async throws {
            var filter = AlertFilter(watch: watch)
            if let since {
                guard let span = DurationText.duration(since) else {
                    throw ValidationError("--since takes a duration such as 90s, 15m, 12h or 7d, not '\(since)'.")
                }
                filter.since = Date().addingTimeInterval(-(span / .seconds(1)))
            }
            let (store, _) = try Wiring.visitedStore(options.config)
            let reports = try await store.alerts(filter)
            await store.close()
            for report in reports.reversed() {
                if json {
                    try Terminal.result(AlertText.json(report))
                } else {
                    try Terminal.result(AlertText.line(report))
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows one alert and its deliveries.")

        @OptionGroup var options: CommonOptions

        @Flag(help: "The alert object.")
        var json = false

        @Argument(help: "The alert's id, or its beginning.")
        var id: String

        func run() async throws {
            let (store, _) = try Wiring.visitedStore(options.config)
            let reports = try await store.alerts(AlertFilter(id: id, limit: 2))
            await store.close()
            guard let report = reports.first else {
                Terminal.message("no alert has the id '\(id)'; see 'tocsin alerts'")
                throw ExitStatus.usage
            }
            guard reports.count == 1 || report.id.rawValue == id else {
                Terminal.message("several alerts begin with '\(id)'; give more of the id")
                throw ExitStatus.usage
            }
            if json { return try Terminal.result(AlertText.json(report)) }
            for line in AlertText.block(report) { try Terminal.result(line) }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends failed deliveries again, and starts a sink that was stopped.")

        @OptionGroup var options: CommonOptions

        @Flag(help: "Every delivery that failed.")
        var failed = false

        @Argument(help: "The ids of alerts.")
        var ids: [String] = []

        func validate() throws {
            if failed == !ids.isEmpty { throw ValidationError("Give the ids of alerts, or --failed.") }
        }

        func run() async throws {
            let (store, _) = try Wiring.visitedStore(options.config)
            let count = try await store.retry(failed ? nil : ids.map { AlertID($0) }, at: Date())
            await store.close()
            if count == 0, !failed {
                Terminal.message("no failed delivery of \(ids.joined(separator: ", ")); see 'tocsin alerts show'")
                throw ExitStatus.usage
            }
            try Terminal.result("\(count) \(count == 1 ? "delivery goes" : "deliveries go") out again")
        }
    }
}
