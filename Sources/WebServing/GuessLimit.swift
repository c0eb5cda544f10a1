import Foundation

/// How often a wrong token is told that it is wrong: some times at once, and then slowly, for each address and for all together.
///
/// A value that `WebAccess` guards.
struct GuessLimit: Sendable {
    /// Of one address.
    static let burst = 10.0
    /// Seconds for one more.
    static let pause = 10.0
    static let burstOfAll = 60.0
    static let pauseOfAll = 1.0
    private static let mostPeers = 4096

    private struct Bucket {
        var used = 0.0
        var at: Date

        func used(at now: Date, pause: Double) -> Double {
            // A clock that was set back gives nothing and takes nothing.
            max(0, used - max(0, now.timeIntervalSince(at)) / pause)
        }
    }

    private var peers: [String: Bucket] = [:]
    private var all = Bucket(at: .distantPast)

    /// How many seconds to wait before the next guess. Nil: one is free.
    func wait(_ peer: String, at now: Date) -> Double? {
        let own = (peers[peer]?.used(at: now, pause: Self.pause) ?? 0) - Self.burst + 1
        let others = all.used(at: now, pause: Self.pauseOfAll) - Self.burstOfAll + 1
        let wait = max(own * Self.pause, others * Self.pauseOfAll)
        return wait > 0 ? max(1, wait.rounded(.up)) : nil
    }

    mutating func noteWrong(_ peer: String, at now: Date) {
        if peers.count >= Self.mostPeers {
            peers = peers.filter { $0.value.used(at: now, pause: Self.pause) > 0 }
            // So many addresses at once are held back by what holds for all.
            if peers.count >= Self.mostPeers { peers = [:] }
        }
        let used = peers[peer]?.used(at: now, pause: Self.pause) ?? 0
        peers[peer] = Bucket(used: min(used + 1, Self.burst), at: now)
        all = Bucket(used: min(all.used(at: now, pause: Self.pauseOfAll) + 1, Self.burstOfAll), at: now)
    }
}
