package import Model

extension HeartbeatPlan: ConfigValue {
    package static var expectation: String {
        "'daily 07:00 Asia/Almaty', or a duration from 10m to 31d such as 24h"
    }
    package static var form: ValueForm {
        .pattern(
            DurationText.pattern + "|[dD][aA][iI][lL][yY] +[0-9]{1,2}:[0-9]{2}( +[^ ]+)?",
            examples: ["24h", "daily 07:00 Asia/Almaty"])
    }

    package init?(configText: String) {
        let words = configText.split(separator: " ", maxSplits: 1)
        if words.first?.lowercased() == "daily" {
            guard words.count == 2, let time = DailyTime(String(words[1])) else { return nil }
            self = .daily(time)
            return
        }
        guard let pause = DurationText.duration(configText), (.seconds(600)...(.seconds(31 * 86_400))).contains(pause)
        else { return nil }
        self = .every(pause)
    }
}
