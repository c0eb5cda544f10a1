import Config
import Fetching
import Foundation
import Logging
import Model
import Monitoring
import SQLiteStorage
import Sinks

/// A sink that needs a person, or has asked for a pause, as `tocsin status` shows it.
struct SinkStatus {
    var state: SinkState
    /// Nil: it needs nobody.
    var trouble: SinkState.Told?
    /// Until when nothing is sent to it, since it has asked for that. Nil: it has not.
    var pause: Date?
    /// No sink has the name any more, so nobody delivers what waits for it.
    var isUnknown = false

    var needsSomebody: Bool { trouble != nil }

    /// Those of the configuration; where it has faults, all that have deliveries.
    static func notable(
        _ configuration: Configuration, in store: SQLiteStore, at now: Date
    ) async throws -> [SinkStatus] {
        let transport = CurlTransport(limits: FetchLimits())
        defer { transport.shutDown() }
        var issues: [Issue] = []
        let set = Wiring.sinks(configuration, transport, &issues)
        let isWhole = !issues.contains { $0.severity == .error }
        let names = isWhole ? set.sinks.map(\.name) : try await store.sinksWithDeliveries()
        let troubled = try await store.sinkStates(of: names).compactMap { state in
            let (trouble, pause) = (SinkRule.trouble(state, at: now), SinkRule.pause(of: state, at: now))
            let isNotable = trouble != nil || pause != nil && state.pending > 0
            return isNotable ? SinkStatus(state: state, trouble: trouble, pause: pause) : nil
        }
        return troubled + (isWhole ? try await unknown(besides: names, in: store, at: now) : [])
    }

    /// Sinks that are not configured any more, or by another name, while alerts wait for them.
    static func unknown(
        besides names: [SinkName], in store: SQLiteStore, at now: Date
    ) async throws -> [SinkStatus] {
        let others = try await store.sinksWithDeliveries().filter { !names.contains($0) }
        return try await store.sinkStates(of: others).filter { $0.pending > 0 }.map { state in
            SinkStatus(state: state, trouble: .init(.gone, since: state.failingSince ?? now), isUnknown: true)
        }
    }

    /// Tells of alerts that wait for a sink that there is not. Returns how many.
    @discardableResult
    static func warnOfUnknown(besides names: [SinkName], in store: SQLiteStore, _ logger: Logger) async throws -> Int {
        let unknown = try await unknown(besides: names, in: store, at: Date())
        for sink in unknown {
            logger.warning(
                "alerts wait for a sink that is not configured; give it its name back, or 'tocsin alerts drop --sink'",
                metadata: ["sink": "\(sink.state.name)", "alerts": "\(sink.state.pending)"])
        }
        return unknown.reduce(0) { $0 + $1.state.pending }
    }

    static func lines(_ sinks: [SinkStatus], _ now: Date) -> [String] {
        guard !sinks.isEmpty else { return [] }
        let rows = sinks.map { sink in
            [
                sink.state.name.rawValue, sink.word, Status.ago(sink.since, now),
                "\(sink.state.pending)", "\(sink.state.failed)", sink.reason ?? "",
            ].map(\.legible)
        }
        return Table.lines(
            ["SINK", "STATE", "SINCE", "WAITING", "FAILED", "WHY"], rows, columns: Terminal.columns(STDOUT_FILENO))
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.member("sink", state.name.rawValue)
            json.member("state", word)
            json.member("since", ifPresent: since.map { Timestamp.text($0) })
            json.key("needs_attention")
            json.bool(needsSomebody)
            json.key("pending")
            json.integer(state.pending)
            json.key("failed")
            json.integer(state.failed)
            json.member("error", ifPresent: error)
            if let pause {
                json.key("paused_until")
                json.date(pause)
            }
        }
        return writer.bytes
    }

    private var word: String { isUnknown ? "unknown" : trouble?.trouble.rawValue ?? "paused" }

    private var since: Date? { trouble?.since ?? state.failingSince ?? state.lastFailure }

    private var error: String? {
        isUnknown ? "no sink has this name in this configuration and environment" : state.stopped ?? state.lastError
    }

    private var reason: String? {
        let wish = pause.map { "it has asked to be left alone until \(Timestamp.text($0))" }
        let words = [error, wish].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}
