import Foundation
import GRDB
import Model

// Alerts that say again what another one has said, found in the transaction of the poll.
extension SQLiteStore {
    private static let memory = 72 * 3600.0
    /// Some 12 MB. The oldest give way.
    private static let mostStories = 20_000

    /// Copies of what somebody has marked as not meant are known for as long as its alert is kept.
    private static let isDismissed = "EXISTS (SELECT 1 FROM dismissals WHERE dismissals.alert = stories.alert)"

    /// The text of an alert, and where copies of it are looked up.
    struct Story {
        var sketch: StorySketch
        var index: StoryIndex
    }

    /// The first alert of the last days that said what this one says, about the same finds of the same watches. Nil: it is
    /// news.
    static func original(of alert: Alert, _ story: Story, _ db: Database) throws -> AlertID? {
        let originals = try story.index.originals(of: story.sketch) { add in
            let rows = try Row.fetchCursor(db, sql: "SELECT id, sketch FROM stories ORDER BY id")
            while let row = try rows.next() {
                if let sketch = StorySketch(bytes: row["sketch"] as Data) { add(row["id"], sketch) }
            }
        }
        for original in originals {
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT alert, stories.created AS told, sketch, body, \(isDismissed) AS dismissed
                        FROM stories JOIN alerts ON alerts.id = alert
                        WHERE stories.id = ? AND (EXISTS (
                            SELECT 1 FROM deliveries WHERE deliveries.alert = alerts.id AND state <> 'suppressed')
                            OR \(isDismissed))
                        """),
                arguments: [original])
            guard let row, row["dismissed"] || abs(alert.timestamp.seconds - (row["told"] as Double)) <= memory,
                let first = StorySketch(bytes: row["sketch"] as Data), story.sketch.isCopy(of: first),
                let told = Alert(json: Array((row["body"] as String).utf8)), told.id != alert.id,
                alert.findsNothing(beyond: told)
            else { continue }
            return told.id
        }
        return nil
    }

    /// Remembers a text, so that copies of it are known.
    static func keep(_ story: Story, of alert: AlertID, at now: Date, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO stories (alert, created, sketch) VALUES (?, ?, ?)")
            .execute(arguments: [alert.rawValue, now.seconds, Data(story.sketch.bytes)])
        let number = db.lastInsertedRowID
        story.index.insert(number, story.sketch)
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

    /// What a delivery to `sink` may refer to: the first alert, when the sink took it or gets it right before.
    static func original(
        _ alert: String, at sink: SinkName, before serial: Int64, _ db: Database
    ) throws -> Delivery.Original? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT body, iif(state = 'sent', memo, NULL) AS receipt FROM deliveries JOIN alerts ON alerts.id = alert WHERE alert = ? AND sink = ?
                      AND (state = 'sent' OR state = 'pending' AND attempts = 0 AND serial < ?)
                    """),
            arguments: [alert, sink.rawValue, serial])
        return row.map { row in
            let told = Alert(json: Array((row["body"] as String).utf8))
            return Delivery.Original(id: AlertID(alert), title: told?.item.title, receipt: row["receipt"])
        }
    }
}

extension Alert {
    /// Whether each watch has found here only what it had found in `first`: a name in a copy of a list that the first did not
    /// have is news.
    fileprivate func findsNothing(beyond first: Alert) -> Bool {
        guard kind == .alert, first.kind == .alert, watches.allSatisfy(first.watches.contains) else { return false }
        return Set(matches.map(\.find)).isSubset(of: first.matches.map(\.find))
    }
}

extension Match {
    /// A term is the same in all its forms; of a person or a query, the words count.
    fileprivate var find: [String] { [watch, pattern, kind == .term ? "" : text.lowercased()] }
}
