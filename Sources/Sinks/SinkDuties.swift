import Config
import Model

/// Keys that every sink has, beside those of its kind: who takes over for it, and its signs of life.
struct SinkDuties {
    var fallback: Located<SinkFallback>?
    var heartbeat: HeartbeatPlan?

    init(_ section: inout ConfigSection, issues: inout [Issue]) {
        fallback = Self.fallback(&section, &issues)
        heartbeat = section.optional("heartbeat", issues: &issues)
    }

    /// `fallback: NAME`, or `fallback: {to: NAME, after: 15m}`.
    private static func fallback(_ section: inout ConfigSection, _ issues: inout [Issue]) -> Located<SinkFallback>? {
        guard case .map? = section.tree("fallback")?.content else {
            let name: Located<String>? = section.located("fallback", issues: &issues)
            return name.map { Located(SinkFallback(to: SinkName($0.value)), at: $0.location) }
        }
        guard var inner = section.section("fallback", issues: &issues) else { return nil }
        let to: Located<String>? = inner.located("to", issues: &issues)
        let after = inner.value("after", default: SinkFallback.usualPause, issues: &issues)
        if to == nil, inner.isMissing("to") {
            issues.append(
                Issue("a 'fallback' without a 'to'", remedy: "write it as 'to: NAME' of a sink", at: inner.location))
        }
        inner.finish(issues: &issues)
        return to.map { name in
            Located(
                SinkFallback(to: SinkName(name.value), after: after),
                at: name.location)
        }
    }

    /// Fallbacks that are no sinks, and those that lead back to where they began.
    ///
    /// - Parameters:
    ///   - fallbacks: by the sink that has one, in the order of the configuration.
    ///   - names: of all sinks, also of those that have faults.
    static func check(
        _ fallbacks: [(sink: SinkName, to: Located<SinkFallback>)], among names: [String], issues: inout [Issue]
    ) {
        let next = Dictionary(fallbacks.map { ($0.sink, $0.to.value.to) }) { first, _ in first }
        var told: Set<SinkName> = []
        for (sink, fallback) in fallbacks {
            let target = fallback.value.to
            guard names.contains(target.rawValue) else {
                let nearest = NearestKey.nearest(to: target.rawValue, among: names).map { "did you mean '\($0)'?" }
                let known = names.filter { $0 != sink.rawValue }.map(\.legible).joined(separator: ", ")
                issues.append(
                    Issue(
                        "no sink is called '\(target.rawValue.legible)'",
                        remedy: nearest ?? (known.isEmpty ? "add one" : "name one of \(known)"), at: fallback.location))
                continue
            }
            var way = [sink]
            while let step = next[way[way.count - 1]], !way.contains(step) { way.append(step) }
            guard next[way[way.count - 1]] == sink, !told.contains(sink) else { continue }
            told.formUnion(way)
            let names = (way + [sink]).map(\.rawValue.legible).joined(separator: " → ")
            issues.append(
                Issue(
                    way.count == 1
                        ? "the sink '\(sink.rawValue.legible)' is its own fallback"
                        : "fallbacks lead in a circle: \(names)",
                    remedy: "name another sink, or remove one of them", at: fallback.location))
        }
    }
}
