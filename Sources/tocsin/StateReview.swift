import Foundation
import Model
import SQLiteStorage

/// What a configuration may have overlooked of the state that it comes to.
enum StateReview {
    /// To be asked before the state is given the configuration.
    static func issues(_ setup: Setup, in store: SQLiteStore) async -> [Issue] {
        await AddressChanges.questions(setup, in: store) + NewWatches.issues(setup, in: store)
    }

    /// The same for a command that needs no state: there may be none yet.
    static func issues(_ setup: Setup) async -> [Issue] {
        // Of one that cannot be opened, `status` and `run` say why.
        guard FileManager.default.fileExists(atPath: setup.state),
            let store = try? SQLiteStore(path: setup.state, access: .visitor)
        else { return [] }
        let issues = await issues(setup, in: store)
        await store.close()
        return issues
    }
}
