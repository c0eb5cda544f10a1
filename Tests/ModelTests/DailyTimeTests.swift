import Foundation
import Model
import Testing

@Suite struct DailyTimeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var time: String
        var after: String
        var next: String
        var testDescription: String { "\(time) after \(after)" }
    }

    @Test(arguments: [
        Case(time: "07:00 UTC", after: "2026-11-27T06:59:59Z", next: "2026-11-27T07:00:00Z"),
        Case(time: "07:00 UTC", after: "2026-11-27T07:00:00Z", next: "2026-11-28T07:00:00Z"),
        Case(time: "07:00 Asia/Almaty", after: "2026-11-27T01:59:59Z", next: "2026-11-27T02:00:00Z"),
        Case(time: "7:00 asia/almaty", after: "2026-11-27T02:00:00Z", next: "2026-11-28T02:00:00Z"),
        // Six hours before Greenwich until the first of March 2024, five since.
        Case(time: "07:00 Asia/Almaty", after: "2024-02-28T12:00:00Z", next: "2024-02-29T01:00:00Z"),
        Case(time: "07:00 Asia/Almaty", after: "2024-02-29T12:00:00Z", next: "2024-03-01T02:00:00Z"),
        // The evening there is the morning here.
        Case(time: "20:00 America/Los_Angeles", after: "2026-11-27T03:00:00Z", next: "2026-11-27T04:00:00Z"),
        Case(time: "00:00 Pacific/Kiritimati", after: "2026-11-27T09:59:59Z", next: "2026-11-27T10:00:00Z"),
        Case(time: "23:59 Pacific/Pago_Pago", after: "2026-11-27T10:58:00Z", next: "2026-11-27T10:59:00Z"),
        // Clocks go from 01:00 to 02:00 UTC+1 there, so 01:30 is skipped.
        Case(time: "01:30 Europe/London", after: "2026-03-28T12:00:00Z", next: "2026-03-29T01:00:00Z"),
        Case(time: "01:30 Europe/London", after: "2026-03-29T01:00:00Z", next: "2026-03-30T00:30:00Z"),
        Case(time: "07:00 Europe/Berlin", after: "2026-03-28T12:00:00Z", next: "2026-03-29T05:00:00Z"),
        // 01:30 is there twice.
        Case(time: "01:30 Europe/London", after: "2026-10-24T12:00:00Z", next: "2026-10-25T00:30:00Z"),
        Case(time: "01:30 Europe/London", after: "2026-10-25T00:30:00Z", next: "2026-10-26T01:30:00Z"),
        Case(time: "07:00 Europe/Berlin", after: "2026-10-24T12:00:00Z", next: "2026-10-25T06:00:00Z"),
        // Half an hour.
        Case(time: "02:15 Australia/Lord_Howe", after: "2026-10-03T12:00:00Z", next: "2026-10-03T15:30:00Z"),
        // There was no 30 December.
        Case(time: "07:00 Pacific/Apia", after: "2011-12-29T18:00:00Z", next: "2011-12-30T10:00:00Z"),
        Case(time: "07:00 Pacific/Apia", after: "2011-12-30T10:00:00Z", next: "2011-12-30T17:00:00Z"),
    ])
    func `the next time is that of the place's clocks`(_ example: Case) throws {
        let time = try #require(DailyTime(example.time))
        let next = time.next(after: try #require(Timestamp.date(example.after)))
        #expect(Timestamp.text(next) == example.next)
    }

    @Test(arguments: ["Europe/London", "Australia/Lord_Howe", "Asia/Almaty", "America/Sao_Paulo", "Africa/Casablanca"])
    func `it comes once a day, whatever the clocks do`(_ zone: String) throws {
        let start = try #require(Timestamp.date("2010-01-01T00:00:00Z"))
        for clock in ["00:00", "00:30", "01:30", "02:15", "03:00", "23:59"] {
            let time = try #require(DailyTime("\(clock) \(zone)"))
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = time.zone
            var date = time.next(after: start)
            for _ in 0..<800 {
                let next = time.next(after: date)
                // A day of 23 to 25 hours, and as much again where a skipped time comes late.
                #expect((79_000...94_000).contains(next.timeIntervalSince(date)), "\(clock) \(zone) \(date)")
                let tomorrow = try #require(calendar.date(byAdding: .day, value: 1, to: date))
                #expect(calendar.isDate(next, inSameDayAs: tomorrow))
                date = next
            }
        }
    }

    @Test(arguments: [
        "", "7", "07", "7:0", "24:00", "12:60", "-1:00", "+1:00", "07:00:00", "07:00 Nowhere/City", "07:00 CST",
        "07:00 +05:00", "07:00 Asia/Almaty x", "07:00 ../Asia/Almaty", "07:00Asia/Almaty", "٠٧:٠٠ UTC",
    ])
    func `what is no time of the day is none`(_ text: String) {
        #expect(DailyTime(text) == nil)
    }

    @Test func `it is written as it is read`() throws {
        #expect(try #require(DailyTime(" 7:05  asia/almaty")).description == "07:05 Asia/Almaty")
        #expect(try #require(DailyTime("23:00 utc")).description == "23:00 UTC")
        #expect(DailyTime("07:00")?.zone == .current)
        #expect(try #require(DailyWindow("22:00 – 7:00 Asia/Almaty")).description == "22:00-07:00 Asia/Almaty")
    }

    @Test func `dates that no calendar has do no harm`() throws {
        let time = try #require(DailyTime("07:00 Asia/Almaty"))
        for date in [Date.distantPast, .distantFuture, Date(timeIntervalSince1970: 1e300)] {
            #expect(time.next(after: date) >= date)
        }
    }
}

