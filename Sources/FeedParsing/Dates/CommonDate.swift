/// The two shapes that nearly all dates have, read straight from the bytes; whatever differs in anything is nil here and
/// for `DateReader` to judge.
enum CommonDate {
    /// Seconds since 1970.
    static func seconds(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard text.count >= 20 else { return nil }
        if text[3] == UInt8(ascii: ",") { return mail(text) }
        if text[4] == UInt8(ascii: "-") { return internet(text) }
        return nil
    }

    /// `Mon, 26 Nov 2018 14:05:09 +0600` (RFC 5322 §3.3), the day with one digit or two, the zone a number, GMT, UTC, UT
    /// or Z.
    private static func mail(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard text.count >= 26, text[4] == 0x20, (0x61...0x7A).contains(text[0] | 0x20) else { return nil }
        // With one digit of the day all that follows stands one place earlier.
        let shift = text[6] == 0x20 ? 1 : 0
        let day = shift == 1 ? Int(text[5]) &- 0x30 : pair(text, 5)
        let at = 7 &- shift
        guard text.count >= at &+ 20, text[at] == 0x20, text[at &+ 4] == 0x20, text[at &+ 9] == 0x20,
            text[at &+ 18] == 0x20, let time = time(text, at &+ 10), let zone = mailZone(text, at &+ 19)
        else { return nil }
        let letters =
            UInt32(text[at &+ 1]) << 16 | UInt32(text[at &+ 2]) << 8 | UInt32(text[at &+ 3]) | 0x20_2020
        let month: Int
        switch letters {
        case 0x6A_616E: month = 1  // jan
        case 0x66_6562: month = 2  // feb
        case 0x6D_6172: month = 3  // mar
        case 0x61_7072: month = 4  // apr
        case 0x6D_6179: month = 5  // may
        case 0x6A_756E: month = 6  // jun
        case 0x6A_756C: month = 7  // jul
        case 0x61_7567: month = 8  // aug
        case 0x73_6570: month = 9  // sep
        case 0x6F_6374: month = 10  // oct
        case 0x6E_6F76: month = 11  // nov
        case 0x64_6563: month = 12  // dec
        default: return nil
        }
        guard let days = days(pair(text, at &+ 5), pair(text, at &+ 7), month, day) else { return nil }
        return days &* 86_400 &+ time &- zone
    }

    /// `2018-11-26T14:05:09.123+06:00` (RFC 3339 §5.6).
    private static func internet(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard text[7] == UInt8(ascii: "-"), text[10] | 0x20 == UInt8(ascii: "t"),
            let days = days(pair(text, 0), pair(text, 2), pair(text, 5), pair(text, 8)), let time = time(text, 11)
        else { return nil }
        var end = 19
        if text[19] == UInt8(ascii: ".") {
            end = 20
            while end < text.count, text[end] &- 0x30 < 10 { end &+= 1 }
            if end == 20 { return nil }
        }
        let local = days &* 86_400 &+ time
        switch text.count &- end {
        case 1: return text[end] | 0x20 == UInt8(ascii: "z") ? local : nil
        case 6:
            guard text[end &+ 3] == UInt8(ascii: ":"),
                let zone = offset(text[end], pair(text, end &+ 1), pair(text, end &+ 4))
            else { return nil }
            return local &- zone
        default: return nil
        }
    }

    /// `14:05:09`, in seconds.
    @inline(__always)
    private static func time(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int? {
        let (hour, minute, second) = (pair(text, at), pair(text, at &+ 3), pair(text, at &+ 6))
        guard text[at &+ 2] == UInt8(ascii: ":"), text[at &+ 5] == UInt8(ascii: ":"), UInt(bitPattern: hour) < 24,
            UInt(bitPattern: minute) < 60, UInt(bitPattern: second) < 60
        else { return nil }
        return hour &* 3600 &+ minute &* 60 &+ second
    }

    @inline(__always)
    private static func mailZone(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int? {
        func letter(_ index: Int) -> UInt8 { text[at &+ index] | 0x20 }
        switch text.count &- at {
        case 5: return offset(text[at], pair(text, at &+ 1), pair(text, at &+ 3))
        case 3:
            let isGMT =
                letter(0) == UInt8(ascii: "g") && letter(1) == UInt8(ascii: "m") && letter(2) == UInt8(ascii: "t")
            let isUTC =
                letter(0) == UInt8(ascii: "u") && letter(1) == UInt8(ascii: "t") && letter(2) == UInt8(ascii: "c")
            return isGMT || isUTC ? 0 : nil
        case 2: return letter(0) == UInt8(ascii: "u") && letter(1) == UInt8(ascii: "t") ? 0 : nil
        case 1: return letter(0) == UInt8(ascii: "z") ? 0 : nil
        default: return nil
        }
    }

    @inline(__always)
    private static func offset(_ sign: UInt8, _ hours: Int, _ minutes: Int) -> Int? {
        guard UInt(bitPattern: hours) < 24, UInt(bitPattern: minutes) < 60 else { return nil }
        let seconds = hours &* 3600 &+ minutes &* 60
        return sign == UInt8(ascii: "+") ? seconds : sign == UInt8(ascii: "-") ? 0 &- seconds : nil
    }

    @inline(__always)
    private static func days(_ century: Int, _ years: Int, _ month: Int, _ day: Int) -> Int? {
        guard UInt(bitPattern: century) < 100, UInt(bitPattern: years) < 100 else { return nil }
        return DateParts.days(year: century &* 100 &+ years, month: month, day: day)
    }

    /// Two digits, or 1000 when they are not: above every bound that is asked for.
    @inline(__always)
    private static func pair(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
        let (tens, ones) = (text[at] &- 0x30, text[at &+ 1] &- 0x30)
        return tens < 10 && ones < 10 ? Int(tens) &* 10 &+ Int(ones) : 1000
    }
}
