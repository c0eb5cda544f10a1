import Matching
import Model

/// What a watch has nearly matched: of the items that were read last, by their titles, and of the newest alerts of other watches.
struct NearMisses {
    /// A title, and what it is of.
    private struct Candidate {
        var title: String
        var document: MatchDocument
        /// Where it is told of; nil for an item that no watch has found.
        var alert: AlertID?
        var url: String?
    }

    private struct Miss {
        var candidate: Candidate
        var why: NearMiss
    }

    /// Alerts that are looked at; their items may have been read before the program began.
    private static let mostAlerts = 20
    private static let most = 8
    /// Of names with titles, so that a watch with many names is looked through as fast as one with few.
    private static let mostComparisons = 2000
    /// As `Matcher.nearMiss` has it, if each name had one form.
    private static let comparedNames = 50
    private static let fewestTitles = 20

    /// The nearest first.
    private let misses: [Miss]
    private let looked: Int
    /// Whether the watch has more names than are compared.
    private let hasMany: Bool

    static func find(_ watch: WatchSpec, _ console: Console, _ setup: Console.Setup) async throws -> NearMisses {
        var query = AlertQuery()
        query.kind = .alert
        query.limit = mostAlerts
        let alerts = try await console.store.alertPage(query).alerts.map(\.alert)
        let mostTitles = max(fewestTitles, mostComparisons / max(1, watch.people.count))
        let candidates = candidates(console.recent(), alerts, besides: watch.name).prefix(mostTitles)
        var misses: [Miss] = []
        for candidate in candidates {
            guard let why = setup.matcher.nearMiss(in: candidate.document, of: watch.name) else { continue }
            misses.append(Miss(candidate: candidate, why: why))
        }
        // Stable: of two that are as near, the newer one.
        let nearest = misses.enumerated().sorted { left, right in
            (right.element.why.nearness, left.offset) < (left.element.why.nearness, right.offset)
        }
        return NearMisses(
            misses: nearest.prefix(most).map(\.element), looked: candidates.count,
            hasMany: watch.people.count > comparedNames)
    }

    /// Each title once: many feeds carry the same.
    private static func candidates(
        _ items: [RecentItems.Item], _ alerts: [Alert], besides watch: String
    ) -> [Candidate] {
        var titles: Set<String> = []
        var result: [Candidate] = []
        for alert in alerts where !alert.watches.contains(watch) {
            guard let title = alert.item.title, titles.insert(title).inserted else { continue }
            result.append(
                Candidate(
                    title: title, document: document(title, alert.item.language, alert.feed), alert: alert.id,
                    url: nil))
        }
        for item in items where !item.watches.contains(watch) && titles.insert(item.title).inserted {
            result.append(
                Candidate(
                    title: item.title, document: document(item.title, item.language, item.feed), alert: nil,
                    url: item.url))
        }
        return result
    }

    private static func document(_ title: String, _ language: String?, _ feed: AlertFeed) -> MatchDocument {
        MatchDocument(
            parts: [.init(.title, title)], language: language, feedName: feed.name, feedTags: feed.tags)
    }

    func write(to html: inout HTMLWriter) {
        html.element("section") { html in
            html.element("h2", "What came near")
            html.element(
                "p", [.style("quiet")],
                looked == 0
                    ? "Nothing was read yet since the program began."
                    : "Among the \(Words.count(looked, "title")) that were read last since the program began, or that other "
                        + "watches have found." + (hasMany ? " Of its many names, the first are compared." : ""))
            if misses.isEmpty { return html.element("p", "Nothing.") }
            html.element("ul", [.style("finds panel")]) { html in
                for miss in misses {
                    html.element("li") { html in
                        html.element("p") { Self.title(miss.candidate, &$0) }
                        html.reasons(miss.why.reasons)
                    }
                }
            }
        }
    }

    private static func title(_ candidate: Candidate, _ html: inout HTMLWriter) {
        if let alert = candidate.alert {
            html.element("a", [.href(.page("/alerts", [alert.rawValue]))]) { $0.isolated(candidate.title) }
        } else if let address = Address.external(candidate.url) {
            html.element("a", [.href(address), .named("rel", "noopener noreferrer"), .named("target", "_blank")]) {
                $0.isolated(candidate.title)
            }
        } else {
            html.isolated(candidate.title)
        }
    }
}
