import GRDB
package import Model

// Feeds that have moved.
extension SQLiteStore {
    package func sites(movedTo host: String) async throws(StoreError) -> Int {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT url, site, move_target FROM feeds WHERE move_target IS NOT NULL AND position IS NOT NULL
                    """)
            let sites = rows.compactMap { row -> String? in
                let own = FeedSpec.host(of: row["url"])
                guard own != host, FeedSpec.host(of: row["move_target"]) == host else { return nil }
                return row["site"] ?? own
            }
            return Set(sites).count
        }
    }
}
