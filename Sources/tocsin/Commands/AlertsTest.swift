import ArgumentParser
import Fetching
import Foundation
import Model
import Monitoring
import Sinks

extension Alerts {
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends a test alert to every sink, or to one, and prints what came back.",
            discussion: """
                It goes the way of every alert, whatever the sink's 'only' says; it is not kept, and not tried again. \
                Ends with 1 when a sink did not take it.
                """)

        @OptionGroup var options: CommonOptions

        @Argument(help: "The sink's name, as 'tocsin alerts' shows it.", completion: NameCompletion.sinks)
        var sink: String?

        func run() async throws {
            let transport = CurlTransport(limits: FetchLimits())
            defer { transport.shutDown() }
            let set = try Wiring.sinks(options.config, transport: transport)
            let names = set.sinks.map(\.name.rawValue)
            let chosen = set.sinks.filter { sink == nil || $0.name.rawValue == sink }
            guard !chosen.isEmpty else {
                let known = names.isEmpty ? "there are none" : "there are: \(names.joined(separator: ", "))"
                Terminal.message(sink.map { "no sink is called '\($0)'; \(known)" } ?? "there is no sink to test")
                throw ExitStatus.usage
            }
            let line = ProgressLine()
            line.show("waiting for \(chosen.map(\.name.rawValue).joined(separator: ", "))")
            // A slow one is not to be waited for by the others.
            let trials = await withTaskGroup(of: (Int, SinkTrial).self) { group in
                for (index, sink) in chosen.enumerated() {
                    group.addTask { (index, await SinkTrial.run(sink, clock: SystemClock())) }
                }
                return await group.reduce(into: [Int: SinkTrial]()) { $0[$1.0] = $1.1 }
            }
            line.end()
            for (index, sink) in chosen.enumerated() {
                guard let trial = trials[index] else { continue }
                for line in Self.lines(sink.name, trial) { try Terminal.result(line.legible) }
            }
            if trials.values.contains(where: { $0.attempt.verdict != .delivered }) { throw ExitStatus.needsSomebody }
        }

        private static func lines(_ sink: SinkName, _ trial: SinkTrial) -> [String] {
            let attempt = trial.attempt
            let status = attempt.status.map { ", status \($0)" } ?? ""
            let verdict = attempt.verdict == .delivered ? "it took the test alert" : "NOT DELIVERED"
            var lines = ["\(sink): \(verdict)\(status), \(AttemptText.took(attempt))"]
            if let reason = attempt.reason { lines.append("  \(reason)") }
            if attempt.verdict == .deferred { lines.append("  a real alert would be tried again") }
            // An error mostly has them, but cut.
            if let answer = attempt.answer, attempt.reason == nil || answer.count > 200 {
                lines.append("  it answered: \(answer)")
            }
            return lines
        }
    }
}
