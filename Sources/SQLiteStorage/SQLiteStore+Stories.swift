import Foundation
import GRDB
import Model

// Alerts that say again what another one has said, found in the transaction of the poll.
extension SQLiteStore {
    private static let memory = 72 * 3600.0
    /// Some 12 MB. The oldest give way.
    private static let mostStories = 20_000

    /// What is like one that somebody has marked as not meant is known for as long as its alert is kept.
    private static let isDismissed = "EXISTS (SELECT 1 FROM dismissals WHERE dismissals.alert = stories.alert)"

    /// The text of an alert, and where copies of it are looked up.
    struct Story {
        var sketch: StorySketch
        var index: StoryIndex
    }

    /// How an alert stands to those that were there.
    struct Kinship {
        /// The first of the last days that said what this one says, about the same finds of the same watches. Nil: it is news.
        var first: AlertID?
        /// One that is marked as not meant for a watch that this one has too, and that is much like it.
        var dismissed: AlertID?
    }

    /// One that may be the first, with who has marked it.
    private struct Elder {
        let alert: Alert
        let sketch: StorySketch
        let told: Date
        let wasSent: Bool
        let article: Data
        /// The watches for which it is not meant, of those that both have.
        var marked: Set<String> = []
    }

    /// What `alert` is a copy of, and what it is like that is not meant. A mark on the very same article is from now on one on this
    /// one too.
    static func kinship(of alert: Alert, article: Data, _ story: Story, _ db: Database) throws -> Kinship {
        let numbers = try story.index.originals(of: story.sketch) { add in
            let rows = try Row.fetchCursor(db, sql: "SELECT id, sketch FROM stories WHERE NOT hidden ORDER BY id")
            while let row = try rows.next() {
                if let sketch = StorySketch(bytes: row["sketch"] as Data) { add(row["id"], sketch) }
            }
        }
        if numbers.isEmpty { return Kinship() }
        let hasMarks =
            try Bool.fetchOne(db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM dismissals)")) ?? false
        var kinship = Kinship()
        var elders: [Elder] = []
        var quiet: Set<String> = []
        for number in numbers {
            guard let elder = try elder(number, alert, story.sketch, hasMarks: hasMarks, db) else { continue }
            elders.append(elder)
            for watch in elder.marked where isSame(alert, story.sketch, as: elder, for: watch) {
                try db.cachedStatement(
                    sql: """
                        INSERT OR IGNORE INTO dismissals (article, watch, alert, title, since)
                        SELECT ?, watch, alert, title, since FROM dismissals WHERE article = ? AND watch = ?
                        """
                ).execute(arguments: [article, elder.article, watch])
                quiet.insert(watch)
            }
            // Where nothing is marked, the first is enough.
            if !hasMarks, isCopy(alert, of: elder) { break }
        }
        for elder in elders {
            let isOpen = !elder.marked.isSubset(of: quiet)
            if isOpen, kinship.dismissed == nil { kinship.dismissed = elder.alert.id }
            // Who said that it is not meant has to look at this one, all of it.
            if !isOpen, kinship.first == nil, isCopy(alert, of: elder) { kinship.first = elder.alert.id }
        }
        return kinship
    }

