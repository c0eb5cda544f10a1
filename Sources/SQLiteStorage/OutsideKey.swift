import Crypto
import Foundation
import GRDB
import Model

/// Makes the ids that alerts have outside where their watch is not to be told.
///
/// The id of an alert is a digest of its article and of its watches' names. Whoever has the link and a list of names could try one
/// after the other, and so learn whom the alert is about. This one is a digest with a key that never leaves the state: the same on
/// every try and in every backup of the state, and nothing to anybody else.
struct OutsideKey {
    /// Has taken the key, and each id goes through a copy of it.
    private let keyed: HMAC<SHA256>

    init(_ db: Database) throws {
        let bytes = try Data.fetchOne(db.cachedStatement(sql: "SELECT value FROM keys WHERE name = 'alert ids'"))
        // The migration has made it.
        guard let bytes, bytes.count >= 16 else { throw DatabaseError(message: "the key of alerts' ids is missing") }
        keyed = HMAC(key: SymmetricKey(data: bytes))
    }

    /// As long as the id, and of the same letters.
    func id(of alert: String) -> AlertID {
        var code = keyed
        code.update(data: Array(alert.utf8))
        return AlertID("al_" + Digest128(code.finalize()).hexadecimal)
    }

    /// The alerts whose id outside begins so, the newest first.
    ///
    /// Looks at all of them: some tens of milliseconds.
    static func alerts(called beginning: String, limit: Int, _ db: Database) throws -> [String] {
        let key = try OutsideKey(db)
        var found: [String] = []
        let ids = try String.fetchCursor(db, sql: "SELECT id FROM alerts ORDER BY rowid DESC")
        while found.count < limit, let id = try ids.next() {
            if key.id(of: id).rawValue.hasPrefix(beginning) { found.append(id) }
        }
        return found
    }
}
