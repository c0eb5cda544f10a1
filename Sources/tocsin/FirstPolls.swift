import Foundation
import Model
import SQLiteStorage
import ServiceLifecycle

/// Shows on a terminal how many feeds have been polled, as long as there are some that never were: at a first start that
/// takes minutes, and nothing else tells that all is well.
struct FirstPolls: Service {
    /// Feeds that cannot be polled for so long are told of by their health.
    private static let patience = 1800

    var store: SQLiteStore

    func run() async throws {
        let line = ProgressLine()
        if line.isOn {
            await cancelWhenGracefulShutdown { await show(on: line) }
            line.end()
        }
        // A service that returns ends the others.
        try? await gracefulShutdown()
    }

    private func show(on line: ProgressLine) async {
        var isFirst = true
        for _ in 0..<Self.patience {
            // The first look comes after the feeds of the configuration are in the state.
            guard (try? await Task.sleep(for: .seconds(1))) != nil, let count = try? await store.firstPolls() else {
                return
            }
            if count.done >= count.all {
                if !isFirst { Terminal.message("all \(count.all) feeds have been polled; watching") }
                return
            }
            isFirst = false
            line.show("\(ProgressLine.share(count.done, of: count.all, "feeds polled for the first time"))")
        }
    }
}
