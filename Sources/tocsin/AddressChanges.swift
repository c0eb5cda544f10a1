import Config
import Foundation
import Model
import Monitoring
import SQLiteStorage

/// Feeds of a configuration that may be others of the last one under new addresses.
enum AddressChanges {
    /// A state that cannot be read is told of by others.
    static func questions(_ setup: Setup, in store: SQLiteStore) async -> [Issue] {
        let feeds = setup.configuration.feeds
        guard let change = try? await store.changes(with: feeds) else { return [] }
        return FeedSuccessions.questions(change, feeds)
    }
}