    private static func elder(
        _ number: Int64, _ alert: Alert, _ sketch: StorySketch, hasMarks: Bool, _ db: Database
    ) throws -> Elder? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT stories.created AS told, sketch, body, article, NOT hidden AND EXISTS (
                            SELECT 1 FROM deliveries WHERE deliveries.alert = alerts.id AND state <> 'suppressed') AS sent
                    FROM stories JOIN alerts ON alerts.id = alert WHERE stories.id = ?
                    """),
            arguments: [number])
        guard let row, let first = StorySketch(bytes: row["sketch"] as Data), sketch.isCopy(of: first),
            let told = Alert(json: Array((row["body"] as String).utf8)), told.id != alert.id
        else { return nil }
        var elder = Elder(
            alert: told, sketch: first, told: Date(timeIntervalSince1970: row["told"]), wasSent: row["sent"],
            article: row["article"])
        if hasMarks { elder.marked = try dismissedWatches(elder.article, db).intersection(alert.watches) }
        return elder.wasSent || !elder.marked.isEmpty ? elder : nil
    }

    /// Within the last days. Of what is critical, other words around a find are news, in whatever text they stand.
    private static func isCopy(_ alert: Alert, of elder: Elder) -> Bool {
        elder.wasSent && abs(alert.timestamp.timeIntervalSince(elder.told)) <= memory
            && alert.findsNothing(beyond: elder.alert)
            && (alert.severity != .critical || SameFinds.areAll(of: alert, in: elder.alert))
    }

    /// What is marked holds for the same text at another site for so long, in seconds.
    private static let sameness = 30 * 86_400.0

    private static func isSame(
        _ alert: Alert, _ sketch: StorySketch, as elder: Elder, for watch: String
    ) -> Bool {
        sketch.isSame(as: elder.sketch)
            && isSameArticle(alert, elder.alert, for: watch, apart: alert.timestamp.timeIntervalSince(elder.told))
    }

    /// Whether two alerts with the same text are of one article, so that who is not meant by the one is not meant by the other.
    ///
    /// The same text under another link of the same site is none: registers and lists say of several people of one name what they
    /// say of all, and the rest stands behind the link. Another site with all the same words, dated within some days, has copied them.
    ///
    /// - Parameter apart: how long after one another they were raised, in seconds.
    static func isSameArticle(_ one: Alert, _ other: Alert, for watch: String, apart: Double) -> Bool {
        guard one.watches.contains(watch), other.watches.contains(watch),
            one.finds(of: watch).isSubset(of: other.finds(of: watch))
        else { return false }
        let dates = [one.item.published, other.item.published].compactMap(\.self)
        let betweenDates = dates.count == 2 ? abs(dates[0].timeIntervalSince(dates[1])) : 0
        if let link = one.item.url, link == other.item.url {
            // A brief whose words are always the same is another one with each date.
            return dates.count != 1 && betweenDates < 3600
        }
        guard let here = site(of: one), let there = site(of: other) else { return false }
        return here != there && abs(apart) <= sameness && betweenDates <= memory
    }

    /// The end of a host's name: rather one site too few than one too many.
    private static func site(of alert: Alert) -> [Substring]? {
        let host = FeedSpec.host(of: alert.item.url ?? alert.feed.url)
        if host.hasPrefix("[") { return [host[...]] }
        let labels = host.prefix { $0 != ":" }.split(separator: ".")
        if labels.isEmpty { return nil }
        return labels.allSatisfy({ Int($0) != nil }) ? labels : labels.suffix(2)
    }

    /// Remembers a text, so that copies of it are known.
    ///
    /// - Parameter isHidden: nothing is a copy of it, unless somebody marks it as not meant.
    static func keep(_ story: Story, of alert: AlertID, isHidden: Bool, at now: Date, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO stories (alert, created, sketch, hidden) VALUES (?, ?, ?, ?)")
            .execute(arguments: [alert.rawValue, now.seconds, Data(story.sketch.bytes), isHidden])
        let number = db.lastInsertedRowID
        if !isHidden { story.index.insert(number, story.sketch) }
        // More than come, so that it shrinks.
        let old = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT id FROM stories WHERE (created < ? OR id <= ?) AND NOT \(isDismissed) LIMIT 8"),
            arguments: [now.seconds - memory, number - Int64(mostStories)])
        for row in old {
            try db.cachedStatement(sql: "DELETE FROM stories WHERE id = ?").execute(arguments: [row["id"] as Int64])
            story.index.remove(row["id"])
        }
    }

    /// The text of an alert. Nil where it was forgotten, or there was none.
    static func sketch(of alert: String, _ db: Database) throws -> (story: Int64, sketch: StorySketch)? {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT id, sketch FROM stories
                WHERE created = (SELECT created FROM alerts WHERE id = ?1) AND alert = ?1
                """,
            arguments: [alert])
        return row.flatMap { row in StorySketch(bytes: row["sketch"] as Data).map { (row["id"], $0) } }
    }

    /// What a delivery to `sink` may refer to: the first alert, when the sink took it or gets it right before. What the sink was told of
    /// other watches alone is no first of one about these, and what is marked as not meant for one of them is none either.
    ///
    /// - Parameter watches: those that the delivery tells of. Asked for hardly ever.
    static func original(
        _ alert: String, at sink: SinkName, before serial: Int64, watches: () -> [String], _ db: Database
    ) throws -> Delivery.Original? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT body, iif(state = 'sent', memo, NULL) AS receipt, heard, article
                    FROM deliveries JOIN alerts ON alerts.id = alert WHERE alert = ? AND sink = ?
                      AND (state = 'sent' OR state = 'pending' AND attempts = 0 AND serial < ?)
                    """),
            arguments: [alert, sink.rawValue, serial])
        guard let row else { return nil }
        if let hearing = Hearing(text: row["heard"]), !Set(watches()).isSubset(of: hearing.watches) { return nil }
        let marked = try dismissedWatches(row["article"], db)
        if !marked.isEmpty, !marked.isDisjoint(with: watches()) { return nil }
        let told = Alert(json: Array((row["body"] as String).utf8))
        return Delivery.Original(id: AlertID(alert), title: told?.item.title, receipt: row["receipt"])
    }
}

extension Alert {
    /// Whether each watch has found here only what it had found in `first`: a name in a copy of a list that the first did not
    /// have is news.
    fileprivate func findsNothing(beyond first: Alert) -> Bool {
        guard kind == .alert, first.kind == .alert, watches.allSatisfy(first.watches.contains) else { return false }
        return Set(matches.map(\.find)).isSubset(of: first.matches.map(\.find))
    }

    /// What a watch has found, with the words around it.
    fileprivate func finds(of watch: String) -> Set<[String]> {
        Set(matches.filter { $0.watch == watch }.map { [$0.pattern, $0.text.lowercased(), $0.context.lowercased()] })
    }
}

extension Match {
    /// A term is the same in all its forms; of a person or a query, the words count.
    fileprivate var find: [String] { [watch, pattern, kind == .term ? "" : text.lowercased()] }
}
