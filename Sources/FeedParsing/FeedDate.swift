import Model

package import struct Foundation.Date

/// Dates as feeds write them: RFC 822 and its children, RFC 3339 and W3CDTF with missing parts, asctime, Unix seconds,
/// and dates with the names of months in the languages of our feeds.
///
/// A date that cannot be read is nil: a guess would hide an item or wake somebody for an old one.
package enum FeedDate {
    package static func date(_ text: String) -> Date? {
        let text = normalized(text)
        if text.isEmpty || text.utf8.count > 120 { return nil }
        return numeric(text) ?? named(text)
    }

    /// Digits of other scripts as ASCII, the signs of Chinese, Japanese and Korean dates as separators.
    private static func normalized(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x80).contains($0) }) { return text.trimmed }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0660...0x0669: result.append(Unicode.Scalar(UInt8(scalar.value - 0x0660) + 0x30))
            case 0x06F0...0x06F9: result.append(Unicode.Scalar(UInt8(scalar.value - 0x06F0) + 0x30))
            case 0xFF10...0xFF19: result.append(Unicode.Scalar(UInt8(scalar.value - 0xFF10) + 0x30))
            case 0x5E74, 0xB144, 0x6708, 0xC6D4: result.append("-")
            case 0x65E5, 0xC77C: result.append("T")
            case 0x65F6, 0x6642, 0x70B9, 0x5206, 0xC2DC, 0xBD84: result.append(":")
            case 0x79D2, 0xCD08, 0x200E, 0x200F, 0x061C: continue
            case 0xFF1A: result.append(":")
            case 0xA0, 0x202F, 0x3000, 0x09, 0x0A, 0x0D: result.append(" ")
            case 0x2212, 0x2013: result.append("-")
            default: result.append(scalar)
            }
        }
        return String(result).trimmed
    }

    // MARK: 2018-11-26T14:05:09Z and its kin

    private static func numeric(_ text: String) -> Date? {
        var scanner = DateScanner(text)
        guard let first = scanner.digits(max: 14) else { return nil }
        if scanner.isAtEnd, let date = bare(first) { return date }
        var parts = DateParts()
        if first.count == 4 || first.count == 2 && scanner.peek("-") {
            parts.year = first.value
            if first.count == 2 { parts.year = twoDigits(first.value) }
            guard scanner.skip(any: "-/.") else { return nil }
            scanner.skipSpaces()
            guard let second = scanner.digits(max: 3) else { return nil }
            if second.count == 3 {
                // The day of the year.
                guard (1...366).contains(second.value) else { return nil }
                parts.day = second.value
            } else {
                parts.month = second.value
                let hasSeparator = scanner.skip(any: "-/.")
                scanner.skipSpaces()
                if hasSeparator, let day = scanner.digits(max: 2) { parts.day = day.value }
            }
        } else if first.count == 8 {
            parts.year = first.value / 10_000
            parts.month = first.value / 100 % 100
            parts.day = first.value % 100
        } else if first.count <= 2, scanner.skip(any: "./") {
            // 26.11.2018; with slashes month and day cannot be told apart unless one is above 12.
            let isDotted = text.contains(".")
            scanner.skipSpaces()
            guard let second = scanner.digits(max: 2), scanner.skip(any: "./") else { return nil }
            scanner.skipSpaces()
            guard let year = scanner.digits(max: 4), year.count == 4 || year.count == 2 else { return nil }
            parts.year = year.count == 2 ? twoDigits(year.value) : year.value
            let isDayFirst = isDotted || first.value > 12
            (parts.day, parts.month) = isDayFirst ? (first.value, second.value) : (second.value, first.value)
        } else {
            return nil
        }
        if scanner.isAtEnd { return parts.date }
        scanner.skip(any: "Tt ,")
        scanner.skipSpaces()
        if scanner.isAtEnd { return parts.date }
        return readTime(&scanner, &parts) ? parts.date : nil
    }

    /// Digits alone: a date without separators, or seconds or milliseconds since 1970.
    private static func bare(_ number: (value: Int, count: Int)) -> Date? {
        var parts = DateParts()
        switch number.count {
        case 4: parts.year = number.value
        case 6:
            parts.year = number.value / 100
            parts.month = number.value % 100
            if !(1...12).contains(parts.month) {
                // YYMMDD
                parts.year = twoDigits(number.value / 10_000)
                parts.month = number.value / 100 % 100
                parts.day = number.value % 100
            }
        case 8:
            parts.year = number.value / 10_000
            parts.month = number.value / 100 % 100
            parts.day = number.value % 100
        case 9, 10: return Date(timeIntervalSince1970: Double(number.value))
        case 13: return Date(timeIntervalSince1970: Double(number.value) / 1000)
        case 14:
            let day = number.value / 1_000_000
            (parts.year, parts.month, parts.day) = (day / 10_000, day / 100 % 100, day % 100)
            let time = number.value % 1_000_000
            (parts.hour, parts.minute, parts.second) = (time / 10_000, time / 100 % 100, time % 100)
        default: return nil
        }
        return parts.date
    }

    // MARK: Mon, 26 Nov 2018 14:05:09 +0600 and its kin

    private static func named(_ text: String) -> Date? {
        var scanner = DateScanner(text)
        var parts = DateParts()
        var numbers: [(value: Int, count: Int)] = []
        var hasMonth = false
        var hasTime = false
        while !scanner.isAtEnd {
            if let number = scanner.digits(max: 9) {
                if !hasTime, scanner.peek(":") || scanner.peek("h") {
                    guard readTime(&scanner, &parts, hour: number.value) else { return nil }
                    hasTime = true
                } else {
                    numbers.append(number)
                }
            } else if let word = scanner.word() {
                if !hasMonth, let month = MonthNames.month(word) {
                    parts.month = month
                    hasMonth = true
                } else if hasTime, !numbers.isEmpty || hasMonth, let zone = TimeZoneNames.seconds(word) {
                    parts.offset = zone
                } else if hasTime, !MonthNames.isFiller(word), word.count <= 5, word.allSatisfy(\.isASCII),
                    parts.offset == nil
                {
                    // An unknown zone is UTC (RFC 5322 §4.3).
                    parts.offset = 0
                }
            } else if hasTime, scanner.peek("+") || scanner.peek("-") {
                parts.offset = scanner.offset() ?? parts.offset
            } else {
                scanner.advance()
            }
        }
        guard hasMonth, let (day, year) = dayAndYear(numbers) else { return nil }
        parts.day = day
        parts.year = year
        return parts.date
    }

    private static func dayAndYear(_ numbers: [(value: Int, count: Int)]) -> (day: Int, year: Int)? {
        guard
            let yearIndex = numbers.firstIndex(where: { $0.count >= 3 && $0.value > 31 || $0.count == 4 })
                ?? (numbers.count >= 2 ? numbers.indices.dropFirst().first : nil)
        else { return nil }
        let year = numbers[yearIndex]
        guard let day = numbers.enumerated().first(where: { $0.offset != yearIndex })?.element.value else {
            return year.count == 4 ? (1, year.value) : nil
        }
        return (day, year.count <= 2 ? twoDigits(year.value) : year.count == 3 ? year.value + 1900 : year.value)
    }

    /// RFC 5322 §4.3: 0 to 49 are of this century.
    private static func twoDigits(_ year: Int) -> Int {
        year < 50 ? year + 2000 : year + 1900
    }

    // MARK: times

    /// `14:05`, `14:05:09.5`, `2:05 pm`, with a zone after it.
    private static func readTime(_ scanner: inout DateScanner, _ parts: inout DateParts, hour: Int? = nil) -> Bool {
        guard let hour = hour ?? scanner.digits(max: 2)?.value else { return false }
        parts.hour = hour
        if scanner.skip(any: ":h.") {
            guard let minute = scanner.digits(max: 2) else { return scanner.isAtEnd }
            parts.minute = minute.value
            if scanner.skip(any: ":") {
                if let second = scanner.digits(max: 2) { parts.second = second.value }
                if scanner.skip(any: ".,") { _ = scanner.digits(max: 12) }
            }
        }
        scanner.skipSpaces()
        if let half = scanner.half() {
            guard (1...12).contains(parts.hour) else { return false }
            parts.hour = parts.hour % 12 + (half == "p" ? 12 : 0)
            scanner.skipSpaces()
        }
        if scanner.peek("+") || scanner.peek("-") {
            guard let offset = scanner.offset() else { return false }
            parts.offset = offset
        } else if scanner.peek("Z") || scanner.peek("z") {
            scanner.advance()
            parts.offset = 0
        }
        return true
    }
}

/// A date and time, before it is known to exist.
struct DateParts {
    var year = 0
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    /// East of UTC, in seconds. Nil: not said, taken for UTC.
    var offset: Int?

    /// Nil when there is no such day or time. 24:00 is the end of the day, and a leap second the one before it.
    var date: Date? {
        guard (1...9999).contains(year), (1...12).contains(month), (0...24).contains(hour), (0...59).contains(minute),
            (0...60).contains(second), hour < 24 || (minute == 0 && second == 0)
        else { return nil }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day >= 1, day <= lengths[month - 1] || (month == 1 && day <= 366 && day > 31) else { return nil }
        let days = Timestamp.dayNumber(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - (offset ?? 0)
        return Date(timeIntervalSince1970: Double(seconds))
    }
}
