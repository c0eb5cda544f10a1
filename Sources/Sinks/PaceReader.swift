import Config
import Model

/// Reads when a sink may be sent what waits: `group`, `digest`, `quiet`, `rate`, `gap`.
enum PaceReader {
    /// - Parameters:
    ///   - takesSeveral: nil where it is not known, since the sink is faulty.
    ///   - gap: unless the section says otherwise.
    static func read(
        _ section: inout ConfigSection, takesSeveral: Bool?, gap: Duration = .zero, issues: inout [Issue]
    ) -> SinkPace {
        var pace = SinkPace(gap: gap)
        let digest: Located<DigestTimes>? = section.located("digest", issues: &issues)
        pace.digest = digest?.value
        pace.group = group(&section, &issues)
        pace.quiet = section.optional("quiet", issues: &issues)
        pace.rate = section.optional("rate", issues: &issues)
        pace.gap = section.value("gap", default: pace.gap, issues: &issues)
        if takesSeveral == false {
            for key in ["group", "digest"] where !section.isMissing(key) {
                issues.append(
                    Issue(
                        "'\(key)' cannot be here: this takes an alert at a time",
                        remedy: "remove it; 'quiet', 'rate' and 'gap' can be", at: section.place(of: key)))
            }
            pace.group = nil
            pace.digest = nil
        }
        if pace.group != nil, let digest {
            issues.append(
                Issue(
                    "both 'group' and 'digest' are given", remedy: "remove 'group': a digest is one message anyway",
                    at: digest.location))
        }
        return pace
    }

    private static func group(_ section: inout ConfigSection, _ issues: inout [Issue]) -> SinkPace.Group? {
        guard var keys = section.section("group", issues: &issues) else { return nil }
        var group = SinkPace.Group()
        group.wait = keys.value("wait", default: group.wait, issues: &issues)
        group.max = keys.value("max", default: group.max, issues: &issues)
        keys.finish(issues: &issues)
        return group
    }
}
