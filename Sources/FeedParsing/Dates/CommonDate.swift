/// The two shapes that nearly all dates have, read straight from the bytes; whatever differs in anything is nil here and
/// for `DateReader` to judge.
///
/// Four or eight bytes are read at once, which costs half of what single digits do: this runs for every item.
enum CommonDate {
    /// Seconds since 1970.
    static func seconds(_ text: UnsafeRawBufferPointer) -> Int? {
        guard text.count >= 20, let bytes = text.baseAddress else { return nil }
        if byte(bytes, 3) == UInt8(ascii: ",") { return mail(bytes, text.count) }
        if byte(bytes, 4) == UInt8(ascii: "-") { return internet(bytes, text.count) }
        return nil
    }

    /// `Mon, 26 Nov 2018 14:05:09 +0600` (RFC 5322 §3.3), the day with one digit or two, the zone a number, GMT, UTC, UT
    /// or Z.
    private static func mail(_ bytes: UnsafeRawPointer, _ count: Int) -> Int? {
        guard count >= 26, byte(bytes, 4) == 0x20, (0x61...0x7A).contains(byte(bytes, 0) | 0x20) else { return nil }
        let (first, second) = (byte(bytes, 5) &- 0x30, byte(bytes, 6) &- 0x30)
        let day: Int
        // Where the space before the month is.
        let at: Int
        if first < 10, second < 10 {
            (day, at) = (Int(first) &* 10 &+ Int(second), 7)
        } else if first < 10, byte(bytes, 6) == 0x20 {
            (day, at) = (Int(first), 6)
        } else {
            return nil
        }
        guard byte(bytes, at) == 0x20, byte(bytes, at &+ 9) == 0x20, byte(bytes, at &+ 18) == 0x20,
            let month = month(bytes.loadUnaligned(fromByteOffset: at &+ 1, as: UInt32.self)),
            let year = fourDigits(bytes, at &+ 5), let time = time(bytes, at &+ 10),
            let zone = mailZone(bytes, at &+ 19, count),
            let days = DateParts.days(year: year.0 &* 100 &+ year.1, month: month, day: day)
        else { return nil }
        return days &* 86_400 &+ time &- zone
    }

    /// `2018-11-26T14:05:09.123+06:00` (RFC 3339 §5.6).
    private static func internet(_ bytes: UnsafeRawPointer, _ count: Int) -> Int? {
        let (tens, ones) = (byte(bytes, 8) &- 0x30, byte(bytes, 9) &- 0x30)
        guard byte(bytes, 10) | 0x20 == UInt8(ascii: "t"), tens < 10, ones < 10,
            let date = pairs(bytes.loadUnaligned(as: UInt64.self), like: 0x2D30_302D_3030_3030, 0x0F06_060F_0606_0606),
            let days = DateParts.days(
                year: pair(date, 0) &* 100 &+ pair(date, 2), month: pair(date, 5), day: Int(tens) &* 10 &+ Int(ones)),
            let time = time(bytes, 11)
        else { return nil }
        var end = 19
        if byte(bytes, 19) == UInt8(ascii: ".") {
            end = 20
            while end < count, byte(bytes, end) &- 0x30 < 10 { end &+= 1 }
            if end == 20 { return nil }
        }
        let local = days &* 86_400 &+ time
        if count &- end == 1 { return byte(bytes, end) | 0x20 == UInt8(ascii: "z") ? local : nil }
        // The last eight bytes, shifted so that the first digit of 06:00 is the lowest; the form has nothing for the rest.
        guard count &- end == 6,
            let zone = pairs(
                bytes.loadUnaligned(fromByteOffset: end &- 2, as: UInt64.self) >> 24, like: 0x30_303A_3030,
                0x06_060F_0606)
        else { return nil }
        return offset(byte(bytes, end), pair(zone, 0), pair(zone, 3)).map { local &- $0 }
    }

