import Foundation
import Model
import Synchronization

/// Wakes one sleeping loop. A ring that nobody waits for is kept for the next wait; several count as one.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        let sleeper = state.withLock { state in
            defer { state.sleeper = nil }
            state.isRung = state.sleeper == nil
            return state.sleeper
        }
        sleeper?.resume()
    }

    /// Returns at the deadline, at a ring, or when the task is cancelled.
    func wait(until deadline: Date, _ clock: any WallClock) async {
        await withTaskGroup(of: Void.self) { group in
            // Cancellation is no fault here: the caller looks at what it is to do next.
            group.addTask { try? await clock.sleep(until: deadline) }
            group.addTask { await self.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns at a ring, or when the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { sleeper in
                let mayGo = state.withLock { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.sleeper = sleeper
                    return false
                }
                if mayGo { sleeper.resume() }
            }
        } onCancel: {
            state.withLock { state in
                defer { state.sleeper = nil }
                return state.sleeper
            }?.resume()
        }
    }
}
