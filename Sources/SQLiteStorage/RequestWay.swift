import Crypto
import Foundation
import GRDB
import Model

/// How a feed is reached, as far as its user says so: which addresses may be connected to, by way of which proxy, in what time and with
/// how many bytes. A feed that fails for one of these is mended by a change of it.
enum RequestWay {
    private static let usual = FetchPolicy()

    /// Nil for the usual one. Of a proxy's login only eight bits count, since this is kept: enough to see that another one was written,
    /// and too few to guess it by.
    static func digest(_ policy: FetchPolicy) -> Int64? {
        if policy.allowPrivateAddresses == usual.allowPrivateAddresses, policy.proxy == usual.proxy,
            policy.timeout == usual.timeout, policy.maxBodyBytes == usual.maxBodyBytes
        {
            return nil
        }
        var words = ["\(policy.allowPrivateAddresses)", policy.timeout.seconds, "\(policy.maxBodyBytes)"]
        if let proxy = policy.proxy?.revealed {
            let parts = URLParts(proxy)
            words.append(parts.map { "\($0.scheme)://\($0.hostAndPort)" } ?? "")
            words.append("\(high(proxy) & 0xFF)")
        }
        return Int64(bitPattern: high(words.joined(separator: "\n")))
    }

    private static func high(_ text: String) -> UInt64 { Digest128(SHA256.hash(data: Data(text.utf8))).high }
}

extension SQLiteStore {
    /// The feeds that fail and may be asked, and are reached in another way than when the list was registered last. What the servers
    /// asked for holds.
    ///
    /// One that is being asked just now, in the old way, counts at the next registration.
    static func newWays(_ feeds: [FeedSpec], _ db: Database) throws -> [Int64] {
        var changes: [(id: Int64, way: Int64?)] = []
        var failing: [Int64] = []
        var last: (policy: FetchPolicy, way: Int64?) = (FetchPolicy(), nil)
        var rows = try BoundStatement(
            db,
            """
            SELECT id, position, way, failures > 0 AND gone = 0 AND not_before IS NULL FROM feeds
            WHERE position IS NOT NULL AND lease_until IS NULL ORDER BY position
            """)
        while try rows.step() {
            let (id, position): (Int64, Int) = (rows.next(), rows.next())
            let way: Int64? = rows.next()
            let isFailing: Int = rows.next()
            guard feeds.indices.contains(position) else { continue }
            // Most are as the one before them.
            if feeds[position].policy != last.policy {
                last = (feeds[position].policy, RequestWay.digest(feeds[position].policy))
            }
            guard last.way != way else { continue }
            changes.append((id, last.way))
            if isFailing != 0 { failing.append(id) }
        }
        _ = consume rows
        let statement = try db.cachedStatement(sql: "UPDATE feeds SET way = ? WHERE id = ?")
        for change in changes { try statement.execute(arguments: [change.way, change.id]) }
        return failing
    }
}
