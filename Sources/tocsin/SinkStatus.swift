import Config
import Fetching
import Foundation
import Model
import Monitoring
import SQLiteStorage
import Sinks

/// A sink that needs a person, as `tocsin status` shows it.
struct SinkStatus {
    var state: SinkState
    var trouble: SinkState.Told

    /// Those of the configuration; where it has faults, all that have deliveries.
    static func troubled(
        _ configuration: Configuration, in store: SQLiteStore, at now: Date
    ) async throws -> [SinkStatus] {
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        var issues: [Issue] = []
        let set = Wiring.sinks(configuration, transport, &issues)
        let isWhole = !issues.contains { $0.severity == .error }
        let names = isWhole ? set.sinks.map(\.name) : try await store.sinksWithDeliveries()
        return try await store.sinkStates(of: names).compactMap { state in
            SinkRule.trouble(state, at: now).map { SinkStatus(state: state, trouble: $0) }
        }
    }

    static func lines(_ sinks: [SinkStatus], _ now: Date) -> [String] {
        guard !sinks.isEmpty else { return [] }
        let rows = sinks.map { sink in
            [
                sink.state.name.rawValue, sink.trouble.trouble.rawValue, Status.ago(sink.trouble.since, now),
                "\(sink.state.pending)", "\(sink.state.failed)", sink.reason ?? "",
            ].map(\.legible)
        }
        return Table.lines(["SINK", "STATE", "SINCE", "WAITING", "FAILED", "WHY"], rows)
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.member("sink", state.name.rawValue)
            json.member("state", trouble.trouble.rawValue)
            json.key("since")
            json.date(trouble.since)
            json.key("needs_attention")
            json.bool(true)
            json.key("pending")
            json.integer(state.pending)
            json.key("failed")
            json.integer(state.failed)
            json.member("error", ifPresent: reason)
        }
        return writer.bytes
    }

    private var reason: String? { state.stopped ?? state.lastError }
}
