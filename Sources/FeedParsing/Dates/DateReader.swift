import struct Foundation.Date

/// Reads the dates that are not of the two common shapes, token by token.
///
/// Every token has to have a meaning where it stands; a word or number without one makes the whole no date. Only a first
/// word may be unknown (a day of the week in some language) and a letter after the time (a zone, RFC 5322 §4.3).
struct DateReader {
    let scanner: DateScanner
    let tokens: [DateToken]
    var index = 0

    var parts = DateParts()
    var hasNumericDate = false
    var hasTime = false
    /// An hour that is said without minutes is one only with a half of the day.
    var needsHalf = false
    var isAfternoon: Bool?

    var month: Int?
    /// Of a word that is a day of the week in another language.
    var possibleMonth: Int?
    var year: (value: Int, digits: Int)?
    var day: Int?
    /// Numbers that are day or year.
    var numbers: [(value: Int, digits: Int)] = []

    var offset: Int?
    var namedOffset: Int?
    var zone: DateZone?
    var comment: Int?
    /// Korea has one zone, and dates in Korean are without it.
    var isKorean = false

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

    mutating func result() -> Date? {
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

    mutating func setNamedDate() -> Bool {
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
    static func twoDigits(_ year: Int) -> Int {
        year < 50 ? year + 2000 : year + 1900
    }

    var hasDate: Bool { hasNumericDate || month != nil || possibleMonth != nil }

    // MARK: looking ahead

    func number(at index: Int, digits: ClosedRange<Int>) -> (value: Int, digits: Int)? {
        guard index < tokens.count, case .number(let value, let count) = tokens[index], digits.contains(count) else {
            return nil
        }
        return (value, count)
    }

    func word(at index: Int) -> String? {
        guard index < tokens.count, case .word(let word) = tokens[index] else { return nil }
        return word
    }

    func mark(_ index: Int, _ marks: StaticString) -> Bool {
        guard index >= 0, index < tokens.count, case .mark(let mark) = tokens[index] else { return false }
        return marks.withUTF8Buffer { $0.contains(mark) }
    }

    func afterSpace(_ index: Int) -> Int {
        index < tokens.count && tokens[index] == .space ? index + 1 : index
    }

    /// A part of the date or the time that is named at `index`, after a space or a hyphen or not.
    func unit(at index: Int) -> (unit: DateUnit, next: Int)? {
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

    mutating func skip(_ count: Int = 1) -> Bool {
        index += count
        return true
    }

    // MARK: words

    mutating func read(_ word: String) -> Bool {
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
        // A zone that nobody knows is one only beside a number that tells it; a letter of the armed forces is UTC.
        guard hasTime, namedOffset == nil, zone == nil, word.utf8.count <= 5, word.utf8.allSatisfy({ $0 < 0x80 }),
            word.utf8.count == 1 || offset != nil || isOffset(at: index + 1)
        else { return false }
        namedOffset = 0
        return skip()
    }

    mutating func read(_ meaning: DateWord) -> Bool {
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

    // MARK: marks

    mutating func read(mark byte: UInt8) -> Bool {
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

    mutating func skipComment() -> Bool {
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
