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

    /// A task that is asleep.
    package struct Sleep: Sendable, Hashable {
        package var deadline: Date
        fileprivate var id: UUID
    }

    /// The one task that is asleep. Nil when there is none, or several.
    package var onlySleep: Sleep? {
        state.withLock { state in
            guard state.sleepers.count == 1, let sleeper = state.sleepers.first else { return nil }
            return Sleep(deadline: sleeper.value.deadline, id: sleeper.key)
        }
    }

    /// Moves the time on for a task that is still asleep. Who wakes otherwise has not gone on when this is so.
    package func end(_ sleep: Sleep, at date: Date) {
        let woken = state.withLock { state in
            guard let sleeper = state.sleepers.removeValue(forKey: sleep.id) else { return nil as Sleeper? }
            state.now = date
            return sleeper
        }
        woken?.wake.resume()
    }

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
