import HummingbirdCore
package import Measuring
import Synchronization

/// What a server counts of those who call it.
package final class WebMeasures: Sendable {
    private enum StatusLabel: Int, MetricLabel {
        case informational, success, redirection, clientError, serverError

        var label: String { "\(rawValue + 1)xx" }
    }

    private let open = Atomic<Int>(0)
    private let answers = CounterSet<StatusLabel>()
    private let durations = Histogram(.work)

    package init() {}

    /// - Parameter duration: from the head of the request to the head of the answer.
    func note(status: Int, after duration: Duration) {
        answers.add(1, StatusLabel(rawValue: status / 100 - 1) ?? .serverError)
        durations.note(duration)
    }

    fileprivate func noteConnections(_ change: Int) {
        open.wrappingAdd(change, ordering: .relaxed)
    }

    package func write(to text: inout MetricsText) {
        text.metric(
            "tocsin_web_connections", .gauge, "Open connections to the page and the interface.",
            open.load(ordering: .relaxed))
        text.counter(
            "tocsin_web_requests_total", "Requests to the page and the interface, by the class of the answer.", "code",
            answers)
        text.histogram(
            "tocsin_web_request_duration_seconds", "From the head of a request to the head of its answer.", durations)
    }
}

/// So many connections at once, counted.
struct CountedConnections: AvailableConnectionsDelegate {
    let most: Int
    let measures: WebMeasures?
    private var count = 0

    init(_ most: Int, _ measures: WebMeasures?) {
        self.most = most
        self.measures = measures
    }

    mutating func connectionOpened() {
        count += 1
        measures?.noteConnections(1)
    }

    mutating func connectionClosed() {
        count -= 1
        measures?.noteConnections(-1)
    }

    func isAcceptingNewConnections() -> Bool { count < most }
}
