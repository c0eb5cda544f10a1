import Foundation
import Model
import Testing

@Suite struct MessageRuleTests {
    /// 2026-11-27, a Friday, 12:00 UTC.
    private static let noon = Date(timeIntervalSince1970: 1_795_780_800)

    private func rule(
        group: SinkPace.Group? = nil, digest: String? = nil, quiet: String? = nil, rate: MessageRate? = nil,
        gap: Duration = .zero, joins: Bool = true, isPatient: Bool = true
    ) throws -> MessageRule {
        let pace = SinkPace(
            group: group, digest: try digest.map { try #require(DigestTimes($0)) },
            quiet: try quiet.map { try #require(DailyWindow($0)) }, rate: rate, gap: gap)
        return MessageRule(pace, joins: joins, isPatient: isPatient)
    }

    /// Alerts that came so many seconds ago.
    private func waiting(
        _ ages: [Double], urgent: Int = 0, sent: [Double] = [], lastStart: Double? = nil, nextDue: Double? = nil
    ) -> WaitingMessages {
        var waiting = WaitingMessages()
        waiting.arrivals = ages.map { Self.noon - $0 }.sorted()
        waiting.urgent = urgent
        waiting.sent = sent.map { Self.noon - $0 }.sorted(by: >)
        waiting.lastStart = lastStart.map { Self.noon - $0 }
        waiting.nextDue = nextDue.map { Self.noon + $0 }
        return waiting
    }

    private func until(_ seconds: Double, isGap: Bool = false) -> MessageStep {
        .wait(until: Self.noon + seconds, isGap: isGap)
    }

    @Test func `a group goes when its first has waited, or when it is full`() throws {
        let rule = try rule(group: .init(wait: .seconds(30), max: 3))
        #expect(rule.step(waiting([]), at: Self.noon) == .wait(until: nil, isGap: false))
        #expect(rule.step(waiting([0]), at: Self.noon) == until(30))
        #expect(rule.step(waiting([29, 1]), at: Self.noon) == until(1))
        #expect(rule.step(waiting([30, 1]), at: Self.noon) == .fresh(2))
        #expect(rule.step(waiting([2, 1, 0]), at: Self.noon) == .fresh(3))
        // The fourth is of the next.
        #expect(rule.step(waiting([2, 1, 0, 0]), at: Self.noon) == .fresh(3))
        // A message that waits for its next try is looked after in time.
        #expect(rule.step(waiting([0], nextDue: 5), at: Self.noon) == until(5))
    }

    @Test func `who cannot wait does not wait for a group`() throws {
        let rule = try rule(group: .init(), digest: nil, isPatient: false)
        #expect(rule.step(waiting([0, 0]), at: Self.noon) == .fresh(2))
    }

    @Test func `a digest has all that came before its time, and nothing that came since`() throws {
        let rule = try rule(digest: "daily 12:00 UTC", isPatient: false)
        #expect(rule.step(waiting([3600, 60, 1]), at: Self.noon) == .fresh(3))
        #expect(rule.step(waiting([3600, 60, 0]), at: Self.noon) == .fresh(2))
        #expect(rule.step(waiting([0]), at: Self.noon) == until(86_400))
        #expect(rule.step(waiting([10]), at: Self.noon - 1) == until(0))
        // It was not running at noon.
        #expect(rule.step(waiting([7200]), at: Self.noon + 3600) == .fresh(1))
    }

    @Test func `in quiet hours nothing goes but what is critical`() throws {
        let rule = try rule(group: .init(), quiet: "11:00-13:00 UTC")
        #expect(rule.step(waiting([7200, 7100]), at: Self.noon) == until(3600))
        #expect(rule.step(waiting([7200, 7100], urgent: 2), at: Self.noon) == .urgent(2))
        #expect(rule.step(waiting([7200, 7100]), at: Self.noon + 3600) == .fresh(2))
        var begun = waiting([])
        begun.begun = [.init(number: 7, isUrgent: false)]
        #expect(rule.step(begun, at: Self.noon) == until(3600))
        begun.begun = [.init(number: 7, isUrgent: true)]
        #expect(rule.step(begun, at: Self.noon) == .begun(7))
    }

    @Test func `a rate holds in every window, and what it holds back is one message`() throws {
        let rate = try #require(MessageRate(count: 3, window: .seconds(3600)))
        let rule = try rule(rate: rate)
        // Room for both.
        #expect(rule.step(waiting([1, 0], sent: [100]), at: Self.noon) == .fresh(1))
        // Room for one, so all go together.
        #expect(rule.step(waiting([1, 0], sent: [100, 50]), at: Self.noon) == .fresh(2))
        #expect(rule.step(waiting([1, 0], sent: [3000, 100, 50]), at: Self.noon) == until(600))
        #expect(rule.step(waiting([1, 0], sent: [3600, 100, 50]), at: Self.noon) == .fresh(2))
        #expect(rule.step(waiting([1], urgent: 1, sent: [3000, 100, 50]), at: Self.noon) == .urgent(1))
        // Noted by a clock that was ahead.
        #expect(rule.step(waiting([1], sent: [-100, -50, -10]), at: Self.noon) == .fresh(1))
        // Where a message is of one alert, they go one by one.
        let single = try self.rule(rate: rate, joins: false)
        #expect(single.step(waiting([1, 0], sent: [100, 50]), at: Self.noon) == .fresh(1))
    }

    @Test func `the gap holds for all`() throws {
        let rule = try rule(gap: .seconds(2))
        #expect(rule.step(waiting([9], urgent: 1, lastStart: 0.5), at: Self.noon) == until(1.5, isGap: true))
        #expect(rule.step(waiting([9], urgent: 1, lastStart: 2), at: Self.noon) == .urgent(1))
        #expect(rule.step(waiting([9], lastStart: 2), at: Self.noon) == .fresh(1))
        // The clock was set back.
        #expect(rule.step(waiting([9], lastStart: -500), at: Self.noon) == .fresh(1))
    }

    @Test func `a message that was begun goes before those that were not`() throws {
        var waiting = waiting([60, 50], urgent: 1)
        waiting.begun = [.init(number: 7, isUrgent: false)]
        let rule = try rule(group: .init())
        #expect(rule.step(waiting, at: Self.noon) == .urgent(1))
        waiting.urgent = 0
        #expect(rule.step(waiting, at: Self.noon) == .begun(7))
    }

    @Test(arguments: [
        ("hourly", "2026-11-27T12:00:00Z", "2026-11-27T13:00:00Z"),
        ("hourly", "2026-11-27T12:59:59Z", "2026-11-27T13:00:00Z"),
        ("daily 07:00 Asia/Almaty", "2026-11-27T12:00:00Z", "2026-11-28T02:00:00Z"),
        ("weekly monday 07:00 Asia/Almaty", "2026-11-27T12:00:00Z", "2026-11-30T02:00:00Z"),
        ("weekly mon 07:00 Asia/Almaty", "2026-11-30T02:00:00Z", "2026-12-07T02:00:00Z"),
        // It is Saturday there already.
        ("Weekly Saturday 01:00 Asia/Almaty", "2026-11-27T19:00:00Z", "2026-11-27T20:00:00Z"),
    ])
    func `a digest has its times`(_ text: String, _ after: String, _ next: String) throws {
        let times = try #require(DigestTimes(text))
        #expect(Timestamp.text(times.next(after: try #require(Timestamp.date(after)))) == next)
    }

    @Test(arguments: [
        "", "daily", "07:00", "hourly 07:00", "daily monday 07:00", "weekly 07:00", "weekly someday 07:00", "weekly",
        "monthly 07:00", "daily 25:00",
    ])
    func `what is no digest is none`(_ text: String) {
        #expect(DigestTimes(text) == nil)
    }
}
