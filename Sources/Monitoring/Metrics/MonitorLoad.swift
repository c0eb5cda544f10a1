package import Measuring

/// What the monitor has in hand at a moment.
package struct MonitorLoad: Sendable, Hashable {
    /// Whether the schedule is served.
    package var isPolling = false
    /// Feeds that are polled.
    package var polls = 0
    /// Feeds that are due and wait for their host's turn.
    package var waitingForHost = 0
    /// Documents that are read and matched.
    package var reading = 0
    /// Documents that have arrived and wait to be read.
    package var waitingToBeRead = 0

    /// How often the state could not be used since the start.
    package var stateErrors = 0
    /// Whether it could not be used just now.
    package var isTroubled = false

    package init() {}

    package func write(to text: inout MetricsText) {
        text.metric("tocsin_polls_in_flight", .gauge, "Feeds that are being polled.", polls)
        text.metric(
            "tocsin_polls_waiting_for_host", .gauge, "Feeds that are due and wait for their host's turn.",
            waitingForHost)
        text.metric("tocsin_documents_reading", .gauge, "Documents that are being read and matched.", reading)
        text.metric(
            "tocsin_documents_waiting", .gauge, "Documents that have arrived and wait to be read.", waitingToBeRead)
        text.metric(
            "tocsin_state_errors_total", .counter, "How often the state could not be used; it is tried again.",
            stateErrors)
    }
}
