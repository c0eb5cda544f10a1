import Crypto
import Foundation
import Model

/// Who shows a token, as far as it can be told.
struct Asker: Sendable, Hashable {
    /// An address, an address behind a web server of ours, or a browser that has been logged in.
    var key: String
    /// It has an allowance of its own, whatever strangers do: a program of this machine, or a browser that has been logged in.
    var isKnown = false

    /// By its address: where a web server stands in front of us, the one that this has added to `X-Forwarded-For`. Whoever reaches us past
    /// that server can write what he likes there, and gains nothing: all strangers together have one allowance.
    ///
    /// - Parameter isBehindServer: the configuration says so.
    init(_ head: WebRequestHead, isBehindServer: Bool) {
        let peer = head.peer ?? ""
        let isLoopback = peer == "::1" || peer.hasPrefix("127.") || peer.hasPrefix("::ffff:127.")
        let isForwarded = Self.marks.contains { head.text(of: $0) != nil }
        guard isForwarded, isLoopback || isBehindServer else {
            key = peer
            isKnown = isLoopback && !isForwarded
            return
        }
        let addresses = head.headers.last { $0.name == "x-forwarded-for" }.map {
            String(decoding: $0.value, as: UTF8.self).split(separator: ",")
        }
        let last = addresses?.last?.trimmingCharacters(in: .whitespaces).prefix(64) ?? ""
        key = "\(peer) for \(last)"
    }

    /// A browser, by a cookie of ours that is good no more.
    init(browser cookie: String) {
        key = "browser \(cookie)"
        isKnown = true
    }

    /// What a web server adds to what it passes on.
    private static let marks = ["x-forwarded-for", "x-forwarded-proto", "forwarded", "via", "x-real-ip"]
}

/// How many tokens are judged: some at once, and then slowly, for each asker and for all strangers together. The others, right or
/// wrong, hear when to come again.
///
/// Who has shown the right one, or asks from this machine, has an allowance of his own, which strangers cannot use up. A wrong
/// token that comes again is no guess: a program that was not told of a new token shuts nobody out.
///
/// A value that `WebAccess` guards.
struct GuessLimit: Sendable {
    enum Verdict: Sendable, Hashable {
        case right, wrong
        /// Not judged.
        case tooMany(seconds: Int)
    }

    /// Wrong ones of one asker.
    static let burst = 10.0
    /// Seconds for one more.
    static let pause = 10.0
    static let burstOfStrangers = 60.0
    static let pauseOfStrangers = 1.0
    /// Seconds for which the right token is remembered of an asker.
    static let memory = 30 * 86_400.0
    private static let mostAskers = 4096
    private static let mostFriends = 256
    /// Wrong ones that are remembered of an asker.
    private static let mostWrong = 8

    private struct Bucket {
        var used = 0.0
        var at: Date
        /// The beginnings of their digests.
        var wrong: [UInt64] = []

        func used(at now: Date, pause: Double) -> Double {
            // A clock that was set back gives nothing and takes nothing.
            max(0, used - max(0, now.timeIntervalSince(at)) / pause)
        }
    }

    private var askers: [String: Bucket] = [:]
    private var strangers = Bucket(at: .distantPast)
    /// Who has shown the right one, and when.
    private var friends: [String: Date] = [:]

    /// - Parameters:
    ///   - isRight: whether it is; nothing of that is told where the allowance is used up.
    ///   - digest: of what was shown.
    mutating func judge(_ isRight: Bool, _ digest: SHA256Digest, from asker: Asker, at now: Date) -> Verdict {
        let mark = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if askers[asker.key]?.wrong.contains(mark) == true { return .wrong }
        let isFriend =
            asker.isKnown || friends[asker.key].map { abs(now.timeIntervalSince($0)) < Self.memory } ?? false
        if let wait = wait(asker, isFriend, at: now) { return .tooMany(seconds: wait) }
        if isRight {
            befriend(asker, at: now)
            return .right
        }
        noteWrong(mark, asker, isFriend, at: now)
        return .wrong
    }

    /// Seconds until the next one is judged. Nil: one is free.
    private func wait(_ asker: Asker, _ isFriend: Bool, at now: Date) -> Int? {
        let own = (askers[asker.key]?.used(at: now, pause: Self.pause) ?? 0) - Self.burst + 1
        let all = strangers.used(at: now, pause: Self.pauseOfStrangers) - Self.burstOfStrangers + 1
        let wait = max(own * Self.pause, isFriend ? 0 : all * Self.pauseOfStrangers)
        return wait > 0 ? Int(max(1, wait.rounded(.up))) : nil
    }

    private mutating func noteWrong(_ mark: UInt64, _ asker: Asker, _ isFriend: Bool, at now: Date) {
        if askers.count >= Self.mostAskers {
            askers = askers.filter { $0.value.used(at: now, pause: Self.pause) > 0 }
            // So many addresses at once are held back by what holds for all.
            if askers.count >= Self.mostAskers { askers = [:] }
        }
        var bucket = askers[asker.key] ?? Bucket(at: now)
        bucket.used = min(bucket.used(at: now, pause: Self.pause) + 1, Self.burst)
        bucket.at = now
        bucket.wrong = Array(([mark] + bucket.wrong).prefix(Self.mostWrong))
        askers[asker.key] = bucket
        if isFriend { return }
        strangers.used = min(
            strangers.used(at: now, pause: Self.pauseOfStrangers) + 1, Self.burstOfStrangers)
        strangers.at = now
    }

    private mutating func befriend(_ asker: Asker, at now: Date) {
        friends[asker.key] = now
        guard friends.count > Self.mostFriends, let oldest = friends.min(by: { $0.value < $1.value }) else { return }
        friends[oldest.key] = nil
    }
}
