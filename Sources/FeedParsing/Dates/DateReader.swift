import struct Foundation.Date

/// Reads the dates that are not of the two common shapes, token by token.
///
/// Every token has to have a meaning where it stands; a word or number without one makes the whole no date. Only a first
/// word may be unknown (a day of the week in some language) and a short one after the time (a zone, RFC 5322 §4.3).
struct DateReader {
    private let scanner: DateScanner
    private let tokens: [DateToken]
    private var index = 0

    private var parts = DateParts()
    private var hasNumericDate = false
    private var hasTime = false
    /// An hour that is said without minutes is one only with a half of the day.
    private var needsHalf = false
    private var isAfternoon: Bool?

    private var month: Int?
    /// Of a word that is a day of the week in another language.
    private var possibleMonth: Int?
    private var year: (value: Int, digits: Int)?
    private var day: Int?
    /// Numbers that are day or year.
    private var numbers: [(value: Int, digits: Int)] = []

    private var offset: Int?
    private var namedOffset: Int?
    private var zone: DateZone?
    private var comment: Int?
    /// Korea has one zone, and dates in Korean are without it.
    private var isKorean = false

    init(_ text: UnsafeBufferPointer<UInt8>) {
        scanner = DateScanner(text)
        tokens = scanner.tokens
    }

    mutating func date() -> Date? {
        if tokens.first == .mark(UInt8(ascii: "-")) {
            guard readTruncated() else { return nil }
        } else if let date = unixTime() {
            return date
        }
        while index < tokens.count {
            let isRead =
                switch tokens[index] {
                case .space: skip()
                case .number(let value, let digits): read(value, digits)
                case .word(let word): read(word)
                case .sign(let sign): read(sign)
                case .mark(let mark): read(mark: mark)
                }
            guard isRead else { return nil }
        }
        return result()
    }

    // MARK: the whole

    private mutating func result() -> Date? {
        guard hasNumericDate ? month == nil && numbers.isEmpty && day == nil && year == nil : setNamedDate() else {
            return nil
        }
        // Years of the Persian and the Islamic calendar.
        if hasNumericDate, (1300..<1500).contains(parts.year) { return nil }
        if let isAfternoon {
            guard hasTime, isAfternoon ? parts.hour > 0 && parts.hour < 24 : parts.hour <= 12 else { return nil }
            if isAfternoon, parts.hour < 12 { parts.hour += 12 }
            if !isAfternoon, parts.hour == 12 { parts.hour = 0 }
        } else if needsHalf {
            return nil
        }
        if offset == nil, namedOffset == nil, zone == nil, hasTime, let comment { readZone(inComment: comment) }
        parts.offset = offset ?? namedOffset ?? (isKorean && hasTime ? 9 * 3600 : nil)
        guard let date = parts.date else { return nil }
        return offset == nil ? zone?.date(local: date) ?? date : date
    }

    private mutating func setNamedDate() -> Bool {
        guard let month = month ?? possibleMonth else { return false }
        parts.month = month
        if year == nil {
            let isOnlyYear = day != nil && numbers.count == 1
            guard
                let place = numbers.firstIndex(where: { $0.digits > 2 })
                    ?? (isOnlyYear ? 0 : numbers.count == 2 ? (numbers[0].value > 31 ? 0 : 1) : nil)
            else { return false }
            year = numbers.remove(at: place)
        }
        if day == nil, let number = numbers.first {
            guard number.digits <= 2 else { return false }
            day = number.value
            numbers.removeFirst()
        }
        guard let year, (2...4).contains(year.digits), numbers.isEmpty, day != nil || !hasTime else { return false }
        parts.year =
            switch year.digits {
            case 2: Self.twoDigits(year.value)
            case 3: year.value + 1900
            default: year.value
            }
        parts.day = day ?? 1
        return true
    }

    /// RFC 5322 §4.3: 0 to 49 are of this century.
    private static func twoDigits(_ year: Int) -> Int {
        year < 50 ? year + 2000 : year + 1900
    }

    private var hasDate: Bool { hasNumericDate || month != nil || possibleMonth != nil }

    // MARK: looking ahead

