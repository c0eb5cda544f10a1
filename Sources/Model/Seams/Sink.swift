/// Where alerts go.
///
/// `deliver` is called for one delivery at a time, ends by itself (each sink has its time-out), and may be called again
/// with a delivery that had arrived: the alert's id lets a receiver drop the repeat.
package protocol Sink: Sendable {
    var name: SinkName { get }
    func deliver(_ delivery: Delivery) async -> DeliveryOutcome
}
