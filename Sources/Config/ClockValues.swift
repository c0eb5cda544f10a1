import Foundation
package import Model

/// A time of the day, and the place whose clocks show it, as patterns.
private enum Clock {
    static let time = "[0-9]{1,2}:[0-9]{2}"
    static let zone = "( +[^ ]+)?"
}

extension DailyTime: ConfigValue {
    package static var expectation: String {
        "a time of the day and a place of the time zone database, such as 07:00 Asia/Almaty"
    }
    package static var form: ValueForm {
        .pattern(Clock.time + Clock.zone, examples: ["07:00 Asia/Almaty"])
    }
    package init?(configText: String) { self.init(configText) }
}

extension DailyWindow: ConfigValue {
    package static var expectation: String {
        "two times of the day and a place of the time zone database, such as 22:00-07:00 Asia/Almaty"
    }
    package static var form: ValueForm {
        .pattern(Clock.time + " *[-–] *" + Clock.time + Clock.zone, examples: ["22:00-07:00 Asia/Almaty"])
    }
    package init?(configText: String) { self.init(configText) }
}

extension DigestTimes: ConfigValue {
    package static var expectation: String {
        "hourly, daily 07:00 Asia/Almaty or weekly monday 07:00 Asia/Almaty"
    }
    package static var form: ValueForm {
        .pattern(
            "[hH][oO][uU][rR][lL][yY]|[A-Za-z]+( +[A-Za-z]+)? +" + Clock.time + Clock.zone,
            examples: ["hourly", "daily 07:00 Asia/Almaty", "weekly monday 07:00 Asia/Almaty"])
    }
    package init?(configText: String) { self.init(configText) }
}

extension MessageRate: ConfigValue {
    package static var expectation: String { "a number of messages and a time, such as 30/h or 5/10m" }
    package static var form: ValueForm {
        .pattern("[0-9]+ */ *[0-9A-Za-z]+", examples: ["30/h", "5/10m"])
    }

    /// `30/h`, `5/10m`. At most 1000 messages, and a week.
    package init?(configText: String) {
        let parts = configText.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.count == 2, let count = Int(parts[0]), let first = parts[1].first else { return nil }
        let window = first.isNumber ? parts[1] : "1" + parts[1]
        guard let window = DurationText.duration(window) else { return nil }
        self.init(count: count, window: window)
    }
}