    private func number(at index: Int, digits: ClosedRange<Int>) -> (value: Int, digits: Int)? {
        guard index < tokens.count, case .number(let value, let count) = tokens[index], digits.contains(count) else {
            return nil
        }
        return (value, count)
    }

    private func word(at index: Int) -> String? {
        guard index < tokens.count, case .word(let word) = tokens[index] else { return nil }
        return word
    }

    private func mark(_ index: Int, _ marks: StaticString) -> Bool {
        guard index >= 0, index < tokens.count, case .mark(let mark) = tokens[index] else { return false }
        return marks.withUTF8Buffer { $0.contains(mark) }
    }

    private func afterSpace(_ index: Int) -> Int {
        index < tokens.count && tokens[index] == .space ? index + 1 : index
    }

    /// A part of the date or the time that is named at `index`, after a space or a hyphen or not.
    private func unit(at index: Int) -> (unit: DateUnit, next: Int)? {
        var index = afterSpace(index)
        if mark(index, "-") { index = afterSpace(index + 1) }
        guard index < tokens.count else { return nil }
        switch tokens[index] {
        case .sign(.unit(let unit)): return (unit, index + 1)
        case .word(let word):
            guard case .unit(let unit) = DateNames.meaning(of: word) else { return nil }
            return (unit, index + 1)
        default: return nil
        }
    }

    private mutating func skip(_ count: Int = 1) -> Bool {
        index += count
        return true
    }

    // MARK: numbers

