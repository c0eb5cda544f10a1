package import Foundation
package import Model
import Synchronization

/// Tells an outage of ours from those of others: when most of the sites that were asked last give no answer of their own, or
/// several lead to one page where each had a feed, the fault is in our own network, and counts against no feed (PEERS: a
/// night without a network, and every feed was given up; a hotel's login page does the same).
package final class OutageWatch: Sendable {
    /// Fewer hosts say nothing about the network.
    package static let fewestHosts = 5
    /// The hosts that are looked at: those of the last minute, or the last few where fewer were asked.
    private static let mostHosts = 64
    private static let fewHosts = 8
    private static let minute = 60.0
    /// An older result says nothing.
    private static let longest = 3600.0
    /// So many sites do not lead to one page by chance.
    private static let crowd = 3

    /// What a poll tells of the way to its host.
    package struct Sign: Sendable, Hashable {
        /// Nothing came, or what came is hardly the host's: a page where a feed was, a handshake that failed.
        package var isLacking: Bool
        /// What the page that came is known by elsewhere: its address, its bytes.
        package var pages: Set<Int>

        package init(isLacking: Bool, pages: Set<Int> = []) {
            self.isLacking = isLacking
            self.pages = pages
        }

        /// The host itself has spoken, be it of an error.
        package static let answer = Sign(isLacking: false)
        package static let silence = Sign(isLacking: true)
    }

    package enum Verdict: Sendable, Hashable {
        /// What came is the host's doing.
        case theirs
        /// Most sites give no answer of their own.
        case most
        /// Several sites lead to this page.
        case onePage
    }

    private struct Result {
        /// Of the site: two that collide are taken for one, which changes no majority.
        var site: Int
        var sign: Sign
        var at: Date
    }

    /// A poll that was blamed on its feed before others were heard of.
    private struct Suspect {
        /// As the feed is if it is not to blame.
        var excused: FeedState
        var sign: Sign
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
        /// The last result of each site that was asked last, the newest at the end.
        var results: [Result] = []
        var suspects: [Suspect] = []
        /// Since when the outage has lasted. Nil: there is none.
        var since: Date?
        /// Of the outage that was told of.
        var told: Date?
    }

    private let state = Mutex(State())

    package init() {}

    /// Notes what came of asking a site.
    ///
    /// - Parameters:
    ///   - site: whose servers they are: five hosts of one provider are one.
    ///   - onChange: called when an outage begins or ends.
    @discardableResult
    package func note(
        _ site: String, _ sign: Sign, at now: Date, onChange: (_ isOutage: Bool) -> Void = { _ in }
    ) -> Verdict {
        let site = site.hashValue
        let (verdict, isOn, wasOn) = state.withLock { state in
            // A time in the future is one of a clock that was set back.
            state.results.removeAll { $0.site == site || $0.at > now || now.timeIntervalSince($0.at) > Self.longest }
            state.results.append(Result(site: site, sign: sign, at: now))
            if state.results.count > Self.mostHosts { state.results.removeFirst() }
            let recent = state.results.count { now.timeIntervalSince($0.at) <= Self.minute }
            let judged = state.results.suffix(max(recent, Self.fewHosts))
            let lacking = judged.count { $0.sign.isLacking }
            let isOnePage =
                !sign.pages.isEmpty
                && state.results.count { !$0.sign.pages.isDisjoint(with: sign.pages) } >= Self.crowd
            let wasOn = state.since != nil
            // Where several lead to one page, fewer sites are enough.
            let isOn = judged.count >= (isOnePage ? Self.crowd : Self.fewestHosts) && lacking * 2 > judged.count
            // The earlier one: a clock that was set back.
            state.since = isOn ? min(state.since ?? now, now) : nil
            let verdict: Verdict = sign.isLacking && isOn ? .most : isOnePage ? .onePage : .theirs
            return (verdict, isOn, wasOn)
        }
        if isOn != wasOn { onChange(isOn) }
        return verdict
    }

    /// Whether most sites give no answer of their own.
    package var isOn: Bool { state.withLock { $0.since != nil } }

    /// Notes a poll that was blamed on its feed, for the case that the fault turns out to be ours.
    ///
    /// - Parameter excused: the feed's state after the poll, if it is not to blame.
    package func suspect(_ excused: FeedState, _ sign: Sign, at now: Date) {
        state.withLock { state in
            state.suspects.removeAll {
                $0.excused.id == excused.id || $0.at > now || now.timeIntervalSince($0.at) > Self.longest
            }
            state.suspects.append(Suspect(excused: excused, sign: sign, at: now))
            if state.suspects.count > Self.mostHosts { state.suspects.removeFirst() }
        }
    }

    /// The feeds that were blamed and are not to blame, as they are without: each once.
    ///
    /// - Parameter sign: what came of the poll that has shown it.
    package func pardons(by verdict: Verdict, _ sign: Sign) -> [FeedState] {
        if verdict == .theirs { return [] }
        return state.withLock { state in
            let isExcused: (Suspect) -> Bool = { suspect in
                verdict == .most && suspect.sign.isLacking || !suspect.sign.pages.isDisjoint(with: sign.pages)
            }
            defer { state.suspects.removeAll(where: isExcused) }
            return state.suspects.filter(isExcused).map(\.excused)
        }
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
