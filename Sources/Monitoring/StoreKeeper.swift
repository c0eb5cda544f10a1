import Foundation
package import Logging
import Measuring
package import Model
import Synchronization

/// Sees to it that what must not be dropped gets into the state, and tells of it once when it cannot.
package final class StoreKeeper: Sendable {
    private let clock: any WallClock
    private let logger: Logger
    /// False: the first error is thrown. For `once`, which has an exit status to tell it with.
    private let keepsTrying: Bool
    private let trouble = Mutex<Trouble?>(nil)
    private let faults = Counter()

    private struct Trouble {
        var error: StoreError
        var at: Date
    }

    /// An error that was not followed by a success, and is no older than `fresh`: what was only read is tried again later, and
    /// nothing tells when that would go well.
    package var isTroubled: Bool {
        trouble.withLock { $0.map { abs(clock.now.timeIntervalSince($0.at)) < Self.fresh } ?? false }
    }

    /// How often the state could not be used.
    var faultCount: Int { faults.value }

    private static let fresh = 60.0

    package init(clock: any WallClock, logger: Logger, keepsTrying: Bool) {
        self.clock = clock
        self.logger = logger
        self.keepsTrying = keepsTrying
    }

    /// Tries again, ever more slowly, for as long as the fault lies with the disk and the task is not cancelled.
    package func persist<Value>(
        _ write: () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        var tries = 0
        while true {
            do {
                let value = try await write()
                recovered()
                return value
            } catch {
                tries += 1
                if !keepsTrying || Task.isCancelled || (tries >= 3 && !error.canPass) { throw error }
                note(error)
                await pause(after: tries)
            }
        }
    }

    /// Tells of an error, unless it was the last thing told.
    package func note(_ error: StoreError) {
        // A task that is being cancelled reads nothing any more; that says nothing of the state.
        if Task.isCancelled { return }
        faults.add()
        let now = clock.now
        let isNews = trouble.withLock { last in
            defer { last = Trouble(error: error, at: now) }
            return last?.error != error
        }
        if isNews { logger.error("the state cannot be used; trying again", metadata: ["error": "\(error)"]) }
    }

    /// Sleeps for a time that grows from a second to half a minute.
    package func pause(after tries: Int) async {
        let seconds = min(30, 1 << min(max(tries - 1, 0), 5))
        // Cancellation ends the pause, and the caller sees it.
        try? await clock.sleep(until: clock.now.addingTimeInterval(Double(seconds)))
    }

    private func recovered() {
        let wasBroken = trouble.withLock { last in
            defer { last = nil }
            return last != nil
        }
        if wasBroken { logger.notice("the state can be used again") }
    }
}

extension StoreError {
    /// Whether it can end by itself, or by a person's help, while the program runs.
    fileprivate var canPass: Bool {
        switch self {
        case .full, .readOnly, .inUse, .cannotCreate: true
        case .notADatabase, .foreign, .corrupt, .newerVersion, .failed: false
        }
    }
}
