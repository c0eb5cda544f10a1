import Model
import Synchronization

/// The setup that holds now. Whoever works takes it once and keeps to it, so that a reload falls between polls.
final class CurrentSetup: Sendable {
    struct Value: Sendable {
        var setup: MonitorSetup
        var specs: FeedTable
        var sinks: [SinkName: any Sink]
        /// The longest time-out of any feed.
        var slowest: Duration
        /// Counts the reloads.
        var generation: Int

        fileprivate init(_ setup: MonitorSetup, generation: Int) {
            var setup = setup
            for index in setup.feeds.indices {
                let representation = RequestPlan.representation(setup.feeds[index].policy)
                if let representation { setup.feeds[index].representation = representation }
            }
            self.setup = setup
            self.generation = generation
            specs = FeedTable(setup.feeds)
            slowest = setup.feeds.map(\.policy.timeout).max() ?? .zero
            sinks = Dictionary(setup.sinks.map { ($0.name, $0) }) { first, _ in first }
        }

        /// What the feed's host is given. Nil where nobody needs to be spared.
        func pace(of feed: FeedState) -> HostPace? {
            guard let spec = specs[feed.url] else { return nil }
            let gap = setup.gap(of: feed.address, spec)
            guard gap > .zero else { return nil }
            return HostPace(
                host: FeedSpec.host(of: feed.address), gap: gap / .seconds(1), atOnce: spec.policy.perHost)
        }
    }

    private let current: Mutex<Value>

    init(_ setup: MonitorSetup) {
        current = Mutex(Value(setup, generation: 0))
    }

    var value: Value { current.withLock { $0 } }

    func replace(_ setup: MonitorSetup) {
        // Built before the lock is taken, which no poll must wait for.
        var new = Value(setup, generation: 0)
        current.withLock { old in
            new.generation = old.generation + 1
            old = new
        }
    }
}

/// Feeds by their addresses. Their places only, beside the list that is there anyway: a hundred thousand feeds are some tens of
/// megabytes.
struct FeedTable: Sendable {
    private let feeds: [FeedSpec]
    private let places: [String: Int32]

    init(_ feeds: [FeedSpec]) {
        self.feeds = feeds
        places = Dictionary(feeds.enumerated().map { ($1.url, Int32($0)) }) { first, _ in first }
    }

    subscript(url: String) -> FeedSpec? { places[url].map { feeds[Int($0)] } }
}
