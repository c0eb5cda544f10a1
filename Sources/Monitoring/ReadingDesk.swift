import Foundation
import Synchronization

/// Where documents are read and matched: so many at once as keep the processors busy. A document with all its texts takes
/// several times its bytes, and hundreds can arrive while one is read.
package final class ReadingDesk: Sendable {
    static let seats = min(32, 2 * max(2, ProcessInfo.processInfo.activeProcessorCount))
    /// Twice what is read at once: enough to go on with until the next ones arrive.
    private static let mostWaiting = 2 * seats

    /// A place at the desk. It is free again when this ends.
    package struct Seat: ~Copyable, Sendable {
        fileprivate let desk: ReadingDesk

        deinit {
            desk.leave()
        }
    }

    private struct State {
        var free = ReadingDesk.seats
        /// In the order in which they came.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// So many documents wait that no further ones should be asked for: they arrive faster than they can be read.
    package var isCrowded: Bool { state.withLock { $0.waiting.count >= Self.mostWaiting } }

    /// Documents that are read, and that wait for it.
    package var load: (reading: Int, waiting: Int) {
        state.withLock { (Self.seats - $0.free, $0.waiting.count) }
    }

    /// Waits its turn, which is never long: nothing at the desk waits for the network.
    package func seat() async -> Seat {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        return Seat(desk: self)
    }

    private func leave() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
