import Foundation
import Model
import Monitoring
import Testing

@Suite struct HealthRuleTests {
    private static let now = Date(timeIntervalSince1970: 1_543_240_800)
    private static let hour = 3600.0
    private static let day = 86_400.0

    private static func history(
        failures: Int = 0, silentFor: Double? = nil, cadence: Double? = nil, isEmpty: Bool = false
    ) -> FeedHistory {
        var history = FeedHistory()
        history.isEmpty = isEmpty
        history.failures = failures
        history.lastNewItem = silentFor.map { now - $0 }
        history.cadence = cadence.map { .seconds($0) }
        return history
    }

    private static func health(
        _ outcome: PollOutcome, _ finding: HealthRule.Finding = .init(), _ history: FeedHistory = history(),
        before: FeedHealth = FeedHealth(.fine), silentAfter: Duration? = nil
    ) -> FeedHealth {
        HealthRule.health(
            after: outcome, finding, before: before, history, silentAfter: silentAfter, now: now)
    }

    private static func failed(_ kind: PollFailure.Kind) -> PollOutcome { .failed(PollFailure(kind, "why")) }

    @Test(
        arguments: [
            (.gone, .gone), (failed(.noAnswer), .failing), (failed(.status(500)), .failing),
            (failed(.status(404)), .failing), (failed(.truncated), .failing), (failed(.status(403)), .blocked),
            (failed(.status(429)), .blocked), (failed(.challenge), .blocked), (failed(.unreadable), .notAFeed),
            (.read, .fine), (.unchanged, .fine),
        ] as [(PollOutcome, FeedHealth.Condition)])
    func `What an outcome means`(_ outcome: PollOutcome, _ condition: FeedHealth.Condition) {
        #expect(Self.health(outcome).condition == condition)
        #expect(Self.health(outcome).since == Self.now)
    }

    @Test func `What is found in an answer`() {
        let empty = Self.history(isEmpty: true)
        #expect(Self.health(.read, .init(), empty).condition == .empty)
        // The bytes of last time: as empty as they were.
        #expect(Self.health(.unchanged, .init(), empty, before: FeedHealth(.empty)).condition == .empty)
        // It failed meanwhile, and is no fuller for that.
        let told = Self.health(.unchanged, .init(), empty, before: FeedHealth(.failing, isTold: true))
        #expect(told.condition == .empty)
        #expect(told.isTold)
        #expect(Self.health(.unchanged, .init()).condition == .fine)
        #expect(Self.health(.read, .init(elapsed: .seconds(11))).condition == .slow)
        let moved = Self.health(.read, .init(movedTo: "https://b.example/"))
        #expect(moved.condition == .moved)
        #expect(moved.evidence?.contains("https://b.example/") ?? false)
        #expect(!moved.isTold)
    }

