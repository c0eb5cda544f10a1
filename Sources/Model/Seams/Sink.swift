/// Where alerts go.
///
/// `deliver` is called for one delivery at a time (or as many as `concurrency` says), ends by itself (each sink has its
/// time-out), and may be called again with a delivery that had arrived: the alert's id lets a receiver drop the repeat.
package protocol Sink: Sendable {
    var name: SinkName { get }
    /// How many deliveries may be under way at once, while all goes well. 1 unless a sink says more.
    var concurrency: Int { get }
    /// A digest of where it sends to, with the login. Nil where a sink is never gone.
    var address: String? { get }
    func deliver(_ delivery: Delivery) async -> DeliveryOutcome
    /// Delivers, and tells what the receiver said as well, where there is one that says something.
    func attempt(_ delivery: Delivery) async -> DeliveryReply
    /// Whether it takes several alerts as one message.
    var takesSeveral: Bool { get }
    /// How several alerts are to be sent that may be more than a message has room for: each message with as many as it shows
    /// whole, in order. At most `MessagePart.most` messages; what stands in none of them is for later.
    func messages(of deliveries: [Delivery]) -> [[Delivery]]
    /// Several alerts as one message, called only where `takesSeveral` says so. What is said of it holds for each of them.
    func deliver(together deliveries: [Delivery]) async -> MessageOutcome
}

/// What a sink says of several alerts in one message.
package struct MessageOutcome: Sendable, Hashable {
    /// Of each of them, and what the receiver said.
    package var reply: DeliveryReply
    /// What was refused may have been refused for one of them, and not for who sends it.
    package var mayBeForOne: Bool

    package init(_ reply: DeliveryReply, mayBeForOne: Bool = true) {
        self.reply = reply
        self.mayBeForOne = mayBeForOne
    }

    package init(_ outcome: DeliveryOutcome, mayBeForOne: Bool = true) {
        self.init(DeliveryReply(outcome), mayBeForOne: mayBeForOne)
    }

    package var outcome: DeliveryOutcome { reply.outcome }
}

extension Sink {
    package var concurrency: Int { 1 }
    package var address: String? { nil }

    package func attempt(_ delivery: Delivery) async -> DeliveryReply { DeliveryReply(await deliver(delivery)) }
    package var takesSeveral: Bool { false }
    package func messages(of deliveries: [Delivery]) -> [[Delivery]] { [deliveries] }
    package func deliver(together deliveries: [Delivery]) async -> MessageOutcome {
        guard let only = deliveries.first, deliveries.count == 1 else {
            return MessageOutcome(.refused(reason: "this sink takes one alert at a time"))
        }
        return MessageOutcome(await attempt(only))
    }
}