    /// `14:05:09`, in seconds.
    @inline(__always)
    private static func time(_ bytes: UnsafeRawPointer, _ at: Int) -> Int? {
        guard
            let time = pairs(
                bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self), like: 0x3030_3A30_303A_3030,
                0x0606_0F06_060F_0606)
        else { return nil }
        let (hour, minute, second) = (pair(time, 0), pair(time, 3), pair(time, 6))
        guard hour < 24, minute < 60, second < 60 else { return nil }
        return hour &* 3600 &+ minute &* 60 &+ second
    }

    /// `Nov `, with the space.
    @inline(__always)
    private static func month(_ letters: UInt32) -> Int? {
        switch letters.bigEndian | 0x2020_2020 {
        case 0x6A61_6E20: 1  // jan
        case 0x6665_6220: 2  // feb
        case 0x6D61_7220: 3  // mar
        case 0x6170_7220: 4  // apr
        case 0x6D61_7920: 5  // may
        case 0x6A75_6E20: 6  // jun
        case 0x6A75_6C20: 7  // jul
        case 0x6175_6720: 8  // aug
        case 0x7365_7020: 9  // sep
        case 0x6F63_7420: 10  // oct
        case 0x6E6F_7620: 11  // nov
        case 0x6465_6320: 12  // dec
        default: nil
        }
    }

    @inline(__always)
    private static func mailZone(_ bytes: UnsafeRawPointer, _ at: Int, _ count: Int) -> Int? {
        switch count &- at {
        case 5:
            guard let (hours, minutes) = fourDigits(bytes, at &+ 1) else { return nil }
            return offset(byte(bytes, at), hours, minutes)
        case 3:
            // The space before it, and GMT or UTC.
            let name = bytes.loadUnaligned(fromByteOffset: at &- 1, as: UInt32.self).bigEndian | 0x2020_2020
            return name == 0x2067_6D74 || name == 0x2075_7463 ? 0 : nil
        case 2:
            return byte(bytes, at) | 0x20 == UInt8(ascii: "u") && byte(bytes, at &+ 1) | 0x20 == UInt8(ascii: "t")
                ? 0 : nil
        case 1: return byte(bytes, at) | 0x20 == UInt8(ascii: "z") ? 0 : nil
        default: return nil
        }
    }

    @inline(__always)
    private static func offset(_ sign: UInt8, _ hours: Int, _ minutes: Int) -> Int? {
        guard hours < 24, minutes < 60 else { return nil }
        let seconds = hours &* 3600 &+ minutes &* 60
        return sign == UInt8(ascii: "+") ? seconds : sign == UInt8(ascii: "-") ? 0 &- seconds : nil
    }

    @inline(__always)
    private static func fourDigits(_ bytes: UnsafeRawPointer, _ at: Int) -> (Int, Int)? {
        let four = bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)
        guard let value = pairs(UInt64(four), like: 0x3030_3030, 0x0606_0606)
        else { return nil }
        return (pair(value, 0), pair(value, 2))
    }

    /// Compares eight bytes, the first the lowest, with a form such as `00:00:00`, where 0 stands for any digit. In the
    /// result the place of each digit has the number that it makes with the next. `limits` has, for each place, what takes
    /// a byte that differs too much from the form past 15: 6 for a digit, 15 for a mark.
    @inline(__always)
    private static func pairs(_ bytes: UInt64, like form: UInt64, _ limits: UInt64) -> UInt64? {
        let digits = bytes ^ form
        guard (digits | (digits &+ limits)) & 0xF0F0_F0F0_F0F0_F0F0 == 0 else { return nil }
        return digits &* 10 &+ (digits >> 8)
    }

    @inline(__always)
    private static func pair(_ pairs: UInt64, _ place: UInt64) -> Int {
        Int(truncatingIfNeeded: (pairs >> (place &* 8)) & 0xFF)
    }

    @inline(__always)
    private static func byte(_ bytes: UnsafeRawPointer, _ index: Int) -> UInt8 {
        bytes.load(fromByteOffset: index, as: UInt8.self)
    }
}
