import GRDB
package import Model

extension SQLiteStore {
    /// How many feeds of the configuration there are, and how many of them have been polled at all.
    package func firstPolls() async throws(StoreError) -> (done: Int, all: Int) {
        try await read { db in
            let row = try Row.fetchOne(
                db,
                sql:
                    "SELECT count(*) AS feeds, count(last_poll) AS polled FROM feeds WHERE position IS NOT NULL AND gone = 0"
            )
            return (done: row?["polled"] ?? 0, all: row?["feeds"] ?? 0)
        }
    }
}
