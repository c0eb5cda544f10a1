import Foundation
import Model

/// One entry of `feeds:`.
enum FeedReader {
    /// A faulty feed comes back too, without an address where that was the fault: watches may name it.
    static func feed(
        _ node: ConfigNode, defaults: FetchPolicy, source: ConfigSource, issues: inout [Issue]
    ) -> FeedSpec? {
        // Most have an address and nothing else.
        if case .map(let members) = node.content, members.count == 1, let only = members.first, only.key == "url",
            case .scalar = only.value.content, !only.value.isNull
        {
            let reader = ConfigSection([], at: node.location, source: source)
            let url: Located<String>? = reader.read(only.value, key: "url", issues: &issues)
            return FeedSpec(
                url: url.flatMap { address($0, source, &issues) } ?? "", policy: defaults,
                location: url?.location ?? only.keyLocation)
        }
        if case .scalar = node.content {
            let reader = ConfigSection([], at: node.location, source: source)
            guard let url: Located<String> = reader.read(node, key: "feeds", issues: &issues) else { return nil }
            return address(url, source, &issues).map { FeedSpec(url: $0, policy: defaults, location: node.location) }
        }
        guard
            var section = ConfigSection.section(node, named: "a feed", shapes: [.feed], source: source, issues: &issues)
        else {
            return nil
        }
        let url: Located<String>? = section.located("url", issues: &issues)
        let name: Located<String>? = section.located("name", issues: &issues)
        let language: Located<String>? = section.located("language", issues: &issues)
        let encoding: EncodingLabel? = section.optional("encoding", issues: &issues)
        let tags = section.texts("tags", issues: &issues)
        let former = section.texts("was", issues: &issues)
        let policy = FetchReader.policy(&section, over: defaults, issues: &issues)
        for key in ["connections"] + HostReader.keys.map(\.name) {
            section.refuse(
                key, "'\(key)' is for all feeds together", remedy: "move it to 'fetch:' at the top", issues: &issues)
        }
        let silentAfter: Duration? = section.optional("silent_after", issues: &issues)
        let location = section.location
        // An address that could not be read has been told of.
        let hasURL = section.place(of: "url") != nil
        section.finish(issues: &issues)
        if let language, !LanguageTag.isWell(language.value) {
            issues.append(
                Issue(
                    "'\(language.value.legible)' is no language tag",
                    remedy: "write it as kk, ru, zh or zh-Hant (BCP 47)",
                    at: language.location))
        }
        if let name { NameText.check(name, of: "a feed", issues: &issues) }
        if !hasURL { issues.append(Issue("a feed without a 'url'", remedy: "add 'url: https://…'", at: location)) }
        var feed = FeedSpec(
            url: url.flatMap { address($0, source, &issues) } ?? "", name: name?.value, language: language?.value,
            encoding: encoding, tags: tags.map(\.value), policy: policy, location: url?.location ?? location)
        feed.silentAfter = silentAfter
        feed.was = former.compactMap { address($0, source, &issues, mayBeGone: true) }
        return feed
    }

    private static func trimmed(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map { $0 > 0x20 && $0 < 0x7F } == true
            && text.utf8.last.map { $0 > 0x20 && $0 < 0x7F } == true
        return isPlain ? text : text.trimmingCharacters(in: .whitespaces)
    }

    /// A feed's address as the state knows it: with an absolute path where it is a file.
    private static func address(
        _ url: Located<String>, _ source: ConfigSource, _ issues: inout [Issue], mayBeGone: Bool = false
    ) -> String? {
        let text = Self.trimmed(url.value)
        guard text.prefix(5).lowercased() == "file:" else {
            guard let fault = WebURL.fault(text) else {
                if WebURL.hasImpossibleHost(text) {
                    issues.append(
                        Issue(
                            "the host has letters that no name can have, so that it cannot be asked",
                            remedy: "compare it with the address that your browser shows; xn--… can be written too",
                            at: url.location, severity: .warning))
                }
                return text
            }
            issues.append(Issue(fault.fault, remedy: fault.remedy, at: url.location))
            return nil
        }
        var path = text.dropFirst("file:".count)
        if path.hasPrefix("//") { path = path.dropFirst(2) }
        if path.hasPrefix("localhost/") { path = path.dropFirst("localhost".count) }
        guard !path.isEmpty, !path.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            issues.append(Issue("'file:' without a path", remedy: "write it as file:folder/feed.xml", at: url.location))
            return nil
        }
        // The path is percent-decoded when it is read, and the folder is not the user's to encode.
        var base = source
        base.folder = source.folder.replacingOccurrences(of: "%", with: "%25")
        let full = base.path(String(path))
        if !mayBeGone, !FileManager.default.fileExists(atPath: full.removingPercentEncoding ?? full) {
            issues.append(
                Issue(
                    "the file '\(path.legible)' does not exist",
                    remedy: "paths are relative to the file that names them",
                    at: url.location, severity: .warning))
        }
        return "file:" + full
    }
}
