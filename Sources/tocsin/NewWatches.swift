import Config
import Foundation
import Model
import SQLiteStorage

/// Watches that a state does not know yet, though it has read what they are to look at: what the feeds had until now is news to
/// nobody any more. So it is with a second configuration over the state of the first.
enum NewWatches {
    /// A state that cannot be read is told of by others.
    static func issues(_ setup: Setup, in store: SQLiteStore) async -> [Issue] {
        guard let records = try? await store.watchRecords(), !records.isOld else { return [] }
        let watches = setup.configuration.watches.filter { records.known[$0.name] == nil }
        guard !watches.isEmpty, let states = try? await store.feeds() else { return [] }
        let read = Set(states.filter { $0.history.lastSuccess != nil }.map(\.url))
        let feeds = setup.configuration.feeds.filter { read.contains($0.url) }
        return watches.compactMap { watch in
            let scope = Set(watch.feeds.map(\.value))
            let count = feeds.count { feed in
                scope.isEmpty || feed.name.map(scope.contains) == true || !scope.isDisjoint(with: feed.tags)
            }
            guard count > 0 else { return nil }
            return Issue(
                "the watch '\(watch.name.legible)' is new, and \(count == 1 ? "1 of its feeds has" : "\(count) of its feeds have") "
                    + "been read before: it looks at what comes from now on",
                remedy: "if what they have now is to be looked at, give this configuration a 'state' of its own",
                at: watch.location, severity: .warning)
        }
    }
}
