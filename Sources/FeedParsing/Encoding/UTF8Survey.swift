/// What bytes that are not UTF-8 look like.
struct UTF8Survey {
    /// Sequences of two bytes and more that are valid, and bytes that belong to none.
    var good = 0
    var bad = 0
    /// Of the bad ones: 0xC0 and above, where the pages of Europe have their letters; those of 0xE0 and above; and those
    /// that follow another.
    private var letters = 0
    private var upper = 0
    private var pairs = 0
    /// Of characters of two bad bytes, in the way of EUC: how many, how many begin as kana do, and as hangul does.
    private var doubles = 0
    private var kana = 0
    private var hangul = 0

    init(_ bytes: some Collection<UInt8>) {
        _ = bytes.withContiguousStorageIfAvailable { survey(UnsafeRawBufferPointer($0)) }
    }

    private mutating func survey(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        var lead: UInt8 = 0
        var wasBad = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                wasBad = false
                lead = 0
                index += 1
                continue
            }
            let length = UTF8Text.sequenceLength(bytes, at: index)
            let isPair = length == 0 && byte == 0xED && UTF8Text.surrogatePair(bytes, at: index) != nil
            if length > 0 || isPair {
                good += 1
                index += isPair ? 6 : length
                wasBad = false
                lead = 0
                continue
            }
            bad += 1
            if byte >= 0xC0 { letters += 1 }
            if byte >= 0xE0 { upper += 1 }
            if wasBad { pairs += 1 }
            wasBad = true
            if lead == 0 {
                lead = byte
            } else {
                doubles += 1
                if lead == 0xA4 || lead == 0xA5 { kana += 1 }
                if (0xB0...0xC8).contains(lead) { hangul += 1 }
                lead = 0
            }
            index += 1
        }
    }

    /// In Western text an accented letter stands alone; in Cyrillic, whole words are above 0xC0.
    var looksCyrillic: Bool { letters * 10 > bad * 8 && pairs * 2 > bad }

    /// KOI8 has the small letters where windows-1251 has the capitals.
    var looksLikeKOI8: Bool { looksCyrillic && upper * 2 < letters }

    /// The encoding of East Asia to try, when there is enough text to tell.
    var eastAsian: String? {
        guard bad >= 32, pairs * 2 > bad else { return nil }
        if kana * 4 > doubles { return "euc-jp" }
        return hangul * 10 > doubles * 9 ? "euc-kr" : "gb18030"
    }
}
