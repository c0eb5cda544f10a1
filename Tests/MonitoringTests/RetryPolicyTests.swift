import Foundation
import Model
import Monitoring
import Testing

@Suite struct RetryPolicyTests {
    static let now = Date(timeIntervalSince1970: 1_543_240_800)

    private func verdict(
        _ outcome: DeliveryOutcome, attempt: Int = 1, age: Double = 0, jitter: Double = 0
    ) -> DeliveryVerdict {
        RetryPolicy().verdict(
            on: outcome, attempt: attempt, firstTry: Self.now - age, now: Self.now, jitter: jitter)
    }

    private func pause(_ verdict: DeliveryVerdict) -> Double? {
        if case .retry(let date, _, _) = verdict { date.timeIntervalSince(Self.now) } else { nil }
    }

    @Test(arguments: zip(1...14, [2, 5, 10, 20, 40, 60, 120, 300, 900, 1800, 3600, 7200, 7200, 7200]))
    func `pauses grow`(_ attempt: Int, _ seconds: Double) throws {
        let outcome = DeliveryOutcome.deferred(reason: "500", retryAfter: nil)
        #expect(pause(verdict(outcome, attempt: attempt)) == seconds)
        #expect(pause(verdict(outcome, attempt: attempt, jitter: 1)) == seconds * 1.25)
    }

    @Test func `no attempt is too strange`() throws {
        let outcome = DeliveryOutcome.deferred(reason: "500", retryAfter: nil)
        #expect(pause(verdict(outcome, attempt: .min)) == 2)
        #expect(pause(verdict(outcome, attempt: .max, jitter: .nan)) == 7200)
        #expect(pause(verdict(outcome, attempt: 1, jitter: -.infinity)) == 2)
    }

    @Test(arguments: [
        (Duration.seconds(30), 1, 30.0), (.seconds(30), 12, 60), (.seconds(1), 1, 2), (.seconds(1), 4, 20),
        (.seconds(Int64.max), 1, 3600), (.seconds(-7), 1, 2), (.seconds(7200), 12, 3600), (.seconds(3599), 12, 3599),
    ])
    func `what the sink asks for holds for all of it`(_ asked: Duration, _ attempt: Int, _ seconds: Double) {
        let verdict = verdict(.deferred(reason: "429", retryAfter: asked), attempt: attempt)
        #expect(verdict == .retry(at: Self.now + seconds, reason: "429", wholeSink: true))
    }

