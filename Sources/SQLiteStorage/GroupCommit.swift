import GRDB
import Model
import Synchronization

/// Writes that wait while a transaction runs go into the next one together, each in a savepoint of its own, so that
/// one that fails does not take the others with it. A lone write starts at once: there is no timer.
///
/// A commit is a sync of the disk, 1 to 10 ms; a thousand feeds polled in a second would otherwise pay it each.
final class GroupCommit: Sendable {
    private struct Operation: Sendable {
        /// Does the work and returns what tells the caller, to be called after the commit.
        var run: @Sendable (Database) throws -> @Sendable () -> Void
        var fail: @Sendable (any Error) -> Void
    }

    private struct Queue {
        var waiting: [Operation] = []
        var isDraining = false
    }

    /// In one transaction. Bounds how long a reader of the log waits, and the memory of a commit.
    private static let maxOperations = 256

    private let queue = Mutex(Queue())
    private let writer: any DatabaseWriter

    init(_ writer: any DatabaseWriter) {
        self.writer = writer
    }

    /// Runs `body` in a transaction and returns when that is on the disk.
    func perform<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let operation = Operation(
                run: { db in
                    let value = try body(db)
                    return { continuation.resume(returning: value) }
                },
                fail: { continuation.resume(throwing: $0) })
            let mustDrain = queue.withLock { queue in
                queue.waiting.append(operation)
                defer { queue.isDraining = true }
                return !queue.isDraining
            }
            if mustDrain { writer.asyncWriteWithoutTransaction { [self] in drain($0) } }
        }
    }

    private func drain(_ db: Database) {
        while true {
            let batch = queue.withLock { queue in
                let batch = Array(queue.waiting.prefix(Self.maxOperations))
                queue.waiting.removeFirst(batch.count)
                if batch.isEmpty { queue.isDraining = false }
                return batch
            }
            if batch.isEmpty { return }
            commit(batch, db)
        }
    }

    private func commit(_ batch: [Operation], _ db: Database) {
        var outcomes: [Result<@Sendable () -> Void, any Error>] = []
        do {
            try db.inTransaction(.immediate) {
                for operation in batch {
                    do {
                        var success: (@Sendable () -> Void)?
                        try db.inSavepoint {
                            success = try operation.run(db)
                            return .commit
                        }
                        outcomes.append(.success(success ?? {}))
                    } catch {
                        // A full disk ends the whole transaction: what the others did is gone as well.
                        guard db.isInsideTransaction else { throw error }
                        outcomes.append(.failure(error))
                    }
                }
                return .commit
            }
        } catch {
            for operation in batch { operation.fail(error) }
            return
        }
        for (operation, outcome) in zip(batch, outcomes) {
            switch outcome {
            case .success(let succeed): succeed()
            case .failure(let error): operation.fail(error)
            }
        }
    }
}
