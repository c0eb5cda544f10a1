import Foundation
import GRDB
import Model

// The alerts that polls raise, inside the transaction of the poll.
extension SQLiteStore {
    /// - Parameters:
    ///   - isNew: whether the feed has never had the item.
    ///   - isBulk: its poll has raised hundreds before it.
    static func raise(
        _ item: ItemRecord, _ article: Digest128, isNew: Bool, isBulk: Bool, firstSeen: Double, _ poll: PollRecord,
        _ stories: StoryIndex, _ db: Database
    ) throws -> Alert? {
        guard !item.hits.isEmpty, let shown = item.item else { return nil }
        let key = Data(article.bytes)
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT watch, first_seen, alert, people FROM article_watches WHERE article = ?"),
            arguments: [key])
        // What was passed over in silence, as the backlog of one feed, is news when another one brings it.
        let told = isNew ? rows.filter { ($0["alert"] as String?) != nil } : rows
        let had = Dictionary(told.map { ($0["watch"] as String, $0["people"] as Data?) }) { first, _ in first }
        let fresh = item.hits.compactMap { hit in had[hit.watch].map { hit.beyond($0) } ?? hit }
        let seen = rows.map { $0["first_seen"] as Double }.min() ?? firstSeen
        let others = rows.isEmpty ? [] : try addToOthers(item, article: key, poll, db)
        guard !fresh.isEmpty else { return nil }
        var alert: Alert?
        if item.raisesAlert {
            var raised = Alert(
                id: AlertID(of: fresh), timestamp: poll.at, watches: fresh.map(\.watch),
                severity: fresh.map(\.severity).max() ?? .normal, matches: fresh.flatMap(\.matches), item: shown,
                feed: item.feed, firstSeen: Date(timeIntervalSince1970: min(seen, poll.at.seconds)))
            raised.alsoIn = others
            // Who has marked the article as not meant has not seen the names that join it: to a mark they are an article of their own.
            let joined = fresh.filter { had[$0.watch] != nil }.flatMap(\.people.values)
            let key = joined.isEmpty ? key : Data(joined.reduce(article, ^).bytes)
            let story = item.sketch.map { Story(sketch: $0, index: stories) }
            if let story {
                let kinship = try kinship(of: raised, article: key, story, db)
                raised.duplicateOf = kinship.first
                raised.resemblesDismissed = kinship.dismissed
            }
            try insert(
                raised, article: key, story: story, severities: severities(fresh), codenames: codenames(fresh),
                isBulk: isBulk, at: poll.at, to: poll.routes, db)
            if !joined.isEmpty {
                try db.execute(
                    sql: "UPDATE alerts SET joined = ? WHERE id = ?",
                    arguments: [Data(article.bytes), raised.id.rawValue])
            }
            alert = raised
        }
        for hit in fresh {
            var statement = try BoundStatement(
                db,
                """
                INSERT INTO article_watches (article, watch, alert, first_seen, title, text, published, people)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET alert = coalesce(excluded.alert, alert), title = excluded.title,
                    text = excluded.text, published = excluded.published, people = excluded.people
                """)
            statement.bind(article)
            statement.bind(hit.watch)
            statement.bind(alert?.id.rawValue)
            statement.bind(min(seen, poll.at.seconds))
            statement.bind(item.fingerprint.title)
            statement.bind(item.fingerprint.text)
            statement.bind(item.fingerprint.published)
            statement.bind([UInt8]((had[hit.watch] ?? nil) ?? Data()) + hit.peopleAsKept)
            try statement.run()
        }
        return alert
    }

    /// A new item under the link of an article that was told of, in another feed, and that says something else at another time: one
    /// page can be the link of many ("Announcements"). It is an article of its own.
    static func setApart(_ item: inout ItemRecord, _ db: Database) throws {
        guard let apart = item.apart else { return }
        var told = try BoundStatement(
            db, "SELECT title, text, published FROM article_watches WHERE article = ? AND alert IS NOT NULL")
        told.bind(item.fingerprint.article)
        var isTold = false
        while try told.step() {
            isTold = true
            if item.fingerprint.isOfArticle(title: told.next(), text: told.next(), published: told.next()) { return }
        }
        guard isTold else { return }
        item.fingerprint.article = apart.article
        for (index, key) in zip(item.hits.indices, apart.keys) { item.hits[index].key = key }
    }

    /// An article that was told of says something else now, as other feeds will that bring it later.
    static func noteEdit(_ item: ItemFingerprint, of article: Digest128, _ db: Database) throws {
        var statement = try BoundStatement(
            db, "UPDATE article_watches SET title = ?, text = ?, published = ? WHERE article = ? AND alert IS NOT NULL")
        statement.bind(item.title)
        statement.bind(item.text)
        statement.bind(item.published)
        statement.bind(article)
        try statement.run()
    }

    private static func codenames(_ hits: [WatchHit]) -> [String: String] {
        Dictionary(hits.compactMap { hit in hit.codename.map { (hit.watch, $0) } }) { first, _ in first }
    }

    private static func severities(_ hits: [WatchHit]) -> [String: Severity] {
        Dictionary(hits.map { ($0.watch, $0.severity) }) { max($0, $1) }
    }

    /// - Parameters:
    ///   - severities: of its watches, where there are several: what is silenced makes nothing urgent.
    ///   - codenames: of its watches, where they have some: what is promised to whoever waits for it.
    ///   - isUrgent: it waits for nothing but a sink's gap.
    ///   - isBulk: it goes after all that are not.
    static func insert(
        _ alert: Alert, article: Data, story: Story? = nil, severities: [String: Severity] = [:],
        codenames: [String: String] = [:], isUrgent: Bool = false, isBulk: Bool = false, at now: Date,
        to routes: [SinkRoute], _ db: Database
    ) throws {
        let body = String(decoding: alert.json, as: UTF8.self)
        // The same id is the same alert: after a restored backup it may be there, and delivered.
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO alerts (id, created, article, body, copy_of, codenames, severities, resembles)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        .execute(arguments: [
            alert.id.rawValue, now.seconds, article, body, alert.duplicateOf?.rawValue,
            codenames.isEmpty ? nil : String(decoding: try JSONEncoder().encode(codenames), as: UTF8.self),
            Hearing.Severities(severities, of: alert).text, alert.resemblesDismissed?.rawValue,
        ])
        guard db.changesCount > 0 else { return }
        let serial = db.lastInsertedRowID
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO deliveries (
                    alert, sink, state, next_try, serial, urgent, last_error, heard, withheld, bulk)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        let deliveries = try Self.deliveries(of: alert, article: article, severities, at: now, db)
        // Copies are held against the first only, and against none that nobody was told of.
        if let story {
            let isHidden = alert.duplicateOf != nil || !deliveries.isHeard
            try keep(story, of: alert.id, isHidden: isHidden, at: now, db)
        }
        for route in routes {
            guard let entry = deliveries.entry(for: route) else { continue }
            let isSilent = entry.state == .suppressed
            // A copy is urgent for who never had the first.
            let isNews = try alert.duplicateOf.map {
                try original(
                    $0.rawValue, at: route.sink, before: serial, watches: { deliveries.watches }, db) == nil
            }
            try statement.execute(arguments: [
                alert.id.rawValue, route.sink.rawValue, entry.state.rawValue, isSilent ? nil : now.seconds, serial,
                isUrgent || (deliveries.isUrgent && isNews ?? true), isSilent ? deliveries.reason : nil,
                entry.hearing?.text, entry.withheld?.rawValue, isBulk,
            ])
        }
    }

    /// An alert names so many other feeds at most: a line that grows with each of thousands of feeds is read by nobody.
    private static let mostOthers = 100

    /// The article is in another feed as well: its alerts say so. Returns the feeds that they are of, without that of `item`.
    private static func addToOthers(
        _ item: ItemRecord, article: Data, _ poll: PollRecord, _ db: Database
    ) throws -> [AlertFeed] {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT rowid, id, article, body FROM alerts WHERE article = ?1 OR joined = ?1"),
            arguments: [article])
        var others: [AlertFeed] = []
        for row in rows {
            guard var alert = Alert(json: Array((row["body"] as String).utf8)) else { continue }
            for feed in [alert.feed] + alert.alsoIn
            where feed.url != item.feed.url && !others.contains(where: { $0.url == feed.url }) {
                others.append(feed)
            }
            if item.raisesAlert { try deliver(alert, row["article"], serial: row["rowid"], becauseOf: item, poll, db) }
            guard alert.feed.url != item.feed.url, alert.alsoIn.count < mostOthers,
                !alert.alsoIn.contains(where: { $0.url == item.feed.url })
            else { continue }
            alert.alsoIn.append(item.feed)
            try db.cachedStatement(sql: "UPDATE alerts SET body = ? WHERE id = ?")
                .execute(arguments: [String(decoding: alert.json, as: UTF8.self), row["id"] as String])
        }
        return Array(others.prefix(mostOthers))
    }

    /// A sink that wants to hear of one feed's tags hears of an article that was in another feed before.
    private static func deliver(
        _ alert: Alert, _ article: Data, serial: Int64, becauseOf item: ItemRecord, _ poll: PollRecord, _ db: Database
    ) throws {
        let others = poll.routes.filter { !$0.wants(alert) }
        guard !others.isEmpty else { return }
        var here = alert
        here.feed = item.feed
        let deliveries = try deliveries(of: here, article: article, Self.severities(item.hits), at: poll.at, db)
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO deliveries (alert, sink, state, next_try, serial, urgent, heard)
                VALUES (?, ?, 'pending', ?, ?, ?, ?)
                """)
        for route in others {
            guard let entry = deliveries.entry(for: route), entry.state == .pending else { continue }
            try statement.execute(arguments: [
                alert.id.rawValue, route.sink.rawValue, poll.at.seconds, serial, deliveries.isUrgent,
                entry.hearing?.text,
            ])
        }
    }
}

extension WatchHit {
    /// Eight bytes each.
    fileprivate var peopleAsKept: [UInt8] { people.values.sorted { $0.high < $1.high }.flatMap { $0.bytes.prefix(8) } }

    /// What is news of an article for which the watch was told of before: a name that was not in it then. Nil: nothing.
    ///
    /// A list that grows and a page that tells of the day are articles of one link, and each name that is added is looked for by
    /// somebody else.
    ///
    /// - Parameter told: the people that it was told of, as they are kept. Nil: before that was kept.
    fileprivate func beyond(_ told: Data?) -> WatchHit? {
        guard let told, !people.isEmpty else { return nil }
        let known = Set(stride(from: 0, to: told.count, by: 8).map { Array(told.dropFirst($0).prefix(8)) })
        let new = people.filter { !known.contains(Array($0.value.bytes.prefix(8))) }
        if new.isEmpty { return nil }
        var hit = self
        hit.people = new
        hit.matches = matches.filter { new[$0.pattern] != nil }
        hit.key = new.values.reduce(key, ^)
        return hit
    }
}

extension ItemFingerprint {
    /// Two dates of one article in two feeds: when it was written, when it was put there.
    private static let dateSlack: Int64 = 3600

    /// Whether it says what an article under its link has said, as far as that is known.
    fileprivate func isOfArticle(title other: UInt64?, text otherText: UInt64?, published otherDate: Int64?) -> Bool {
        if other == nil, otherText == nil, otherDate == nil { return true }
        let isOtherDate = published.flatMap { date in otherDate.map { abs(date - $0) > Self.dateSlack } } ?? false
        let isOtherText = text != nil && otherText != nil && text != otherText
        if title != nil || other != nil {
            if title == other { return !(isOtherText && isOtherDate) }
            if text != nil, text == otherText { return !isOtherDate }
        } else if !isOtherText {
            return true
        }
        // Another headline and another lead: of one article if it is of the same moment.
        return published != nil && published == otherDate && !(published ?? 0).isMultiple(of: 3600)
    }
}
