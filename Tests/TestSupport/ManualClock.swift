package import Foundation
import Model
import Synchronization

/// A clock that tests set. `sleep` returns when the time is moved to its deadline.
package final class ManualClock: WallClock {
    private struct Sleeper {
        var deadline: Date
        var wake: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Date
        var sleepers: [UUID: Sleeper] = [:]
    }

    private let state: Mutex<State>

    package init(_ now: Date = Date(timeIntervalSince1970: 1_543_240_800)) {
        state = Mutex(State(now: now))
    }

    package var now: Date { state.withLock { $0.now } }

    /// How many tasks are asleep: a test can wait for them before it moves the time.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    package func advance(by duration: Duration) {
        set(now.addingTimeInterval(duration / .seconds(1)))
    }

    package func set(_ date: Date) {
        let woken = state.withLock { state in
            state.now = date
            let due = state.sleepers.filter { $0.value.deadline <= date }
            for key in due.keys { state.sleepers[key] = nil }
            return due.values.map(\.wake)
        }
        for sleeper in woken { sleeper.resume() }
    }

    package func sleep(until deadline: Date) async throws(CancellationError) {
        let id = UUID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { wake in
                let isDue = state.withLock { state in
                    if deadline <= state.now || Task.isCancelled { return true }
                    state.sleepers[id] = Sleeper(deadline: deadline, wake: wake)
                    return false
                }
                if isDue { wake.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.wake.resume()
        }
        if Task.isCancelled { throw CancellationError() }
    }
}
