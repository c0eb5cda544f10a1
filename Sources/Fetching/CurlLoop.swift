import CCurl
import Foundation
import Model
import Synchronization

/// The one thread that owns the multi handle. Others fill its inbox and wake it: `curl_multi_wakeup` is the one call that
/// libcurl allows them.
///
/// `@unchecked Sendable`: `inbox` is behind its lock; everything else but `limit` is touched by the loop's thread alone,
/// and the multi handle's address never changes.
final class CurlLoop: @unchecked Sendable {
    typealias Answer = Result<HopAnswer, TransportError>

    private struct Job {
        var hop: Hop
        var done: CheckedContinuation<Answer, Never>
    }

    private struct Inbox {
        var jobs: [(id: UInt64, job: Job)] = []
        var cancelled: [UInt64] = []
        var limit: Int
        var isClosed = false
        var nextID: UInt64 = 0
    }

    /// Bodies that are held while their transfers run. Beyond it only the oldest transfer goes on; the others pause.
    private static let bodyBudgetBytes = 192_000_000

    private let inbox: Mutex<Inbox>
    private let multi: MultiHandle
    private let share: UnsafeMutableRawPointer?
    private let ended = DispatchSemaphore(value: 0)

    // The loop's own.
    private var waiting: [UInt64: Job] = [:]
    private var running: [UInt64: (transfer: CurlTransfer, done: CheckedContinuation<Answer, Never>)] = [:]
    private var hosts = HostLimits()
    private var idleHandles: [UnsafeMutableRawPointer] = []
    private var heldBytes = 0
    private var hasPaused = false
    private var lastWatch = ContinuousClock.now
    private static let watchPause = Duration.milliseconds(250)

    init(limit: Int) {
        inbox = Mutex(Inbox(limit: limit))
        guard let multi = MultiHandle() else { fatalError("libcurl cannot start: out of memory") }
        self.multi = multi
        share = curl_share_init().map { UnsafeMutableRawPointer($0) }
        if let share {
            // Names and TLS sessions outlive a connection, so a later poll of the same host is cheaper.
            tocsin_share_add(share, CURL_LOCK_DATA_DNS)
            tocsin_share_add(share, CURL_LOCK_DATA_SSL_SESSION)
        }
        tocsin_multi_set_long(self.multi.raw, CURLMOPT_MAXCONNECTS, 64)
        tocsin_multi_set_long(self.multi.raw, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        let thread = Thread { [self] in run() }
        thread.name = "tocsin-fetch"
        thread.start()
    }

    deinit {
        if let share { curl_share_cleanup(share) }
    }

    var limit: Int {
        get { inbox.withLock { $0.limit } }
        set {
            inbox.withLock { $0.limit = newValue }
            wake()
        }
    }

    /// Sends one hop. Ends early, with `.cancelled`, when the task is cancelled or the loop closed.
    func perform(_ hop: Hop) async -> Answer {
        let id = inbox.withLock { inbox in
            inbox.nextID += 1
            return inbox.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { done in
                let (isTaken, isFirst) = inbox.withLock { inbox in
                    // Cancelled before: the handler below has been called, and found no job to end.
                    if inbox.isClosed || Task.isCancelled { return (false, false) }
                    inbox.jobs.append((id, Job(hop: hop, done: done)))
                    return (true, inbox.jobs.count == 1)
                }
                // Whoever left the first has woken the loop, and it takes them all.
                if isFirst { wake() }
                if !isTaken { done.resume(returning: .failure(.cancelled)) }
            }
        } onCancel: {
            inbox.withLock { $0.cancelled.append(id) }
            wake()
        }
    }

    /// Ends every transfer and the thread. Returns when it has ended, within about a second.
    func close() {
        let wasOpen = inbox.withLock { inbox in
            defer { inbox.isClosed = true }
            return !inbox.isClosed
        }
        guard wasOpen else { return }
        wake()
        _ = ended.wait(timeout: .now() + 2)
    }

    private func wake() {
        curl_multi_wakeup(multi.raw)
    }
}

// The loop's thread.
extension CurlLoop {
    private func run() {
        while readInbox() {
            startWaiting()
            var count: Int32 = 0
            curl_multi_perform(multi.raw, &count)
            settleFinished()
            watchRunning()
            resumePaused()
            // Whoever fills the inbox wakes us, so an idle loop sleeps: libcurl shortens this to its own next time-out.
            curl_multi_poll(multi.raw, nil, 0, hosts.isIdle ? 3_600_000 : 1000, nil)
        }
        for id in Array(waiting.keys) { waiting.removeValue(forKey: id)?.done.resume(returning: .failure(.cancelled)) }
        for id in Array(running.keys) { finish(id, .failure(.cancelled)) }
        for handle in idleHandles { curl_easy_cleanup(handle) }
        idleHandles = []
        ended.signal()
    }

