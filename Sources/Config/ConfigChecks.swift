import Foundation
import Model

/// What can only be seen of the whole configuration.
enum ConfigChecks {
    static func run(_ configuration: Configuration, hasFeeds: Bool, hasWatches: Bool, issues: inout [Issue]) {
        let addressed = configuration.feeds.filter { !$0.url.isEmpty }
        duplicates(addressed.map { ($0.url, $0.location) }, "the feed", &issues, shown: RedactedURL.text)
        twins(configuration, &issues)
        let named = configuration.feeds.compactMap { feed in feed.name.map { ($0, feed.location) } }
        duplicates(named, "a feed called", &issues)
        duplicates(configuration.watches.map { ($0.name, $0.location) }, "the watch", &issues)
        duplicates(configuration.concepts.map { ($0.name, $0.location) }, "the concept", &issues)
        formerAddresses(addressed, &issues)
        scopes(configuration, &issues)
        languages(configuration, &issues)
        ambiguities(configuration, &issues)
        names(configuration, &issues)
        let top = SourceLocation(file: configuration.file, line: 1, column: 1)
        if !hasFeeds {
            issues.append(Issue("there are no feeds", remedy: "add some under 'feeds:'", at: top, severity: .warning))
        }
        if !hasWatches {
            issues.append(
                Issue(
                    "there is no watch, so nothing is alerted on", remedy: "add one under 'watch:'", at: top,
                    severity: .warning))
        }
    }

    private static func duplicates(
        _ things: [(key: String, location: SourceLocation?)], _ what: String, _ issues: inout [Issue],
        shown: (String) -> String = { $0 }
    ) {
        var first: [String: SourceLocation?] = [:]
        for thing in things {
            guard let earlier = first[thing.key] else {
                first[thing.key] = thing.location
                continue
            }
            let place = earlier.map { " at \($0)" } ?? ""
            issues.append(
                Issue(
                    "\(what) '\(shown(thing.key).legible)' is there twice", remedy: "remove it here or\(place)",
                    at: thing.location))
        }
    }

    /// Addresses that servers take for one, and that we do not.
    private static func twins(_ configuration: Configuration, _ issues: inout [Issue]) {
        var first: [String: FeedSpec] = [:]
        for feed in configuration.feeds where !feed.url.isEmpty && !feed.isFile {
            let key = WebURL.key(feed.url)
            guard let earlier = first[key] else {
                first[key] = feed
                continue
            }
            guard earlier.url != feed.url else { continue }
            let place = earlier.location.map { " at \($0)" } ?? ""
            issues.append(
                Issue(
                    "the feed '\(RedactedURL.text(feed.url).legible)' is there twice, written in two ways, and is asked twice",
                    remedy: "remove it here or\(place)", at: feed.location, severity: .warning))
        }
    }

    /// What is known of an address can go to one feed only.
    private static func formerAddresses(_ feeds: [FeedSpec], _ issues: inout [Issue]) {
        let renamed = feeds.filter { !$0.was.isEmpty }
        if renamed.isEmpty { return }
        let listed = Set(feeds.map(\.url))
        var taken: Set<String> = []
        for feed in renamed {
            for url in feed.was {
                let shown = RedactedURL.text(url).legible
                if url == feed.url {
                    issues.append(
                        Issue(
                            "'was' is the address that the feed has", remedy: "write the one that it had before",
                            at: feed.location, severity: .warning))
                } else if listed.contains(url) {
                    issues.append(
                        Issue(
                            "'\(shown)' is another feed of the list, so nothing of it is carried over",
                            remedy: "remove it from the list, or from 'was'", at: feed.location, severity: .warning))
                } else if !taken.insert(url).inserted {
                    issues.append(
                        Issue(
                            "two feeds say that they were '\(shown)'", remedy: "write it under one of them",
                            at: feed.location))
                }
            }
        }
    }

