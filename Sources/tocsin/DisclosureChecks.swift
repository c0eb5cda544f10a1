import Config
import Foundation
import Model
import Monitoring

/// What `tocsin check` says beside faults: who would learn a watched name, and whose failure nobody would hear of.
enum DisclosureChecks {
    static func check(_ configuration: Configuration, _ setup: MonitorSetup, _ issues: inout [Issue]) {
        names(configuration, setup, &issues)
        news(configuration, setup, &issues)
    }

    /// A name in an address is read by its server and everybody on the way to it, in whatever script and spelling it stands there.
    private static func names(_ configuration: Configuration, _ setup: MonitorSetup, _ issues: inout [Issue]) {
        let guardian = setup.guardian
        // People join the parts of a name in an address.
        let joined = configuration.watches.flatMap(\.people).flatMap { [$0.name] + $0.aliases }
            .map { letters($0.value) }.filter { $0.count >= 8 }
        func isTelling(_ text: String) -> Bool {
            let plain = letters(decoded(text))
            return guardian.isTelling(text) || joined.contains { plain.contains($0) }
        }
        // Those that were found already, by the spelling that stands in the configuration.
        let known = Set(issues.compactMap(\.location))
        let shared = configuration.defaults.headers
        if shared.contains(where: { isTelling($0.value.revealed) }) {
            issues.append(
                Issue(
                    "'headers' of 'fetch' have a watched name in them: every server learns whom you wait for",
                    remedy: "write something else", at: nil, severity: .warning))
        }
        for feed in configuration.feeds where !feed.url.hasPrefix("file:") {
            if let place = feed.location, known.contains(place) { continue }
            if feed.policy.headers != shared, feed.policy.headers.contains(where: { isTelling($0.value.revealed) }) {
                issues.append(
                    Issue(
                        "'headers' of a feed have a watched name in them: its server learns whom you wait for",
                        remedy: "write something else", at: feed.location, severity: .warning))
            }
            if isTelling(feed.url) {
                issues.append(
                    Issue(
                        "the feed's address has a watched name in it: its server learns whom you wait for",
                        remedy: "take a feed of more than this person, and let the watch find the name",
                        at: feed.location, severity: .warning))
            }
        }
        let agents = Set(([configuration.defaults] + configuration.feeds.map(\.policy)).compactMap(\.userAgent))
        if agents.contains(where: isTelling) {
            issues.append(
                Issue(
                    "a 'user_agent' has a watched name in it: every server learns whom you wait for",
                    remedy: "write another", at: nil, severity: .warning))
        }
        for entry in configuration.alerts {
            for key in ["url", "topic", "room", "chat", "from"] {
                guard let text = entry.section.written(key), isTelling(text.value) else { continue }
                issues.append(
                    Issue(
                        "'\(key)' of a sink has a watched name in it: its server learns whom you wait for",
                        remedy: "take another", at: text.location, severity: .warning))
            }
            for key in ["headers", "body"] {
                for text in entry.section.writtenTexts(key) where isTelling(text.value) {
                    issues.append(
                        Issue(
                            "'\(key)' of a sink has a watched name in it: its server learns whom you wait for",
                            remedy: "write something else", at: text.location, severity: .warning))
                }
            }
        }
    }

    private static func letters(_ text: String) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    /// What was escaped twice, too.
    private static func decoded(_ text: String) -> String {
        var text = text
        for _ in 0..<3 { text = text.removingPercentEncoding ?? text }
        return text
    }

    /// A sink that fails is told of to the others: where there are none that want to know, its failures are found by chance.
    private static func news(_ configuration: Configuration, _ setup: MonitorSetup, _ issues: inout [Issue]) {
        // One for each sink, in this order, where the configuration has no faults.
        guard setup.routes.count == configuration.alerts.count else { return }
        let hearing = setup.routes.filter { $0.only.isEmpty || $0.only.contains("health") }.map(\.sink)
        for (route, entry) in zip(setup.routes, configuration.alerts) {
            let isRemote = ["webhook", "email", "exec"].contains(entry.kind.value)
            guard isRemote, !hearing.contains(where: { $0 != route.sink }) else { continue }
            issues.append(
                Issue(
                    "when the sink '\(route.sink.rawValue.legible)' fails, no other sink hears of it",
                    remedy: "add one without 'only', or with 'health' in it", at: entry.kind.location,
                    severity: .warning))
        }
    }
}
