import Foundation
import Model

/// The keys of `fetch:`, which can stand in a feed as well.
enum FetchReader {
    /// - Parameter policy: what holds where nothing is said.
    static func policy(
        _ section: inout ConfigSection, over policy: FetchPolicy, issues: inout [Issue]
    ) -> FetchPolicy {
        var result = policy
        result.every = section.value("every", default: policy.every, issues: &issues)
        result.timeout = section.value("timeout", default: policy.timeout, issues: &issues)
        let size: ByteSize? = section.optional("max_body", issues: &issues)
        result.maxBodyBytes = size?.bytes ?? policy.maxBodyBytes
        result.perHost = section.value("per_host", default: policy.perHost, issues: &issues)
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
}
