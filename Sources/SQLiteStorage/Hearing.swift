import Foundation
import Model

/// How much of an alert a sink is told: not of watches that are silenced, nor of those for which it is not meant. The alert itself
/// stays whole in the state.
struct Hearing: Sendable, Hashable, Codable {
    /// None: nothing of the alert is for the sink.
    var watches: [String]
    /// Of these watches.
    var severity: Severity
    /// Watches that a mark has taken away, and that come back with its end.
    var marked: [String] = []

    /// As the state keeps it.
    var text: String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
    }

    init(watches: [String], severity: Severity, marked: [String] = []) {
        self.watches = watches
        self.severity = severity
        self.marked = marked
    }

    /// - Parameter text: nil for all of the alert, and so is what cannot be read: rather too much than nothing.
    init?(text: String?) {
        guard let text, let read = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
        self = read
    }

    /// Nil where nothing of it is left.
    func part(of alert: Alert) -> Alert? {
        var part = alert
        part.watches = alert.watches.filter(watches.contains)
        guard !part.watches.isEmpty else { return nil }
        part.matches = alert.matches.filter { watches.contains($0.watch) }
        part.severity = severity
        return part
    }

    /// How urgent each watch is, where that differs.
    struct Severities {
        let ofWatches: [String: Severity]
        /// Of watches that are not known, and of none.
        let ofAlert: Severity

        func most(_ watches: [String]) -> Severity { watches.map { ofWatches[$0] ?? ofAlert }.max() ?? ofAlert }

        /// Nil where each has that of the alert.
        var text: String? {
            guard ofWatches.values.contains(where: { $0 != ofAlert }) else { return nil }
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return (try? encoder.encode(ofWatches)).map { String(decoding: $0, as: UTF8.self) }
        }

        init(_ ofWatches: [String: Severity], of alert: Alert) {
            self.ofWatches = ofWatches
            ofAlert = alert.severity
        }

        init(text: String?, of alert: Alert) {
            let read = text.flatMap { try? JSONDecoder().decode([String: Severity].self, from: Data($0.utf8)) }
            self.init(read ?? [:], of: alert)
        }
    }
}