    @Test func `after three days and thirty tries it is given up and kept`() {
        let outcome = DeliveryOutcome.deferred(reason: "cannot connect", retryAfter: .seconds(5))
        #expect(pause(verdict(outcome, attempt: 46, age: 3 * 86_400 - 1)) != nil)
        #expect(
            verdict(outcome, attempt: 30, age: 3 * 86_400) == .failed(reason: "given up after 3 days: cannot connect"))
        // The clock was set back: nothing is given up for that.
        #expect(pause(verdict(outcome, attempt: 46, age: -1e12)) != nil)
    }

    @Test func `the time alone gives nothing up`() {
        let outcome = DeliveryOutcome.deferred(reason: "cannot connect", retryAfter: nil)
        // A machine that slept over the weekend; a clock that jumped by a year.
        #expect(pause(verdict(outcome, attempt: 2, age: 3 * 86_400)) == 5)
        #expect(pause(verdict(outcome, attempt: 29, age: 366 * 86_400)) == 7200)
        // The tries of three days are enough.
        var age = 0.0
        var tries = 1
        while age < 3 * 86_400 {
            age += pause(verdict(outcome, attempt: tries, age: 0, jitter: 1)) ?? 0
            tries += 1
        }
        #expect(tries >= RetryPolicy().leastTries)
    }

    @Test func `other outcomes are final`() {
        #expect(verdict(.delivered) == .delivered)
        #expect(verdict(.refused(reason: "404")) == .failed(reason: "404"))
        #expect(verdict(.gone(reason: "410")) == .sinkGone(reason: "410"))
    }

    @Test func `a sick sink is tried gently, and soon when it is back`() {
        let policy = RetryPolicy()
        var health = SinkHealth()
        var now = Self.now
        var tries: [Double] = []
        for _ in 0..<40 {
            #expect(health.width(4, at: now) == 1)
            tries.append(now.timeIntervalSince(Self.now))
            health.note(.retry(at: now + 2, reason: "", wholeSink: false), policy: policy, now: now, jitter: 0)
            #expect(health.rests(at: now))
            #expect(health.width(4, at: now) == 0)
            now = health.restsUntil ?? now
        }
        #expect(tries.count { $0 <= 30 } <= 12)
        #expect(zip(tries, tries.dropFirst()).allSatisfy { $1 - $0 <= 60 })
        health.note(.delivered, policy: policy, now: now, jitter: 0)
        #expect(health.width(4, at: now) == 4)
    }

    @Test func `what fails at the same time is one failure`() {
        var health = SinkHealth()
        for _ in 1...20 { health.note(.delivered, policy: RetryPolicy(), now: Self.now, jitter: 0) }
        #expect(health.width(16, at: Self.now) == 16)
        for _ in 1...16 {
            let verdict = DeliveryVerdict.retry(at: Self.now + 2, reason: "", wholeSink: false)
            health.note(verdict, policy: RetryPolicy(), now: Self.now, jitter: 0)
        }
        #expect(health.failures == 1)
        #expect(health.restsUntil == Self.now + 2)
    }

    @Test func `a sink that is back is given more with each success`() {
        var health = SinkHealth()
        var widths: [Int] = []
        for _ in 1...16 {
            widths.append(health.width(16, at: Self.now))
            health.note(.delivered, policy: RetryPolicy(), now: Self.now, jitter: 0)
        }
        #expect(widths == [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16, 16])
        #expect(health.width(1, at: Self.now) == 1)
    }

    @Test func `a sink that asked for a rest gets it whole`() {
        var health = SinkHealth()
        let end = Self.now + 7200
        health.note(.retry(at: end, reason: "", wholeSink: true), policy: RetryPolicy(), now: Self.now, jitter: 1)
        #expect(health.restsUntil == end)
        health.skipRest()
        #expect(health.rests(at: end - 1))
        #expect(!health.rests(at: end))
        // The clock was set back by a year.
        #expect(!health.rests(at: Self.now - 31_536_000))
    }

    @Test func `of two pauses that were asked for the longer holds, and a sink that is gone stays so`() {
        var health = SinkHealth()
        for seconds in [3600.0, 5] {
            let verdict = DeliveryVerdict.retry(at: Self.now + seconds, reason: "", wholeSink: true)
            health.note(verdict, policy: RetryPolicy(), now: Self.now, jitter: 0)
        }
        #expect(health.restsUntil == Self.now + 3600)
        health.note(.sinkGone(reason: "410"), policy: RetryPolicy(), now: Self.now, jitter: 0)
        health.note(
            .retry(at: Self.now + 9, reason: "", wholeSink: true), policy: RetryPolicy(), now: Self.now, jitter: 0)
        #expect(health.isGone)
    }

    @Test func `what some have taken says that the sink is well, and what is about one of them says nothing`() {
        let later = DeliveryVerdict.retry(at: Self.now + 2, reason: "", wholeSink: false)
        var health = SinkHealth()
        health.note(later, .taken, policy: RetryPolicy(), now: Self.now, jitter: 0)
        #expect(health.isProven && !health.rests(at: Self.now))
        health.note(later, .nothing, policy: RetryPolicy(), now: Self.now, jitter: 0)
        #expect(health.isProven && !health.rests(at: Self.now) && health.failures == 0)
        health.note(later, .refusal, policy: RetryPolicy(), now: Self.now, jitter: 0)
        #expect(!health.isProven && health.rests(at: Self.now) && health.failures == 1)
    }

    @Test func `a sink that is gone gets nothing`() {
        var health = SinkHealth()
        health.note(.sinkGone(reason: "410"), policy: RetryPolicy(), now: Self.now, jitter: 0)
        #expect(health.isGone)
        #expect(health.width(4, at: Self.now) == 0)
    }
}