@Suite struct DailyWindowTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var window: String
        var date: String
        /// Nil: outside.
        var end: String?
        var testDescription: String { "\(window) at \(date)" }
    }

    @Test(arguments: [
        Case(window: "22:00-07:00 UTC", date: "2026-11-27T21:59:59Z", end: nil),
        Case(window: "22:00-07:00 UTC", date: "2026-11-27T22:00:00Z", end: "2026-11-28T07:00:00Z"),
        Case(window: "22:00-07:00 UTC", date: "2026-11-28T06:59:59Z", end: "2026-11-28T07:00:00Z"),
        Case(window: "22:00-07:00 UTC", date: "2026-11-28T07:00:00Z", end: nil),
        Case(window: "09:00-17:00 UTC", date: "2026-11-28T08:59:59Z", end: nil),
        Case(window: "09:00-17:00 UTC", date: "2026-11-28T12:00:00Z", end: "2026-11-28T17:00:00Z"),
        Case(window: "00:00-07:00 UTC", date: "2026-11-28T00:00:00Z", end: "2026-11-28T07:00:00Z"),
        Case(window: "22:00-07:00 Asia/Almaty", date: "2026-11-27T17:00:00Z", end: "2026-11-28T02:00:00Z"),
        Case(window: "22:00-07:00 Asia/Almaty", date: "2026-11-27T12:00:00Z", end: nil),
        // Nights of eleven and of nine hours, as many as the clocks show.
        Case(window: "22:00-07:00 Europe/Berlin", date: "2026-03-28T21:30:00Z", end: "2026-03-29T05:00:00Z"),
        Case(window: "22:00-07:00 Europe/Berlin", date: "2026-10-24T20:30:00Z", end: "2026-10-25T06:00:00Z"),
        // From 02:00 on 01:00 is there again: the window was over before.
        Case(window: "22:00-01:30 Europe/London", date: "2026-10-25T00:15:00Z", end: "2026-10-25T00:30:00Z"),
        Case(window: "22:00-01:30 Europe/London", date: "2026-10-25T01:15:00Z", end: nil),
        // The hour that it lies in is skipped.
        Case(window: "01:15-01:45 Europe/London", date: "2026-03-29T01:00:00Z", end: nil),
    ])
    func `a window is that of the place's clocks`(_ example: Case) throws {
        let window = try #require(DailyWindow(example.window))
        let date = try #require(Timestamp.date(example.date))
        #expect(window.end(of: date).map(Timestamp.text) == example.end)
        #expect(window.contains(date) == (example.end != nil))
    }

    @Test(arguments: [
        "", "22:00", "22:00-", "-07:00", "22:00-22:00", "22:00-25:00", "22:00-07:00-08:00", "22:00-07:00 CST",
        "22:00 07:00", "22:00 Asia/Almaty-07:00 Asia/Almaty", "22:00--07:00",
    ])
    func `what is no window is none`(_ text: String) {
        #expect(DailyWindow(text) == nil)
    }
}
