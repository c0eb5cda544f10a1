import ArgumentParser
import Config
import Foundation
import Model
import SQLiteStorage

struct Alerts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The alerts kept in the state.",
        subcommands: [
            List.self, Show.self, Retry.self, Drop.self, Test.self, Held.self, Release.self, Discard.self,
        ],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists alerts, the newest last.")

        @OptionGroup var options: CommonOptions

        @Option(help: "How far back, such as 7d or 12h.")
        var since: String?

        @Option(help: "Only alerts of this watch.", completion: NameCompletion.watches)
        var watch: String?

        @Flag(help: "The alert objects, a line each.")
        var json = false

        func run() async throws {
            var filter = AlertFilter(watch: watch)
            filter.since = try since.map(Alerts.date)
            let (store, configuration) = try Wiring.visitedStore(options.config)
            let reports = try await store.alerts(filter)
            await store.close()
            // One that was taken out of the configuration may have alerts.
            if let watch, reports.isEmpty, !configuration.watches.contains(where: { $0.name == watch }) {
                let names = configuration.watches.map(\.name).joined(separator: ", ")
                Terminal.message("there is no watch '\(watch)'; there are: \(names)")
                throw ExitStatus.usage
            }
            let columns = Terminal.columns(STDOUT_FILENO)
            for report in reports.reversed() {
                if json {
                    try Terminal.result(report.json)
                } else if let columns {
                    try Terminal.result(AlertText.line(report, columns: columns))
                } else {
                    try Terminal.result(AlertText.line(report))
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows one alert, its deliveries and their tries.")

        @OptionGroup var options: CommonOptions

        @Flag(help: "The alert object.")
        var json = false

        @Argument(help: "The alert's id, or its beginning.")
        var id: String

        func run() async throws {
            let (store, _) = try Wiring.visitedStore(options.config)
            let report = try await Alerts.report(id, in: store)
            await store.close()
            if json { return try Terminal.result(report.json) }
            for line in AlertText.block(report) { try Terminal.result(line) }
        }
    }

    /// The alert with this id, or the one whose id begins so.
    static func report(_ id: String, in store: SQLiteStore) async throws -> AlertReport {
        var filter = AlertFilter(id: id, limit: 2)
        filter.withHistory = true
        let reports = try await store.alerts(filter)
        guard let report = reports.first else {
            Terminal.message("no alert has the id '\(id)'; see 'tocsin alerts'")
            throw ExitStatus.usage
        }
        guard reports.count == 1 || report.id.rawValue == id else {
            Terminal.message("several alerts begin with '\(id)'; give more of the id")
            throw ExitStatus.usage
        }
        return report
    }

    /// `--since 7d`: how far back.
    static func date(since text: String) throws -> Date {
        guard let span = DurationText.duration(text) else {
            throw ValidationError("--since takes a duration such as 90s, 15m, 12h or 7d, not '\(text)'.")
        }
        return Date().addingTimeInterval(-(span / .seconds(1)))
    }
}
