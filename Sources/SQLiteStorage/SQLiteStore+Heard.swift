import GRDB
package import Model

// Which alerts somebody should hear of: those that a watch has found that was neither silenced at the time nor has said since
// that they are not meant.
extension SQLiteStore {
    /// Of `alert_facts AS facts`.
    ///
    /// - Parameter watch: whether only one watch counts; it is the condition's one argument. Else any of the alert's watches does,
    ///   and news of health, which are of no watch, are heard always.
    static func heard(ofOneWatch watch: Bool) -> String {
        // Whose stories are marked is looked up once; hardly any alert is looked at further.
        let found = """
            EXISTS (
                SELECT 1 FROM alert_watches AS found
                WHERE found.alert = facts.alert \(watch ? "AND found.watch = ?" : "")
                    AND NOT EXISTS (
                        SELECT 1 FROM silenced_alerts AS silenced
                        WHERE silenced.alert = found.alert AND silenced.watch = found.watch)
                    AND (found.watch NOT IN (SELECT watch FROM dismissals) OR NOT EXISTS (
                        SELECT 1 FROM dismissals AS marked, alerts AS told
                        WHERE told.rowid = facts.alert AND marked.watch = found.watch
                            AND marked.article = told.article)))
            """
        return watch ? found : "(facts.kind IS 'health' OR \(found))"
    }

    /// More are not counted: nobody reads on.
    static let mostNews = 1000

    package func heardAlertCount(after place: Int64) async throws(StoreError) -> Int {
        try await read { db in
            try Int.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT count(*) FROM (
                            SELECT 1 FROM alert_facts AS facts
                            WHERE facts.alert > ? AND \(Self.heard(ofOneWatch: false)) LIMIT \(Self.mostNews))
                        """),
                arguments: [place]) ?? 0
        }
    }
}
