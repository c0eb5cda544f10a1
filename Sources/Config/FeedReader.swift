import Foundation
import Model

/// One entry of `feeds:`.
enum FeedReader {
    /// Nil when it cannot be used; then an issue says why.
    static func feed(
        _ node: ConfigNode, defaults: FetchPolicy, source: ConfigSource, issues: inout [Issue]
    ) -> FeedSpec? {
        if case .scalar = node.content {
            let reader = ConfigSection([], at: node.location, source: source)
            guard let url: Located<String> = reader.read(node, key: "feeds", issues: &issues) else { return nil }
            return address(url, source, &issues).map { FeedSpec(url: $0, policy: defaults, location: node.location) }
        }
        guard var section = ConfigSection.section(node, named: "a feed", source: source, issues: &issues) else {
            return nil
        }
        let url: Located<String>? = section.located("url", issues: &issues)
        let name: Located<String>? = section.located("name", issues: &issues)
        let language: Located<String>? = section.located("language", issues: &issues)
        let tags = section.texts("tags", issues: &issues)
        let policy = FetchReader.policy(&section, over: defaults, issues: &issues)
        if let place = section.place(of: "connections") {
            issues.append(
                Issue("'connections' is for all feeds together", remedy: "move it to 'fetch:' at the top", at: place))
        }
        for key in ["silent_after", "encoding"] {
            if let place = section.place(of: key) {
                issues.append(Issue("'\(key)' is not there yet", remedy: "remove it", at: place))
            }
        }
        let location = section.location
        section.finish(issues: &issues)
        if let language, !LanguageTag.isWell(language.value) {
            issues.append(
                Issue(
                    "'\(language.value.legible)' is no language tag",
                    remedy: "write it as kk, ru, zh or zh-Hant (BCP 47)",
                    at: language.location))
        }
        guard let url else {
            issues.append(Issue("a feed without a 'url'", remedy: "add 'url: https://…'", at: location))
            return nil
        }
        guard let address = address(url, source, &issues) else { return nil }
        return FeedSpec(
            url: address, name: name?.value, language: language?.value, tags: tags.map(\.value), policy: policy,
            location: url.location)
    }

    /// A feed's address as the state knows it: with an absolute path where it is a file.
    private static func address(_ url: Located<String>, _ source: ConfigSource, _ issues: inout [Issue]) -> String? {
        let text = url.value.trimmingCharacters(in: .whitespaces)
        if text.hasPrefix("file:") {
            var path = String(text.dropFirst("file:".count))
            if path.hasPrefix("//") { path = String(path.dropFirst(2)) }
            if path.isEmpty {
                issues.append(
                    Issue("'file:' without a path", remedy: "write it as file:folder/feed.xml", at: url.location))
                return nil
            }
            let full = source.path(path)
            let plain = full.removingPercentEncoding ?? full
            if !FileManager.default.fileExists(atPath: plain) {
                issues.append(
                    Issue(
                        "the file '\(path.legible)' does not exist",
                        remedy: "paths are relative to the file that names them", at: url.location, severity: .warning))
            }
            return "file:" + full
        }
        if let fault = WebURL.fault(text) {
            issues.append(Issue(fault.fault, remedy: fault.remedy, at: url.location))
            return nil
        }
        return text
    }
}

/// Whether a text is an `http` or `https` URL that can be fetched.
package enum WebURL {
    /// What is wrong with it. Nil: nothing.
    package static func fault(_ text: String) -> (fault: String, remedy: String)? {
        if text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) {
            return ("the address has white space or a control character", "remove it, or write a space as %20")
        }
        guard let colon = text.range(of: "://") else {
            return ("'\(RedactedURL.text(text).prefix(80))' is no address", "write it with its scheme: https://…")
        }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard ["http", "https"].contains(scheme) else {
            return (
                "addresses that begin with '\(scheme.legible.prefix(20)):' are not fetched", "use http, https or file"
            )
        }
        let rest = text[colon.upperBound...].prefix { !"/?#".contains($0) }
        let hostAndPort = rest.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let isBracketed = hostAndPort.hasPrefix("[")
        let host = isBracketed ? hostAndPort.prefix { $0 != "]" } : hostAndPort.prefix { $0 != ":" }
        if host.isEmpty || host == "[" { return ("the address has no host", "write it as https://host/path") }
        let port = hostAndPort.dropFirst(host.count + (isBracketed ? 1 : 0))
        if port.hasPrefix(":"), UInt16(port.dropFirst()) == nil {
            return ("the address has an impossible port", "ports are numbers from 1 to 65535")
        }
        return nil
    }
}

/// BCP 47, as far as its shape goes.
enum LanguageTag {
    static func isWell(_ tag: String) -> Bool {
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
        guard let primary = parts.first, (2...3).contains(primary.count),
            primary.allSatisfy({ $0.isASCII && $0.isLetter })
        else { return false }
        return parts.dropFirst().allSatisfy { part in
            (1...8).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }
}
