import Model
import NIOCore
import NIOHTTP1
import Synchronization

/// The open connections of a server: which of them gives way where there are nearly too many, and all of them at the end.
///
/// As nginx does with `worker_connections`: who has sent no whole head of a request loses nothing but a connection, and is closed first, the
/// one that has waited longest before the others; then who does not take what he has asked for.
final class ConnectionTable: Sendable {
    private struct Entry {
        var channel: any Channel
        /// Since there was no complete head: since it was opened, or since the last answer. Nil: a request is under way.
        var waiting: ContinuousClock.Instant?
        /// Since nothing more of an answer is taken.
        var stuck: ContinuousClock.Instant?
        var hasAsked = false
        /// Its client sends nothing more, and will read nothing (as nginx takes it, 499).
        var hasGone = false
    }

    /// An answer that is not taken for so long is one that nobody reads.
    private static let stuckFor = Duration.seconds(2)

    /// Connections beyond give way. Less than what the server takes, so that there is always room for one more.
    private let most: Int
    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    /// - Parameter most: with so many the server accepts no more.
    init(most: Int) {
        self.most = max(1, most - min(32, max(1, most / 8)))
    }

    /// A connection has been accepted.
    func open(_ channel: any Channel) {
        let now = ContinuousClock.now
        let leaving = entries.withLock { entries in
            entries[ObjectIdentifier(channel)] = Entry(channel: channel, waiting: now)
            return entries.count > most ? Self.next(in: &entries, but: ObjectIdentifier(channel), at: now) : nil
        }
        channel.closeFuture.whenComplete { [weak self] _ in self?.forget(channel) }
        leaving?.close(promise: nil)
    }

    /// Whether a whole head has ever come.
    func hasAsked(_ channel: any Channel) -> Bool {
        entries.withLock { $0[ObjectIdentifier(channel)]?.hasAsked ?? true }
    }

    /// Whether its client has closed it.
    func hasGone(_ channel: any Channel) -> Bool {
        entries.withLock { $0[ObjectIdentifier(channel)]?.hasGone ?? true }
    }

    func noteGone(_ channel: any Channel) {
        entries.withLock { $0[ObjectIdentifier(channel)]?.hasGone = true }
    }

    /// Whether a request is being answered.
    func isAnswering(_ channel: any Channel) -> Bool {
        entries.withLock { $0[ObjectIdentifier(channel)]?.waiting == nil }
    }

    /// The head of a request is complete. Can be said again.
    func begin(_ channel: any Channel) {
        entries.withLock { entries in
            entries[ObjectIdentifier(channel)]?.waiting = nil
            entries[ObjectIdentifier(channel)]?.hasAsked = true
        }
    }

    /// The answer is written.
    func end(_ channel: any Channel) {
        let now = ContinuousClock.now
        entries.withLock { $0[ObjectIdentifier(channel)]?.waiting = now }
    }

    func note(isWritable: Bool, _ channel: any Channel) {
        let now = ContinuousClock.now
        entries.withLock { $0[ObjectIdentifier(channel)]?.stuck = isWritable ? nil : now }
    }

    func closeAll() {
        for channel in entries.withLock({ $0.values.map(\.channel) }) { channel.close(promise: nil) }
    }

    private func forget(_ channel: any Channel) {
        entries.withLock { $0[ObjectIdentifier(channel)] = nil }
    }

    /// Takes out whose turn it is. Nil: all of them are being served.
    private static func next(
        in entries: inout [ObjectIdentifier: Entry], but newest: ObjectIdentifier, at now: ContinuousClock.Instant
    ) -> (any Channel)? {
        func oldest(_ since: (Entry) -> ContinuousClock.Instant?) -> ObjectIdentifier? {
            entries.filter { $0.key != newest }.compactMap { key, entry in since(entry).map { (key, $0) } }
                .min { $0.1 < $1.1 }?.0
        }
        let key =
            oldest { $0.waiting } ?? oldest { entry in entry.stuck.flatMap { now - $0 >= stuckFor ? $0 : nil } }
        return key.flatMap { entries.removeValue(forKey: $0)?.channel }
    }
}

/// Has a connection in the table, and ends one that brings no head of a request in time.
final class ConnectionGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let table: ConnectionTable
    private let patience: Duration
    private let refusal: Refusal
    private var end: Scheduled<Void>?
    private var isRefused = false
    /// For the rest of a head that is refused: who sends it would otherwise see a broken connection and no answer.
    private static let lingering = TimeAmount.seconds(1)

    /// How a head is answered that cannot be read.
    typealias Refusal = @Sendable (_ status: Int) -> WebResponse

    /// - Parameter patience: for the first head.
    init(_ table: ConnectionTable, patience: Duration, refusal: @escaping Refusal) {
        self.table = table
        self.patience = patience
        self.refusal = refusal
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        let table = table
        table.open(channel)
        end = context.eventLoop.scheduleTask(in: .milliseconds(Int64(patience / .milliseconds(1)))) {
            if !table.hasAsked(channel) { channel.close(promise: nil) }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end?.cancel()
        end = nil
    }

    /// Behind the decoder, the first that comes is a head, and it is known here however long the task takes that answers it.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        table.begin(context.channel)
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { table.noteGone(context.channel) }
        context.fireUserInboundEventTriggered(event)
    }

    /// A head that is too large or none at all: no handler ever sees it, and the library's own answer says nothing.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The parser complains of each piece that comes then.
        if isRefused { return }
        guard let error = error as? HTTPParserError, !table.isAnswering(context.channel) else {
            return context.fireErrorCaught(error)
        }
        isRefused = true
        let answer = refusal(error == .headerOverflow ? 431 : 400)
        let channel = context.channel
        // Where it is gone, so is the connection.
        guard let wire = try? channel.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self) else {
            return channel.close(promise: nil)
        }
        wire.writeAndFlush(NIOAny(ByteBuffer(bytes: answer.wire))).whenComplete { _ in
            channel.close(mode: .output, promise: nil)
            channel.eventLoop.scheduleTask(in: Self.lingering) { channel.close(promise: nil) }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        table.note(isWritable: context.channel.isWritable, context.channel)
        context.fireChannelWritabilityChanged()
    }
}
