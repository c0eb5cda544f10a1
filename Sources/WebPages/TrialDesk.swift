import Dispatch
import Synchronization
import WebServing

/// Where trials are made: one after the other on a thread of their own, each within a time.
///
/// To explain a long text by thousands of watches takes minutes. On Swift's few threads, of which a small machine has one, polls and all
/// other pages would wait for it.
package final class TrialDesk: Sendable {
    /// With the one that is under way. Who comes then is told to come again.
    static let most = 3

    private let patience: Duration
    private let queue = DispatchQueue(label: "tocsin.trials")
    private let count = Mutex(0)

    /// - Parameter patience: for one trial; what is not done by then is left out.
    package init(patience: Duration = .seconds(10)) {
        self.patience = patience
    }

    var isFull: Bool { count.withLock { $0 >= Self.most } }

    /// - Parameter work: asks between its steps whether it is to go on: not for ever, and not for a client that has gone.
    /// - Returns: nil when others are waiting already, or nobody is there any more.
    func run<Result: Sendable>(
        _ work: @escaping @Sendable (_ goesOn: @escaping @Sendable () -> Bool) -> Result
    ) async -> Result? {
        let isFree = count.withLock { count in
            if count >= Self.most { return false }
            count += 1
            return true
        }
        guard isFree else { return nil }
        let client = WebClient.current
        let hasGone: @Sendable () -> Bool = { client?.hasGone == true }
        return await withCheckedContinuation { continuation in
            queue.async { [self] in
                let end = ContinuousClock.now + patience
                let result = hasGone() ? nil : work { ContinuousClock.now < end && !hasGone() }
                count.withLock { $0 -= 1 }
                continuation.resume(returning: result)
            }
        }
    }
}
