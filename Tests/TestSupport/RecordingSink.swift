package import Model
import Synchronization

/// A sink that remembers what it was given and answers as it is told.
package final class RecordingSink: Sink {
    package let name: SinkName
    package let takesSeveral: Bool
    package let concurrency: Int
    package let address: String?
    /// Of each answer to a message of several.
    private let status: Int?
    private let refusesForOne: Bool
    /// What one that was put off says of the sink.
    private let bearing: DeliveryReply.Bearing
    /// So many alerts fit into a message.
    private let room: Int
    private let log = Mutex<[[Delivery]]>([])
    private let answer: @Sendable (Delivery) async -> DeliveryOutcome

    package init(
        _ name: String, takesSeveral: Bool = false, refusesForOne: Bool = true, concurrency: Int = 1, room: Int = .max,
        address: String? = nil, status: Int? = nil,
        bearing: DeliveryReply.Bearing = .fault,
        answer: @escaping @Sendable (Delivery) async -> DeliveryOutcome = { _ in .delivered }
    ) {
        self.name = SinkName(name)
        self.takesSeveral = takesSeveral
        self.refusesForOne = refusesForOne
        self.concurrency = concurrency
        self.address = address
        self.status = status
        self.bearing = bearing
        self.room = room
        self.answer = answer
    }

    package var deliveries: [Delivery] { messages.flatMap(\.self) }
    /// What was given together.
    package var messages: [[Delivery]] { log.withLock { $0 } }

    package func deliver(_ delivery: Delivery) async -> DeliveryOutcome {
        log.withLock { $0.append([delivery]) }
        return await answer(delivery)
    }

    package func attempt(_ delivery: Delivery) async -> DeliveryReply {
        let outcome = await deliver(delivery)
        return DeliveryReply(outcome, bearing: bearing)
    }

    package func messages(of deliveries: [Delivery]) -> [[Delivery]] {
        if deliveries.count <= room { return [deliveries] }
        return stride(from: 0, to: deliveries.count, by: room).prefix(MessagePart.most).map { start in
            Array(deliveries[start..<min(start + room, deliveries.count)])
        }
    }

    /// Delivered where each of them would be; else as the first says that would not.
    package func deliver(together deliveries: [Delivery]) async -> MessageOutcome {
        log.withLock { $0.append(deliveries) }
        for delivery in deliveries {
            let outcome = await answer(delivery)
            if outcome != .delivered {
                return MessageOutcome(
                    DeliveryReply(outcome, status: status, bearing: bearing), mayBeForOne: refusesForOne)
            }
        }
        return MessageOutcome(.delivered)
    }
}
