/// When a publisher asks not to be polled: the hours and days of RSS `skipHours` and `skipDays`, in UTC.
package struct QuietTimes: Sendable, Hashable {
    /// Bits 0 to 23: the hours of the day. Bits 24 to 30: the days of the week, Sunday first.
    package var rawValue: UInt32

    package init(rawValue: UInt32 = 0) {
        self.rawValue = rawValue & 0x7FFF_FFFF
    }

    /// Hours outside 0...23 and days that are no English names of days are left out.
    package init(hours: [Int], days: [String]) {
        let names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
        var bits: UInt32 = 0
        for hour in hours where (0...23).contains(hour) { bits |= 1 << UInt32(hour) }
        for day in days {
            guard let index = names.firstIndex(of: day.lowercased()) else { continue }
            bits |= 1 << UInt32(24 + index)
        }
        self.init(rawValue: bits)
    }

    /// Whether the hour (0 to 23) or the day of the week (0 is Sunday) is one of them.
    package func contains(hour: Int, weekday: Int) -> Bool {
        let hourBit: UInt32 = (0...23).contains(hour) ? 1 << UInt32(hour) : 0
        let dayBit: UInt32 = (0...6).contains(weekday) ? 1 << UInt32(24 + weekday) : 0
        return rawValue & (hourBit | dayBit) != 0
    }
}
