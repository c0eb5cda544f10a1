/// Times of the day and their zones.
extension DateReader {
    /// Nil when the number is no hour; false when it is one of a time that cannot be read.
    mutating func readTime(_ value: Int, _ digits: Int) -> Bool? {
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
    mutating func readNamedTime(_ start: Int) -> Bool {
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
    mutating func finishTime(_ end: Int) -> Bool {
        hasTime = true
        index = end
        if mark(end, ".,"), number(at: end + 1, digits: 1...100) != nil { index = end + 2 }
        return true
    }

    /// `pm`, `p.m.`, `p. m.`, and in other languages.
    func half(at index: Int) -> (isAfternoon: Bool, next: Int)? {
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

    // MARK: zones

    mutating func readZone(_ word: String) -> Bool {
        guard zone == nil, namedOffset == nil else { return false }
        if mark(index + 1, "/") {
            let (name, next) = scanner.zoneName(at: index)
            guard let named = DateZone.named(name) else { return offset != nil && skip(next - index) }
            zone = named
            return skip(next - index)
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

    /// Whether an offset follows, after a space or not.
    func isOffset(at index: Int) -> Bool {
        let sign = afterSpace(index)
        return mark(sign, "+-") && offset(at: sign) != nil
    }

    /// `+06:00`, `-0500`, `+6` at `index`. Out of range (RFC 3339 §5.6: 23:59): nil.
    func offset(at index: Int) -> (seconds: Int, next: Int)? {
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
    mutating func readZone(inComment start: Int) {
        guard let word = word(at: start) else { return }
        index = start
        _ = readZone(word)
    }
}