    /// A name in a feed's address tells the server, and everybody on the way to it, whom the user waits for.
    private static func names(_ configuration: Configuration, _ issues: inout [Issue]) {
        func words(_ text: String) -> [Substring] { text.lowercased().split { !$0.isLetter && !$0.isNumber } }
        let people = configuration.watches.flatMap(\.people).flatMap { [$0.name] + $0.aliases }.map(\.value)
        let queries = configuration.watches.compactMap { $0.query?.value }
        let asked = queries.flatMap { query in
            query.matches(of: /person:\s*(?:"([^"]+)"|([^\s()"]+))/).map { String($0.output.1 ?? $0.output.2 ?? "") }
        }
        let watched = (people + asked).map { words($0) }.filter { !$0.isEmpty }
        let known = Set(watched)
        let lengths = Set(watched.map(\.count))
        // Chinese has no spaces: a name stands between other characters.
        let spaceless = Set(watched.map { $0.joined() }.filter { $0.count >= 2 && $0.unicodeScalars.allSatisfy(isHan) })
        for feed in configuration.feeds where !known.isEmpty && !feed.url.hasPrefix("file:") {
            let text = (feed.url.removingPercentEncoding ?? feed.url).replacing("+", with: " ")
            let address = words(text)
            let hasName =
                lengths.contains { length in
                    address.indices.dropLast(length - 1).contains { known.contains(Array(address[$0..<($0 + length)])) }
                } || spaceless.contains { text.contains($0) }
            guard hasName else { continue }
            issues.append(
                Issue(
                    "the feed's address has a watched name in it: its server learns whom you wait for",
                    remedy: "take a feed of more than this person, and let the watch find the name", at: feed.location,
                    severity: .warning))
        }
    }

    private static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFD: true
        default: false
        }
    }

    /// Watches that are for feeds that do not exist would never match, silently.
    private static func scopes(_ configuration: Configuration, _ issues: inout [Issue]) {
        let names = configuration.feeds.compactMap(\.name) + configuration.feeds.flatMap(\.tags)
        let known = Set(names)
        for scope in configuration.watches.flatMap(\.feeds) where !known.contains(scope.value) {
            let nearest = NearestKey.nearest(to: scope.value, among: names).map { "did you mean '\($0)'?" }
            issues.append(
                Issue(
                    "no feed has the name or tag '\(scope.value.legible)'",
                    remedy: nearest ?? "give it to a feed, as 'name' or under 'tags'", at: scope.location))
        }
    }

    /// Languages that no feed of the watch is in, where each of them says what it is in.
    private static func languages(_ configuration: Configuration, _ issues: inout [Issue]) {
        func primary(_ tag: String) -> Substring { tag.lowercased().prefix { $0 != "-" && $0 != "_" } }
        for watch in configuration.watches where !watch.languages.isEmpty {
            let scope = Set(watch.feeds.map(\.value))
            let feeds = configuration.feeds.filter { feed in
                scope.isEmpty || feed.name.map(scope.contains) == true || !scope.isDisjoint(with: feed.tags)
            }
            let spoken = feeds.map { $0.language.map(primary) }
            guard !feeds.isEmpty, !spoken.contains(nil) else { continue }
            let wanted = watch.languages.map { primary($0.value) }
            guard wanted.allSatisfy({ !spoken.contains($0) }) else { continue }
            let list = watch.languages.map { "'\($0.value.legible)'" }.joined(separator: " or ")
            issues.append(
                Issue(
                    "no feed \(scope.isEmpty ? "" : "of watch '\(watch.name.legible)' ")is in \(list), so the watch matches "
                        + "only items that say so themselves",
                    remedy: "mend 'languages' here, or 'language' of the feeds", at: watch.languages.first?.location,
                    severity: .warning))
        }
    }

    /// `only:` of a sink takes watches, tags and severities alike.
    private static func ambiguities(_ configuration: Configuration, _ issues: inout [Issue]) {
        let severities = Severity.allCases.map(\.rawValue) + [Alert.Kind.health.rawValue]
        for watch in configuration.watches where severities.contains(watch.name) {
            issues.append(
                Issue(
                    "the watch '\(watch.name)' has the name of a severity, so a sink's 'only' cannot tell them apart",
                    remedy: "call it something else", at: watch.location, severity: .warning))
        }
        // Outside, both have one name.
        let outside = configuration.watches.map { (watch: $0, name: $0.codename ?? $0.name) }
        for (index, entry) in outside.enumerated() where entry.watch.codename != nil {
            guard let other = outside.enumerated().first(where: { $0.offset != index && $0.element.name == entry.name })
            else { continue }
            issues.append(
                Issue(
                    "the watch '\(entry.watch.name.legible)' is called '\(entry.name.legible)' outside, and so is "
                        + "'\(other.element.watch.name.legible)'",
                    remedy: "give it another 'as'", at: entry.watch.location, severity: .warning))
        }
    }
}
