import Foundation
package import Measuring
package import Model
import Synchronization

/// What the monitor counts while it works: every metric of its own, with its help text.
///
/// No label names a watch, a person or a feed: who may read metrics need not know who is looked for. Sinks are named.
/// The counts begin with the process; what the state knows is read from it when somebody asks (`StateMetrics`).
package final class MonitorMetrics: Sendable {
    /// What is counted of one sink.
    private final class SinkMeasures: Sendable {
        let outcomes = CounterSet<DeliveryLabel>()
        let durations = Histogram(.network)
        let delays = Histogram(.delay)
    }

    private let polls = CounterSet<PollLabel>()
    private let failures = CounterSet<FailureLabel>()
    private let bytes = Counter()
    private let items = CounterSet<NoveltyLabel>()
    private let matches = CounterSet<MatchLabel>()
    private let alerts = CounterSet<SeverityLabel>()
    private let healthAlerts = Counter()
    private let gaps = Counter()
    private let pages = Counter()
    private let pushes = Counter()
    private let fetches = Histogram(.network)
    private let readings = Histogram(.work)
    private let records = Histogram(.work)
    private let sinks = Mutex<[SinkName: SinkMeasures]>([:])

    package init() {}

    // MARK: what is noted

    /// A poll, once it is recorded.
    func note(_ poll: PollMeasure) {
        polls.add(1, PollLabel(poll.outcome))
        if case .failed(let failure) = poll.outcome { failures.add(1, FailureLabel(failure.kind)) }
        if poll.bytes > 0 { bytes.add(poll.bytes) }
        if let fetched = poll.fetched { fetches.note(fetched) }
        if let read = poll.read { readings.note(seconds: read) }
        records.note(seconds: poll.recorded)
        if poll.hasGap { gaps.add() }
        note(poll.novelties, poll.items, poll.alerts)
    }

    /// An older page of a feed, once it is recorded.
    func notePage(_ novelties: [Novelty], _ items: [ItemRecord], _ alerts: [Alert], bytes: Int) {
        pages.add()
        self.bytes.add(bytes)
        note(novelties, items, alerts)
    }

    /// A document that a hub has pushed, once it is recorded.
    func notePush(_ novelties: [Novelty], _ items: [ItemRecord], _ alerts: [Alert], bytes: Int) {
        pushes.add()
        self.bytes.add(bytes)
        note(novelties, items, alerts)
    }

    private func note(_ novelties: [Novelty], _ items: [ItemRecord], _ alerts: [Alert]) {
        if !novelties.isEmpty {
            var new = 0
            var changed = 0
            for novelty in novelties {
                switch novelty {
                case .new: new += 1
                case .changed: changed += 1
                case .known: break
                }
            }
            self.items.add(novelties.count - new - changed, .known)
            if new > 0 { self.items.add(new, .new) }
            if changed > 0 { self.items.add(changed, .changed) }
        }
        for item in items where !item.hits.isEmpty {
            for hit in item.hits {
                for match in hit.matches { matches.add(1, MatchLabel(match.kind)) }
            }
        }
        for alert in alerts {
            if alert.kind == .health { healthAlerts.add() } else { self.alerts.add(1, SeverityLabel(alert.severity)) }
        }
    }

    /// A try, once it is settled.
    ///
    /// - Parameter deliveries: one, or those that one message was of.
    func note(_ verdict: DeliveryVerdict, of deliveries: [Delivery], duration: Double, at now: Date) {
        guard let sink = deliveries.first?.id.sink else { return }
        let measures = measures(of: sink)
        measures.outcomes.add(deliveries.count, DeliveryLabel(verdict))
        measures.durations.note(seconds: duration)
        guard verdict == .delivered else { return }
        for raised in deliveries.lazy.compactMap(\.raised) {
            measures.delays.note(seconds: now.timeIntervalSince(raised))
        }
    }

    private func measures(of sink: SinkName) -> SinkMeasures {
        sinks.withLock { sinks in
            if let known = sinks[sink] { return known }
            let new = SinkMeasures()
            sinks[sink] = new
            return new
        }
    }

    // MARK: what is told

    /// - Parameter sinks: those that there are: they are told of before the first delivery.
    package func write(to text: inout MetricsText, sinks: [SinkName]) {
        text.counter("tocsin_polls_total", "Polls that were recorded, by outcome.", "outcome", polls)
        text.counter(
            "tocsin_poll_failures_total", "Polls that brought no whole feed, by reason.", "reason", failures)
        text.metric(
            "tocsin_fetched_bytes_total", .counter, "Bytes of feeds, unpacked: polled, of older pages, and pushed.",
            bytes.value)
        text.counter(
            "tocsin_items_total", "Items in the documents that were read; those of unchanged documents are not read.",
            "novelty", items)
        text.counter("tocsin_matches_total", "Places where a watch was found, by kind of its pattern.", "kind", matches)
        text.counter("tocsin_alerts_total", "Alerts on articles, by severity.", "severity", alerts)
        text.metric(
            "tocsin_feed_health_alerts_total", .counter, "Alerts on the health of feeds.", healthAlerts.value)
        text.metric(
            "tocsin_coverage_gaps_total", .counter,
            "Documents that share no item with the one before: some may be missed.",
            gaps.value)
        text.metric(
            "tocsin_older_pages_total", .counter, "Older pages of feeds that were read to close a gap.", pages.value)
        text.metric("tocsin_pushes_total", .counter, "Documents that hubs have pushed.", pushes.value)
        text.histogram(
            "tocsin_fetch_duration_seconds", "From a poll's request to the end of its answer, redirects included.",
            fetches)
        text.histogram(
            "tocsin_read_duration_seconds", "What an answer with a body took to be parsed, compared and matched.",
            readings)
        text.histogram("tocsin_record_duration_seconds", "What a poll took to be written into the state.", records)
        write(sinks: sinks, to: &text)
    }

    private func write(sinks names: [SinkName], to text: inout MetricsText) {
        for name in names { _ = measures(of: name) }
        let sinks = sinks.withLock { $0 }.sorted { $0.key.rawValue < $1.key.rawValue }
        func labels(_ name: SinkName) -> [MetricsText.Label] { [.init("sink", name.rawValue)] }
        text.metric(
            "tocsin_deliveries_total", .counter, "Tries of deliveries that were settled, by sink and outcome.",
            sinks.flatMap { name, measures in
                DeliveryLabel.allCases.map { outcome in
                    (
                        labels(name) + [.init("outcome", outcome.label)],
                        Double(measures.outcomes.value(outcome))
                    )
                }
            })
        text.histogram(
            "tocsin_delivery_duration_seconds", "What a try took, of one alert or of several in one message.",
            sinks.map { (labels($0), $1.durations.reading) })
        text.histogram(
            "tocsin_alert_delay_seconds", "From the end of the poll that raised an alert to its arrival at a sink.",
            sinks.map { (labels($0), $1.delays.reading) })
    }
}
