/// Where alerts go.
///
/// `deliver` is called for one delivery at a time (or as many as `concurrency` says), ends by itself (each sink has its
/// time-out), and may be called again with a delivery that had arrived: the alert's id lets a receiver drop the repeat.
package protocol Sink: Sendable {
    var name: SinkName { get }
    /// How many deliveries may be under way at once, while all goes well. 1 unless a sink says more.
    var concurrency: Int { get }
    func deliver(_ delivery: Delivery) async -> DeliveryOutcome
    /// Delivers, and tells what the receiver said as well, where there is one that says something.
    func attempt(_ delivery: Delivery) async -> DeliveryReply
}

extension Sink {
    package var concurrency: Int { 1 }

    package func attempt(_ delivery: Delivery) async -> DeliveryReply { DeliveryReply(await deliver(delivery)) }
}
