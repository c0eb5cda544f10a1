package import Config
import Foundation
package import Model

/// What sinks are made with.
package struct SinkTools: Sendable {
    package var transport: any Transport
    package var clock: any WallClock
    /// Whether stdout takes colour.
    package var colour: Bool
    /// What `fetch:` says of private addresses: it holds for webhooks that say nothing else.
    package var allowPrivateAddresses: Bool
    /// Watches that leave this machine under another name (`as:`).
    package var codenames: [String: String]
    /// The severities of the watches, by their names.
    package var watches: [String: Severity] = [:]
    /// Knows whom they wait for. Nil: nobody.
    package var watchedNames: (any WatchedNames)?
    /// What the sink that is made wants to hear of.
    var only: Set<String> = []
    /// How bad it is that a program or a folder is not there: it may be there by the time that an alert comes. Where it is a warning,
    /// the sink is made all the same, and puts off what it cannot deliver.
    package var absence: Issue.Severity = .error
    /// Told before an alert is written to stdout, and when it stands there whole.
    package var onWriting: @Sendable (Bool) -> Void = { _ in }

    package init(
        transport: any Transport, clock: any WallClock, colour: Bool, allowPrivateAddresses: Bool = false,
        codenames: [String: String] = [:]
    ) {
        self.transport = transport
        self.clock = clock
        self.colour = colour
        self.allowPrivateAddresses = allowPrivateAddresses
        self.codenames = codenames
    }
}

/// The sinks of a configuration, and what each wants to hear of.
package struct SinkSet: Sendable {
    package var sinks: [any Sink] = []
    package var routes: [SinkRoute] = []
    /// Of sinks that have one.
    package var paces: [SinkName: SinkPace] = [:]
}

/// A kind of sink: the key that it has in a configuration, and how it is made from what stands there.
package struct SinkKind: Sendable {
    package var key: String
    /// What can stand there, beside the keys that every sink has.
    var shape: ConfigShape
    /// Whether several alerts can be one message (`Sink.takesSeveral`). Of a webhook, its formats say it.
    var takesSeveral = false
    /// The sink, from its section and the user's `name:`. Nil when it cannot be made; then an issue says why.
    package var make: @Sendable (inout ConfigSection, String?, SinkTools, inout [Issue]) -> (any Sink)?

    /// One line a kind: a new sink is listed here.
    package static let all: [SinkKind] = [.standardOutput, .file, .webhook, .email, .exec]
}

package enum SinkFactory {
    /// Makes the sinks of a configuration. Nothing is opened or sent.
    ///
    /// - Parameters:
    ///   - watches: the names of the watches, for `only:`.
    ///   - tags: the tags of the feeds, for `only:`.
    package static func make(
        _ entries: [SinkEntry], watches: Set<String>, tags: Set<String>, tools: SinkTools, issues: inout [Issue]
    ) -> SinkSet {
        var set = SinkSet()
        var places: [SinkName: SourceLocation?] = [:]
        var files: [String: SinkName] = [:]
        var fallbacks: [(sink: SinkName, to: Located<SinkFallback>)] = []
        /// Of sinks that could not be made.
        var faulty: [String] = []
        for entry in entries {
            guard let kind = SinkKind.all.first(where: { $0.key == entry.kind.value }) else {
                issues.append(unknown(entry.kind))
                continue
            }
            var section = entry.section
            for shape in [kind.shape, .everySink, .severalAlerts] { section.declare(shape) }
            let name: Located<String>? = section.located("name", issues: &issues)
            if let name { NameText.check(name, of: "a sink", issues: &issues) }
            let only = section.texts("only", issues: &issues)
            var tools = tools
            tools.only = Set(only.map(\.value))
            let duties = SinkDuties(&section, issues: &issues)
            let sink = kind.make(&section, name?.value, tools, &issues)
            let pace = PaceReader.read(
                &section, takesSeveral: sink?.takesSeveral, gap: (sink as? WebhookSink)?.format.gap ?? .zero,
                issues: &issues)
            section.finish(issues: &issues)
            check(only, watches, tags, &issues)
            guard let sink else {
                if let name { faulty.append(name.value) }
                continue
            }
            if let earlier = places[sink.name] {
                let place = earlier.map { " (the other is at \($0))" } ?? ""
                issues.append(
                    Issue(
                        "two sinks are called '\(sink.name.rawValue.legible)'",
                        remedy: "give one a 'name' of its own, or remove it\(place)",
                        at: name?.location ?? entry.kind.location))
                continue
            }
            if let file = sink as? FileSink {
                let real = URL(fileURLWithPath: file.path).resolvingSymlinksInPath().path
                if let earlier = files.updateValue(sink.name, forKey: real) {
                    issues.append(
                        Issue(
                            "the sinks '\(earlier.rawValue.legible)' and '\(sink.name.rawValue.legible)' write to one file",
                            remedy: "name another file, or remove one of them", at: entry.kind.location))
                    continue
                }
            }
            places[sink.name] = entry.kind.location
            set.sinks.append(sink)
            if pace != .none { set.paces[sink.name] = pace }
            var route = SinkRoute(sink: sink.name, only: Set(only.map(\.value)))
            route.fallback = duties.fallback?.value
            route.heartbeat = duties.heartbeat
            set.routes.append(route)
            if let fallback = duties.fallback { fallbacks.append((sink.name, fallback)) }
        }
        SinkDuties.check(fallbacks, among: set.sinks.map(\.name.rawValue) + faulty, issues: &issues)
        return set
    }

    private static func unknown(_ kind: Located<String>) -> Issue {
        let keys = SinkKind.all.map(\.key)
        let nearest = NearestKey.nearest(to: kind.value, among: keys).map { "did you mean '\($0)'?" }
        return Issue(
            "no sink is called '\(kind.value.legible)'", remedy: nearest ?? "known are \(keys.joined(separator: ", "))",
            at: kind.location)
    }

    private static func check(
        _ only: [Located<String>], _ watches: Set<String>, _ tags: Set<String>, _ issues: inout [Issue]
    ) {
        let severities = Severity.allCases.map(\.rawValue)
        let known = Array(watches) + Array(tags) + severities + ["health"]
        for word in only where !known.contains(word.value) {
            let nearest = NearestKey.nearest(to: word.value, among: known).map { "did you mean '\($0)'?" }
            issues.append(
                Issue(
                    "'\(word.value.legible)' in 'only' is no watch, tag or severity",
                    remedy: nearest ?? "name a watch, a tag of a feed, or \(severities.joined(separator: ", "))",
                    at: word.location))
        }
    }
}
