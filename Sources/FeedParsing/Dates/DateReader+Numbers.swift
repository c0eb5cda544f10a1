import struct Foundation.Date

/// Dates in numbers, and the numbers of others.
extension DateReader {
    mutating func read(_ value: Int, _ digits: Int) -> Bool {
        if !hasTime, let isTime = readTime(value, digits) { return isTime }
        if !hasNumericDate, month == nil, year == nil, day == nil, numbers.isEmpty, readNumericDate(value, digits) {
            hasNumericDate = true
            return true
        }
        if let (unit, next) = unit(at: index + 1) {
            switch unit {
            case .year where year == nil: year = (value, digits)
            case .month where month == nil && digits <= 2 && (1...12).contains(value): month = value
            case .day where day == nil && digits <= 2: day = value
            default: return false
            }
            isKorean = isKorean || word(at: next - 1).map(DateNames.isKorean) ?? false
            index = next
            return true
        }
        guard numbers.count < 2, digits <= 4 else { return false }
        numbers.append((value, digits))
        return skip()
    }

    /// Seconds since 1970, or milliseconds, with a fraction or without. From 1990 to 2099: outside, it is some other number.
    func unixTime() -> Date? {
        guard case .number(let value, let digits)? = tokens.first, [9, 10, 13].contains(digits) else { return nil }
        guard tokens.count == 1 || tokens.count == 3 && mark(1, ".") && number(at: 2, digits: 1...20) != nil else {
            return nil
        }
        let seconds = digits == 13 ? value / 1000 : value
        return (631_152_000..<4_102_444_800).contains(seconds) ? Date(timeIntervalSince1970: Double(seconds)) : nil
    }

    /// `-03-12` and `-0312`: ISO 8601 of 1988 leaves out the century.
    mutating func readTruncated() -> Bool {
        if let (value, _) = number(at: 1, digits: 4...4), !mark(2, "-") {
            (parts.year, parts.month) = (value / 100, value % 100)
            index = 2
        } else if mark(2, "-"), let year = number(at: 1, digits: 2...2), let month = number(at: 3, digits: 2...2),
            !mark(4, "-")
        {
            (parts.year, parts.month) = (year.value, month.value)
            index = 4
        } else {
            return false
        }
        // -0001 is a year before the first that stands for none, not the January of 2000.
        guard parts.year > 0 else { return false }
        parts.year = Self.twoDigits(parts.year)
        hasNumericDate = true
        return true
    }

    mutating func readNumericDate(_ value: Int, _ digits: Int) -> Bool {
        switch digits {
        case 4:
            if mark(index + 1, "-/.:") { return readYearFirst(value) }
            guard tokens.count == 1 else { return false }
            parts.year = value
        case 1, 2: return readYearLast(value, digits)
        case 5, 7:
            guard index == 0 else { return false }
            parts.year = digits == 5 ? Self.twoDigits(value / 1000) : value / 1000
            parts.dayOfYear = value % 1000
        case 6, 8, 12, 14:
            guard index == 0 || digits > 6 else { return false }
            let day = digits == 14 ? value / 1_000_000 : digits == 12 ? value / 10_000 : value
            parts.year = digits == 6 ? Self.twoDigits(day / 10_000) : day / 10_000
            (parts.month, parts.day) = (day / 100 % 100, day % 100)
            guard digits > 8 else { break }
            let time = digits == 14 ? value % 1_000_000 : value % 10_000 * 100
            (parts.hour, parts.minute, parts.second) = (time / 10_000, time / 100 % 100, time % 100)
            hasTime = true
        default: return false
        }
        return skip()
    }

    /// `2018-11-26`, `2018/11/26`, `2018. 11. 26.`, `2018-11`, `2018-330`, `2018-W48-1`.
    mutating func readYearFirst(_ year: Int) -> Bool {
        if mark(index + 1, "-"), word(at: index + 2) == "w" {
            guard let week = number(at: index + 3, digits: 2...2), mark(index + 4, "-"),
                let day = number(at: index + 5, digits: 1...1), parts.set(year: year, week: week.value, day: day.value)
            else { return false }
            return skip(6)
        }
        let second = mark(index + 1, ".") ? afterSpace(index + 2) : index + 2
        if mark(index + 1, "-"), let day = number(at: second, digits: 3...3) {
            parts.year = year
            parts.dayOfYear = day.value
            return skip(3)
        }
        guard let month = number(at: second, digits: 1...2) else { return false }
        if tokens.count > second + 1, tokens[second + 1] == tokens[index + 1] {
            let third = mark(index + 1, ".") ? afterSpace(second + 2) : second + 2
            guard let day = number(at: third, digits: 1...2) else { return false }
            parts.day = day.value
            index = third + 1
        } else {
            guard mark(index + 1, "-/") else { return false }
            index = second + 1
        }
        (parts.year, parts.month) = (year, month.value)
        return true
    }

    /// `26.11.2018`, `26-11-2018`, `11/26/2018`, and with two digits `18-11-26` and `26.11.18`.
    mutating func readYearLast(_ first: Int, _ digits: Int) -> Bool {
        guard mark(index + 1, "-./") else { return false }
        let isDotted = mark(index + 1, ".")
        let isHyphen = mark(index + 1, "-")
        let place = isHyphen ? index + 2 : afterSpace(index + 2)
        if isHyphen, digits == 2, let day = number(at: place, digits: 3...3) {
            parts.year = Self.twoDigits(first)
            parts.dayOfYear = day.value
            return skip(3)
        }
        guard let second = number(at: place, digits: 1...2), place + 1 < tokens.count,
            tokens[place + 1] == tokens[index + 1]
        else { return false }
        let last = isHyphen ? place + 2 : afterSpace(place + 2)
        guard let third = number(at: last, digits: 1...4), third.digits == 2 || third.digits == 4 else { return false }
        if third.digits == 2, isHyphen {
            (parts.year, parts.month, parts.day) = (Self.twoDigits(first), second.value, third.value)
        } else {
            // With slashes the month comes first (United States), else the day, unless it must be the other way round.
            let isDayFirst = isDotted || (isHyphen ? second.value <= 12 : first > 12)
            // 3/4/2018 may begin with the month or with the day, and 18/11/26 with the day or with the year.
            guard isDotted || isHyphen || first == second.value || first > 12 || second.value > 12,
                isDotted || third.digits == 4 || !isDayFirst
            else { return false }
            parts.year = third.digits == 2 ? Self.twoDigits(third.value) : third.value
            (parts.day, parts.month) = isDayFirst ? (first, second.value) : (second.value, first)
        }
        index = last + 1
        return true
    }
}
