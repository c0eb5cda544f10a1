import Config
import Foundation
import Model
import Monitoring
import SQLiteStorage

/// Feeds of a configuration that may be others of the last one under new addresses.
enum AddressChanges {
    /// To be asked before the state is given the new list. A state that cannot be read is told of by others.
    static func questions(_ setup: Setup, in store: SQLiteStore) async -> [Issue] {
        let feeds = setup.configuration.feeds
        guard let change = try? await store.changes(with: feeds) else { return [] }
        return FeedSuccessions.questions(change, feeds)
    }

    /// The same for a command that needs no state: there may be none yet.
    static func questions(_ setup: Setup) async -> [Issue] {
        guard FileManager.default.fileExists(atPath: setup.state),
            let store = try? SQLiteStore(path: setup.state, access: .visitor)
        else { return [] }
        let issues = await questions(setup, in: store)
        await store.close()
        return issues
    }
}
