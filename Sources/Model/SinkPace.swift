package import struct Foundation.Date

/// When a sink may be sent what waits for it, and how much of it together. Nothing is dropped for it.
///
/// An alert whose severity is `critical` waits for nothing of this but the gap.
package struct SinkPace: Sendable, Hashable {
    /// Alerts that come soon after one another are one message.
    package struct Group: Sendable, Hashable {
        /// Counted from the first.
        package var wait: Duration
        /// As many go at once.
        package var max: Int

        package init(wait: Duration = .seconds(30), max: Int = 20) {
            self.wait = wait
            self.max = max
        }
    }

    package var group: Group?
    package var digest: DigestTimes?
    /// Nothing is sent then; what waits goes when it is over.
    package var quiet: DailyWindow?
    package var rate: MessageRate?
    /// From the start of one message to that of the next.
    package var gap: Duration

    package init(
        group: Group? = nil, digest: DigestTimes? = nil, quiet: DailyWindow? = nil, rate: MessageRate? = nil,
        gap: Duration = .zero
    ) {
        self.group = group
        self.digest = digest
        self.quiet = quiet
        self.rate = rate
        self.gap = gap
    }

    /// Each alert goes at once, by itself.
    package static let none = SinkPace()

    /// No message has more alerts: all of them are in memory at once.
    package static let mostTogether = 200
}

/// So many messages at most within any stretch of time of a length: `30/h`.
package struct MessageRate: Sendable, Hashable, CustomStringConvertible {
    package static let mostMessages = 1000

    /// 1 to 1000.
    package let count: Int
    /// A second to a week.
    package let window: Duration

    /// Nil out of bounds.
    package init?(count: Int, window: Duration) {
        guard (1...Self.mostMessages).contains(count), (.seconds(1)...(.seconds(7 * 86_400))).contains(window) else {
            return nil
        }
        self.count = count
        self.window = window
    }

    package var description: String { "\(count) in \(window.components.seconds) s" }
}

/// When a digest goes out.
package enum DigestTimes: Sendable, Hashable {
    /// With every full hour of UTC.
    case hourly
    case daily(DailyTime)
    /// - Parameter weekday: 0 is Monday.
    case weekly(weekday: Int, DailyTime)

    package static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// `hourly`, `daily 07:00 Asia/Almaty` or `weekly monday 07:00 Asia/Almaty`. Nil for anything else.
    package init?(_ text: String) {
        var words = text.split(whereSeparator: \.isWhitespace)
        guard let kind = words.first?.lowercased() else { return nil }
        words.removeFirst()
        if kind == "hourly", words.isEmpty {
            self = .hourly
            return
        }
        var weekday: Int?
        if kind == "weekly", let word = words.first?.lowercased() {
            weekday = Self.weekdays.firstIndex { $0 == word || $0.prefix(3) == word }
            words.removeFirst()
        }
        guard !words.isEmpty, let time = DailyTime(words.joined(separator: " ")) else { return nil }
        switch (kind, weekday) {
        case ("daily", nil): self = .daily(time)
        case ("weekly", let weekday?): self = .weekly(weekday: weekday, time)
        default: return nil
        }
    }

    /// The first time after `date`, and not at it.
    package func next(after date: Date) -> Date {
        switch self {
        case .hourly:
            return Date(timeIntervalSince1970: ((date.timeIntervalSince1970 / 3600).rounded(.down) + 1) * 3600)
        case .daily(let time): return time.next(after: date)
        case .weekly(let weekday, let time):
            var next = time.next(after: date)
            // 1970-01-01 was a Thursday.
            for _ in 0..<7 where ((time.localDay(of: next) + 3) % 7 + 7) % 7 != weekday {
                next = time.next(after: next)
            }
            return next
        }
    }
}