    private mutating func read(_ value: Int, _ digits: Int) -> Bool {
        if !hasTime, let isTime = readTime(value, digits) { return isTime }
        if !hasDate, year == nil, day == nil, numbers.isEmpty, readNumericDate(value, digits) {
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
    private func unixTime() -> Date? {
        guard case .number(let value, let digits)? = tokens.first, [9, 10, 13].contains(digits) else { return nil }
        guard tokens.count == 1 || tokens.count == 3 && mark(1, ".") && number(at: 2, digits: 1...20) != nil else {
            return nil
        }
        let seconds = digits == 13 ? value / 1000 : value
        return (631_152_000..<4_102_444_800).contains(seconds) ? Date(timeIntervalSince1970: Double(seconds)) : nil
    }

    /// `-03-12` and `-0312`: ISO 8601 of 1988 leaves out the century.
    private mutating func readTruncated() -> Bool {
        if tokens.count == 2, let (value, _) = number(at: 1, digits: 4...4) {
            (parts.year, parts.month) = (value / 100, value % 100)
        } else if tokens.count == 4, mark(2, "-"), let year = number(at: 1, digits: 2...2),
            let month = number(at: 3, digits: 2...2)
        {
            (parts.year, parts.month) = (year.value, month.value)
        } else {
            return false
        }
        // -0001 is a year before the first that was set in no data base, not the January of 2000.
        guard parts.year > 0 else { return false }
        parts.year = Self.twoDigits(parts.year)
        hasNumericDate = true
        return skip(tokens.count)
    }

    private mutating func readNumericDate(_ value: Int, _ digits: Int) -> Bool {
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

    /// `2018-11-26`, `2018/11/26`, `2018. 11. 26.`, `2018-11`, `2018-330`.
    private mutating func readYearFirst(_ year: Int) -> Bool {
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
    private mutating func readYearLast(_ first: Int, _ digits: Int) -> Bool {
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
            // 18/11/26 may begin with the day or with the year.
            guard isDotted || third.digits == 4 || !isDayFirst else { return false }
            parts.year = third.digits == 2 ? Self.twoDigits(third.value) : third.value
            (parts.day, parts.month) = isDayFirst ? (first, second.value) : (second.value, first)
        }
        index = last + 1
        return true
    }

    // MARK: times

    /// Nil when the number is no hour; false when it is one of a time that cannot be read.
    private mutating func readTime(_ value: Int, _ digits: Int) -> Bool? {
        if index > 0, tokens[index - 1] == .word("t") || hasNumericDate && digits > 2, hasNumericDate || digits <= 2,
            [2, 4, 6].contains(digits), !mark(index + 1, ":")
        {
            // 101455 and 10, after T or after a date in numbers.
            parts.hour = digits == 6 ? value / 10_000 : digits == 4 ? value / 100 : value
            parts.minute = digits == 6 ? value / 100 % 100 : digits == 4 ? value % 100 : 0
            parts.second = digits == 6 ? value % 100 : 0
            return finishTime(index + 1)
        }
        guard digits <= 2 else { return nil }
        let next = index + 1
        if mark(next, ":") {
            parts.hour = value
            guard let minute = number(at: next + 1, digits: 1...2) else { return false }
            parts.minute = minute.value
            guard mark(next + 2, ":") else { return mark(next + 2, ".") ? false : finishTime(next + 2) }
            guard let second = number(at: next + 3, digits: 1...2) else { return false }
            parts.second = second.value
            return finishTime(next + 4)
        }
        if hasDate, mark(next, "."), let minute = number(at: next + 1, digits: 2...2) {
            (parts.hour, parts.minute) = (value, minute.value)
            guard mark(next + 2, "."), let second = number(at: next + 3, digits: 2...2) else {
                return finishTime(next + 2)
            }
            parts.second = second.value
            return finishTime(next + 4)
        }
        if case (.hour, let end)? = unit(at: next) {
            parts.hour = value
            return readNamedTime(end)
        }
        let after = afterSpace(next)
        if hasDate, numbers.count + (day == nil ? 0 : 1) + (hasNumericDate ? 1 : 0) > 0, half(at: after) != nil {
            needsHalf = true
            parts.hour = value
            return finishTime(next)
        }
        return nil
    }

    /// `11时57分27秒`, `14h05`, `14 ч 05 мин`, after the hour.
    private mutating func readNamedTime(_ start: Int) -> Bool {
        isKorean = isKorean || word(at: start - 1).map(DateNames.isKorean) ?? false
        let minutes = afterSpace(start)
        guard let minute = number(at: minutes, digits: 1...2), !mark(minutes + 1, ":") else { return finishTime(start) }
        guard case (.minute, let end)? = unit(at: minutes + 1) else {
            // 14h05, but not 14 h, 26 …
            guard minutes == start, minute.digits == 2 else { return finishTime(start) }
            parts.minute = minute.value
            return finishTime(minutes + 1)
        }
        parts.minute = minute.value
        let seconds = afterSpace(end)
        guard let second = number(at: seconds, digits: 1...2), case (.second, let last)? = unit(at: seconds + 1) else {
            return finishTime(end)
        }
        parts.second = second.value
        return finishTime(last)
    }

    /// Takes the time as read up to `end`, and a fraction of the second there.
    private mutating func finishTime(_ end: Int) -> Bool {
        hasTime = true
        index = end
        if mark(end, ".,"), number(at: end + 1, digits: 1...100) != nil { index = end + 2 }
        return true
    }

    /// `pm`, `p.m.`, `p. m.`, and in other languages.
    private func half(at index: Int) -> (isAfternoon: Bool, next: Int)? {
        guard index < tokens.count else { return nil }
        switch tokens[index] {
        case .sign(.half(let isAfternoon)): return (isAfternoon, index + 1)
        case .word(let word):
            if case .half(let isAfternoon) = DateNames.meaning(of: word) { return (isAfternoon, index + 1) }
            guard let isAfternoon = DateNames.halfLetters[word] else { return nil }
            let next = afterSpace(mark(index + 1, ".") ? index + 2 : index + 1)
            return self.word(at: next).map(DateNames.isHalfEnd) ?? false ? (isAfternoon, next + 1) : nil
        default: return nil
        }
    }

    // MARK: words

    private mutating func read(_ word: String) -> Bool {
        if word == "t", !hasTime, index > 0, case .number = tokens[index - 1],
            number(at: index + 1, digits: 1...6) != nil
        {
            return skip()
        }
        // German `am` is `on`, and the Arabic letter of the afternoon is that of the era after a year.
        if !hasTime, word == "م" || word == "am" && index == 0 { return skip() }
        if let half = half(at: index) {
            guard isAfternoon == nil else { return false }
            isAfternoon = half.isAfternoon
            isKorean = isKorean || DateNames.isKorean(word)
            index = half.next
            return true
        }
        var meaning = DateNames.meaning(of: word)
        var length = 1
        if meaning == nil, index + 2 < tokens.count, tokens[index + 1] == .space, let second = self.word(at: index + 2)
        {
            meaning = DateNames.meaning(of: word + " " + second)
            if meaning != nil { length = 3 }
        }
        if meaning == nil || hasDate, hasTime || hasNumericDate || !numbers.isEmpty, readZone(word) { return true }
        if let meaning {
            index += length - 1
            return read(meaning)
        }
        if index == 0 { return skip() }
        guard hasTime, namedOffset == nil, zone == nil, word.utf8.count <= 5, word.utf8.allSatisfy({ $0 < 0x80 }) else {
            return false
        }
        namedOffset = 0
        return skip()
    }

    private mutating func read(_ meaning: DateWord) -> Bool {
        switch meaning {
        case .month(let value):
            guard month == nil else { return false }
            month = value
        case .monthOrDay(let value): possibleMonth = value
        case .half(let value):
            guard isAfternoon == nil else { return false }
            isAfternoon = value
        case .weekday, .filler, .unit: break
        }
        return skip()
    }

    // MARK: zones

    private mutating func readZone(_ word: String) -> Bool {
        guard zone == nil, namedOffset == nil else { return false }
        if mark(index + 1, "/") {
            let (name, next) = scanner.zoneName(at: index)
            zone = DateZone.named(name)
            if zone == nil { namedOffset = 0 }
            index = next
            return true
        }
        // Without a time only what cannot be another word.
        guard let seconds = TimeZoneNames.seconds(word), hasTime || word == "z" || word == "ut" || word.count >= 3
        else {
            return false
        }
        namedOffset = seconds
        index += 1
        let sign = afterSpace(index)
        guard offset == nil, mark(sign, "+-"), let (value, next) = offset(at: sign) else { return true }
        // MSK+2 is two hours east of Moscow, GMT+2 of Greenwich; with another name the number is the whole offset.
        offset = TimeZoneNames.isMoscow(word) ? seconds + value : value
        index = next
        return true
    }

    /// `+06:00`, `-0500`, `+6` at `index`. Out of range (RFC 3339 §5.6: 23:59): nil.
    private func offset(at index: Int) -> (seconds: Int, next: Int)? {
        guard let first = number(at: index + 1, digits: 1...4) else { return nil }
        var (hours, minutes) = (first.value, 0)
        var next = index + 2
        if first.digits >= 3 {
            (hours, minutes) = (first.value / 100, first.value % 100)
        } else if mark(next, ":") {
            guard let rest = number(at: next + 1, digits: 2...2) else { return nil }
            minutes = rest.value
            next += 2
        }
        guard hours < 24, minutes < 60 else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return (mark(index, "-") ? -seconds : seconds, next)
    }

    /// A comment says the zone when nothing else does: `11:57 (MSK)`.
    private mutating func readZone(inComment start: Int) {
        guard let word = word(at: start) else { return }
        index = start
        _ = readZone(word)
    }

    // MARK: marks

    private mutating func read(mark byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: "["): return skipComment()
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            let isHyphen = byte == UInt8(ascii: "-")
            guard number(at: index + 1, digits: 1...100) != nil else { return isHyphen && skip() }
            let isAfterDate = hasNumericDate && !hasTime && index > 0 && tokens[index - 1] != .space
            if hasTime || isAfterDate {
                guard offset == nil, let (seconds, next) = offset(at: index) else { return false }
                offset = seconds
                index = next
                return true
            }
            // A year before the first, as WordPress writes for none; a hyphen within 26-Nov-2018 is another thing.
            return isHyphen && index > 0 && tokens[index - 1] != .space && skip()
        case UInt8(ascii: ":"):
            // 26/Nov/2018:14:05:09 of Apache's logs.
            guard !hasTime, index > 0, case .number(_, let digits) = tokens[index - 1], digits == 4 || hasNumericDate
            else {
                return false
            }
            return skip()
        case UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ";"), UInt8(ascii: "|"),
            UInt8(ascii: "@"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
            return skip()
        default: return false
        }
    }

    private mutating func skipComment() -> Bool {
        if comment == nil { comment = index + 1 }
        var depth = 0
        while index < tokens.count {
            if mark(index, "([") { depth += 1 }
            if mark(index, ")]") { depth -= 1 }
            index += 1
            if depth == 0 { break }
        }
        return true
    }
}
