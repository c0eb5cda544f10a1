package import Model

extension DailyTime: ConfigValue {
    package static var expectation: String {
        "a time of the day and a place of the time zone database, such as 07:00 Asia/Almaty"
    }
    package init?(configText: String) { self.init(configText) }
}

extension DailyWindow: ConfigValue {
    package static var expectation: String {
        "two times of the day and a place of the time zone database, such as 22:00-07:00 Asia/Almaty"
    }
    package init?(configText: String) { self.init(configText) }
}
