package import Foundation
import Synchronization

/// Tells an outage of ours from those of others: when most of the hosts that were asked last do not answer, the fault is in
/// our own network, and counts against no feed (PEERS: a night without a network, and every feed was given up).
package final class OutageWatch: Sendable {
    /// Fewer hosts say nothing about the network.
    package static let fewestHosts = 5
    /// The hosts that are looked at: those of the last minute, or the last few where fewer were asked.
    private static let mostHosts = 64
    private static let fewHosts = 8
    private static let minute = 60.0
    /// An older result says nothing.
    private static let longest = 3600.0

    private struct Result {
        /// Of the host: two that collide are taken for one, which changes no majority.
        var host: Int
        var hasAnswered: Bool
        var at: Date
    }

    /// What somebody should hear of.
    package enum News: Sendable, Hashable {
        case lasts(since: Date)
        case ended(since: Date)
    }

    /// No feed is blamed meanwhile, so after so long the outage itself is news.
    package static let patience = 6 * 3600.0

    private struct State {
        /// The last result of each host that was asked last, the newest at the end.
        var results: [Result] = []
        /// Since when the outage has lasted. Nil: there is none.
        var since: Date?
        /// Of the outage that was told of.
        var told: Date?
    }

    private let state = Mutex(State())

    package init() {}

    /// Notes whether a host answered anything, be it an error. Returns whether most did not.
    ///
    /// - Parameter onChange: called when that begins or ends.
    @discardableResult
    package func note(
        _ host: String, hasAnswered: Bool, at now: Date, onChange: (_ isOutage: Bool) -> Void = { _ in }
    ) -> Bool {
        let host = host.hashValue
        let (isOn, wasOn) = state.withLock { state in
            // A time in the future is one of a clock that was set back.
            state.results.removeAll { $0.host == host || $0.at > now || now.timeIntervalSince($0.at) > Self.longest }
            state.results.append(Result(host: host, hasAnswered: hasAnswered, at: now))
            if state.results.count > Self.mostHosts { state.results.removeFirst() }
            let recent = state.results.count { now.timeIntervalSince($0.at) <= Self.minute }
            let judged = state.results.suffix(max(recent, Self.fewHosts))
            let silent = judged.count { !$0.hasAnswered }
            let wasOn = state.since != nil
            let isOn = judged.count >= Self.fewestHosts && silent * 2 > judged.count
            // The earlier one: a clock that was set back.
            state.since = isOn ? min(state.since ?? now, now) : nil
            return (isOn, wasOn)
        }
        if isOn != wasOn { onChange(isOn) }
        return isOn
    }

    /// What somebody should hear of, until it is noted as told.
    package func news(at now: Date) -> News? {
        state.withLock { state in
            if let since = state.since {
                return state.told == nil && now.timeIntervalSince(since) >= Self.patience ? .lasts(since: since) : nil
            }
            return state.told.map { .ended(since: $0) }
        }
    }

    /// It is on the disk.
    package func noteTold(_ news: News) {
        state.withLock { state in
            switch news {
            case .lasts(let since): state.told = since
            case .ended: state.told = nil
            }
        }
    }
}