    @Test(
        arguments: [
            // Without a cadence nothing is known.
            (40 * day, nil, nil, false),
            // Eight times the usual, but three days at least and ninety at most.
            (2.9 * day, hour, nil, false), (3.1 * day, hour, nil, true), (7.9 * day, day, nil, false),
            (8.1 * day, day, nil, true), (89 * day, 100 * day, nil, false), (91 * day, 100 * day, nil, true),
            // The user's word is stronger, either way.
            (2 * hour, day, hour, true), (20 * day, hour, 30 * day, false), (31 * day, nil, 30 * day, true),
        ] as [(Double, Double?, Double?, Bool)])
    func `When a feed has gone silent`(_ silence: Double, _ cadence: Double?, _ limit: Double?, _ isStale: Bool) {
        let history = Self.history(silentFor: silence, cadence: cadence)
        let health = Self.health(.unchanged, .init(), history, silentAfter: limit.map { .seconds($0) })
        #expect((health.condition == .stale) == isStale)
        #expect(health.isTold == isStale)
        if isStale { #expect(health.since == history.lastNewItem) }
    }

    @Test(
        arguments: [
            (failed(.noAnswer), 2, 30 * hour, false), (failed(.noAnswer), 3, 5 * hour, false),
            (failed(.noAnswer), 3, 7 * hour, true), (failed(.unreadable), 3, 0.5 * hour, false),
            (failed(.unreadable), 3, 2 * hour, true), (failed(.status(403)), 2, 2 * hour, false),
            (failed(.status(403)), 3, 2 * hour, true), (failed(.status(401)), 1, 0, true), (.gone, 1, 0, true),
        ] as [(PollOutcome, Int, Double, Bool)])
    func `What lasts is told`(_ outcome: PollOutcome, _ failures: Int, _ age: Double, _ isTold: Bool) {
        let kind = Self.health(outcome).condition
        let before = FeedHealth(kind, since: Self.now - age)
        let health = Self.health(outcome, .init(), Self.history(failures: failures), before: before)
        #expect(health.isTold == isTold)
        #expect(health.since == Self.now - age)
    }

    @Test(
        arguments: [
            // Where a day lies between two polls, the second tells it.
            (failed(.challenge), 1, 0, nil, false), (failed(.challenge), 2, 24 * hour, nil, true),
            (.failed(PollFailure(.status(429), "", retryAfter: .seconds(day))), 2, 24 * hour, nil, true),
            (.failed(PollFailure(.status(503), "", retryAfter: .seconds(day))), 1, 0, nil, false),
            (.failed(PollFailure(.status(503), "", retryAfter: .seconds(day))), 2, 24 * hour, nil, true),
            (.failed(PollFailure(.status(429), "", retryAfter: .seconds(600))), 2, 2 * hour, nil, false),
            (failed(.noAnswer), 2, 24 * hour, day, true), (failed(.noAnswer), 1, 0, day, false),
            (failed(.unreadable), 2, 24 * hour, day, true), (failed(.status(404)), 2, 24 * hour, day, true),
            (failed(.status(500)), 2, 24 * hour, hour, false),
        ] as [(PollOutcome, Int, Double, Double?, Bool)])
    func `Where polls are rare, the second failure is told`(
        _ outcome: PollOutcome, _ failures: Int, _ age: Double, _ every: Double?, _ isTold: Bool
    ) {
        let before = FeedHealth(Self.health(outcome).condition, since: Self.now - age)
        let health = HealthRule.health(
            after: outcome, .init(), before: before, Self.history(failures: failures),
            every: every.map { .seconds($0) } ?? .zero, silentAfter: nil, now: Self.now)
        #expect(health.isTold == isTold)
    }

    @Test func `Who is refused and asks no more for hours needs somebody before the next poll`() {
        func needs(_ condition: FeedHealth.Condition, since age: Double, pause: Double, isTold: Bool = false) -> Bool {
            var feed = FeedState(id: FeedID(1), url: "u", nextPoll: Self.now - age + pause)
            feed.history.lastPoll = Self.now - age
            feed.health = FeedHealth(condition, since: Self.now - age, isTold: isTold)
            return feed.needsSomebody(at: Self.now)
        }
        #expect(needs(.blocked, since: 7 * Self.hour, pause: Self.day))
        #expect(needs(.notAFeed, since: 7 * Self.hour, pause: Self.day))
        #expect(!needs(.blocked, since: 5 * Self.hour, pause: Self.day))
        #expect(!needs(.blocked, since: 7 * Self.hour, pause: Self.hour))
        #expect(!needs(.failing, since: 7 * Self.hour, pause: Self.day))
        #expect(!needs(.fine, since: 7 * Self.hour, pause: Self.day))
        #expect(needs(.failing, since: 0, pause: 900, isTold: true))
    }

    @Test func `An empty feed is told after a day`() {
        let empty = Self.history(isEmpty: true)
        func isTold(_ age: Double) -> Bool {
            Self.health(.read, .init(), empty, before: FeedHealth(.empty, since: Self.now - age)).isTold
        }
        #expect(!isTold(23 * Self.hour))
        #expect(isTold(25 * Self.hour))
    }

    /// A server that answers now with an error, now with a page, has one fault.
    @Test func `Faults that take turns are one`() {
        let start = Self.now - 7 * Self.hour
        let before = FeedHealth(.blocked, since: start)
        let health = Self.health(Self.failed(.noAnswer), .init(), Self.history(failures: 9), before: before)
        #expect(health.condition == .failing)
        #expect(health.since == start)
        #expect(health.isTold)
        let after = Self.health(Self.failed(.unreadable), .init(), Self.history(failures: 10), before: health)
        #expect(after.isTold)
        #expect(HealthAlert.alert(Self.feed, of: "u", before: health, now: after, at: Self.now) == nil)
    }

    private static let feed = AlertFeed(url: "https://a.example/rss", name: "Dala", tags: ["kk"])

    @Test func `News of health is an alert with an id of its own`() throws {
        let told = FeedHealth(.failing, since: Self.now - 7 * Self.hour, evidence: "no answer", isTold: true)
        let worse = try #require(
            HealthAlert.alert(Self.feed, of: "u", before: FeedHealth(.failing), now: told, at: Self.now))
        #expect(worse.kind == .health)
        #expect(worse.severity == .high)
        #expect(worse.item.title == "Dala: it cannot be read")
        #expect(worse.item.summary == "no answer; since 2018-11-26T07:00:00Z")
        #expect(Alert(json: worse.json) == worse)
        // The same on every try, another one the next time.
        let again = HealthAlert.alert(Self.feed, of: "u", before: FeedHealth(.fine), now: told, at: Self.now + 60)
        #expect(again?.id == worse.id)
        var later = told
        later.since = Self.now
        #expect(
            HealthAlert.alert(Self.feed, of: "u", before: FeedHealth(.fine), now: later, at: Self.now)?.id != worse.id)
        let fine = FeedHealth(.fine, since: Self.now)
        let better = try #require(HealthAlert.alert(Self.feed, of: "u", before: told, now: fine, at: Self.now))
        #expect(better.severity == .normal)
        #expect(better.item.title == "Dala: fine again")
        #expect(HealthAlert.alert(Self.feed, of: "u", before: fine, now: fine, at: Self.now) == nil)
        #expect(HealthAlert.alert(Self.feed, of: "u", before: told, now: told, at: Self.now) == nil)
    }

    @Test func `A feed that was silent when it came is no news`() {
        let health = Self.health(
            .read, .init(), Self.history(silentFor: 300 * Self.day, cadence: Self.day), before: FeedHealth())
        #expect(health.condition == .stale)
        #expect(!health.isTold)
        let later = Self.health(
            .unchanged, .init(), Self.history(silentFor: 301 * Self.day, cadence: Self.day), before: health)
        #expect(!later.isTold)
        // But the user's word on it is.
        let asked = Self.health(
            .read, .init(), Self.history(silentFor: 10 * Self.day), before: FeedHealth(),
            silentAfter: .seconds(3 * Self.day))
        #expect(asked.isTold)
    }

    // MARK: cadence

    @Test func `The cadence is the usual gap of the first document`() {
        // Daily, with a quiet month, and one date of the future.
        let ages: [Double] = [-5, 1, 2, 3, 4, 34, 35, 36]
        let dates = ages.map { Self.now - $0 * Self.day }
        let cadence = HealthRule.cadence(FeedHistory(), published: dates, hasNew: true, now: Self.now)
        #expect(cadence == .seconds(Self.day))
        #expect(HealthRule.cadence(FeedHistory(), published: [], hasNew: true, now: Self.now) == nil)
        let same = Array(repeating: Self.now, count: 9)
        #expect(HealthRule.cadence(FeedHistory(), published: same, hasNew: true, now: Self.now) == nil)
    }

    @Test func `The cadence follows what comes, slowly`() throws {
        var history = Self.history(silentFor: 2 * Self.day, cadence: Self.day)
        history.lastSuccess = Self.now
        #expect(HealthRule.cadence(history, published: [], hasNew: false, now: Self.now) == .seconds(Self.day))
        #expect(HealthRule.cadence(history, published: [], hasNew: true, now: Self.now) == .seconds(1.2 * Self.day))
        // A year of silence, or a clock of the past, does not ruin it.
        history.lastNewItem = Self.now - 4000 * Self.day
        let after = try #require(HealthRule.cadence(history, published: [], hasNew: true, now: Self.now))
        #expect(after <= .seconds(3 * Self.day))
        history.lastNewItem = Self.now + 9 * Self.day
        #expect(HealthRule.cadence(history, published: [], hasNew: true, now: Self.now) == .seconds(0.8 * Self.day))
    }

    // MARK: our own outage

    @Test func `An outage that lasts is news once, and so is its end`() {
        let watch = OutageWatch()
        func silence(at now: Date) { for host in 0..<6 { watch.note("h\(host)", hasAnswered: false, at: now) } }
        for minute in stride(from: 0.0, to: OutageWatch.patience, by: 900) {
            #expect(watch.news(at: Self.now + minute) == nil)
            silence(at: Self.now + minute)
        }
        let later = Self.now + OutageWatch.patience + 1
        // Until it is on the disk.
        for _ in 1...2 { #expect(watch.news(at: later) == .lasts(since: Self.now)) }
        watch.noteTold(.lasts(since: Self.now))
        #expect(watch.news(at: later) == nil)
        for host in 0..<9 { watch.note("g\(host)", hasAnswered: true, at: later) }
        for _ in 1...2 { #expect(watch.news(at: later) == .ended(since: Self.now)) }
        watch.noteTold(.ended(since: Self.now))
        #expect(watch.news(at: later) == nil)
        // One that was never told of ends without a word.
        silence(at: later + 7200)
        for host in 0..<9 { watch.note("g\(host)", hasAnswered: true, at: later + 7300) }
        #expect(watch.news(at: later + 7300) == nil)
    }

    @Test func `When most hosts are silent, the fault is ours`() {
        let watch = OutageWatch()
        for host in 0..<4 { #expect(!watch.note("h\(host)", hasAnswered: false, at: Self.now)) }
        #expect(watch.note("h4", hasAnswered: false, at: Self.now))
        // One host that fails again and again is one.
        let single = OutageWatch()
        for _ in 0..<20 { #expect(!single.note("h", hasAnswered: false, at: Self.now)) }
        // Others answer.
        let mixed = OutageWatch()
        for host in 0..<10 { mixed.note("g\(host)", hasAnswered: true, at: Self.now) }
        for host in 0..<10 { #expect(!mixed.note("h\(host)", hasAnswered: false, at: Self.now + 1)) }
        // Few feeds are asked now and then; it is still the same night.
        #expect(watch.note("h5", hasAnswered: false, at: Self.now + 900))
        // The network is back: the first answers end it.
        for host in 0..<5 { watch.note("h\(host)", hasAnswered: true, at: Self.now + 1000) }
        #expect(!watch.note("h6", hasAnswered: false, at: Self.now + 1001))
        // What was long ago does not count, whichever way the clock goes.
        let old = OutageWatch()
        for host in 0..<9 { old.note("h\(host)", hasAnswered: false, at: Self.now) }
        #expect(!old.note("h9", hasAnswered: false, at: Self.now + 4000))
        for host in 0..<9 { old.note("h\(host)", hasAnswered: false, at: Self.now + 4000) }
        #expect(!old.note("h9", hasAnswered: false, at: Self.now))
    }

    @Test func `Where several sites lead to one page, the fault is ours though others answer`() {
        let watch = OutageWatch()
        for host in 0..<10 { watch.note("g\(host)", hasAnswered: true, at: Self.now) }
        let login = OutageWatch.Sign(isLacking: true, pages: [7])
        #expect(watch.note("h0", login, at: Self.now) == .theirs)
        #expect(watch.note("h0", login, at: Self.now + 1) == .theirs)
        #expect(watch.note("h1", login, at: Self.now + 1) == .theirs)
        #expect(watch.note("h2", .init(isLacking: true, pages: [8]), at: Self.now + 1) == .theirs)
        #expect(watch.note("h3", login, at: Self.now + 1) == .onePage)
        #expect(!watch.isOn)
        // With few sites, three are most of them.
        let few = OutageWatch()
        for host in 0..<3 { few.note("h\(host)", login, at: Self.now) }
        #expect(few.isOn)
    }

    @Test func `Who was blamed before it was known is pardoned, once`() {
        let watch = OutageWatch()
        func state(_ id: Int64) -> FeedState { FeedState(id: FeedID(id), url: "\(id)", nextPoll: Self.now) }
        watch.suspect(state(1), .silence, at: Self.now - 4000)
        watch.suspect(state(2), .silence, at: Self.now)
        watch.suspect(state(3), .init(isLacking: false, pages: [7]), at: Self.now)
        #expect(watch.pardons(by: .theirs, .silence).isEmpty)
        #expect(watch.pardons(by: .onePage, .init(isLacking: true, pages: [7])).map(\.id) == [FeedID(3)])
        #expect(watch.pardons(by: .most, .silence).map(\.id) == [FeedID(2)])
        #expect(watch.pardons(by: .most, .silence).isEmpty)
    }
}

extension OutageWatch {
    /// Returns whether most did not.
    @discardableResult
    fileprivate func note(_ host: String, hasAnswered: Bool, at now: Date) -> Bool {
        note(host, hasAnswered ? .answer : .silence, at: now) == .most
    }
}
