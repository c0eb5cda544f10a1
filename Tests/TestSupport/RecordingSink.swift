package import Model
import Synchronization

/// A sink that remembers what it was given and answers as it is told.
package final class RecordingSink: Sink {
    package let name: SinkName
    private let log = Mutex<[Delivery]>([])
    private let answer: @Sendable (Delivery) async -> DeliveryOutcome

    package init(
        _ name: String, answer: @escaping @Sendable (Delivery) async -> DeliveryOutcome = { _ in .delivered }
    ) {
        self.name = SinkName(name)
        self.answer = answer
    }

    package var deliveries: [Delivery] { log.withLock { $0 } }

    package func deliver(_ delivery: Delivery) async -> DeliveryOutcome {
        log.withLock { $0.append(delivery) }
        return await answer(delivery)
    }
}
