import Foundation
import Model

/// The keys of `fetch:`, which can stand in a feed as well.
enum FetchReader {
    /// - Parameter policy: what holds where nothing is said.
    static func policy(
        _ section: inout ConfigSection, over policy: FetchPolicy, issues: inout [Issue]
    ) -> FetchPolicy {
        var result = policy
        if let every: Located<Duration> = section.located("every", issues: &issues) {
            result.every = bounded(every, .seconds(1)...(.seconds(366 * 86_400)), "every", "1s", "366d", &issues)
        }
        if let timeout: Located<Duration> = section.located("timeout", issues: &issues) {
            result.timeout = bounded(timeout, .milliseconds(100)...(.seconds(600)), "timeout", "100ms", "10m", &issues)
        }
        if let size: Located<ByteSize> = section.located("max_body", issues: &issues) {
            if (1000...500_000_000).contains(size.value.bytes) {
                result.maxBodyBytes = size.value.bytes
            } else {
                issues.append(
                    Issue("'max_body' is out of bounds", remedy: "it takes a size from 1kB to 500MB", at: size.location)
                )
            }
        }
        if let perHost: Located<Int> = section.located("per_host", issues: &issues) {
            if (1...64).contains(perHost.value) {
                result.perHost = perHost.value
            } else {
                issues.append(Issue("'per_host' is out of bounds", remedy: "it takes 1 to 64", at: perHost.location))
            }
        }
        result.allowPrivateAddresses = section.value(
            "allow_private_addresses", default: policy.allowPrivateAddresses, issues: &issues)
        if let agent: Located<String> = section.located("user_agent", issues: &issues) {
            let hasControl = agent.value.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
            if hasControl || agent.value.allSatisfy(\.isWhitespace) {
                issues.append(
                    Issue(
                        "'user_agent' is empty or has a control character", remedy: "write one line, or remove it",
                        at: agent.location))
            } else {
                result.userAgent = agent.value
            }
        }
        result.proxy = RequestKeys.proxy(&section, inherited: policy.proxy, issues: &issues)
        result.headers = RequestKeys.headers(&section, issues: &issues) ?? policy.headers
        if section.value("article", default: false, issues: &issues) {
            issues.append(
                Issue(
                    "'article: true' is not there yet",
                    remedy: "remove it; titles, summaries and contents of items are matched",
                    at: section.place(of: "article")))
        }
        return result
    }

    static func bounded(
        _ value: Located<Duration>, _ range: ClosedRange<Duration>, _ key: String, _ low: String, _ high: String,
        _ issues: inout [Issue]
    ) -> Duration {
        if range.contains(value.value) { return value.value }
        issues.append(Issue("'\(key)' is out of bounds", remedy: "it takes \(low) to \(high)", at: value.location))
        return range.lowerBound
    }
}
