import Config
import Model

/// Reads when a sink may be sent what waits: `group`, `digest`, `quiet`, `rate`, `gap`.
enum PaceReader {
    private static let longestWait: Duration = .seconds(3600)

    /// - Parameter takesSeveral: nil where it is not known, since the sink is faulty.
    static func read(
        _ section: inout ConfigSection, takesSeveral: Bool?, issues: inout [Issue]
    ) -> SinkPace {
        var pace = SinkPace()
        let digest: Located<DigestTimes>? = section.located("digest", issues: &issues)
        pace.digest = digest?.value
        pace.group = group(&section, &issues)
        pace.quiet = section.optional("quiet", issues: &issues)
        pace.rate = section.optional("rate", issues: &issues)
        if let gap: Located<Duration> = section.located("gap", issues: &issues) {
            if gap.value <= longestWait {
                pace.gap = gap.value
            } else {
                issues.append(Issue("'gap' is out of bounds", remedy: "it takes 0s to 1h", at: gap.location))
            }
        }
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
        if let wait: Located<Duration> = keys.located("wait", issues: &issues) {
            if (.seconds(1)...longestWait).contains(wait.value) {
                group.wait = wait.value
            } else {
                issues.append(Issue("'wait' is out of bounds", remedy: "it takes 1s to 1h", at: wait.location))
            }
        }
        if let most: Located<Int> = keys.located("max", issues: &issues) {
            if (2...SinkPace.mostTogether).contains(most.value) {
                group.max = most.value
            } else {
                issues.append(
                    Issue(
                        "'max' is out of bounds", remedy: "it takes 2 to \(SinkPace.mostTogether)", at: most.location))
            }
        }
        keys.finish(issues: &issues)
        return group
    }
}
