package import Foundation
package import Measuring
package import Model

/// What the state knows, as gauges, read when somebody asks.
package enum StateMetrics {
    /// - Parameter sinks: those of the configuration.
    package static func write(_ census: Census, _ sinks: [SinkState], at now: Date, to text: inout MetricsText) {
        text.metric(
            "tocsin_feeds", .gauge, "Feeds by their health.",
            FeedHealth.Condition.allCases.map { condition in
                ([.init("health", label(condition))], Double(census.feeds[condition] ?? 0))
            })
        text.metric(
            "tocsin_feeds_needing_attention", .gauge, "Feeds whose trouble has lasted, so that an alert was raised.",
            census.toldFeeds)
        text.metric("tocsin_feeds_due", .gauge, "Feeds that are due and not yet polled.", census.dueFeeds)
        text.metric(
            "tocsin_poll_lag_seconds", .gauge, "How long the feed has been due that has waited longest; 0 if none is.",
            seconds(since: census.dueSince, now))
        if let last = census.lastSuccess {
            text.metric(
                "tocsin_last_poll_success_timestamp_seconds", .gauge, "When a poll of any feed last went well.",
                last.timeIntervalSince1970)
        }
        text.metric("tocsin_alerts_kept", .gauge, "Alerts in the state.", census.alerts)
        text.metric("tocsin_alerts_held", .gauge, "Alerts that wait for a person to release them.", census.held)
        text.metric("tocsin_watches_silenced", .gauge, "Watches that are silent now.", census.silences)
        text.metric(
            "tocsin_state_size_bytes", .gauge, "Size of the file of the state, and of its log.", census.bytes)
        write(sinks, at: now, to: &text)
    }

    private static func write(_ sinks: [SinkState], at now: Date, to text: inout MetricsText) {
        func labels(_ sink: SinkState) -> [MetricsText.Label] { [.init("sink", sink.name.rawValue)] }
        text.metric(
            "tocsin_outbox_deliveries", .gauge, "Deliveries that wait, and those that have failed for good, by sink.",
            sinks.flatMap { sink in
                [("pending", sink.pending), ("failed", sink.failed)].map { state, count in
                    (labels(sink) + [.init("state", state)], Double(count))
                }
            })
        text.metric(
            "tocsin_outbox_wait_seconds", .gauge,
            "How long a delivery has waited for a sink that fails; 0 if none has.",
            sinks.map { (labels($0), seconds(since: $0.waitingSince, now)) })
        text.metric(
            "tocsin_sink_up", .gauge,
            "1 for a sink whose last try went well or that had none, 0 for one that fails, refuses or stopped.",
            sinks.map { (labels($0), $0.isUp ? 1 : 0) })
    }

    private static func seconds(since date: Date?, _ now: Date) -> Double {
        date.map { max(0, now.timeIntervalSince($0)) } ?? 0
    }

    private static func label(_ condition: FeedHealth.Condition) -> String {
        condition.rawValue.replacingOccurrences(of: " ", with: "_")
    }
}
