package import Foundation

/// A time of the day on the clocks of a place: `07:00 Asia/Almaty`.
///
/// It comes once each day, also on those on which clocks are set. A time that is skipped comes at the moment of the
/// change; of one that there is twice, the first counts.
package struct DailyTime: Sendable, Hashable, CustomStringConvertible {
    /// 0 to 23.
    package let hour: Int
    /// 0 to 59.
    package let minute: Int
    package let zone: TimeZone

    /// - Parameters:
    ///   - hour: 0 to 23; another one is moved into these limits.
    ///   - minute: 0 to 59, likewise.
    package init(hour: Int, minute: Int, zone: TimeZone) {
        self.hour = min(max(hour, 0), 23)
        self.minute = min(max(minute, 0), 59)
        self.zone = zone
    }

    /// `07:00 Asia/Almaty`, with a name of the IANA time zone database or `UTC`; or `07:00`, in this machine's zone. Nil for
    /// anything else.
    package init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let clock = words.first, words.count <= 2, let (hour, minute) = ClockText.time(clock),
            let zone = words.count == 2 ? ClockText.zone(words[1]) : .current
        else { return nil }
        self.init(hour: hour, minute: minute, zone: zone)
    }

    /// `07:00 Asia/Almaty`.
    package var description: String { "\(clock) \(ClockText.name(of: zone))" }

    /// `07:00`.
    package var clock: String { ClockText.pad(hour) + ":" + ClockText.pad(minute) }

    /// The first such time after `date`, and not at it.
    package func next(after date: Date) -> Date {
        let day = localDay(of: date)
        let times = (day - 1...day + 2).map { instant(ofDay: $0) }
        return times.first { $0 > date } ?? date.addingTimeInterval(86_400)
    }

    /// Days since 1970-01-01 on the calendar of the place.
    func localDay(of date: Date) -> Int {
        // Far from where a number of seconds is no whole number any more.
        let seconds = min(max(date.timeIntervalSince1970, -1e11), 1e11).rounded(.down)
        return Int(((seconds + offset(seconds)) / 86_400).rounded(.down))
    }

    /// When it is that time on a day of the place.
    func instant(ofDay day: Int) -> Date {
        let local = Double(day * 86_400 + hour * 3600 + minute * 60)
        // No offset is longer than a day, and no zone changes twice in two.
        for offset in [offset(local - 86_400), offset(local + 86_400)] where self.offset(local - offset) == offset {
            return Date(timeIntervalSince1970: local - offset)
        }
        // The clocks pass over it.
        var before = local - 86_400
        var after = local + 86_400
        let old = offset(before)
        while after - before > 1 {
            let middle = ((before + after) / 2).rounded(.down)
            if offset(middle) == old { before = middle } else { after = middle }
        }
        return Date(timeIntervalSince1970: after)
    }

    /// Seconds east of Greenwich.
    private func offset(_ seconds: Double) -> Double {
        Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds)))
    }
}

/// A part of each day on the clocks of a place, also over midnight: `22:00-07:00 Asia/Almaty`.
package struct DailyWindow: Sendable, Hashable, CustomStringConvertible {
    /// The first moment of it.
    package let start: DailyTime
    /// The first moment after it.
    package let end: DailyTime

    /// `22:00-07:00 Asia/Almaty`, or without a zone for this machine's. Nil for anything else, and when it would begin and
    /// end at one time.
    package init?(_ text: String) {
        // A dash, as text programs make it of a hyphen, with or without spaces.
        let parts = text.replacingOccurrences(of: "\u{2013}", with: "-").split(
            separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let words = parts[1].split(whereSeparator: \.isWhitespace)
        guard let last = words.first, words.count <= 2,
            let zone = words.count == 2 ? ClockText.zone(words[1]) : .current
        else { return nil }
        let ends = [parts[0].trimmingCharacters(in: .whitespaces)[...], last].map(ClockText.time)
        guard let start = ends[0], let end = ends[1], start != end else { return nil }
        self.start = DailyTime(hour: start.hour, minute: start.minute, zone: zone)
        self.end = DailyTime(hour: end.hour, minute: end.minute, zone: zone)
    }

    /// `22:00-07:00 Asia/Almaty`.
    package var description: String { "\(start.clock)-\(end)" }

    package func contains(_ date: Date) -> Bool {
        // What comes next is its end.
        end.next(after: date) < start.next(after: date)
    }

    /// When the window that `date` lies in is over. Nil where it lies in none.
    package func end(of date: Date) -> Date? {
        let end = end.next(after: date)
        return end < start.next(after: date) ? end : nil
    }
}

/// Times of the day and zones as people write them.
enum ClockText {
    /// `7:05`, `07:05`.
    static func time(_ text: Substring) -> (hour: Int, minute: Int)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return (hour, minute)
    }

    /// By its name in the IANA time zone database. Abbreviations are none: `CST` is three of them.
    static func zone(_ name: Substring) -> TimeZone? {
        if ["UTC", "GMT"].contains(name.uppercased()) { return .gmt }
        guard name.contains("/"), !name.contains(".") else { return nil }
        if let zone = TimeZone(identifier: String(name)) { return zone }
        let lowercased = name.lowercased()
        let known = TimeZone.knownTimeZoneIdentifiers.first { $0.lowercased() == lowercased }
        return known.flatMap { TimeZone(identifier: $0) }
    }

    static func name(of zone: TimeZone) -> String { zone.identifier == "GMT" ? "UTC" : zone.identifier }

    static func pad(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}
