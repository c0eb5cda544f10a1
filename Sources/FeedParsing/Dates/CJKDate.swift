/// Chinese and Japanese dates, whose signs follow each other without spaces.
enum CJKDate {
    /// Whether a sign begins here that is no part of the word before it.
    static func begins(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard (0xE3...0xE9).contains(bytes[index]) else { return false }
        var end = index
        return digit(bytes, index) != nil || word(bytes, &end) != nil
    }

    /// `三`, `十二`, `二十七`, `二〇二四`. Before a sign of a day of the week, it is none.
    static func numeral(_ bytes: [UInt8], _ index: inout Int) -> DateToken? {
        var value = 0
        var digits = 0
        var tens: Int?
        var end = index
        while let digit = digit(bytes, end) {
            end += 3
            if digit == 10 {
                guard tens == nil, digits <= 1 else { return nil }
                tens = digits == 0 ? 1 : value
                value = 0
                digits = 0
            } else {
                guard digits < 4 else { return nil }
                value = value * 10 + digit
                digits += 1
            }
        }
        guard end > index, tens == nil || digits <= 1 else { return nil }
        index = end
        guard let tens else { return .number(value: value, digits: max(digits, 1)) }
        return .number(value: tens * 10 + value, digits: 2)
    }

    private static func digit(_ bytes: [UInt8], _ index: Int) -> Int? {
        guard index + 2 < bytes.count else { return nil }
        switch UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) {
        case 0xE3_8087, 0xE9_9BB6: return 0  // 〇 零
        case 0xE4_B880: return 1
        case 0xE4_BA8C: return 2
        case 0xE4_B889: return 3
        case 0xE5_9B9B: return 4
        case 0xE4_BA94: return 5
        case 0xE5_85AD: return 6
        case 0xE4_B883: return 7
        case 0xE5_85AB: return 8
        case 0xE4_B99D: return 9
        case 0xE5_8D81: return 10
        default: return nil
        }
    }

    /// The sign or signs that begin here, and what they mean.
    static func word(_ bytes: [UInt8], _ index: inout Int) -> DateWord? {
        guard index < bytes.count, (0xE3...0xE9).contains(bytes[index]) else { return nil }
        let rest = bytes[index...]
        for (text, word) in words where rest.starts(with: text.utf8) {
            index += text.utf8.count
            return word
        }
        return nil
    }

    /// The longer before the shorter: `月曜日` is a Monday.
    private static let words: [(String, DateWord)] = {
        var words: [(String, DateWord)] = []
        for prefix in ["星期", "礼拜", "禮拜", "周", "週"] {
            for day in ["一", "二", "三", "四", "五", "六", "日", "天"] { words.append((prefix + day, .weekday)) }
        }
        for day in ["月", "火", "水", "木", "金", "土", "日"] {
            for suffix in ["曜日", "曜"] { words.append((day + suffix, .weekday)) }
        }
        for text in ["上午", "午前", "凌晨"] { words.append((text, .half(isAfternoon: false))) }
        for text in ["下午", "午後", "午后"] { words.append((text, .half(isAfternoon: true))) }
        words += [
            ("年", .unit(.year)), ("月", .unit(.month)), ("日", .unit(.day)), ("号", .unit(.day)), ("號", .unit(.day)),
            ("时", .unit(.hour)), ("時", .unit(.hour)), ("点", .unit(.hour)), ("點", .unit(.hour)),
            ("分", .unit(.minute)), ("秒", .unit(.second)),
        ]
        return words
    }()
}
