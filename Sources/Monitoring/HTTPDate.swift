import Foundation
import Model

/// Dates in HTTP header fields (RFC 9110 §5.6.7): the fixed form and the two old ones.
enum HTTPDate {
    /// Nil for anything that is no such date, and for years outside 1 to 9999.
    static func parse(_ bytes: [UInt8]) -> Date? {
        // The longest form has 33 characters; some servers add a little. More is no date.
        guard bytes.count <= 64 else { return nil }
        var words = bytes.split { $0 == 0x20 || $0 == 0x2C || $0 == 0x09 }.map { Array($0) }
        if let first = words.first, weekdays.contains(prefix(first)) { words.removeFirst() }
        if words.last.map(isUTC) == true { words.removeLast() }
        switch words.count {
        case 2:  // 06-Nov-94 08:49:37
            let parts = words[0].split(separator: 0x2D).map { Array($0) }
            guard parts.count == 3, let year = number(parts[2]) else { return nil }
            return date(day: parts[0], month: parts[1], year: year < 100 ? century(year) : year, time: words[1])
        case 4 where words[0].first.map(isDigit) == true:  // 06 Nov 1994 08:49:37
            guard let year = number(words[2]) else { return nil }
            return date(day: words[0], month: words[1], year: year, time: words[3])
        case 4:  // Nov  6 08:49:37 1994
            guard let year = number(words[3]) else { return nil }
            return date(day: words[1], month: words[0], year: year, time: words[2])
        default: return nil
        }
    }

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        .map { Array($0.utf8) }
    private static let weekdays = Set(["sun", "mon", "tue", "wed", "thu", "fri", "sat"].map { Array($0.utf8) })

    private static func date(day: [UInt8], month: [UInt8], year: Int, time: [UInt8]) -> Date? {
        let clock = time.split(separator: 0x3A, omittingEmptySubsequences: false).map { number(Array($0)) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            let day = number(day), (1...31).contains(day), (1...9999).contains(year),
            let month = months.firstIndex(of: prefix(month))
        else { return nil }
        let days = Timestamp.dayNumber(year: year, month: month + 1, day: day)
        return Date(timeIntervalSince1970: Double(days * 86_400 + hour * 3600 + minute * 60 + second))
    }

    /// RFC 850 dates have two digits for the year: those below 70 are of this century.
    private static func century(_ year: Int) -> Int { year < 70 ? 2000 + year : 1900 + year }

    private static func number(_ digits: [UInt8]) -> Int? {
        guard (1...4).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isUTC(_ word: [UInt8]) -> Bool {
        ["GMT", "UTC", "Z", "+0000"].contains { Array($0.utf8) == word }
    }

    /// The first three letters in lower case: "Sunday" and "Sun" are the same.
    private static func prefix(_ word: [UInt8]) -> [UInt8] { word.prefix(3).map { $0 | 0x20 } }
}
