import Dispatch
import GRDB
import Model
import Synchronization

/// Writes that wait while a transaction runs go into the next one together. When one of them fails, all are done again, each
/// in a transaction of its own, so that it does not take the others with it. A lone write starts at once.
///
/// A commit is a sync of the disk, 1 to 10 ms; a thousand feeds polled in a second would otherwise pay it each. And it writes whole
/// pages, those at which all new rows meet again and again: so while polls come in crowds (the last commit had several), those that
/// can wait are waited for, 25 ms at most.
final class GroupCommit: Sendable {
    private struct Operation: Sendable {
        /// Whether it must outlast a power cut.
        var isDurable: Bool
        /// Whether it comes in crowds, and nobody stands and waits for it.
        var canWait: Bool
        /// Does the work, and that can be twice, and returns what tells the caller, to be called after the commit.
        var run: @Sendable (Database) throws -> @Sendable () -> Void
        var fail: @Sendable (any Error) -> Void
    }

    private struct Queue {
        var waiting: [Operation] = []
        var isDraining = false
        /// Whether the drain waits for more. Whoever ends that signals it, once.
        var isLingering = false
        /// How often it has.
        var lingers = 0

        var isEnough: Bool { waiting.count >= GroupCommit.crowd || waiting.contains { !$0.canWait } }
    }

    /// In one transaction. Bounds how long a reader of the log waits, and the memory of a commit.
    private static let maxOperations = 256
    /// So many are worth a commit.
    private static let crowd = 32
    /// So many in the last one, and more are likely to be on their way.
    private static let several = 4
    private static let patience = DispatchTimeInterval.milliseconds(25)

    private let queue = Mutex(Queue())
    /// Whether commits are synced now. The store opens the file so.
    private let syncs = Mutex(true)
    private let writer: any DatabaseWriter
    /// Ends the drain's waiting.
    private let enough = DispatchSemaphore(value: 0)
    // Of its own, so that it is not busy. A semaphore with a time-out waits by the wall clock, and for hours where that is set back.
    private let timer = DispatchQueue(label: "commits")

    init(_ writer: any DatabaseWriter) {
        self.writer = writer
    }

    /// Runs `body` in a transaction and returns when that is committed.
    ///
    /// - Parameter isDurable: whether it is on the disk then. What is not survives a crash of the program, and a power cut
    ///   takes it back as if it had not been done.
    /// - Parameter canWait: whether it may wait, 25 ms at most, for others that can.
    func perform<Value: Sendable>(
        isDurable: Bool = true, canWait: Bool = false, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let operation = Operation(
                isDurable: isDurable, canWait: canWait,
                run: { db in
                    let value = try body(db)
                    return { continuation.resume(returning: value) }
                },
                fail: { continuation.resume(throwing: $0) })
            let (mustDrain, isEnough) = queue.withLock { queue in
                queue.waiting.append(operation)
                defer { queue.isDraining = true }
                let isEnough = queue.isLingering && queue.isEnough
                if isEnough { queue.isLingering = false }
                return (!queue.isDraining, isEnough)
            }
            if isEnough { enough.signal() }
            if mustDrain { writer.asyncWriteWithoutTransaction { [self] in drain($0) } }
        }
    }

    private func drain(_ db: Database) {
        var last = 0
        while true {
            if last >= Self.several { linger() }
            let batch = queue.withLock { queue in
                let batch = Array(queue.waiting.prefix(Self.maxOperations))
                queue.waiting.removeFirst(batch.count)
                if batch.isEmpty { queue.isDraining = false }
                return batch
            }
            if batch.isEmpty { return }
            commit(batch, db)
            last = batch.count
        }
    }

    /// On the writer's own thread.
    private func linger() {
        let linger: Int? = queue.withLock { queue in
            if queue.isEnough { return nil }
            queue.isLingering = true
            queue.lingers += 1
            return queue.lingers
        }
        guard let linger else { return }
        timer.asyncAfter(deadline: .now() + Self.patience) { [self] in giveUp(linger) }
        enough.wait()
    }

    private func giveUp(_ linger: Int) {
        let isOver = queue.withLock { queue in
            guard queue.isLingering, queue.lingers == linger else { return false }
            queue.isLingering = false
            return true
        }
        if isOver { enough.signal() }
    }

    private func commit(_ batch: [Operation], _ db: Database) {
        do {
            for succeed in try transaction(batch, db) { succeed() }
        } catch {
            guard batch.count > 1 else {
                for operation in batch { operation.fail(error) }
                return
            }
            // Nothing of it is kept: each again by itself, so that the one that fails takes no other with it.
            for operation in batch { commit([operation], db) }
        }
    }

    /// What tells the callers, once it is on the disk.
    private func transaction(_ batch: [Operation], _ db: Database) throws -> [@Sendable () -> Void] {
        var outcomes: [@Sendable () -> Void] = []
        // A commit that is synced takes those before it to the disk as well (sqlite.org/pragma.html#pragma_synchronous).
        let mustSync = batch.contains(where: \.isDurable)
        if syncs.withLock({ $0 != mustSync }) {
            try db.execute(sql: "PRAGMA synchronous = \(mustSync ? "FULL" : "NORMAL")")
            syncs.withLock { $0 = mustSync }
        }
        try db.inTransaction(.immediate) {
            for operation in batch { outcomes.append(try operation.run(db)) }
            return .commit
        }
        return outcomes
    }
}
