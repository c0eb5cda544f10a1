import Dispatch

/// Runs an actor on a thread of its own, for work that waits for a disk: on a network file system that hangs it takes none of
/// Swift's few threads with it, of which a small machine has one.
final class DiskExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(_ label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
