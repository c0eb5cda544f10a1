import ArgumentParser
import Foundation
import Model
import SQLiteStorage

extension Alerts {
    /// Which deliveries are meant.
    struct Choice: ParsableArguments {
        @Flag(help: "Every delivery that failed.")
        var failed = false

        @Option(help: "Those of alerts that are no older, such as 2d or 12h.")
        var since: String?

        @Option(
            help: "Those of one sink, by its name, also of one that is not configured any more.",
            completion: NameCompletion.sinks)
        var sink: String?

        @Argument(help: "The ids of alerts, or their beginnings.")
        var ids: [String] = []

        func validate() throws {
            guard [failed, since != nil, sink != nil, !ids.isEmpty].count(where: { $0 }) == 1 else {
                throw ValidationError("Give the ids of alerts, or --failed, or --since, or --sink.")
            }
            if let since { _ = try Alerts.date(since: since) }
        }

        func deliveries(in store: SQLiteStore) async throws -> DeliveryChoice {
            if failed { return .failed }
            if let since { return .since(try Alerts.date(since: since)) }
            if let sink { return .sink(SinkName(sink)) }
            var alerts: [AlertID] = []
            for id in ids { alerts.append(try await Alerts.report(id, in: store).id) }
            return .alerts(alerts)
        }

        /// Whoever has named a sink that nothing was ever for has mistyped it.
        func checkSink(in store: SQLiteStore) async throws {
            guard let sink else { return }
            let known = try await store.sinksWithDeliveries()
            guard !known.contains(SinkName(sink)) else { return }
            await store.close()
            let names = known.isEmpty ? "" : "; there are: \(known.map(\.rawValue.legible).joined(separator: ", "))"
            Terminal.message("no alert was ever for a sink called '\(sink.legible)'\(names)")
            throw ExitStatus.usage
        }

        /// Whoever has named alerts is told when there was nothing to do.
        func refuse(_ what: String) throws {
            guard !ids.isEmpty else { return }
            Terminal.message("no \(what) delivery of \(ids.joined(separator: ", ")); see 'tocsin alerts show'")
            throw ExitStatus.usage
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends again what failed or waits for its next try, and starts a sink that was stopped.",
            discussion: "What was dropped, silenced or held is sent only by its alert's id.")

        @OptionGroup var options: CommonOptions
        @OptionGroup var choice: Choice

        func run() async throws {
            let (store, _) = try Wiring.visitedStore(options.config)
            try await choice.checkSink(in: store)
            let stopped = try await store.stoppedSinks()
            let count = try await store.retry(try await choice.deliveries(in: store), at: Date())
            let stillStopped = try await store.stoppedSinks()
            await store.close()
            let started = stopped.filter { !stillStopped.contains($0) }
            if count == 0, started.isEmpty { try choice.refuse("failed or waiting") }
            let names = started.map { "'\($0.rawValue.legible)'" }.joined(separator: ", ")
            let were = started.count == 1 ? "was" : "were"
            let starts = started.isEmpty ? "" : "; \(names) \(were) stopped, and started again"
            try Terminal.result("\(count) \(count == 1 ? "delivery goes" : "deliveries go") out again\(starts)")
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives up deliveries: those that wait and those that failed, or with --failed only these.",
            discussion: "The alerts are kept; 'tocsin alerts retry ID' sends a dropped delivery after all.")

        @OptionGroup var options: CommonOptions
        @OptionGroup var choice: Choice

        func run() async throws {
            let (store, _) = try Wiring.visitedStore(options.config)
            try await choice.checkSink(in: store)
            let count = try await store.drop(try await choice.deliveries(in: store))
            await store.close()
            if count == 0 { try choice.refuse("pending or failed") }
            try Terminal.result("\(count) \(count == 1 ? "delivery is" : "deliveries are") given up")
        }
    }
}