    /// Takes what others have left. False when the loop is to end.
    private func readInbox() -> Bool {
        let (jobs, cancelled, isClosed) = inbox.withLock { inbox in
            defer {
                inbox.jobs = []
                inbox.cancelled = []
            }
            return (inbox.jobs, inbox.cancelled, inbox.isClosed)
        }
        for (id, job) in jobs {
            waiting[id] = job
            hosts.enqueue(id, host: job.hop.address.server, perHost: job.hop.policy.perHost)
        }
        for id in cancelled {
            if let job = waiting[id], hosts.withdraw(id, host: job.hop.address.server) {
                waiting[id] = nil
                job.done.resume(returning: .failure(.cancelled))
            } else {
                finish(id, .failure(.cancelled))
            }
        }
        return !isClosed
    }

    private func startWaiting() {
        for (id, host) in hosts.next(limit: limit) {
            guard let job = waiting.removeValue(forKey: id) else { continue }
            guard let easy = idleHandles.popLast() ?? curl_easy_init() else {
                hosts.finish(host)
                job.done.resume(returning: .failure(.badResponse(reason: "out of memory")))
                continue
            }
            let transfer = CurlTransfer(id: id, hop: job.hop, easy: easy) { [unowned self] in mayGrow($0, by: $1) }
            running[id] = (transfer, job.done)
            do {
                // Many hosts, one request each: a cache of their connections costs more than it saves. Webhooks, and
                // hosts with more to fetch, are another matter.
                try transfer.prepare(share: share, keepsConnection: job.hop.keepsConnection || hosts.hasWaiting(host))
                curl_multi_add_handle(multi.raw, easy)
            } catch {
                finish(id, .failure(error), wasAdded: false)
            }
        }
    }

    private func settleFinished() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.raw, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            var context: UnsafeMutableRawPointer?
            tocsin_get_pointer(easy, CURLINFO_PRIVATE, &context)
            guard let context else { continue }
            let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            finish(transfer.id, transfer.result(tocsin_message_result(message)))
        }
    }

    /// Ends transfers whose servers send without end what is no part of an answer.
    private func watchRunning() {
        let now = ContinuousClock.now
        guard !running.isEmpty, now - lastWatch >= Self.watchPause else { return }
        lastWatch = now
        let faults = running.compactMap { id, entry in entry.transfer.watch(at: now).map { (id, $0) } }
        for (id, fault) in faults { finish(id, .failure(fault)) }
    }

    private func finish(_ id: UInt64, _ answer: Answer, wasAdded: Bool = true) {
        guard let (transfer, done) = running.removeValue(forKey: id) else { return }
        transfer.hurryGoodbye()
        if wasAdded { curl_multi_remove_handle(multi.raw, transfer.easy) }
        heldBytes -= transfer.body.count
        hosts.finish(transfer.hop.address.server)
        curl_easy_reset(transfer.easy)
        if idleHandles.count < 256 { idleHandles.append(transfer.easy) } else { curl_easy_cleanup(transfer.easy) }
        done.resume(returning: answer)
    }

    /// Asked with every piece of a body. The oldest transfer may always go on, so that something ends.
    private func mayGrow(_ transfer: CurlTransfer, by count: Int) -> Bool {
        guard heldBytes < Self.bodyBudgetBytes || transfer.id == running.keys.min() else {
            hasPaused = true
            return false
        }
        heldBytes += count
        return true
    }

    private func resumePaused() {
        guard hasPaused else { return }
        hasPaused = running.values.contains { $0.transfer.isPaused }
        let oldest = running.keys.min()
        for (id, entry) in running where entry.transfer.isPaused {
            if heldBytes < Self.bodyBudgetBytes || id == oldest { entry.transfer.resume() }
        }
    }
}
