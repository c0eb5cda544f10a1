import struct Foundation.Date

/// A date and time, before it is known to exist.
struct DateParts {
    var year = 0
    var month = 1
    var day = 1
    /// The day of the year, instead of month and day.
    var dayOfYear: Int?
    var hour = 0
    var minute = 0
    var second = 0
    /// East of UTC, in seconds. Nil: not said, taken for UTC.
    var offset: Int?

    /// Nil when there is no such day or time. 24:00 is the end of the day, and a leap second the one before it.
    var date: Date? {
        guard (0...24).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            hour < 24 || (minute == 0 && second == 0)
        else { return nil }
        let day: Int
        if let dayOfYear {
            guard (1...Self.length(of: year)).contains(dayOfYear),
                let first = Self.days(year: year, month: 1, day: 1)
            else { return nil }
            day = first + dayOfYear - 1
        } else {
            guard let days = Self.days(year: year, month: month, day: self.day) else { return nil }
            day = days
        }
        let seconds = day * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - (offset ?? 0)
        return Date(timeIntervalSince1970: Double(seconds))
    }

    /// Days from 1970-01-01 to a day of the years 1 to 9999. Nil when there is no such day.
    ///
    /// `Timestamp.dayNumber` takes years of any sign and is a call into another module; this is part of the fast path.
    @inline(__always)
    static func days(year: Int, month: Int, day: Int) -> Int? {
        guard UInt(bitPattern: year &- 1) < 9999, UInt(bitPattern: month &- 1) < 12, UInt(bitPattern: day &- 1) < 31,
            day <= 28 || day <= length(month, of: year)
        else { return nil }
        // The year begins in March, so that the leap day is its last.
        let isEarly = month <= 2
        let years = UInt32(truncatingIfNeeded: isEarly ? year &- 1 : year)
        let months = UInt32(truncatingIfNeeded: isEarly ? month &+ 9 : month &- 3)
        let centuries = years / 100
        let dayOfYear = (153 &* months &+ 2) / 5
        return Int(365 &* years &+ years / 4 &- centuries &+ centuries / 4 &+ dayOfYear) &+ day &- 719_469
    }

    /// A day of the week in a week of the year: week 1 has 4 January in it, and begins on Monday (ISO 8601 §4.1.4).
    /// False when there is no such day.
    mutating func set(year: Int, week: Int, day: Int) -> Bool {
        guard (1...53).contains(week), (1...7).contains(day), let first = Self.days(year: year, month: 1, day: 1) else {
            return false
        }
        // 1970 began on a Thursday.
        let weekday = ((first + 3) % 7 + 7) % 7
        // Of the Thursday, which is in the year of its week.
        let thursday = week * 7 - weekday + (weekday > 3 ? 4 : -3)
        guard thursday <= Self.length(of: year) else { return false }
        let place = thursday + day - 4
        self.year = place < 1 ? year - 1 : place > Self.length(of: year) ? year + 1 : year
        dayOfYear =
            place < 1 ? place + Self.length(of: year - 1) : place - (self.year > year ? Self.length(of: year) : 0)
        return true
    }

    private static func length(of year: Int) -> Int { isLeap(year) ? 366 : 365 }

    private static func length(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}
