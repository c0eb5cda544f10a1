import Matching
import Model

/// What came of a text or an address that somebody tried. Made by `TrialDesk`, since it can take long; shown by `TrialResults`.
enum Trial: Sendable {
    case text(TextTrial)
    case feed(FeedTrial)
}

/// One text, or one page.
struct TextTrial: Sendable {
    /// Of watches that did not match: a line for each of thousands is read by nobody.
    static let mostMisses = 200
    static let mostFound = 200

    private(set) var found: [Explanation] = []
    private(set) var others: [Explanation] = []
    /// That match, beside those that are shown.
    private(set) var moreFound = 0
    private(set) var moreOthers = 0
    /// Whether time ran out.
    private(set) var isCut = false

    init() {}

    /// What matches, first: that takes no longer than for an item that is polled.
    init(
        _ document: MatchDocument, _ matcher: Matcher, _ watches: [String], while goesOn: @escaping @Sendable () -> Bool
    ) {
        let matches = Dictionary(grouping: matcher.matches(in: document), by: \.watch)
        let names = watches.filter { matches[$0] != nil }
        let rest = watches.filter { matches[$0] == nil }
        found = Self.explained(document, names.prefix(Self.mostFound), matches, matcher, while: goesOn)
        moreFound = names.count - found.count
        let near = Set(rest.prefix(Self.mostMisses))
        others = matcher.explain(document, watches: near, while: goesOn).filter { !$0.matched }
        moreOthers = rest.count - others.count
        isCut = !goesOn()
    }

    /// Those whose turn to be explained does not come are there without reasons.
    static func explained(
        _ document: MatchDocument, _ names: some Sequence<String>, _ matches: [String: [Match]], _ matcher: Matcher,
        while goesOn: @escaping @Sendable () -> Bool
    ) -> [Explanation] {
        let names = Array(names)
        let explained = Dictionary(
            matcher.explain(document, watches: Set(names), while: goesOn).map { ($0.watch, $0) }
        ) { first, _ in first }
        return names.map { name in
            explained[name] ?? Explanation(watch: name, matched: true, matches: matches[name] ?? [], reasons: [])
        }
    }
}

/// A feed, item by item.
struct FeedTrial: Sendable {
    struct Item: Sendable {
        var heading: String
        var found: [Explanation]
        /// Watches that match it beside these.
        var more: Int
    }

    /// Of items that match, and of those that do not.
    static let mostItems = 50
    static let mostOthers = 200
    /// Of watches that match one item.
    static let mostFound = 50

    private(set) var count = 0
    /// That match.
    private(set) var matching = 0
    private(set) var items: [Item] = []
    private(set) var others: [String] = []
    /// Items that there was no time for.
    private(set) var unread = 0
    private(set) var isCut = false

    init(
        _ parts: [AddressReader.Reading.Part], _ matcher: Matcher, while goesOn: @escaping @Sendable () -> Bool
    ) {
        count = parts.count
        var found: [(part: AddressReader.Reading.Part, matches: [Match])] = []
        for (number, part) in parts.enumerated() {
            guard goesOn() else {
                unread = parts.count - number
                break
            }
            let matches = matcher.matches(in: part.document)
            if matches.isEmpty { others.append(Self.heading(part)) } else { found.append((part, matches)) }
        }
        matching = found.count
        for (part, matches) in found.prefix(Self.mostItems) {
            var names: [String] = []
            for match in matches where names.last != match.watch { names.append(match.watch) }
            let explained = TextTrial.explained(
                part.document, names.prefix(Self.mostFound), Dictionary(grouping: matches, by: \.watch), matcher,
                while: goesOn)
            items.append(
                Item(heading: Self.heading(part), found: explained, more: names.count - explained.count))
        }
        isCut = !goesOn()
    }

    private static func heading(_ part: AddressReader.Reading.Part) -> String { part.heading ?? "Without a title" }
}
