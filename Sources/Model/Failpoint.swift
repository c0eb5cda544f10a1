#if DEBUG
    import Foundation
    import Synchronization

    /// Steps of a poll and of a delivery at which a test has the program killed: `TOCSIN_FAILPOINT=NAME[:N]` in the environment
    /// sends SIGKILL to it when it passes NAME for the N-th time (1 unless given).
    ///
    /// Only in debug builds: a release has neither the steps nor the variable.
    package enum Failpoint: String, CaseIterable, Sendable {
        // A poll.
        case pollClaimed = "poll-claimed"
        case pollFetched = "poll-fetched"
        case pollRead = "poll-read"
        case recordBegun = "record-begun"
        case recordWritten = "record-written"
        case pollRecorded = "poll-recorded"
        // A delivery.
        case deliveryClaimed = "delivery-claimed"
        case deliverySent = "delivery-sent"
        case settleWritten = "settle-written"
        case deliverySettled = "delivery-settled"
        case lineWritten = "line-written"
        // A message of several alerts.
        case messageWritten = "message-written"
        case messageParted = "message-parted"
        case messageClaimed = "message-claimed"
        case messageSent = "message-sent"
        case messageSettleWritten = "message-settle-written"
        case messageSettled = "message-settled"
        case messageSplit = "message-split"
        // What follows from how a sink fares.
        case noticeWritten = "notice-written"
        case fallbackWritten = "fallback-written"
        case heartbeatWritten = "heartbeat-written"

        /// The step and how many times it is passed, from the environment.
        private static let chosen: (step: Failpoint, number: Int)? = {
            guard let text = ProcessInfo.processInfo.environment["TOCSIN_FAILPOINT"] else { return nil }
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard let step = parts.first.flatMap(Failpoint.init), let number = parts.count > 1 ? Int(parts[1]) : 1
            else {
                fatalError("TOCSIN_FAILPOINT names no step: \(text)")
            }
            return (step, number)
        }()
        private static let passed = Atomic(0)

        /// Kills the program if this is the step, and the time.
        package func pass() {
            guard let chosen = Self.chosen, chosen.step == self else { return }
            if Self.passed.add(1, ordering: .relaxed).newValue == chosen.number { kill(getpid(), SIGKILL) }
        }
    }
#endif
